// Making an embedding: a model runs over the clips, then the neighbours of every clip are found. What is done lies in
// files whose names follow from what is made, so that a job which was cut off goes on where it was.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MadeBy } from '../../../shared/domain/embedding.ts';
import { CANCELLED, EarmarkError, toErrorData } from '../../../shared/errors.ts';
import {
  createEmbedding,
  type EmbeddingRecord,
  findEmbedding,
  growEmbedding,
  setNeighbourGraph,
  setSetting,
} from '../../catalog/index.ts';
import { npyToFloat32, parseNpy, writeNpyFile } from '../../formats/index.ts';
import type { InferResult, ModelSource } from '../../ipc/analysis-tasks.ts';
import type { AudioLocation } from '../../ipc/worker-tasks.ts';
import type { JobControl, Studio } from '../context.ts';
import { findFlags } from '../flags.ts';
import { trustedPath } from '../models/trust.ts';
import type { OpenProject } from '../open-project.ts';
import { clipsOf, dropArrays, embeddingOf, IN_USE_KEY } from './arrays.ts';
import { inferRows } from './infer.ts';
import { clipRows } from './rows.ts';

/** Enough for 15 of another speaker where a speaker said a word 35 times. */
const NEIGHBOURS = 50;

/** An embedding under way: rows of new clips, and those that are taken over. */
interface Plan {
  readonly name: string;
  readonly model: MadeBy;
  readonly source: ModelSource;
  readonly ids: Int32Array;
  readonly locations: readonly AudioLocation[];
  readonly threads?: number | null;
  /** Grown by the rows after its own; null: a new one. */
  readonly grows: EmbeddingRecord | null;
}

export interface EmbedInput {
  readonly name: string;
  readonly model: MadeBy;
  readonly source: ModelSource;
  /** As many as suit the machine, where it is not said. */
  readonly threads?: number | null;
}

/** What `earmark embed` prints and the job tells. */
export interface EmbedResult {
  readonly embedding: string;
  readonly clips: number;
  readonly dimensions: number;
  readonly backend: string;
  readonly seconds: number;
  readonly failed: number;
  readonly msPerClip: { readonly median: number; readonly p95: number } | null;
  readonly neighbours: { readonly k: number; readonly method: string; readonly recall: number | null };
  readonly notes: readonly string[];
}

/** @throws EarmarkError `embedding/exists`, `embedding/no-clips`, `embedding/all-failed`, those of the model. */
export async function makeEmbedding(
  studio: Studio,
  input: EmbedInput,
  control: JobControl,
): Promise<EmbedResult> {
  const project = studio.project();
  refuseTaken(project, input.name);
  const { ids, locations } = clipRows(project);
  if (ids.length === 0) {
    throw new EarmarkError(
      'embedding/no-clips',
      'The project has no clips to embed. Import a dataset first.',
    );
  }
  return embed(studio, project, { ...input, ids, locations, grows: null }, control);
}

/** Embeds the clips that came after the embedding was made; its maps stay good for the clips they show. */
export async function updateEmbedding(
  studio: Studio,
  name: string,
  control: JobControl,
): Promise<EmbedResult> {
  const project = studio.project();
  const grows = embeddingOf(project, name);
  const before = clipsOf(project, grows);
  const added = clipRows(project, new Set(before));
  if (added.ids.length === 0) {
    throw new EarmarkError(
      'embedding/complete',
      `"${name}" has a row for every clip already. Nothing was changed.`,
    );
  }
  const ids = new Int32Array(before.length + added.ids.length);
  ids.set(before);
  ids.set(added.ids, before.length);
  const source = sourceOf(studio, grows.model);
  return embed(
    studio,
    project,
    // The first rows are taken over, so where their clips lie is not asked.
    { name, model: grows.model, source, ids, locations: added.locations, grows },
    control,
  );
}

/** The model that made an embedding: one of the studio, or a file that lies where it was trusted. Else null. */
export function sourceAtHand(studio: Studio, model: MadeBy): ModelSource | null {
  if (model.kind === 'builtin') return { kind: 'builtin', name: model.name as 'acoustic-1' };
  const path = model.kind === 'file' ? trustedPath(studio, model.hash) : null;
  return model.kind === 'file' && path !== null ? { kind: 'file', path, hash: model.hash } : null;
}

