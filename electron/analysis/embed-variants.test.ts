// Variants of clips of the sample dataset, by the models that come along.
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtinModels } from '../../shared/domain/embedding.ts';
import type { AudioLocation } from '../ipc/worker-tasks.ts';
import { wordsOf } from '../testing/speech-sets.ts';
import { embedVariants } from './embed-variants.ts';

const root = resolve(import.meta.dirname, '../../resources/sample');
const words = (await wordsOf('sample')).filter(({ label }) => label === 'yes').slice(0, 3);
const clips: AudioLocation[] = words.map(({ path }) => ({ root, path: path.slice(root.length + 1) }));
const noises: AudioLocation[] = [{ root, path: '_background_noise_/mains_hum.flac' }];
const dimensions = { 'encoder-1': 128, 'acoustic-1': 261 };

async function embed(
  model: Parameters<typeof embedVariants>[0]['model'],
  given: readonly AudioLocation[] = clips,
  { d = 128, seed = 0, signal = new AbortController().signal } = {},
) {
  const notes: string[] = [];
  const found = await embedVariants(
    { model, clips: given, noises },
    d,
    seed,
    signal,
    async () => {},
    (note) => notes.push(note),
  );
  return { found, notes };
}

describe('variants of the examples', () => {
  it.each(builtinModels)(
    'are embedded by %s: near each other, and the same for the same seed',
    async (name) => {
      const d = dimensions[name];
      const { found, notes } = await embed({ kind: 'builtin', name }, clips, { d });
      expect(notes).toEqual([]);
      expect([...(found?.of ?? [])]).toEqual([0, 1, 2].flatMap((place) => Array(8).fill(place)));
      const data = found?.data ?? new Float32Array(0);
      const dot = (a: number, b: number): number => {
        let sum = 0;
        for (let i = 0; i < d; i++) sum += data[a * d + i]! * data[b * d + i]!;
        return sum;
      };
      const within = dot(0, 1) + dot(8, 9) + dot(16, 17);
      const across = dot(0, 8) + dot(8, 16) + dot(16, 0);
      expect(dot(5, 5)).toBeCloseTo(1, 3);
      expect(within).toBeGreaterThan(across);
      expect(within).toBeLessThan(2.9999);
      expect((await embed({ kind: 'builtin', name }, clips, { d })).found).toEqual(found);
      expect((await embed({ kind: 'builtin', name }, clips, { d, seed: 1 })).found).not.toEqual(found);
    },
  );

  it('an example that cannot be read goes without, and says so', async () => {
    const { found, notes } = await embed({ kind: 'builtin', name: 'encoder-1' }, [
      { root, path: 'yes/gone.flac' },
      clips[1]!,
      { root, path: '../sample.json' },
    ]);
    expect(new Set(found?.of)).toEqual(new Set([1]));
    expect(notes).toEqual(['2 of the 3 examples went without variants.']);
  });

  it('a model that is gone means no variants, with the reason; many examples need none', async () => {
    const { found, notes } = await embed({ kind: 'file', path: '/nowhere/model.json', hash: '0' });
    expect(found).toBeNull();
    expect(notes.join()).toMatch(/^Without variants of the examples: .*model\.json/);
    const many = await embed({ kind: 'builtin', name: 'encoder-1' }, Array(300).fill(clips[0]!));
    expect(many).toEqual({ found: null, notes: [] });
  });

  it('end when the job is cancelled', async () => {
    const signal = AbortSignal.abort();
    await expect(embed({ kind: 'builtin', name: 'encoder-1' }, clips, { signal })).rejects.toMatchObject({
      code: 'job/cancelled',
    });
  });
});
