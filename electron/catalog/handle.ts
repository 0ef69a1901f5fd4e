// The catalog's private side: which database belongs to a catalog, prepared statements, write transactions, and
// SQLite's failures as sentences. Only files of this folder import it; index.ts gives out the types and `transaction`.
import Database from 'better-sqlite3';
import { EarmarkError } from '../../shared/errors.ts';

declare const writable: unique symbol;

/** An open project that queries may read. */
export interface ReadableCatalog {
  /** Absolute path of `name.earmark`. */
  readonly file: string;
  /** Absolute path of `name.earmark.data`, for large arrays; it may not exist yet. */
  readonly dataFolder: string;
  /** True when the file or its folder cannot be written: every write throws `project/read-only`. */
  readonly isReadOnly: boolean;
}

/** An open project that a change may be written to. Functions that change anything ask for this type. */
export interface WritableCatalog extends ReadableCatalog {
  readonly [writable]: true;
}

type Binding = string | number | bigint | null | Uint8Array;

/** A prepared statement whose rows are arrays in the order of the selected columns. */
export interface RawStatement {
  run(...values: readonly Binding[]): Database.RunResult;
  get(...values: readonly Binding[]): unknown[] | undefined;
  all(...values: readonly Binding[]): unknown[][];
}

interface Internals {
  readonly database: Database.Database;
  readonly statements: Map<string, Database.Statement<Binding[], unknown>>;
  /** Values derived from the file that must be forgotten when a transaction is rolled back. */
  readonly memory: Map<string, unknown>;
  readonly cleanUp: () => void;
}

const internalsOf = new WeakMap<ReadableCatalog, Internals>();

/** Makes the catalog of an open database; `cleanUp` is called once it is closed. */
export function wrapDatabase(
  database: Database.Database,
  file: string,
  isReadOnly: boolean,
  cleanUp: () => void,
): WritableCatalog {
  const catalog = { file, dataFolder: `${file}.data`, isReadOnly } as WritableCatalog;
  internalsOf.set(catalog, { database, statements: new Map(), memory: new Map(), cleanUp });
  return catalog;
}

function internals(catalog: ReadableCatalog): Internals {
  const found = internalsOf.get(catalog);
  if (found === undefined || !found.database.open) {
    throw new EarmarkError(
      'project/closed',
      `The project ${catalog.file} is closed. Open it again to go on.`,
    );
  }
  return found;
}

export function databaseOf(catalog: ReadableCatalog): Database.Database {
  return internals(catalog).database;
}

/** Closes the database; later calls throw `project/closed`. Returns false when it was closed already. */
export function release(catalog: ReadableCatalog): boolean {
  const found = internalsOf.get(catalog);
  if (found === undefined || !found.database.open) return false;
  found.statements.clear();
  found.memory.clear();
  found.database.close();
  found.cleanUp();
  return true;
}

/** A value kept in memory for this catalog, made on first use and forgotten on rollback. */
export function remembered<T>(catalog: ReadableCatalog, key: string, make: () => T): T {
  const { memory } = internals(catalog);
  if (memory.has(key)) return memory.get(key) as T;
  const value = make();
  memory.set(key, value);
  return value;
}

function prepare(catalog: ReadableCatalog, text: string): Database.Statement<Binding[], unknown> {
  const { database, statements } = internals(catalog);
  let statement = statements.get(text);
  if (statement === undefined) {
    statement = database.prepare<Binding[], unknown>(text);
    if (statement.reader) statement.raw(true);
    statements.set(text, statement);
  }
  return statement;
}

/** The prepared statement itself, for loops over many rows inside a transaction, which turns its failures into sentences. */
export function hot(catalog: ReadableCatalog, text: string): RawStatement {
  return guarded(catalog.file, () => prepare(catalog, text)) as unknown as RawStatement;
}

/**
 * A statement prepared once per catalog. The text must be a constant or made of constants: each distinct text stays
 * prepared.
 */
