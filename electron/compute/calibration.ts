// Figures that need the probabilities: log loss, ranking figures per class, calibration (ALGORITHMS 1).
import { EarmarkError } from '../../shared/errors.ts';
import { type RankingFigures, rankingFigures, toKey } from './curves.ts';
import { type RowSelection, selectedRows } from './metrics.ts';

export interface ReliabilityBin {
  /** The bin holds confidences in (from, to]; the first one 0 as well. */
  readonly from: number;
  readonly to: number;
  readonly n: number;
  /** Mean largest probability; null for an empty bin. */
  readonly confidence: number | null;
  readonly accuracy: number | null;
}

export interface ProbabilityMetrics {
  /** Rows with a given label. */
  readonly n: number;
  /** Rows left out for want of one. */
  readonly missing: number;
  /** False when a value lies outside [0, 1]: scores rank, but have no log loss and no calibration. */
  readonly isProbability: boolean;
  /** Mean -ln of the given label's probability. */
  readonly logLoss: number | null;
  /** Expected calibration error: mean |accuracy - confidence| over the bins, weighted by their n. */
  readonly ece: number | null;
  readonly reliability: readonly ReliabilityBin[];
  /** One entry per column; figures are null for a label that no row, or every row, was given. */
  readonly classes: readonly RankingFigures[];
}

/** Smallest step of a 32-bit float at 1: probabilities are kept this far from 0 and 1 before the logarithm. */
const EPSILON = 2 ** -23;
/** Scores by rounding: quantised probabilities reach a little over 1. */
const OVER_ONE = 1e-3;
/** Columns whose keys are gathered in one sweep over the rows. */
const COLUMN_BLOCK = 8;

/**
 * Figures of `probs` (N x k, row-major, in the order of the labels) against given labels (N; negative = missing,
 * k or more = a label the model does not know: its probability is 0 and no prediction of it is right).
 * Log loss as scikit-learn: values kept within [2^-23, 1 - 2^-23] and rows made to sum to 1. Ties of scores count
 * as scikit-learn counts them. `rows` limits the figures to some rows; `bins` defaults to 15.
 * Errors: `metrics/shape`; `metrics/probability` naming the row of a value that is not a number.
 */
export function probabilityMetrics(
  given: Int32Array,
  probs: Float32Array,
  k: number,
  options: { readonly rows?: RowSelection | undefined; readonly bins?: number } = {},
): ProbabilityMetrics {
  if (k < 1 || probs.length !== given.length * k) {
    throw new EarmarkError(
      'metrics/shape',
      `Expected ${given.length} x ${k} probabilities for ${given.length} given labels, found ${probs.length}.`,
    );
  }
  const asked = selectedRows(options.rows, given.length);
  const rows = asked.filter((row) => given[row]! >= 0);
  const n = rows.length;
  const bins = options.bins ?? 15;
  const binCounts = new Int32Array(bins);
  const binHits = new Int32Array(bins);
  const binConfidence = new Float64Array(bins);
  let isProbability = true;
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const row = rows[i]!;
    const base = row * k;
    let most = Number.NEGATIVE_INFINITY;
    let likely = 0;
    let sum = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < k; j++) {
      const p = probs[base + j]!;
      if (Number.isNaN(p)) throw notANumber(row, j);
      if (p > most) {
        most = p;
        likely = j;
      }
      if (p < least) least = p;
      sum += Math.min(Math.max(p, EPSILON), 1 - EPSILON);
    }
    if (least < 0 || most > 1 + OVER_ONE) isProbability = false;
    const label = given[row]!;
    const own = label < k ? probs[base + label]! : 0;
    loss -= Math.log(Math.min(Math.max(own, EPSILON), 1 - EPSILON) / sum);
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(most * bins) - 1));
    binCounts[bin]!++;
    binConfidence[bin]! += most;
    if (likely === label) binHits[bin]!++;
  }
  let error = 0;
  const reliability: ReliabilityBin[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const count = binCounts[bin]!;
    error += Math.abs(binHits[bin]! - binConfidence[bin]!);
    reliability.push({
      from: bin / bins,
      to: (bin + 1) / bins,
      n: isProbability ? count : 0,
      confidence: isProbability && count > 0 ? binConfidence[bin]! / count : null,
      accuracy: isProbability && count > 0 ? binHits[bin]! / count : null,
    });
  }
  return {
    n,
    missing: asked.length - n,
    isProbability,
    logLoss: isProbability && n > 0 ? loss / n : null,
    ece: isProbability && n > 0 ? error / n : null,
    reliability,
    classes: rankEveryColumn(given, probs, k, rows),
  };
}

/** Ranking figures of every column, keys gathered a block of columns at a time to read memory in order. */
function rankEveryColumn(
  given: Int32Array,
  probs: Float32Array,
  k: number,
  rows: Int32Array,
): RankingFigures[] {
  const bits = new Uint32Array(probs.buffer, probs.byteOffset, probs.length);
  const n = rows.length;
  const support = new Int32Array(k);
  for (let i = 0; i < n; i++) if (given[rows[i]!]! < k) support[given[rows[i]!]!]!++;
  const figures: RankingFigures[] = [];
  const keys = new Uint32Array(n * Math.min(COLUMN_BLOCK, k));
  const scratch = new Uint32Array(n);
  for (let first = 0; first < k; first += COLUMN_BLOCK) {
    const width = Math.min(COLUMN_BLOCK, k - first);
    // Each column's stretch of `keys`: its positives from the front, its negatives after them.
    const positiveAt = Int32Array.from({ length: width }, (_, c) => c * n);
    const negativeAt = positiveAt.map((start, c) => start + support[first + c]!);
    for (let i = 0; i < n; i++) {
      const row = rows[i]!;
      const base = row * k + first;
      const own = given[row]! - first;
      for (let c = 0; c < width; c++) {
        const key = toKey(bits[base + c]!);
        if (c === own) keys[positiveAt[c]!++] = key;
        else keys[negativeAt[c]!++] = key;
      }
    }
    for (let c = 0; c < width; c++) {
      const positives = support[first + c]!;
      const start = c * n;
      figures.push(
        rankingFigures(
          keys.subarray(start, start + positives),
          keys.subarray(start + positives, start + n),
          scratch,
        ),
      );
    }
  }
  return figures;
}

function notANumber(row: number, column: number): EarmarkError {
  return new EarmarkError(
    'metrics/probability',
    `The probability of class ${column} in row ${row} is not a number. Leave out rows without predictions.`,
    { row, column },
  );
}
