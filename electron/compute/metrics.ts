// Classification figures from counts: the confusion matrix and everything computed from it alone (ALGORITHMS 1).
// Rows are given labels, columns predictions. Figures with a zero denominator are undefined, never 0 in disguise.
import { EarmarkError } from '../../shared/errors.ts';
import { type Interval, wilsonInterval } from './intervals.ts';

/**
 * Which of the N items take part: row numbers (Int32Array), or a set of bits, item i being bit i & 31 of word
 * i >> 5 (Uint32Array).
 */
export type RowSelection = Int32Array | Uint32Array;

export interface ConfusionMatrix {
  /** K x K counts, row-major: given label i, predicted label j at `i * k + j`. */
  readonly matrix: Int32Array;
  /** Items in the matrix. */
  readonly counted: number;
  /** Items left out: no given label or no prediction. */
  readonly missing: number;
}

/**
 * Counts given (N) against predicted labels (N), both 0..k-1 in one common list of labels (the union of the
 * data's and the model's); negative = missing. Errors: `metrics/label` for an
 * index of k or more, `metrics/row` for a row that is not there, `metrics/shape`.
 */
export function confusionMatrix(
  given: Int32Array,
  predicted: Int32Array,
  k: number,
  rows?: RowSelection,
): ConfusionMatrix {
  if (given.length !== predicted.length) {
    throw new EarmarkError(
      'metrics/shape',
      `There are ${given.length} given labels but ${predicted.length} predictions; they must be of the same clips in the same order.`,
    );
  }
  const fast = rows === undefined ? countAll(given, predicted, k) : undefined;
  if (fast !== undefined) return withMissing(fast, given.length);
  const list = selectedRows(rows, given.length);
  const matrix = new Int32Array(k * k);
  for (let at = 0; at < list.length; at++) {
    const row = list[at]!;
    if (row < 0 || row >= given.length) throw noSuchRow(row, given.length);
    const i = given[row]!;
    const j = predicted[row]!;
    if (i >= k || j >= k) throw noSuchLabel(i, j, k, row);
    if (i >= 0 && j >= 0) matrix[i * k + j]!++;
  }
  return withMissing(matrix, list.length);
}

/**
 * All rows, without a branch: two matrices in turn, so that equal neighbours do not wait for each other's cell,
 * as wide as the next power of two, with a row and a column in front for the missing label -1. Undefined when any
 * index lies outside -1..k-1.
 */
function countAll(given: Int32Array, predicted: Int32Array, k: number): Int32Array | undefined {
  const shift = 32 - Math.clz32(k);
  const width = 1 << shift;
  const even = new Int32Array(width * width);
  const odd = new Int32Array(width * width);
  const n = given.length;
  // Beyond the width (or negative) once an index was.
  let used = 0;
  let row = 0;
  for (; row + 1 < n; row += 2) {
    const i = (given[row]! + 1) | 0;
    const j = (predicted[row]! + 1) | 0;
    const i2 = (given[row + 1]! + 1) | 0;
    const j2 = (predicted[row + 1]! + 1) | 0;
    used |= i | j | i2 | j2;
    even[(i << shift) | j]!++;
    odd[(i2 << shift) | j2]!++;
  }
  if (row < n) {
    const i = (given[row]! + 1) | 0;
    const j = (predicted[row]! + 1) | 0;
    used |= i | j;
    even[(i << shift) | j]!++;
  }
  if (used < 0 || used >= width) return undefined;
  const matrix = new Int32Array(k * k);
  let inside = 0;
  for (let i = 0; i <= k; i++) {
    for (let j = 0; j <= k; j++) {
      const cell = (i << shift) | j;
      const count = even[cell]! + odd[cell]!;
      inside += count;
      if (i > 0 && j > 0) matrix[(i - 1) * k + j - 1] = count;
    }
  }
  return inside === n ? matrix : undefined;
}

