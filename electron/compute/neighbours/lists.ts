// What a search has found so far, in a team's memory: for every query a slot of candidates (assembly/neighbours.ts).
import type { Team } from '../team.ts';
import type { Points } from './points.ts';

export interface CandidateLists {
  readonly slots: number;
  /** Candidates that are never dropped: more than asked for, since some distances are rounded. */
  readonly kept: number;
  readonly capacity: number;
  readonly found: number;
  readonly counts: number;
  readonly worst: number;
}

/** How many candidates are kept to be sure of k. */
export function keptFor(k: number, n: number): number {
  return Math.max(1, Math.min(n, k + Math.max(8, k >> 3)));
}

/** Room for `slots` queries; `clearLists` before use. Takes about 14 bytes for every candidate kept. */
export function allocateLists(team: Team, slots: number, kept: number): CandidateLists {
  const capacity = kept + Math.max(32, Math.round((kept * 2) / 3));
  return {
    slots,
    kept,
    capacity,
    found: team.allocate(slots * capacity * 8),
    counts: team.allocate(slots * 4),
    worst: team.allocate(slots * 4),
  };
}

export function clearLists(team: Team, lists: CandidateLists, slots = lists.slots): void {
  team.int32(lists.counts, slots).fill(0);
  team.float32(lists.worst, slots).fill(Number.POSITIVE_INFINITY);
}

/** Queries of one call of `settle`, and of one chunk of it. */
const TOGETHER = 256;

export interface Settled {
  /** `queries` x k, nearest first; -1 where there were fewer. */
  readonly indices: Int32Array;
  /** Half squared distances, NaN where there were fewer. */
  readonly halfSquares: Float32Array;
}

/**
 * Measures again what was kept, in full precision, and takes the k nearest of each query: into `out`, from query 0 on.
 * `doubts`: 1 for queries of which a dropped candidate might be nearer; for lists that `meetBlocks` filled only.
 * @param queries Offset of the queries' rows of d float32.
 */
export function settleLists(
  team: Team,
  points: Points,
  lists: CandidateLists,
  queries: { readonly rows: number; readonly count: number },
  k: number,
  out: Settled,
  doubts?: Uint8Array,
): void {
  const { count } = queries;
  const start = team.allocate(0);
  const ids = team.allocate(count * k * 4);
  const distances = team.allocate(count * k * 4);
  const doubtful = doubts === undefined ? 0 : team.allocate(count);
  team.run(
    'settle',
    Math.ceil(count / TOGETHER),
    ...[TOGETHER, count, queries.rows, points.rows, points.d],
    ...[lists.found, lists.counts, lists.capacity, lists.kept, k],
    ...[ids, distances, doubtful, points.halves, lists.worst],
  );
  out.indices.set(team.int32(ids, count * k));
  out.halfSquares.set(team.float32(distances, count * k));
  doubts?.set(team.uint8(doubtful, count));
  team.release(start);
}
