import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { applyChanges, checkCatalog, readClipsByIds, setDatasetRoot, undoBatch } from './index.ts';
import { change, makeProject, temporaryFolder } from './test-support.ts';

const folder = temporaryFolder();

describe('a check', () => {
  it('finds nothing wrong with a sound project, and counts recordings that are gone', async () => {
    const { catalog, dataset, ids } = makeProject(folder, 70);
    const root = join(folder, 'recordings');
    mkdirSync(join(root, 'four'), { recursive: true });
    for (let index = 0; index < 68; index += 1) writeFileSync(join(root, `four/${index}.wav`), 'x');
    setDatasetRoot(catalog, dataset.id, root);
    applyChanges(catalog, { by: 'ann', changes: ids.map((id) => change(id, { to: 'nine' })) });
    undoBatch(catalog, 'ann');
    expect(await checkCatalog(catalog)).toEqual({
      ok: true,
      integrity: 'ok',
      foreignKeys: 0,
      events: 140,
      missingFiles: 2,
      problems: [
        {
          code: 'check/missing-files',
          message: expect.stringContaining('link the dataset again'),
          count: 2,
          examples: ['four/68.wav', 'four/69.wav'],
        },
      ],
    });
  });

  it('finds values that differ from the log of decisions, and sets them right when asked to', async () => {
    const { catalog, ids } = makeProject(folder, 6);
    const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = ids;
    applyChanges(catalog, {
      by: 'ann',
      changes: [
        change(first, { to: 'seven' }),
        change(second, { field: 'review', to: 'unusable', reason: 'noise' }),
        change(third, { field: 'note', to: 'hm' }),
      ],
    });
    const vandal = new Database(catalog.file);
    vandal.exec(`
      UPDATE clips SET label = 'zero', decided = 0 WHERE id = ${first};
      UPDATE clips SET review_reason = 'cut' WHERE id = ${second};
      UPDATE clips SET note = NULL WHERE id = ${third};
      UPDATE clips SET label = 'invented' WHERE id = ${fourth};
      INSERT INTO flag_decisions (clip_id, kind, status) VALUES (${fifth}, 'silent', 'fixed');`);
    vandal.close();
    const found = await checkCatalog(catalog);
    expect(found.ok).toBe(false);
    expect(found.problems[0]).toMatchObject({ code: 'check/values', count: 5 });
    const repaired = await checkCatalog(catalog, { repair: true });
    expect(repaired.ok).toBe(true);
    expect(repaired.problems[0]).toMatchObject({ code: 'check/repaired', count: 5 });
    expect(readClipsByIds(catalog, ids)).toMatchObject([
      { label: 'seven' },
      { review: 'unusable', reviewReason: 'noise' },
      { note: 'hm' },
      { label: 'four' },
      {},
      {},
    ]);
    expect((await checkCatalog(catalog)).problems.map((problem) => problem.code)).toEqual([
      'check/missing-files',
    ]);
  });

  it('finds rows that refer to nothing', async () => {
    const { catalog } = makeProject(folder, 1);
    const vandal = new Database(catalog.file);
    vandal.pragma('foreign_keys = OFF');
    vandal.exec(`INSERT INTO predictions (run_id, clip_id, "row") VALUES (9, 9, 0)`);
    vandal.close();
    expect(await checkCatalog(catalog)).toMatchObject({ ok: false, foreignKeys: 2 });
  });
});