export function sql(catalog: ReadableCatalog, text: string): RawStatement {
  return guarded(catalog.file, () => {
    const statement = prepare(catalog, text);
    return {
      run: (...values) => guarded(catalog.file, () => statement.run(...values)),
      get: (...values) => guarded(catalog.file, () => statement.get(...values)) as unknown[] | undefined,
      all: (...values) => guarded(catalog.file, () => statement.all(...values)) as unknown[][],
    };
  });
}

/** One value, or undefined when no row matches. */
export function value<T extends Binding>(
  catalog: ReadableCatalog,
  text: string,
  ...values: Binding[]
): T | undefined {
  return sql(catalog, text).get(...values)?.[0] as T | undefined;
}

/** One number; 0 when no row matches. */
export function count(catalog: ReadableCatalog, text: string, ...values: Binding[]): number {
  return value<number>(catalog, text, ...values) ?? 0;
}

/**
 * Runs `change` in one write transaction (BEGIN IMMEDIATE: writers of other processes queue, up to the busy timeout).
 * When this returns, the change is on disk; when it throws, nothing of it is. The revision goes up by one if anything
 * was written. Inside another transaction it just runs. `change` must not be async.
 */
export function transaction<T>(catalog: WritableCatalog, change: () => T): T {
  return write(catalog, change, true);
}

/** A transaction for what no view shows (job bookkeeping): the revision stays. */
export function quietTransaction<T>(catalog: WritableCatalog, change: () => T): T {
  return write(catalog, change, false);
}

function write<T>(catalog: WritableCatalog, change: () => T, raisesRevision: boolean): T {
  const { database, memory } = internals(catalog);
  if (catalog.isReadOnly) throw readOnlyError(catalog.file);
  if (database.inTransaction) return change();
  const begin = sql(catalog, 'BEGIN IMMEDIATE');
  const changes = sql(catalog, 'SELECT total_changes()');
  begin.run();
  try {
    const before = changes.get()?.[0];
    const result = change();
    if (raisesRevision && changes.get()?.[0] !== before) {
      sql(catalog, 'UPDATE project SET revision = revision + 1').run();
    }
    sql(catalog, 'COMMIT').run();
    return result;
  } catch (error) {
    memory.clear();
    if (database.inTransaction) database.exec('ROLLBACK');
    throw toEarmarkError(catalog.file, error);
  }
}

/** Runs `action`, turning SQLite's failures into sentences. */
export function guarded<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw toEarmarkError(file, error);
  }
}

export function readOnlyError(file: string): EarmarkError {
  return new EarmarkError(
    'project/read-only',
    `The project ${file} can only be read: its file or folder is write-protected. Nothing was changed. Copy the project to a folder you can write to, or ask for the right to write there.`,
    { file },
  );
}

/** An SQLite failure as an EarmarkError; anything else as it is. */
export function toEarmarkError(file: string, error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const details = { file, sqlite: error.code };
  if (error.code === 'SQLITE_FULL') {
    return new EarmarkError(
      'project/disk-full',
      `The disk that holds ${file} is full. This change was not saved; nothing that was saved before is lost. Free some space and try again.`,
      details,
    );
  }
  if (error.code.startsWith('SQLITE_READONLY')) return readOnlyError(file);
  if (error.code.startsWith('SQLITE_BUSY') || error.code.startsWith('SQLITE_LOCKED')) {
    return new EarmarkError(
      'project/locked',
      `Another program has been writing to ${file} for more than five seconds. Nothing of this change was saved, and nothing is damaged. Wait for it to finish, then try again.`,
      details,
    );
  }
  if (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB') {
    return new EarmarkError(
      'project/damaged',
      `The project ${file} is damaged (${error.message}). Your audio is unharmed. Restore the newest backup from ${file}.backups.`,
      details,
    );
  }
  if (error.code.startsWith('SQLITE_CANTOPEN')) {
    return new EarmarkError(
      'project/unreadable',
      `The project ${file} cannot be opened (${error.message}). Nothing was changed. Check that you may read the file and its folder.`,
      details,
    );
  }
  if (error.code.startsWith('SQLITE_IOERR')) {
    return new EarmarkError(
      'project/disk-failed',
      `Reading or writing ${file} failed (${error.code}). This change was not saved. Check the disk or the network connection that holds the project.`,
      details,
    );
  }
  return error;
}
