import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Containment, containedPath } from './containment.ts';
import { fileTree } from './file-tree.test-util.ts';

async function dataset() {
  const root = await fileTree({
    'set/clips/a.wav': 'a',
    'set/clips/ca\u0301 b.wav': 'b',
    'set/x.wav': 'x',
    'secret.wav': 's',
    'outside/s.wav': 's',
  });
  const set = join(root, 'set');
  await fs.symlink(join(root, 'secret.wav'), join(set, 'clips', 'link-out.wav'));
  await fs.symlink(join(set, 'x.wav'), join(set, 'clips', 'link-in.wav'));
  await fs.symlink(join(root, 'outside'), join(set, 'elsewhere'));
  await fs.symlink(set, join(root, 'alias'));
  return { root, set };
}

const origin = { file: 'clips.csv', line: 7 };

describe('paths of a manifest', () => {
  it('are found inside the folder, relative or absolute, also through another name of the folder', async () => {
    const { root, set } = await dataset();
    const inside = await Containment.open(set);
    expect(await inside.locate('clips/a.wav', origin)).toBe('clips/a.wav');
    expect(await inside.locate('./clips/../clips//a.wav', origin)).toBe('clips/a.wav');
    expect(await inside.locate(join(set, 'clips/a.wav'), origin)).toBe('clips/a.wav');
    expect(await inside.locate(join(root, 'alias/clips/a.wav'), origin)).toBe('clips/a.wav');
    const byAlias = await Containment.open(join(root, 'alias'));
    expect(await byAlias.locate(join(root, 'alias/clips/a.wav'), origin)).toBe('clips/a.wav');
    expect(await byAlias.locate(join(set, 'x.wav'), origin)).toBe('x.wav');
    expect(await containedPath(set, 'clips/a.wav')).toBe('clips/a.wav');
  });

  it.skipIf(process.platform === 'win32')('may be written on Windows', async () => {
    const { set } = await dataset();
    const inside = await Containment.open(set);
    expect(await inside.locate('clips\\a.wav', origin)).toBe('clips/a.wav');
  });

  it('are spelt as the disk spells them when Unicode has two ways', async () => {
    const { set } = await dataset();
    const inside = await Containment.open(set);
    expect(await inside.locate('clips/c\u00e1 b.wav', origin)).toBe('clips/ca\u0301 b.wav');
  });

  it('that lead out of the folder are refused, with file and line', async () => {
    const { root, set } = await dataset();
    const inside = await Containment.open(set);
    for (const path of [
      '../../etc/passwd',
      '../secret.wav',
      'clips/../../secret.wav',
      '..',
      '/etc/passwd',
      join(root, 'secret.wav'),
      `${set}-other/a.wav`,
      'clips/a.wav\0.txt',
      'clips/link-out.wav',
      'elsewhere/s.wav',
      ...(process.platform === 'win32' ? [] : ['C:\\data\\a.wav', 'c:/data/a.wav', '\\\\host\\a.wav']),
    ]) {
      const refusal = {
        code: 'path/outside',
        message: expect.stringContaining('Line 7 of clips.csv names'),
        details: { file: 'clips.csv', line: 7 },
      };
      await expect(inside.locate(path, origin), path).rejects.toMatchObject(refusal);
      await expect(containedPath(set, path, origin), path).rejects.toMatchObject(refusal);
    }
    await expect(inside.locate('..\\secret.wav', origin)).rejects.toMatchObject({ code: 'path/outside' });
  });

  it('through a link that stays inside are accepted', async () => {
    const { set } = await dataset();
    const inside = await Containment.open(set);
    expect(await inside.locate('clips/link-in.wav', origin)).toBe('clips/link-in.wav');
  });

  it('that are missing or folders are told apart', async () => {
    const { set } = await dataset();
    const inside = await Containment.open(set);
    await expect(inside.locate('clips/none.wav', origin)).rejects.toMatchObject({ code: 'path/missing' });
    await expect(inside.locate('none/none.wav', origin)).rejects.toMatchObject({ code: 'path/missing' });
    await expect(inside.locate('', origin)).rejects.toMatchObject({ code: 'path/missing' });
    await expect(inside.locate('clips', origin)).rejects.toMatchObject({ code: 'path/not-a-file' });
    await expect(inside.locate('x.wav/y.wav', origin)).rejects.toMatchObject({ code: 'path/missing' });
  });
});
