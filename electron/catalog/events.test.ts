import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import {
  applyChanges,
  batchEvents,
  batches,
  type ChangeInput,
  closeCatalog,
  eventCount,
  flagCounts,
  history,
  openCatalog,
  readClips,
  readClipsByIds,
  readEvents,
  redo,
  replaceFlags,
  undoBatch,
  undoState,
  type WritableCatalog,
} from './index.ts';
import { change, makeProject, temporaryFolder } from './test-support.ts';

const folder = temporaryFolder();

function label(catalog: WritableCatalog, ids: readonly number[], to: string | null) {
  return applyChanges(catalog, { by: 'ann', changes: ids.map((id) => change(id, { to })) });
}

function labelOf(catalog: WritableCatalog, id: number | undefined): string | null | undefined {
  return readClipsByIds(catalog, [id ?? 0])[0]?.label;
}

describe('a decision', () => {
  it('changes the clip and says who, when, what and why in the log', () => {
    const { catalog, ids } = makeProject(folder, 3);
    const [first = 0, second = 0] = ids;
    const result = applyChanges(catalog, {
      by: 'ann',
      why: 'heard it twice',
      changes: [
        change(first, { to: 'seven' }),
        change(second, { field: 'note', to: 'loud', reason: 'own reason' }),
      ],
    });
    expect(result).toMatchObject({ applied: 2, unchanged: 0, clipIds: [first, second] });
    const events = [...readEvents(catalog)];
    expect(events[0]).toEqual({
      id: result.batch,
      clipId: first,
      clip: 'four/0.wav',
      field: 'label',
      subject: null,
      from: 'four',
      to: 'seven',
      by: 'ann',
      at: events[1]?.at,
      reason: 'heard it twice',
      batch: result.batch,
      undoes: null,
      finding: null,
    });
    expect(events[1]).toMatchObject({
      field: 'note',
      from: null,
      to: 'loud',
      reason: 'own reason',
      batch: result.batch,
    });
    expect(readClipsByIds(catalog, [first])[0]).toMatchObject({ label: 'seven', originalLabel: 'four' });
  });

  it('for the value that is there already writes nothing', () => {
    const { catalog, ids } = makeProject(folder, 2);
    const nothing = { batch: null, applied: 0, unchanged: 2, clipIds: [], files: 0 };
    expect(label(catalog, ids, 'four')).toEqual(nothing);
    expect(eventCount(catalog)).toBe(0);
    expect(undoState(catalog)).toEqual({ undo: null, redo: null });
  });

  it('about a clip that does not exist is refused, together with the rest of its batch', () => {
    const { catalog, ids } = makeProject(folder, 1);
    expect(() => label(catalog, [...ids, 4711], 'seven')).toThrow('no clip number 4711');
    expect(labelOf(catalog, ids[0])).toBe('four');
  });

  it('that a clip is unusable keeps its reason; another reason is another decision', () => {
    const { catalog, ids } = makeProject(folder, 1);
    const [id = 0] = ids;
    const mark = (reason: string | null) =>
      applyChanges(catalog, {
        by: 'ann',
        changes: [change(id, { field: 'review', to: 'unusable', reason })],
      });
    const reason = () => readClipsByIds(catalog, [id])[0]?.reviewReason;
    expect(mark('noise').applied).toBe(1);
    expect(mark('noise').unchanged).toBe(1);
    expect(mark('cut').applied).toBe(1);
    expect(reason()).toBe('cut');
    undoBatch(catalog, 'ann');
    expect(reason()).toBe('noise');
    redo(catalog, 'ann');
    expect(reason()).toBe('cut');
    undoBatch(catalog, 'ann');
    undoBatch(catalog, 'ann');
    expect(readClipsByIds(catalog, [id])[0]).toMatchObject({ review: null, reviewReason: null });
  });

  it('about a flag changes only clips that have such a flag', () => {
    const { catalog, ids } = makeProject(folder, 3);
    const flag = (clipId: number) => ({
      clipId,
      path: 'x',
      kind: 'silent' as const,
      score: 0.1,
      reason: 'r',
      evidence: {},
      proposed: null,
    });
    replaceFlags(catalog, ['silent'], ids.slice(0, 2).map(flag));
    const dismiss = ids.map((id) => change(id, { field: 'flag', subject: 'silent', to: 'dismissed' }));
    expect(applyChanges(catalog, { by: 'ann', changes: dismiss })).toMatchObject({
      applied: 2,
      unchanged: 1,
    });
    expect(undoState(catalog).undo).toBe('dismissed Silent on 2 clips');
    expect(flagCounts(catalog).silent).toEqual({ open: 0, accepted: 0, fixed: 0, dismissed: 2 });
    undoBatch(catalog, 'ann');
    expect(flagCounts(catalog).silent.open).toBe(2);
    redo(catalog, 'ann');
    expect(flagCounts(catalog).silent.dismissed).toBe(2);
  });

  it('gets an id above all earlier ones, even when the clock goes back', () => {
    const { catalog, ids } = makeProject(folder, 40);
    label(catalog, ids, 'seven');
    const realNow = Date.now;
    Date.now = () => realNow() - 3_600_000;
    try {
      label(catalog, ids, 'nine');
    } finally {
      Date.now = realNow;
    }
    const all = [...readEvents(catalog)].map((event) => event.id);
    expect(all.length).toBe(80);
    expect([...all].sort()).toEqual(all);
    expect(new Set(all).size).toBe(80);
  });
});

