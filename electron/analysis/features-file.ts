// Features of clips as the numeric code takes them: the rows of an .npy file that hold numbers. Rows of clips that could
// not be embedded are NaN; they are taken out before and put back, empty, after.
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { EarmarkError } from '../../shared/errors.ts';
import { npyToFloat32, readNpyFile } from '../formats/index.ts';

export interface FeatureRows {
  /** n x d, finite. */
  readonly features: Float32Array;
  readonly n: number;
  readonly d: number;
  /** Rows of the file. */
  readonly total: number;
  /** Row of the file of each of the n; null when they are all of them. */
  readonly rows: Int32Array | null;
  /** What people should know of the file, a sentence each. */
  readonly notes: readonly string[];
}

const LARGEST_FLOAT32 = 3.4e38;

/** The file read last: a map, its neighbours and the classes are asked for one after the other. */
let last: { readonly key: string; readonly rows: FeatureRows } | null = null;

/**
 * @throws EarmarkError `features/shape`, `features/none`, `features/not-finite`, `features/too-large`, and those of
 *   reading the file.
 */
export async function readFeatures(path: string): Promise<FeatureRows> {
  const info = await stat(path).catch(() => null);
  const key = `${path}\0${info?.size}\0${info?.mtimeMs}`;
  if (last?.key === key) return last.rows;
  last = null;
  const array = await readNpyFile(path);
  const [total = 0, d = 0] = array.shape;
  if (array.shape.length !== 2 || d === 0) {
    throw new EarmarkError(
      'features/shape',
      `${basename(path)} has the shape (${array.shape.join(', ')}); rows of numbers (N, D) are expected.`,
    );
  }
  const rows = finiteRows(npyToFloat32(array), total, d, basename(path));
  last = { key, rows };
  return rows;
}

/** A row of NaN only is an empty row; a row with some numbers that are not finite is a mistake. */
function finiteRows(features: Float32Array, total: number, d: number, name: string): FeatureRows {
  const kept: number[] = [];
  const broken: number[] = [];
  let largest = 0;
  for (let row = 0; row < total; row++) {
    let finite = 0;
    let isNaNOnly = true;
    for (let at = row * d; at < (row + 1) * d; at++) {
      const value = features[at] ?? Number.NaN;
      if (Number.isFinite(value)) finite += 1;
      if (!Number.isNaN(value)) isNaNOnly = false;
    }
    if (finite === d) {
      kept.push(row);
      for (let at = row * d; at < (row + 1) * d; at++) {
        const size = Math.abs(features[at] ?? 0);
        if (size > largest) largest = size;
      }
    } else if (!isNaNOnly) broken.push(row);
  }
  if (broken.length > 0) {
    throw new EarmarkError(
      'features/not-finite',
      `${name} holds NaN or infinity among the numbers of ${broken.length} of ${total} rows, the first is row ${broken[0]}. Nothing was computed.`,
      { rows: broken.length, first: broken[0] },
    );
  }
  if (kept.length === 0) {
    throw new EarmarkError(
      'features/none',
      `${name} holds no row of numbers: ${total === 0 ? 'it has no rows' : `all ${total} rows are empty (NaN)`}. Nothing was computed.`,
    );
  }
  // Twice as far apart in every column: the square has to fit the numbers that distances are kept in.
  if (4 * d * largest * largest > LARGEST_FLOAT32) {
    throw new EarmarkError(
      'features/too-large',
      `${name} holds numbers up to ${largest.toPrecision(3)}, whose squared distances do not fit in 32-bit numbers. Scale the features down. Nothing was computed.`,
    );
  }
  if (kept.length === total) return { features, n: total, d, total, rows: null, notes: [] };
  const compact = new Float32Array(kept.length * d);
  for (const [at, row] of kept.entries()) compact.set(features.subarray(row * d, (row + 1) * d), at * d);
  const left = total - kept.length;
  const notes = [`${left} of ${total} rows ${left === 1 ? 'is' : 'are'} empty (NaN) and left out.`];
  return { features: compact, n: kept.length, d, total, rows: Int32Array.from(kept), notes };
}

/** n x width values in the file's rows; the other rows hold `empty`. */
export function spread<Values extends Int32Array | Float32Array>(
  { rows, total }: FeatureRows,
  values: Values,
  width: number,
  empty: number,
): Values {
  if (rows === null) return values;
  const all = (
    values instanceof Int32Array ? new Int32Array(total * width) : new Float32Array(total * width)
  ).fill(empty) as Values;
  for (const [at, row] of rows.entries()) all.set(values.subarray(at * width, (at + 1) * width), row * width);
  return all;
}

/** One value per row of the file, for the n rows that are there. */
export function compact(rows: FeatureRows, values: Int32Array): Int32Array {
  return rows.rows === null ? values : rows.rows.map((row) => values[row] ?? -1);
}