/** How a stored embedding can be made again. @throws EarmarkError `embedding/no-model`. */
export function sourceOf(studio: Studio, model: MadeBy): ModelSource {
  const source = sourceAtHand(studio, model);
  if (source !== null) return source;
  throw new EarmarkError(
    'embedding/no-model',
    `This embedding was made by "${model.kind === 'file' ? model.name : model.kind}". Run that model again over the whole project to embed the new clips.`,
  );
}

export function refuseTaken(project: OpenProject, name: string): void {
  if (findEmbedding(project.catalog, name) === null) return;
  throw new EarmarkError(
    'embedding/exists',
    `There is an embedding "${name}" already. Choose another name, or remove that one first. Nothing was changed.`,
  );
}

async function embed(
  studio: Studio,
  project: OpenProject,
  plan: Plan,
  control: JobControl,
): Promise<EmbedResult> {
  const { dataFolder } = project.catalog;
  await mkdir(dataFolder, { recursive: true });
  const taken = plan.grows?.rows ?? 0;
  const partial = join(dataFolder, `embedding-${keyOf(plan)}.partial.npy`);
  let isToBeKept = false;
  try {
    const inferred = await inferRows(
      studio,
      {
        model: plan.source,
        clips: plan.locations,
        scoresOut: null,
        embeddingOut: partial,
        threads: plan.threads ?? null,
      },
      control,
    );
    return await storeEmbedding(studio, project, { ...plan, taken, partial, inferred }, control);
  } catch (error) {
    // Cut off, not refused: the rows that are done are for the next try.
    isToBeKept = [CANCELLED, 'worker/stopped'].includes(toErrorData(error).code);
    throw error;
  } finally {
    if (!isToBeKept) await rm(partial, { force: true });
  }
}

function keyOf(plan: Plan): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([plan.model, plan.source, plan.grows?.file ?? null]));
  hash.update(new Uint8Array(plan.ids.buffer, plan.ids.byteOffset, plan.ids.byteLength));
  return hash.digest('hex').slice(0, 24);
}

/** Makes an embedding of an array file that is complete: the file becomes the project's, then neighbours are found. */
export async function storeEmbedding(
  studio: Studio,
  project: OpenProject,
  made: {
    readonly name: string;
    readonly model: MadeBy;
    readonly ids: Int32Array;
    /** Rows at the start of `ids` that stand in `grows` and not in the file. */
    readonly taken: number;
    readonly grows: EmbeddingRecord | null;
    readonly partial: string;
    readonly inferred: Pick<InferResult, 'dimensions' | 'failed' | 'clips' | 'computed'>;
  },
  control: JobControl,
): Promise<EmbedResult> {
  const { dataFolder } = project.catalog;
  const { inferred, ids } = made;
  const dimensions = inferred.dimensions ?? 0;
  if (dimensions === 0)
    throw new EarmarkError('embedding/no-output', 'The model has no embedding output. Nothing was changed.');
  if (inferred.failed >= inferred.clips) {
    throw new EarmarkError(
      'embedding/all-failed',
      `None of the ${inferred.clips} clips could be embedded; the job's list says why for each. Nothing was changed.`,
    );
  }
  const name = randomUUID();
  const file = `embedding-${name}.npy`;
  const clipsFile = `embedding-${name}.clips.npy`;
  const graphFiles = {
    indicesFile: `neighbours-${name}.npy`,
    distancesFile: `neighbours-${name}.distances.npy`,
  };
  const kept = join(dataFolder, file);
  let isStored = false;
  try {
    await writeNpyFile(join(dataFolder, clipsFile), ids);
    if (made.grows === null) await rename(made.partial, kept);
    else await joinRows(project, made.grows, made.partial, dimensions, kept);
    control.phase('neighbours');
    const neighbours = await studio.analysis.run(
      'neighbours',
      {
        features: kept,
        k: NEIGHBOURS,
        metric: 'cosine',
        method: 'auto',
        seed: 0,
        threads: null,
        indicesOut: join(dataFolder, graphFiles.indicesFile),
        distancesOut: join(dataFolder, graphFiles.distancesFile),
      },
      {
        signal: control.signal,
        killOnCancel: true,
        onItem: ({ done, total }) => control.progress(done, total),
      },
    );
    control.phase('saving');
    const record = {
      rows: ids.length,
      failed: inferred.failed + (made.grows?.failed ?? 0),
      file,
      clipsFile,
      details: { ...inferred.computed, notes: [...inferred.computed.notes, ...neighbours.notes] },
    };
    const free = made.grows === null ? [] : growEmbedding(project.catalog, made.grows.name, record);
    const { id } =
      made.grows ??
      createEmbedding(project.catalog, {
        ...record,
        name: made.name,
        createdAt: new Date().toISOString(),
        model: made.model,
        dimensions,
      });
    isStored = true;
    const { k, method, recall } = neighbours;
    free.push(
      ...setNeighbourGraph(project.catalog, {
        embeddingId: id,
        metric: 'cosine',
        k,
        method,
        recall,
        ...graphFiles,
      }),
    );
    if (made.grows === null) setSetting(project.catalog, IN_USE_KEY, made.name);
    project.embeddingsChanged();
    await dropArrays(project, free);
    await findFlags(studio, project, {}, control);
    const { backend, seconds, msPerClip } = inferred.computed;
    return {
      embedding: made.name,
      clips: ids.length,
      dimensions,
      backend,
      seconds: seconds + neighbours.seconds,
      failed: record.failed,
      msPerClip: msPerClip === null ? null : { median: msPerClip.median, p95: msPerClip.p95 },
      neighbours: { k, method, recall },
      notes: record.details.notes,
    };
  } finally {
    if (!isStored) {
      // The rows go back to where a next try looks for them; whether there is to be one is not decided here.
      if (made.grows === null) await rename(kept, made.partial).catch(() => {});
      for (const rest of [file, clipsFile, graphFiles.indicesFile, graphFiles.distancesFile])
        await rm(join(dataFolder, rest), { force: true });
    }
  }
}