function withMissing(matrix: Int32Array, total: number): ConfusionMatrix {
  let counted = 0;
  for (let cell = 0; cell < matrix.length; cell++) counted += matrix[cell]!;
  return { matrix, counted, missing: total - counted };
}

function noSuchLabel(given: number, predicted: number, k: number, row: number): EarmarkError {
  return new EarmarkError(
    'metrics/label',
    `Row ${row} has the label number ${Math.max(given, predicted)}, but there are only ${k} labels.`,
    { row, given, predicted, k },
  );
}

function noSuchRow(row: number, n: number): EarmarkError {
  return new EarmarkError('metrics/row', `Row ${row} was asked for, but there are ${n} rows.`, { row, n });
}

/** The row numbers of a selection among n rows; all of them where there is none. */
export function selectedRows(rows: RowSelection | undefined, n: number): Int32Array {
  if (rows instanceof Int32Array) return rows;
  if (rows !== undefined) return rowsOfBits(rows, n);
  const all = new Int32Array(n);
  for (let row = 0; row < n; row++) all[row] = row;
  return all;
}

/** The row numbers below n whose bit is set. */
export function rowsOfBits(bits: Uint32Array, n: number): Int32Array {
  const rows = new Int32Array(n);
  let count = 0;
  for (let row = 0; row < n; row++) {
    rows[count] = row;
    count += (bits[row >> 5]! >>> (row & 31)) & 1;
  }
  return rows.slice(0, count);
}

export interface ClassFigures {
  /** Items given this label. */
  readonly support: number;
  /** Items predicted as this label. */
  readonly predicted: number;
  readonly correct: number;
  /** correct / predicted; null when it was never predicted. */
  readonly precision: number | null;
  readonly precisionInterval: Interval | null;
  /** correct / support; null when it was never given. */
  readonly recall: number | null;
  readonly recallInterval: Interval | null;
  /** 2 correct / (support + predicted); null when it was neither given nor predicted. */
  readonly f1: number | null;
}

export interface ClassificationReport {
  readonly n: number;
  readonly correct: number;
  readonly accuracy: number | null;
  readonly accuracyInterval: Interval | null;
  /** Mean recall of the labels that were given. */
  readonly balancedAccuracy: number | null;
  readonly macroPrecision: number | null;
  readonly macroRecall: number | null;
  readonly macroF1: number | null;
  readonly weightedPrecision: number | null;
  readonly weightedRecall: number | null;
  readonly weightedF1: number | null;
  /** Cohen's kappa. */
  readonly kappa: number | null;
  /** Matthews correlation, in Gorodkin's form for K classes. */
  readonly mcc: number | null;
  readonly classes: readonly ClassFigures[];
  /** Labels whose figure is undefined and left out of its macro average. */
  readonly undefinedIn: { readonly precision: number[]; readonly recall: number[]; readonly f1: number[] };
}

export interface ReportOptions {
  /**
   * 0 reproduces scikit-learn's `zero_division=0`: undefined figures of labels that occur become 0 and count in
   * the macro averages. Labels neither given nor predicted stay out of them, as in scikit-learn.
   */
  readonly zeroDivision?: 0 | undefined;
}

