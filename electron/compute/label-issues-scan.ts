// The one pass over the N x K probabilities that every label-issue method needs: the probability of the given
// label, the largest other one, and the check of every value. Knows nothing of thresholds or filters.
import { EarmarkError } from '../../shared/errors.ts';

/** Probabilities, row-major: row i, class j at `i * k + j`. */
export type Probabilities = Float32Array | Float64Array;

export interface LabelScan {
  /** N: probability of the given label (self-confidence). */
  readonly self: Probabilities;
  /** N: largest probability among the other labels; 0 where there is none (k = 1). */
  readonly other: Probabilities;
  /** N: the most probable label, the first one among equals. */
  readonly proposed: Int32Array;
  /** K: items by given label. */
  readonly counts: Int32Array;
  /** K + 1: where each class starts in `grouped`. */
  readonly starts: Int32Array;
  /** N: `self` as float64, grouped by given label, in row order within a class. */
  readonly grouped: Float64Array;
}

type RowScan = Pick<LabelScan, 'self' | 'other' | 'proposed'>;

/**
 * Scans labels (N, 0..k-1) and probabilities (N x k, each in [0, 1]).
 * Errors: `label-issues/shape`, `label-issues/label`, `label-issues/probability`, each naming the row.
 */
export function scanLabels(labels: Int32Array, probs: Probabilities, n: number, k: number): LabelScan {
  if (!Number.isSafeInteger(n) || !Number.isSafeInteger(k) || n < 0 || k < 1) {
    throw new EarmarkError(
      'label-issues/shape',
      `Label issues need at least one class; got ${n} rows x ${k} classes.`,
    );
  }
  if (labels.length !== n || probs.length !== n * k) {
    throw new EarmarkError(
      'label-issues/shape',
      `Expected ${n} labels and ${n} x ${k} probabilities, found ${labels.length} labels and ${probs.length} probabilities. ` +
        'Labels and probabilities must come from the same clips in the same order.',
      { n, k, labels: labels.length, probabilities: probs.length },
    );
  }
  const counts = new Int32Array(k);
  for (let row = 0; row < n; row++) {
    const given = labels[row]!;
    if (given >>> 0 >= k) throw badLabel(row, given, k);
    counts[given]!++;
  }
  const starts = new Int32Array(k + 1);
  for (let c = 0; c < k; c++) starts[c + 1] = starts[c]! + counts[c]!;
  const scanned =
    (probs instanceof Float32Array ? scanBits(labels, probs, n, k) : undefined) ??
    scanFloats(labels, probs, n, k);
  const { self } = scanned;
  const next = starts.slice();
  const grouped = new Float64Array(n);
  for (let row = 0; row < n; row++) grouped[next[labels[row]!]!++] = self[row]!;
  return { ...scanned, counts, starts, grouped };
}

/** Bit pattern of 1.0 as a 32-bit float. */
const ONE_BITS = 0x3f800000;

/**
 * Floats in [0, 1] order as their bit patterns do as integers, so that the maximum needs neither a conversion
 * nor a branch. Undefined if any pattern lies outside (a bad value or a negative zero): the other scan decides.
 */
function scanBits(labels: Int32Array, probs: Float32Array, n: number, k: number): RowScan | undefined {
  const bits = new Int32Array(probs.buffer, probs.byteOffset, probs.length);
  const selfBits = new Int32Array(n);
  const otherBits = new Int32Array(n);
  const proposed = new Int32Array(n);
  // The sign bit is set once a pattern is negative or above that of 1.0.
  let outside = 0;
  for (let row = 0, base = 0; row < n; row++, base += k) {
    const given = base + labels[row]!;
    const end = base + k;
    let most = 0;
    let most2 = 0;
    let at = base;
    for (; at + 1 < given; at += 2) {
      const a = bits[at]!;
      const b = bits[at + 1]!;
      outside |= a | b | (ONE_BITS - a) | (ONE_BITS - b);
      const da = most - a;
      const db = most2 - b;
      most -= da & (da >> 31);
      most2 -= db & (db >> 31);
    }
    if (at < given) {
      const a = bits[at]!;
      outside |= a | (ONE_BITS - a);
      const da = most - a;
      most -= da & (da >> 31);
    }
    at = given + 1;
    for (; at + 1 < end; at += 2) {
      const a = bits[at]!;
      const b = bits[at + 1]!;
      outside |= a | b | (ONE_BITS - a) | (ONE_BITS - b);
      const da = most - a;
      const db = most2 - b;
      most -= da & (da >> 31);
      most2 -= db & (db >> 31);
    }
    if (at < end) {
      const a = bits[at]!;
      outside |= a | (ONE_BITS - a);
      const da = most - a;
      most -= da & (da >> 31);
    }
    const own = bits[given]!;
    outside |= own | (ONE_BITS - own);
    selfBits[row] = own;
    most = Math.max(most, most2);
    otherBits[row] = most;
    let likely = given;
    if (most >= own) {
      likely = base;
      while (likely < end && bits[likely] !== most) likely++;
    }
    proposed[row] = likely - base;
  }
  if (outside < 0) return undefined;
  return { self: new Float32Array(selfBits.buffer), other: new Float32Array(otherBits.buffer), proposed };
}

function scanFloats(labels: Int32Array, probs: Probabilities, n: number, k: number): RowScan {
  const self = probs instanceof Float32Array ? new Float32Array(n) : new Float64Array(n);
  const other = probs instanceof Float32Array ? new Float32Array(n) : new Float64Array(n);
  const proposed = new Int32Array(n);
  for (let row = 0, base = 0; row < n; row++, base += k) {
    const given = base + labels[row]!;
    let most = 0;
    for (let at = base; at < base + k; at++) {
      const p = probs[at]!;
      if (!(p >= 0 && p <= 1)) throw badProbability(row, at - base, p);
      if (p > most && at !== given) most = p;
    }
    self[row] = probs[given]!;
    other[row] = most;
    let likely = given;
    if (most >= probs[given]!) {
      likely = base;
      while (probs[likely]! < most) likely++;
    }
    proposed[row] = likely - base;
  }
  return { self, other, proposed };
}

function badLabel(row: number, label: number, k: number): EarmarkError {
  return new EarmarkError(
    'label-issues/label',
    `Row ${row} has the label ${label}, but the probabilities have ${k} classes (0 to ${k - 1}). ` +
      'Leave out rows without a label, and give the model the same list of labels.',
    { row, label, k },
  );
}

function badProbability(row: number, column: number, value: number): EarmarkError {
  const what = Number.isNaN(value) ? 'not a number' : String(value);
  return new EarmarkError(
    'label-issues/probability',
    `The probability of class ${column} in row ${row} is ${what}; it must lie between 0 and 1. ` +
      'If these are raw model outputs, apply softmax when reading them.',
    { row, column, value: String(value) },
  );
}
