// A person's model over the whole dataset: its scores become a run, its embedding an embedding.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MadeBy } from '../../../shared/domain/embedding.ts';
import { CANCELLED, EarmarkError, toErrorData } from '../../../shared/errors.ts';
import { createRun, listRuns, setSetting } from '../../catalog/index.ts';
import { npyToFloat32, parseNpy } from '../../formats/index.ts';
import type { InferResult } from '../../ipc/analysis-tasks.ts';
import type { JobControl, Studio } from '../context.ts';
import { inferRows } from '../embeddings/infer.ts';
import { refuseTaken, storeEmbedding } from '../embeddings/make.ts';
import { predictionsFrom, refuseTakenRun } from '../embeddings/probabilities.ts';
import { clipRows } from '../embeddings/rows.ts';
import { findFlags } from '../flags.ts';
import type { OpenProject } from '../open-project.ts';
import { runnableModel } from './models.ts';

export interface ModelRunInput {
  /** Absolute path of the model or its description. */
  readonly path: string;
  readonly run: string | null;
  readonly embedding: string | null;
}

/** What `earmark run` prints. */
export interface ModelRunResult {
  readonly run: string | null;
  readonly embedding: string | null;
  readonly clips: number;
  readonly failed: number;
  readonly backend: string;
  readonly threads: number;
  readonly msPerClip: { readonly median: number; readonly p95: number } | null;
  readonly seconds: number;
  readonly notes: readonly string[];
}

function refuseNothing({ run, embedding }: ModelRunInput): void {
  if (run === null && embedding === null)
    throw new EarmarkError('model/nothing-wanted', 'Name a run for the scores, an embedding, or both.');
}

export async function runModel(
  studio: Studio,
  input: ModelRunInput,
  control: JobControl,
): Promise<ModelRunResult> {
  const project = studio.project();
  refuseNothing(input);
  if (input.run !== null) refuseTakenRun(project, input.run);
  if (input.embedding !== null) refuseTaken(project, input.embedding);
  const model = await runnableModel(studio, input.path);
  const made: MadeBy = { kind: 'file', name: model.name, hash: model.hash };
  const { ids, locations } = clipRows(project);
  const { dataFolder } = project.catalog;
  await mkdir(dataFolder, { recursive: true });
  const key = createHash('sha256')
    .update(model.hash)
    .update(JSON.stringify([input.run !== null, input.embedding !== null]))
    .update(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength))
    .digest('hex')
    .slice(0, 24);
  const partial = {
    scores: input.run === null ? null : join(dataFolder, `scores-${key}.partial.npy`),
    embedding: input.embedding === null ? null : join(dataFolder, `embedding-${key}.partial.npy`),
  };
  let isToBeKept = false;
  try {
    const inferred = await inferRows(
      studio,
      {
        model: { kind: 'file', path: model.path, hash: model.hash },
        clips: locations,
        scoresOut: partial.scores,
        embeddingOut: partial.embedding,
        threads: null,
      },
      control,
    );
    if (input.run !== null && partial.scores !== null)
      await storeRun(
        studio,
        project,
        { name: input.run, made, ids, scores: partial.scores, inferred },
        control,
      );
    if (input.embedding !== null && partial.embedding !== null) {
      await storeEmbedding(
        studio,
        project,
        {
          name: input.embedding,
          model: made,
          ids,
          taken: 0,
          grows: null,
          partial: partial.embedding,
          inferred,
        },
        control,
      );
    }
    const { backend, threads, msPerClip, seconds, notes } = inferred.computed;
    return {
      run: input.run,
      embedding: input.embedding,
      clips: inferred.clips,
      failed: inferred.failed,
      backend,
      threads,
      msPerClip: msPerClip && { median: msPerClip.median, p95: msPerClip.p95 },
      seconds,
      notes,
    };
  } catch (error) {
    // Cut off, not refused: the rows that are done are for the next try.
    isToBeKept = [CANCELLED, 'worker/stopped'].includes(toErrorData(error).code);
    throw error;
  } finally {
    for (const file of [partial.scores, partial.embedding])
      if (file !== null && !isToBeKept) await rm(file, { force: true });
  }
}

/** Makes a run of an array of scores that is complete: the file becomes the project's. */
export async function storeRun(
  studio: Studio,
  project: OpenProject,
  made: {
    readonly name: string;
    readonly made: MadeBy;
    readonly ids: Int32Array;
    readonly scores: string;
    readonly inferred: Pick<InferResult, 'labels' | 'computed'>;
  },
  control: JobControl,
): Promise<void> {
  control.phase('saving');
  const labels = [...(made.inferred.labels ?? [])];
  const file = `probabilities-${randomUUID()}.npy`;
  const probabilities = npyToFloat32(parseNpy(await readFile(made.scores), file));
  const predictions = predictionsFrom(probabilities, labels, made.ids, (id) => project.rowOf(id) >= 0);
  if (predictions.length === 0)
    throw new EarmarkError('model/no-results', 'The model gave no scores for any clip. Nothing was changed.');
  await rename(made.scores, join(project.catalog.dataFolder, file));
  let isKept = false;
  try {
    const known = new Set(project.labels());
    const unknown = labels.filter((label) => !known.has(label));
    const isFirst = listRuns(project.catalog).length === 0;
    createRun(
      project.catalog,
      {
        name: made.name,
        createdAt: new Date().toISOString(),
        source: made.made.kind === 'file' ? made.made.name : made.made.kind,
        labels,
        rows: made.ids.length,
        matched: predictions.length,
        probabilitiesFile: file,
        problems:
          unknown.length === 0
            ? []
            : [
                {
                  code: 'predictions/unknown-labels',
                  message: 'Labels of the run that no clip has.',
                  count: unknown.length,
                  examples: unknown.slice(0, 10),
                },
              ],
        details: { model: made.made, computed: made.inferred.computed },
      },
      predictions,
    );
    isKept = true;
    if (isFirst) setSetting(project.catalog, 'runInUse', made.name);
    project.runsChanged();
    if (isFirst) await findFlags(studio, project, { run: made.name }, control);
  } finally {
    if (!isKept) await rm(join(project.catalog.dataFolder, file), { force: true });
  }
}

export async function startModelRun(studio: Studio, input: ModelRunInput) {
  const project = studio.project();
  refuseNothing(input);
  if (input.run !== null) refuseTakenRun(project, input.run);
  if (input.embedding !== null) refuseTaken(project, input.embedding);
  const { name } = await runnableModel(studio, input.path);
  return startModelRunJob(studio, name, input);
}

/** Also how a job that was cut off goes on. */
export function startModelRunJob(studio: Studio, name: string, input: ModelRunInput) {
  return studio.jobs.start({
    kind: 'model-run',
    title: `Run ${name}`,
    params: { name, input },
    async run(control) {
      const result = await runModel(studio, input, control);
      const ms = result.msPerClip;
      const pace = ms === null ? '' : `, ${ms.median.toFixed(1)} ms a clip (95% under ${ms.p95.toFixed(1)})`;
      const left = result.failed === 0 ? '' : `, ${result.failed} failed`;
      return { result, summary: `${result.clips} clips by ${result.backend}${pace}${left}.` };
    },
  });
}
