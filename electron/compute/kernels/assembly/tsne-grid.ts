// Repulsion by a convolution on a grid (as FIt-SNE, Linderman et al. 2019), with three differences: cubic B-splines
// instead of piecewise Lagrange polynomials, one charge per point instead of four, since the force is the gradient of
// the one potential sum_j 1 / (1 + |y - y_j|^2), and Z read off the spectrum. Node x of row y at float y * side + x;
// the transforms have length 2 * side and lengths are multiples of 16. Bands are `BAND` rows of the grid.
import {
  firstInverseScaled, firstOfAll, firstOfHalf, lastOfAll, lastOfHalf, middlePasses,
} from './tsne-fft';

/** Splines of points in a band reach one row below it and two above, so bands of one parity never meet. */
const BAND: i32 = 4;

/** Working memory of up to 32 threads: i32 mask of the taken slots, i32 bytes of a slot; slots from 64 on. */
export function takeSlot(arena: usize): i32 {
  let slot: i32;
  let mask: i32;
  do {
    mask = atomic.load<i32>(arena);
    slot = ctz<i32>(~mask);
  } while (slot == 32 || atomic.cmpxchg<i32>(arena, mask, mask | (1 << slot)) != mask);
  return slot;
}

export function freeSlot(arena: usize, slot: i32): void {
  atomic.and<i32>(arena, ~(1 << slot));
}

@inline
export function slotAddress(arena: usize, slot: i32): usize {
  return arena + 64 + <usize>slot * <usize>load<i32>(arena, 4);
}

/** Lanes of four vectors exchanged: `i`-th of the results has lane i of each. Written to 4 places `step` apart. */
@inline
function storeTransposed(a: v128, b: v128, c: v128, d: v128, at: usize, step: usize): void {
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const ef = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const gh = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(at, v128.shuffle<i64>(ab, cd, 0, 2));
  v128.store(at + step, v128.shuffle<i64>(ab, cd, 1, 3));
  v128.store(at + (step << 1), v128.shuffle<i64>(ef, gh, 0, 2));
  v128.store(at + 3 * step, v128.shuffle<i64>(ef, gh, 1, 3));
}

/** Points of chunk `chunk` in each band, to i32[chunks x bands]. `scale` is 1 / node spacing, (left, low) node (0, 0). */
export function countBands(
  chunk: i32, points: usize, n: i32, perChunk: i32, low: f32, scale: f32, bands: i32, counts: usize,
): void {
  const own = counts + (<usize>(chunk * bands) << 2);
  memory.fill(own, 0, <usize>bands << 2);
  const end = points + (<usize>min(n, (chunk + 1) * perChunk) << 3);
  for (let at = points + (<usize>(chunk * perChunk) << 3); at < end; at += 8) {
    const band = own + (<usize>(<i32>((load<f32>(at, 4) - low) * scale) / BAND) << 2);
    store<i32>(band, load<i32>(band) + 1);
  }
}

/** Turns counts into places: where each chunk's points of a band go; `starts` i32[bands + 1] where bands begin. */
export function placeBands(_: i32, chunks: i32, bands: i32, counts: usize, starts: usize): void {
  let next: i32 = 0;
  for (let band = 0; band < bands; band++) {
    store<i32>(starts + (<usize>band << 2), next);
    for (let chunk = 0; chunk < chunks; chunk++) {
      const at = counts + (<usize>(chunk * bands + band) << 2);
      const count = load<i32>(at);
      store<i32>(at, next);
      next += count;
    }
  }
  store<i32>(starts + (<usize>bands << 2), next);
}

/** Copies the points, as node coordinates, into the order of their bands. */
export function sortByBand(
  chunk: i32, points: usize, n: i32, perChunk: i32, left: f32, low: f32, scale: f32, bands: i32, counts: usize,
  sorted: usize,
): void {
  const own = counts + (<usize>(chunk * bands) << 2);
  const end = points + (<usize>min(n, (chunk + 1) * perChunk) << 3);
  for (let at = points + (<usize>(chunk * perChunk) << 3); at < end; at += 8) {
    const u = (load<f32>(at) - left) * scale;
    const v = (load<f32>(at, 4) - low) * scale;
    const band = own + (<usize>(<i32>v / BAND) << 2);
    const place = load<i32>(band);
    store<i32>(band, place + 1);
    const to = sorted + (<usize>place << 3);
    store<f32>(to, u);
    store<f32>(to, v, 4);
  }
}

