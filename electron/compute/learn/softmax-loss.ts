// The weighted log loss of a softmax layer over rows of embeddings, and its gradient: the inner loop of every fit here.
import type { Features } from '../embeddings/features.ts';

/** Rows are worked on in blocks of this many, with their values side by side. */
const BLOCK = 4;

/** Column means and 1 / standard deviation, 0 for constant columns: they then carry no weight. */
export interface Scaling {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

export interface SoftmaxProblem extends Features {
  readonly scaling: Scaling;
  /** The rows that take part. */
  readonly rows: Int32Array;
  /** By place in `rows`: 0..k-1. */
  readonly labels: Int32Array;
  readonly k: number;
  /** By place in `rows`, 0 or more; null: 1 each. */
  readonly rowWeights: Float64Array | null;
  /** Penalty l2 / 2 x the sum of squared weights; the biases go free. */
  readonly l2: number;
}

/** How many parameters a layer has: K x D weights, class by class, then K biases. */
export function parameterCount({ k, d }: { readonly k: number; readonly d: number }): number {
  return k * (d + 1);
}

/** Scaled values of up to four rows, [column][row], in `block`; rows beyond the count are left as they are. */
function loadBlock(
  { features, d, scaling }: SoftmaxProblem,
  rows: Int32Array,
  at: number,
  block: Float64Array,
): number {
  const count = Math.min(BLOCK, rows.length - at);
  const { mean, scale } = scaling;
  for (let r = 0; r < count; r++) {
    const start = rows[at + r]! * d;
    for (let j = 0; j < d; j++) block[j * BLOCK + r] = (features[start + j]! - mean[j]!) * scale[j]!;
  }
  return count;
}

/** Logits of the four rows in `block`, [class][row]. */
function blockLogits(
  parameters: Float64Array,
  block: Float64Array,
  d: number,
  k: number,
  logits: Float64Array,
): void {
  for (let c = 0; c < k; c += 2) {
    const last = c + 1 < k ? c + 1 : c;
    let [a0, a1, a2, a3] = [0, 0, 0, 0];
    let [b0, b1, b2, b3] = [0, 0, 0, 0];
    let first = c * d;
    let second = last * d;
    for (let j = 0; j < d * BLOCK; j += BLOCK) {
      const v = parameters[first++]!;
      const w = parameters[second++]!;
      const x0 = block[j]!;
      const x1 = block[j + 1]!;
      const x2 = block[j + 2]!;
      const x3 = block[j + 3]!;
      a0 += v * x0;
      a1 += v * x1;
      a2 += v * x2;
      a3 += v * x3;
      b0 += w * x0;
      b1 += w * x1;
      b2 += w * x2;
      b3 += w * x3;
    }
    const [biasA, biasB] = [parameters[k * d + c]!, parameters[k * d + last]!];
    logits[last * BLOCK] = b0 + biasB;
    logits[last * BLOCK + 1] = b1 + biasB;
    logits[last * BLOCK + 2] = b2 + biasB;
    logits[last * BLOCK + 3] = b3 + biasB;
    logits[c * BLOCK] = a0 + biasA;
    logits[c * BLOCK + 1] = a1 + biasA;
    logits[c * BLOCK + 2] = a2 + biasA;
    logits[c * BLOCK + 3] = a3 + biasA;
  }
}

/** Turns the logits of row r of a block into probabilities in place; returns log of the sum of exponentials. */
function softmaxInPlace(logits: Float64Array, r: number, k: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < k; c++) most = Math.max(most, logits[c * BLOCK + r]!);
  let sum = 0;
  for (let c = 0; c < k; c++) {
    const value = Math.exp(logits[c * BLOCK + r]! - most);
    logits[c * BLOCK + r] = value;
    sum += value;
  }
  for (let c = 0; c < k; c++) logits[c * BLOCK + r]! /= sum;
  return most + Math.log(sum);
}

