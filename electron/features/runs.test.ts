// Runs renamed and removed: what refers to a run follows it.
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder, writeTree } from '../testing/folders.ts';
import { resultOf, startTestStudio } from '../testing/studio.ts';
import { wordWav } from '../testing/words.ts';

const folder = temporaryFolder();
const clips = ['no/a.wav', 'no/b.wav', 'no/c.wav', 'yes/a.wav', 'yes/b.wav', 'yes/c.wav'];
const dataset = writeTree(join(folder, 'words'), {
  ...Object.fromEntries(clips.map((clip, index) => [clip, wordWav(300 + 40 * index)])),
  // The first "no" is surely a "yes".
  'table/second.csv': [
    'path,predicted,p_no,p_yes',
    ...clips.map((clip, index) =>
      clip.startsWith('yes') || index === 0 ? `${clip},yes,0.02,0.98` : `${clip},no,0.98,0.02`,
    ),
  ].join('\n'),
  'table/first.csv': ['path,predicted', ...clips.map((clip) => `${clip},no`)].join('\n'),
});
const { client, place } = startTestStudio({ userFolder: join(folder, 'user') });

beforeAll(async () => {
  await client.project.create({ name: 'runs' });
  const source = { place: place(dataset), format: 'folder', options: {}, name: 'words' } as const;
  await resultOf(client, await client.imports.start(source));
  for (const run of ['first', 'second']) {
    const table = place(join(dataset, 'table', `${run}.csv`));
    await resultOf(client, await client.runs.start({ place: table, run }));
  }
  await client.project.setPreferences({ runInUse: 'second' });
  await resultOf(client, await client.flags.find({ run: 'second' }));
});

const issues = async () => {
  const { rows } = await client.flags.page({
    kinds: ['label-issue'],
    status: null,
    filter: '',
    offset: 0,
    limit: 10,
  });
  return rows;
};

describe('a run that is renamed', () => {
  it('stays the one in use, and its likely wrong labels are still its own', async () => {
    expect(await issues()).toHaveLength(1);
    await client.runs.rename({ run: 'second', to: 'better' });
    const { project } = await client.project.state();
    expect(project?.runInUse).toBe('better');
    expect(await client.flags.settings()).toMatchObject({ run: 'better', isStale: false });
    expect((await issues()).map(({ evidence }) => evidence.run)).toEqual(['better']);
  });

  it('takes its likely wrong labels with it when it is removed', async () => {
    await client.runs.remove({ run: 'better' });
    expect(await issues()).toEqual([]);
    expect((await client.project.state()).project?.runInUse).toBe('first');
  });
});
