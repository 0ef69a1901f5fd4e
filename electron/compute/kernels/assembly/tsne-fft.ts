// Four complex float32 FFTs at once, one in each lane, so that nothing crosses lanes: Stockham's self-sorting FFT,
// radix 4 first and last, 2, 3, 4 and 5 between. A number is 32 bytes: four real parts, four imaginary ones. The
// variants of the first and last pass leave out what zero padding makes zero or nobody reads. An inverse is a forward
// transform with real and imaginary parts exchanged before and after.

/** A plan (made by projection/tsne-plan.ts): i32 length, 16-byte aligned i32 radices ended by 0, twiddles from 64 on. */
const RADICES: usize = 16;
const TWIDDLES: usize = 64;

/** Stores (re + i im) times the twiddle at `table`. */
@inline
function storeTurned(at: usize, re: v128, im: v128, table: usize): void {
  const c = v128.load32_splat(table);
  const s = v128.load32_splat(table, 4);
  v128.store(at, f32x4.sub(f32x4.mul(re, c), f32x4.mul(im, s)));
  v128.store(at, f32x4.add(f32x4.mul(re, s), f32x4.mul(im, c)), 16);
}

@inline
function storeFour(
  y: usize, step: usize, ar: v128, ai: v128, br: v128, bi: v128, cr: v128, ci: v128, dr: v128, di: v128,
  table: usize,
): void {
  const acr = f32x4.add(ar, cr);
  const aci = f32x4.add(ai, ci);
  const bdr = f32x4.add(br, dr);
  const bdi = f32x4.add(bi, di);
  const er = f32x4.sub(ar, cr);
  const ei = f32x4.sub(ai, ci);
  const fr = f32x4.sub(br, dr);
  const fi = f32x4.sub(bi, di);
  v128.store(y, f32x4.add(acr, bdr));
  v128.store(y, f32x4.add(aci, bdi), 16);
  storeTurned(y + step, f32x4.add(er, fi), f32x4.sub(ei, fr), table);
  storeTurned(y + (step << 1), f32x4.sub(acr, bdr), f32x4.sub(aci, bdi), table + 8);
  storeTurned(y + 3 * step, f32x4.sub(er, fi), f32x4.add(ei, fr), table + 16);
}

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
    storeTurned(to + 32, f32x4.add(ar, bi), f32x4.sub(ai, br), table);
    storeTurned(to + 64, f32x4.sub(ar, br), f32x4.sub(ai, bi), table + 8);
    storeTurned(to + 96, f32x4.sub(ar, bi), f32x4.add(ai, br), table + 16);
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
    storeFour(
      to, 32, v128.load(from), v128.load(from, 16), v128.load(b), v128.load(b, 16), v128.load(c), v128.load(c, 16),
      v128.load(d), v128.load(d, 16), table,
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
    storeFour(
      to, 32,
      f32x4.mul(v128.load(from, 16), fa), f32x4.mul(v128.load(from), fa),
      f32x4.mul(v128.load(b, 16), fb), f32x4.mul(v128.load(b), fb),
      f32x4.mul(v128.load(c, 16), fc), f32x4.mul(v128.load(c), fc),
      f32x4.mul(v128.load(d, 16), fd), f32x4.mul(v128.load(d), fd), table,
    );
    from += 32;
    factors += 16;
    to += 128;
    table += 24;
  }
}

/** The passes between first and last: from `a`, by way of `b`; returns where the result is. */
export function middlePasses(plan: usize, a: usize, b: usize): usize {
  const length = load<i32>(plan);
  let n = length >> 2;
  let stride: i32 = 4;
  let table = plan + TWIDDLES + <usize>n * 24;
  let place = plan + RADICES;
  let radix = load<i32>(place);
  while (radix != 0) {
    const butterflies = n / radix;
    if (radix == 4) radix4(a, b, butterflies, stride, table);
    else if (radix == 2) radix2(a, b, butterflies, stride, table);
    else if (radix == 3) radix3(a, b, butterflies, stride, table);
    else radix5(a, b, butterflies, stride, table);
    table += <usize>(butterflies * (radix - 1)) << 3;
    n = butterflies;
    stride *= radix;
    place += 4;
    radix = load<i32>(place);
    const swap = a;
    a = b;
    b = swap;
  }
  return a;
}

function radix4(from: usize, to: usize, butterflies: i32, stride: i32, table: usize): void {
  const step = <usize>stride << 5;
  const leg = step * butterflies;
  const last = from + leg;
  while (from < last) {
    const end = from + step;
    while (from < end) {
      const b = from + leg;
      const c = b + leg;
      const d = c + leg;
      storeFour(
        to, step, v128.load(from), v128.load(from, 16), v128.load(b), v128.load(b, 16), v128.load(c),
        v128.load(c, 16), v128.load(d), v128.load(d, 16), table,
      );
      from += 32;
      to += 32;
    }
    to += 3 * step;
    table += 24;
  }
}

