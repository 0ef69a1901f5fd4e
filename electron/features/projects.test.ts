// Opening and closing projects when several requests come at once: one is open in the end, and none is left half open.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { closeCatalog, createCatalog, restoreBackup } from '../catalog/index.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { startTestStudio } from '../testing/studio.ts';
import { closeProject, createProjectFile, openProjectFile } from './projects.ts';

const folder = temporaryFolder();
const { client, engine } = startTestStudio({ userFolder: join(folder, 'user') });

function projectFile(name: string): string {
  const file = join(folder, `${name}.earmark`);
  closeCatalog(createCatalog(file, name));
  return file;
}

describe('projects opened at the same time', () => {
  it('follow each other: the last one is open, and every other one is closed', async () => {
    const files = ['one', 'two', 'three'].map(projectFile);
    await createProjectFile(engine.studio, join(folder, 'zero.earmark'), 'zero');
    const opened = await Promise.all(files.map((file) => openProjectFile(engine.studio, file)));
    expect(opened.map(({ catalog }) => catalog.file)).toEqual(files);
    expect(engine.studio.project().name).toBe('three');
    expect((await client.project.state()).project?.name).toBe('three');
    // A project that is open anywhere cannot be replaced.
    for (const name of ['zero', 'one', 'two']) {
      const file = join(folder, `${name}.earmark`);
      expect(restoreBackup(file, files[2] ?? ''), name).toMatchObject({ movedAside: expect.any(String) });
    }
    expect(() => restoreBackup(files[2] ?? '', files[1] ?? '')).toThrow(/open in another window/);
  });

  it('and closed: what was asked last holds', async () => {
    const file = projectFile('four');
    await Promise.all([openProjectFile(engine.studio, file), closeProject(engine.studio)]);
    expect((await client.project.state()).project).toBeNull();
    expect(restoreBackup(file, projectFile('five'))).toMatchObject({ movedAside: expect.any(String) });
  });
});