/** The four cubic B-splines that reach parameter t in [0, 1), by node. */
@inline
function splines(t: v128): v128 {
  let w = f32x4.mul(f32x4(-1.0 / 6, 0.5, -0.5, 1.0 / 6), t);
  w = f32x4.mul(f32x4.add(w, f32x4(0.5, -1, 0.5, 0)), t);
  w = f32x4.mul(f32x4.add(w, f32x4(-0.5, 0, 0.5, 0)), t);
  return f32x4.add(w, f32x4(1.0 / 6, 2.0 / 3, 1.0 / 6, 0));
}

/** Their derivatives. */
@inline
function slopes(t: v128): v128 {
  let w = f32x4.mul(f32x4(-0.5, 1.5, -1.5, 0.5), t);
  w = f32x4.mul(f32x4.add(w, f32x4(1, -2, 1, 0)), t);
  return f32x4.add(w, f32x4(-0.5, 0, 0.5, 0));
}

@inline
function addTo(at: usize, value: v128): void {
  v128.store(at, f32x4.add(v128.load(at), value));
}

/** Adds the points of band 2 * chunk + parity to the grid. */
export function spread(chunk: i32, parity: i32, sorted: usize, starts: usize, grid: usize, side: i32): void {
  const band = starts + (<usize>(2 * chunk + parity) << 2);
  const row = <usize>side << 2;
  const end = sorted + (<usize>load<i32>(band, 4) << 3);
  for (let at = sorted + (<usize>load<i32>(band) << 3); at < end; at += 8) {
    const u = load<f32>(at);
    const v = load<f32>(at, 4);
    const x = <i32>u;
    const y = <i32>v;
    const wx = splines(f32x4.splat(u - <f32>x));
    const wy = splines(f32x4.splat(v - <f32>y));
    let node = grid + (<usize>((y - 1) * side + x - 1) << 2);
    addTo(node, f32x4.mul(wx, v128.shuffle<i32>(wy, wy, 0, 0, 0, 0)));
    node += row;
    addTo(node, f32x4.mul(wx, v128.shuffle<i32>(wy, wy, 1, 1, 1, 1)));
    node += row;
    addTo(node, f32x4.mul(wx, v128.shuffle<i32>(wy, wy, 2, 2, 2, 2)));
    node += row;
    addTo(node, f32x4.mul(wx, v128.shuffle<i32>(wy, wy, 3, 3, 3, 3)));
  }
}

/**
 * Transforms 8 columns of the grid along y, two real numbers as one complex, and zeroes them for the next round.
 * `half` has [y frequencies / 4][x][4 real, 4 imaginary], lanes by y frequency: twice the transform, Nyquist left out.
 */
