// Numbered migrations of the catalog's schema. Each runs in one transaction and raises user_version with it. An
// existing project is backed up, and the backup verified, before the first of them runs.
import type Database from 'better-sqlite3';
import { copyDatabase } from './copy.ts';
import { schema1 } from './schema-1.ts';
import { schema2 } from './schema-2.ts';
import { schema3 } from './schema-3.ts';
import { schema4 } from './schema-4.ts';

export interface Migration {
  /** 1, 2, 3... without gaps; the user_version after it. */
  readonly version: number;
  /** What it is for, in a few words. */
  readonly title: string;
  readonly up: (database: Database.Database) => void;
}

/** To change the schema: add a line here; never edit one that was released. */
export const migrations: readonly Migration[] = [
  { version: 1, title: 'first schema', up: (database) => database.exec(schema1) },
  { version: 2, title: 'embeddings, neighbours and maps', up: (database) => database.exec(schema2) },
  { version: 3, title: 'decisions about unreadable files', up: (database) => database.exec(schema3) },
  { version: 4, title: 'columns of imported tables', up: (database) => database.exec(schema4) },
];

export const SCHEMA_VERSION = migrations.length;

/**
 * Brings a database to the newest of `steps`. `backup` is where the present file is copied first; null for a new file.
 * Another process may migrate at the same time: the version is read again inside each transaction.
 */
export function migrate(
  database: Database.Database,
  backup: string | null,
  steps: readonly Migration[] = migrations,
): { readonly from: number; readonly to: number } {
  const from = userVersion(database);
  const target = steps.length;
  if (from >= target) return { from, to: from };
  if (backup !== null) copyDatabase(database, backup);
  // A migration that rebuilds a table must not delete the rows that refer to it; the check below takes the place.
  database.pragma('foreign_keys = OFF');
  try {
    for (const step of steps.slice(from)) {
      const run = database.transaction(() => {
        if (userVersion(database) !== step.version - 1) return;
        step.up(database);
        const broken = database.pragma('foreign_key_check') as unknown[];
        if (broken.length > 0) {
          throw new Error(
            `migration ${step.version} (${step.title}) leaves ${broken.length} rows that refer to nothing`,
          );
        }
        database.pragma(`user_version = ${step.version}`);
      });
      run.immediate();
    }
  } finally {
    database.pragma('foreign_keys = ON');
  }
  return { from, to: target };
}

function userVersion(database: Database.Database): number {
  return database.pragma('user_version', { simple: true }) as number;
}
