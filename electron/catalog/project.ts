// The project itself: its name and its settings (who decides here, favourite labels, the run in use, thresholds).
import { type ReadableCatalog, sql, transaction, value, type WritableCatalog } from './handle.ts';

export function projectName(catalog: ReadableCatalog): string {
  return value<string>(catalog, 'SELECT name FROM project') ?? '';
}

/** Identity of the project, given when its file was made; unlike the name, no two projects share it. */
export function projectId(catalog: ReadableCatalog): string {
  return value<string>(catalog, 'SELECT uuid FROM project') ?? '';
}

/** A stored setting, as JSON.parse gives it; undefined when it was never set. Check its shape before use. */
export function getSetting(catalog: ReadableCatalog, key: string): unknown {
  const text = value<string>(catalog, 'SELECT value FROM settings WHERE key = ?', key);
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

/** Stores any JSON value; undefined removes the setting. */
export function setSetting(catalog: WritableCatalog, key: string, setting: unknown): void {
  transaction(catalog, () => {
    if (setting === undefined) {
      sql(catalog, 'DELETE FROM settings WHERE key = ?').run(key);
      return;
    }
    sql(
      catalog,
      `INSERT INTO settings (key, value) VALUES (?, ?)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value`,
    ).run(key, JSON.stringify(setting));
  });
}
