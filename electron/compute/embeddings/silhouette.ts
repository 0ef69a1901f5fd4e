// How much nearer each row is to its own class than to the nearest other one (Rousseeuw 1987, "Silhouettes").
import type { Metric } from '../../../shared/domain/embedding.ts';
import { type Features, rowsByClass, shuffle, unitRows } from './features.ts';
import { squaredDistance } from './k-means.ts';

/** Up to this many rows every euclidean distance is computed. */
const EXACT_ROWS = 3000;
/** A sampled class keeps at least this many rows, where it has them. */
const LEAST_OF_CLASS = 20;

export interface Silhouettes {
  /** By class: mean of (b - a) / max(a, b), -1..1; null for a class of fewer than two rows or without another class. */
  readonly classes: readonly (number | null)[];
  /** Mean over the rows of those classes; from a sample each class weighs as much as in the whole. */
  readonly mean: number | null;
  /** How many rows it was computed from. */
  readonly rows: number;
  readonly isExact: boolean;
}

/**
 * Silhouettes of labelled rows, a = mean distance to the other rows of the class, b = smallest mean distance to the rows
 * of another class, as scikit-learn defines them but for classes of one row (0 there, left out here). Cosine is exact
 * for any N in O(N x classes x D), because a mean of cosine distances is the distance to the mean of unit rows.
 * Euclidean is exact up to 3,000 labelled rows, above that on a seeded sample of about as many. The caller has checked
 * features and labels.
 */
export function silhouettes(
  input: Features & { readonly labels: Int32Array; readonly classes: number; readonly metric: Metric },
  random: () => number,
): Silhouettes {
  const all = rowsByClass(input.labels, input.classes);
  const total = all.reduce((sum, rows) => sum + rows.length, 0);
  const isExact = input.metric === 'cosine' || total <= EXACT_ROWS;
  const chosen = isExact ? all : all.map((rows) => sampleOf(rows, total, random));
  const means = input.metric === 'cosine' ? cosineMeans(input, chosen) : euclideanMeans(input, chosen);
  const figures = chosen.map((rows, own) => classSilhouette(means[own]!, rows.length, own, chosen));
  let [sum, weight] = [0, 0];
  for (const [label, figure] of figures.entries()) {
    if (figure === null) continue;
    sum += figure * all[label]!.length;
    weight += all[label]!.length;
  }
  return {
    classes: figures,
    mean: weight > 0 ? sum / weight : null,
    rows: chosen.reduce((count, rows) => count + rows.length, 0),
    isExact,
  };
}

function sampleOf(rows: Int32Array, total: number, random: () => number): Int32Array {
  const wanted = Math.max(Math.round((rows.length / total) * EXACT_ROWS), LEAST_OF_CLASS);
  return wanted >= rows.length ? rows : shuffle(rows.slice(), random).slice(0, wanted).sort();
}

/** `sums`: size x classes, the sum of a row's distances to the rows of each class. */
function classSilhouette(
  sums: Float64Array,
  size: number,
  own: number,
  chosen: readonly Int32Array[],
): number | null {
  if (size < 2) return null;
  let total = 0;
  for (let i = 0; i < size; i++) {
    const inside = sums[i * chosen.length + own]! / (size - 1);
    let outside = Number.POSITIVE_INFINITY;
    for (let label = 0; label < chosen.length; label++) {
      const count = chosen[label]!.length;
      if (label !== own && count > 0) outside = Math.min(outside, sums[i * chosen.length + label]! / count);
    }
    if (outside === Number.POSITIVE_INFINITY) return null;
    const larger = Math.max(inside, outside);
    total += larger > 0 ? (outside - inside) / larger : 0;
  }
  return total / size;
}

function cosineMeans(input: Features, chosen: readonly Int32Array[]): Float64Array[] {
  const { d } = input;
  const unit = unitRows(input);
  const classes = chosen.length;
  const sums = new Float64Array(classes * d);
  for (const [label, rows] of chosen.entries()) {
    for (const row of rows) for (let j = 0; j < d; j++) sums[label * d + j]! += unit[row * d + j]!;
  }
  return chosen.map((rows, own) => {
    const result = new Float64Array(rows.length * classes);
    for (let i = 0; i < rows.length; i++) {
      const start = rows[i]! * d;
      for (let label = 0; label < classes; label++) {
        let dot = 0;
        for (let j = 0; j < d; j++) dot += unit[start + j]! * sums[label * d + j]!;
        result[i * classes + label] = chosen[label]!.length - dot;
      }
      // Its distance to itself is 0, except for a row of zeros, whose cosine is 0.
      let self = 0;
      for (let j = 0; j < d; j++) self += unit[start + j]! * unit[start + j]!;
      result[i * classes + own]! -= 1 - self;
    }
    return result;
  });
}

function euclideanMeans({ features, d }: Features, chosen: readonly Int32Array[]): Float64Array[] {
  const classes = chosen.length;
  const results = chosen.map((rows) => new Float64Array(rows.length * classes));
  for (let a = 0; a < classes; a++) {
    for (let b = 0; b <= a; b++) {
      for (let i = 0; i < chosen[a]!.length; i++) {
        const end = a === b ? i : chosen[b]!.length;
        for (let j = 0; j < end; j++) {
          const squared = squaredDistance(features, chosen[a]![i]! * d, features, chosen[b]![j]! * d, d);
          const distance = Math.sqrt(squared);
          results[a]![i * classes + b]! += distance;
          results[b]![j * classes + a]! += distance;
        }
      }
    }
  }
  return results;
}
