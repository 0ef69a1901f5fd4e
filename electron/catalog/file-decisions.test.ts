import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import {
  applyChanges,
  batches,
  checkCatalog,
  closeCatalog,
  flagCounts,
  listUnreadable,
  openCatalog,
  readEvents,
  redo,
  replaceFlags,
  replaceUnreadable,
  undoBatch,
  undoState,
  type WritableCatalog,
} from './index.ts';
import type { FileChangeInput } from './records.ts';
import { addDataset, change, makeProject, temporaryFolder } from './test-support.ts';

const folder = temporaryFolder();

const empty = { file: 'yes/empty.wav', code: 'audio/unreadable', message: 'empty.wav has 0 bytes.' };
const damaged = { file: 'no/cut.flac', code: 'audio/damaged', message: 'cut.flac ends in the middle.' };
const row = (line: number, name: string) => ({
  file: 'list.csv',
  line,
  code: 'path/missing',
  message: `Line ${line} of list.csv names "${name}", which is not there.`,
});

function settle(catalog: WritableCatalog, paths: readonly string[], to: FileChangeInput['to']) {
  const files = listUnreadable(catalog)
    .filter(({ path }) => paths.includes(path))
    .map(({ id }) => ({ flagId: id, to }));
  return applyChanges(catalog, { by: 'ann', why: 'known', changes: [], files });
}

const statuses = (catalog: WritableCatalog) =>
  listUnreadable(catalog).map(({ path, status }) => `${path}: ${status}`);