describe('undo and redo', () => {
  it('take back and repeat without limit, also after the project was closed', () => {
    const { catalog, ids } = makeProject(folder, 2);
    const steps = ['one', 'two', 'three', 'four', 'five'];
    for (const step of steps) label(catalog, ids, step);
    closeCatalog(catalog);
    const again = openCatalog(catalog.file);
    for (const step of ['four', 'three', 'two', 'one', 'four']) {
      expect(undoBatch(again, 'ben').clipIds).toEqual([...ids]);
      expect(labelOf(again, ids[0])).toBe(step);
    }
    expect(undoBatch(again, 'ben')).toMatchObject({
      batch: null,
      events: [],
      description: 'Nothing to undo',
    });
    closeCatalog(again);
    const later = openCatalog(catalog.file);
    for (const step of steps) {
      expect(redo(later, 'ann').leftAlone).toBe(0);
      expect(labelOf(later, ids[0])).toBe(step);
    }
    expect(redo(later, 'ann')).toMatchObject({ batch: null, description: 'Nothing to redo' });
    expect(eventCount(later)).toBe(2 * 15);
    closeCatalog(later);
  });

  it('say beforehand in words what they would do', () => {
    const { catalog, ids } = makeProject(folder, 12);
    const [first = 0] = ids;
    const words = (changes: readonly ChangeInput[]) => {
      applyChanges(catalog, { by: 'ann', changes });
      return undoState(catalog).undo;
    };
    const all = (fields: Partial<ChangeInput>) => ids.map((id) => change(id, fields));
    expect(words([change(first, { to: 'seven' })])).toBe('four -> seven');
    expect(words(all({ to: 'nine' }))).toBe('12 clips relabelled nine');
    expect(words(all({ to: 'two' }))).toBe('nine -> two on 12 clips');
    expect(words(ids.map((id) => change(id, { to: `word ${id}` })))).toBe('12 clips relabelled');
    expect(words([change(first, { to: null })])).toBe('word 1 -> no label');
    expect(words(all({ field: 'review', to: 'unusable', reason: 'noise' }))).toBe(
      '12 clips marked unusable (noise)',
    );
    expect(words([change(first, { field: 'review', to: 'accepted' })])).toBe('1 clip accepted');
    expect(words([change(first, { field: 'review', to: null })])).toBe('review of 1 clip taken back');
    expect(words(all({ field: 'transcript', to: 'Two!' }))).toBe('12 transcripts changed');
    expect(words([change(first, { field: 'note', to: 'hm' }), change(first, { to: 'yes' })])).toBe(
      'no label -> yes, note on 1 clip',
    );
    undoBatch(catalog, 'ann');
    expect(undoState(catalog)).toEqual({
      undo: '12 transcripts changed',
      redo: 'no label -> yes, note on 1 clip',
    });
  });

  it('leave clips alone that were changed again since', () => {
    const { catalog, ids } = makeProject(folder, 3);
    const bulk = label(catalog, ids, 'seven');
    label(catalog, ids.slice(0, 1), 'nine');
    const undone = undoBatch(catalog, 'ann', bulk.batch ?? '');
    expect(undone).toMatchObject({ leftAlone: 1, clipIds: [ids[1], ids[2]] });
    expect([...readClips(catalog)].map((clip) => clip.label)).toEqual(['nine', 'four', 'four']);
    expect(() => undoBatch(catalog, 'ann', bulk.batch ?? '')).toThrow('taken back before');
    expect(() => undoBatch(catalog, 'ann', 'no such batch')).toThrow('no batch of decisions');
  });

  it('step over a batch that can no longer change anything', () => {
    const { catalog, ids } = makeProject(folder, 2);
    const [first = 0, second = 0] = ids;
    const start = label(catalog, [first], 'b');
    label(catalog, [second], 'untouched');
    label(catalog, [first], 'c');
    label(catalog, [first], 'b');
    undoBatch(catalog, 'ann', start.batch ?? '');
    expect(labelOf(catalog, first)).toBe('four');
    expect(undoState(catalog).undo).toBe('four -> untouched');
    undoBatch(catalog, 'ann');
    expect([...readClips(catalog)].map((clip) => clip.label)).toEqual(['four', 'four']);
    expect(undoState(catalog).undo).toBeNull();
  });

  it('end what can be redone when something new is decided', () => {
    const { catalog, ids } = makeProject(folder, 2);
    label(catalog, ids, 'seven');
    undoBatch(catalog, 'ann');
    label(catalog, ids.slice(0, 1), 'nine');
    expect(undoState(catalog)).toEqual({ undo: 'four -> nine', redo: null });
  });

  it('work on the newest decision of either of two windows', () => {
    const { catalog, ids } = makeProject(folder, 2);
    const other = openCatalog(catalog.file);
    label(catalog, ids, 'seven');
    label(other, ids, 'nine');
    expect(undoState(catalog).undo).toBe('seven -> nine on 2 clips');
    undoBatch(catalog, 'ann');
    expect(undoState(other)).toEqual({ undo: 'four -> seven on 2 clips', redo: 'seven -> nine on 2 clips' });
    redo(other, 'ben');
    expect(labelOf(catalog, ids[1])).toBe('nine');
    closeCatalog(other);
  });

  it('restore a value that one batch changed twice', () => {
    const { catalog, ids } = makeProject(folder, 1);
    const [id = 0] = ids;
    applyChanges(catalog, { by: 'ann', changes: [change(id, { to: 'b' }), change(id, { to: 'c' })] });
    expect(undoBatch(catalog, 'ann')).toMatchObject({ leftAlone: 0 });
    expect(labelOf(catalog, id)).toBe('four');
    redo(catalog, 'ann');
    expect(labelOf(catalog, id)).toBe('c');
  });
});

