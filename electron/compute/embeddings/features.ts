// Embeddings and their neighbour graphs as the functions beside this file take them, and the checks that come before
// any arithmetic.
import { EarmarkError } from '../../../shared/errors.ts';

/** N x D embeddings, row-major; every value finite. */
export interface Features {
  readonly features: Float32Array;
  readonly n: number;
  readonly d: number;
}

/** The k nearest rows of every row, itself left out, nearest first; -1 fills rows that have fewer. */
export interface NeighbourGraph {
  readonly n: number;
  readonly k: number;
  /** N x k rows. */
  readonly indices: Int32Array;
  /** N x k distances, 0 or more. */
  readonly distances: Float32Array;
}

/** @throws EarmarkError `features/shape` when there are not n x d numbers, `features/not-finite` for NaN or infinity. */
export function checkFeatures({ features, n, d }: Features, name = 'The embeddings'): void {
  const isWhole = Number.isSafeInteger(n) && Number.isSafeInteger(d) && n >= 0 && d > 0;
  if (!isWhole || features.length !== n * d) {
    throw new EarmarkError(
      'features/shape',
      `${name} should be ${n} rows of ${d} numbers, but there are ${features.length} numbers. Nothing was computed.`,
      { n, d, length: features.length },
    );
  }
  let rows = 0;
  let first = -1;
  for (let row = 0; row < n; row++) {
    const end = (row + 1) * d;
    let at = row * d;
    while (at < end && Number.isFinite(features[at]!)) at++;
    if (at === end) continue;
    if (rows === 0) first = row;
    rows++;
  }
  if (rows > 0) {
    throw new EarmarkError(
      'features/not-finite',
      `${name} hold NaN or infinity in ${rows} of ${n} rows, first in row ${first}. Nothing was computed.`,
      { rows, first },
    );
  }
}

/** @throws EarmarkError `labels/shape`, or `labels/range` for a code that is neither -1 nor in 0..classes-1. */
export function checkLabels(labels: Int32Array, n: number, classes: number): void {
  if (labels.length !== n) {
    throw new EarmarkError(
      'labels/shape',
      `${n} rows need ${n} labels, but there are ${labels.length}. Nothing was computed.`,
      { n, length: labels.length },
    );
  }
  const row = labels.findIndex((label) => label < -1 || label >= classes);
  if (row >= 0) {
    throw new EarmarkError(
      'labels/range',
      `Row ${row} has label ${labels[row]}, but labels run from 0 to ${classes - 1} (-1 for none). Nothing was computed.`,
      { row, label: labels[row], classes },
    );
  }
}

/** @throws EarmarkError `neighbours/shape` when the graph is not n x k, `neighbours/range` for rows that do not exist. */
export function checkGraph({ n, k, indices, distances }: NeighbourGraph, rows = n): void {
  if (n !== rows || indices.length !== n * k || distances.length !== n * k) {
    throw new EarmarkError(
      'neighbours/shape',
      `The neighbours of ${rows} rows should be ${rows} x ${k} rows and distances, but there are ${indices.length} and ${distances.length}. Nothing was computed.`,
      { n: rows, k, indices: indices.length, distances: distances.length },
    );
  }
  const at = indices.findIndex((row) => row < -1 || row >= n);
  if (at >= 0) {
    throw new EarmarkError(
      'neighbours/range',
      `Row ${Math.floor(at / k)} has row ${indices[at]} for a neighbour, but rows run from 0 to ${n - 1}. Nothing was computed.`,
    );
  }
}

/** A copy with every row scaled to length 1; rows of zeros stay zero, so their cosine distance is 1 to everything. */
export function unitRows({ features, n, d }: Features): Float32Array {
  const unit = new Float32Array(n * d);
  for (let start = 0; start < n * d; start += d) {
    let sum = 0;
    for (let i = start; i < start + d; i++) sum += features[i]! * features[i]!;
    const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
    for (let i = start; i < start + d; i++) unit[i] = features[i]! * scale;
  }
  return unit;
}

/** `values` in a random order (Fisher & Yates), in place. */
export function shuffle(values: Int32Array, random: () => number): Int32Array {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const held = values[i]!;
    values[i] = values[j]!;
    values[j] = held;
  }
  return values;
}

/** The rows of every class 0..classes-1, ascending. */
export function rowsByClass(labels: Int32Array, classes: number): Int32Array[] {
  const counts = new Int32Array(classes);
  for (const label of labels) if (label >= 0) counts[label]!++;
  const rows = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    if (label >= 0) rows[label]![counts[label]!++] = row;
  }
  return rows;
}
