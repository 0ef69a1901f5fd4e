// The first rows of an import before anything is stored, with what would not be used. Bounded in files and time, so
// that a pattern can be tried while it is typed.
import { basename } from 'node:path';
import type { DatasetFormat, FileFailure, ImportOptions } from '../../shared/domain/dataset.ts';
import { cancelledError, EarmarkError } from '../../shared/errors.ts';
import type { ClipSource } from './format.ts';
import type { Mapping } from './mapping.ts';
import { NO_MATCH } from './pattern.ts';
import { emptyError, formats } from './registry.ts';
import { openSource } from './source.ts';
import { describeTable } from './table.ts';

export interface DatasetPreview {
  readonly rows: readonly ClipSource[];
  readonly problems: readonly FileFailure[];
  /** Of a table. */
  readonly columns: readonly string[] | null;
  readonly suggestedMapping: Mapping | null;
  /** Files that do not fit the pattern. */
  readonly unmatchedExamples: readonly string[];
  /** How many do not. */
  readonly unmatched: number;
  /** Clips that would be imported. */
  readonly clips: number;
  /** Distinct labels and speakers among those clips. */
  readonly labels: number;
  readonly speakers: number;
  /** Files or rows seen, used or not. */
  readonly total: number;
  /** False when the looking stopped early: `clips`, `total` and the rest are then at least so many. */
  readonly isComplete: boolean;
}

const MOST_ITEMS = 50_000;
const MOST_MS = 3000;

/**
 * @param limit rows and problems to give back
 * @throws EarmarkError what importing would throw: a wrong pattern (with its position), missing columns, no recordings.
 */
export async function previewDataset(
  path: string,
  format: DatasetFormat,
  options: ImportOptions,
  limit = 50,
  signal?: AbortSignal,
): Promise<DatasetPreview> {
  const source = await openSource(path, options);
  const table = format === 'table' ? await describeTable(source, options) : null;
  const rows: ClipSource[] = [];
  const problems: FileFailure[] = [];
  const unmatchedExamples: string[] = [];
  const labels = new Set<string>();
  const speakers = new Set<string>();
  let unmatched = 0;
  let failures = 0;
  let clips = 0;
  let isComplete = true;
  const stop = new AbortController();
  const until = performance.now() + MOST_MS;
  const report = {
    failure(failure: FileFailure): void {
      failures++;
      if (failure.code === NO_MATCH) {
        unmatched++;
        if (unmatchedExamples.length < limit) unmatchedExamples.push(failure.file);
      } else if (problems.length < limit) problems.push(failure);
    },
    signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
  };
  try {
    for await (const batch of formats[format].read(source, options, report)) {
      if (signal?.aborted) throw cancelledError();
      for (const clip of batch) {
        if (rows.length < limit) rows.push(clip);
        if (clip.label !== null) labels.add(clip.label);
        if (clip.speaker !== null) speakers.add(clip.speaker);
      }
      clips += batch.length;
      if (clips + failures >= MOST_ITEMS || performance.now() > until) {
        isComplete = false;
        break;
      }
    }
  } catch (error) {
    // The columns are what the person needs to choose another one.
    if (table === null || !(error instanceof EarmarkError) || error.code !== 'table/columns') throw error;
    report.failure({ file: basename(path), code: error.code, message: error.message });
  }
  stop.abort();
  if (clips + failures === 0) throw await emptyError(source);
  return {
    rows,
    problems,
    columns: table?.columns ?? null,
    suggestedMapping: table?.mapping ?? null,
    unmatchedExamples,
    unmatched,
    clips,
    labels: labels.size,
    speakers: speakers.size,
    total: clips + failures,
    isComplete,
  };
}
