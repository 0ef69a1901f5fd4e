// Four complex float32 FFTs at once, as fft.ts lays them out: here are the first and the last pass, of radix 4, whose
// variants leave out what zero padding makes zero or nobody reads. An inverse is a forward transform with real and
// imaginary parts exchanged before and after.
import { passes, storeFour, storeTurned } from './fft';

/** A plan (made by projection/tsne-plan.ts): i32 length, 16-byte aligned i32 radices ended by 0, twiddles from 64 on. */
const RADICES: usize = 16;
const TWIDDLES: usize = 64;

/** First pass over numbers of which the second half is zero: only the first is read, `step` bytes apart. */
export function firstOfHalf(re: usize, im: usize, step: usize, plan: usize, to: usize): void {
  const quarter = <usize>(load<i32>(plan) >> 2);
  const leg = quarter * step;
  let table = plan + TWIDDLES;
  const end = to + (quarter << 7);
  while (to < end) {
    const ar = v128.load(re);
    const ai = v128.load(im);
    const br = v128.load(re + leg);
    const bi = v128.load(im + leg);
    v128.store(to, f32x4.add(ar, br));
    v128.store(to, f32x4.add(ai, bi), 16);
    storeTurned<f32>(to + 32, f32x4.add(ar, bi), f32x4.sub(ai, br), table);
    storeTurned<f32>(to + 64, f32x4.sub(ar, br), f32x4.sub(ai, bi), table + 8);
    storeTurned<f32>(to + 96, f32x4.sub(ar, bi), f32x4.add(ai, br), table + 16);
    re += step;
    im += step;
    to += 128;
    table += 24;
  }
}

/** First pass over all numbers. */
export function firstOfAll(from: usize, plan: usize, to: usize): void {
  const quarter = <usize>(load<i32>(plan) >> 2);
  const leg = quarter << 5;
  let table = plan + TWIDDLES;
  const end = from + leg;
  while (from < end) {
    const b = from + leg;
    const c = b + leg;
    const d = c + leg;
    storeFour<f32>(
      to, 32, v128.load(from), v128.load(from, 16), v128.load(b), v128.load(b, 16), v128.load(c), v128.load(c, 16),
      v128.load(d), v128.load(d, 16), table, true,
    );
    from += 32;
    to += 128;
    table += 24;
  }
}

/** First pass of an inverse transform over numbers times the real `factors` (16 bytes each). */
export function firstInverseScaled(from: usize, factors: usize, plan: usize, to: usize): void {
  const quarter = <usize>(load<i32>(plan) >> 2);
  const leg = quarter << 5;
  const half = quarter << 4;
  let table = plan + TWIDDLES;
  const end = from + leg;
  while (from < end) {
    const b = from + leg;
    const c = b + leg;
    const d = c + leg;
    const fa = v128.load(factors);
    const fb = v128.load(factors + half);
    const fc = v128.load(factors + (half << 1));
    const fd = v128.load(factors + 3 * half);
    storeFour<f32>(
      to, 32,
      f32x4.mul(v128.load(from, 16), fa), f32x4.mul(v128.load(from), fa),
      f32x4.mul(v128.load(b, 16), fb), f32x4.mul(v128.load(b), fb),
      f32x4.mul(v128.load(c, 16), fc), f32x4.mul(v128.load(c), fc),
      f32x4.mul(v128.load(d, 16), fd), f32x4.mul(v128.load(d), fd), table, true,
    );
    from += 32;
    factors += 16;
    to += 128;
    table += 24;
  }
}

/** The passes between first and last: from `a`, by way of `b`; returns where the result is. */
export function middlePasses(plan: usize, a: usize, b: usize): usize {
  const quarter = load<i32>(plan) >> 2;
  return passes<f32>(plan + RADICES, a, b, quarter, 4, plan + TWIDDLES + <usize>quarter * 24);
}

/** Last pass: all numbers. */
export function lastOfAll(from: usize, plan: usize, to: usize): void {
  const leg = <usize>(load<i32>(plan) >> 2) << 5;
  const end = from + leg;
  while (from < end) {
    const b = from + leg;
    const c = b + leg;
    const d = c + leg;
    const acr = f32x4.add(v128.load(from), v128.load(c));
    const aci = f32x4.add(v128.load(from, 16), v128.load(c, 16));
    const er = f32x4.sub(v128.load(from), v128.load(c));
    const ei = f32x4.sub(v128.load(from, 16), v128.load(c, 16));
    const bdr = f32x4.add(v128.load(b), v128.load(d));
    const bdi = f32x4.add(v128.load(b, 16), v128.load(d, 16));
    const fr = f32x4.sub(v128.load(b), v128.load(d));
    const fi = f32x4.sub(v128.load(b, 16), v128.load(d, 16));
    v128.store(to, f32x4.add(acr, bdr));
    v128.store(to, f32x4.add(aci, bdi), 16);
    v128.store(to + leg, f32x4.add(er, fi));
    v128.store(to + leg, f32x4.sub(ei, fr), 16);
    v128.store(to + (leg << 1), f32x4.sub(acr, bdr));
    v128.store(to + (leg << 1), f32x4.sub(aci, bdi), 16);
    v128.store(to + 3 * leg, f32x4.sub(er, fi));
    v128.store(to + 3 * leg, f32x4.add(ei, fr), 16);
    from += 32;
    to += 32;
  }
}

/** Last pass: the first half of the numbers, written `step` bytes apart. */
export function lastOfHalf(from: usize, plan: usize, re: usize, im: usize, step: usize): void {
  const quarter = <usize>(load<i32>(plan) >> 2);
  const leg = quarter << 5;
  const far = quarter * step;
  const end = from + leg;
  while (from < end) {
    const b = from + leg;
    const c = b + leg;
    const d = c + leg;
    const ar = v128.load(from);
    const ai = v128.load(from, 16);
    const cr = v128.load(c);
    const ci = v128.load(c, 16);
    const br = v128.load(b);
    const bi = v128.load(b, 16);
    const dr = v128.load(d);
    const di = v128.load(d, 16);
    v128.store(re, f32x4.add(f32x4.add(ar, cr), f32x4.add(br, dr)));
    v128.store(im, f32x4.add(f32x4.add(ai, ci), f32x4.add(bi, di)));
    v128.store(re + far, f32x4.add(f32x4.sub(ar, cr), f32x4.sub(bi, di)));
    v128.store(im + far, f32x4.sub(f32x4.sub(ai, ci), f32x4.sub(br, dr)));
    from += 32;
    re += step;
    im += step;
  }
}
