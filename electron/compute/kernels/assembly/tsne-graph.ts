// The joint probabilities of t-SNE from a k-nearest-neighbour graph: widths of the Gaussians by perplexity, then
// P = (conditional + its transpose) / 2n as rows of edges (i32 neighbour, f32 share).
import { freeSlot, slotAddress, takeSlot } from './tsne-grid';

/** Natural logarithm of positive numbers, error about 1e-7 (the polynomial of Cephes' logf). */
@inline
export function log4(x: v128): v128 {
  // Mantissa in [sqrt(1/2), sqrt(2)).
  const shifted = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const exponent = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
  const mantissa = i32x4.add(v128.and(shifted, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const f = f32x4.sub(mantissa, f32x4.splat(1));
  const square = f32x4.mul(f, f);
  let p = f32x4.add(f32x4.mul(f32x4.splat(7.0376836292e-2), f), f32x4.splat(-1.1514610310e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.1676998740e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.2420140846e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.4249322787e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.6668057665e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(2.0000714765e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-2.4999993993e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(3.3333331174e-1));
  let y = f32x4.mul(f32x4.mul(p, f), square);
  y = f32x4.add(y, f32x4.mul(exponent, f32x4.splat(-2.12194440e-4)));
  y = f32x4.sub(y, f32x4.mul(square, f32x4.splat(0.5)));
  return f32x4.add(f32x4.add(f, y), f32x4.mul(exponent, f32x4.splat(0.693359375)));
}

/** Exponential of numbers <= 0, error about 1e-7 (the polynomial of Cephes' expf); 0 below -87. */
@inline
function exp4(x: v128): v128 {
  const isSeen = f32x4.gt(x, f32x4.splat(-87));
  const at = f32x4.max(x, f32x4.splat(-87));
  const power = f32x4.floor(f32x4.add(f32x4.mul(at, f32x4.splat(1.44269504088896341)), f32x4.splat(0.5)));
  let r = f32x4.sub(at, f32x4.mul(power, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(power, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.add(f32x4.mul(f32x4.splat(1.9875691500e-4), r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1));
  const scale = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(power), i32x4.splat(127)), 23);
  return v128.and(f32x4.mul(p, scale), isSeen);
}

@inline
function total4(v: v128): f64 {
  return <f64>(f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3)));
}

/** Stands in for a distance where a row's length is no multiple of four: its weight is 0. */
const FAR: f32 = 1e30;
const WIDEST: f64 = 1e30;

/**
 * Squared distances f32[n x k] to conditional probabilities, in place: Gaussians whose entropy is log(perplexity)
 * within 1e-5, by Newton's method kept inside a bracket. The slots must hold a row.
 */
export function calibrate(
  chunk: i32, distances: usize, n: i32, k: i32, perChunk: i32, perplexity: f64, arena: usize,
): void {
  const slot = takeSlot(arena);
  const row = slotAddress(arena, slot);
  const target = Math.log(perplexity);
  const bytes = <usize>k << 2;
  const padded = (bytes + 15) & ~15;
  for (let i = chunk * perChunk, last = min(n, i + perChunk); i < last; i++) {
    const own = distances + <usize>i * bytes;
    let nearest = f32.MAX_VALUE;
    for (let at = own; at < own + bytes; at += 4) nearest = min(nearest, load<f32>(at));
    let mean: f64 = 0;
    for (let at: usize = 0; at < padded; at += 4) {
      const d = at < bytes ? load<f32>(own + at) - nearest : FAR;
      if (at < bytes) mean += d;
      store<f32>(row + at, d);
    }
    let beta = mean > 0 ? min(WIDEST, <f64>k / mean) : 1;
    let low: f64 = 0;
    let high: f64 = Infinity;
    let sum: f64 = 0;
    for (let round = 0; round < 100; round++) {
      const b = f32x4.splat(-<f32>beta);
      let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0);
      for (let at = row; at < row + padded; at += 16) {
        const d = v128.load(at);
        const p = exp4(f32x4.mul(d, b));
        const dp = f32x4.mul(d, p);
        s0 = f32x4.add(s0, p);
        s1 = f32x4.add(s1, dp);
        s2 = f32x4.add(s2, f32x4.mul(d, dp));
      }
      sum = total4(s0);
      const expected = total4(s1) / sum;
      const excess = Math.log(sum) + beta * expected - target;
      if (abs(excess) < 1e-5) break;
      if (excess > 0) low = beta;
      else high = beta;
      if (low >= WIDEST) break;
      const next = beta + excess / (beta * (total4(s2) / sum - expected * expected));
      if (next > low && next < high && next < 16 * beta) beta = next;
      else beta = high == Infinity ? min(WIDEST, 2 * beta) : 0.5 * (low + high);
    }
    const b = f32x4.splat(-<f32>beta);
    const scale = f32x4.splat(<f32>(1 / sum));
    for (let at = row; at < row + padded; at += 16) {
      v128.store(at, f32x4.mul(exp4(f32x4.mul(v128.load(at), b)), scale));
    }
    memory.copy(own, row, bytes);
  }
  freeSlot(arena, slot);
}

/** Each row's neighbours i32[n x k] in ascending order, their probabilities with them (Shell's sort). */
export function sortRows(chunk: i32, neighbours: usize, probabilities: usize, n: i32, k: i32, perChunk: i32): void {
  for (let i = chunk * perChunk, last = min(n, i + perChunk); i < last; i++) {
    const ids = neighbours + (<usize>(<u32>i * <u32>k) << 2);
    const ps = probabilities + (<usize>(<u32>i * <u32>k) << 2);
    for (let gap = k > 13 ? 13 : k > 4 ? 4 : 1; gap > 0; gap = gap == 13 ? 4 : gap == 4 ? 1 : 0) {
      for (let at = gap; at < k; at++) {
        const id = load<i32>(ids + (<usize>at << 2));
        const p = load<f32>(ps + (<usize>at << 2));
        let to = at;
        while (to >= gap) {
          const before = load<i32>(ids + (<usize>(to - gap) << 2));
          if (before <= id) break;
          store<i32>(ids + (<usize>to << 2), before);
          store<f32>(ps + (<usize>to << 2), load<f32>(ps + (<usize>(to - gap) << 2)));
          to -= gap;
        }
        store<i32>(ids + (<usize>to << 2), id);
        store<f32>(ps + (<usize>to << 2), p);
      }
    }
  }
}

/** How often each of the chunk's points is a neighbour: i32[n] of `counts`. */
export function countIncoming(chunk: i32, neighbours: usize, n: i32, k: i32, perChunk: i32, counts: usize): void {
  const first = <u32>(chunk * perChunk);
  const some = <u32>min(n, chunk * perChunk + perChunk) - first;
  memory.fill(counts + (<usize>first << 2), 0, <usize>some << 2);
  const end = neighbours + (<usize>(<u32>n * <u32>k) << 2);
  for (let at = neighbours; at < end; at += 4) {
    const j = load<u32>(at);
    if (j - first < some) {
      const count = counts + (<usize>j << 2);
      store<i32>(count, load<i32>(count) + 1);
    }
  }
}

/** Counts i32[n] to where each begins, in place and as u32[n + 1] of `starts`. */
export function runningSum(_: i32, counts: usize, n: i32, starts: usize): void {
  let next: u32 = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    const count = load<u32>(counts + (i << 2));
    store<u32>(counts + (i << 2), next);
    store<u32>(starts + (i << 2), next);
    next += count;
  }
  store<u32>(starts + (<usize>n << 2), next);
}

/** Edges (i32 whose neighbour, f32 probability) by target, sources ascending. `next` is where each row begins. */
export function fillIncoming(
  chunk: i32, neighbours: usize, probabilities: usize, n: i32, k: i32, perChunk: i32, next: usize, incoming: usize,
): void {
  const first = <u32>(chunk * perChunk);
  const some = <u32>min(n, chunk * perChunk + perChunk) - first;
  let at = neighbours;
  let p = probabilities;
  for (let i = 0; i < n; i++) {
    for (const end = at + (<usize>k << 2); at < end; at += 4, p += 4) {
      const j = load<u32>(at);
      if (j - first < some) {
        const place = next + (<usize>j << 2);
        const to = load<u32>(place);
        store<u32>(place, to + 1);
        store<i32>(incoming + (<usize>to << 3), i);
        store<f32>(incoming + (<usize>to << 3), load<f32>(p), 4);
      }
    }
  }
}

/** Edges of each of the chunk's points, both directions, padded to a multiple of four: i32[n] of `counts`. */
export function countEdges(
  chunk: i32, neighbours: usize, n: i32, k: i32, perChunk: i32, starts: usize, incoming: usize, counts: usize,
): void {
  for (let i = chunk * perChunk, last = min(n, i + perChunk); i < last; i++) {
    let out = neighbours + (<usize>(<u32>i * <u32>k) << 2);
    const outEnd = out + (<usize>k << 2);
    let into = incoming + (<usize>load<u32>(starts + (<usize>i << 2)) << 3);
    const intoEnd = incoming + (<usize>load<u32>(starts + (<usize>i << 2), 4) << 3);
    let count = k + <i32>((intoEnd - into) >> 3);
    while (out < outEnd && into < intoEnd) {
      const a = load<i32>(out);
      const b = load<i32>(into);
      if (a == b) count--;
      if (a <= b) out += 4;
      if (b <= a) into += 8;
    }
    store<i32>(counts + (<usize>i << 2), (count + 3) & ~3);
  }
}

/** Both directions of each edge together, times `scale`. `rows` u32[n + 1]: where rows of `edges` begin. */
export function writeEdges(
  chunk: i32, neighbours: usize, probabilities: usize, n: i32, k: i32, perChunk: i32, starts: usize, incoming: usize,
  rows: usize, edges: usize, scale: f32,
): void {
  for (let i = chunk * perChunk, last = min(n, i + perChunk); i < last; i++) {
    let out = neighbours + (<usize>(<u32>i * <u32>k) << 2);
    let p = probabilities + (<usize>(<u32>i * <u32>k) << 2);
    const outEnd = out + (<usize>k << 2);
    let into = incoming + (<usize>load<u32>(starts + (<usize>i << 2)) << 3);
    const intoEnd = incoming + (<usize>load<u32>(starts + (<usize>i << 2), 4) << 3);
    let to = edges + (<usize>load<u32>(rows + (<usize>i << 2)) << 3);
    const end = edges + (<usize>load<u32>(rows + (<usize>i << 2), 4) << 3);
    while (out < outEnd || into < intoEnd) {
      const a = out < outEnd ? load<i32>(out) : i32.MAX_VALUE;
      const b = into < intoEnd ? load<i32>(into) : i32.MAX_VALUE;
      let share: f32 = 0;
      if (a <= b) {
        share += load<f32>(p);
        out += 4;
        p += 4;
      }
      if (b <= a) {
        share += load<f32>(into, 4);
        into += 8;
      }
      store<i32>(to, min(a, b));
      store<f32>(to, share * scale, 4);
      to += 8;
    }
    for (; to < end; to += 8) {
      store<i32>(to, i);
      store<f32>(to, 0, 4);
    }
  }
}

/** The graph with its points renumbered: new row i is the old row `order[i]`, old point j is now `place[j]`. */
export function moveEdges(
  chunk: i32, n: i32, perChunk: i32, order: usize, place: usize, rows: usize, edges: usize, newRows: usize,
  newEdges: usize,
): void {
  for (let i = chunk * perChunk, last = min(n, i + perChunk); i < last; i++) {
    const row = rows + (<usize>load<u32>(order + (<usize>i << 2)) << 2);
    let to = newEdges + (<usize>load<u32>(newRows + (<usize>i << 2)) << 3);
    const end = edges + (<usize>load<u32>(row, 4) << 3);
    for (let at = edges + (<usize>load<u32>(row) << 3); at < end; at += 8) {
      store<i32>(to, load<i32>(place + (<usize>load<u32>(at) << 2)));
      store<f32>(to, load<f32>(at, 4), 4);
      to += 8;
    }
  }
}

/** f64[2] of `sums` by chunk: sum of P log P, and of P, over the edges of the chunk's points. */
export function entropy(chunk: i32, n: i32, perChunk: i32, rows: usize, edges: usize, sums: usize): void {
  let sum: f64 = 0;
  let mass: f64 = 0;
  const from = load<u32>(rows + (<usize>(chunk * perChunk) << 2));
  const to = load<u32>(rows + (<usize>min(n, (chunk + 1) * perChunk) << 2));
  for (let at = edges + (<usize>from << 3), end = edges + (<usize>to << 3); at < end; at += 32) {
    const share = v128.shuffle<i32>(v128.load(at), v128.load(at, 16), 1, 3, 5, 7);
    sum += total4(f32x4.mul(share, log4(share)));
    mass += total4(share);
  }
  store<f64>(sums + (<usize>chunk << 4), sum);
  store<f64>(sums + (<usize>chunk << 4), mass, 8);
}
