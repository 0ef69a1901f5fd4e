// Nearest neighbours among the points of the nearest clusters only. How many clusters it takes is read off a sample
// whose true neighbours are known.
import { createRandom } from '../random.ts';
import type { Team } from '../team.ts';
import { type Clusters, clusterCountFor, drawRows, findClusters, listClusters } from './clusters.ts';
import { allocateLists, clearLists, keptFor, type Settled, settleLists } from './lists.ts';
import { type Points, packRow } from './points.ts';
import { Scanner, scanRows } from './scan.ts';

/** Rows whose true neighbours are found first. */
const SAMPLE = 1_500;
/** Clusters listed for every point before it is known how many are wanted. */
const LISTED = 32;
/** Queries of one job, and of a chunk of it. */
const JOB = 16_384;
const TOGETHER = 256;

export interface ApproximateOptions {
  readonly k: number;
  /** Share of the true neighbours that are to be found, 0..1. */
  readonly recall: number;
  readonly seed: number;
  /** Give up (return null) when a brute-force search is expected to be no slower. */
  readonly isOnlyIfFaster: boolean;
}

export interface ApproximateResult {
  readonly found: Settled;
  /** Share of the true neighbours found, by the distance of the last, on the sample's second half. */
  readonly recall: number;
  readonly clusters: number;
  readonly probes: number;
}

/** Yields the share done. */
export function* searchApproximately(
  points: Points,
  options: ApproximateOptions,
  team: Team,
): Generator<number, ApproximateResult | null> {
  const { n } = points;
  const { k, recall, seed } = options;
  const start = team.allocate(0);
  const count = clusterCountFor(n);
  let clusters = yield* within(findClusters(points, count, Math.min(LISTED, count), seed, team), 0, 0.4);
  const sample = drawRows(n, Math.min(n, SAMPLE), createRandom(seed + 1));
  const truth = yield* within(counted(scanRows(points, sample, k, team), sample.length), 0.4, 0.5);
  const half = sample.length >> 1;
  const ranks = clusterRanks(points, clusters, sample, truth, k, team);
  // The first half is asked for a quarter less to be missed, since other rows are another draw; the second half, by
  // which the result is measured, for what was wanted.
  const probes = Math.min(
    count,
    1 +
      Math.max(
        shareOf(ranks.subarray(0, half * k), 1 - (1 - recall) * 0.75),
        shareOf(ranks.subarray(half * k), recall),
      ),
  );
  const layout = layClusters(points, clusters, team);
  if (options.isOnlyIfFaster && isExactNoSlower(n, probes, layout, clusters, sample)) {
    team.release(start);
    return null;
  }
  if (probes > clusters.width) {
    const listed = yield* within(listClusters(points, clusters.centres, probes, team), 0.5, 0.5);
    clusters = { ...clusters, listed, width: probes };
  }
  const found = { indices: new Int32Array(n * k), halfSquares: new Float32Array(n * k) };
  yield* within(probe(points, clusters, layout, probes, k, team, found), 0.5, 1);
  yield* completeShortRows(points, found, k, team);
  team.release(start);
  return { found, recall: recallOf(truth, found, sample, half, k), clusters: count, probes };
}

/** For every true neighbour of the sampled rows: how many centres are nearer to the row than its cluster's. */
function clusterRanks(
  points: Points,
  { count, centres, listed, width }: Clusters,
  sample: Int32Array,
  truth: Settled,
  k: number,
  team: Team,
): Int32Array {
  const { d } = points;
  const start = team.allocate(0);
  const queries = team.allocate(sample.length * d * 4);
  const selves = team.allocate(sample.length * 4);
  team.int32(selves, sample.length).fill(-1);
  for (const [i, row] of sample.entries()) {
    team.float32(queries + i * d * 4, d).set(team.float32(points.rows + row * d * 4, d));
  }
  const order = {
    indices: new Int32Array(sample.length * count),
    halfSquares: new Float32Array(sample.length * count),
  };
  new Scanner(centres, count, sample.length, team).search(
    { rows: queries, selves, count: sample.length },
    order,
  );
  team.release(start);
  const rankOf = new Int32Array(count);
  const ranks = new Int32Array(sample.length * k);
  for (let i = 0; i < sample.length; i++) {
    for (let rank = 0; rank < count; rank++) rankOf[order.indices[i * count + rank]!] = rank;
    for (let j = i * k; j < (i + 1) * k; j++) ranks[j] = rankOf[listed[truth.indices[j]! * width]!]!;
  }
  return ranks;
}

/** The least rank that so large a share of the ranks does not exceed. */
function shareOf(ranks: Int32Array, share: number): number {
  return ranks.toSorted()[Math.min(ranks.length, Math.ceil(share * ranks.length)) - 1] ?? 0;
}

/** The points packed cluster by cluster, each cluster filled up to a multiple of eight. */
interface Layout {
  readonly starts: number;
  readonly packed: number;
  readonly pointIds: number;
  readonly pointHalves: number;
  /** Rows in the order of their clusters. */
  readonly order: Int32Array;
  readonly sizes: Int32Array;
}