describe('a decision about a file that could not be used', () => {
  it('is an event of its dataset and path, and counts as settled', () => {
    const { catalog, dataset } = makeProject(folder, 1);
    replaceUnreadable(catalog, dataset.id, [empty, damaged]);
    const { batch, ...rest } = settle(catalog, [empty.file, damaged.file], 'dismissed');
    expect(rest).toEqual({ applied: 2, unchanged: 0, clipIds: [], files: 2 });
    expect([...readEvents(catalog)][0]).toMatchObject({
      clipId: null,
      clip: empty.file,
      field: 'flag',
      subject: 'unreadable',
      from: 'open',
      to: 'dismissed',
      by: 'ann',
      reason: 'known',
      batch,
      undoes: null,
      finding: null,
    });
    expect(flagCounts(catalog).unreadable).toEqual({ open: 0, accepted: 0, fixed: 0, dismissed: 2 });
    expect(settle(catalog, [empty.file], 'dismissed')).toMatchObject({ batch: null, unchanged: 1, files: 0 });
    const database = new Database(catalog.file, { readonly: true });
    expect(database.prepare('SELECT dataset, path, status FROM v_flags').all()).toEqual([
      { dataset: 'digits', path: empty.file, status: 'dismissed' },
      { dataset: 'digits', path: damaged.file, status: 'dismissed' },
    ]);
    expect(
      database.prepare('SELECT dataset, path, clip_id, to_value, finding FROM v_decisions').get(),
    ).toEqual({ dataset: 'digits', path: empty.file, clip_id: null, to_value: 'dismissed', finding: null });
    database.close();
  });

  it('is undone, redone and taken back by its batch like every other, in words', () => {
    const { catalog, dataset, ids } = makeProject(folder, 1);
    replaceUnreadable(catalog, dataset.id, [empty, damaged]);
    const first = settle(catalog, [empty.file], 'accepted');
    settle(catalog, [empty.file, damaged.file], 'dismissed');
    expect(undoState(catalog).undo).toBe('2 unreadable files dismissed');
    expect(undoBatch(catalog, 'ben')).toMatchObject({ leftAlone: 0, clipIds: [] });
    expect(statuses(catalog)).toEqual([`${empty.file}: accepted`, `${damaged.file}: open`]);
    redo(catalog, 'ann');
    expect(flagCounts(catalog).unreadable.dismissed).toBe(2);
    expect(undoBatch(catalog, 'ann', first.batch ?? '')).toMatchObject({ leftAlone: 1, events: [] });
    undoBatch(catalog, 'ann');
    undoBatch(catalog, 'ann', first.batch ?? '');
    expect(flagCounts(catalog).unreadable.open).toBe(2);
    settle(catalog, [empty.file], 'open');
    expect(undoState(catalog).undo).toBeNull();

    const files = listUnreadable(catalog).map(({ id }) => ({ flagId: id, to: 'dismissed' as const }));
    applyChanges(catalog, { by: 'ann', changes: [change(ids[0] ?? 0, { to: 'nine' })], files });
    expect(undoState(catalog).undo).toBe('four -> nine, 2 unreadable files dismissed');
    const [newest] = batches(catalog, { offset: 0, limit: 1 }).batches;
    expect(newest).toMatchObject({ clips: 1, files: 2, exampleClipId: ids[0] });
    expect(undoBatch(catalog, 'ann').events).toHaveLength(3);
    expect(flagCounts(catalog).unreadable.open).toBe(2);
  });

  it('stands at the next import while the file is unusable, and again when it breaks once more', () => {
    const { catalog, dataset } = makeProject(folder, 1);
    replaceUnreadable(catalog, dataset.id, [empty, damaged]);
    settle(catalog, [empty.file], 'dismissed');
    replaceUnreadable(catalog, dataset.id, [{ ...empty, message: 'Another reason.' }, damaged]);
    expect(statuses(catalog)).toEqual([`${empty.file}: dismissed`, `${damaged.file}: open`]);
    replaceUnreadable(catalog, dataset.id, []);
    expect(flagCounts(catalog).unreadable).toEqual({ open: 0, accepted: 0, fixed: 0, dismissed: 0 });
    replaceUnreadable(catalog, dataset.id, [empty]);
    expect(statuses(catalog)).toEqual([`${empty.file}: dismissed`]);
    undoBatch(catalog, 'ann');
    expect(statuses(catalog)).toEqual([`${empty.file}: open`]);
  });

  it('leaves the file of that name in another dataset alone', () => {
    const { catalog, dataset } = makeProject(folder, 1);
    const other = addDataset(catalog, 'other', '/data/other');
    replaceUnreadable(catalog, dataset.id, [empty]);
    replaceUnreadable(catalog, other.id, [empty]);
    const [flag] = listUnreadable(catalog, other.id);
    const files = [{ flagId: flag?.id ?? 0, to: 'dismissed' as const }];
    applyChanges(catalog, { by: 'ann', changes: [], files });
    expect(listUnreadable(catalog, dataset.id)[0]?.status).toBe('open');
    expect(listUnreadable(catalog, other.id)[0]?.status).toBe('dismissed');
  });

  it('about one row of a table leaves its other rows alone, and does not pass to another row with its number', () => {
    const { catalog, dataset } = makeProject(folder, 1);
    replaceUnreadable(catalog, dataset.id, [row(2, 'a.wav'), row(7, 'b.wav')]);
    const [first] = listUnreadable(catalog);
    const files = [{ flagId: first?.id ?? 0, to: 'dismissed' as const }];
    applyChanges(catalog, { by: 'ann', changes: [], files });
    expect([...readEvents(catalog)][0]).toMatchObject({
      clip: 'list.csv',
      finding: row(2, 'a.wav').message,
    });
    expect(statuses(catalog)).toEqual(['list.csv: dismissed', 'list.csv: open']);
    replaceUnreadable(catalog, dataset.id, [row(2, 'new.wav'), row(7, 'b.wav')]);
    expect(statuses(catalog)).toEqual(['list.csv: open', 'list.csv: open']);
  });

  it('is refused for a flag of a clip, or one that is gone, together with the rest of its batch', () => {
    const { catalog, dataset, ids } = makeProject(folder, 1);
    const [clipId = 0] = ids;
    const silent = { clipId, path: 'four/0.wav', kind: 'silent' as const, score: 0, reason: 'r' };
    replaceUnreadable(catalog, dataset.id, [empty]);
    replaceFlags(catalog, ['silent'], [{ ...silent, evidence: {}, proposed: null }]);
    const [file] = listUnreadable(catalog);
    const both = (flagId: number) =>
      applyChanges(catalog, {
        by: 'ann',
        changes: [],
        files: [file?.id ?? 0, flagId].map((id) => ({ flagId: id, to: 'dismissed' as const })),
      });
    expect(() => both(2)).toThrow('Flag number 2 ("Silent" of four/0.wav) is about a clip.');
    // Found again, the file has another id: the old one names nothing, never another file.
    replaceUnreadable(catalog, dataset.id, [damaged]);
    expect(() => both(1)).toThrow('has no flag number 1');
    expect(flagCounts(catalog).unreadable.open).toBe(1);
    expect([...readEvents(catalog)]).toEqual([]);
  });

  it('is refused in a project that can only be read', () => {
    const { catalog, dataset } = makeProject(folder, 0);
    replaceUnreadable(catalog, dataset.id, [empty]);
    const reader = openCatalog(catalog.file, { readOnly: true });
    expect(() => settle(reader, [empty.file], 'dismissed')).toThrow('can only be read');
    expect(statuses(reader)).toEqual([`${empty.file}: open`]);
    closeCatalog(reader);
  });

  it('is set right from the log of decisions where the status differs from it', async () => {
    const { catalog, dataset } = makeProject(folder, 0);
    replaceUnreadable(catalog, dataset.id, [empty, damaged, row(3, 'c.wav')]);
    settle(catalog, [empty.file], 'dismissed');
    settle(catalog, [damaged.file], 'dismissed');
    undoBatch(catalog, 'ann');
    expect((await checkCatalog(catalog)).problems).toEqual([]);
    const vandal = new Database(catalog.file);
    vandal.exec(`UPDATE file_decisions SET status = 'accepted';
      INSERT INTO file_decisions VALUES (${dataset.id}, '${damaged.file}', '', 'unreadable', 'fixed');
      INSERT INTO file_decisions VALUES (${dataset.id}, 'list.csv', 'Line 3', 'unreadable', 'fixed');`);
    vandal.close();
    expect((await checkCatalog(catalog)).problems).toMatchObject([{ code: 'check/values', count: 3 }]);
    expect((await checkCatalog(catalog, { repair: true })).problems).toMatchObject([
      { code: 'check/repaired', count: 3, examples: expect.arrayContaining([`${empty.file}: flag`]) },
    ]);
    expect(flagCounts(catalog).unreadable).toEqual({ open: 2, accepted: 0, fixed: 0, dismissed: 1 });
    expect((await checkCatalog(catalog)).problems).toEqual([]);
  });
});
