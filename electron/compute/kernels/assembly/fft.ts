// What the FFTs of the front ends and of t-SNE share: the passes of Stockham's self-sorting FFT by decimation in
// frequency, over T = f64 (two transforms at once) or f32 (four), one in each lane, so that nothing crosses lanes. A
// number is 32 bytes: the real parts of all lanes, then the imaginary ones. Twiddles are pairs of T (cos, sin),
// (radix - 1) per butterfly, pass after pass; those of a pass's first butterfly are 1.

/** Stores (re + i im) times the twiddle at `table`. */
@inline
export function storeTurned<T>(at: usize, re: v128, im: v128, table: usize): void {
  const c = v128.load_splat<T>(table);
  const s = v128.load_splat<T>(table, sizeof<T>());
  v128.store(at, v128.sub<T>(v128.mul<T>(re, c), v128.mul<T>(im, s)));
  v128.store(at, v128.add<T>(v128.mul<T>(re, s), v128.mul<T>(im, c)), 16);
}

/** Four numbers transformed, `step` bytes apart; `isTurned` is false where the twiddles are 1. */
@inline
export function storeFour<T>(
  y: usize, step: usize, ar: v128, ai: v128, br: v128, bi: v128, cr: v128, ci: v128, dr: v128, di: v128,
  table: usize, isTurned: bool,
): void {
  const acr = v128.add<T>(ar, cr);
  const aci = v128.add<T>(ai, ci);
  const bdr = v128.add<T>(br, dr);
  const bdi = v128.add<T>(bi, di);
  const er = v128.sub<T>(ar, cr);
  const ei = v128.sub<T>(ai, ci);
  const fr = v128.sub<T>(br, dr);
  const fi = v128.sub<T>(bi, di);
  v128.store(y, v128.add<T>(acr, bdr));
  v128.store(y, v128.add<T>(aci, bdi), 16);
  const y2 = y + (step << 1);
  if (isTurned) {
    storeTurned<T>(y + step, v128.add<T>(er, fi), v128.sub<T>(ei, fr), table);
    storeTurned<T>(y2, v128.sub<T>(acr, bdr), v128.sub<T>(aci, bdi), table + 2 * sizeof<T>());
    storeTurned<T>(y2 + step, v128.sub<T>(er, fi), v128.add<T>(ei, fr), table + 4 * sizeof<T>());
  } else {
    v128.store(y + step, v128.add<T>(er, fi));
    v128.store(y + step, v128.sub<T>(ei, fr), 16);
    v128.store(y2, v128.sub<T>(acr, bdr));
    v128.store(y2, v128.sub<T>(aci, bdi), 16);
    v128.store(y2 + step, v128.sub<T>(er, fi));
    v128.store(y2 + step, v128.add<T>(ei, fr), 16);
  }
}

/**
 * Passes of the i32 `radices`, ended by 0, over what is left of a transform: `n` numbers, `stride` times, from `a` by
 * way of `b`. Returns where the result is.
 */
export function passes<T>(radices: usize, a: usize, b: usize, n: i32, stride: i32, table: usize): usize {
  let radix = load<i32>(radices);
  while (radix != 0) {
    const butterflies = n / radix;
    if (radix == 4) passOf4<T>(a, b, butterflies, stride, table);
    else if (radix == 2) passOf<T>(2, a, b, butterflies, stride, table);
    else if (radix == 3) passOf<T>(3, a, b, butterflies, stride, table);
    else passOf<T>(5, a, b, butterflies, stride, table);
    table += <usize>(butterflies * (radix - 1)) * (2 * sizeof<T>());
    n = butterflies;
    stride *= radix;
    radices += 4;
    radix = load<i32>(radices);
    const swap = a;
    a = b;
    b = swap;
  }
  return a;
}

@inline
function four<T>(x: usize, y: usize, leg: usize, step: usize, table: usize, isTurned: bool): void {
  const x2 = x + (leg << 1);
  storeFour<T>(
    y, step, v128.load(x), v128.load(x, 16), v128.load(x + leg), v128.load(x + leg, 16), v128.load(x2),
    v128.load(x2, 16), v128.load(x2 + leg), v128.load(x2 + leg, 16), table, isTurned,
  );
}

/** Most transforms are of this radix: the twiddles of its first butterfly, which are 1, are left out. */
function passOf4<T>(from: usize, to: usize, butterflies: i32, stride: i32, table: usize): void {
  const step = <usize>stride << 5;
  const leg = step * butterflies;
  let x = from;
  let y = to;
  let end = from + step;
  while (x < end) {
    four<T>(x, y, leg, step, 0, false);
    x += 32;
    y += 32;
  }
  const last = from + leg;
  while (x < last) {
    table += 6 * sizeof<T>();
    y += 3 * step;
    end = x + step;
    while (x < end) {
      four<T>(x, y, leg, step, table, true);
      x += 32;
      y += 32;
    }
  }
}

