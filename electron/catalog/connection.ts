// Creates, opens and closes project files: what makes a file an Earmark project, the pragmas that keep it safe (set
// and read back), and what is said of files that are none. Queries live in the other files of this folder.
import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdtempSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { EarmarkError } from '../../shared/errors.ts';
import { syncFolder, syncPath } from './copy.ts';
import {
  count,
  databaseOf,
  guarded,
  type ReadableCatalog,
  release,
  sql,
  toEarmarkError,
  transaction,
  type WritableCatalog,
  wrapDatabase,
} from './handle.ts';
import { migrate, SCHEMA_VERSION } from './migrations.ts';

/** 'EARM', in the header of every project file. */
export const APPLICATION_ID = 0x4541524d;

const oldestSqlite = [3, 51, 3] as const;
const pageCacheKib = 65_536;
const busyTimeoutMs = 5000;

/** Makes a new, empty project and opens it. Throws `project/exists`, `project/disk-full`, `project/read-only`. */
export function createCatalog(file: string, name: string): WritableCatalog {
  const path = resolve(file);
  if (existsSync(path)) throw existsError(path);
  if (!canWrite(dirname(path))) {
    throw new EarmarkError(
      'project/read-only',
      `${path} cannot be made: the folder ${dirname(path)} is missing or write-protected. Choose another folder.`,
      { file: path },
    );
  }
  // Made whole under another name first: a project file is never seen half made.
  const unfinished = join(dirname(path), `.${basename(path)}.${process.pid}.new`);
  rmSync(unfinished, { force: true });
  try {
    const database = new Database(unfinished);
    try {
      database.pragma(`application_id = ${APPLICATION_ID}`);
      migrate(database, null);
      database
        .prepare('INSERT INTO project (id, uuid, name, created_at) VALUES (1, ?, ?, ?)')
        .run(randomUUID(), name, new Date().toISOString());
    } finally {
      database.close();
    }
    syncPath(unfinished);
    giveName(unfinished, path);
    syncFolder(dirname(path));
  } catch (error) {
    throw toEarmarkError(path, error);
  } finally {
    rmSync(unfinished, { force: true });
    rmSync(`${unfinished}-journal`, { force: true });
  }
  return openCatalog(path);
}

/** Renames without ever replacing a file; file systems without hard links get a plain rename. */
function giveName(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST' || existsSync(to)) throw existsError(to);
    renameSync(from, to);
  }
}

function existsError(path: string): EarmarkError {
  return new EarmarkError(
    'project/exists',
    `${path} exists already and was left as it is. Open it, or choose another name.`,
    { file: path },
  );
}

export interface OpenOptions {
  /** Never writes, whatever the file allows. */
  readonly readOnly?: boolean;
  /** Who decides here, stored when the project does not know yet. */
  readonly by?: string;
}

/**
 * Opens a project, bringing an older schema up to date (a verified backup is made first). A file or folder that cannot
 * be written opens read-only. Throws `project/missing`, `project/not-a-project`, `project/newer`, `project/damaged`,
 * `project/locked`, `project/unreadable`.
 */
export function openCatalog(file: string, options: OpenOptions = {}): WritableCatalog {
  const path = resolve(file);
  const isReadOnly = checkProjectFile(path).isReadOnly || options.readOnly === true;
  const { database, cleanUp } = openDatabase(path, isReadOnly);
  try {
    guarded(path, () => {
      checkSqlite(database);
      setPragmas(database, isReadOnly, path);
      const version = database.pragma('user_version', { simple: true }) as number;
      if (version > SCHEMA_VERSION) throw newerError(path, version);
      if (version < SCHEMA_VERSION) upgrade(database, path, version, isReadOnly);
    });
    const catalog = wrapDatabase(database, path, isReadOnly, cleanUp);
    if (count(catalog, 'SELECT COUNT(*) FROM project') !== 1) {
      throw new EarmarkError(
        'project/damaged',
        `${path} has lost its project record. Your audio is unharmed. Restore the newest backup from ${path}.backups.`,
        { file: path },
      );
    }
    if (options.by !== undefined && !isReadOnly) rememberBy(catalog, options.by);
    return catalog;
  } catch (error) {
    database.close();
    cleanUp();
    throw toEarmarkError(path, error);
  }
}

