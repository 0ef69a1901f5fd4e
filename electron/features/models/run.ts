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
import { withMerged } from '../embeddings/merge-shards.ts';
import { predictionsFrom, refuseTakenRun } from '../embeddings/probabilities.ts';
import { clipRows } from '../embeddings/rows.ts';
import { findFlags } from '../flags.ts';
import type { OpenProject } from '../open-project.ts';
import { type RunnableModel, runnableModel } from './models.ts';

/** Names of what is to be made; null: not wanted. */
export interface WantedOfModel {
  readonly run: string | null;
  readonly embedding: string | null;
}

export interface ModelRunInput extends WantedOfModel {
  /** Absolute path of the model or its description. */
  readonly path: string;
}

/** What `earmark run` prints. */
export interface ModelRunResult extends WantedOfModel {
  readonly clips: number;
  readonly failed: number;
  readonly backend: string;
  readonly threads: number;
  readonly msPerClip: { readonly median: number; readonly p95: number } | null;
  readonly seconds: number;
  readonly notes: readonly string[];
}

/** @throws EarmarkError `model/nothing-wanted`, `run/exists`, `embedding/exists`. */
export function refuseWanted(project: OpenProject, { run, embedding }: WantedOfModel): void {
  if (run === null && embedding === null)
    throw new EarmarkError('model/nothing-wanted', 'Name a run for the scores, an embedding, or both.');
  if (run !== null) refuseTakenRun(project, run);
  if (embedding !== null) refuseTaken(project, embedding);
}

/** `threads` null: as many as suit the machine. */
export async function runModel(
  studio: Studio,
  model: RunnableModel,
  wanted: WantedOfModel & { readonly threads: number | null },
  control: JobControl,
): Promise<ModelRunResult> {
  const project = studio.project();
  refuseWanted(project, wanted);
  const { made, source } = model;
  const { ids, locations } = clipRows(project);
  if (ids.length === 0)
    throw new EarmarkError('model/no-clips', 'The project has no clips to run the model on.');
  const { dataFolder } = project.catalog;
  await mkdir(dataFolder, { recursive: true });
  const key = createHash('sha256')
    .update(made.hash)
    .update(JSON.stringify([wanted.run !== null, wanted.embedding !== null]))
    .update(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength))
    .digest('hex')
    .slice(0, 24);
  const partial = {
    scores: wanted.run === null ? null : join(dataFolder, `scores-${key}.partial.npy`),
    embedding: wanted.embedding === null ? null : join(dataFolder, `embedding-${key}.partial.npy`),
  };
  let isToBeKept = false;
  try {
    const inferred = await inferRows(
      studio,
      {
        model: source,
        clips: locations,
        scoresOut: partial.scores,
        embeddingOut: partial.embedding,
        threads: wanted.threads,
      },
      control,
    );
    // The embedding first: finding its neighbours takes time, and a run that is stored could not be stored again.
    if (wanted.embedding !== null && partial.embedding !== null) {
      const embedding = { name: wanted.embedding, model: made, ids, taken: 0, grows: null };
      await storeEmbedding(studio, project, { ...embedding, partial: partial.embedding, inferred }, control);
    }
    const notes = [...inferred.computed.notes];
    if (wanted.run !== null && partial.scores !== null) {
      const scores = partial.scores;
      notes.push(...(await storeRun(studio, { name: wanted.run, made, ids, scores, inferred }, control)));
    }
    return resultOf(wanted, inferred, notes);
  } catch (error) {
    // Cut off, not refused: the rows that are done are for the next try.
    isToBeKept = [CANCELLED, 'worker/stopped'].includes(toErrorData(error).code);
    throw error;
  } finally {
    for (const file of [partial.scores, partial.embedding])
      if (file !== null && !isToBeKept) await rm(file, { force: true });
  }
}

/**
 * Stores a run of its parts.
 * @throws EarmarkError `run/exists`, and `shard/...` for parts that do not fit.
 */
export async function mergeRun(
  studio: Studio,
  { run, files }: { readonly run: string; readonly files: readonly string[] },
  control: JobControl,
): Promise<ModelRunResult> {
  const wanted = { run, embedding: null };
  refuseWanted(studio.project(), wanted);
  return withMerged(studio, files, 'scores', async ({ model: made, ids, inferred }, scores) => {
    const noted = await storeRun(studio, { name: run, made, ids, scores, inferred }, control);
    return resultOf(wanted, inferred, [...inferred.computed.notes, ...noted]);
  });
}

function resultOf(
  { run, embedding }: WantedOfModel,
  { clips, failed, computed }: Pick<InferResult, 'clips' | 'failed' | 'computed'>,
  notes: readonly string[],
): ModelRunResult {
  const { backend, threads, msPerClip, seconds } = computed;
  const ms = msPerClip && { median: msPerClip.median, p95: msPerClip.p95 };
  return { run, embedding, clips, failed, backend, threads, msPerClip: ms, seconds, notes };
}

/** Makes a run of an array of scores that is complete: the file becomes the project's. Returns what is to be noted. */
async function storeRun(
  studio: Studio,
  made: {
    readonly name: string;
    readonly made: MadeBy;
    readonly ids: Int32Array;
    readonly scores: string;
    readonly inferred: Pick<InferResult, 'labels' | 'computed'>;
  },
  control: JobControl,
): Promise<string[]> {
  const project = studio.project();
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
    return unknown.length === 0
      ? []
      : [
          `${unknown.length} of the model's ${labels.length} labels are the label of no clip: ${unknown.slice(0, 10).join(', ')}${unknown.length > 10 ? ', …' : ''}.`,
        ];
  } finally {
    if (!isKept) await rm(join(project.catalog.dataFolder, file), { force: true });
  }
}

export async function startModelRun(studio: Studio, input: ModelRunInput) {
  refuseWanted(studio.project(), input);
  const { made } = await runnableModel(studio, input.path);
  return startModelRunJob(studio, made.name, input);
}

/** Also how a job that was cut off goes on. */
export function startModelRunJob(studio: Studio, name: string, input: ModelRunInput) {
  return studio.jobs.start({
    kind: 'model-run',
    title: `Run ${name}`,
    params: { name, input },
    async run(control) {
      const model = await runnableModel(studio, input.path);
      const result = await runModel(studio, model, { ...input, threads: null }, control);
      const ms = result.msPerClip;
      const pace = ms === null ? '' : `, ${ms.median.toFixed(1)} ms a clip (95% under ${ms.p95.toFixed(1)})`;
      const left = result.failed === 0 ? '' : `, ${result.failed} failed`;
      return { result, summary: `${result.clips} clips by ${result.backend}${pace}${left}.` };
    },
  });
}
