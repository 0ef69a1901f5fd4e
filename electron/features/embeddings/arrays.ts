// The arrays of embeddings that the engine itself reads: clip ids of the rows, neighbours, coordinates of maps. Read
// when first asked for and kept while the project is open; the embeddings themselves are read by the analysis process.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EarmarkError } from '../../../shared/errors.ts';
import {
  type EmbeddingRecord,
  findEmbedding,
  getSetting,
  listEmbeddings,
  type MapRecord,
  mapsOf,
  type NeighbourGraphRecord,
  neighbourGraphsOf,
  unknownEmbedding,
} from '../../catalog/index.ts';
import { npyToFloat32, npyToInt32, parseNpy } from '../../formats/index.ts';
import type { OpenProject } from '../open-project.ts';

export const IN_USE_KEY = 'embeddingInUse';

/** Arrays by file name; names are never used twice, so an entry never gets stale. */
const kept = new WeakMap<OpenProject, Map<string, Int32Array | Float32Array>>();

function read<Values extends Int32Array | Float32Array>(
  project: OpenProject,
  file: string,
  /** How many values; `most`: as many as it may have at most. */
  length: number | { readonly most: number },
  convert: (array: ReturnType<typeof parseNpy>, name: string) => Values,
): Values {
  const arrays = kept.get(project) ?? new Map<string, Int32Array | Float32Array>();
  kept.set(project, arrays);
  const known = arrays.get(file);
  if (known) return known as Values;
  let values: Values;
  try {
    values = convert(parseNpy(readFileSync(join(project.catalog.dataFolder, file)), file), file);
  } catch (error) {
    if (error instanceof EarmarkError) throw error;
    throw new EarmarkError(
      'embedding/array-missing',
      `${file} in the project's data folder cannot be read. What it held can be computed again: remove the embedding and make it anew.`,
    );
  }
  const isFitting = typeof length === 'number' ? values.length === length : values.length <= length.most;
  if (!isFitting) throw damaged(file, values.length, typeof length === 'number' ? length : length.most);
  arrays.set(file, values);
  return values;
}

function damaged(file: string, values: number, wanted: number): EarmarkError {
  return new EarmarkError(
    'embedding/array-damaged',
    `${file} in the project's data folder holds ${values} values instead of ${wanted}. Remove the embedding and make it anew.`,
  );
}

/** Lets go of arrays whose files are no longer named by anything, and deletes the files. */
export async function dropArrays(project: OpenProject, files: readonly string[]): Promise<void> {
  for (const file of files) {
    kept.get(project)?.delete(file);
    await rm(join(project.catalog.dataFolder, file), { force: true });
  }
}

/** The embedding of a name, or the one in use for null. @throws EarmarkError `embedding/unknown`, `embedding/none`. */
export function embeddingOf(project: OpenProject, name: string | null): EmbeddingRecord {
  if (name !== null) {
    const found = findEmbedding(project.catalog, name);
    if (found === null) throw unknownEmbedding(name);
    return found;
  }
  const inUse = embeddingInUse(project);
  if (inUse === null) {
    throw new EarmarkError(
      'embedding/none',
      'The project has no embedding yet. Make one first: "Make an embedding" in the window, `earmark embed` by command.',
    );
  }
  return inUse;
}

export function embeddingInUse(project: OpenProject): EmbeddingRecord | null {
  const all = listEmbeddings(project.catalog);
  const wanted = getSetting(project.catalog, IN_USE_KEY);
  return all.find(({ name }) => name === wanted) ?? all.at(-1) ?? null;
}

/** Clip id of each row. */
export function clipsOf(project: OpenProject, embedding: EmbeddingRecord): Int32Array {
  return read(project, embedding.clipsFile, embedding.rows, npyToInt32);
}

export interface Graph extends Pick<NeighbourGraphRecord, 'k' | 'metric' | 'method' | 'recall'> {
  readonly n: number;
  /** n x k row numbers, nearest first, -1 = fewer. */
  readonly indices: Int32Array;
  readonly distances: Float32Array;
}

/** The neighbours of an embedding's rows; null before they were found. */
export function graphOf(project: OpenProject, embedding: EmbeddingRecord): Graph | null {
  const [record] = neighbourGraphsOf(project.catalog, embedding.id);
  if (!record) return null;
  const { k, metric, method, recall } = record;
  const length = embedding.rows * k;
  return {
    n: embedding.rows,
    k,
    metric,
    method,
    recall,
    indices: read(project, record.indicesFile, length, npyToInt32),
    distances: read(project, record.distancesFile, length, npyToFloat32),
  };
}

/** The neighbours, or words that say how to get them. @throws EarmarkError `embedding/no-neighbours`. */
export function requireGraph(project: OpenProject, embedding: EmbeddingRecord): Graph {
  const graph = graphOf(project, embedding);
  if (graph !== null) return graph;
  throw new EarmarkError(
    'embedding/no-neighbours',
    `The neighbours of "${embedding.name}" were not found: finding them was cut off. Remove the embedding and make it again.`,
  );
}

export function findMap(project: OpenProject, id: number): { map: MapRecord; embedding: EmbeddingRecord } {
  for (const embedding of listEmbeddings(project.catalog)) {
    const map = mapsOf(project.catalog, embedding.id).find((one) => one.id === id);
    if (map) return { map, embedding };
  }
  throw new EarmarkError('map/unknown', 'This map is no longer there.');
}

/** x and y of each point, and the clip of each; points of clips that could not be embedded are left out. */
export function pointsOf(
  project: OpenProject,
  id: number,
): { clipIds: Int32Array; coordinates: Float32Array } {
  const { map, embedding } = findMap(project, id);
  // A row for each clip that the embedding had when the map was made; it may have grown since.
  const all = read(project, map.file, { most: embedding.rows * 2 }, npyToFloat32);
  const points = finitePoints(all, clipsOf(project, embedding));
  if (points.clipIds.length !== map.report.n) throw damaged(map.file, points.clipIds.length, map.report.n);
  return points;
}

/** Leaves out the rows without a place. `clips` may have more rows than there are points. */
export function finitePoints(
  all: Float32Array,
  clips: Int32Array,
): { clipIds: Int32Array; coordinates: Float32Array } {
  const rows: number[] = [];
  for (let row = 0; row < all.length / 2; row++) if (Number.isFinite(all[2 * row])) rows.push(row);
  const clipIds = new Int32Array(rows.length);
  const coordinates = new Float32Array(2 * rows.length);
  for (const [at, row] of rows.entries()) {
    clipIds[at] = clips[row] ?? 0;
    coordinates[2 * at] = all[2 * row] ?? 0;
    coordinates[2 * at + 1] = all[2 * row + 1] ?? 0;
  }
  return { clipIds, coordinates };
}
