// Intervals of shares and of figures without a formula: Wilson's, and a stratified bootstrap of a confusion matrix.
import { createRandom, drawBinomial } from './random.ts';

/** [lower, upper] of a 95% interval. */
export type Interval = readonly [number, number];

/** The 97.5% point of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * Wilson's 95% score interval of `successes` out of `trials` (Wilson 1927); null for no trials. Within [0, 1], and
 * never of no width at 0 or 1.
 */
export function wilsonInterval(successes: number, trials: number): Interval | null {
  if (trials <= 0) return null;
  const share = successes / trials;
  const shrink = 1 + (Z * Z) / trials;
  const center = (share + (Z * Z) / (2 * trials)) / shrink;
  const half = (Z * Math.sqrt((share * (1 - share)) / trials + (Z * Z) / (4 * trials * trials))) / shrink;
  return [
    successes === 0 ? 0 : Math.max(0, center - half),
    successes === trials ? 1 : Math.min(1, center + half),
  ];
}

/** The `share` quantile (0..1) of values sorted ascending, interpolated linearly between neighbours. */
export function quantileOfSorted(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  return below + 1 < sorted.length ? low + (sorted[below + 1]! - low) * (at - below) : low;
}

export interface BootstrapIntervals {
  /** K: interval of each class's F1; null where F1 is undefined. */
  readonly f1: readonly (Interval | null)[];
  readonly macroF1: Interval | null;
  readonly weightedF1: Interval | null;
  readonly balancedAccuracy: Interval | null;
  readonly resamples: number;
  readonly seed: number;
}

/**
 * 95% percentile intervals of F1 per class and of the averaged figures, by a bootstrap stratified by given label:
 * each row of the K x K matrix is drawn again from its own shares, its total kept, so that a resample costs one
 * draw per filled cell instead of one per clip. Default 1,000 resamples, seed 0.
 */
export function bootstrapF1Intervals(
  matrix: Int32Array,
  k: number,
  options: { readonly resamples?: number; readonly seed?: number } = {},
): BootstrapIntervals {
  const resamples = options.resamples ?? 1000;
  const seed = options.seed ?? 0;
  const random = createRandom(seed);
  const rows = sparseRows(matrix, k);
  const support = rows.map((row) => row.total);
  const n = support.reduce((sum, count) => sum + count, 0);

  const f1 = Array.from({ length: k }, () => new Float64Array(resamples));
  const f1Counts = new Int32Array(k);
  const macro = new Float64Array(resamples);
  const weighted = new Float64Array(resamples);
  const balanced = new Float64Array(resamples);
  const correct = new Int32Array(k);
  const predicted = new Int32Array(k);
  const given = support.filter((count) => count > 0).length;
  for (let round = 0; round < resamples && n > 0; round++) {
    correct.fill(0);
    predicted.fill(0);
    for (let label = 0; label < k; label++) {
      const { columns, counts, total } = rows[label]!;
      let trials = total;
      let weight = total;
      // The largest cell comes last and takes what is left, so that the draws before it are the cheap, small ones.
      for (let i = 0; i < columns.length; i++) {
        const count = counts[i]!;
        const drawn = i === columns.length - 1 ? trials : drawBinomial(random, trials, count / weight);
        trials -= drawn;
        weight -= count;
        const column = columns[i]!;
        predicted[column]! += drawn;
        if (column === label) correct[label] = drawn;
      }
    }
    let sum = 0;
    let defined = 0;
    let weightedSum = 0;
    let recallSum = 0;
    for (let label = 0; label < k; label++) {
      const both = support[label]! + predicted[label]!;
      if (both === 0) continue;
      const value = (2 * correct[label]!) / both;
      f1[label]![f1Counts[label]!++] = value;
      sum += value;
      defined++;
      weightedSum += value * support[label]!;
      if (support[label]! > 0) recallSum += correct[label]! / support[label]!;
    }
    macro[round] = sum / defined;
    weighted[round] = weightedSum / n;
    balanced[round] = recallSum / given;
  }
  const rounds = n > 0 ? resamples : 0;
  return {
    f1: f1.map((values, label) => percentiles(values.subarray(0, f1Counts[label]))),
    macroF1: percentiles(macro.subarray(0, rounds)),
    weightedF1: percentiles(weighted.subarray(0, rounds)),
    balancedAccuracy: percentiles(balanced.subarray(0, rounds)),
    resamples,
    seed,
  };
}

interface SparseRow {
  readonly columns: Int32Array;
  /** The filled cells, the largest one last. */
  readonly counts: Int32Array;
  readonly total: number;
}

function sparseRows(matrix: Int32Array, k: number): SparseRow[] {
  return Array.from({ length: k }, (_, label) => {
    const cells = matrix.subarray(label * k, (label + 1) * k);
    const columns: number[] = [];
    for (let j = 0; j < k; j++) if (cells[j]! > 0) columns.push(j);
    columns.sort((a, b) => cells[a]! - cells[b]! || a - b);
    const counts = Int32Array.from(columns, (column) => cells[column]!);
    return {
      columns: Int32Array.from(columns),
      counts,
      total: counts.reduce((sum, count) => sum + count, 0),
    };
  });
}

function percentiles(values: Float64Array): Interval | null {
  if (values.length === 0) return null;
  const sorted = values.slice().sort();
  return [quantileOfSorted(sorted, 0.025), quantileOfSorted(sorted, 0.975)];
}
