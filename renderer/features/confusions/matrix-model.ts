// The matrix as numbers and words: shares, totals, the scale of colours, text for the clipboard and for files.
import { count, percent } from '../../lib/format.ts';
import { toTsv } from '../../ui/tsv.ts';

export const matrixModes = ['counts', 'by-row', 'by-column'] as const;
export type MatrixMode = (typeof matrixModes)[number];

export interface Matrix {
  readonly labels: readonly string[];
  /** counts[i * n + j] = given labels[i], predicted labels[j]. */
  readonly counts: Int32Array;
  readonly rowTotals: Int32Array;
  readonly columnTotals: Int32Array;
  /** Largest count of a cell. */
  readonly largest: number;
}

/** @param rows rows[i][j] = clips given labels[i] and predicted labels[j]; n x n. */
export function matrixOf(labels: readonly string[], rows: readonly (readonly number[])[]): Matrix {
  const n = labels.length;
  const counts = new Int32Array(n * n);
  const rowTotals = new Int32Array(n);
  const columnTotals = new Int32Array(n);
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const row = rows[i] ?? [];
    for (let j = 0; j < n; j++) {
      const value = row[j] ?? 0;
      counts[i * n + j] = value;
      rowTotals[i] = (rowTotals[i] ?? 0) + value;
      columnTotals[j] = (columnTotals[j] ?? 0) + value;
      if (value > largest) largest = value;
    }
  }
  return { labels, counts, rowTotals, columnTotals, largest };
}

export function countAt(matrix: Matrix, row: number, column: number): number {
  return matrix.counts[row * matrix.labels.length + column] ?? 0;
}

/** What a cell shows: a count, or its share (0..1) of its row or column; null where that has no clips. */
export function valueAt(matrix: Matrix, row: number, column: number, mode: MatrixMode): number | null {
  const n = countAt(matrix, row, column);
  if (mode === 'counts') return n;
  const total = (mode === 'by-row' ? matrix.rowTotals[row] : matrix.columnTotals[column]) ?? 0;
  return total === 0 ? null : n / total;
}

/**
 * Where a cell stands on the scale of colours, 0..1. The square root of its share of the largest value: a linear
 * scale shows the diagonal only, and the errors are what one looks for.
 */
export function intensityAt(matrix: Matrix, row: number, column: number, mode: MatrixMode): number {
  const value = valueAt(matrix, row, column, mode) ?? 0;
  const largest = mode === 'counts' ? matrix.largest : 1;
  return largest === 0 ? 0 : Math.sqrt(value / largest);
}

/** The number printed in a cell: `291`; shares in percent with one decimal, without the sign. Zero is a dot. */
export function printedAt(matrix: Matrix, row: number, column: number, mode: MatrixMode): string {
  const value = valueAt(matrix, row, column, mode);
  if (value === null || value === 0) return '·';
  return mode === 'counts' ? String(value) : (value * 100).toFixed(1);
}

/** The cell in a sentence, for reading and for hearing. */
export function cellInWords(matrix: Matrix, row: number, column: number): string {
  const given = matrix.labels[row] ?? '';
  const predicted = matrix.labels[column] ?? '';
  const n = countAt(matrix, row, column);
  const rowTotal = matrix.rowTotals[row] ?? 0;
  const columnTotal = matrix.columnTotals[column] ?? 0;
  const what = row === column ? `${given} heard as ${given}, right` : `${given} heard as ${predicted}`;
  const ofRow = rowTotal > 0 ? `, ${percent(n / rowTotal)} of the ${count(rowTotal)} ${given}` : '';
  const ofColumn =
    columnTotal > 0 ? `, ${percent(n / columnTotal)} of the ${count(columnTotal)} heard as ${predicted}` : '';
  return `${what}: ${count(n)} ${n === 1 ? 'clip' : 'clips'}${ofRow}${ofColumn}`;
}

/** The matrix in the mode shown, with labels in the first row and column, shares as plain numbers. */
function cellTexts(matrix: Matrix, mode: MatrixMode): string[][] {
  const corner = 'given \\ predicted';
  return [
    [corner, ...matrix.labels],
    ...matrix.labels.map((label, row) => [
      label,
      ...matrix.labels.map((_, column) => {
        const value = valueAt(matrix, row, column, mode);
        return value === null ? '' : mode === 'counts' ? String(value) : value.toFixed(4);
      }),
    ]),
  ];
}

export function matrixAsTsv(matrix: Matrix, mode: MatrixMode): string {
  return toTsv(cellTexts(matrix, mode));
}

/** RFC 4180: CRLF, quotes doubled, quoted where needed. */
export function matrixAsCsv(matrix: Matrix, mode: MatrixMode): string {
  const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return cellTexts(matrix, mode)
    .map((row) => `${row.map(quoted).join(',')}\r\n`)
    .join('');
}
