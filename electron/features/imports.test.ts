// Import again = update: what was decided stays, what changed on disk is noticed, and nothing is read in vain.
import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImportResult } from '../../shared/contract/imports.ts';
import { temporaryFolder, writeTree } from '../testing/folders.ts';
import { resultOf, startTestStudio } from '../testing/studio.ts';
import { wordWav } from '../testing/words.ts';

const folder = temporaryFolder();
const { client, place } = startTestStudio({ userFolder: join(folder, 'user') });

const rowsByPath = async () => {
  const { rows } = await client.clips.page({ filter: '', sort: null, offset: 0, limit: 100 });
  return new Map(rows.map((row) => [row.path, row]));
};
const relabel = (path: string, to: string) =>
  client.decisions.apply({
    selection: { filter: `path = "${path}"` },
    changes: [{ field: 'label', to }],
  });

describe('a dataset that is imported again', () => {
  const dataset = writeTree(join(folder, 'clips'), {
    'yes/kept.wav': wordWav(300),
    'yes/touched.wav': wordWav(350),
    'yes/changed.wav': wordWav(400),
    'no/removed.wav': wordWav(500),
    'no/broken.wav': wordWav(600).subarray(0, 20),
  });

  it('shows what is new, changed, missing and the same, and keeps decisions and ids', async () => {
    await client.project.create({ name: 'update' });
    const source = { place: place(dataset), format: 'folder', options: {}, name: 'clips' } as const;
    const first = await resultOf<ImportResult>(client, await client.imports.start(source));
    expect(first).toMatchObject({ clips: 4, added: 4, changed: 0, unchanged: 0, missing: 0 });
    expect(first.failed.map(({ file }) => file)).toEqual(['no/broken.wav']);
    const before = await rowsByPath();
    for (const path of ['yes/kept.wav', 'yes/changed.wav', 'no/removed.wav']) await relabel(path, 'maybe');

    rmSync(join(dataset, 'no/removed.wav'));
    writeFileSync(join(dataset, 'yes/changed.wav'), wordWav(410, { seconds: 0.9 }));
    utimesSync(join(dataset, 'yes/touched.wav'), 1_700_000_000, 1_700_000_000);
    writeFileSync(join(dataset, 'no/broken.wav'), wordWav(600));
    writeTree(dataset, { 'no/new.wav': wordWav(700) });

    const again = await resultOf<ImportResult>(client, await client.imports.update({ dataset: 'clips' }));
    expect(again).toMatchObject({ clips: 5, added: 2, changed: 1, unchanged: 2, missing: 1, failed: [] });
    const after = await rowsByPath();
    for (const [path, row] of before) expect(after.get(path)?.id).toBe(row.id);
    expect(after.get('yes/kept.wav')).toMatchObject({ label: 'maybe', originalLabel: 'yes' });
    expect(after.get('yes/changed.wav')).toMatchObject({ label: 'maybe', durationSec: 0.9 });
    expect(after.get('no/removed.wav')).toMatchObject({ label: 'maybe', isPresent: false });
    expect(after.get('no/broken.wav')).toMatchObject({ label: 'no', isPresent: true });
    const flags = { kinds: ['unreadable' as const], status: null, filter: '', offset: 0, limit: 10 };
    expect(await client.flags.page(flags)).toEqual({ total: 0, rows: [] });
  });

  it('takes a file back that returns, and undo still knows what was decided before the update', async () => {
    writeTree(dataset, { 'no/removed.wav': wordWav(500) });
    const again = await resultOf<ImportResult>(client, await client.imports.update({ dataset: 'clips' }));
    expect(again).toMatchObject({ clips: 6, added: 0, changed: 1, unchanged: 5, missing: 0 });
    expect((await rowsByPath()).get('no/removed.wav')).toMatchObject({ isPresent: true, label: 'maybe' });
    await client.decisions.undo({});
    expect((await rowsByPath()).get('no/removed.wav')).toMatchObject({ isPresent: true, label: 'no' });
  });

  it('into a project with another dataset leaves that one alone', async () => {
    const other = writeTree(join(folder, 'other'), { 'yes/kept.wav': wordWav(900) });
    const source = { place: place(other), format: 'folder', options: {}, name: 'other' } as const;
    const imported = await resultOf<ImportResult>(client, await client.imports.start(source));
    expect(imported).toMatchObject({ clips: 1, added: 1, missing: 0 });
    const { project } = await client.project.state();
    expect(project?.datasets.map(({ name, clips }) => [name, clips])).toEqual([
      ['clips', 6],
      ['other', 1],
    ]);
    const found = { filter: 'dataset = clips', sort: null, offset: 0, limit: 1 };
    expect((await client.clips.page(found)).matched).toBe(6);
  });

  it('keeps what was decided about a file while it cannot be used, and when it breaks again', async () => {
    const late = join(folder, 'late');
    const wanted = { kinds: ['unreadable' as const], status: null, filter: '', offset: 0, limit: 10 };
    const statuses = async () => (await client.flags.page(wanted)).rows.map(({ status }) => status);
    const statusesOnceImported = async (content: Uint8Array) => {
      writeTree(late, { 'no/late.wav': content, 'no/other.wav': wordWav(640) });
      const source = { place: place(late), format: 'folder', options: {}, name: 'late' } as const;
      await resultOf(client, await client.imports.start(source));
      return statuses();
    };
    expect(await statusesOnceImported(new Uint8Array())).toEqual(['open']);
    const [flag] = (await client.flags.page(wanted)).rows;
    await client.decisions.applyMany({ steps: [], files: { flagIds: [flag?.id ?? 0], to: 'dismissed' } });
    expect(await statusesOnceImported(wordWav(650).subarray(0, 30))).toEqual(['dismissed']);
    expect(await statusesOnceImported(wordWav(650))).toEqual([]);
    expect(await statusesOnceImported(new Uint8Array())).toEqual(['dismissed']);
    await client.decisions.undo({});
    expect(await statuses()).toEqual(['open']);
  });
});