function radix2(from: usize, to: usize, butterflies: i32, stride: i32, table: usize): void {
  const step = <usize>stride << 5;
  const leg = step * butterflies;
  const last = from + leg;
  while (from < last) {
    const end = from + step;
    while (from < end) {
      const b = from + leg;
      const ar = v128.load(from);
      const ai = v128.load(from, 16);
      const br = v128.load(b);
      const bi = v128.load(b, 16);
      v128.store(to, f32x4.add(ar, br));
      v128.store(to, f32x4.add(ai, bi), 16);
      storeTurned(to + step, f32x4.sub(ar, br), f32x4.sub(ai, bi), table);
      from += 32;
      to += 32;
    }
    to += step;
    table += 8;
  }
}

function radix3(from: usize, to: usize, butterflies: i32, stride: i32, table: usize): void {
  const step = <usize>stride << 5;
  const leg = step * butterflies;
  const half = f32x4.splat(0.5);
  const sine = f32x4.splat(0.8660254037844386);
  const last = from + leg;
  while (from < last) {
    const end = from + step;
    while (from < end) {
      const b = from + leg;
      const c = b + leg;
      const ar = v128.load(from);
      const ai = v128.load(from, 16);
      const sr = f32x4.add(v128.load(b), v128.load(c));
      const si = f32x4.add(v128.load(b, 16), v128.load(c, 16));
      const dr = f32x4.mul(f32x4.sub(v128.load(b), v128.load(c)), sine);
      const di = f32x4.mul(f32x4.sub(v128.load(b, 16), v128.load(c, 16)), sine);
      const mr = f32x4.sub(ar, f32x4.mul(sr, half));
      const mi = f32x4.sub(ai, f32x4.mul(si, half));
      v128.store(to, f32x4.add(ar, sr));
      v128.store(to, f32x4.add(ai, si), 16);
      storeTurned(to + step, f32x4.add(mr, di), f32x4.sub(mi, dr), table);
      storeTurned(to + (step << 1), f32x4.sub(mr, di), f32x4.add(mi, dr), table + 8);
      from += 32;
      to += 32;
    }
    to += step << 1;
    table += 16;
  }
}

function radix5(from: usize, to: usize, butterflies: i32, stride: i32, table: usize): void {
  const step = <usize>stride << 5;
  const leg = step * butterflies;
  const c1 = f32x4.splat(0.30901699437494745);
  const c2 = f32x4.splat(-0.8090169943749475);
  const s1 = f32x4.splat(0.9510565162951535);
  const s2 = f32x4.splat(0.5877852522924731);
  const last = from + leg;
  while (from < last) {
    const end = from + step;
    while (from < end) {
      const b = from + leg;
      const c = b + leg;
      const d = c + leg;
      const e = d + leg;
      const ar = v128.load(from);
      const ai = v128.load(from, 16);
      const per = f32x4.add(v128.load(b), v128.load(e));
      const pei = f32x4.add(v128.load(b, 16), v128.load(e, 16));
      const mer = f32x4.sub(v128.load(b), v128.load(e));
      const mei = f32x4.sub(v128.load(b, 16), v128.load(e, 16));
      const pdr = f32x4.add(v128.load(c), v128.load(d));
      const pdi = f32x4.add(v128.load(c, 16), v128.load(d, 16));
      const mdr = f32x4.sub(v128.load(c), v128.load(d));
      const mdi = f32x4.sub(v128.load(c, 16), v128.load(d, 16));
      v128.store(to, f32x4.add(ar, f32x4.add(per, pdr)));
      v128.store(to, f32x4.add(ai, f32x4.add(pei, pdi)), 16);
      const ur = f32x4.add(ar, f32x4.add(f32x4.mul(per, c1), f32x4.mul(pdr, c2)));
      const ui = f32x4.add(ai, f32x4.add(f32x4.mul(pei, c1), f32x4.mul(pdi, c2)));
      const vr = f32x4.add(ar, f32x4.add(f32x4.mul(per, c2), f32x4.mul(pdr, c1)));
      const vi = f32x4.add(ai, f32x4.add(f32x4.mul(pei, c2), f32x4.mul(pdi, c1)));
      const wr = f32x4.add(f32x4.mul(mer, s1), f32x4.mul(mdr, s2));
      const wi = f32x4.add(f32x4.mul(mei, s1), f32x4.mul(mdi, s2));
      const zr = f32x4.sub(f32x4.mul(mer, s2), f32x4.mul(mdr, s1));
      const zi = f32x4.sub(f32x4.mul(mei, s2), f32x4.mul(mdi, s1));
      storeTurned(to + step, f32x4.add(ur, wi), f32x4.sub(ui, wr), table);
      storeTurned(to + (step << 1), f32x4.add(vr, zi), f32x4.sub(vi, zr), table + 8);
      storeTurned(to + 3 * step, f32x4.sub(vr, zi), f32x4.add(vi, zr), table + 16);
      storeTurned(to + (step << 2), f32x4.sub(ur, wi), f32x4.add(ui, wr), table + 24);
      from += 32;
      to += 32;
    }
    to += step << 2;
    table += 32;
  }
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
