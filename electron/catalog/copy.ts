// A verified copy of an open database: written beside its destination, checked, synced to disk, and only then given
// its final name. A copy that has its name is whole.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { EarmarkError } from '../../shared/errors.ts';
import { guarded } from './handle.ts';

/** Copies with VACUUM INTO. Throws `project/backup-failed` when the copy does not hold what the source holds. */
export function copyDatabase(source: Database.Database, destination: string): void {
  mkdirSync(dirname(destination), { recursive: true });
  if (existsSync(destination)) {
    throw new EarmarkError('project/backup-failed', `${destination} exists already and was left as it is.`);
  }
  const unfinished = `${destination}.partial`;
  rmSync(unfinished, { force: true });
  try {
    guarded(destination, () => {
      const versionBefore = source.pragma('data_version', { simple: true });
      const before = rowCounts(source);
      source.prepare('VACUUM INTO ?').run(unfinished);
      const after = rowCounts(source);
      verify(unfinished, before, after, versionBefore === source.pragma('data_version', { simple: true }));
    });
    syncPath(unfinished);
    renameSync(unfinished, destination);
    syncFolder(dirname(destination));
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/** Throws unless `file` passes integrity_check and its tables hold as many rows as the source did. */
function verify(
  file: string,
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  isUntouched: boolean,
): void {
  const copy = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const integrity = copy.pragma('integrity_check', { simple: true });
    const counts = rowCounts(copy);
    const differing = [...counts].filter(([table, rows]) => {
      const low = before.get(table) ?? 0;
      const high = after.get(table) ?? 0;
      // While another process writes, a count may lie anywhere; tables that only grow still lie between.
      if (isUntouched) return rows !== low;
      return (table === 'events' || table === 'clips') && (rows < low || rows > high);
    });
    if (integrity !== 'ok' || counts.size !== before.size || differing.length > 0) {
      const what = integrity !== 'ok' ? String(integrity) : differing.map(([table]) => table).join(', ');
      throw new EarmarkError(
        'project/backup-failed',
        `The backup ${file} does not match the project (${what}) and was removed. The project itself is unharmed. Check the disk, then try again.`,
        { file },
      );
    }
  } finally {
    copy.close();
  }
}

export function rowCounts(database: Database.Database): ReadonlyMap<string, number> {
  const tables = database
    .prepare<[], string>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
    )
    .pluck()
    .all();
  return new Map(
    tables.map((table) => [
      table,
      database.prepare<[], number>(`SELECT COUNT(*) FROM "${table}"`).pluck().get() ?? 0,
    ]),
  );
}

/** Makes what was written to a file survive a power cut. */
export function syncPath(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes a new name in a folder survive a power cut; Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
