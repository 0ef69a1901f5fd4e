// Exports that are told to replace what the project itself is made of: its recordings, its manifest, its own file.
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder, writeTree } from '../testing/folders.ts';
import { endOf, resultOf, startTestStudio } from '../testing/studio.ts';
import { wordWav } from '../testing/words.ts';
import type { ExportInput } from './exports.ts';

const folder = temporaryFolder();
const manifest = 'path,label\na.wav,yes\nb.wav,no\n';
const dataset = writeTree(join(folder, 'data', 'words'), {
  'a.wav': wordWav(300),
  'b.wav': wordWav(400),
  'clips.csv': manifest,
});
const { client, engine, place } = startTestStudio({ userFolder: join(folder, 'user') });

beforeAll(async () => {
  await client.project.create({ name: 'sources' });
  const source = { place: place(join(dataset, 'clips.csv')), format: 'table', options: {}, name: 'words' };
  await resultOf(client, await client.imports.start({ ...source, format: 'table' }));
});

const over = async (format: ExportInput['format'], parent: string, name: string) => {
  const { jobId } = await client.exports.start({
    format,
    place: place(parent),
    name,
    selection: { filter: '' },
    audio: 'none',
    leaveOutUnusable: false,
    overwrite: true,
  });
  return endOf(client, { jobId });
};

describe('an export that may replace what is there', () => {
  it('never replaces the manifest that was imported', async () => {
    const job = await over('table', dataset, 'clips.csv');
    expect(job).toMatchObject({ state: 'failed', error: { code: 'export/out' } });
    expect(readFileSync(join(dataset, 'clips.csv'), 'utf8')).toBe(manifest);
  });

  it.each(['table', 'jsonl', 'nemo', 'decisions'] as const)(
    'never moves the recordings away: %s without audio',
    async (format) => {
      for (const [parent, name] of [
        [join(folder, 'data'), 'words'],
        [folder, 'data'],
      ] as const) {
        const job = await over(format, parent, name);
        expect(job, name).toMatchObject({ state: 'failed', error: { code: 'export/out' } });
      }
      expect(readdirSync(dataset).toSorted()).toEqual(['a.wav', 'b.wav', 'clips.csv']);
      expect(readdirSync(folder).filter((name) => name.includes('replaced'))).toEqual([]);
    },
  );

  it('sees the dataset also through another name of its folder', async () => {
    symlinkSync(join(folder, 'data'), join(folder, 'also data'));
    const job = await over('jsonl', join(folder, 'also data'), 'words');
    expect(job).toMatchObject({ state: 'failed', error: { code: 'export/out' } });
    expect(readdirSync(dataset)).toContain('a.wav');
  });

  it('never moves away the open project or the folder that holds it', async () => {
    const { file } = engine.studio.project().catalog;
    const holder = dirname(file);
    const job = await over('jsonl', dirname(holder), holder.slice(dirname(holder).length + 1));
    expect(job).toMatchObject({ state: 'failed', error: { code: 'export/out' } });
    expect(existsSync(file)).toBe(true);
  });

  it('still replaces an earlier export, also one beside the recordings', async () => {
    expect(await over('jsonl', dataset, 'given.jsonl')).toMatchObject({ state: 'succeeded' });
    expect(await over('jsonl', dataset, 'given.jsonl')).toMatchObject({ state: 'succeeded' });
    expect(await over('table', join(folder, 'data'), 'given')).toMatchObject({ state: 'succeeded' });
    expect(await over('table', join(folder, 'data'), 'given')).toMatchObject({ state: 'succeeded' });
  });
});
