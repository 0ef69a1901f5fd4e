// Log-mel rows and their DCT. Two frames are computed at once, one in each lane of f64x2, so that nothing in the FFT
// crosses lanes; float64 throughout, since float32 would err by more than 1e-4 in bands far below the loudest.
// Addresses are bytes. Tables are made by electron/audio/features/melKernel.ts, which owns the layout.

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
    power(transform());
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

/** Stockham's self-sorting FFT by decimation in frequency: returns the work array that holds the result. */
@inline
function transform(): usize {
  let from = workA;
  let to = workB;
  let table = twiddles;
  let stage = radices;
  let n = half;
  let stride: i32 = 1;
  let radix = i32.load(stage);
  while (radix != 0) {
    const butterflies = n / radix;
    if (radix == 4) radix4(from, to, butterflies, stride, table);
    else if (radix == 2) radix2(from, to, butterflies, stride, table);
    else if (radix == 3) radix3(from, to, butterflies, stride, table);
    else radix5(from, to, butterflies, stride, table);
    table += <usize>(butterflies * (radix - 1)) << 4;
    n = butterflies;
    stride *= radix;
    stage += 4;
    radix = i32.load(stage);
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
}

/** Stores (re + i im) times the twiddle at `table`. */
@inline
function storeTurned(at: usize, re: v128, im: v128, table: usize): void {
  const c = v128.load64_splat(table);
  const s = v128.load64_splat(table, 8);
  v128.store(at, f64x2.sub(f64x2.mul(re, c), f64x2.mul(im, s)));
  v128.store(at, f64x2.add(f64x2.mul(re, s), f64x2.mul(im, c)), 16);
}

@inline
function butterfly4(x: usize, y: usize, leg: usize, step: usize, table: usize, isTurned: bool): void {
  const x2 = x + (leg << 1);
  const ar = v128.load(x);
  const ai = v128.load(x, 16);
  const br = v128.load(x + leg);
  const bi = v128.load(x + leg, 16);
  const cr = v128.load(x2);
  const ci = v128.load(x2, 16);
  const dr = v128.load(x2 + leg);
  const di = v128.load(x2 + leg, 16);
  const acr = f64x2.add(ar, cr);
  const aci = f64x2.add(ai, ci);
  const bdr = f64x2.add(br, dr);
  const bdi = f64x2.add(bi, di);
  const er = f64x2.sub(ar, cr);
  const ei = f64x2.sub(ai, ci);
  const fr = f64x2.sub(br, dr);
  const fi = f64x2.sub(bi, di);
  v128.store(y, f64x2.add(acr, bdr));
  v128.store(y, f64x2.add(aci, bdi), 16);
  const y2 = y + (step << 1);
  if (isTurned) {
    storeTurned(y + step, f64x2.add(er, fi), f64x2.sub(ei, fr), table);
    storeTurned(y2, f64x2.sub(acr, bdr), f64x2.sub(aci, bdi), table + 16);
    storeTurned(y2 + step, f64x2.sub(er, fi), f64x2.add(ei, fr), table + 32);
  } else {
    v128.store(y + step, f64x2.add(er, fi));
    v128.store(y + step, f64x2.sub(ei, fr), 16);
    v128.store(y2, f64x2.sub(acr, bdr));
    v128.store(y2, f64x2.sub(aci, bdi), 16);
    v128.store(y2 + step, f64x2.sub(er, fi));
    v128.store(y2 + step, f64x2.add(ei, fr), 16);
  }
}

function radix4(from: usize, to: usize, butterflies: i32, stride: i32, table: usize): void {
  const step = <usize>stride << 5;
  const leg = step * butterflies;
  let x = from;
  let y = to;
  let end = from + step;
  // The first butterfly's twiddles are 1.
  while (x < end) {
    butterfly4(x, y, leg, step, 0, false);
    x += 32;
    y += 32;
  }
  const last = from + leg;
  while (x < last) {
    table += 48;
    y += 3 * step;
    end = x + step;
    while (x < end) {
      butterfly4(x, y, leg, step, table, true);
      x += 32;
      y += 32;
    }
  }
}

function radix2(from: usize, to: usize, butterflies: i32, stride: i32, table: usize): void {
  const step = <usize>stride << 5;
  const leg = step * butterflies;
  let x = from;
  let y = to;
  const last = from + leg;
  while (x < last) {
    const end = x + step;
    while (x < end) {
      const ar = v128.load(x);
      const ai = v128.load(x, 16);
      const br = v128.load(x + leg);
      const bi = v128.load(x + leg, 16);
      v128.store(y, f64x2.add(ar, br));
      v128.store(y, f64x2.add(ai, bi), 16);
      storeTurned(y + step, f64x2.sub(ar, br), f64x2.sub(ai, bi), table);
      x += 32;
      y += 32;
    }
    y += step;
    table += 16;
  }
}

const SIN_60: f64 = 0.8660254037844386;

function radix3(from: usize, to: usize, butterflies: i32, stride: i32, table: usize): void {
  const step = <usize>stride << 5;
  const leg = step * butterflies;
  const minusHalf = f64x2.splat(-0.5);
  const sin60 = f64x2.splat(SIN_60);
  let x = from;
  let y = to;
  const last = from + leg;
  while (x < last) {
    const end = x + step;
    while (x < end) {
      const ar = v128.load(x);
      const ai = v128.load(x, 16);
      const br = v128.load(x + leg);
      const bi = v128.load(x + leg, 16);
      const cr = v128.load(x + 2 * leg);
      const ci = v128.load(x + 2 * leg, 16);
      const sr = f64x2.add(br, cr);
      const si = f64x2.add(bi, ci);
      const mr = f64x2.add(ar, f64x2.mul(sr, minusHalf));
      const mi = f64x2.add(ai, f64x2.mul(si, minusHalf));
      const dr = f64x2.mul(f64x2.sub(br, cr), sin60);
      const di = f64x2.mul(f64x2.sub(bi, ci), sin60);
      v128.store(y, f64x2.add(ar, sr));
      v128.store(y, f64x2.add(ai, si), 16);
      storeTurned(y + step, f64x2.add(mr, di), f64x2.sub(mi, dr), table);
      storeTurned(y + 2 * step, f64x2.sub(mr, di), f64x2.add(mi, dr), table + 16);
      x += 32;
      y += 32;
    }
    y += 2 * step;
    table += 32;
  }
}

const COS_72: f64 = 0.30901699437494745;
const COS_144: f64 = -0.8090169943749475;
const SIN_72: f64 = 0.9510565162951535;
const SIN_144: f64 = 0.5877852522924731;

function radix5(from: usize, to: usize, butterflies: i32, stride: i32, table: usize): void {
  const step = <usize>stride << 5;
  const leg = step * butterflies;
  const c1 = f64x2.splat(COS_72);
  const c2 = f64x2.splat(COS_144);
  const s1 = f64x2.splat(SIN_72);
  const s2 = f64x2.splat(SIN_144);
  let x = from;
  let y = to;
  const last = from + leg;
  while (x < last) {
    const end = x + step;
    while (x < end) {
      const ar = v128.load(x);
      const ai = v128.load(x, 16);
      const br = v128.load(x + leg);
      const bi = v128.load(x + leg, 16);
      const cr = v128.load(x + 2 * leg);
      const ci = v128.load(x + 2 * leg, 16);
      const dr = v128.load(x + 3 * leg);
      const di = v128.load(x + 3 * leg, 16);
      const er = v128.load(x + 4 * leg);
      const ei = v128.load(x + 4 * leg, 16);
      const ber = f64x2.add(br, er);
      const bei = f64x2.add(bi, ei);
      const cdr = f64x2.add(cr, dr);
      const cdi = f64x2.add(ci, di);
      const fr = f64x2.sub(br, er);
      const fi = f64x2.sub(bi, ei);
      const gr = f64x2.sub(cr, dr);
      const gi = f64x2.sub(ci, di);
      v128.store(y, f64x2.add(ar, f64x2.add(ber, cdr)));
      v128.store(y, f64x2.add(ai, f64x2.add(bei, cdi)), 16);
      const pr = f64x2.add(ar, f64x2.add(f64x2.mul(ber, c1), f64x2.mul(cdr, c2)));
      const pi = f64x2.add(ai, f64x2.add(f64x2.mul(bei, c1), f64x2.mul(cdi, c2)));
      const qr = f64x2.add(ar, f64x2.add(f64x2.mul(ber, c2), f64x2.mul(cdr, c1)));
      const qi = f64x2.add(ai, f64x2.add(f64x2.mul(bei, c2), f64x2.mul(cdi, c1)));
      const ur = f64x2.add(f64x2.mul(fr, s1), f64x2.mul(gr, s2));
      const ui = f64x2.add(f64x2.mul(fi, s1), f64x2.mul(gi, s2));
      const vr = f64x2.sub(f64x2.mul(fr, s2), f64x2.mul(gr, s1));
      const vi = f64x2.sub(f64x2.mul(fi, s2), f64x2.mul(gi, s1));
      storeTurned(y + step, f64x2.add(pr, ui), f64x2.sub(pi, ur), table);
      storeTurned(y + 2 * step, f64x2.add(qr, vi), f64x2.sub(qi, vr), table + 16);
      storeTurned(y + 3 * step, f64x2.sub(qr, vi), f64x2.add(qi, vr), table + 32);
      storeTurned(y + 4 * step, f64x2.sub(pr, ui), f64x2.add(pi, ur), table + 48);
      x += 32;
      y += 32;
    }
    y += 4 * step;
    table += 64;
  }
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
