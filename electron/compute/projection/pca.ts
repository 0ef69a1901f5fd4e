// Principal components (Hotelling 1933) of the rows of an embedding: the axes of greatest variance, found by subspace
// iteration with Rayleigh-Ritz steps on the covariance matrix (Golub & Van Loan, "Matrix Computations", 8.2.4).
import { checkFeatures, type Features, unitRows } from '../embeddings/features.ts';
import { createRandom } from '../random.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

export interface PcaInput extends Features {
  /** Scales every row to length 1 first, so that distances of the components stand for cosine distances. */
  readonly isUnit?: boolean;
  /** Axes wanted; 2. */
  readonly components?: number;
}

export interface PcaResult {
  /** N x components, centred, the axis of greatest variance first; zeros where there are fewer axes. */
  readonly coordinates: Float32Array;
  readonly components: number;
  /** Share of the variance along each axis, 0..1; zeros where the rows do not vary. */
  readonly varianceExplained: readonly number[];
  /** Rows that the axes were found from: all, or evenly spread ones where all would take too long. */
  readonly rowsUsed: number;
}

/** Multiplications for the covariance: a few seconds. With more, the axes come from some of the rows. */
const MOST_PRODUCTS = 6e9;
/** Axes carried along besides those wanted: they let the wanted ones settle sooner. */
const SPARE_AXES = 10;
const MOST_ROUNDS = 300;
const SETTLED = 1e-10;

/**
 * Yields the share of the work done, 0..1. The sign of an axis is that of its largest loading, which is positive. Time
 * O(N D^2), memory O(N components + D^2). Errors: as `checkFeatures`.
 */
export function* pca(input: PcaInput): Generator<number, PcaResult> {
  checkFeatures(input);
  const { n, d } = input;
  const components = input.components ?? 2;
  const features = input.isUnit ? unitRows(input) : input.features;
  const stride = Math.max(1, Math.ceil((n * d * d) / 2 / MOST_PRODUCTS));
  const { mean, covariance, rowsUsed } = yield* covarianceOf(features, n, d, stride);
  let total = 0;
  for (let i = 0; i < d; i++) total += covariance[i * d + i]!;
  const found = Math.min(components, d, Math.max(0, n - 1));
  const { axes, values } = total > 0 ? leadingAxes(covariance, d, found) : noAxes(d);
  const coordinates = new Float32Array(n * components);
  for (let from = 0; from < n; from += 4096) {
    const to = Math.min(n, from + 4096);
    for (const [c, axis] of axes.entries()) {
      for (let row = from; row < to; row++) {
        let sum = 0;
        for (let i = 0; i < d; i++) sum += (features[row * d + i]! - mean[i]!) * axis[i]!;
        coordinates[row * components + c] = sum;
      }
    }
    yield 0.8 + (0.2 * to) / n;
  }
  const varianceExplained = Array.from({ length: components }, (_, c) =>
    total > 0 ? Math.max(0, values[c] ?? 0) / total : 0,
  );
  return { coordinates, components, varianceExplained, rowsUsed };
}

/** Of every `stride`-th row: the mean of each column, and D x D covariances (divided by the rows less one). */
function* covarianceOf(features: Float32Array, n: number, d: number, stride: number) {
  const mean = new Float64Array(d);
  let rowsUsed = 0;
  for (let row = 0; row < n; row += stride, rowsUsed++)
    for (let i = 0; i < d; i++) mean[i]! += features[row * d + i]!;
  for (let i = 0; i < d; i++) mean[i]! /= Math.max(1, rowsUsed);
  const covariance = new Float64Array(d * d);
  const centred = new Float64Array(4 * d);
  const perStep = Math.max(1, Math.floor(1e8 / (d * d)));
  for (let row = 0, step = 0; row < n; row += 4 * stride, step++) {
    centred.fill(0);
    for (let of4 = 0; of4 < 4; of4++) {
      const from = (row + of4 * stride) * d;
      if (from >= n * d) break;
      for (let i = 0; i < d; i++) centred[of4 * d + i] = features[from + i]! - mean[i]!;
    }
    // Four rows at once: a sum is read and written once for all of them.
    for (let i = 0; i < d; i++) {
      const a = centred[i]!;
      const b = centred[d + i]!;
      const c = centred[2 * d + i]!;
      const e = centred[3 * d + i]!;
      for (let j = i; j < d; j++) {
        covariance[i * d + j]! +=
          a * centred[j]! + b * centred[d + j]! + c * centred[2 * d + j]! + e * centred[3 * d + j]!;
      }
    }
    if (step % perStep === 0) yield (0.8 * row) / n;
  }
  const divisor = Math.max(1, rowsUsed - 1);
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      covariance[i * d + j]! /= divisor;
      covariance[j * d + i] = covariance[i * d + j]!;
    }
  }
  return { mean, covariance, rowsUsed };
}

