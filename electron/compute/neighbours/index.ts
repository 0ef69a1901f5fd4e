// Nearest neighbours in embeddings: of all clips (`neighbours`), or of one (`loadNearest`).
import type { Metric } from '../../../shared/domain/embedding.ts';
import { EarmarkError } from '../../../shared/errors.ts';
import type { Features, NeighbourGraph } from '../embeddings/features.ts';
import type { Team } from '../team.ts';
import { type ApproximateResult, searchApproximately } from './approximate.ts';
import { searchExactly } from './exact.ts';
import type { Settled } from './lists.ts';
import { loadPoints } from './points.ts';
import { scanOne } from './scan.ts';

export { neighbourKernels } from './points.ts';

export interface NeighbourInput extends Features {
  /** Neighbours of each row; n - 1 where there are no more. */
  readonly k: number;
  readonly metric: Metric;
  /** auto: exact to 20,000 rows, and above where a brute-force search is expected to be no slower. */
  readonly method?: 'auto' | 'exact' | 'approximate';
  /** Share of the true neighbours that an approximate search is to find; 0.95. */
  readonly recall?: number;
  /** Of the approximate search; the same seed gives the same neighbours on any number of threads. */
  readonly seed?: number;
}

export interface Neighbours extends NeighbourGraph {
  readonly metric: Metric;
  readonly method: 'exact' | 'approximate';
  /** Share of the true neighbours found, measured on up to 750 rows; null when exact. */
  readonly recall: number | null;
  /** What was chosen and what came of it, for a person. */
  readonly note: string;
}

/** Above this many rows, `auto` looks whether an approximate search is faster. */
const EXACT_ROWS = 20_000;
const DEFAULT_RECALL = 0.95;

/**
 * The k nearest rows of every row of n x d features: one step of the search a `next()`, which yields the share done
 * (0..1). Distances: Euclidean, or 1 - cosine (a row of zeros: 1 to all others but rows of zeros).
 * @param team Made with `neighbourKernels()`.
 * @throws EarmarkError `features/shape`, `features/not-finite`, `neighbours/k`, `neighbours/recall`, `memory/full`,
 * `team/thread-lost`.
 */
export function* neighbourSteps(input: NeighbourInput, team: Team): Generator<number, Neighbours> {
  const { n, metric, method = 'auto', recall = DEFAULT_RECALL, seed = 0 } = input;
  const k = clippedK(input);
  if (!(recall > 0 && recall <= 1)) {
    throw new EarmarkError(
      'neighbours/recall',
      `The share of true neighbours to find should be above 0 and at most 1, but it is ${recall}. Nothing was computed.`,
      { recall },
    );
  }
  const start = team.allocate(0);
  try {
    const points = loadPoints(input, metric, team);
    const answer = ({ indices, halfSquares }: Settled) => {
      points.toDistances(halfSquares);
      return { n, k, metric, indices, distances: halfSquares };
    };
    if (k > 0 && (method === 'approximate' || (method === 'auto' && n > EXACT_ROWS))) {
      const options = { k, recall, seed, isOnlyIfFaster: method === 'auto' };
      const result = yield* searchApproximately(points, options, team);
      if (result !== null) {
        const note = approximateNote(result, recall);
        return { ...answer(result.found), method: 'approximate', recall: result.recall, note };
      }
    }
    const note =
      method === 'auto' && n > EXACT_ROWS
        ? 'Exact: every pair of rows was compared, which these embeddings make no slower than an approximate search.'
        : 'Exact: every pair of rows was compared.';
    return { ...answer(yield* searchExactly(points, k, team)), method: 'exact', recall: null, note };
  } finally {
    team.release(start);
  }
}

function approximateNote({ clusters, probes, recall }: ApproximateResult, wanted: number): string {
  const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
  return `Approximate: each row was compared with the rows of the ${probes} of ${clusters} clusters nearest to it. ${percent(recall)} of the true neighbours were found (${percent(wanted)} wanted), measured on a sample.`;
}

export function neighbours(input: NeighbourInput, team: Team): Neighbours {
  const steps = neighbourSteps(input, team);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

function clippedK({ n, k }: { n: number; k: number }): number {
  if (!Number.isSafeInteger(k) || k < 1) {
    throw new EarmarkError(
      'neighbours/k',
      `The number of neighbours should be a whole number from 1 up, but it is ${k}. Nothing was computed.`,
      { k },
    );
  }
  return Math.max(0, Math.min(k, n - 1));
}

export interface Nearest {
  /** Rows, nearest first; equal distances by lower row. */
  readonly rows: Int32Array;
  readonly distances: Float32Array;
}

export interface NearestSearch {
  /** The k nearest rows of one of them, itself left out. */
  ofRow(row: number, k: number): Nearest;
  /** The k nearest rows of an embedding that is none of them. */
  of(query: Float32Array, k: number): Nearest;
}

/** Embeddings held ready for the nearest of one clip, exactly; as long as the team lives. Takes 8 n d bytes. */
export function loadNearest(input: Features, metric: Metric, team: Team): NearestSearch {
  const points = loadPoints(input, metric, team);
  const { n, d } = input;
  const query = new Float32Array(points.d);
  const search = (self: number, k: number): Nearest => {
    const wanted = clippedK({ n: self < 0 ? n + 1 : n, k });
    const { indices, halfSquares } = scanOne(points, query, self, wanted, team);
    points.toDistances(halfSquares);
    return { rows: indices, distances: halfSquares };
  };
  return {
    ofRow: (row, k) => {
      if (!Number.isSafeInteger(row) || row < 0 || row >= n) {
        throw new EarmarkError('neighbours/row', `There is no row ${row}: rows run from 0 to ${n - 1}.`, {
          row,
          n,
        });
      }
      query.set(team.float32(points.rows + row * points.d * 4, points.d));
      return search(row, k);
    },
    of: (features, k) => {
      if (features.length !== d || !features.every(Number.isFinite)) {
        throw new EarmarkError(
          'neighbours/query',
          `The query should be ${d} finite numbers as the embeddings are, but it is ${features.length} numbers or has NaN or infinity among them.`,
          { d, length: features.length },
        );
      }
      if (metric === 'cosine' && features.every((value) => value === 0)) {
        throw new EarmarkError(
          'neighbours/query',
          'The query is all zeros, so it has no direction and no nearest rows by cosine distance.',
        );
      }
      points.convert(features, query);
      return search(-1, k);
    },
  };
}