/** A pass of a radix without a way of its own; `radix` is a constant, so that only its butterfly is compiled. */
@inline
function passOf<T>(radix: usize, from: usize, to: usize, butterflies: i32, stride: i32, table: usize): void {
  const step = <usize>stride << 5;
  const leg = step * butterflies;
  let x = from;
  let y = to;
  const last = from + leg;
  while (x < last) {
    const end = x + step;
    while (x < end) {
      if (radix == 2) two<T>(x, y, leg, step, table);
      else if (radix == 3) three<T>(x, y, leg, step, table);
      else five<T>(x, y, leg, step, table);
      x += 32;
      y += 32;
    }
    y += (radix - 1) * step;
    table += (radix - 1) * (2 * sizeof<T>());
  }
}

@inline
function two<T>(x: usize, y: usize, leg: usize, step: usize, table: usize): void {
  const ar = v128.load(x);
  const ai = v128.load(x, 16);
  const br = v128.load(x + leg);
  const bi = v128.load(x + leg, 16);
  v128.store(y, v128.add<T>(ar, br));
  v128.store(y, v128.add<T>(ai, bi), 16);
  storeTurned<T>(y + step, v128.sub<T>(ar, br), v128.sub<T>(ai, bi), table);
}

const SIN_60: f64 = 0.8660254037844386;

@inline
function three<T>(x: usize, y: usize, leg: usize, step: usize, table: usize): void {
  const minusHalf = v128.splat<T>(<T>-0.5);
  const sin60 = v128.splat<T>(<T>SIN_60);
  const ar = v128.load(x);
  const ai = v128.load(x, 16);
  const br = v128.load(x + leg);
  const bi = v128.load(x + leg, 16);
  const cr = v128.load(x + 2 * leg);
  const ci = v128.load(x + 2 * leg, 16);
  const sr = v128.add<T>(br, cr);
  const si = v128.add<T>(bi, ci);
  const mr = v128.add<T>(ar, v128.mul<T>(sr, minusHalf));
  const mi = v128.add<T>(ai, v128.mul<T>(si, minusHalf));
  const dr = v128.mul<T>(v128.sub<T>(br, cr), sin60);
  const di = v128.mul<T>(v128.sub<T>(bi, ci), sin60);
  v128.store(y, v128.add<T>(ar, sr));
  v128.store(y, v128.add<T>(ai, si), 16);
  storeTurned<T>(y + step, v128.add<T>(mr, di), v128.sub<T>(mi, dr), table);
  storeTurned<T>(y + 2 * step, v128.sub<T>(mr, di), v128.add<T>(mi, dr), table + 2 * sizeof<T>());
}

const COS_72: f64 = 0.30901699437494745;
const COS_144: f64 = -0.8090169943749475;
const SIN_72: f64 = 0.9510565162951535;
const SIN_144: f64 = 0.5877852522924731;

@inline
function five<T>(x: usize, y: usize, leg: usize, step: usize, table: usize): void {
  const c1 = v128.splat<T>(<T>COS_72);
  const c2 = v128.splat<T>(<T>COS_144);
  const s1 = v128.splat<T>(<T>SIN_72);
  const s2 = v128.splat<T>(<T>SIN_144);
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
  const ber = v128.add<T>(br, er);
  const bei = v128.add<T>(bi, ei);
  const cdr = v128.add<T>(cr, dr);
  const cdi = v128.add<T>(ci, di);
  const fr = v128.sub<T>(br, er);
  const fi = v128.sub<T>(bi, ei);
  const gr = v128.sub<T>(cr, dr);
  const gi = v128.sub<T>(ci, di);
  v128.store(y, v128.add<T>(ar, v128.add<T>(ber, cdr)));
  v128.store(y, v128.add<T>(ai, v128.add<T>(bei, cdi)), 16);
  const pr = v128.add<T>(ar, v128.add<T>(v128.mul<T>(ber, c1), v128.mul<T>(cdr, c2)));
  const pi = v128.add<T>(ai, v128.add<T>(v128.mul<T>(bei, c1), v128.mul<T>(cdi, c2)));
  const qr = v128.add<T>(ar, v128.add<T>(v128.mul<T>(ber, c2), v128.mul<T>(cdr, c1)));
  const qi = v128.add<T>(ai, v128.add<T>(v128.mul<T>(bei, c2), v128.mul<T>(cdi, c1)));
  const ur = v128.add<T>(v128.mul<T>(fr, s1), v128.mul<T>(gr, s2));
  const ui = v128.add<T>(v128.mul<T>(fi, s1), v128.mul<T>(gi, s2));
  const vr = v128.sub<T>(v128.mul<T>(fr, s2), v128.mul<T>(gr, s1));
  const vi = v128.sub<T>(v128.mul<T>(fi, s2), v128.mul<T>(gi, s1));
  storeTurned<T>(y + step, v128.add<T>(pr, ui), v128.sub<T>(pi, ur), table);
  storeTurned<T>(y + 2 * step, v128.add<T>(qr, vi), v128.sub<T>(qi, vr), table + 2 * sizeof<T>());
  storeTurned<T>(y + 3 * step, v128.sub<T>(qr, vi), v128.add<T>(qi, vr), table + 4 * sizeof<T>());
  storeTurned<T>(y + 4 * step, v128.sub<T>(pr, ui), v128.add<T>(pi, ur), table + 6 * sizeof<T>());
}
