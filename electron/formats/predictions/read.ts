// Reads predictions in any form, judges their probabilities, and fills in what follows from them.
import { promises as fs } from 'node:fs';
import { basename } from 'node:path';
import { EarmarkError } from '../../../shared/errors.ts';
import { readingError } from '../text-file.ts';
import { findArray, readPredictionArray } from './array.ts';
import { argmaxOfRow, reportProbabilities, scaleOf, softmaxRows } from './probabilities.ts';
import { ProblemList } from './problems.ts';
import type { PredictionSet } from './rows.ts';
import { type RawPredictions, readPredictionTable } from './table.ts';

export interface PredictionSource {
  /** A table, an `.npy` file, or a folder with probs.npy, labels.txt and clips.txt. Absolute. */
  readonly source: string;
  readonly labelsFile?: string | null;
  readonly clipsFile?: string | null;
}

export interface PredictionOptions {
  /** Turn scores into probabilities. */
  readonly softmax?: boolean;
  /** Labels of the dataset, sorted: name the columns of an array without labels file when they are as many, and tell class columns from others. */
  readonly knownLabels?: readonly string[];
  /** Stop after so many rows; null = all. */
  readonly limit?: number | null;
  readonly signal?: AbortSignal;
  progress?(rows: number): void;
}

/**
 * Rows are kept in file order; a later row for the same clip is dropped. A missing predicted label becomes the argmax
 * of the probabilities (the first of equals), a missing confidence the probability of the predicted label. Unknown
 * labels are the caller's to judge.
 *
 * Problems by code: `predictions/nan`, `/range`, `/sum`, `/logits`, `/duplicate`, `/disagree`, `/no-clip`,
 * `/confidence`, `/latency`, and `table/...` for rows that cannot be read.
 * @throws EarmarkError `predictions/columns`, `/labels`, `/clips`, `/shape`, `/array`, `/empty`, `npy/...`,
 *   `text/...`, `file/unreadable`.
 */
export async function readPredictions(
  from: PredictionSource,
  options: PredictionOptions = {},
): Promise<PredictionSet> {
  const problems = new ProblemList();
  const knownLabels = options.knownLabels ?? [];
  const limit = options.limit ?? null;
  await fs.access(from.source).catch((error: unknown) => {
    throw readingError(error, from.source);
  });
  const array = await findArray(from.source, from.labelsFile ?? null, from.clipsFile ?? null);
  const raw =
    array === null
      ? await readPredictionTable(
          from.source,
          { knownLabels, limit, signal: options.signal, progress: (rows) => options.progress?.(rows) },
          problems,
        )
      : await readPredictionArray(array, () => knownLabels, limit, problems);
  if (raw.clips.length === 0) {
    const name = basename(from.source);
    throw new EarmarkError(
      'predictions/empty',
      `${name} has no rows with predictions. Nothing was imported.`,
      {
        problems: problems.toArray(),
      },
    );
  }
  const isSoftmaxApplied = options.softmax === true && raw.scores !== null;
  const scale = judge(raw, isSoftmaxApplied, problems);
  fillIn(raw, isSoftmaxApplied || scale === 'probabilities', problems);
  const { labels, scores, ...rows } = raw;
  return {
    form: array === null ? 'table' : 'array',
    labels,
    rows,
    probabilities: scores,
    scale,
    isSoftmaxApplied,
    problems: problems.toArray(),
  };
}

function judge(raw: RawPredictions, isSoftmaxWanted: boolean, problems: ProblemList): PredictionSet['scale'] {
  const { scores, labels } = raw;
  if (scores === null || labels === null) return 'probabilities';
  const rows = raw.clips.length;
  const scale = scaleOf(scores, rows, labels.length);
  if (isSoftmaxWanted) softmaxRows(scores, rows, labels.length);
  const judged = isSoftmaxWanted ? 'probabilities' : scale;
  reportProbabilities(scores, rows, labels.length, judged, (row) => raw.clips[row] ?? '', problems);
  return scale;
}

/** Predicted labels and confidences that the file leaves out, and rows where both are given and disagree. */
function fillIn(raw: RawPredictions, areProbabilities: boolean, problems: ProblemList): void {
  const { scores, labels } = raw;
  if (scores === null || labels === null) return;
  const classOf = new Map(labels.map((label, index) => [label, index]));
  const classes = labels.length;
  for (let row = 0; row < raw.clips.length; row++) {
    const best = argmaxOfRow(scores, row, classes);
    const given = raw.predicted[row] ?? null;
    const bestLabel = labels[best];
    if (bestLabel === undefined) continue;
    const predicted = given ?? bestLabel;
    raw.predicted[row] = predicted;
    const at = classOf.get(predicted);
    const score = at === undefined ? null : (scores[row * classes + at] ?? null);
    // Equal scores are no disagreement: quantised models tie often.
    if (given !== null && score !== scores[row * classes + best]) {
      const message = 'The predicted label is not the most probable one; the label as given counts.';
      problems.add(
        'predictions/disagree',
        message,
        `${raw.clips[row]}: ${given}, most probable ${bestLabel}`,
      );
    }
    if (areProbabilities && score !== null) raw.confidence[row] ??= score;
  }
}
