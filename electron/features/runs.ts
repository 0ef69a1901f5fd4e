// Model runs: preview and bring in predictions, list, rename, remove.
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Problem } from '../../shared/contract/common.ts';
import type { PredictionsResult } from '../../shared/contract/runs.ts';
import { EarmarkError } from '../../shared/errors.ts';
import {
  createRun,
  listRuns,
  type PredictionRecord,
  removeRun,
  renameRun,
  setSetting,
  transaction,
} from '../catalog/index.ts';
import { createClipMatcher } from '../formats/index.ts';
import type { PredictionRows } from '../ipc/worker-tasks.ts';
import type { JobControl, Studio } from './context.ts';
import { findFlags, forgetLabelIssuesOf, renameLabelIssuesOf } from './flags.ts';
import { accuracyOf } from './metrics.ts';
import type { OpenProject } from './open-project.ts';

const EXAMPLES = 10;

export interface PredictionsSource {
  /** Absolute paths. */
  readonly source: string;
  readonly labelsFile: string | null;
  readonly clipsFile: string | null;
  readonly softmax: boolean;
}

interface MatchedPredictions {
  readonly predictions: PredictionRecord[];
  readonly rows: number;
  readonly unmatched: { count: number; examples: string[] };
  readonly without: { count: number; examples: string[] };
  readonly labels: readonly string[];
  readonly problems: readonly Problem[];
  readonly form: 'table' | 'array';
  readonly offersSoftmax: boolean;
  readonly hasProbabilities: boolean;
  readonly firstRows: {
    clip: string;
    predicted: string | null;
    confidence: number | null;
    isMatched: boolean;
  }[];
}

/** Reads a predictions source in the worker and ties its rows to the project's clips. */
async function readPredictions(
  studio: Studio,
  project: OpenProject,
  input: PredictionsSource,
  probabilitiesOut: string | null,
  control: Pick<JobControl, 'signal' | 'progress'> | null,
): Promise<MatchedPredictions> {
  const matcher = createClipMatcher(project.clipPaths());
  const predictions: PredictionRecord[] = [];
  const firstRows: MatchedPredictions['firstRows'] = [];
  const unmatched = { count: 0, examples: [] as string[] };
  const claimed = new Set<number>();
  const ambiguous: string[] = [];
  let row = 0;
  const take = (rows: PredictionRows): void => {
    for (const [index, clip] of rows.clips.entries()) {
      const match = matcher.match(clip);
      const at = row++;
      const isMatched = match.kind === 'match' && !claimed.has(match.index);
      const predicted = rows.predicted[index] ?? null;
      const confidence = rows.confidence[index] ?? null;
      if (firstRows.length < 50) firstRows.push({ clip, predicted, confidence, isMatched });
      if (match.kind === 'ambiguous') ambiguous.push(clip);
      if (!isMatched) {
        unmatched.count += 1;
        if (unmatched.examples.length < EXAMPLES) unmatched.examples.push(clip);
        continue;
      }
      claimed.add(match.index);
      predictions.push({
        clipId: project.clipIdAt(match.index),
        predicted,
        confidence,
        hypothesis: rows.hypothesis[index] ?? null,
        latencyMs: rows.latencyMs[index] ?? null,
        row: at,
      });
    }
    control?.progress(row, null);
  };
  const read = await studio.worker.run(
    'predictions',
    { ...input, fallbackLabels: project.labels(), probabilitiesOut, limit: null },
    { onItem: take, ...(control ? { signal: control.signal, killOnCancel: true } : {}) },
  );
  const without = { count: 0, examples: [] as string[] };
  project.clipPaths().forEach((path, index) => {
    if (claimed.has(index) || project.isNoise(index)) return;
    without.count += 1;
    if (without.examples.length < EXAMPLES) without.examples.push(path);
  });
  const labels =
    read.labels ??
    [...new Set(predictions.flatMap(({ predicted }) => (predicted === null ? [] : [predicted])))].sort();
  const known = new Set(project.labels());
  const unknown = labels.filter((label) => !known.has(label));
  const problems = [...read.problems];
  if (ambiguous.length > 0) {
    problems.push({
      code: 'predictions/ambiguous',
      message: 'Rows name a file that several clips could be; they were not guessed.',
      count: ambiguous.length,
      examples: ambiguous.slice(0, EXAMPLES),
    });
  }
  if (unknown.length > 0) {
    problems.push({
      code: 'predictions/unknown-labels',
      message: 'Labels of the run that no clip has.',
      count: unknown.length,
      examples: unknown.slice(0, EXAMPLES),
    });
  }
  return {
    predictions,
    rows: read.rows,
    unmatched,
    without,
    labels,
    problems,
    form: read.form,
    offersSoftmax: read.looksLikeLogits,
    hasProbabilities: read.hasProbabilities,
    firstRows,
  };
}

function resultOf(run: string, read: MatchedPredictions): PredictionsResult {
  return {
    run,
    rows: read.rows,
    matched: read.predictions.length,
    unmatchedRows: read.unmatched,
    clipsWithout: read.without,
    problems: [...read.problems],
  };
}

