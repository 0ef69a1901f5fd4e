// k-means on a few rows: the centres of one class.
import type { Features } from './features.ts';

export interface KMeans {
  /** K x D, row-major. */
  readonly centres: Float32Array;
  readonly k: number;
  /** Rows nearest to each centre. */
  readonly sizes: Int32Array;
}

const MAX_ROUNDS = 100;

/**
 * Lloyd's algorithm from k-means++ seeds (Arthur & Vassilvitskii 2007) on the given rows, squared euclidean distance;
 * ends when no row changes its centre. Fewer than k distinct rows give fewer centres; no rows give none. For cosine
 * give rows of length 1: their squared distance is twice the cosine distance.
 */
export function kMeans({ features, d }: Features, rows: Int32Array, k: number, random: () => number): KMeans {
  const nearest = new Int32Array(rows.length).fill(-1);
  const centres = seedCentres(features, d, rows, k, random);
  const found = centres.length / d;
  const sizes = new Int32Array(found);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let hasChanged = false;
    for (let i = 0; i < rows.length; i++) {
      const centre = nearestCentre(features, rows[i]! * d, centres, d).centre;
      if (centre !== nearest[i]) hasChanged = true;
      nearest[i] = centre;
    }
    if (!hasChanged) break;
    const sums = new Float64Array(found * d);
    sizes.fill(0);
    for (let i = 0; i < rows.length; i++) {
      const centre = nearest[i]!;
      sizes[centre]!++;
      for (let j = 0; j < d; j++) sums[centre * d + j]! += features[rows[i]! * d + j]!;
    }
    for (let c = 0; c < found; c++) {
      // A centre that lost all its rows stays where it was.
      if (sizes[c] === 0) continue;
      for (let j = 0; j < d; j++) centres[c * d + j] = sums[c * d + j]! / sizes[c]!;
    }
  }
  return { centres, k: found, sizes };
}

/** The centre nearest to the D values from `start`, and the squared distance to it; -1 and infinity for no centres. */
export function nearestCentre(
  features: Float32Array,
  start: number,
  centres: Float32Array,
  d: number,
): { centre: number; squared: number } {
  let centre = -1;
  let squared = Number.POSITIVE_INFINITY;
  for (let c = 0; c * d < centres.length; c++) {
    const distance = squaredDistance(features, start, centres, c * d, d);
    if (distance < squared) {
      squared = distance;
      centre = c;
    }
  }
  return { centre, squared };
}

export function squaredDistance(
  a: Float32Array,
  aStart: number,
  b: Float32Array,
  bStart: number,
  d: number,
): number {
  let sum = 0;
  for (let j = 0; j < d; j++) {
    const difference = a[aStart + j]! - b[bStart + j]!;
    sum += difference * difference;
  }
  return sum;
}

/** Each seed is a row drawn with a chance in proportion to its squared distance from the seeds before it. */
function seedCentres(
  features: Float32Array,
  d: number,
  rows: Int32Array,
  k: number,
  random: () => number,
): Float32Array {
  const seeds: number[] = [];
  const squared = new Float64Array(rows.length).fill(1);
  while (seeds.length < k) {
    const total = squared.reduce((sum, value) => sum + value, 0);
    if (!(total > 0)) break;
    let left = random() * total;
    let pick = 0;
    for (; pick < rows.length - 1; pick++) {
      left -= squared[pick]!;
      if (left < 0) break;
    }
    // Rounding can end the walk on a row that is a seed already.
    while (squared[pick] === 0) pick = (pick + 1) % rows.length;
    const seed = rows[pick]!;
    seeds.push(seed);
    const isFirst = seeds.length === 1;
    for (let i = 0; i < rows.length; i++) {
      const distance = squaredDistance(features, rows[i]! * d, features, seed * d, d);
      squared[i] = isFirst ? distance : Math.min(squared[i]!, distance);
    }
  }
  const centres = new Float32Array(seeds.length * d);
  for (const [at, seed] of seeds.entries()) centres.set(features.subarray(seed * d, (seed + 1) * d), at * d);
  return centres;
}
