// Variants of a few example clips, embedded by the model that embedded the clips: sound in memory only, no file is
// written.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { cancelledError, toErrorData } from '../../shared/errors.ts';
import { type DecodedAudio, decodeAudio, mixDown, resample } from '../audio/index.ts';
import { variantsOf } from '../compute/learn/variants.ts';
import { createRandom } from '../compute/random.ts';
import { containedPath } from '../formats/index.ts';
import type { AnalysisTasks } from '../ipc/analysis-tasks.ts';
import type { AudioLocation } from '../ipc/worker-tasks.ts';
import { RowPool } from '../models/index.ts';
import { createBlocksOf, sampleRateOf } from './blocks-of.ts';
import { type OpenModel, openSource } from './models-source.ts';

interface EmbeddedVariants {
  /** M x D. */
  readonly data: Float32Array;
  /** The example of each, by its place. */
  readonly of: Int32Array;
}

/**
 * Of each example. With the trained encoder, five examples of one speaker and 20 Arabic commands, 8 raise the mean average
 * precision of the other speakers' clips by 0.01, and 16 by hardly more; with examples of several speakers none matters.
 */
const VARIANTS = 8;
/** With many examples they vary enough among themselves. */
const MOST_VARIANTS = 240;
/** A longer recording is no example of a word. */
const LONGEST_SECONDS = 20;
const MOST_NOISES = 6;
const NOISE_SECONDS = 30;

/**
 * @param d Numbers of a row.
 * @param note Told in words what was left out.
 * @returns null when there is no variant at all. @throws EarmarkError `job/cancelled`.
 */
export async function embedVariants(
  { model: source, clips, noises }: NonNullable<AnalysisTasks['fewShot']['params']['variants']>,
  d: number,
  seed: number,
  signal: AbortSignal,
  tell: (done: number) => Promise<void>,
  note: (text: string) => void,
): Promise<EmbeddedVariants | null> {
  const count = Math.min(VARIANTS, Math.floor(MOST_VARIANTS / clips.length));
  if (count === 0) return null;
  let model: OpenModel;
  try {
    model = await openSource(source, 1);
  } catch (error) {
    note(`Without variants of the examples: ${toErrorData(error).message}`);
    return null;
  }
  try {
    const sampleRate = sampleRateOf(model.work);
    const embed = createEmbed(model);
    const backgrounds = await readNoises(noises, sampleRate);
    const rows: Float32Array[] = [];
    const of: number[] = [];
    let without = 0;
    for (const [place, clip] of clips.entries()) {
      await nextTurn();
      if (signal.aborted) throw cancelledError();
      await tell(place);
      try {
        const audio = await read(clip);
        if (audio.frames > LONGEST_SECONDS * audio.sampleRate) {
          without += 1;
          continue;
        }
        const samples = resample(mixDown(audio.channelData), audio.sampleRate, sampleRate);
        // A generator for each example: another one more or less changes nothing about its variants.
        const random = createRandom(seed * 1000 + place);
        for (const variant of variantsOf({ samples, sampleRate, count, noises: backgrounds, random })) {
          const row = await embed(
            { ...audio, sampleRate, channels: 1, frames: variant.length, channelData: [variant] },
            clip.path,
          );
          if (row.length !== d || !row.every(Number.isFinite)) continue;
          rows.push(row);
          of.push(place);
        }
      } catch {
        // The example itself has a row; its sound has gone since, or its variants do not fit.
        without += 1;
      }
    }
    if (without > 0) note(`${without} of the ${clips.length} examples went without variants.`);
    if (rows.length === 0) return null;
    const data = new Float32Array(rows.length * d);
    for (const [at, row] of rows.entries()) data.set(row, at * d);
    return { data, of: Int32Array.from(of) };
  } finally {
    await model.close();
  }
}

async function read({ root, path }: AudioLocation): Promise<DecodedAudio> {
  return decodeAudio(await readFile(join(root, await containedPath(root, path))), path);
}

/** Noise recordings spread over those there are; those that cannot be read are passed over. */
async function readNoises(noises: readonly AudioLocation[], sampleRate: number): Promise<Float32Array[]> {
  const found: Float32Array[] = [];
  const step = Math.max(1, noises.length / MOST_NOISES);
  for (let at = 0; at < noises.length; at += step) {
    const noise = noises[Math.floor(at)];
    const audio = noise && (await read(noise).catch(() => null));
    if (!audio) continue;
    const frames = Math.min(audio.frames, NOISE_SECONDS * audio.sampleRate);
    const start = audio.channelData.map((channel) => channel.subarray(0, frames));
    found.push(resample(mixDown(start), audio.sampleRate, sampleRate));
  }
  return found;
}

function createEmbed(model: OpenModel): (audio: DecodedAudio, name: string) => Promise<Float32Array> {
  const blocksOf = createBlocksOf(model.work);
  let clip = 0;
  return async (audio, name) => {
    let pool: RowPool | null = null;
    for (const blocks of blocksOf(audio, name)) {
      const { embedding } = await model.run(blocks, new Array<number>(blocks.count).fill(clip));
      if (embedding === null) break;
      pool ??= new RowPool(model.pooling, embedding.width);
      pool.add(embedding.data);
    }
    model.forget(clip);
    clip += 1;
    return pool?.finish() ?? new Float32Array(0);
  };
}