/** Writes the old rows, then the new ones. */
async function joinRows(
  project: OpenProject,
  grows: EmbeddingRecord,
  partial: string,
  dimensions: number,
  out: string,
): Promise<void> {
  const old = npyToFloat32(
    parseNpy(await readFile(join(project.catalog.dataFolder, grows.file)), grows.file),
  );
  const added = npyToFloat32(parseNpy(await readFile(partial), grows.file));
  if (dimensions !== grows.dimensions) {
    throw new EarmarkError(
      'embedding/dimensions',
      `The model gives ${dimensions} numbers a clip now, and "${grows.name}" has ${grows.dimensions}. Make a new embedding instead.`,
    );
  }
  const both = new Float32Array(old.length + added.length);
  both.set(old);
  both.set(added, old.length);
  await writeNpyFile(out, both, [both.length / dimensions, dimensions]);
}

export function startEmbedding(studio: Studio, input: EmbedInput) {
  refuseTaken(studio.project(), input.name);
  return studio.jobs.start({
    kind: 'embed',
    title: `Embedding ${input.name}`,
    params: input,
    async run(control) {
      const result = await makeEmbedding(studio, input, control);
      return { result, summary: summaryOf(result) };
    },
  });
}

export function startUpdateEmbedding(studio: Studio, name: string) {
  embeddingOf(studio.project(), name);
  return studio.jobs.start({
    kind: 'embed',
    title: `New clips of ${name}`,
    params: { update: name },
    async run(control) {
      const result = await updateEmbedding(studio, name, control);
      return { result, summary: summaryOf(result) };
    },
  });
}

function summaryOf({ clips, failed, dimensions, neighbours }: EmbedResult): string {
  const left = failed > 0 ? `, ${failed} could not be read` : '';
  const found =
    neighbours.method === 'exact'
      ? 'Neighbours are exact.'
      : `${((neighbours.recall ?? 0) * 100).toFixed(1)}% of the true neighbours were found.`;
  return `${clips} clips, ${dimensions} numbers each${left}. ${found}`;
}

/** Starts again a job of this kind that was cut off. */
export function resumeEmbedding(studio: Studio, params: EmbedInput | { readonly update: string }) {
  return 'update' in params ? startUpdateEmbedding(studio, params.update) : startEmbedding(studio, params);
}
