// t-SNE: everything that is done once or more per iteration, chunk by chunk. Points and forces are f32 pairs (x, y).
// Arrays are laid out by projection/tsne.ts and tsne-graph.ts. The graph is in rows of edges (i32 neighbour, f32 share of P), each
// row padded to a multiple of four with edges of a point to itself of share 0.
export {
  countBands, placeBands, sortByBand, spread, forwardColumns, convolveRows, inverseColumns, gather, kernelColumns,
  kernelRows,
} from './tsne-grid';
export {
  calibrate, sortRows, countIncoming, runningSum, fillIncoming, countEdges, writeEdges, moveEdges, entropy,
} from './tsne-graph';
export { rankNeighbours } from './tsne-quality';
import { log4 } from './tsne-graph';

@inline
function total4(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** Repulsive forces of all points on those of the chunk; f64[chunk] of `sums`: sum of 1 / (1 + d^2), own ones left out. */
export function exactForces(
  chunk: i32, points: usize, n: i32, perChunk: i32, forces: usize, sums: usize,
): void {
  const one = f32x4.splat(1);
  const whole = points + (<usize>(n & ~3) << 3);
  let sum: f64 = 0;
  for (let i = chunk * perChunk, end = min(n, i + perChunk); i < end; i++) {
    const own = points + (<usize>i << 3);
    const xi = v128.load32_splat(own);
    const yi = v128.load32_splat(own, 4);
    let fx = f32x4.splat(0);
    let fy = f32x4.splat(0);
    let z = f32x4.splat(0);
    for (let at = points; at < whole; at += 32) {
      const a = v128.load(at);
      const b = v128.load(at, 16);
      const dx = f32x4.sub(xi, v128.shuffle<i32>(a, b, 0, 2, 4, 6));
      const dy = f32x4.sub(yi, v128.shuffle<i32>(a, b, 1, 3, 5, 7));
      const q = f32x4.div(one, f32x4.add(one, f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy))));
      const q2 = f32x4.mul(q, q);
      z = f32x4.add(z, q);
      fx = f32x4.add(fx, f32x4.mul(q2, dx));
      fy = f32x4.add(fy, f32x4.mul(q2, dy));
    }
    let x = total4(fx);
    let y = total4(fy);
    let s = <f64>total4(z) - 1;
    for (let at = whole, last = points + (<usize>n << 3); at < last; at += 8) {
      const dx = load<f32>(own) - load<f32>(at);
      const dy = load<f32>(own, 4) - load<f32>(at, 4);
      const q: f32 = 1 / (1 + (dx * dx + dy * dy));
      s += <f64>q;
      x += q * q * dx;
      y += q * q * dy;
    }
    sum += s;
    const to = forces + (<usize>i << 3);
    store<f32>(to, x);
    store<f32>(to, y, 4);
  }
  store<f64>(sums + (<usize>chunk << 3), sum);
}

/** Nothing moves further than this in one step: with few points the learning rate is large. */
const LONGEST_STEP: f32 = 5;
/**
 * Gains grow where the gradient keeps its sign. They look at its running mean with this memory: an error of 0.5% in
 * the repulsion turns the sign of so many small gradients that gains of the bare one stay small, and 750 steps end 5%
 * above the KL divergence of exact forces.
 */
const MEMORY: f32 = 0.8;

/**
 * One step of gradient descent with momentum and gains (van der Maaten 2014) from `points` to `next`. `state` has
 * (velocity x, y, gain x, y, mean gradient x, y) by point. f64[8] of `stats` by chunk: sums of x and y, then min x, min y, max x, max y.
 */
