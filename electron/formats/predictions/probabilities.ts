// Judging and mending the probability columns of predictions: are they probabilities, logits or log-probabilities?
// Pure numbers on a row-major N x K array.
import type { ProblemList } from './problems.ts';

export type ScoreScale = 'probabilities' | 'logits' | 'log-probabilities';

/** How far a row's sum may be from 1. */
export const SUM_TOLERANCE = 1e-3;

/** Rounding of a written number may carry it this far over 0 or 1. */
const RANGE_TOLERANCE = 1e-6;

/**
 * What N x K scores look like: log-probabilities when nothing is above 0 and the exponentials of most rows sum to 1
 * within 5%; logits when most rows leave [0, 1]; else probabilities. Rows that are not finite are not asked.
 */
export function scaleOf(scores: Float32Array, rows: number, classes: number): ScoreScale {
  let asked = 0;
  let outside = 0;
  let logs = 0;
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    let most = Number.NEGATIVE_INFINITY;
    let least = Number.POSITIVE_INFINITY;
    let exponentials = 0;
    for (let k = 0; k < classes; k++) {
      const score = scores[row * classes + k]!;
      sum += score;
      most = Math.max(most, score);
      least = Math.min(least, score);
      exponentials += Math.exp(Math.min(score, 50));
    }
    if (Number.isNaN(sum)) continue;
    asked++;
    if (least < -RANGE_TOLERANCE || most > 1 + RANGE_TOLERANCE) outside++;
    if (most <= RANGE_TOLERANCE && least < 0 && Math.abs(exponentials - 1) <= 0.05) logs++;
  }
  if (asked === 0 || outside * 2 <= asked) return 'probabilities';
  return logs * 2 > asked ? 'log-probabilities' : 'logits';
}

/** Softmax of every row in place, by the largest score first so that nothing overflows. Rows with NaN become NaN. */
export function softmaxRows(scores: Float32Array, rows: number, classes: number): void {
  for (let row = 0; row < rows; row++) {
    const from = row * classes;
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) most = Math.max(most, scores[from + k]!);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp(scores[from + k]! - most);
    for (let k = 0; k < classes; k++) scores[from + k] = Math.exp(scores[from + k]! - most) / sum;
  }
}

/** Index of a row's largest score, the first of equals; -1 when the row has none (NaN). */
export function argmaxOfRow(scores: Float32Array, row: number, classes: number): number {
  const from = row * classes;
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < classes; k++) {
    const score = scores[from + k]!;
    if (Number.isNaN(score)) return -1;
    if (score > most) {
      most = score;
      best = k;
    }
  }
  return best;
}

/**
 * Reports rows whose values leave [0, 1] or do not sum to 1 within `SUM_TOLERANCE`, or, for another scale, that
 * softmax is needed. Nothing is changed. `nameOf(row)` names a row in the examples.
 */
export function reportProbabilities(
  scores: Float32Array,
  rows: number,
  classes: number,
  scale: ScoreScale,
  nameOf: (row: number) => string,
  problems: ProblemList,
): void {
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    let isOutside = false;
    for (let k = 0; k < classes; k++) {
      const score = scores[row * classes + k]!;
      sum += score;
      isOutside ||= score < -RANGE_TOLERANCE || score > 1 + RANGE_TOLERANCE;
    }
    if (Number.isNaN(sum)) continue;
    if (scale !== 'probabilities') {
      const what = scale === 'logits' ? 'logits' : 'logarithms of probabilities';
      const message = `The scores look like ${what}, not probabilities. Apply softmax to use them as probabilities.`;
      problems.add('predictions/logits', message, nameOf(row));
    } else if (isOutside) {
      problems.add('predictions/range', 'Probabilities outside 0 to 1; kept as they are.', nameOf(row));
    } else if (Math.abs(sum - 1) > SUM_TOLERANCE + RANGE_TOLERANCE) {
      const message = `Probabilities that do not sum to 1 (within ${SUM_TOLERANCE}); kept as they are.`;
      problems.add('predictions/sum', message, `${nameOf(row)} (${sum.toFixed(4)})`);
    }
  }
}
