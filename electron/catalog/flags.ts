// Flags that were found, with the status that decisions gave them. Finding flags again replaces the flags, never the
// decisions. Files that are no clip (unreadable) belong to imports and have functions of their own.
import type { FileFailure } from '../../shared/domain/dataset.ts';
import { type FlagKind, type FlagStatus, flagKinds } from '../../shared/domain/flag.ts';
import { joinFileDecisions } from './file-decisions.ts';
import { guarded, hot, type ReadableCatalog, sql, transaction, type WritableCatalog } from './handle.ts';
import type { FlagInput, FlagRecord } from './records.ts';

const select = `SELECT f.id, f.clip_id, f.path, f.kind, f.score, f.reason, f.evidence, f.proposed, 
  COALESCE(s.status, u.status, 'open')
  FROM flags f LEFT JOIN flag_decisions s ON s.clip_id = f.clip_id AND s.kind = f.kind ${joinFileDecisions}`;

const insertText = `INSERT INTO flags (clip_id, dataset_id, path, kind, score, reason, evidence, proposed)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;

/**
 * Replaces all flags of these kinds. `found` flags are stored, `kept` of them had been decided before and keep their
 * status. Unreadable files are left as they are, whatever `kinds` says.
 */
export function replaceFlags(
  catalog: WritableCatalog,
  kinds: readonly FlagKind[],
  flags: Iterable<FlagInput>,
): { readonly found: number; readonly kept: number } {
  return transaction(catalog, () => {
    const replaced = new Set<FlagKind>(kinds.filter((kind) => kind !== 'unreadable'));
    for (const kind of replaced) sql(catalog, 'DELETE FROM flags WHERE kind = ?').run(kind);
    const insert = hot(catalog, insertText);
    const decided = hot(
      catalog,
      `SELECT 1 FROM flag_decisions WHERE clip_id = ? AND kind = ? AND status <> 'open'`,
    );
    let found = 0;
    let kept = 0;
    for (const flag of flags) {
      if (!replaced.has(flag.kind))
        throw new Error(`a flag of kind ${flag.kind} is not among those that are replaced`);
      insert.run(
        flag.clipId,
        null,
        flag.path,
        flag.kind,
        flag.score,
        flag.reason,
        JSON.stringify(flag.evidence),
        flag.proposed,
      );
      found += 1;
      if (flag.clipId !== null && decided.get(flag.clipId, flag.kind) !== undefined) kept += 1;
    }
    return { found, kept };
  });
}

/** Every flag, in the order found. */
export function* readFlags(catalog: ReadableCatalog): IterableIterator<FlagRecord> {
  const rowsPerFetch = 5000;
  let last = 0;
  while (true) {
    const rows = sql(catalog, `${select} WHERE f.id > ? ORDER BY f.id LIMIT ?`).all(last, rowsPerFetch);
    for (const row of rows) yield toFlag(row);
    if (rows.length < rowsPerFetch) return;
    last = (rows[rows.length - 1]?.[0] as number | undefined) ?? last;
  }
}

/** The flags of these clips, clip by clip in the order asked for. */
export function flagsOfClips(catalog: ReadableCatalog, clipIds: Iterable<number>): FlagRecord[] {
  return guarded(catalog.file, () => {
    const ofClip = hot(catalog, `${select} WHERE f.clip_id = ? ORDER BY f.id`);
    const flags: FlagRecord[] = [];
    for (const id of clipIds) for (const row of ofClip.all(id)) flags.push(toFlag(row));
    return flags;
  });
}

/** Flags by kind and status; every kind is there. */
export function flagCounts(catalog: ReadableCatalog): Record<FlagKind, Record<FlagStatus, number>> {
  const counts = Object.fromEntries(
    flagKinds.map((kind) => [kind, { open: 0, accepted: 0, fixed: 0, dismissed: 0 }]),
  ) as Record<FlagKind, Record<FlagStatus, number>>;
  const rows = sql(
    catalog,
    `SELECT f.kind, COALESCE(s.status, u.status, 'open'), COUNT(*) FROM flags f
     LEFT JOIN flag_decisions s ON s.clip_id = f.clip_id AND s.kind = f.kind ${joinFileDecisions} GROUP BY 1, 2`,
  ).all();
  for (const [kind, status, number] of rows as [FlagKind, FlagStatus, number][])
    counts[kind][status] = number;
  return counts;
}

/**
 * Stores which files of a dataset could not be used at its last import, in place of what was known before. What was
 * decided about a file stays (see file-decisions.ts).
 */
export function replaceUnreadable(
  catalog: WritableCatalog,
  datasetId: number,
  failures: readonly FileFailure[],
): { readonly found: number } {
  return transaction(catalog, () => {
    sql(catalog, `DELETE FROM flags WHERE kind = 'unreadable' AND dataset_id = ?`).run(datasetId);
    const insert = hot(catalog, insertText);
    for (const failure of failures) {
      const evidence =
        failure.line === undefined ? { code: failure.code } : { code: failure.code, line: failure.line };
      insert.run(
        null,
        datasetId,
        failure.file,
        'unreadable',
        0,
        failure.message,
        JSON.stringify(evidence),
        null,
      );
    }
    return { found: failures.length };
  });
}

/** Files that could not be used, of one dataset or of all; `evidence` holds `code` and, in a manifest, `line`. */
export function listUnreadable(catalog: ReadableCatalog, datasetId?: number): FlagRecord[] {
  const rows =
    datasetId === undefined
      ? sql(catalog, `${select} WHERE f.kind = 'unreadable' ORDER BY f.id`).all()
      : sql(catalog, `${select} WHERE f.kind = 'unreadable' AND f.dataset_id = ? ORDER BY f.id`).all(
          datasetId,
        );
  return rows.map(toFlag);
}

function toFlag(row: readonly unknown[]): FlagRecord {
  const [id, clipId, path, kind, score, reason, evidence, proposed, status] = row as [
    number,
    number | null,
    string,
    FlagKind,
    number,
    string,
    string,
    string | null,
    FlagStatus,
  ];
  return {
    id,
    clipId,
    path,
    kind,
    score,
    reason,
    evidence: JSON.parse(evidence) as Record<string, unknown>,
    proposed,
    status,
  };
}
