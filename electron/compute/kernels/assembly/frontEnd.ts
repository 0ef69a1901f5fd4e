// Log-mel rows and their DCT. Two frames are computed at once, one in each lane of f64x2 (fft.ts); float64 throughout,
// since float32 would err by more than 1e-4 in bands far below the loudest.
// Addresses are bytes. Tables are made by electron/audio/features/melKernel.ts, which owns the layout.
import { passes } from './fft';

let half: i32 = 0; // complex points of the packed FFT: half the FFT size
let windowPairs: i32 = 0; // sample pairs of the window, half at most
let hopBytes: i32 = 0;
let window: usize = 0; // f64[2 * windowPairs]
let radices: usize = 0; // i32[], ended by 0; their product is `half`
let twiddles: usize = 0; // f64 pairs, (radix - 1) per butterfly, stage after stage
let unpack: usize = 0; // f64 (cos, sin) of -2 pi k / (2 half), k <= half / 2
let workA: usize = 0; // v128[2 * half]: re, im of point after point
let workB: usize = 0;
let spectrum: usize = 0; // v128[half + 1]
let isMagnitude: bool = false;
let bands: i32 = 0;
let filters: usize = 0; // i32 (first bin, bins) per band
let weights: usize = 0; // f64, band after band
let floor: f64 = 0;
let isFloorAdded: bool = false;
let logFactor: f64 = 0; // 0: no logarithm

export function setFft(
  half_: i32, windowPairs_: i32, hopSamples: i32, window_: usize, radices_: usize, twiddles_: usize,
  unpack_: usize, workA_: usize, workB_: usize, spectrum_: usize, isMagnitude_: bool,
): void {
  half = half_;
  windowPairs = windowPairs_;
  hopBytes = hopSamples << 2;
  window = window_;
  radices = radices_;
  twiddles = twiddles_;
  unpack = unpack_;
  workA = workA_;
  workB = workB_;
  spectrum = spectrum_;
  isMagnitude = isMagnitude_;
}

export function setBands(
  bands_: i32, filters_: usize, weights_: usize, floor_: f64, isFloorAdded_: bool, logFactor_: f64,
): void {
  bands = bands_;
  filters = filters_;
  weights = weights_;
  floor = floor_;
  isFloorAdded = isFloorAdded_;
  logFactor = logFactor_;
}

/**
 * Rows of `bands` float32 from float32 samples: row t from the window at sample t x hop. `frames` is even; samples are
 * read up to 2 * windowPairs behind the last frame's start.
 */
export function melRows(samples: usize, frames: i32, out: usize): void {
  const rowBytes = <usize>bands << 2;
  for (let frame = 0; frame < frames; frame += 2) {
    load(samples, samples + hopBytes);
    power(passes<f64>(radices, workA, workB, half, 1, twiddles));
    bandRow(out, out + rowBytes);
    samples += hopBytes << 1;
    out += rowBytes << 1;
  }
}

/** Windowed samples of two frames, packed: even samples real, odd ones imaginary. */
@inline
function load(a: usize, b: usize): void {
  let to = workA;
  let w = window;
  const end = workA + (<usize>windowPairs << 5);
  while (to < end) {
    const weight = v128.load(w);
    const x = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(a)), weight);
    const y = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(b)), weight);
    v128.store(to, v128.shuffle<f64>(x, y, 0, 2));
    v128.store(to, v128.shuffle<f64>(x, y, 1, 3), 16);
    a += 8;
    b += 8;
    w += 16;
    to += 32;
  }
  memory.fill(to, 0, <usize>(half - windowPairs) << 5);
}

/**
 * Four times the power (twice the magnitude) of the real signals' bins from the packed transform Z: with E and O the
 * spectra of even and odd samples, X[k] = E[k] + w^k O[k] and X[half - k] = conj(E[k] - w^k O[k]). The factor is taken
 * back by the filters' weights.
 */
@inline
function power(z: usize): void {
  const firstRe = v128.load(z);
  const firstIm = v128.load(z, 16);
  const sum = f64x2.add(firstRe, firstIm);
  const difference = f64x2.sub(firstRe, firstIm);
  const four = f64x2.splat(4);
  v128.store(spectrum, f64x2.mul(f64x2.mul(sum, sum), four));
  v128.store(spectrum + (<usize>half << 4), f64x2.mul(f64x2.mul(difference, difference), four));
  let low = z + 32;
  let high = z + (<usize>(half - 1) << 5);
  let lowOut = spectrum + 16;
  let highOut = spectrum + (<usize>(half - 1) << 4);
  let w = unpack + 16;
  while (low <= high) {
    const ar = v128.load(low);
    const ai = v128.load(low, 16);
    const br = v128.load(high);
    const bi = v128.load(high, 16);
    const c = v128.load64_splat(w);
    const s = v128.load64_splat(w, 8);
    const er = f64x2.add(ar, br);
    const ei = f64x2.sub(ai, bi);
    const or = f64x2.add(ai, bi);
    const oi = f64x2.sub(br, ar);
    const tr = f64x2.sub(f64x2.mul(or, c), f64x2.mul(oi, s));
    const ti = f64x2.add(f64x2.mul(or, s), f64x2.mul(oi, c));
    const pr = f64x2.add(er, tr);
    const pi = f64x2.add(ei, ti);
    const qr = f64x2.sub(er, tr);
    const qi = f64x2.sub(ei, ti);
    v128.store(lowOut, f64x2.add(f64x2.mul(pr, pr), f64x2.mul(pi, pi)));
    v128.store(highOut, f64x2.add(f64x2.mul(qr, qr), f64x2.mul(qi, qi)));
    low += 32;
    high -= 32;
    lowOut += 16;
    highOut -= 16;
    w += 16;
  }
  if (isMagnitude) {
    const end = spectrum + (<usize>(half + 1) << 4);
    for (let at = spectrum; at < end; at += 16) v128.store(at, f64x2.sqrt(v128.load(at)));
  }
}