/** Loss of `parameters`; `gradient` (as long) is overwritten. Time O(rows x D x K). */
export function softmaxLoss(
  problem: SoftmaxProblem,
  parameters: Float64Array,
  gradient: Float64Array,
): number {
  const { rows, labels, rowWeights, k, d, l2 } = problem;
  const block = new Float64Array(d * BLOCK);
  const logits = new Float64Array(k * BLOCK);
  gradient.fill(0);
  let loss = 0;
  for (let at = 0; at < rows.length; at += BLOCK) {
    const count = loadBlock(problem, rows, at, block);
    blockLogits(parameters, block, d, k, logits);
    for (let r = 0; r < BLOCK; r++) {
      if (r >= count) {
        for (let c = 0; c < k; c++) logits[c * BLOCK + r] = 0;
        continue;
      }
      const weight = rowWeights === null ? 1 : rowWeights[at + r]!;
      const own = labels[at + r]! * BLOCK + r;
      const ownLogit = logits[own]!;
      loss += weight * (softmaxInPlace(logits, r, k) - ownLogit);
      logits[own]! -= 1;
      if (weight !== 1) for (let c = 0; c < k; c++) logits[c * BLOCK + r]! *= weight;
    }
    addGradient(gradient, block, logits, d, k);
  }
  let squares = 0;
  for (let i = 0; i < k * d; i++) {
    squares += parameters[i]! * parameters[i]!;
    gradient[i]! += l2 * parameters[i]!;
  }
  return loss + (l2 / 2) * squares;
}

function addGradient(
  gradient: Float64Array,
  block: Float64Array,
  residuals: Float64Array,
  d: number,
  k: number,
): void {
  for (let c = 0; c < k; c++) {
    const r0 = residuals[c * BLOCK]!;
    const r1 = residuals[c * BLOCK + 1]!;
    const r2 = residuals[c * BLOCK + 2]!;
    const r3 = residuals[c * BLOCK + 3]!;
    let at = c * d;
    for (let j = 0; j < d * BLOCK; j += BLOCK) {
      gradient[at++]! += r0 * block[j]! + r1 * block[j + 1]! + (r2 * block[j + 2]! + r3 * block[j + 3]!);
    }
    gradient[k * d + c]! += r0 + r1 + (r2 + r3);
  }
}

/** Calls `use` with each of `rows` (by place) and its K probabilities, in a buffer that is used again. */
export function softmaxRows(
  layer: Features & { readonly scaling: Scaling; readonly k: number },
  parameters: Float64Array,
  rows: Int32Array,
  use: (place: number, probabilities: Float64Array) => void,
): void {
  const { d, k } = layer;
  const problem = { ...layer, rows, labels: rows, rowWeights: null, l2: 0 };
  const block = new Float64Array(d * BLOCK);
  const logits = new Float64Array(k * BLOCK);
  const one = new Float64Array(k);
  for (let at = 0; at < rows.length; at += BLOCK) {
    const count = loadBlock(problem, rows, at, block);
    blockLogits(parameters, block, d, k, logits);
    for (let r = 0; r < count; r++) {
      softmaxInPlace(logits, r, k);
      for (let c = 0; c < k; c++) one[c] = logits[c * BLOCK + r]!;
      use(at + r, one);
    }
  }
}

/** Mean and 1 / standard deviation of every column over `rows`, each row counting `rowWeights` times. */
export function scalingOf(
  { features, d }: Features,
  rows: Int32Array,
  rowWeights: Float64Array | null = null,
): Scaling {
  const mean = new Float64Array(d);
  const scale = new Float64Array(d);
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    const weight = rowWeights?.[i] ?? 1;
    total += weight;
    for (let j = 0; j < d; j++) mean[j]! += weight * features[rows[i]! * d + j]!;
  }
  for (let j = 0; j < d; j++) mean[j]! /= total;
  for (let i = 0; i < rows.length; i++) {
    const weight = rowWeights?.[i] ?? 1;
    for (let j = 0; j < d; j++) {
      const off = features[rows[i]! * d + j]! - mean[j]!;
      scale[j]! += weight * off * off;
    }
  }
  for (let j = 0; j < d; j++) {
    const deviation = Math.sqrt(scale[j]! / total);
    // Rounding of the mean alone leaves a deviation of some 1e-16 of the column's size.
    scale[j] = deviation > 1e-9 * Math.abs(mean[j]!) && deviation > 0 ? 1 / deviation : 0;
  }
  return { mean, scale };
}