function layClusters({ n, d, rows }: Points, { count, listed, width }: Clusters, team: Team): Layout {
  const sizes = new Int32Array(count);
  for (let row = 0; row < n; row++) sizes[listed[row * width]!]!++;
  const starts = team.allocate((count + 1) * 4);
  const startView = team.int32(starts, count + 1);
  const next = new Int32Array(count);
  for (let cluster = 0; cluster < count; cluster++) {
    startView[cluster + 1] = startView[cluster]! + Math.ceil(sizes[cluster]! / 8) * 8;
    next[cluster] = startView[cluster]!;
  }
  const places = startView[count]!;
  const packed = team.allocate(places * d * 4);
  const pointIds = team.allocate(places * 4);
  const pointHalves = team.allocate(places * 4);
  const rowView = team.float32(rows, n * d);
  const packedView = team.float32(packed, places * d);
  const idView = team.int32(pointIds, places).fill(-1);
  const halfView = team.float32(pointHalves, places).fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row < n; row++) {
    const place = next[listed[row * width]!]!++;
    halfView[place] = packRow(rowView, row, d, packedView, place);
    idView[place] = row;
  }
  return { starts, packed, pointIds, pointHalves, order: idView.filter((row) => row >= 0), sizes };
}

/** What multiplying a point and a query of a cluster costs beside one of a block that meets another as a whole. */
const PROBE_COST = 1.5;

function isExactNoSlower(
  n: number,
  probes: number,
  { sizes }: Layout,
  { listed, width }: Clusters,
  sample: Int32Array,
): boolean {
  let scanned = 0;
  for (const row of sample) {
    for (let i = 0; i < Math.min(probes, width); i++) scanned += sizes[listed[row * width + i]!]!;
  }
  const perRow = (scanned / sample.length) * (probes / Math.min(probes, width));
  return perRow * PROBE_COST >= n / 2;
}

function* probe(
  points: Points,
  { count, listed, width }: Clusters,
  layout: Layout,
  probes: number,
  k: number,
  team: Team,
  out: Settled,
): Generator<number, void> {
  const { n, d } = points;
  const start = team.allocate(0);
  const size = Math.min(JOB, n);
  const queryIds = team.allocate(size * 4);
  const queryRows = team.allocate(size * d * 4);
  const lists = allocateLists(team, size, keptFor(k, n));
  const near = team.allocate(size * probes * 4);
  const scratchBytes = Math.ceil((4 * (count + TOGETHER * probes) + 16 * d + 160) / 64) * 64;
  const scratch = team.allocate(Math.ceil(size / TOGETHER) * scratchBytes);
  const settled = { indices: new Int32Array(size * k), halfSquares: new Float32Array(size * k) };
  for (let from = 0; from < n; from += JOB) {
    const job = layout.order.subarray(from, from + JOB);
    const all = team.float32(points.rows, n * d);
    const rows = team.float32(queryRows, size * d);
    const nearView = team.int32(near, size * probes);
    for (const [i, row] of job.entries()) {
      rows.set(all.subarray(row * d, (row + 1) * d), i * d);
      nearView.set(listed.subarray(row * width, row * width + probes), i * probes);
    }
    team.int32(queryIds, job.length).set(job);
    clearLists(team, lists, job.length);
    team.run(
      'probeClusters',
      Math.ceil(job.length / TOGETHER),
      ...[TOGETHER, job.length, queryIds, points.rows, points.halves, d, near, probes, probes, count],
      ...[layout.starts, layout.packed, layout.pointIds, layout.pointHalves, scratch, scratchBytes],
      ...[lists.found, lists.counts, lists.worst, lists.capacity, lists.kept],
    );
    settleLists(team, points, lists, { rows: queryRows, count: job.length }, k, settled);
    for (const [i, row] of job.entries()) {
      out.indices.set(settled.indices.subarray(i * k, (i + 1) * k), row * k);
      out.halfSquares.set(settled.halfSquares.subarray(i * k, (i + 1) * k), row * k);
    }
    yield (from + job.length) / n;
  }
  team.release(start);
}

/** Searches rows whose clusters held fewer than k points among all points. */
function* completeShortRows(points: Points, found: Settled, k: number, team: Team): Generator<number, void> {
  const short: number[] = [];
  for (let row = 0; row < points.n; row++) if (found.indices[(row + 1) * k - 1]! < 0) short.push(row);
  const full = yield* within(scanRows(points, Int32Array.from(short), k, team), 1, 1);
  for (const [i, row] of short.entries()) {
    found.indices.set(full.indices.subarray(i * k, (i + 1) * k), row * k);
    found.halfSquares.set(full.halfSquares.subarray(i * k, (i + 1) * k), row * k);
  }
}

/** Of the sampled rows from `first` on: the share of their k nearest that were found; ties count as found. */
function recallOf(truth: Settled, found: Settled, sample: Int32Array, first: number, k: number): number {
  let hits = 0;
  for (let i = first; i < sample.length; i++) {
    const last = truth.halfSquares[(i + 1) * k - 1]!;
    const row = sample[i]!;
    for (let j = row * k; j < (row + 1) * k; j++) if (found.halfSquares[j]! <= last) hits++;
  }
  return hits / Math.max(1, (sample.length - first) * k);
}

function* counted<T>(steps: Generator<number, T>, total: number): Generator<number, T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    yield value / total;
  }
}

/** The steps' shares, as a stretch of a whole. */
function* within<T>(steps: Generator<number, T>, from: number, to: number): Generator<number, T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    yield from + (to - from) * value;
  }
}
