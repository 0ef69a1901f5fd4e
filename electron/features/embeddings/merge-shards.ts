// Parts that --shard made, put together: checked against each other and against the project's clips before anything is
// written, then one array, as if the model had run here over all clips.
import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EarmarkError } from '../../../shared/errors.ts';
import { npyHeader } from '../../formats/index.ts';
import type { InferResult } from '../../ipc/analysis-tasks.ts';
import type { JobControl, Studio } from '../context.ts';
import { type EmbedResult, refuseTaken, storeEmbedding } from './make.ts';
import { clipRows, digestOfPaths } from './rows.ts';
import { digestOfValues, readCard, readValues, type ShardCard, type ShardKind } from './shards.ts';

interface Part {
  readonly file: string;
  readonly name: string;
  readonly card: ShardCard;
}

interface MergedShards {
  readonly model: ShardCard['model'];
  readonly ids: Int32Array;
  /** As if `infer` had done it all. */
  readonly inferred: InferResult;
}

/**
 * Stores an embedding of its parts. `name` null: that of the model.
 * @throws EarmarkError `embedding/exists`, and what `mergeShards` throws.
 */
export async function mergeEmbedding(
  studio: Studio,
  input: { readonly name: string | null; readonly files: readonly string[] },
  control: JobControl,
): Promise<EmbedResult> {
  const project = studio.project();
  if (input.name !== null) refuseTaken(project, input.name);
  return withMerged(studio, input.files, 'embedding', async ({ model, ids, inferred }, partial) => {
    const name = input.name ?? ('name' in model ? model.name : model.kind);
    refuseTaken(project, name);
    return storeEmbedding(
      studio,
      project,
      { name, model, ids, taken: 0, grows: null, partial, inferred },
      control,
    );
  });
}

/** Puts parts together in a file of the project's data folder, which `use` may take away. */
export async function withMerged<Result>(
  studio: Studio,
  files: readonly string[],
  holds: ShardKind,
  use: (merged: MergedShards, file: string) => Promise<Result>,
): Promise<Result> {
  const { dataFolder } = studio.project().catalog;
  await mkdir(dataFolder, { recursive: true });
  const file = join(dataFolder, `merged-${randomUUID()}.partial.npy`);
  try {
    return await use(await mergeShards(studio, files, holds, file), file);
  } finally {
    await rm(file, { force: true });
  }
}

/**
 * Puts parts together into one array file `out`.
 * @throws EarmarkError `shard/...` for parts that do not fit: gaps, overlaps, other clips, another model, other labels,
 *   values that are not those of their card. `out` is not there then.
 */