/** All figures of a K x K confusion matrix. Intervals are Wilson's, 95%. No items: every figure is null. */
export function classificationReport(
  matrix: Int32Array,
  k: number,
  options: ReportOptions = {},
): ClassificationReport {
  const { support, predicted, correct, n } = marginsOf(matrix, k);
  const isZeroed = options.zeroDivision === 0;
  const ratio = (top: number, bottom: number): number | null =>
    bottom > 0 ? top / bottom : isZeroed ? 0 : null;
  const classes: ClassFigures[] = [];
  for (let i = 0; i < k; i++) {
    const hits = correct[i]!;
    classes.push({
      support: support[i]!,
      predicted: predicted[i]!,
      correct: hits,
      precision: ratio(hits, predicted[i]!),
      precisionInterval: wilsonInterval(hits, predicted[i]!),
      recall: ratio(hits, support[i]!),
      recallInterval: wilsonInterval(hits, support[i]!),
      f1: ratio(2 * hits, support[i]! + predicted[i]!),
    });
  }
  const right = correct.reduce((sum, count) => sum + count, 0);
  const occurring = classes.filter((figures) => figures.support + figures.predicted > 0);
  const undefinedLabels = (figure: 'precision' | 'recall' | 'f1'): number[] =>
    classes.flatMap((figures, label) => (figures[figure] === null ? [label] : []));
  return {
    n,
    correct: right,
    accuracy: ratio(right, n),
    accuracyInterval: wilsonInterval(right, n),
    balancedAccuracy: mean(
      classes.map(({ support: given, correct: hits }) => (given > 0 ? hits / given : null)),
    ),
    macroPrecision: mean(occurring.map((figures) => figures.precision)),
    macroRecall: mean(occurring.map((figures) => figures.recall)),
    macroF1: mean(occurring.map((figures) => figures.f1)),
    weightedPrecision: weightedMean(classes, 'precision', n),
    weightedRecall: weightedMean(classes, 'recall', n),
    weightedF1: weightedMean(classes, 'f1', n),
    ...agreementBeyondChance(support, predicted, right, n, isZeroed),
    classes,
    undefinedIn: {
      precision: undefinedLabels('precision'),
      recall: undefinedLabels('recall'),
      f1: undefinedLabels('f1'),
    },
  };
}

interface Margins {
  readonly support: Int32Array;
  readonly predicted: Int32Array;
  readonly correct: Int32Array;
  readonly n: number;
}

function marginsOf(matrix: Int32Array, k: number): Margins {
  if (matrix.length !== k * k) {
    throw new EarmarkError(
      'metrics/shape',
      `A matrix of ${k} x ${k} labels has ${k * k} cells, not ${matrix.length}.`,
    );
  }
  const support = new Int32Array(k);
  const predicted = new Int32Array(k);
  const correct = new Int32Array(k);
  let n = 0;
  for (let i = 0; i < k; i++) {
    let sum = 0;
    for (let j = 0; j < k; j++) {
      const count = matrix[i * k + j]!;
      sum += count;
      predicted[j]! += count;
    }
    support[i] = sum;
    correct[i] = matrix[i * k + i]!;
    n += sum;
  }
  return { support, predicted, correct, n };
}

/** Cohen's kappa and Matthews correlation; undefined where one side uses a single label. */
function agreementBeyondChance(
  support: Int32Array,
  predicted: Int32Array,
  right: number,
  n: number,
  isZeroed: boolean,
): { kappa: number | null; mcc: number | null } {
  let crossed = 0;
  let givenSquares = 0;
  let predictedSquares = 0;
  for (let i = 0; i < support.length; i++) {
    crossed += support[i]! * predicted[i]!;
    givenSquares += support[i]! * support[i]!;
    predictedSquares += predicted[i]! * predicted[i]!;
  }
  const above = right * n - crossed;
  const givenSpread = n * n - givenSquares;
  const predictedSpread = n * n - predictedSquares;
  const isFlat = givenSpread === 0 || predictedSpread === 0;
  const none = isZeroed && n > 0 ? 0 : null;
  return {
    kappa: n * n - crossed > 0 ? above / (n * n - crossed) : null,
    mcc: isFlat ? none : above / Math.sqrt(givenSpread * predictedSpread),
  };
}

function mean(values: readonly (number | null)[]): number | null {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === null) continue;
    sum += value;
    count++;
  }
  return count > 0 ? sum / count : null;
}

/** Mean weighted by support; labels with support whose figure is undefined are left out with their weight. */
function weightedMean(
  classes: readonly ClassFigures[],
  figure: 'precision' | 'recall' | 'f1',
  n: number,
): number | null {
  let sum = 0;
  let weight = 0;
  for (const figures of classes) {
    const value = figures[figure];
    if (value === null) continue;
    sum += value * figures.support;
    weight += figures.support;
  }
  return n > 0 && weight > 0 ? sum / weight : null;
}