export function forwardColumns(chunk: i32, grid: usize, side: i32, plan: usize, half: usize, arena: usize): void {
  const slot = takeSlot(arena);
  const a = slotAddress(arena, slot);
  const bytes = <usize>side << 6;
  const b = a + bytes;
  const column = grid + (<usize>chunk << 5);
  const row = <usize>side << 2;
  firstOfHalf(column, column + 16, row, plan, a);
  for (let at = column, end = column + row * side; at < end; at += row) {
    v128.store(at, i32x4.splat(0));
    v128.store(at, i32x4.splat(0), 16);
  }
  const last = middlePasses(plan, a, b);
  const z = last == a ? b : a;
  lastOfAll(last, plan, z);
  const groupBytes = <usize>side << 5;
  let out = half + (<usize>chunk << 8);
  for (let k: usize = 0; k < <usize>side; k += 4) {
    const p = z + (k << 5);
    const m0 = k == 0 ? z : z + bytes - (k << 5);
    const m = z + bytes - (k << 5);
    const ar0 = v128.load(p), ai0 = v128.load(p, 16), br0 = v128.load(m0), bi0 = v128.load(m0, 16);
    const ar1 = v128.load(p, 32), ai1 = v128.load(p, 48), br1 = v128.load(m - 32), bi1 = v128.load(m - 32, 16);
    const ar2 = v128.load(p, 64), ai2 = v128.load(p, 80), br2 = v128.load(m - 64), bi2 = v128.load(m - 64, 16);
    const ar3 = v128.load(p, 96), ai3 = v128.load(p, 112), br3 = v128.load(m - 96), bi3 = v128.load(m - 96, 16);
    storeTransposed(f32x4.add(ar0, br0), f32x4.add(ar1, br1), f32x4.add(ar2, br2), f32x4.add(ar3, br3), out, 32);
    storeTransposed(f32x4.sub(ai0, bi0), f32x4.sub(ai1, bi1), f32x4.sub(ai2, bi2), f32x4.sub(ai3, bi3), out + 16, 32);
    storeTransposed(f32x4.add(ai0, bi0), f32x4.add(ai1, bi1), f32x4.add(ai2, bi2), f32x4.add(ai3, bi3), out + 128, 32);
    storeTransposed(f32x4.sub(br0, ar0), f32x4.sub(br1, ar1), f32x4.sub(br2, ar2), f32x4.sub(br3, ar3), out + 144, 32);
    out += groupBytes;
  }
  freeSlot(arena, slot);
}

/**
 * Four y frequencies: transform along x, sum of factor x |number|^2 to f64[chunk] of `sums` (the two halves of the
 * spectrum together), times the factors, back along x.
 */
