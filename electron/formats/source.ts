// What a person points at when importing: a folder, or a manifest file whose folder is the root.
import { promises as fs } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { ImportOptions } from '../../shared/domain/dataset.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { leadsOut } from './containment.ts';
import type { DatasetSource } from './format.ts';
import { suggestMapping } from './mapping.ts';
import { isAudioName } from './names.ts';
import { firstRows, openTable } from './table-file.ts';
import { readingError } from './text-file.ts';

const TABLE_NAME = /\.(csv|tsv|jsonl|ndjson|json|txt|manifest)$/i;

/**
 * The folder and manifest behind a path. The root of a manifest is its folder; only when every path in its first rows
 * is absolute, exists, and lies elsewhere (as NeMo writes them) it is the folder those files share.
 * @throws EarmarkError `import/not-found`, `import/not-a-dataset`, `file/unreadable`.
 */
export async function openSource(path: string, options: ImportOptions = {}): Promise<DatasetSource> {
  const absolute = resolve(path);
  const info = await fs.stat(absolute).catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing) throw readingError(error, absolute);
    throw new EarmarkError('import/not-found', `There is no file or folder ${path}. Nothing was imported.`, {
      path,
    });
  });
  if (info.isDirectory()) return { root: absolute, manifest: null };
  if (!info.isFile() || !TABLE_NAME.test(absolute)) {
    throw new EarmarkError(
      'import/not-a-dataset',
      `${path} is neither a folder nor a table (CSV, TSV, JSONL). Choose the folder that holds the recordings, or the manifest that names them.`,
      { path },
    );
  }
  return { root: await rootOfManifest(absolute, options), manifest: absolute };
}

const LOOKED_AT = 50;
const ENOUGH = 3;

async function rootOfManifest(manifest: string, options: ImportOptions): Promise<string> {
  const own = dirname(manifest);
  try {
    const table = await openTable(manifest);
    const rows = await firstRows(table, LOOKED_AT);
    const column = { ...suggestMapping(table.columns, rows), ...options.mapping }.path;
    const index = column === undefined ? -1 : table.columns.indexOf(column);
    if (index < 0 || rows.length < ENOUGH) return own;
    let shared: string | null = null;
    for (const row of rows) {
      const path = row.values[index] ?? '';
      if (!isAbsolute(path) || !isAudioName(path) || !leadsOut(relative(own, path))) return own;
      await fs.access(path);
      shared = shared === null ? dirname(path) : commonFolder(shared, dirname(path));
    }
    const depth = shared === null ? 0 : shared.split(sep).filter((part) => part !== '').length;
    return shared !== null && depth >= 2 ? shared : own;
  } catch {
    // Whatever is wrong with the manifest is said when it is read.
    return own;
  }
}

function commonFolder(a: string, b: string): string {
  const left = a.split(sep);
  const right = b.split(sep);
  let same = 0;
  while (same < left.length && same < right.length && left[same] === right[same]) same++;
  return left.slice(0, same).join(sep) || sep;
}
