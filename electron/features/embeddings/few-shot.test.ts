// A keyword from a few examples, and doubts about labels, on words of the sample dataset with its real models.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FewShotResult } from '../../../shared/contract/few-shot.ts';
import { temporaryFolder } from '../../testing/folders.ts';
import { wordsOf } from '../../testing/speech-sets.ts';
import { resultOf, startTestStudio } from '../../testing/studio.ts';

const resources = resolve(import.meta.dirname, '../../../resources');
const folder = temporaryFolder();
const dataset = join(folder, 'words');
const words = ['yes', 'stop', 'right', 'on'];
/** Says `stop`. */
const wrong = 'yes/wrong.flac';

const sample = await wordsOf('sample');
for (const word of words) {
  mkdirSync(join(dataset, word), { recursive: true });
  for (const { path } of sample.filter(({ label }) => label === word).slice(0, 16))
    cpSync(path, join(dataset, word, basename(path)));
}
cpSync(sample.filter(({ label }) => label === 'stop').at(-1)?.path ?? '', join(dataset, wrong));
cpSync(join(resources, 'sample/_background_noise_'), join(dataset, '_background_noise_'), {
  recursive: true,
});

const modelFolder = join(folder, 'model');
mkdirSync(modelFolder);
for (const file of ['encoder-1.json', 'encoder-1.onnx'])
  cpSync(join(resources, 'models', file), join(modelFolder, file));

const { client, place } = startTestStudio({ userFolder: join(folder, 'user') });

beforeAll(async () => {
  await client.project.create({ name: 'few' });
  const source = { place: place(dataset), format: 'folder', options: {}, name: 'words' } as const;
  await resultOf(client, await client.imports.start(source));
  await resultOf(client, await client.embeddings.make({ name: 'encoder', model: 'encoder-1' }));
}, 60_000);

async function examples(): Promise<number[]> {
  const filter = `label = yes AND path != "${wrong}"`;
  return (await client.clips.page({ filter, sort: null, offset: 0, limit: 5 })).rows.map(({ id }) => id);
}

async function train(embedding: string, run: string | null = null): Promise<FewShotResult> {
  const input = { embedding, label: 'yes', falseAcceptRate: 0.1, limit: 100, seed: 0, run };
  return resultOf(client, await client.fewShot.train({ ...input, clips: await examples() }));
}

const count = async (filter: string): Promise<number> =>
  (await client.clips.page({ filter, sort: null, offset: 0, limit: 1 })).matched;

describe('a keyword from five clips', () => {
  it('ranks the other clips of the word first; a run of it predicts the word from the threshold on', async () => {
    const result = await train('encoder', 'keyword');
    const top = result.candidates.slice(0, 10);
    expect(top.filter(({ label }) => label === 'yes').length).toBeGreaterThanOrEqual(9);
    expect(result.notes.filter((note) => note.includes('variants'))).toEqual([]);
    // The examples are predicted too, and they are above.
    const predicted = await count('predicted("keyword") = yes');
    expect(predicted).toBe(result.found + 5);
    expect(await count('predicted("keyword") = other')).toBe((await count('')) - predicted);
  });

  it('hears its examples once more by a model that was trusted, while it lies where it was', async () => {
    const model = place(join(modelFolder, 'encoder-1.json'));
    await client.models.trust({ place: model });
    await resultOf(client, await client.models.run({ place: model, run: null, embedding: 'own' }));
    const { notes, threshold } = await train('own');
    expect(notes.filter((note) => note.includes('variants'))).toEqual([]);
    rmSync(modelFolder, { recursive: true });
    const without = await train('own');
    expect(without.notes[0]).toMatch(/not at hand, so the head learnt from the examples alone/);
    expect(without.threshold).not.toBe(threshold);
  });

  it('goes on without an example whose sound is gone, and says so', async () => {
    const [id = 0] = await examples();
    const { rows } = await client.clips.page({ filter: `id in (${id})`, sort: null, offset: 0, limit: 1 });
    rmSync(join(dataset, rows[0]?.path ?? ''));
    const { notes, leaveOneOut } = await train('encoder');
    expect(notes).toContain('1 of the 5 examples went without variants.');
    expect(leaveOneOut).toHaveLength(5);
  });
});

describe('a wrong label', () => {
  it('is doubted by the neighbours and by the class centres, each with its evidence', async () => {
    const { rows } = await client.flags.page({
      kinds: ['neighbour-issue'],
      status: null,
      filter: '',
      offset: 0,
      limit: 10,
    });
    const flag = rows.find(({ path }) => path === wrong);
    expect(flag).toMatchObject({ proposed: 'stop', evidence: { nearestCentre: 'stop', given: 'yes' } });
    expect(flag?.reason).toMatch(/neighbours say stop\. The nearest class centre belongs to stop\.$/);
    expect(flag?.evidence.centreRank).toBeTypeOf('number');
  });
});
