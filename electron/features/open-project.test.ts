// The open project and other processes that write to the same file: nothing they wrote is missed.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyChanges, closeCatalog, openCatalog, type WritableCatalog } from '../catalog/index.ts';
import { temporaryFolder, writeTree } from '../testing/folders.ts';
import { resultOf, startTestStudio } from '../testing/studio.ts';
import { wordWav } from '../testing/words.ts';

const folder = temporaryFolder();
const dataset = writeTree(join(folder, 'words'), {
  'no/a.wav': wordWav(300),
  'no/b.wav': wordWav(400),
  'yes/c.wav': wordWav(500),
});
const { client, engine, place } = startTestStudio({ userFolder: join(folder, 'user') });

const relabel = (catalog: WritableCatalog, clipId: number, to: string): void => {
  const change = { clipId, field: 'label', subject: null, to, reason: null } as const;
  applyChanges(catalog, { by: 'other', changes: [change] });
};

describe('a project that another process writes to', () => {
  it('shows what the other decided just before something was decided, undone or set here', async () => {
    await client.project.create({ name: 'shared' });
    const source = { place: place(dataset), format: 'folder', options: {}, name: 'words' } as const;
    await resultOf(client, await client.imports.start(source));
    const project = engine.studio.project();
    const other = openCatalog(project.catalog.file);
    const here = [
      () => client.decisions.apply({ selection: { ids: [1] }, changes: [{ field: 'note', to: 'ours' }] }),
      () => client.project.setPreferences({ by: 'ada' }),
      async () => resultOf(client, await client.flags.find({})),
    ];
    try {
      for (const [turn, act] of here.entries()) {
        relabel(other, 3, `label ${turn}`);
        await act();
        await expect.poll(() => project.labelOf(3), { timeout: 3000 }).toBe(`label ${turn}`);
        expect(
          (await client.clips.page({ filter: '', sort: null, offset: 0, limit: 9 })).rows[2]?.label,
        ).toBe(`label ${turn}`);
      }
      relabel(other, 3, 'last');
      relabel(other, 2, 'also');
      await client.decisions.undo({});
      await expect.poll(() => project.labelOf(3), { timeout: 3000 }).toBe('last');
      expect(project.labelOf(2)).toBe('no');
    } finally {
      closeCatalog(other);
    }
  });
});
