// Points sorted into clusters, so that a search may look at the nearest clusters only (inverted file; Sivic & Zisserman
// 2003, Jegou et al. 2011): k-means on a sample, then every point listed with the centres nearest to it.
import { createRandom } from '../random.ts';
import type { Team } from '../team.ts';
import { GROUP, type Points, packRow } from './points.ts';
import { Scanner } from './scan.ts';

const ITERATIONS = 5;
const SAMPLED_PER_CLUSTER = 32;
/** Queries of one call of the scanner. */
const JOB = 8_192;

/** Enough clusters that a few hold most neighbours, few enough that ranking them for every point is cheap. */
export function clusterCountFor(n: number): number {
  return Math.max(1, Math.min(4_096, Math.round(3 * Math.sqrt(n))));
}

export interface Clusters {
  readonly count: number;
  readonly centres: Points;
  /** n x width clusters, nearest centre first; each point belongs to its first. */
  readonly listed: Int32Array;
  readonly width: number;
}

/** Finds the clusters and lists the `width` nearest for every point. Yields the share done. */
export function* findClusters(
  points: Points,
  count: number,
  width: number,
  seed: number,
  team: Team,
): Generator<number, Clusters> {
  const { n, d } = points;
  const random = createRandom(seed);
  const centres: Points = {
    ...points,
    n: count,
    rows: team.allocate(count * d * 4),
    packed: team.allocate(Math.ceil(count / GROUP) * GROUP * d * 4),
    halves: team.allocate(count * 4),
  };
  const start = team.allocate(0);
  const sample = drawRows(n, Math.min(n, count * SAMPLED_PER_CLUSTER), random);
  const sampleRows = team.allocate(sample.length * d * 4);
  const selves = team.allocate(JOB * 4);
  team.int32(selves, JOB).fill(-1);
  const all = team.float32(points.rows, n * d);
  const sampled = team.float32(sampleRows, sample.length * d);
  for (const [i, row] of sample.entries()) sampled.set(all.subarray(row * d, (row + 1) * d), i * d);
  setCentres(centres, sampled.subarray(0, count * d), team);
  const nearest = { indices: new Int32Array(sample.length), halfSquares: new Float32Array(sample.length) };
  const scanner = new Scanner(centres, 1, JOB, team);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    for (let from = 0; from < sample.length; from += JOB) {
      scanner.search(
        { rows: sampleRows + from * d * 4, selves, count: Math.min(JOB, sample.length - from) },
        { indices: nearest.indices.subarray(from), halfSquares: nearest.halfSquares.subarray(from) },
      );
    }
    setCentres(centres, meansOf(sampled, nearest.indices, centres, team), team);
    yield (0.5 * (iteration + 1)) / ITERATIONS;
  }
  team.release(start);
  const listed = yield* listClusters(points, centres, width, team);
  return { count, centres, listed, width };
}

/** The `width` nearest centres of every point. Yields the share done, from a half on. */
export function* listClusters(
  points: Points,
  centres: Points,
  width: number,
  team: Team,
): Generator<number, Int32Array> {
  const { n, d } = points;
  const start = team.allocate(0);
  const selves = team.allocate(JOB * 4);
  team.int32(selves, JOB).fill(-1);
  const scanner = new Scanner(centres, width, JOB, team);
  const listed = new Int32Array(n * width);
  const halfSquares = new Float32Array(JOB * width);
  for (let from = 0; from < n; from += JOB) {
    const count = Math.min(JOB, n - from);
    scanner.search(
      { rows: points.rows + from * d * 4, selves, count },
      { indices: listed.subarray(from * width), halfSquares },
    );
    yield 0.5 + (0.5 * (from + count)) / n;
  }
  team.release(start);
  return listed;
}

/** `count` of n rows, none twice, in random order. */
export function drawRows(n: number, count: number, random: () => number): Int32Array {
  const rows = Int32Array.from({ length: n }, (_, row) => row);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (n - i));
    const held = rows[i]!;
    rows[i] = rows[j]!;
    rows[j] = held;
  }
  return rows.slice(0, count);
}

function setCentres({ n, d, rows, packed }: Points, values: Float32Array, team: Team): void {
  const rowView = team.float32(rows, n * d);
  const packedView = team.float32(packed, Math.ceil(n / GROUP) * GROUP * d);
  rowView.set(values);
  for (let row = 0; row < n; row++) packRow(rowView, row, d, packedView, row);
}

/** Means of the rows of each cluster; a cluster without rows stays where it is. */
function meansOf(
  rows: Float32Array,
  clusters: Int32Array,
  { n, d, rows: at }: Points,
  team: Team,
): Float32Array {
  const sums = new Float64Array(n * d);
  const counts = new Int32Array(n);
  for (const [row, cluster] of clusters.entries()) {
    counts[cluster]!++;
    for (let i = 0; i < d; i++) sums[cluster * d + i]! += rows[row * d + i]!;
  }
  const before = team.float32(at, n * d);
  return Float32Array.from(sums, (sum, i) => {
    const count = counts[Math.floor(i / d)]!;
    return count > 0 ? sum / count : before[i]!;
  });
}
