// Where a softmax fit expects its loss to curve: the covariance of the columns, so that correlated columns do not slow
// the descent down.
import { parameterCount, type SoftmaxProblem } from './softmax-loss.ts';

/** Rows that the covariance is estimated from: at least this many, or four for each column. */
const LEAST_ROWS = 2000;
/** Above this many columns the factorisation would cost more than it saves. */
const MOST_COLUMNS = 1024;

/**
 * Multiplies a gradient in place by the inverse of the loss's second derivative at zero weights, where every class has
 * the probability 1/K: (X'X / K + l2 I) for each class (Boehning 1992, "Multinomial logistic regression algorithm").
 * Above 1,024 columns by the inverse of its diagonal.
 */
export function preconditionerOf(problem: SoftmaxProblem): (gradient: Float64Array) => void {
  const { d, k, rows, rowWeights, l2 } = problem;
  let total = 0;
  for (let i = 0; i < rows.length; i++) total += rowWeights?.[i] ?? 1;
  const biasScale = k / total;
  const factor = d <= MOST_COLUMNS ? cholesky(curvature(problem, total), d) : undefined;
  const scale = 1 / (total / k + l2);
  return (gradient) => {
    for (let c = 0; c < k; c++) {
      const part = gradient.subarray(c * d, (c + 1) * d);
      if (factor) solve(factor, part);
      else for (let j = 0; j < d; j++) part[j]! *= scale;
    }
    for (let i = k * d; i < parameterCount(problem); i++) gradient[i]! *= biasScale;
  };
}

/** X'X / K + l2 I of the scaled columns, from an even choice of rows; its lower half, D x D. */
function curvature(
  { features, d, k, rows, rowWeights, scaling, l2 }: SoftmaxProblem,
  total: number,
): Float64Array {
  const wanted = Math.min(rows.length, Math.max(LEAST_ROWS, 4 * d));
  const sums = new Float64Array(d * d);
  const row = new Float64Array(d);
  let used = 0;
  for (let i = 0; i < wanted; i++) {
    const at = Math.floor((i * rows.length) / wanted);
    const weight = rowWeights?.[at] ?? 1;
    if (weight === 0) continue;
    used += weight;
    const start = rows[at]! * d;
    for (let j = 0; j < d; j++) row[j] = (features[start + j]! - scaling.mean[j]!) * scaling.scale[j]!;
    for (let a = 0; a < d; a++) {
      const value = weight * row[a]!;
      for (let b = 0; b <= a; b++) sums[a * d + b]! += value * row[b]!;
    }
  }
  const share = used > 0 ? total / (used * k) : 0;
  // A ridge keeps columns that depend on one another, or too few rows, from making it singular.
  const ridge = l2 + 1e-3 * (total / k) + Number.MIN_VALUE;
  for (let a = 0; a < d; a++) {
    for (let b = 0; b <= a; b++) sums[a * d + b]! *= share;
    sums[a * d + a]! += ridge;
  }
  return sums;
}

/** L of L L' = the symmetric positive definite matrix whose lower half is given; in place. */
function cholesky(matrix: Float64Array, d: number): Float64Array {
  for (let a = 0; a < d; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = matrix[a * d + b]!;
      for (let j = 0; j < b; j++) sum -= matrix[a * d + j]! * matrix[b * d + j]!;
      matrix[a * d + b] = a === b ? Math.sqrt(sum) : sum / matrix[b * d + b]!;
    }
  }
  return matrix;
}

/** Solves L L' x = `values`, in place. */
function solve(factor: Float64Array, values: Float64Array): void {
  const d = values.length;
  for (let a = 0; a < d; a++) {
    let sum = values[a]!;
    for (let j = 0; j < a; j++) sum -= factor[a * d + j]! * values[j]!;
    values[a] = sum / factor[a * d + a]!;
  }
  for (let a = d - 1; a >= 0; a--) {
    const value = values[a]! / factor[a * d + a]!;
    values[a] = value;
    for (let j = 0; j < a; j++) values[j]! -= factor[a * d + j]! * value;
  }
}
