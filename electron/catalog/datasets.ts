// Datasets: what was imported, from where, and how to read it again.
import { randomUUID } from 'node:crypto';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { DatasetFormat, ImportOptions } from '../../shared/domain/dataset.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { type ReadableCatalog, sql, transaction, type WritableCatalog } from './handle.ts';
import type { DatasetRecord } from './records.ts';

const columns = 'id, uuid, name, root, source, format, options, imported_at';

/** All datasets, in the order they were first imported. */
export function listDatasets(catalog: ReadableCatalog): DatasetRecord[] {
  return sql(catalog, `SELECT ${columns} FROM datasets ORDER BY id`).all().map(toDataset);
}

/** Adds a dataset, or updates the one of that name; its clips stay. */
export function upsertDataset(
  catalog: WritableCatalog,
  dataset: {
    readonly name: string;
    readonly root: string;
    readonly source: string;
    readonly format: DatasetFormat;
    readonly options: ImportOptions;
  },
): DatasetRecord {
  return transaction(catalog, () => {
    sql(
      catalog,
      `INSERT INTO datasets (uuid, name, root, source, format, options, imported_at) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET root = excluded.root, source = excluded.source, format = excluded.format,
         options = excluded.options, imported_at = excluded.imported_at`,
    ).run(
      randomUUID(),
      dataset.name,
      dataset.root,
      dataset.source,
      dataset.format,
      JSON.stringify(dataset.options),
      new Date().toISOString(),
    );
    const row = sql(catalog, `SELECT ${columns} FROM datasets WHERE name = ?`).get(dataset.name);
    if (row === undefined) throw new Error(`dataset ${dataset.name} was not stored`);
    return toDataset(row);
  });
}

/** Points a dataset at the folder where it lies now. `source` is moved with it when it lay below the old root. */
export function setDatasetRoot(catalog: WritableCatalog, datasetId: number, root: string): DatasetRecord {
  return transaction(catalog, () => {
    const row = sql(catalog, `SELECT ${columns} FROM datasets WHERE id = ?`).get(datasetId);
    if (row === undefined)
      throw new EarmarkError('dataset/unknown', `The project has no dataset number ${datasetId}.`);
    const old = toDataset(row);
    const below = relative(old.root, old.source);
    const isInside = below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
    const source = isInside ? join(root, below) : old.source;
    sql(catalog, 'UPDATE datasets SET root = ?, source = ? WHERE id = ?').run(root, source, datasetId);
    return { ...old, root, source };
  });
}

function toDataset(row: readonly unknown[]): DatasetRecord {
  const [id, uuid, name, root, source, format, options, importedAt] = row as [
    number,
    string,
    string,
    string,
    string,
    DatasetFormat,
    string,
    string,
  ];
  return { id, uuid, name, root, source, format, options: JSON.parse(options) as ImportOptions, importedAt };
}
