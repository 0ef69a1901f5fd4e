// Reading what a person brings: predictions in any form, and tables of labels. Rows stream to the engine as columns;
// probabilities go to a file.

import { EarmarkError } from '../../shared/errors.ts';
import { openTable, readPredictions, type TableRow, writeNpyFile } from '../formats/index.ts';
import type { TaskContext } from '../ipc/dispatch.ts';
import type { WorkerTasks } from '../ipc/worker-tasks.ts';

const ROWS_PER_ITEM = 20_000;

export async function predictionsTask(
  params: WorkerTasks['predictions']['params'],
  context: TaskContext<WorkerTasks['predictions']['item']>,
): Promise<WorkerTasks['predictions']['result']> {
  const { source, labelsFile, clipsFile, softmax, fallbackLabels, probabilitiesOut, limit } = params;
  const read = await readPredictions(
    { source, labelsFile, clipsFile },
    { softmax, knownLabels: fallbackLabels, limit, signal: context.signal },
  );
  const { rows, labels, probabilities } = read;
  const total = rows.clips.length;
  if (probabilities !== null && labels !== null && probabilitiesOut !== null) {
    await writeNpyFile(probabilitiesOut, probabilities, [total, labels.length]);
  }
  for (let from = 0; from < total; from += ROWS_PER_ITEM) {
    const to = from + ROWS_PER_ITEM;
    await context.emit({
      clips: rows.clips.slice(from, to),
      predicted: rows.predicted.slice(from, to),
      confidence: rows.confidence.slice(from, to),
      hypothesis: rows.hypothesis.slice(from, to),
      latencyMs: rows.latencyMs.slice(from, to),
    });
  }
  return {
    form: read.form,
    labels,
    rows: total,
    problems: read.problems.map((problem) => ({ ...problem, examples: [...problem.examples] })),
    looksLikeLogits: read.scale !== 'probabilities' && !read.isSoftmaxApplied,
    hasProbabilities: probabilities !== null,
  };
}

const pathColumns = ['path', 'clip', 'file', 'audio_filepath'];
const labelColumns = ['label', 'to', 'new_label'];

function columnAmong(columns: readonly string[], names: readonly string[]): number {
  return columns.findIndex((column) => names.includes(column.toLowerCase()));
}

export async function labelsTask(
  { source }: WorkerTasks['labels']['params'],
  context: TaskContext<WorkerTasks['labels']['item']>,
): Promise<WorkerTasks['labels']['result']> {
  const table = await openTable(source);
  let rows = 0;
  const failed: string[] = [];
  for await (const batch of table.rows(({ message }) => failed.push(message), context.signal)) {
    const at = {
      path: columnAmong(table.columns, pathColumns),
      label: columnAmong(table.columns, labelColumns),
      reason: columnAmong(table.columns, ['reason']),
    };
    if (at.path < 0 || at.label < 0) {
      throw new EarmarkError(
        'decisions/columns',
        `The table needs a column "path" and a column "label"; it has ${table.columns.join(', ')}. Nothing was changed.`,
      );
    }
    const text = (row: TableRow, index: number): string | null =>
      index < 0 ? null : row.values[index] || null;
    await context.emit(
      batch.map((row) => ({
        path: text(row, at.path) ?? '',
        label: text(row, at.label),
        reason: text(row, at.reason),
      })),
    );
    rows += batch.length;
  }
  if (failed.length > 0) {
    throw new EarmarkError(
      'decisions/rows',
      `${failed.length} rows cannot be read, the first: ${failed[0]} Nothing was changed.`,
    );
  }
  return { rows };
}
