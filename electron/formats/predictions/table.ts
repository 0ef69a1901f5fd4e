// Predictions as a table: CSV, TSV or JSON lines with one row per clip (FORMATS 17).
import { basename } from 'node:path';
import { cancelledError, EarmarkError } from '../../../shared/errors.ts';
import { firstRows, openTable, type TableRow } from '../table-file.ts';
import { findColumns, type PredictionColumns, toNumber } from './columns.ts';
import type { ProblemList } from './problems.ts';
import { GrowingMatrix } from './rows.ts';

/** What a form of predictions gives before it is judged. */
export interface RawPredictions {
  readonly labels: readonly string[] | null;
  readonly clips: string[];
  readonly predicted: (string | null)[];
  readonly confidence: (number | null)[];
  readonly hypothesis: (string | null)[];
  readonly latencyMs: (number | null)[];
  readonly lines: number[];
  readonly scores: Float32Array | null;
}

export interface TableReading {
  readonly knownLabels: readonly string[];
  /** Stop after so many rows; null = all. */
  readonly limit: number | null;
  readonly signal: AbortSignal | undefined;
  progress(rows: number): void;
}

const ROWS_LOOKED_AT = 50;

/** @throws EarmarkError `predictions/columns` when there is no clip column or nothing predicted; those of `openTable`. */
export async function readPredictionTable(
  path: string,
  reading: TableReading,
  problems: ProblemList,
): Promise<RawPredictions> {
  const file = basename(path);
  const table = await openTable(path);
  const found = findColumns(table.columns, await firstRows(table, ROWS_LOOKED_AT), reading.knownLabels);
  requireColumns(found, table.columns, file);
  const matrix = found.classes.length > 0 ? new GrowingMatrix(found.classes.length) : null;
  const raw = {
    labels: matrix === null ? null : found.classes.map(({ label }) => label),
    clips: [] as string[],
    predicted: [] as (string | null)[],
    confidence: [] as (number | null)[],
    hypothesis: [] as (string | null)[],
    latencyMs: [] as (number | null)[],
    lines: [] as number[],
  };
  const seen = new Set<string>();

  const take = ({ line, values }: TableRow): void => {
    const cell = (index: number): string => values[index] ?? '';
    const clip = cell(found.clip).trim();
    const place = `line ${line}`;
    if (clip === '') {
      problems.add('predictions/no-clip', 'Rows that name no clip; they were left out.', place);
      return;
    }
    if (seen.has(clip)) {
      problems.add(
        'predictions/duplicate',
        'More than one row for a clip; the first counts.',
        `${clip} (${place})`,
      );
      return;
    }
    seen.add(clip);
    raw.clips.push(clip);
    raw.lines.push(line);
    raw.predicted.push(cell(found.predicted).trim() || null);
    raw.hypothesis.push(found.hypothesis < 0 ? null : cell(found.hypothesis));
    raw.confidence.push(
      confidenceOf(cell(found.confidence), found.confidence, `${clip} (${place})`, problems),
    );
    raw.latencyMs.push(latencyOf(cell(found.latencyMs), found.latencyMs, `${clip} (${place})`, problems));
    if (matrix !== null) takeScores(values, found, matrix, `${clip} (${place})`, problems);
  };

  batches: for await (const rows of table.rows(
    (failure) =>
      problems.add(failure.code, 'Rows that could not be read; they were left out.', failure.message),
    reading.signal,
  )) {
    if (reading.signal?.aborted) throw cancelledError();
    for (const row of rows) {
      if (reading.limit !== null && raw.clips.length >= reading.limit) break batches;
      take(row);
    }
    reading.progress(raw.clips.length);
  }
  return { ...raw, scores: matrix?.finish() ?? null };
}

function requireColumns(found: PredictionColumns, columns: readonly string[], file: string): void {
  const list = columns.join(', ');
  if (found.clip < 0) {
    throw new EarmarkError(
      'predictions/columns',
      `${file} has no column that names the clips: path, clip, file or audio_filepath. Its columns are: ${list}. Nothing was imported.`,
      { columns: [...columns] },
    );
  }
  if (found.predicted < 0 && found.hypothesis < 0 && found.classes.length === 0) {
    throw new EarmarkError(
      'predictions/columns',
      `${file} has no column with predictions: predicted, a probability per class (p_<label>) or hypothesis. Its columns are: ${list}. Nothing was imported.`,
      { columns: [...columns] },
    );
  }
}

function confidenceOf(cell: string, index: number, example: string, problems: ProblemList): number | null {
  if (index < 0 || cell.trim() === '') return null;
  const value = toNumber(cell);
  if (value >= 0 && value <= 1) return value;
  problems.add(
    'predictions/confidence',
    'Confidences that are no number from 0 to 1; left empty.',
    `${example}: ${cell}`,
  );
  return null;
}

function latencyOf(cell: string, index: number, example: string, problems: ProblemList): number | null {
  if (index < 0 || cell.trim() === '') return null;
  const value = toNumber(cell);
  if (Number.isFinite(value) && value >= 0) return value;
  problems.add(
    'predictions/latency',
    'Latencies that are no number of milliseconds; left empty.',
    `${example}: ${cell}`,
  );
  return null;
}

function takeScores(
  values: readonly string[],
  { classes }: PredictionColumns,
  matrix: GrowingMatrix,
  example: string,
  problems: ProblemList,
): void {
  const { data, from } = matrix.addRow();
  let isWhole = true;
  for (let k = 0; k < classes.length; k++) {
    const value = toNumber(values[classes[k]?.index ?? -1] ?? '');
    data[from + k] = value;
    // -Infinity is the logarithm of zero; it is judged with the scale.
    if (Number.isNaN(value) || value === Number.POSITIVE_INFINITY) isWhole = false;
  }
  if (isWhole) return;
  data.fill(Number.NaN, from, from + classes.length);
  reportNotFinite(example, problems);
}

/** A row whose scores hold NaN or infinity: it keeps its predicted label and loses its probabilities. */
export function reportNotFinite(example: string, problems: ProblemList): void {
  const message =
    'Rows with scores that are missing or no number (NaN, infinity); their probabilities are not used.';
  problems.add('predictions/nan', message, example);
}
