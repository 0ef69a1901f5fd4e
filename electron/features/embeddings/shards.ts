// One part (a shard) of an embedding or of the scores of a model, computed anywhere: the rows in an .npy file, and a card
// beside it that says which rows of which list of clips they are and which model made them. merge-shards.ts puts parts
// together. Nothing in the project changes here.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { computedWith, type MadeBy, madeBy } from '../../../shared/domain/embedding.ts';
import { CANCELLED, EarmarkError, toErrorData } from '../../../shared/errors.ts';
import { npyToFloat32, readNpyFile } from '../../formats/index.ts';
import type { ModelSource } from '../../ipc/analysis-tasks.ts';
import type { JobControl, Studio } from '../context.ts';
import { inferRows } from './infer.ts';
import { clipRows, digestOfPaths } from './rows.ts';

const shardCard = z
  .object({
    format: z.literal('earmark-shard-1'),
    holds: z.enum(['embedding', 'scores']),
    model: madeBy,
    /** Rows [from, to) of `total`. */
    from: z.number().int().nonnegative(),
    to: z.number().int().positive(),
    total: z.number().int().positive(),
    /** Of the paths of all rows, in order. */
    clips: z.string(),
    width: z.number().int().positive(),
    labels: z.array(z.string()).nullable(),
    failed: z.number().int().nonnegative(),
    computed: computedWith,
    /** The studio that computed it. */
    version: z.string(),
    /** SHA-256 of the values as they lie in the file. */
    values: z.string(),
  })
  .refine(({ from, to, total }) => from < to && to <= total)
  .refine(({ labels, width, holds }) => (holds === 'scores') === (labels?.length === width));
export type ShardCard = z.infer<typeof shardCard>;
export type ShardKind = ShardCard['holds'];

export interface Shard {
  readonly index: number;
  readonly of: number;
}

export interface ShardInput {
  readonly holds: ShardKind;
  readonly model: MadeBy;
  readonly source: ModelSource;
  readonly shard: Shard;
  /** Absolute, ends in .npy. */
  readonly out: string;
  readonly threads: number | null;
}

/** Clips that are decoded together also run together, so a part begins where such a group does in the whole. */
const GROUP = 32;

const cardOf = (file: string): string => `${file}.json`;

/** `3/8`: the third of eight. @throws EarmarkError `usage/shard`. */
export function parseShard(text: string): Shard {
  const [, index, of] = /^(\d{1,7})\/(\d{1,7})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (index === undefined || shard.index < 1 || shard.index > shard.of) {
    throw new EarmarkError(
      'usage/shard',
      `--shard takes i/n with i from 1 to n, such as 3/8; "${text}" is none.`,
    );
  }
  return shard;
}

/** Rows [from, to) of a part; empty where there are more parts than rows. */
export function rowsOfShard({ index, of }: Shard, total: number): { from: number; to: number } {
  const group = total >= of * GROUP ? GROUP : 1;
  const border = (at: number): number => (at === of ? total : Math.floor((at * total) / of / group) * group);
  return { from: border(index - 1), to: border(index) };
}

/**
 * Runs a model over one part of the clips: the rows to `out`, what they are to `out`.json. Cut off, it goes on where it
 * was when it is called again; a part that is there already is left as it is.
 * @throws EarmarkError `shard/empty`, `shard/exists`, `shard/unwritable`, and those of the model.
 */
export async function makeShard(studio: Studio, input: ShardInput, control: JobControl): Promise<ShardCard> {
  const { holds, model, out } = input;
  const { paths, locations } = clipRows(studio.project());
  const total = paths.length;
  const { from, to } = rowsOfShard(input.shard, total);
  if (from === to) {
    const { index, of } = input.shard;
    throw new EarmarkError(
      'shard/empty',
      `Part ${index} of ${of} holds no clip: there are only ${total}. Use fewer parts.`,
    );
  }
  await requireFolder(out);
  const part = { holds, model, from, to, total, clips: digestOfPaths(paths) };
  const there = await cardThere(out, part);
  if (there !== null) return there;
  const key = createHash('sha256').update(JSON.stringify(part)).digest('hex').slice(0, 12);
  const partial = `${out}.${key}.partial`;
  let isToBeKept = false;
  try {
    const inferred = await inferRows(
      studio,
      {
        model: input.source,
        clips: locations.slice(from, to),
        scoresOut: holds === 'scores' ? partial : null,
        embeddingOut: holds === 'embedding' ? partial : null,
        threads: input.threads,
      },
      control,
    );
    const { values, width } = await readValues(partial);
    const card: ShardCard = {
      format: 'earmark-shard-1',
      ...part,
      width,
      labels: inferred.labels === null ? null : [...inferred.labels],
      failed: inferred.failed,
      computed: inferred.computed,
      version: studio.version,
      values: digestOfValues(values),
    };
    await writeFile(cardOf(out), `${JSON.stringify(card, null, 2)}\n`);
    await rename(partial, out);
    return card;
  } catch (error) {
    isToBeKept = [CANCELLED, 'worker/stopped'].includes(toErrorData(error).code);
    throw error;
  } finally {
    if (!isToBeKept) await rm(partial, { force: true });
  }
}

async function requireFolder(out: string): Promise<void> {
  await access(dirname(out), constants.W_OK).catch(() => {
    throw new EarmarkError(
      'shard/unwritable',
      `${basename(out)} cannot be written: its folder is not there or is read-only. Nothing was run.`,
    );
  });
}

/** The card of the same part, when that is already there. */
async function cardThere(out: string, part: Partial<ShardCard>): Promise<ShardCard | null> {
  if ((await stat(out).catch(() => null)) === null) return null;
  const card = await readCard(out).catch(() => null);
  const isSame =
    card !== null &&
    (Object.keys(part) as (keyof ShardCard)[]).every(
      (key) => JSON.stringify(card[key]) === JSON.stringify(part[key]),
    );
  if (isSame) return card;
  throw new EarmarkError(
    'shard/exists',
    `${basename(out)} is there already and is not this part of this model's results. Choose another file, or remove it. It was left as it is.`,
  );
}

/** @throws EarmarkError `shard/no-card`, `shard/card`. */
export async function readCard(file: string): Promise<ShardCard> {
  const text = await readFile(cardOf(file), 'utf8').catch(() => {
    throw new EarmarkError(
      'shard/no-card',
      `${basename(file)} has no ${basename(cardOf(file))} beside it, which says what it holds. Copy both files. Nothing was changed.`,
    );
  });
  try {
    return shardCard.parse(JSON.parse(text));
  } catch {
    throw new EarmarkError(
      'shard/card',
      `${basename(cardOf(file))} does not describe a part made with --shard. Nothing was changed.`,
    );
  }
}

/** Row-major. @throws EarmarkError `shard/shape`, and those of reading the file. */
export async function readValues(file: string): Promise<{
  readonly values: Float32Array;
  readonly rows: number;
  readonly width: number;
}> {
  const array = await readNpyFile(file);
  const [rows = 0, width = 0] = array.shape;
  if (array.shape.length !== 2 || array.dtype !== '<f4') {
    throw new EarmarkError(
      'shard/shape',
      `${basename(file)} holds (${array.shape.join(', ')}) values of ${array.dtype}; rows of 32-bit numbers (<f4) are expected. Nothing was changed.`,
    );
  }
  return { values: npyToFloat32(array), rows, width };
}

export function digestOfValues(values: Float32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return createHash('sha256').update(bytes).digest('hex');
}