function rememberBy(catalog: WritableCatalog, by: string): void {
  if (count(catalog, `SELECT COUNT(*) FROM settings WHERE key = 'by'`) > 0) return;
  transaction(catalog, () => {
    sql(catalog, `INSERT OR IGNORE INTO settings (key, value) VALUES ('by', ?)`).run(JSON.stringify(by));
  });
}

/** Moves the write-ahead log into the file and closes it. Closing twice is no error. */
export function closeCatalog(catalog: WritableCatalog): void {
  try {
    // With another process at work this leaves the log to it: nothing is lost by that.
    if (!catalog.isReadOnly) databaseOf(catalog).pragma('wal_checkpoint(PASSIVE)');
  } catch (error) {
    if (
      !(error instanceof EarmarkError && error.code === 'project/closed') &&
      !(error instanceof Database.SqliteError)
    )
      throw error;
  } finally {
    release(catalog);
  }
}

/** Changes whenever another connection (another window, the command line) has committed a change. */
export function dataVersion(catalog: ReadableCatalog): number {
  return databaseOf(catalog).pragma('data_version', { simple: true }) as number;
}

/** Goes up by one with every committed change that a view could show, whoever made it. */
export function revision(catalog: ReadableCatalog): number {
  return count(catalog, 'SELECT revision FROM project');
}

/** Looks at the file's first bytes. Throws for what is no project, is cut short, or is of a newer version. */
export function checkProjectFile(path: string): { readonly isReadOnly: boolean } {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) {
    throw new EarmarkError(
      'project/missing',
      `There is no project at ${path}. It may have been moved or renamed.`,
      {
        file: path,
      },
    );
  }
  if (!stat.isFile()) throw notAProject(path, 'it is a folder');
  const header = readHeader(path);
  if (stat.size === 0) throw notAProject(path, 'the file is empty');
  if (header.length < 100) throw notAProject(path, `it has only ${stat.size} bytes`);
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0')
    throw notAProject(path, 'it is no SQLite database');
  if (header.readUInt32BE(68) !== APPLICATION_ID) {
    throw notAProject(path, 'it is an SQLite database of another application');
  }
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const expectedBytes = pageBytes * header.readUInt32BE(28);
  // Pages that are still in the write-ahead log may lie behind the end of the file.
  if (stat.size < expectedBytes && !hasLog(path)) {
    throw new EarmarkError(
      'project/damaged',
      `The project ${path} is cut short: it has ${stat.size} of ${expectedBytes} bytes. Your audio is unharmed. Restore the newest backup from ${path}.backups.`,
      { file: path, bytes: stat.size, expectedBytes },
    );
  }
  const version = header.readUInt32BE(60);
  if (version > SCHEMA_VERSION) throw newerError(path, version);
  return { isReadOnly: !canWrite(path) || !canWrite(dirname(path)) };
}

function readHeader(path: string): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new EarmarkError(
      'project/unreadable',
      `The project ${path} cannot be read (${reason}). Check that you may read the file.`,
      { file: path },
    );
  }
  try {
    const header = Buffer.alloc(100);
    return header.subarray(0, readSync(descriptor, header, 0, 100, 0));
  } finally {
    closeSync(descriptor);
  }
}

function notAProject(path: string, why: string): EarmarkError {
  return new EarmarkError(
    'project/not-a-project',
    `${path} is no Earmark project: ${why}. It was left as it is. A project is a file that Earmark made, named like speech.earmark.`,
    { file: path },
  );
}

function newerError(path: string, version: number): EarmarkError {
  return new EarmarkError(
    'project/newer',
    `${path} was written by a newer Earmark (project version ${version}; this one knows up to ${SCHEMA_VERSION}). It was left as it is. Update Earmark to open it.`,
    { file: path, version, known: SCHEMA_VERSION },
  );
}

