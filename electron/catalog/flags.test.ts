import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import {
  applyChanges,
  closeCatalog,
  type FlagInput,
  flagCounts,
  flagsOfClips,
  listUnreadable,
  openCatalog,
  readFlags,
  replaceFlags,
  replaceUnreadable,
} from './index.ts';
import { addDataset, change, makeProject, temporaryFolder } from './test-support.ts';

const folder = temporaryFolder();

function flag(clipId: number, kind: FlagInput['kind'], score = 0.25): FlagInput {
  const evidence = { peakDbfs: -71.2, names: ['a'] };
  return {
    clipId,
    path: `four/${clipId}.wav`,
    kind,
    score,
    reason: `Peak is -71.2 dBFS.`,
    evidence,
    proposed: 'seven',
  };
}

describe('flags', () => {
  it('are stored with their reason and numbers, and counted by kind and status', () => {
    const { catalog, ids } = makeProject(folder, 3);
    const [first = 0, second = 0] = ids;
    expect(
      replaceFlags(catalog, ['silent', 'clipped'], [flag(first, 'silent'), flag(second, 'clipped')]),
    ).toEqual({
      found: 2,
      kept: 0,
    });
    expect([...readFlags(catalog)][0]).toEqual({ ...flag(first, 'silent'), id: 1, status: 'open' });
    expect(flagCounts(catalog).clipped).toEqual({ open: 1, accepted: 0, fixed: 0, dismissed: 0 });
    expect(flagCounts(catalog)['label-issue'].open).toBe(0);
    expect(flagsOfClips(catalog, [second, first]).map((found) => found.kind)).toEqual(['clipped', 'silent']);
  });

  it('found again keep what was decided about them, and other kinds stay', () => {
    const { catalog, ids } = makeProject(folder, 3);
    const [first = 0, second = 0, third = 0] = ids;
    replaceFlags(
      catalog,
      ['silent', 'clipped'],
      [flag(first, 'silent'), flag(second, 'silent'), flag(third, 'clipped')],
    );
    applyChanges(catalog, {
      by: 'ann',
      changes: [change(first, { field: 'flag', subject: 'silent', to: 'dismissed' })],
    });
    expect(replaceFlags(catalog, ['silent'], [])).toEqual({ found: 0, kept: 0 });
    expect([...readFlags(catalog)].map((found) => found.kind)).toEqual(['clipped']);
    closeCatalog(catalog);
    const again = openCatalog(catalog.file);
    expect(replaceFlags(again, ['silent'], [flag(first, 'silent', 0.1), flag(second, 'silent')])).toEqual({
      found: 2,
      kept: 1,
    });
    expect(flagsOfClips(again, ids).map((found) => [found.kind, found.status, found.score])).toEqual([
      ['silent', 'dismissed', 0.1],
      ['silent', 'open', 0.25],
      ['clipped', 'open', 0.25],
    ]);
    closeCatalog(again);
  });

  it('for files that cannot be read belong to their dataset and are replaced by its next import only', () => {
    const { catalog, dataset, ids } = makeProject(folder, 1);
    const other = addDataset(catalog, 'other', '/data/other');
    const failure = { file: 'bad.wav', code: 'audio/unreadable', message: 'bad.wav has 0 bytes.' };
    replaceUnreadable(catalog, dataset.id, [failure, { ...failure, file: 'list.csv', line: 7 }]);
    replaceUnreadable(catalog, other.id, [failure]);
    replaceFlags(catalog, ['silent', 'unreadable'], [flag(ids[0] ?? 0, 'silent')]);
    expect(flagCounts(catalog).unreadable.open).toBe(3);
    expect(listUnreadable(catalog, dataset.id)).toMatchObject([
      {
        clipId: null,
        path: 'bad.wav',
        kind: 'unreadable',
        reason: 'bad.wav has 0 bytes.',
        evidence: { code: 'audio/unreadable' },
      },
      { path: 'list.csv', evidence: { code: 'audio/unreadable', line: 7 } },
    ]);
    replaceUnreadable(catalog, dataset.id, []);
    expect(listUnreadable(catalog).length).toBe(1);
    const database = new Database(catalog.file, { readonly: true });
    expect(database.prepare('SELECT dataset, path, kind, status FROM v_flags ORDER BY kind').all()).toEqual([
      { dataset: 'digits', path: `four/${ids[0]}.wav`, kind: 'silent', status: 'open' },
      { dataset: 'other', path: 'bad.wav', kind: 'unreadable', status: 'open' },
    ]);
    database.close();
  });
});
