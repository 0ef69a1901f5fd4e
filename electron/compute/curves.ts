// One class against the rest, by score: ROC AUC, average precision and the curves over all thresholds. Scores are
// compared as unsigned integer keys in the order of the floats, which sort without a comparison function.

import { type RowSelection, selectedRows } from './metrics.ts';

export interface RankingFigures {
  /** Chance that a positive scores above a negative, ties counting half; null without positives or negatives. */
  readonly rocAuc: number | null;
  /** Sum of precision times gain in recall over the distinct scores, descending; null without positives. */
  readonly averagePrecision: number | null;
}

/** The bits of a 32-bit float as an unsigned integer that orders as the float does; -0 is 0. No NaN. */
export function toKey(bits: number): number {
  const unsigned = bits >>> 0;
  if (unsigned === 0x80000000) return 0x80000000;
  return unsigned > 0x80000000 ? ~unsigned >>> 0 : (unsigned | 0x80000000) >>> 0;
}

const shared = new Float32Array(1);
const sharedBits = new Uint32Array(shared.buffer);

function fromKey(key: number): number {
  sharedBits[0] = key >= 0x80000000 ? key ^ 0x80000000 : ~key;
  return shared[0]!;
}

/** Figures of positives against negatives (keys as by `toKey`). Sorts both; `scratch` is as long as the longer one. */
export function rankingFigures(
  positives: Uint32Array,
  negatives: Uint32Array,
  scratch: Uint32Array,
): RankingFigures {
  if (positives.length === 0) return { rocAuc: null, averagePrecision: null };
  sortKeys(positives, scratch);
  sortKeys(negatives, scratch);
  let wins = 0;
  let precisionSum = 0;
  let p = positives.length - 1;
  let q = negatives.length - 1;
  while (p >= 0) {
    const key = positives[p]!;
    while (q >= 0 && negatives[q]! > key) q--;
    const above = q;
    while (q >= 0 && negatives[q]! === key) q--;
    const first = p;
    while (p >= 0 && positives[p]! === key) p--;
    const equal = first - p;
    wins += equal * (q + 1 + (above - q) / 2);
    const truePositives = positives.length - 1 - p;
    const falsePositives = negatives.length - 1 - q;
    precisionSum += (equal * truePositives) / (truePositives + falsePositives);
  }
  return {
    rocAuc: negatives.length > 0 ? wins / (positives.length * negatives.length) : null,
    averagePrecision: precisionSum / positives.length,
  };
}

export interface ClassCurve {
  readonly positives: number;
  readonly negatives: number;
  /** Distinct scores, descending: "at least this score" is called positive. */
  readonly thresholds: Float64Array;
  readonly truePositives: Int32Array;
  readonly falsePositives: Int32Array;
}

/**
 * Counts at every threshold that separates scores, for one column of N x k scores against the rest. With more
 * than `maxPoints` distinct scores, points are left out evenly; first and last stay. Precision, recall and
 * false-positive rate follow from the counts.
 */
export function classCurve(
  given: Int32Array,
  probs: Float32Array,
  k: number,
  label: number,
  options: { readonly rows?: RowSelection | undefined; readonly maxPoints?: number } = {},
): ClassCurve {
  const bits = new Uint32Array(probs.buffer, probs.byteOffset, probs.length);
  const rows = selectedRows(options.rows, given.length).filter((row) => given[row]! >= 0);
  const positives = Uint32Array.from(
    rows.filter((row) => given[row] === label),
    (row) => toKey(bits[row * k + label]!),
  );
  const negatives = Uint32Array.from(
    rows.filter((row) => given[row] !== label),
    (row) => toKey(bits[row * k + label]!),
  );
  const scratch = new Uint32Array(rows.length);
  sortKeys(positives, scratch);
  sortKeys(negatives, scratch);
  const keys: number[] = [];
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  let p = positives.length - 1;
  let q = negatives.length - 1;
  while (p >= 0 || q >= 0) {
    const key = Math.max(p >= 0 ? positives[p]! : 0, q >= 0 ? negatives[q]! : 0);
    while (p >= 0 && positives[p] === key) p--;
    while (q >= 0 && negatives[q] === key) q--;
    keys.push(key);
    truePositives.push(positives.length - 1 - p);
    falsePositives.push(negatives.length - 1 - q);
  }
  const total = keys.length;
  const points = Math.min(total, Math.max(2, options.maxPoints ?? 1000));
  const kept = Int32Array.from({ length: points }, (_, i) =>
    points === total ? i : Math.round((i * (total - 1)) / (points - 1)),
  );
  return {
    positives: positives.length,
    negatives: negatives.length,
    thresholds: Float64Array.from(kept, (at) => fromKey(keys[at]!)),
    truePositives: kept.map((at) => truePositives[at]!),
    falsePositives: kept.map((at) => falsePositives[at]!),
  };
}

/** Below this many keys the built-in sort is faster than counting digits. */
const RADIX_FROM = 2048;

/** Sorts keys ascending in place: three rounds of counting by 11 bits. */
export function sortKeys(keys: Uint32Array, scratch: Uint32Array): void {
  const n = keys.length;
  if (n < RADIX_FROM) {
    keys.sort();
    return;
  }
  const low = new Uint32Array(2048);
  const middle = new Uint32Array(2048);
  const high = new Uint32Array(1024);
  for (let i = 0; i < n; i++) {
    const key = keys[i]!;
    low[key & 2047]!++;
    middle[(key >>> 11) & 2047]!++;
    high[key >>> 22]!++;
  }
  toStarts(low);
  toStarts(middle);
  toStarts(high);
  for (let i = 0; i < n; i++) scratch[low[keys[i]! & 2047]!++] = keys[i]!;
  for (let i = 0; i < n; i++) keys[middle[(scratch[i]! >>> 11) & 2047]!++] = scratch[i]!;
  for (let i = 0; i < n; i++) scratch[high[keys[i]! >>> 22]!++] = keys[i]!;
  keys.set(scratch.subarray(0, n));
}

function toStarts(counts: Uint32Array): void {
  let start = 0;
  for (let digit = 0; digit < counts.length; digit++) {
    const count = counts[digit]!;
    counts[digit] = start;
    start += count;
  }
}
