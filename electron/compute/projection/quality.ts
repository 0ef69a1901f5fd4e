// What a map kept of the space it shows: trustworthiness, neighbours that stayed neighbours, labels that stayed
// together. Over all points of small maps, over a sample of large ones.
import type { Metric } from '../../../shared/domain/embedding.ts';
import { EarmarkError } from '../../../shared/errors.ts';
import { checkFeatures, checkLabels, type Features } from '../embeddings/features.ts';
import { createRandom } from '../random.ts';
import type { Team } from '../team.ts';
import { planeNeighbours } from './plane-neighbours.ts';

export interface MapQualityInput extends Features {
  readonly metric: Metric;
  /** n rows (x, y). */
  readonly points: Float32Array;
  /** Label of each row, for the purity; -1: none. */
  readonly labels?: Int32Array;
}

export interface MapQualityOptions {
  /** Neighbours compared. 15. */
  readonly k?: number;
  /** Points judged: all up to 5,000, else a sample of 1,000. */
  readonly queries?: number;
  readonly seed?: number;
}

export interface MapQuality {
  /**
   * 1 - 2 / (m k (2 n - 3 k - 1)) x sum over the m judged points and their k neighbours on the map of
   * max(0, rank in the space of the features - k): 0 to 1 (Venna & Kaski 2001). Null below 2 k + 1 points.
   */
  readonly trustworthiness: number | null;
  /** Share of the k neighbours on the map that are among the k nearest in the space of the features. */
  readonly knnRecall: number | null;
  /** Share of the k neighbours on the map that have the point's label; null without labels. */
  readonly labelPurity: number | null;
  readonly k: number;
  /** Points judged. */
  readonly queries: number;
}

const ALL_UP_TO = 5_000;
const SAMPLE = 1_000;
/** Threads that may rank at once: each needs 16 n bytes. */
const SLOTS = 32;

/**
 * Judges a map by its k nearest neighbours. Ties in either space go to the lower row. The team is made with
 * `tsneKernels()`; memory 4 n d bytes and 16 n a thread, given back.
 * @throws EarmarkError `features/shape`, `features/not-finite`, `labels/shape`, `projection/shape`,
 * `projection/not-finite`, `memory/full`.
 */
export function mapQuality(input: MapQualityInput, options: MapQualityOptions, team: Team): MapQuality {
  const { n, points } = input;
  checkFeatures(input);
  if (input.labels !== undefined) checkLabels(input.labels, n, Number.POSITIVE_INFINITY);
  if (points.length !== 2 * n) {
    throw new EarmarkError(
      'projection/shape',
      `A map of ${n} points has ${2 * n} coordinates; got ${points.length}. Nothing was computed.`,
      { n, coordinates: points.length },
    );
  }
  const broken = points.findIndex((value) => !Number.isFinite(value)) >> 1;
  if (broken >= 0) {
    throw new EarmarkError(
      'projection/not-finite',
      `Point ${broken} of the map lies at (${points[2 * broken]}, ${points[2 * broken + 1]}); finite coordinates are expected. Nothing was computed.`,
      { point: broken },
    );
  }
  const k = Math.min(options.k ?? 15, Math.max(0, n - 1));
  const wanted = options.queries ?? (n <= ALL_UP_TO ? n : SAMPLE);
  const queries = sampleRows(n, Math.min(n, wanted), options.seed ?? 0);
  if (k === 0 || queries.length === 0)
    return { trustworthiness: null, knnRecall: null, labelPurity: null, k, queries: 0 };
  const neighbours = planeNeighbours(points, queries, k);
  const ranks = rank(input, queries, neighbours, k, team);
  let beyond = 0;
  let kept = 0;
  for (const place of ranks) {
    if (place <= k) kept++;
    else beyond += place - k;
  }
  const worst = queries.length * k * (2 * n - 3 * k - 1);
  return {
    trustworthiness: n > 2 * k ? 1 - (2 * beyond) / worst : null,
    knnRecall: kept / ranks.length,
    labelPurity: input.labels === undefined ? null : purity(input.labels, queries, neighbours, k),
    k,
    queries: queries.length,
  };
}

/** `count` of the rows 0..n-1 in ascending order: each subset equally likely (selection sampling, Knuth 3.4.2 S). */
function sampleRows(n: number, count: number, seed: number): Int32Array {
  const random = createRandom(seed);
  const rows = new Int32Array(count);
  for (let row = 0, taken = 0; taken < count; row++) {
    if ((n - row) * random() < count - taken) rows[taken++] = row;
  }
  return rows;
}

function purity(labels: Int32Array, queries: Int32Array, neighbours: Int32Array, k: number): number | null {
  let same = 0;
  let judged = 0;
  for (const [at, query] of queries.entries()) {
    const label = labels[query]!;
    if (label < 0) continue;
    judged++;
    for (let i = at * k; i < (at + 1) * k; i++) if (labels[neighbours[i]!] === label) same++;
  }
  return judged === 0 ? null : same / (judged * k);
}

function rank(
  { features, n, d, metric }: MapQualityInput,
  queries: Int32Array,
  neighbours: Int32Array,
  k: number,
  team: Team,
): Int32Array {
  const base = team.allocate(0);
  try {
    const width = Math.ceil((d + 1) / 4);
    const featuresAt = team.allocate(16 * n * width);
    copyRows(team.float32(featuresAt, 4 * n * width), features, n, d, metric === 'cosine');
    const chunks = Math.ceil(queries.length / 4);
    const queriesAt = team.allocate(16 * chunks);
    const padded = team.int32(queriesAt, 4 * chunks).fill(queries.at(-1)!);
    padded.set(queries);
    const neighboursAt = team.allocate(16 * chunks * k);
    team.int32(neighboursAt, 4 * chunks * k).set(neighbours);
    const ranksAt = team.allocate(16 * chunks * k);
    const slots = Math.min(SLOTS, chunks, team.threads);
    const slotBytes = 16 * Math.ceil(n / 4) * 4;
    const arena = team.allocate(64 + slots * slotBytes);
    team.int32(arena, 2)[1] = slotBytes;
    team.run('rankNeighbours', chunks, featuresAt, n, width, queriesAt, k, neighboursAt, ranksAt, arena);
    return team.int32(ranksAt, queries.length * k).slice();
  } finally {
    team.release(base);
  }
}

/**
 * Rows padded with zeros to a multiple of four. Cosine: of length 1, and rows of zeros with a direction of their own, so
 * that squared Euclidean distances are twice the cosine's.
 */
function copyRows(to: Float32Array, features: Float32Array, n: number, d: number, isUnit: boolean): void {
  const width = to.length / n;
  for (let i = 0; i < n; i++) {
    let scale = 1;
    if (isUnit) {
      let square = 0;
      for (let c = 0; c < d; c++) square += features[i * d + c]! ** 2;
      scale = square > 0 ? 1 / Math.sqrt(square) : 0;
      if (square === 0) to[i * width + d] = 1;
    }
    for (let c = 0; c < d; c++) to[i * width + c] = scale * features[i * d + c]!;
  }
}
