// Eigenvalues and eigenvectors of a small symmetric matrix by Jacobi rotations (Golub & Van Loan, "Matrix
// Computations", 8.5).

export interface Eigen {
  /** Descending. */
  readonly values: number[];
  /** size x size, row-major: column c belongs to value c. */
  readonly vectors: Float64Array;
}

const MOST_SWEEPS = 60;

/** @param matrix size x size, row-major, symmetric; left as it is. For sizes to about 100: O(size^3) a sweep. */
export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  const a = matrix.slice();
  const v = new Float64Array(size * size);
  for (let i = 0; i < size; i++) v[i * size + i] = 1;
  let total = 0;
  for (const value of a) total += value * value;
  for (let sweep = 0; sweep < MOST_SWEEPS && offDiagonal(a, size) > 1e-26 * total; sweep++) {
    for (let p = 0; p < size - 1; p++) for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q);
  }
  const order = Array.from({ length: size }, (_, i) => i).sort(
    (i, j) => a[j * size + j]! - a[i * size + i]! || i - j,
  );
  const vectors = new Float64Array(size * size);
  for (const [to, from] of order.entries())
    for (let i = 0; i < size; i++) vectors[i * size + to] = v[i * size + from]!;
  return { values: order.map((i) => a[i * size + i]!), vectors };
}

function offDiagonal(a: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) for (let j = i + 1; j < size; j++) sum += 2 * a[i * size + j]! ** 2;
  return sum;
}

/** Makes a[p][q] zero. */
function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q]!;
  if (apq === 0) return;
  const tau = (a[q * size + q]! - a[p * size + p]!) / (2 * apq);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  for (let i = 0; i < size; i++) {
    const ip = a[i * size + p]!;
    const iq = a[i * size + q]!;
    a[i * size + p] = c * ip - s * iq;
    a[i * size + q] = s * ip + c * iq;
  }
  for (let i = 0; i < size; i++) {
    const pi = a[p * size + i]!;
    const qi = a[q * size + i]!;
    a[p * size + i] = c * pi - s * qi;
    a[q * size + i] = s * pi + c * qi;
    const vp = v[i * size + p]!;
    const vq = v[i * size + q]!;
    v[i * size + p] = c * vp - s * vq;
    v[i * size + q] = s * vp + c * vq;
  }
}
