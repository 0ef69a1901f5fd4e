// Columns of imported tables that are no field of the catalog: their names, and their values by clip.
import { hot, type ReadableCatalog, sql, type WritableCatalog } from './handle.ts';
import type { ClipInput } from './records.ts';

/** Keeps the names that a batch of clips brings. Part of the batch's transaction. */
export function keepColumnNames(
  catalog: WritableCatalog,
  datasetId: number,
  batch: readonly ClipInput[],
): void {
  const names = new Set<string>();
  for (const { extra } of batch) for (const name in extra) names.add(name);
  if (names.size === 0) return;
  const keep = hot(catalog, 'INSERT OR IGNORE INTO dataset_columns (dataset_id, name) VALUES (?, ?)');
  for (const name of names) keep.run(datasetId, name);
}

/** Of all datasets, each once, by name. */
export function columnNames(catalog: ReadableCatalog): string[] {
  const rows = sql(catalog, 'SELECT DISTINCT name FROM dataset_columns ORDER BY name').all();
  return (rows as [string][]).map(([name]) => name);
}

/** What a column says of each clip that has a value there: pairs of clip id and value. */
export function columnValues(catalog: ReadableCatalog, name: string): [number, string][] {
  // A path is read in half the time, but cannot have every sign that a name may have.
  const isPlain = !/["\\\p{Cc}]/u.test(name) && name.isWellFormed();
  const rows = isPlain
    ? sql(catalog, 'SELECT id, json_extract(extra, ?) FROM clips WHERE extra IS NOT NULL').all(`$."${name}"`)
    : sql(
        catalog,
        'SELECT c.id, e.value FROM clips c, json_each(c.extra) e WHERE c.extra IS NOT NULL AND e.key = ?',
      ).all(name);
  return (rows as [number, string | null][]).filter((row): row is [number, string] => row[1] !== null);
}