async function mergeShards(
  studio: Studio,
  files: readonly string[],
  holds: ShardKind,
  out: string,
): Promise<MergedShards> {
  const parts: Part[] = await Promise.all(
    files.map(async (file) => ({ file, name: basename(file), card: await readCard(file) })),
  );
  parts.sort((a, b) => a.card.from - b.card.from || a.card.to - b.card.to);
  const [first] = parts;
  if (!first) throw new EarmarkError('usage/shard', '--merge takes the files of the parts.');
  const { ids, paths } = clipRows(studio.project());
  checkKind(first, holds);
  checkClips(first, paths);
  for (const part of parts.slice(1)) checkSame(part, first);
  checkRows(parts, first.card.total);
  const { total, width, labels, model } = first.card;
  const file = await open(out, 'wx');
  try {
    await file.writeFile(npyHeader('<f4', [total, width]));
    for (const part of parts) await append(file, part);
    await file.sync();
  } catch (error) {
    await rm(out, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return {
    model,
    ids,
    inferred: {
      labels,
      dimensions: holds === 'embedding' ? width : null,
      clips: total,
      failed: parts.reduce((sum, { card }) => sum + card.failed, 0),
      computed: computedOf(parts),
    },
  };
}

function refuse(code: string, sentence: string, details?: Readonly<Record<string, unknown>>): never {
  throw new EarmarkError(`shard/${code}`, `${sentence} Nothing was changed.`, details);
}

function checkKind({ name, card }: Part, holds: ShardKind): void {
  if (card.holds === holds) return;
  refuse(
    'other-kind',
    card.holds === 'scores'
      ? `${name} holds scores of a model, which become a run: use "earmark run --merge".`
      : `${name} holds rows of an embedding: use "earmark embed --merge".`,
  );
}

function checkClips({ card }: Part, paths: readonly string[]): void {
  if (card.clips === digestOfPaths(paths) && card.total === paths.length) return;
  refuse(
    'other-clips',
    `The parts were made of ${card.total} clips that are not those of this project (${paths.length} clips). Import the same dataset in the same way on every machine, or copy the project there.`,
  );
}

function checkSame({ name, card }: Part, { name: other, card: first }: Part): void {
  if (card.holds !== first.holds)
    refuse('other-kind', `${name} holds ${card.holds} and ${other} ${first.holds}.`);
  if (card.clips !== first.clips || card.total !== first.total)
    refuse('other-clips', `${name} was made of another list of clips than ${other}.`);
  if (JSON.stringify(card.model) !== JSON.stringify(first.model)) {
    refuse(
      'other-model',
      `${name} was made by another model than ${other}: ${modelText(card)} and ${modelText(first)}.`,
    );
  }
  if (JSON.stringify(card.labels) !== JSON.stringify(first.labels))
    refuse('other-labels', `${name} has other labels than ${other}.`);
  if (card.width !== first.width)
    refuse('shape', `${name} has ${card.width} numbers a row and ${other} ${first.width}.`);
}

function modelText({ model }: ShardCard): string {
  if (model.kind === 'file') return `"${model.name}" with the hash ${model.hash.slice(0, 12)}`;
  return model.kind === 'builtin' ? `the built-in ${model.name}` : model.kind;
}

function checkRows(parts: readonly Part[], total: number): void {
  let next = 0;
  let last = '';
  for (const { name, card } of parts) {
    if (card.from < next) {
      refuse('overlap', `${name} and ${last} both hold row ${card.from}. Name each part once.`, {
        row: card.from,
      });
    }
    if (card.from > next) refuseGap(next, card.from, total);
    next = card.to;
    last = name;
  }
  if (next !== total) refuseGap(next, total, total);
}

function refuseGap(from: number, to: number, total: number): never {
  refuse(
    'gap',
    `Rows ${from} to ${to - 1} of ${total} are in none of the parts. Compute the missing parts, with the same number of parts as the others.`,
    { from, to },
  );
}

async function append(out: FileHandle, { file, name, card }: Part): Promise<void> {
  const { values, rows, width } = await readValues(file);
  if (rows !== card.to - card.from || width !== card.width) {
    refuse(
      'shape',
      `${name} has the shape (${rows}, ${width}); its card says ${card.to - card.from} x ${card.width}.`,
    );
  }
  if (digestOfValues(values) !== card.values) {
    refuse(
      'changed',
      `The values in ${name} are not those that ${name}.json was written for: the file was damaged or is that of another part. Copy both files again.`,
    );
  }
  await out.appendFile(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

function computedOf(parts: readonly Part[]): ShardCard['computed'] {
  const all = parts.map(({ card }) => card.computed);
  const distinct = (values: readonly string[]): string[] => [...new Set(values)];
  const backends = distinct(all.map(({ backend }) => backend));
  const versions = distinct(parts.map(({ card }) => card.version));
  // The part in the middle stands for all: machines differ.
  const timed = all
    .filter(({ msPerClip }) => msPerClip !== null)
    .sort((a, b) => (a.msPerClip?.median ?? 0) - (b.msPerClip?.median ?? 0));
  return {
    backend: backends.join('; '),
    threads: Math.max(...all.map(({ threads }) => threads)),
    msPerClip: timed[Math.floor((timed.length - 1) / 2)]?.msPerClip ?? null,
    seconds: all.reduce((sum, { seconds }) => sum + seconds, 0),
    notes: [
      `Put together from ${parts.length} part${parts.length === 1 ? '' : 's'}; the seconds are those of all parts together.`,
      ...(versions.length > 1
        ? [`The parts were made by different versions of Earmark: ${versions.join(', ')}.`]
        : []),
      ...distinct(all.flatMap(({ notes }) => notes)),
    ],
  };
}