export async function previewPredictions(studio: Studio, input: PredictionsSource) {
  const project = studio.project();
  const suggestedName = basename(input.source, extname(input.source));
  const read = await readPredictions(studio, project, input, null, null);
  const known = new Set(project.labels());
  return {
    form: read.form,
    suggestedName,
    labels: [...read.labels],
    unknownLabels: read.labels.filter((label) => !known.has(label)),
    result: resultOf(suggestedName, read),
    offersSoftmax: read.offersSoftmax,
    rows: read.firstRows,
  };
}

/** The work of the `predictions` job: a run with its rows, and the flags that its probabilities allow. */
export async function importPredictions(
  studio: Studio,
  input: PredictionsSource & { run: string },
  control: JobControl,
): Promise<PredictionsResult> {
  const project = studio.project();
  if (listRuns(project.catalog).some(({ name }) => name === input.run)) {
    throw new EarmarkError(
      'run/exists',
      `There is a run "${input.run}" already. Choose another name, or remove that run first. Nothing was changed.`,
    );
  }
  control.phase('reading predictions');
  const file = `probabilities-${randomUUID()}.npy`;
  const finalFile = join(project.catalog.dataFolder, file);
  const partial = `${finalFile}.partial`;
  let isKept = false;
  await mkdir(project.catalog.dataFolder, { recursive: true });
  try {
    const read = await readPredictions(studio, project, input, partial, control);
    if (read.predictions.length === 0) {
      throw new EarmarkError(
        'predictions/no-match',
        `None of the ${read.rows} rows of ${basename(input.source)} names a clip of this project (first: ${read.unmatched.examples.slice(0, 3).join(', ')}). Nothing was changed.`,
      );
    }
    control.phase('saving');
    if (read.hasProbabilities) await rename(partial, finalFile);
    const isFirst = listRuns(project.catalog).length === 0;
    createRun(
      project.catalog,
      {
        name: input.run,
        createdAt: new Date().toISOString(),
        source: basename(input.source),
        labels: read.labels,
        rows: read.rows,
        matched: read.predictions.length,
        probabilitiesFile: read.hasProbabilities ? file : null,
        problems: read.problems,
      },
      read.predictions,
    );
    isKept = true;
    if (isFirst) setSetting(project.catalog, 'runInUse', input.run);
    project.runsChanged();
    if (isFirst && read.hasProbabilities) await findFlags(studio, project, { run: input.run }, control);
    return resultOf(input.run, read);
  } finally {
    await rm(partial, { force: true });
    if (!isKept) await rm(finalFile, { force: true });
  }
}

export function startImportPredictions(studio: Studio, input: PredictionsSource & { run: string }) {
  studio.project();
  return studio.jobs.start({
    kind: 'predictions',
    title: `Predictions of ${input.run}`,
    params: input,
    async run(control) {
      const result = await importPredictions(studio, input, control);
      const left =
        result.unmatchedRows.count > 0
          ? `, ${result.unmatchedRows.count} ${result.unmatchedRows.count === 1 ? 'row matches' : 'rows match'} no clip`
          : '';
      const without =
        result.clipsWithout.count > 0
          ? `, ${result.clipsWithout.count} ${result.clipsWithout.count === 1 ? 'clip has' : 'clips have'} no prediction`
          : '';
      return { result, summary: `${result.matched} of ${result.rows} rows matched${left}${without}.` };
    },
  });
}

export function runSummaries(project: OpenProject) {
  return listRuns(project.catalog).map((run) => ({
    name: run.name,
    createdAt: run.createdAt,
    source: run.source,
    rows: run.rows,
    matched: run.matched,
    labels: [...run.labels],
    hasProbabilities: run.probabilitiesFile !== null,
    hasHypotheses: project.hasHypotheses(run.name),
    accuracy: accuracyOf(project, run.name),
    problems: [...run.problems],
  }));
}

export function renameRunOf(project: OpenProject, run: string, to: string) {
  transaction(project.catalog, () => {
    const isInUse = project.runInUse() === run;
    renameRun(project.catalog, run, to);
    if (isInUse) setSetting(project.catalog, 'runInUse', to);
    renameLabelIssuesOf(project, run, to);
  });
  project.runsChanged();
  project.flagsChanged();
  return { run: to };
}

export async function removeRunOf(project: OpenProject, run: string) {
  const record = listRuns(project.catalog).find(({ name }) => name === run);
  if (!record) return { removed: false };
  const isInUse = project.runInUse() === run;
  removeRun(project.catalog, run);
  if (isInUse) setSetting(project.catalog, 'runInUse', listRuns(project.catalog)[0]?.name ?? null);
  forgetLabelIssuesOf(project, run);
  project.runsChanged();
  if (record.probabilitiesFile !== null)
    await rm(join(project.catalog.dataFolder, record.probabilitiesFile), { force: true });
  return { removed: true };
}