@inline
function bandRow(outA: usize, outB: usize): void {
  const least = f64x2.splat(floor);
  const factor = f64x2.splat(logFactor);
  let weight = weights;
  const end = filters + (<usize>bands << 3);
  for (let filter = filters; filter < end; filter += 8) {
    let bin = spectrum + (<usize>i32.load(filter) << 4);
    const count = i32.load(filter, 4);
    let sum = f64x2.splat(0);
    let other = f64x2.splat(0);
    let k = 1;
    for (; k < count; k += 2) {
      sum = f64x2.add(sum, f64x2.mul(v128.load(bin), v128.load64_splat(weight)));
      other = f64x2.add(other, f64x2.mul(v128.load(bin, 16), v128.load64_splat(weight, 8)));
      bin += 32;
      weight += 16;
    }
    if (k == count) {
      sum = f64x2.add(sum, f64x2.mul(v128.load(bin), v128.load64_splat(weight)));
      weight += 8;
    }
    let value = f64x2.add(sum, other);
    value = isFloorAdded ? f64x2.add(value, least) : f64x2.max(value, least);
    if (logFactor != 0) value = f64x2.mul(ln(value), factor);
    f32.store(outA, <f32>f64x2.extract_lane(value, 0));
    f32.store(outB, <f32>f64x2.extract_lane(value, 1));
    outA += 4;
    outB += 4;
  }
}

/** Of positive normal numbers, within 1e-10; NaN for NaN and infinity. 2 artanh((m - 1) / (m + 1)) + e ln 2. */
@inline
function ln(x: v128): v128 {
  const one = f64x2.splat(1);
  // The exponent as the lowest bits of 2^52: a conversion that SIMD has no instruction for.
  const magic = i64x2.splat(0x4330000000000000);
  const biased = f64x2.sub(v128.or(i64x2.shr_u(x, 52), magic), f64x2.splat(4503599627370496.0 + 1023.0));
  const m = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3ff0000000000000));
  const isUpper = f64x2.gt(m, f64x2.splat(1.4142135623730951));
  const mantissa = v128.bitselect(f64x2.mul(m, f64x2.splat(0.5)), m, isUpper);
  const exponent = f64x2.add(biased, v128.and(isUpper, one));
  const s = f64x2.div(f64x2.sub(mantissa, one), f64x2.add(mantissa, one));
  const q = f64x2.mul(s, s);
  let series = f64x2.add(f64x2.splat(1.0 / 9.0), f64x2.mul(q, f64x2.splat(1.0 / 11.0)));
  series = f64x2.add(f64x2.splat(1.0 / 7.0), f64x2.mul(q, series));
  series = f64x2.add(f64x2.splat(1.0 / 5.0), f64x2.mul(q, series));
  series = f64x2.add(f64x2.splat(1.0 / 3.0), f64x2.mul(q, series));
  series = f64x2.add(one, f64x2.mul(q, series));
  const value = f64x2.add(
    f64x2.mul(exponent, f64x2.splat(0.6931471805599453)),
    f64x2.mul(f64x2.add(s, s), series),
  );
  return f64x2.add(value, f64x2.sub(x, x));
}

/**
 * Rows of `columns` float32 from rows of `bands_` float32 times the matrix, f64[bands_][columns] with columns padded to
 * a multiple of 4 (`matrixColumns`). Rows may not overlap.
 */
export function multiplyRows(
  rows: usize, count: i32, bands_: i32, matrix: usize, matrixColumns: i32, columns: i32, out: usize,
): void {
  const matrixRow = <usize>matrixColumns << 3;
  for (let row = 0; row < count; row++) {
    const rowEnd = rows + (<usize>bands_ << 2);
    for (let column = 0; column < columns; column += 4) {
      let left = f64x2.splat(0);
      let right = f64x2.splat(0);
      let at = matrix + (<usize>column << 3);
      for (let x = rows; x < rowEnd; x += 4) {
        const value = f64x2.splat(<f64>f32.load(x));
        left = f64x2.add(left, f64x2.mul(value, v128.load(at)));
        right = f64x2.add(right, f64x2.mul(value, v128.load(at, 16)));
        at += matrixRow;
      }
      const four = v128.shuffle<i32>(
        f32x4.demote_f64x2_zero(left), f32x4.demote_f64x2_zero(right), 0, 1, 4, 5,
      );
      const rest = columns - column;
      if (rest >= 4) v128.store(out, four);
      else {
        f32.store(out, f32x4.extract_lane(four, 0));
        if (rest > 1) f32.store(out, f32x4.extract_lane(four, 1), 4);
        if (rest > 2) f32.store(out, f32x4.extract_lane(four, 2), 8);
      }
      out += <usize>min(4, rest) << 2;
    }
    rows = rowEnd;
  }
}
