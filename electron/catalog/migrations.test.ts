import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { copyDatabase } from './copy.ts';
import { databaseOf } from './handle.ts';
import {
  applyChanges,
  closeCatalog,
  columnNames,
  columnValues,
  openCatalog,
  setSetting,
  undoBatch,
} from './index.ts';
import { type Migration, migrate, migrations } from './migrations.ts';
import { change, makeProject, temporaryFolder } from './test-support.ts';

const folder = temporaryFolder();
const released = migrations.length;

/** Of the schema that all migrations together make. */
const schemaHash = 'd4d48715934b29a0';

const howToFix = `The catalog's schema changed. Projects of people exist in the old form, so never edit a migration that was
released: add the next one to electron/catalog/migrations.ts, give it a test in migrations.test.ts that starts with rows
in the version before, and put the new hash below into schemaHash of that test.`;

function schemaOf(database: Database.Database): { names: string[]; hash: string } {
  const rows = database
    .prepare<[], { type: string; name: string; sql: string }>(
      `SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name`,
    )
    .all();
  const text = rows.map((row) => row.sql.replace(/--.*$/gm, '').replace(/\s+/g, ' ')).join('\n');
  return {
    names: rows.map((row) => `${row.type} ${row.name}`),
    hash: createHash('sha256').update(text).digest('hex').slice(0, 16),
  };
}

/** Splits the path of a clip into a column of its own: a table is rebuilt under the feet of rows that refer to it. */
const next: Migration = {
  version: released + 1,
  title: 'remember who imported',
  up: (database) => {
    database.exec(`
      CREATE TABLE datasets_2 (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE,
        root TEXT NOT NULL, source TEXT NOT NULL, format TEXT NOT NULL, options TEXT NOT NULL,
        imported_at TEXT NOT NULL, imported_by TEXT NOT NULL DEFAULT 'unknown') STRICT;
      INSERT INTO datasets_2 SELECT *, 'unknown' FROM datasets;
      DROP VIEW v_clips; DROP VIEW v_predictions; DROP VIEW v_flags; DROP VIEW v_decisions;
      DROP TABLE datasets;
      ALTER TABLE datasets_2 RENAME TO datasets;`);
  },
};

/** A closed project with clips and a decision in it. */
function projectWithData(): string {
  const { catalog, ids } = makeProject(folder, 20);
  applyChanges(catalog, { by: 'ann', changes: ids.slice(0, 5).map((id) => change(id, { to: 'seven' })) });
  setSetting(catalog, 'by', 'ann');
  closeCatalog(catalog);
  return catalog.file;
}

describe('the schema', () => {
  it('is the one that was released, or a new migration was added', () => {
    const { catalog } = makeProject(folder, 0);
    const { names, hash } = schemaOf(databaseOf(catalog));
    expect(hash, howToFix).toBe(schemaHash);
    expect(names.filter((name) => name.startsWith('view'))).toEqual([
      'view v_clips',
      'view v_decisions',
      'view v_embeddings',
      'view v_flags',
      'view v_maps',
      'view v_predictions',
    ]);
  });

  it('has strict tables only', () => {
    const { catalog } = makeProject(folder, 0);
    const tables = databaseOf(catalog)
      .prepare<[], { name: string; strict: number }>(
        `SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'`,
      )
      .all();
    expect(tables.length).toBeGreaterThan(8);
    expect(tables.filter((table) => table.strict !== 1)).toEqual([]);
  });

  it('never lets the log of decisions be changed or shortened', () => {
    const database = new Database(projectWithData());
    expect(() => database.exec(`UPDATE events SET to_value = 'nine'`)).toThrow('append-only');
    expect(() => database.exec('DELETE FROM events')).toThrow('append-only');
    expect(() => database.exec('INSERT OR REPLACE INTO events SELECT * FROM events')).toThrow('append-only');
    expect(database.prepare('SELECT COUNT(*) FROM events').pluck().get()).toBe(5);
    database.close();
  });
});

