// What can be undone and redone, derived from the log alone. A batch whose events undo those of another batch is an
// undo of it (or, when that was itself an undo, a redo). The stacks are kept in memory and brought up to date from
// the end of the log, so decisions of other processes take part.
import { EarmarkError } from '../../shared/errors.ts';
import { describeBatch, fileOfEvent } from './describe.ts';
import { count, type ReadableCatalog, remembered, sql } from './handle.ts';

export interface Batch {
  readonly id: string;
  readonly kind: 'decision' | 'undo' | 'redo';
  /** The decision that this batch is, undoes, or redoes. */
  readonly root: Batch;
}

interface Stacks {
  lastSeq: number;
  readonly all: Batch[];
  readonly byId: Map<string, Batch>;
  /** Of a decision: its newest application, undo, or redo. */
  readonly newest: Map<Batch, Batch>;
  /** Decisions in force; the last is undone first. */
  readonly done: Batch[];
  /** Decisions that were undone; the last is redone first. */
  readonly undone: Batch[];
  /** Batches never change, so their words do not either. */
  readonly words: Map<string, string>;
}

function stacks(catalog: ReadableCatalog): Stacks {
  const state = remembered<Stacks>(catalog, 'undo-stack', () => ({
    lastSeq: 0,
    all: [],
    byId: new Map(),
    newest: new Map(),
    done: [],
    undone: [],
    words: new Map(),
  }));
  const lastSeq = count(catalog, 'SELECT COALESCE(MAX(seq), 0) FROM events');
  if (lastSeq > state.lastSeq) {
    const rows = sql(
      catalog,
      `SELECT b.batch, u.batch
       FROM (SELECT batch, MIN(seq) AS first FROM events WHERE seq > ? GROUP BY batch) b
       JOIN events e ON e.seq = b.first LEFT JOIN events u ON u.id = e.undoes ORDER BY b.first`,
    ).all(state.lastSeq);
    for (const [id, target] of rows as [string, string | null][]) add(state, id, target);
    state.lastSeq = lastSeq;
  }
  return state;
}

function add(state: Stacks, id: string, targetId: string | null): void {
  const target = targetId === null ? undefined : state.byId.get(targetId);
  let batch: Batch;
  if (target === undefined) {
    const decision = { id, kind: 'decision' } as { id: string; kind: 'decision'; root: Batch };
    decision.root = decision;
    batch = decision;
    state.done.push(batch);
    // A new decision ends what could be redone.
    state.undone.length = 0;
  } else {
    batch = { id, kind: target.kind === 'undo' ? 'redo' : 'undo', root: target.root };
    const [from, to] = batch.kind === 'undo' ? [state.done, state.undone] : [state.undone, state.done];
    const index = from.lastIndexOf(batch.root);
    if (index >= 0) from.splice(index, 1);
    to.push(batch.root);
  }
  state.all.push(batch);
  state.byId.set(id, batch);
  state.newest.set(batch.root, batch);
}

/** The batch whose events the next undo takes back, or null. */
export function nextUndo(catalog: ReadableCatalog): Batch | null {
  const state = stacks(catalog);
  return firstThatActs(catalog, state, state.done);
}

/** The undo whose events the next redo takes back, or null. */
export function nextRedo(catalog: ReadableCatalog): Batch | null {
  const state = stacks(catalog);
  return firstThatActs(catalog, state, state.undone);
}

