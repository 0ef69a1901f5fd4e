// A model run by its description, clip by clip, for tests and benches.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkModel } from '../description.ts';
import { RowPool } from '../outputs.ts';
import { createPreparer } from '../prepare.ts';
import { openModel } from '../runner.ts';

/** The embedding of one clip: one channel, 16 kHz. Undefined where it has none. */
type EmbedClip = (samples: Float32Array) => Promise<Float32Array | undefined>;

/**
 * @param description - path of the JSON.
 * @param place - where it would lie beside its model. @returns undefined where the model's files are not at hand.
 */
export async function openDescribed(
  description: string,
  place = description,
): Promise<EmbedClip | undefined> {
  const input = JSON.parse(readFileSync(description, 'utf8')) as { stages: { file: string }[] };
  if (!input.stages.every(({ file }) => existsSync(join(dirname(place), file)))) return undefined;
  const runner = await openModel(checkModel(input, place), { threads: 1 });
  const prepare = createPreparer(runner.plan);
  return async (samples) => {
    const sound = { sampleRate: 16_000, channels: 1, frames: samples.length, channelData: [samples] };
    let pool: RowPool | undefined;
    for (const blocks of prepare({ ...sound, container: 'wav', encoding: 'pcm_f32' }, 'word')) {
      const { embedding } = await runner.run(blocks, new Array<number>(blocks.count).fill(0));
      if (embedding === null || embedding === undefined) return undefined;
      pool ??= new RowPool(runner.pooling, embedding.width);
      pool.add(embedding.data);
    }
    return pool?.finish();
  };
}