function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

interface Opened {
  readonly database: Database.Database;
  /** What to do when it is closed. */
  readonly cleanUp: () => void;
}

function openDatabase(path: string, isReadOnly: boolean): Opened {
  const open = (file: string): Database.Database => {
    const database = new Database(file, {
      readonly: isReadOnly,
      fileMustExist: true,
      timeout: busyTimeoutMs,
    });
    try {
      // Opening reads nothing yet; this does.
      database.pragma('schema_version');
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  };
  try {
    return { database: open(path), cleanUp: () => {} };
  } catch (error) {
    const isBlocked = error instanceof Database.SqliteError && /^SQLITE_(CANTOPEN|READONLY)/.test(error.code);
    if (!isBlocked || !isReadOnly) throw toEarmarkError(path, error);
  }
  // SQLite reads a WAL database only where it may put a -shm file beside it. From a write-protected folder a
  // temporary copy is opened: the project as it is at this moment.
  const folder = mkdtempSync(join(tmpdir(), 'earmark-read-only-'));
  const cleanUp = () => {
    process.off('exit', cleanUp);
    rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', cleanUp);
  try {
    const copy = join(folder, basename(path));
    copyFileSync(path, copy);
    if (hasLog(path)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    return { database: open(copy), cleanUp };
  } catch (error) {
    cleanUp();
    throw toEarmarkError(path, error);
  }
}

function checkSqlite(database: Database.Database): void {
  const version = database.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '';
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const [needMajor, needMinor, needPatch] = oldestSqlite;
  const isOld =
    major !== needMajor ? major < needMajor : minor !== needMinor ? minor < needMinor : patch < needPatch;
  if (isOld) {
    throw new EarmarkError(
      'project/sqlite-too-old',
      `This installation brings SQLite ${version}; Earmark needs ${oldestSqlite.join('.')} or newer, which fixes a way to damage files. Run npm ci again.`,
    );
  }
}

function setPragmas(database: Database.Database, isReadOnly: boolean, path: string): void {
  const wanted: [name: string, value: string, readBack: string | number][] = [
    ['busy_timeout', String(busyTimeoutMs), busyTimeoutMs],
    ['foreign_keys', 'ON', 1],
    ['trusted_schema', 'OFF', 0],
    ['mmap_size', '0', 0],
    ['cache_size', `-${pageCacheKib}`, -pageCacheKib],
  ];
  // WAL files fall back to synchronous=NORMAL when opened; FULL is what makes a commit survive a power cut.
  if (!isReadOnly) wanted.push(['journal_mode', 'WAL', 'wal'], ['synchronous', 'FULL', 2]);
  for (const [name, value, readBack] of wanted) {
    database.pragma(`${name} = ${value}`);
    const got = database.pragma(name, { simple: true });
    // mmap_size gives nothing where SQLite was built without it, which is as good as 0.
    if (got !== readBack && !(name === 'mmap_size' && got === undefined)) {
      throw new EarmarkError(
        'project/unsafe',
        `${path} cannot be opened safely: ${name} is ${String(got)} instead of ${String(readBack)}. Some network drives do not allow it. Copy the project to a local disk.`,
        { file: path, pragma: name, value: got, expected: readBack },
      );
    }
  }
}

function upgrade(database: Database.Database, path: string, version: number, isReadOnly: boolean): void {
  if (version < 1) {
    throw new EarmarkError(
      'project/damaged',
      `${path} has no schema version. Restore the newest backup from ${path}.backups.`,
      {
        file: path,
      },
    );
  }
  if (isReadOnly) {
    throw new EarmarkError(
      'project/read-only',
      `${path} is of an older version (${version}) and must be brought up to date, but it can only be read. Copy it to a folder you can write to and open the copy.`,
      { file: path, version },
    );
  }
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  migrate(database, join(`${path}.backups`, `${stamp}-before-version-${SCHEMA_VERSION}.earmark`));
}