describe('a migration', () => {
  it('is numbered without gaps', () => {
    expect(migrations.map((step) => step.version)).toEqual(migrations.map((_, index) => index + 1));
  });

  it('keeps every row, and a verified backup of the version before is made first', () => {
    const file = projectWithData();
    const backup = join(folder, 'before', 'next.earmark');
    const database = new Database(file);
    expect(migrate(database, backup, [...migrations, next])).toEqual({ from: released, to: released + 1 });
    expect(database.pragma('user_version', { simple: true })).toBe(released + 1);
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(database.prepare('SELECT COUNT(*), MIN(dataset_id) FROM clips').raw().get()).toEqual([20, 1]);
    expect(database.prepare('SELECT name, imported_by FROM datasets').all()).toEqual([
      { name: 'digits', imported_by: 'unknown' },
    ]);
    expect(database.prepare('SELECT COUNT(*) FROM events').pluck().get()).toBe(5);
    expect(migrate(database, null, [...migrations, next])).toEqual({
      from: released + 1,
      to: released + 1,
    });
    database.close();
    const copy = new Database(backup, { readonly: true });
    expect(copy.pragma('user_version', { simple: true })).toBe(released);
    expect(copy.pragma('application_id', { simple: true })).toBe(0x4541524d);
    expect(copy.prepare(`SELECT COUNT(*) FROM clips WHERE label = 'seven'`).pluck().get()).toBe(5);
    copy.close();
  });

  it('to version 2 keeps the runs of version 1 and can take embeddings', () => {
    const database = new Database(join(folder, 'version-1.earmark'));
    migrate(database, null, migrations.slice(0, 1));
    database.exec(`
      INSERT INTO project (id, uuid, name, created_at) VALUES (1, 'u', 'old', '2026-01-01');
      INSERT INTO datasets VALUES (1, 'd', 'digits', '/data', '/data', 'folder', '{}', '2026-01-01');
      INSERT INTO runs VALUES (1, 'first', '2026-01-01', 'probs.npy', '["one"]', 7, 6, NULL, '[]');`);
    expect(migrate(database, join(folder, 'before', 'version-1.earmark'))).toEqual({ from: 1, to: released });
    expect(database.prepare('SELECT name, matched, details FROM runs').all()).toEqual([
      { name: 'first', matched: 6, details: null },
    ]);
    database.exec(`INSERT INTO embeddings VALUES (1, 'e', '2026-01-01', '{}', 6, 0, 4, 'e.npy', 'c.npy', '{}');
      INSERT INTO neighbour_graphs VALUES (1, 'cosine', 15, 'exact', NULL, 'i.npy', 'd.npy');
      INSERT INTO maps VALUES (1, 1, '2026-01-01', 'pca', '{}', '{}', 'm.npy');`);
    expect(database.prepare('SELECT embedding, method FROM v_maps').get()).toEqual({
      embedding: 'e',
      method: 'pca',
    });
    database.pragma('foreign_keys = ON');
    database.exec('DELETE FROM embeddings');
    expect(database.prepare('SELECT COUNT(*) FROM maps').pluck().get()).toBe(0);
    expect(database.prepare('SELECT COUNT(*) FROM neighbour_graphs').pluck().get()).toBe(0);
    database.close();
  });

  it('to version 3 keeps the flags and decisions of version 2, and its files can be decided on', () => {
    const file = join(folder, 'version-2.earmark');
    const database = new Database(file);
    migrate(database, null, migrations.slice(0, 2));
    database.exec(`
      INSERT INTO project (id, uuid, name, created_at) VALUES (1, 'u', 'old', '2026-01-01');
      INSERT INTO datasets VALUES (1, 'd', 'digits', '/data', '/data', 'folder', '{}', '2026-01-01');
      INSERT INTO clips (id, dataset_id, path, kind, file_bytes, file_modified_ms, container, encoding, sample_rate,
          channels, frames, dc_offset, clipped_samples, clipped_runs, leading_silence_sec, trailing_silence_sec,
          sample_hash, thumbnail)
        VALUES (1, 1, 'a.wav', 'speech', 9, 0, 'wav', 'pcm_s16', 16000, 1, 9, 0, 0, 0, 0, 0, 'h', x'00');
      INSERT INTO flags VALUES (4, 1, NULL, 'a.wav', 'silent', 0.5, 'Silent.', '{}', NULL);
      INSERT INTO flags VALUES (7, NULL, 1, 'bad.wav', 'unreadable', 0, 'It has 0 bytes.', '{"code":"c"}', NULL);
      INSERT INTO flags VALUES (8, NULL, 1, 'list.csv', 'unreadable', 0, 'Line 2.', '{"code":"c","line":2}', NULL);
      INSERT INTO flag_decisions VALUES (1, 'silent', 'accepted');
      INSERT INTO events VALUES (1, '01J0000000000000000000000A', 1, 'a.wav', 'flag', 'silent', 'open', 'accepted', 'ann',
        '2026-01-01', NULL, '01J0000000000000000000000A', NULL, 1, NULL);`);
    const logBefore = database.prepare('SELECT * FROM v_decisions').all();
    const flagsBefore = database.prepare('SELECT * FROM v_flags').all();
    database.pragma('application_id = 0x4541524d');
    database.close();

    const catalog = openCatalog(file);
    const after = databaseOf(catalog);
    expect(after.prepare('SELECT * FROM v_flags').all()).toEqual(flagsBefore);
    expect(after.prepare('SELECT * FROM v_decisions').all()).toEqual(
      logBefore.map((event) => ({ ...(event as object), finding: null })),
    );
    expect(() => after.exec(`UPDATE events SET finding = 'x'`)).toThrow('append-only');
    const dismiss = [7, 8].map((flagId) => ({ flagId, to: 'dismissed' as const }));
    expect(applyChanges(catalog, { by: 'ann', changes: [], files: dismiss })).toMatchObject({ files: 2 });
    expect(undoBatch(catalog, 'ann').events).toHaveLength(2);
    expect(undoBatch(catalog, 'ann').events).toMatchObject([{ clipId: 1, from: 'accepted', to: 'open' }]);
    expect(after.prepare('SELECT DISTINCT status FROM v_flags').pluck().all()).toEqual(['open']);
    closeCatalog(catalog);
  });

  it('to version 4 finds the columns that imported tables have', () => {
    const file = join(folder, 'version-3.earmark');
    const database = new Database(file);
    migrate(database, null, migrations.slice(0, 3));
    database.exec(`
      INSERT INTO project (id, uuid, name, created_at) VALUES (1, 'u', 'old', '2026-01-01');
      INSERT INTO datasets VALUES (1, 'd', 'digits', '/data', '/data', 'table', '{}', '2026-01-01');`);
    const insert = database.prepare(`
      INSERT INTO clips (dataset_id, path, kind, file_bytes, file_modified_ms, container, encoding, sample_rate,
          channels, frames, dc_offset, clipped_samples, clipped_runs, leading_silence_sec, trailing_silence_sec,
          sample_hash, thumbnail, extra)
        VALUES (1, ?, 'speech', 9, 0, 'wav', 'pcm_s16', 16000, 1, 9, 0, 0, 0, 0, 0, 'h', x'00', ?)`);
    insert.run('a.wav', '{"device":"phone","take":"1"}');
    insert.run('b.wav', null);
    insert.run('c.wav', '{"device":"head set"}');
    database.pragma('application_id = 0x4541524d');
    database.close();

    const catalog = openCatalog(file);
    expect(columnNames(catalog)).toEqual(['device', 'take']);
    expect(columnValues(catalog, 'device')).toEqual([
      [1, 'phone'],
      [3, 'head set'],
    ]);
    closeCatalog(catalog);
  });

  it('that fails half-way leaves the project as it was', () => {
    const file = projectWithData();
    const database = new Database(file);
    const before = schemaOf(database);
    const broken: Migration = {
      version: released + 1,
      title: 'loses a table',
      up: (inside) => {
        inside.exec('DROP VIEW v_clips; CREATE TABLE half_done (id INTEGER) STRICT;');
        throw new Error('power cut');
      },
    };
    expect(() => migrate(database, join(folder, 'broken.earmark'), [...migrations, broken])).toThrow(
      'power cut',
    );
    expect(database.pragma('user_version', { simple: true })).toBe(released);
    expect(schemaOf(database)).toEqual(before);
    database.close();
  });

  it('that would leave rows referring to nothing is refused', () => {
    const database = new Database(projectWithData());
    const careless: Migration = {
      version: released + 1,
      title: 'forgets datasets',
      up: (inside) => inside.exec('DELETE FROM datasets'),
    };
    expect(() => migrate(database, join(folder, 'careless.earmark'), [...migrations, careless])).toThrow(
      'refer to nothing',
    );
    expect(database.prepare('SELECT COUNT(*) FROM datasets').pluck().get()).toBe(1);
    database.close();
  });

  it('does not run when its backup cannot be made', () => {
    const database = new Database(projectWithData());
    const taken = join(folder, 'taken.earmark');
    copyDatabase(database, taken);
    expect(() => migrate(database, taken, [...migrations, next])).toThrow('exists already');
    expect(database.pragma('user_version', { simple: true })).toBe(released);
    expect(existsSync(`${taken}.partial`)).toBe(false);
    database.close();
  });
});