/** Steps over batches all of whose values were changed again since: taking them back would do nothing. */
function firstThatActs(catalog: ReadableCatalog, state: Stacks, stack: readonly Batch[]): Batch | null {
  const acts = sql(
    catalog,
    `SELECT 1 FROM events e LEFT JOIN clips c ON c.id = e.clip_id
       LEFT JOIN flag_decisions s ON e.field = 'flag' AND s.clip_id = e.clip_id AND s.kind = e.subject
       LEFT JOIN file_decisions u ON e.clip_id IS NULL AND u.dataset_id = e.dataset_id AND u.path = e.clip
         AND u.finding = COALESCE(e.finding, '') AND u.kind = e.subject
     WHERE e.batch = ? AND COALESCE(e.clip_id, e.dataset_id) IS NOT NULL AND e.to_value IS CASE e.field WHEN 'label' THEN c.label WHEN 'transcript' THEN c.transcript
         WHEN 'review' THEN c.review WHEN 'note' THEN c.note ELSE COALESCE(s.status, u.status, 'open') END
       AND (e.field <> 'review' OR e.reason IS c.review_reason) LIMIT 1`,
  );
  for (let index = stack.length - 1; index >= 0; index -= 1) {
    const root = stack[index];
    const newest = root === undefined ? undefined : state.newest.get(root);
    if (newest !== undefined && acts.get(newest.id) !== undefined) return newest;
  }
  return null;
}

/**
 * The batch whose events are to be taken back when a person names `id`: the newest application of that decision, or
 * the undo itself. Throws `undo/unknown-batch`, `undo/already-undone`.
 */
export function undoTarget(catalog: ReadableCatalog, id: string): Batch {
  const state = stacks(catalog);
  const batch = state.byId.get(id);
  const newest = batch === undefined ? undefined : state.newest.get(batch.root);
  if (batch === undefined || newest === undefined) {
    throw new EarmarkError('undo/unknown-batch', `The project has no batch of decisions with the id ${id}.`, {
      batch: id,
    });
  }
  if ((newest.kind === 'undo') !== (batch.kind === 'undo')) {
    throw new EarmarkError(
      'undo/already-undone',
      `"${wordsOf(catalog, batch)}" was taken back before; nothing was changed.`,
      { batch: id },
    );
  }
  return newest;
}

/** The decision behind a batch, in words. */
export function wordsOf(catalog: ReadableCatalog, batch: Batch): string {
  const { words } = stacks(catalog);
  let text = words.get(batch.root.id);
  if (text === undefined) {
    text = describeBatch(catalog, batch.root.id);
    words.set(batch.root.id, text);
  }
  return text;
}

/** What one undo and one redo would do, in words; null when there is nothing. */
export function undoState(catalog: ReadableCatalog): {
  readonly undo: string | null;
  readonly redo: string | null;
} {
  const undo = nextUndo(catalog);
  const redo = nextRedo(catalog);
  return { undo: undo && wordsOf(catalog, undo), redo: redo && wordsOf(catalog, redo) };
}

export interface BatchRow {
  readonly batch: string;
  readonly at: string;
  readonly by: string;
  /** Of an undo or redo: what was undone or redone. */
  readonly description: string;
  readonly clips: number;
  /** Files that are no clip. */
  readonly files: number;
  readonly exampleClipId: number | null;
  /** True when what the batch did was taken back since. */
  readonly isUndone: boolean;
  readonly kind: 'decision' | 'undo' | 'redo';
}

/** One row per batch, newest first. */
export function batches(
  catalog: ReadableCatalog,
  page: { readonly offset: number; readonly limit: number },
): { readonly total: number; readonly batches: BatchRow[] } {
  const state = stacks(catalog);
  const end = Math.max(0, state.all.length - page.offset);
  const shown = state.all.slice(Math.max(0, end - page.limit), end).reverse();
  return { total: state.all.length, batches: shown.map((batch) => batchRow(catalog, state, batch)) };
}

function batchRow(catalog: ReadableCatalog, state: Stacks, batch: Batch): BatchRow {
  const row = sql(
    catalog,
    `SELECT MIN(at), MIN(by), COUNT(DISTINCT clip_id), MIN(clip_id), COUNT(DISTINCT ${fileOfEvent}) FROM events
     WHERE batch = ?`,
  ).get(batch.id);
  const [at, by, clips, exampleClipId, files] = row as [string, string, number, number | null, number];
  const isRootUndone = state.newest.get(batch.root)?.kind === 'undo';
  return {
    batch: batch.id,
    at,
    by,
    description: wordsOf(catalog, batch),
    clips,
    files,
    exampleClipId,
    isUndone: isRootUndone !== (batch.kind === 'undo'),
    kind: batch.kind,
  };
}