interface Axes {
  /** Vectors of D numbers, of length 1. */
  readonly axes: readonly Float64Array[];
  /** The variance along each. */
  readonly values: readonly number[];
}

function noAxes(d: number): Axes {
  return { axes: [new Float64Array(d)], values: [0] };
}

function leadingAxes(covariance: Float64Array, d: number, count: number): Axes {
  const width = Math.min(d, count + SPARE_AXES);
  const random = createRandom(1);
  let basis: Float64Array[] = Array.from({ length: width }, () =>
    Float64Array.from({ length: d }, () => random() - 0.5),
  );
  let values: number[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    orthonormalise(basis, random);
    const images = basis.map((axis) => multiply(covariance, axis));
    const inner = new Float64Array(width * width);
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) inner[i * width + j] = dot(basis[i]!, images[j]!);
    const { values: ritz, vectors } = symmetricEigen(inner, width);
    // The images, turned to the Ritz vectors: the next basis, nearer to the axes by the ratio of their variances.
    const isLast = round === MOST_ROUNDS - 1 || isSettled(values, ritz, count);
    basis = combine(isLast ? basis : images, vectors, d);
    values = ritz;
    if (isLast) break;
  }
  return { axes: basis.slice(0, count).map(withLargestPositive), values: values.slice(0, count) };
}

function isSettled(before: readonly number[], now: readonly number[], count: number): boolean {
  if (before.length === 0) return false;
  const scale = Math.max(now[0] ?? 0, Number.MIN_VALUE);
  for (let c = 0; c < count; c++) if (Math.abs(now[c]! - before[c]!) > SETTLED * scale) return false;
  return true;
}

/** Modified Gram-Schmidt, twice; a vector that the others span gives its place to a random one. */
function orthonormalise(basis: Float64Array[], random: () => number): void {
  for (let c = 0; c < basis.length; c++) {
    const axis = basis[c]!;
    for (let attempt = 0; attempt < 4; attempt++) {
      const before = Math.sqrt(dot(axis, axis));
      for (let pass = 0; pass < 2; pass++) {
        for (let other = 0; other < c; other++) {
          const along = dot(axis, basis[other]!);
          for (let i = 0; i < axis.length; i++) axis[i]! -= along * basis[other]![i]!;
        }
      }
      const length = Math.sqrt(dot(axis, axis));
      if (length > 1e-10 * before && length > 0) {
        for (let i = 0; i < axis.length; i++) axis[i]! /= length;
        break;
      }
      for (let i = 0; i < axis.length; i++) axis[i] = random() - 0.5;
    }
  }
}

function multiply(matrix: Float64Array, vector: Float64Array): Float64Array {
  const d = vector.length;
  const result = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += matrix[i * d + j]! * vector[j]!;
    result[i] = sum;
  }
  return result;
}

function combine(vectors: readonly Float64Array[], weights: Float64Array, d: number): Float64Array[] {
  const width = vectors.length;
  return vectors.map((_, c) => {
    const sum = new Float64Array(d);
    for (let from = 0; from < width; from++) {
      const weight = weights[from * width + c]!;
      const vector = vectors[from]!;
      for (let i = 0; i < d; i++) sum[i]! += weight * vector[i]!;
    }
    return sum;
  });
}

function withLargestPositive(axis: Float64Array): Float64Array {
  let largest = 0;
  for (const loading of axis) if (Math.abs(loading) > Math.abs(largest)) largest = loading;
  return largest < 0 ? axis.map((loading) => -loading) : axis;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
