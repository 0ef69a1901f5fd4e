// The folder picker: handles instead of paths, and nothing outside the folders that were allowed.
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder, writeTree } from '../testing/folders.ts';
import { Places } from './places.ts';

const folder = temporaryFolder({ 'outside/secret.wav': 'x' });
const allowed = writeTree(join(folder, 'allowed'), {
  'b/take 10.wav': 'x',
  'b/take 9.wav': 'x',
  'a.csv': 'path\n',
  'p.earmark': '',
  'probs.npy': '',
  'notes.txt': '',
  '.hidden/x.wav': '',
});
symlinkSync(join(folder, 'outside'), join(allowed, 'way out'));
symlinkSync(join(folder, 'outside/secret.wav'), join(allowed, 'way out.wav'));
symlinkSync(join(allowed, 'a.csv'), join(allowed, 'also a.csv'));
const places = new Places([allowed]);
const root = places.roots()[0]?.handle ?? '';

describe('the folder picker', () => {
  it('lists folders first, then files by name with their kind; hidden ones are not shown', async () => {
    const { entries, parent, trail } = await places.list(root);
    expect(entries.map(({ place, kind }) => [place.name, kind])).toEqual([
      ['b', 'folder'],
      ['a.csv', 'table'],
      ['also a.csv', 'table'],
      ['notes.txt', 'file'],
      ['p.earmark', 'project'],
      ['probs.npy', 'array'],
    ]);
    expect([parent, trail.map(({ name }) => name)]).toEqual([null, ['allowed']]);
    const inside = await places.list(entries[0]?.place.handle ?? '');
    expect(inside.entries.map(({ place }) => place.name)).toEqual(['take 9.wav', 'take 10.wav']);
    expect(inside.parent?.name).toBe('allowed');
    expect(JSON.stringify(inside)).not.toContain(folder);
  });

  it.each([
    ['a folder beside', 'outside'],
    ['the folder above', '.'],
    ['a link that leads out', 'allowed/way out'],
    ['dots', 'allowed/../outside'],
  ])('does not show %s', async (_, path) => {
    const { handle } = places.grant(join(folder, path));
    await expect(places.list(handle)).rejects.toMatchObject({ code: 'place/not-allowed' });
    await expect(places.makeFolder(handle, 'new')).rejects.toMatchObject({ code: 'place/not-allowed' });
  });

  it('takes no made-up handle and no made-up name', async () => {
    await expect(places.list('made-up')).rejects.toMatchObject({ code: 'place/unknown' });
    for (const name of ['..', '.', 'a/b', '../x', 'a\\b', 'a\0'])
      await expect(places.makeFolder(root, name)).rejects.toMatchObject({ code: 'place/bad-name' });
    const made = await places.makeFolder(root, 'new 名前');
    expect((await places.list(made.handle)).entries).toEqual([]);
    await expect(places.makeFolder(root, 'new 名前')).rejects.toMatchObject({
      message: expect.stringContaining('there already'),
    });
  });

  it('says so when a folder is gone', async () => {
    const { handle } = places.grant(join(allowed, 'gone'));
    await expect(places.list(handle)).rejects.toMatchObject({
      message: 'gone cannot be listed: it is not there.',
    });
  });
});