export function descend(
  chunk: i32, points: usize, next: usize, n: i32, perChunk: i32, rows: usize, edges: usize, exaggeration: f32,
  forces: usize, inverseZ: f32, momentum: f32, rate: f32, state: usize, stats: usize,
): void {
  const one = f32x4.splat(1);
  let sumX: f64 = 0, sumY: f64 = 0;
  let minX = f32.MAX_VALUE, minY = f32.MAX_VALUE, maxX = -f32.MAX_VALUE, maxY = -f32.MAX_VALUE;
  for (let i = chunk * perChunk, last = min(n, i + perChunk); i < last; i++) {
    const here = <usize>i << 3;
    const x = load<f32>(points + here);
    const y = load<f32>(points + here, 4);
    const xi = f32x4.splat(x);
    const yi = f32x4.splat(y);
    let ax = f32x4.splat(0);
    let ay = f32x4.splat(0);
    const row = rows + (<usize>i << 2);
    const end = edges + (<usize>load<u32>(row, 4) << 3);
    for (let edge = edges + (<usize>load<u32>(row) << 3); edge < end; edge += 32) {
      const pair1 = v128.load(edge);
      const pair2 = v128.load(edge, 16);
      const share = v128.shuffle<i32>(pair1, pair2, 1, 3, 5, 7);
      let a = v128.load64_zero(points + (<usize>load<u32>(edge) << 3));
      let b = v128.load64_zero(points + (<usize>load<u32>(edge, 16) << 3));
      a = v128.load64_lane(points + (<usize>load<u32>(edge, 8) << 3), a, 1);
      b = v128.load64_lane(points + (<usize>load<u32>(edge, 24) << 3), b, 1);
      const dx = f32x4.sub(xi, v128.shuffle<i32>(a, b, 0, 2, 4, 6));
      const dy = f32x4.sub(yi, v128.shuffle<i32>(a, b, 1, 3, 5, 7));
      const pull = f32x4.div(share, f32x4.add(one, f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy))));
      ax = f32x4.add(ax, f32x4.mul(pull, dx));
      ay = f32x4.add(ay, f32x4.mul(pull, dy));
    }
    const gx = exaggeration * total4(ax) - load<f32>(forces + here) * inverseZ;
    const gy = exaggeration * total4(ay) - load<f32>(forces + here, 4) * inverseZ;
    const own = state + (<usize>i * 24);
    let vx = load<f32>(own);
    let vy = load<f32>(own, 4);
    let gainX = load<f32>(own, 8);
    let gainY = load<f32>(own, 12);
    const mx = MEMORY * load<f32>(own, 16) + (1 - MEMORY) * gx;
    const my = MEMORY * load<f32>(own, 20) + (1 - MEMORY) * gy;
    store<f32>(own, mx, 16);
    store<f32>(own, my, 20);
    gainX = mx * vx < 0 ? gainX + 0.2 : max<f32>(gainX * 0.8, 0.01);
    gainY = my * vy < 0 ? gainY + 0.2 : max<f32>(gainY * 0.8, 0.01);
    vx = momentum * vx - rate * gainX * gx;
    vy = momentum * vy - rate * gainY * gy;
    const length = sqrt<f32>(vx * vx + vy * vy);
    if (length > LONGEST_STEP) {
      vx *= LONGEST_STEP / length;
      vy *= LONGEST_STEP / length;
    }
    store<f32>(own, vx);
    store<f32>(own, vy, 4);
    store<f32>(own, gainX, 8);
    store<f32>(own, gainY, 12);
    const toX = x + vx;
    const toY = y + vy;
    store<f32>(next + here, toX);
    store<f32>(next + here, toY, 4);
    sumX += toX;
    sumY += toY;
    minX = min(minX, toX);
    minY = min(minY, toY);
    maxX = max(maxX, toX);
    maxY = max(maxY, toY);
  }
  const out = stats + (<usize>chunk << 6);
  store<f64>(out, sumX);
  store<f64>(out, sumY, 8);
  store<f64>(out, minX, 16);
  store<f64>(out, minY, 24);
  store<f64>(out, maxX, 32);
  store<f64>(out, maxY, 40);
}

/** f64[chunk] of `sums`: sum of P x log(1 + d^2) over the edges of the chunk's points. */
export function stretch(
  chunk: i32, points: usize, n: i32, perChunk: i32, rows: usize, edges: usize, sums: usize,
): void {
  const one = f32x4.splat(1);
  let sum: f64 = 0;
  for (let i = chunk * perChunk, last = min(n, i + perChunk); i < last; i++) {
    const here = points + (<usize>i << 3);
    const xi = v128.load32_splat(here);
    const yi = v128.load32_splat(here, 4);
    const row = rows + (<usize>i << 2);
    const end = edges + (<usize>load<u32>(row, 4) << 3);
    let part = f32x4.splat(0);
    for (let edge = edges + (<usize>load<u32>(row) << 3); edge < end; edge += 32) {
      const share = v128.shuffle<i32>(v128.load(edge), v128.load(edge, 16), 1, 3, 5, 7);
      let a = v128.load64_zero(points + (<usize>load<u32>(edge) << 3));
      let b = v128.load64_zero(points + (<usize>load<u32>(edge, 16) << 3));
      a = v128.load64_lane(points + (<usize>load<u32>(edge, 8) << 3), a, 1);
      b = v128.load64_lane(points + (<usize>load<u32>(edge, 24) << 3), b, 1);
      const dx = f32x4.sub(xi, v128.shuffle<i32>(a, b, 0, 2, 4, 6));
      const dy = f32x4.sub(yi, v128.shuffle<i32>(a, b, 1, 3, 5, 7));
      const stretched = f32x4.add(one, f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)));
      part = f32x4.add(part, f32x4.mul(share, log4(stretched)));
    }
    sum += <f64>total4(part);
  }
  store<f64>(sums + (<usize>chunk << 3), sum);
}

/** Moves every point by (x, y). */
export function shift(chunk: i32, points: usize, n: i32, perChunk: i32, x: f32, y: f32): void {
  const end = points + (<usize>min(n, (chunk + 1) * perChunk) << 3);
  for (let at = points + (<usize>(chunk * perChunk) << 3); at < end; at += 8) {
    store<f32>(at, load<f32>(at) + x);
    store<f32>(at, load<f32>(at, 4) + y, 4);
  }
}
