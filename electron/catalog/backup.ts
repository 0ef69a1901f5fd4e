// Backups of a project: whole, verified copies in `name.earmark.backups`. Restoring moves the present file aside and
// never deletes it.
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { EarmarkError } from '../../shared/errors.ts';
import { checkProjectFile } from './connection.ts';
import { copyDatabase, syncFolder, syncPath } from './copy.ts';
import { databaseOf, type ReadableCatalog, toEarmarkError } from './handle.ts';

export interface Backup {
  /** Absolute path. */
  readonly file: string;
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly bytes: number;
  /** `daily`, or what the person called it. */
  readonly label: string | null;
}

const dailyLabel = 'daily';
const dailyBackupsKept = 7;
const namePattern = /^(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})-(\d{3})Z(?:-(.+))?\.earmark$/;

/** Copies the project as it is now, checks the copy, and gives it a name only when it is whole. */
export function createBackup(catalog: ReadableCatalog, label?: string): Backup {
  const folder = backupFolder(catalog.file);
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const suffix = label === undefined ? '' : `-${fileNamePart(label)}`;
  const file = join(folder, `${stamp}${suffix}.earmark`);
  copyDatabase(databaseOf(catalog), file);
  const made = describeBackup(file);
  if (made === null) throw new Error(`the backup ${file} was not stored`);
  return made;
}

/** Whole backups of a project file, newest first; the project need not be open, or even be there. */
export function listBackups(projectFile: string): Backup[] {
  const folder = backupFolder(resolve(projectFile));
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => describeBackup(join(folder, name)))
    .filter((backup) => backup !== null)
    .sort((a, b) => (a.name < b.name ? 1 : -1));
}

/**
 * A backup for today if there is none yet, and at most seven daily ones; others are never removed. Null when today has
 * one, or when the project can only be read.
 */
export function dailyBackup(catalog: ReadableCatalog): Backup | null {
  if (catalog.isReadOnly) return null;
  const today = new Date().toISOString().slice(0, 10);
  const isDaily = (backup: Backup) => backup.label === dailyLabel;
  if (listBackups(catalog.file).some((backup) => isDaily(backup) && backup.createdAt.startsWith(today)))
    return null;
  const made = createBackup(catalog, dailyLabel);
  for (const old of listBackups(catalog.file).filter(isDaily).slice(dailyBackupsKept))
    rmSync(old.file, { force: true });
  return made;
}

/**
 * Puts a backup in the project's place. The project must be closed, here and in every other process
 * (`project/locked`). Returns where the file that was there before lies now, or null when there was none.
 */
export function restoreBackup(projectFile: string, backup: string): { readonly movedAside: string | null } {
  const target = resolve(projectFile);
  const folder = dirname(target);
  // What is no whole project is refused before anything is touched.
  checkProjectFile(backup);
  checkIntegrity(backup);
  const unfinished = join(folder, `.${basename(target)}.${process.pid}.restoring`);
  try {
    copyFileSync(backup, unfinished);
    syncPath(unfinished);
    const movedAside = existsSync(target) ? moveAside(target) : null;
    renameSync(unfinished, target);
    syncFolder(folder);
    return { movedAside };
  } catch (error) {
    throw toEarmarkError(target, error);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

function checkIntegrity(file: string): void {
  const database = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const integrity = database.pragma('integrity_check', { simple: true });
    if (integrity !== 'ok') {
      throw new EarmarkError(
        'project/damaged',
        `The backup ${file} is damaged (${String(integrity)}). The project was left as it is. Choose another backup.`,
        { file },
      );
    }
  } catch (error) {
    throw toEarmarkError(file, error);
  } finally {
    database.close();
  }
}

/** Gives the present file (with its write-ahead log, if it is too damaged to be closed properly) another name. */
function moveAside(target: string): string {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const aside = join(backupFolder(target), `replaced-${stamp}.earmark`);
  mkdirSync(dirname(aside), { recursive: true });
  finishLog(target);
  const parts = ['-wal', '-shm', ''].filter((part) => existsSync(target + part));
  if (parts.length === 1) {
    try {
      // A second name: the project's own name is never without a file.
      linkSync(target, aside);
      return aside;
    } catch {
      // No hard links here: rename, as below.
    }
  }
  for (const part of parts) renameSync(target + part, aside + part);
  return aside;
}

/** Leaving WAL mode needs the file for oneself, so this also finds out whether anyone has it open. */
function finishLog(target: string): void {
  let database: Database.Database | null = null;
  try {
    database = new Database(target, { fileMustExist: true, timeout: 1000 });
    database.pragma('journal_mode = DELETE');
  } catch (error) {
    const known = toEarmarkError(target, error);
    if (known instanceof EarmarkError && known.code === 'project/locked') {
      throw new EarmarkError(
        'project/locked',
        `${target} is open in another window or program. Nothing was restored. Close it there, then try again.`,
        { file: target },
      );
    }
    // Too damaged to be opened, which is why it is being replaced.
  } finally {
    database?.close();
  }
}

function backupFolder(projectFile: string): string {
  return `${projectFile}.backups`;
}

function describeBackup(file: string): Backup | null {
  const name = basename(file);
  const match = namePattern.exec(name);
  if (match === null) return null;
  const [, date, hours, minutes, seconds, milliseconds, label] = match;
  return {
    file,
    name,
    createdAt: `${date}T${hours}:${minutes}:${seconds}.${milliseconds}Z`,
    bytes: statSync(file).size,
    label: label ?? null,
  };
}

function fileNamePart(label: string): string {
  const part = label
    .replace(/[^\p{L}\p{N}_ -]/gu, '-')
    .trim()
    .slice(0, 60);
  return part === '' ? 'backup' : part;
}
