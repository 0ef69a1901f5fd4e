// Reads the log of decisions: events one by one, of a clip, of a batch.
import type { DecisionEvent, DecisionField } from '../../shared/domain/decision.ts';
import { EarmarkError } from '../../shared/errors.ts';
import type { UnusableFile } from './file-decisions.ts';
import { count, type ReadableCatalog, sql, value } from './handle.ts';

export const eventColumns =
  'seq, id, clip_id, clip, field, subject, from_value, to_value, by, at, reason, batch, undoes, from_original, from_reason, dataset_id, finding';

/** An event with what only undo needs to know of it. */
export interface StoredEvent {
  readonly seq: number;
  readonly event: DecisionEvent;
  /** Set when the event is about a file that is no clip. */
  readonly file: UnusableFile | null;
  readonly fromOriginal: boolean;
  readonly fromReason: string | null;
}

export function toStoredEvent(row: readonly unknown[]): StoredEvent {
  const [
    seq,
    id,
    clipId,
    clip,
    field,
    subject,
    from,
    to,
    by,
    at,
    reason,
    batch,
    undoes,
    fromOriginal,
    fromReason,
    datasetId,
    finding,
  ] = row as [
    number,
    string,
    number | null,
    string,
    DecisionField,
    string | null,
    string | null,
    string | null,
    string,
    string,
    string | null,
    string,
    string | null,
    number,
    string | null,
    number | null,
    string | null,
  ];
  return {
    seq,
    event: { id, clipId, clip, field, subject, from, to, by, at, reason, batch, undoes, finding },
    file: clipId === null && datasetId !== null ? { datasetId, path: clip, finding } : null,
    fromOriginal: fromOriginal === 1,
    fromReason,
  };
}

export function eventCount(catalog: ReadableCatalog): number {
  return count(catalog, 'SELECT COUNT(*) FROM events');
}

/** The whole log, oldest first. */
export function* readEvents(catalog: ReadableCatalog): IterableIterator<DecisionEvent> {
  const rowsPerFetch = 5000;
  let last = 0;
  while (true) {
    const rows = sql(catalog, `SELECT ${eventColumns} FROM events WHERE seq > ? ORDER BY seq LIMIT ?`).all(
      last,
      rowsPerFetch,
    );
    for (const row of rows) yield toStoredEvent(row).event;
    if (rows.length < rowsPerFetch) return;
    last = (rows[rows.length - 1]?.[0] as number | undefined) ?? last;
  }
}

/**
 * A part of the log, newest first: of one clip, of one batch, or of all. `before` is the id of the oldest event already
 * known; `total` counts all of them. Throws `history/unknown-event`.
 */
export function history(
  catalog: ReadableCatalog,
  query: {
    readonly clipId?: number | undefined;
    readonly batch?: string | undefined;
    readonly before?: string | undefined;
    readonly limit: number;
  },
): { readonly total: number; readonly events: DecisionEvent[] } {
  const before =
    query.before === undefined
      ? Number.MAX_SAFE_INTEGER
      : value<number>(catalog, 'SELECT seq FROM events WHERE id = ?', query.before);
  if (before === undefined) {
    throw new EarmarkError(
      'history/unknown-event',
      `The project has no decision with the id ${query.before}.`,
    );
  }
  const conditions: string[] = [];
  const values: (number | string)[] = [];
  if (query.clipId !== undefined) {
    conditions.push('clip_id = ?');
    values.push(query.clipId);
  }
  if (query.batch !== undefined) {
    conditions.push('batch = ?');
    values.push(query.batch);
  }
  const total =
    conditions.length === 0
      ? eventCount(catalog)
      : count(catalog, `SELECT COUNT(*) FROM events WHERE ${conditions.join(' AND ')}`, ...values);
  const where = [...conditions, 'seq < ?'].join(' AND ');
  const rows = sql(
    catalog,
    `SELECT ${eventColumns} FROM events WHERE ${where} ORDER BY seq DESC LIMIT ?`,
  ).all(...values, before, query.limit);
  return { total, events: rows.map((row) => toStoredEvent(row).event) };
}

/** The events of one batch, oldest first; empty for an unknown one. */
export function batchEvents(catalog: ReadableCatalog, batch: string): DecisionEvent[] {
  return storedEvents(catalog, batch).map((stored) => stored.event);
}

export function storedEvents(catalog: ReadableCatalog, batch: string): StoredEvent[] {
  return sql(catalog, `SELECT ${eventColumns} FROM events WHERE batch = ? ORDER BY seq`)
    .all(batch)
    .map(toStoredEvent);
}
