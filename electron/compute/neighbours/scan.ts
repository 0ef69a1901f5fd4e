// Exact search for some queries among all points, by differences: no rounding hides a near neighbour. For a few
// queries at a time, where meeting all with all (exact.ts) would be too much or too coarse.
import type { Team } from '../team.ts';
import { allocateLists, clearLists, keptFor, type Settled, settleLists } from './lists.ts';
import type { Points } from './points.ts';

/** Queries of one job: bounds the memory, and the time until progress can be told. */
const JOB = 512;
/** Queries of a chunk share the points that are in the cache. */
const TOGETHER = 8;

/** Searches the k nearest points for jobs of up to `size` queries; its memory is the caller's to give back. */
export class Scanner {
  private readonly team: Team;
  private readonly points: Points;
  private readonly k: number;
  private readonly lists;
  private readonly scratch: number;

  constructor(points: Points, k: number, size: number, team: Team) {
    this.team = team;
    this.points = points;
    this.k = k;
    this.lists = allocateLists(team, size, keptFor(k, points.n));
    this.scratch = team.allocate(Math.ceil(size / TOGETHER) * 64);
  }

  /** @param queries Offsets: rows of d float32, and the point that each is not to find (int32, -1 for none). */
  search(
    queries: { readonly rows: number; readonly selves: number; readonly count: number },
    out: Settled,
  ): void {
    const { team, points, lists } = this;
    clearLists(team, lists, queries.count);
    team.run(
      'scanPoints',
      Math.ceil(queries.count / TOGETHER),
      ...[TOGETHER, queries.count, queries.rows, queries.selves, 1, points.n, points.d, points.packed],
      ...[this.scratch, lists.found, lists.counts, lists.worst, lists.capacity, lists.kept],
    );
    settleLists(team, points, lists, queries, this.k, out);
  }
}

/** The k nearest points of the given rows, themselves left out; equal distances by lower index. Yields rows done. */
export function* scanRows(
  points: Points,
  rows: Int32Array,
  k: number,
  team: Team,
): Generator<number, Settled> {
  const { n, d } = points;
  const result = {
    indices: new Int32Array(rows.length * k),
    halfSquares: new Float32Array(rows.length * k),
  };
  const start = team.allocate(0);
  const size = Math.min(JOB, rows.length);
  const queries = team.allocate(size * d * 4);
  const selves = team.allocate(size * 4);
  const scanner = new Scanner(points, k, size, team);
  const all = team.float32(points.rows, n * d);
  for (let from = 0; from < rows.length; from += JOB) {
    const job = rows.subarray(from, from + JOB);
    const queryView = team.float32(queries, size * d);
    for (const [i, row] of job.entries()) queryView.set(all.subarray(row * d, (row + 1) * d), i * d);
    team.int32(selves, job.length).set(job);
    scanner.search({ rows: queries, selves, count: job.length }, fromRow(result, from, k));
    yield from + job.length;
  }
  team.release(start);
  return result;
}

/** The same answers, from query `row` on. */
export function fromRow({ indices, halfSquares }: Settled, row: number, k: number): Settled {
  return { indices: indices.subarray(row * k), halfSquares: halfSquares.subarray(row * k) };
}

/** Points of one chunk: enough work to be worth a thread's while. */
const STRETCH = 2_048;

/**
 * The k nearest points of one query.
 * @param query As `points.convert` makes it.
 * @param self The row that the query is, or -1.
 */
export function scanOne(points: Points, query: Float32Array, self: number, k: number, team: Team): Settled {
  const { n, d } = points;
  const parts = Math.max(1, Math.round(n / STRETCH));
  const start = team.allocate(0);
  const queryAt = team.allocate(d * 4);
  const selfAt = team.allocate(4);
  const scratch = team.allocate(parts * 64);
  const lists = allocateLists(team, parts, keptFor(k, n));
  const { found, counts, worst, capacity, kept } = lists;
  team.float32(queryAt, d).set(query);
  team.int32(selfAt, 1)[0] = self;
  clearLists(team, lists);
  team.run(
    'scanPoints',
    parts,
    ...[1, 1, queryAt, selfAt, parts, n, d, points.packed],
    ...[scratch, found, counts, worst, capacity, kept],
  );
  const held = team.int32(counts, parts).slice();
  const total = held.reduce((sum, count) => sum + count, 0);
  const merged = { ...lists, capacity: total, found: team.allocate(total * 8) };
  const into = team.float64(merged.found, total);
  let filled = 0;
  for (const [part, count] of held.entries()) {
    // Keys are 64 bits that are moved, never read as numbers.
    into.set(team.float64(found + part * capacity * 8, count), filled);
    filled += count;
  }
  team.int32(counts, 1)[0] = total;
  const result = { indices: new Int32Array(k), halfSquares: new Float32Array(k) };
  settleLists(team, points, merged, { rows: queryAt, count: 1 }, k, result);
  team.release(start);
  return result;
}