describe('the history', () => {
  it('lists batches newest first with what became of them', () => {
    const { catalog, ids } = makeProject(folder, 4);
    const first = label(catalog, ids, 'seven');
    label(catalog, ids.slice(0, 1), 'nine');
    const undone = undoBatch(catalog, 'ben');
    const list = batches(catalog, { offset: 0, limit: 2 });
    expect(list.total).toBe(3);
    expect(list.batches).toMatchObject([
      {
        batch: undone.batch,
        by: 'ben',
        kind: 'undo',
        description: 'seven -> nine',
        clips: 1,
        isUndone: false,
      },
      { by: 'ann', kind: 'decision', description: 'seven -> nine', isUndone: true, exampleClipId: ids[0] },
    ]);
    expect(batches(catalog, { offset: 2, limit: 5 }).batches).toMatchObject([
      {
        batch: first.batch,
        kind: 'decision',
        clips: 4,
        isUndone: false,
        description: 'four -> seven on 4 clips',
      },
    ]);
    redo(catalog, 'ann');
    expect(batches(catalog, { offset: 0, limit: 3 }).batches.map((row) => [row.kind, row.isUndone])).toEqual([
      ['redo', false],
      ['undo', true],
      ['decision', false],
    ]);
    expect(batchEvents(catalog, first.batch ?? '').length).toBe(4);
  });

  it('of one clip, or of all, is read in parts, newest first', () => {
    const { catalog, ids } = makeProject(folder, 2);
    for (const step of ['a', 'b', 'c']) label(catalog, ids, step);
    const part = history(catalog, { clipId: ids[1], limit: 2 });
    expect(part.total).toBe(3);
    expect(part.events.map((event) => event.to)).toEqual(['c', 'b']);
    const rest = history(catalog, { clipId: ids[1], before: part.events[1]?.id, limit: 2 });
    expect(rest.events.map((event) => event.to)).toEqual(['a']);
    expect(history(catalog, { limit: 100 }).events.length).toBe(6);
    expect(() => history(catalog, { before: 'nothing', limit: 1 })).toThrow(
      'no decision with the id nothing',
    );
  });

  it('can be queried as documented views', () => {
    const { catalog, ids } = makeProject(folder, 2);
    label(catalog, ids.slice(1), 'seven');
    const database = new Database(catalog.file, { readonly: true });
    expect(
      database.prepare('SELECT path, label, original_label, file, duration_sec FROM v_clips').all(),
    ).toEqual([
      {
        path: 'four/0.wav',
        label: 'four',
        original_label: 'four',
        file: join(folder, 'digits/four/0.wav'),
        duration_sec: 1,
      },
      {
        path: 'four/1.wav',
        label: 'seven',
        original_label: 'four',
        file: join(folder, 'digits/four/1.wav'),
        duration_sec: 1,
      },
    ]);
    expect(database.prepare('SELECT dataset, path, from_value, to_value, by FROM v_decisions').all()).toEqual(
      [{ dataset: 'digits', path: 'four/1.wav', from_value: 'four', to_value: 'seven', by: 'ann' }],
    );
    database.close();
  });
});
