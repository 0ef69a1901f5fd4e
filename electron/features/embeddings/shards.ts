// One part of an embedding or a run of a model, computed anywhere, and the parts put together again. A part knows which
// rows of which list of clips it holds and which model made it, so that parts which do not fit are refused.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { computedWith, type MadeBy, madeBy } from '../../../shared/domain/embedding.ts';
import { EarmarkError } from '../../../shared/errors.ts';
import { npyToFloat32, parseNpy, writeNpyFile } from '../../formats/index.ts';
import type { ModelSource } from '../../ipc/analysis-tasks.ts';
import type { JobControl, Studio } from '../context.ts';
import { inferRows } from './infer.ts';
import { clipRows, digestOfPaths } from './rows.ts';

const shardCard = z.object({
  format: z.literal('earmark-shard-1'),
  holds: z.enum(['embedding', 'scores']),
  model: madeBy,
  /** Rows [from, to) of `total`. */
  from: z.number().int().nonnegative(),
  to: z.number().int().nonnegative(),
  total: z.number().int().positive(),
  /** Of the paths of all rows, in order. */
  clips: z.string(),
  width: z.number().int().positive(),
  labels: z.array(z.string()).nullable(),
  failed: z.number().int(),
  computed: computedWith,
});
export type ShardCard = z.infer<typeof shardCard>;

const cardOf = (file: string): string => `${file}.json`;

/** `3/8`: the third of eight. @throws EarmarkError `usage/shard`. */
export function parseShard(text: string): { readonly index: number; readonly of: number } {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (index === undefined || shard.index < 1 || shard.index > shard.of || shard.of > 1_000_000) {
    throw new EarmarkError(
      'usage/shard',
      `--shard takes i/n with i from 1 to n, such as 3/8; "${text}" is none.`,
    );
  }
  return shard;
}

/** Runs a model over one part of the clips. `out` gets the rows, `out`.json what they are. */
export async function makeShard(
  studio: Studio,
  input: {
    readonly holds: ShardCard['holds'];
    readonly model: MadeBy;
    readonly source: ModelSource;
    readonly shard: { readonly index: number; readonly of: number };
    readonly out: string;
  },
  control: JobControl,
): Promise<ShardCard> {
  const { paths, locations } = clipRows(studio.project());
  const total = paths.length;
  const { index, of } = input.shard;
  const from = Math.floor(((index - 1) * total) / of);
  const to = Math.floor((index * total) / of);
  if (to === from) {
    throw new EarmarkError(
      'shard/empty',
      `Part ${index} of ${of} holds no clip: there are only ${total}. Use fewer parts.`,
    );
  }
  const partial = `${input.out}.partial`;
  const inferred = await inferRows(
    studio,
    {
      model: input.source,
      clips: locations.slice(from, to),
      scoresOut: input.holds === 'scores' ? partial : null,
      embeddingOut: input.holds === 'embedding' ? partial : null,
      threads: null,
    },
    control,
  );
  const width = input.holds === 'scores' ? (inferred.labels?.length ?? 0) : (inferred.dimensions ?? 0);
  const card: ShardCard = {
    format: 'earmark-shard-1',
    holds: input.holds,
    model: input.model,
    from,
    to,
    total,
    clips: digestOfPaths(paths),
    width,
    labels: inferred.labels === null ? null : [...inferred.labels],
    failed: inferred.failed,
    computed: inferred.computed,
  };
  await writeFile(cardOf(input.out), `${JSON.stringify(card, null, 2)}\n`);
  await rename(partial, input.out);
  return card;
}

async function readCard(file: string): Promise<ShardCard> {
  const text = await readFile(cardOf(file), 'utf8').catch(() => {
    throw new EarmarkError(
      'shard/no-card',
      `${basename(file)} has no ${basename(cardOf(file))} beside it, which says what it holds. Copy both files.`,
    );
  });
  try {
    return shardCard.parse(JSON.parse(text));
  } catch {
    throw new EarmarkError(
      'shard/card',
      `${basename(cardOf(file))} does not describe a part made by earmark --shard.`,
    );
  }
}

/**
 * Puts parts together into one array at `out`.
 * @returns the card of the whole, with `from` 0 and `to` = `total`.
 * @throws EarmarkError `shard/...` for parts of other clips or another model, gaps and overlaps. Nothing is written then.
 */
export async function mergeShards(studio: Studio, files: readonly string[], out: string): Promise<ShardCard> {
  const parts = await Promise.all(files.map(async (file) => ({ file, card: await readCard(file) })));
  parts.sort((a, b) => a.card.from - b.card.from);
  const [first] = parts;
  if (!first) throw new EarmarkError('shard/none', 'Name the parts to put together.');
  const { paths } = clipRows(studio.project());
  if (first.card.clips !== digestOfPaths(paths)) {
    throw new EarmarkError(
      'shard/other-clips',
      `The parts were made of ${first.card.total} clips that are not those of this project (${paths.length} clips). Import the same dataset in the same way on every machine.`,
    );
  }
  let next = 0;
  for (const { file, card } of parts) {
    const name = basename(file);
    if (card.clips !== first.card.clips || card.total !== first.card.total)
      throw new EarmarkError(
        'shard/other-clips',
        `${name} was made of another list of clips than the others.`,
      );
    if (JSON.stringify(card.model) !== JSON.stringify(first.card.model))
      throw new EarmarkError(
        'shard/other-model',
        `${name} was made by another model than ${basename(first.file)}.`,
      );
    if (card.holds !== first.card.holds || card.width !== first.card.width)
      throw new EarmarkError('shard/other-kind', `${name} holds other numbers than ${basename(first.file)}.`);
    if (JSON.stringify(card.labels) !== JSON.stringify(first.card.labels))
      throw new EarmarkError('shard/other-labels', `${name} has other labels than ${basename(first.file)}.`);
    if (card.from < next)
      throw new EarmarkError(
        'shard/overlap',
        `${name} holds row ${card.from} again: it overlaps with another part.`,
      );
    if (card.from > next)
      throw new EarmarkError('shard/gap', `Rows ${next} to ${card.from - 1} are in none of the parts.`);
    next = card.to;
  }
  const { total, width } = first.card;
  if (next !== total)
    throw new EarmarkError('shard/gap', `Rows ${next} to ${total - 1} are in none of the parts.`);
  const all = new Float32Array(total * width);
  for (const { file, card } of parts) {
    const array = parseNpy(await readFile(file), basename(file));
    const [rows = 0, columns = 0] = array.shape;
    if (rows !== card.to - card.from || columns !== width) {
      throw new EarmarkError(
        'shard/shape',
        `${basename(file)} has the shape (${array.shape.join(', ')}); ${card.to - card.from} x ${width} was expected.`,
      );
    }
    all.set(npyToFloat32(array), card.from * width);
  }
  await writeNpyFile(out, all, [total, width]);
  return {
    ...first.card,
    from: 0,
    to: total,
    failed: parts.reduce((sum, { card }) => sum + card.failed, 0),
    computed: {
      ...first.card.computed,
      seconds: parts.reduce((sum, { card }) => sum + card.computed.seconds, 0),
      notes: [`Put together from ${parts.length} parts.`],
    },
  };
}

/** Takes the files of a part away. */
export async function removeShard(file: string): Promise<void> {
  await rm(cardOf(file), { force: true });
  await rm(file, { force: true });
}
