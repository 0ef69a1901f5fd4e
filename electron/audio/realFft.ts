// The power spectrum of real signals: an in-place radix-2 FFT of half the length over packed pairs, tables made once
// per size.

/** A prepared transform of one size. Not to be shared between threads: it owns its work arrays. */
export interface RealFft {
  readonly size: number;
  /** Where the caller puts `size` samples, already windowed; destroyed by `power`. */
  readonly input: Float64Array;
  /** Writes |X[k]|^2 for k = 0..size/2 (size/2 + 1 values), unscaled. */
  power(out: Float64Array): void;
}

/** @param size A power of two, 8 or more. @throws RangeError for any other size. */
export function createRealFft(size: number): RealFft {
  if (!Number.isInteger(size) || size < 8 || (size & (size - 1)) !== 0)
    throw new RangeError(`FFT size ${size} is not a power of two of 8 or more`);
  const half = size / 2;
  const bits = Math.log2(half);
  const input = new Float64Array(size);
  const re = new Float64Array(half);
  const im = new Float64Array(half);
  const reversed = new Uint32Array(half);
  for (let i = 1; i < half; i++) reversed[i] = (reversed[i >> 1]! >> 1) | ((i & 1) << (bits - 1));
  // exp(-2 pi i k / size), k < size/2.
  const cos = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sin = Float64Array.from({ length: half }, (_, k) => -Math.sin((2 * Math.PI * k) / size));

  // Twiddles of the stages from span 4 on, one stage after the other, so that the inner loop reads them in order.
  const stageCos = new Float64Array(half);
  const stageSin = new Float64Array(half);
  for (let span = 4, at = 0; span < half; at += span, span *= 2) {
    for (let k = 0; k < span; k++) {
      stageCos[at + k] = cos[(k * half) / span]!;
      stageSin[at + k] = sin[(k * half) / span]!;
    }
  }

  function transform(): void {
    // The first two stages have the twiddles 1 and -i only: they are done while the samples are put in bit-reversed
    // order.
    for (let i = 0; i < half; i += 4) {
      const a = reversed[i]! * 2;
      const b = reversed[i + 1]! * 2;
      const c = reversed[i + 2]! * 2;
      const d = reversed[i + 3]! * 2;
      const pr = input[a]! + input[b]!;
      const pi = input[a + 1]! + input[b + 1]!;
      const qr = input[a]! - input[b]!;
      const qi = input[a + 1]! - input[b + 1]!;
      const rr = input[c]! + input[d]!;
      const ri = input[c + 1]! + input[d + 1]!;
      const sr = input[c]! - input[d]!;
      const si = input[c + 1]! - input[d + 1]!;
      re[i] = pr + rr;
      im[i] = pi + ri;
      re[i + 1] = qr + si;
      im[i + 1] = qi - sr;
      re[i + 2] = pr - rr;
      im[i + 2] = pi - ri;
      re[i + 3] = qr - si;
      im[i + 3] = qi + sr;
    }
    for (let span = 4, twiddles = 0; span < half; twiddles += span, span *= 2) {
      for (let group = 0; group < half; group += span * 2) {
        for (let k = 0; k < span; k++) {
          const wr = stageCos[twiddles + k]!;
          const wi = stageSin[twiddles + k]!;
          const top = group + k;
          const bottom = top + span;
          const br = re[bottom]!;
          const bi = im[bottom]!;
          const tr = br * wr - bi * wi;
          const ti = br * wi + bi * wr;
          const ar = re[top]!;
          const ai = im[top]!;
          re[bottom] = ar - tr;
          im[bottom] = ai - ti;
          re[top] = ar + tr;
          im[top] = ai + ti;
        }
      }
    }
  }

  function power(out: Float64Array): void {
    transform();
    const first = re[0]! + im[0]!;
    const last = re[0]! - im[0]!;
    out[0] = first * first;
    out[half] = last * last;
    // X[k] = E[k] + w^k O[k], with E and O the spectra of the even and odd samples, found by symmetry.
    for (let k = 1, m = half - 1; k <= m; k++, m--) {
      const er = (re[k]! + re[m]!) / 2;
      const ei = (im[k]! - im[m]!) / 2;
      const or = (im[k]! + im[m]!) / 2;
      const oi = (re[m]! - re[k]!) / 2;
      const tr = or * cos[k]! - oi * sin[k]!;
      const ti = or * sin[k]! + oi * cos[k]!;
      out[k] = (er + tr) ** 2 + (ei + ti) ** 2;
      out[m] = (er - tr) ** 2 + (ei - ti) ** 2;
    }
  }

  return { size, input, power };
}