export function convolveRows(
  chunk: i32, half: usize, factors: usize, side: i32, plan: usize, sums: usize, arena: usize,
): void {
  const slot = takeSlot(arena);
  const a = slotAddress(arena, slot);
  const b = a + (<usize>side << 6);
  const row = half + <usize>chunk * (<usize>side << 5);
  const own = factors + <usize>chunk * (<usize>side << 5);
  firstOfHalf(row, row + 16, 32, plan, a);
  const last = middlePasses(plan, a, b);
  const z = last == a ? b : a;
  lastOfAll(last, plan, z);
  let sum = f64x2.splat(0);
  // The row of frequency 0 has no mirror image.
  const weights = chunk == 0 ? f32x4(1, 2, 2, 2) : f32x4.splat(2);
  for (let at = z, f = own, end = z + (<usize>side << 6); at < end; ) {
    let part = f32x4.splat(0);
    for (let i = 0; i < 8; i++) {
      const re = v128.load(at);
      const im = v128.load(at, 16);
      part = f32x4.add(part, f32x4.mul(v128.load(f), f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im))));
      at += 32;
      f += 16;
    }
    part = f32x4.mul(part, weights);
    sum = f64x2.add(sum, f64x2.promote_low_f32x4(part));
    sum = f64x2.add(sum, f64x2.promote_low_f32x4(v128.shuffle<i64>(part, part, 1, 0)));
  }
  store<f64>(sums + (<usize>chunk << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
  firstInverseScaled(z, own, plan, last);
  lastOfHalf(middlePasses(plan, last, z), plan, row + 16, row, 32);
  freeSlot(arena, slot);
}

/** Back along y to 8 columns of the potential, twice its value. */
export function inverseColumns(chunk: i32, half: usize, side: i32, plan: usize, grid: usize, arena: usize): void {
  const slot = takeSlot(arena);
  const a = slotAddress(arena, slot);
  const bytes = <usize>side << 6;
  const b = a + bytes;
  const groupBytes = <usize>side << 5;
  let from = half + (<usize>chunk << 8);
  for (let k: usize = 0; k < <usize>side; k += 4) {
    // Lanes of `b` are columns again: A of columns 0..3, B of columns 4..7.
    storeTransposed(v128.load(from), v128.load(from, 32), v128.load(from, 64), v128.load(from, 96), b, 64);
    storeTransposed(v128.load(from, 16), v128.load(from, 48), v128.load(from, 80), v128.load(from, 112), b + 16, 64);
    storeTransposed(v128.load(from, 128), v128.load(from, 160), v128.load(from, 192), v128.load(from, 224), b + 32, 64);
    storeTransposed(v128.load(from, 144), v128.load(from, 176), v128.load(from, 208), v128.load(from, 240), b + 48, 64);
    // Exchanged parts, for the inverse.
    for (let i: usize = 0; i < 4; i++) {
      const at = b + (i << 6);
      const ar = v128.load(at);
      const ai = v128.load(at, 16);
      const br = v128.load(at, 32);
      const bi = v128.load(at, 48);
      const to = a + ((k + i) << 5);
      v128.store(to, f32x4.add(ai, br));
      v128.store(to, f32x4.sub(ar, bi), 16);
      if (k + i > 0) {
        const mirror = a + bytes - ((k + i) << 5);
        v128.store(mirror, f32x4.sub(br, ai));
        v128.store(mirror, f32x4.add(ar, bi), 16);
      }
    }
    from += groupBytes;
  }
  v128.store(a + (bytes >> 1), i32x4.splat(0));
  v128.store(a + (bytes >> 1), i32x4.splat(0), 16);
  firstOfAll(a, plan, b);
  const column = grid + (<usize>chunk << 5);
  lastOfHalf(middlePasses(plan, b, a), plan, column + 16, column, <usize>side << 2);
  freeSlot(arena, slot);
}

/** The gradient of the potential at each point, times -1/2: sum_j (y_i - y_j) / (1 + |y_i - y_j|^2)^2. */
export function gather(
  chunk: i32, points: usize, n: i32, perChunk: i32, left: f32, low: f32, scale: f32, grid: usize, side: i32,
  forces: usize,
): void {
  const row = <usize>side << 2;
  const factor: f32 = -0.25 * scale;
  const end = points + (<usize>min(n, (chunk + 1) * perChunk) << 3);
  let out = forces + (<usize>(chunk * perChunk) << 3);
  for (let at = points + (<usize>(chunk * perChunk) << 3); at < end; at += 8) {
    const u = (load<f32>(at) - left) * scale;
    const v = (load<f32>(at, 4) - low) * scale;
    const x = <i32>u;
    const y = <i32>v;
    const tx = f32x4.splat(u - <f32>x);
    const ty = f32x4.splat(v - <f32>y);
    const wy = splines(ty);
    const dy = slopes(ty);
    let node = grid + (<usize>((y - 1) * side + x - 1) << 2);
    let values = v128.load(node);
    let sum = f32x4.mul(values, v128.shuffle<i32>(wy, wy, 0, 0, 0, 0));
    let rise = f32x4.mul(values, v128.shuffle<i32>(dy, dy, 0, 0, 0, 0));
    node += row;
    values = v128.load(node);
    sum = f32x4.add(sum, f32x4.mul(values, v128.shuffle<i32>(wy, wy, 1, 1, 1, 1)));
    rise = f32x4.add(rise, f32x4.mul(values, v128.shuffle<i32>(dy, dy, 1, 1, 1, 1)));
    node += row;
    values = v128.load(node);
    sum = f32x4.add(sum, f32x4.mul(values, v128.shuffle<i32>(wy, wy, 2, 2, 2, 2)));
    rise = f32x4.add(rise, f32x4.mul(values, v128.shuffle<i32>(dy, dy, 2, 2, 2, 2)));
    node += row;
    values = v128.load(node);
    sum = f32x4.add(sum, f32x4.mul(values, v128.shuffle<i32>(wy, wy, 3, 3, 3, 3)));
    rise = f32x4.add(rise, f32x4.mul(values, v128.shuffle<i32>(dy, dy, 3, 3, 3, 3)));
    sum = f32x4.mul(sum, slopes(tx));
    rise = f32x4.mul(rise, splines(tx));
    const ab = f32x4.add(v128.shuffle<i32>(sum, rise, 0, 4, 1, 5), v128.shuffle<i32>(sum, rise, 2, 6, 3, 7));
    const xy = f32x4.add(ab, v128.shuffle<i64>(ab, ab, 1, 0));
    v128.store64_lane(out, f32x4.mul(xy, f32x4.splat(factor)), 0);
    out += 8;
  }
}

/**
 * The factors of `convolveRows`, first step: 8 columns of 1 / (1 + distance^2) between nodes, transformed along y.
 * `factors` has [y frequencies / 4][x][4], lanes by y frequency.
 */
export function kernelColumns(chunk: i32, side: i32, spacing: f32, plan: usize, factors: usize, arena: usize): void {
  const slot = takeSlot(arena);
  const a = slotAddress(arena, slot);
  const bytes = <usize>side << 6;
  const b = a + bytes;
  const length = side << 1;
  const square = spacing * spacing;
  for (let y = 0; y < length; y++) {
    const down = <f32>min(y, length - y);
    const to = a + (<usize>y << 5);
    for (let i = 0; i < 8; i++) {
      const x = chunk * 8 + i;
      const across = <f32>min(x, length - x);
      store<f32>(to + (<usize>i << 2), 1 / (1 + square * (down * down + across * across)));
    }
  }
  firstOfAll(a, plan, b);
  const last = middlePasses(plan, b, a);
  const z = last == a ? b : a;
  lastOfAll(last, plan, z);
  // Even columns have real transforms: two of them are the real and the imaginary parts.
  let out = factors + (<usize>chunk << 7);
  for (let k: usize = 0; k < <usize>side; k += 4) {
    const p = z + (k << 5);
    storeTransposed(v128.load(p), v128.load(p, 32), v128.load(p, 64), v128.load(p, 96), out, 16);
    storeTransposed(v128.load(p, 16), v128.load(p, 48), v128.load(p, 80), v128.load(p, 112), out + 64, 16);
    out += <usize>side << 5;
  }
  freeSlot(arena, slot);
}

/**
 * Second step: along x, two groups of rows at once; times `inverse` (f32 by frequency, the splines' own spectrum
 * undone) in both directions. `sums` gets per chunk the part of a point's potential that is its own.
 */
export function kernelRows(
  chunk: i32, side: i32, plan: usize, inverse: usize, own: usize, factors: usize, sums: usize, arena: usize,
): void {
  const slot = takeSlot(arena);
  const a = slotAddress(arena, slot);
  const bytes = <usize>side << 6;
  const b = a + bytes;
  const groupBytes = <usize>side << 5;
  const first = factors + <usize>(2 * chunk) * groupBytes;
  const second = first + groupBytes;
  for (let x: usize = 0; x < <usize>side << 1; x++) {
    v128.store(a + (x << 5), v128.load(first + (x << 4)));
    v128.store(a + (x << 5), v128.load(second + (x << 4)), 16);
  }
  firstOfAll(a, plan, b);
  const last = middlePasses(plan, b, a);
  const z = last == a ? b : a;
  lastOfAll(last, plan, z);
  const down = <usize>(chunk << 3) << 2;
  const y1 = v128.load(inverse + down);
  const y2 = v128.load(inverse + down, 16);
  const o1 = f32x4.mul(v128.load(own + down), chunk == 0 ? f32x4(1, 2, 2, 2) : f32x4.splat(2));
  const o2 = f32x4.mul(v128.load(own + down, 16), f32x4.splat(2));
  let sum: f64 = 0;
  for (let x: usize = 0; x < <usize>side << 1; x++) {
    const fx = v128.load32_splat(inverse + (x << 2));
    const one = f32x4.mul(f32x4.mul(v128.load(z + (x << 5)), y1), fx);
    const two = f32x4.mul(f32x4.mul(v128.load(z + (x << 5), 16), y2), fx);
    v128.store(first + (x << 4), one);
    v128.store(second + (x << 4), two);
    const part = f32x4.add(f32x4.mul(one, o1), f32x4.mul(two, o2));
    sum += <f64>load<f32>(own + (x << 2)) * <f64>(
      f32x4.extract_lane(part, 0) + f32x4.extract_lane(part, 1) + f32x4.extract_lane(part, 2) + f32x4.extract_lane(part, 3));
  }
  store<f64>(sums + (<usize>chunk << 3), sum);
  freeSlot(arena, slot);
}
