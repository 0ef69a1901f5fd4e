// All nearest neighbours by brute force, each pair of points multiplied once.
import type { Team } from '../team.ts';
import { allocateLists, clearLists, keptFor, type Settled, settleLists } from './lists.ts';
import { GROUP, type Points } from './points.ts';
import { scanRows } from './scan.ts';

/** Rows of a block: small inputs have enough blocks for every thread, large ones stay in the second cache. */
function blockRowsFor(n: number): number {
  return Math.max(64, Math.min(1_024, Math.ceil(n / 32 / 16) * 16));
}

/** Bytes of the points that are taken again and again: they stay in the first cache. */
const STRIPE_BYTES = 16_384;

/**
 * The k nearest points of every point, itself left out; equal distances by lower index; -1 where k > n - 1. Candidates
 * are found by products in float32 and measured again by differences; where rounding may have hidden one (many points
 * nearly equal) the row is searched again by differences alone. Yields the share done.
 */
export function* searchExactly(points: Points, k: number, team: Team): Generator<number, Settled> {
  const { n, d } = points;
  const start = team.allocate(0);
  const lists = allocateLists(team, Math.ceil(n / GROUP) * GROUP, keptFor(k, n));
  clearLists(team, lists);
  const blockRows = blockRowsFor(n);
  const blocks = Math.max(2, Math.ceil(n / blockRows / 2) * 2);
  const scratch = team.allocate(blocks * 128);
  const stripe = Math.max(8, Math.floor(STRIPE_BYTES / (4 * d) / 8) * 8);
  for (let round = -1; round < blocks - 1; round++) {
    team.run(
      'meetBlocks',
      round < 0 ? blocks : blocks / 2,
      ...[round, blocks, blockRows, n, d, points.packed, points.halves, stripe],
      ...[scratch, lists.found, lists.counts, lists.worst, lists.capacity, lists.kept],
    );
    yield (round + 2) / (blocks + 1);
  }
  const result = { indices: new Int32Array(n * k), halfSquares: new Float32Array(n * k) };
  const doubts = new Uint8Array(n);
  settleLists(team, points, lists, { rows: points.rows, count: n }, k, result, doubts);
  team.release(start);
  const doubtful = Int32Array.from(rowsOf(doubts));
  const again = yield* shareOf(scanRows(points, doubtful, k, team), blocks / (blocks + 1), doubtful.length);
  for (const [i, row] of doubtful.entries()) {
    result.indices.set(again.indices.subarray(i * k, (i + 1) * k), row * k);
    result.halfSquares.set(again.halfSquares.subarray(i * k, (i + 1) * k), row * k);
  }
  return result;
}

function* rowsOf(marks: Uint8Array): Generator<number> {
  for (const [row, mark] of marks.entries()) if (mark === 1) yield row;
}

function* shareOf<T>(steps: Generator<number, T>, from: number, total: number): Generator<number, T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    yield from + ((1 - from) * value) / total;
  }
}
