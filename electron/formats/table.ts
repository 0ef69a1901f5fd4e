// Manifests: CSV, TSV and JSON lines (NeMo among them, FORMATS 8 and 10) with a mapping from columns to clip fields.
import { promises as fs } from 'node:fs';
import { basename, join } from 'node:path';
import type { FileFailure, ImportOptions, MappableField } from '../../shared/domain/dataset.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { Containment } from './containment.ts';
import {
  BATCH_SIZE,
  type ClipSource,
  type DatasetFormatReader,
  type DatasetSource,
  type ReadReport,
  type TreeSample,
  unknownClip,
} from './format.ts';
import { type Mapping, mergeMapping, suggestMapping } from './mapping.ts';
import { byCodeUnit, isAudioName, knownSplit, splitFrom, stemOf } from './names.ts';
import { firstRows, openTable, type TableFile, type TableRow } from './table-file.ts';

export const tableManifest: DatasetFormatReader = {
  name: 'table',

  async detect(source, sample) {
    if (source.manifest !== null) {
      const described = await manifestMapping(source.manifest, {});
      if (described === null) return { confidence: 0.3, why: `${basename(source.manifest)} is a table.` };
      return {
        confidence: 0.9,
        why: `${basename(source.manifest)} names recordings in its column ${described.mapping.path}.`,
        options: { mapping: described.mapping },
      };
    }
    const [first] = await manifestsOf(source, {}, sample);
    if (first === undefined) return null;
    const described = await manifestMapping(first, {});
    if (described === null) return null;
    const isMetadata = /^metadata\./i.test(basename(first)) && described.mapping.path === 'file_name';
    return {
      confidence: isMetadata ? 0.85 : 0.65,
      why: `${basename(first)} names recordings in its column ${described.mapping.path}.`,
      options: { mapping: described.mapping },
    };
  },

  async *read(source, options, report) {
    const manifests = await manifestsOf(source, options);
    if (manifests.length === 0) {
      throw new EarmarkError(
        'table/missing',
        `${basename(source.root)} holds no CSV, TSV or JSONL file with a column of audio paths. Choose the table itself.`,
      );
    }
    const containment = await Containment.open(source.root);
    const seen = new Map<string, string>();
    for (const manifest of manifests) yield* readManifest(manifest, containment, seen, options, report);
  },
};

/** The columns of a manifest and what they are taken for. @throws EarmarkError of `openTable`. */
export async function describeTable(
  source: DatasetSource,
  options: ImportOptions,
): Promise<{ columns: readonly string[]; mapping: Mapping } | null> {
  const [manifest] = await manifestsOf(source, options);
  if (manifest === undefined) return null;
  const table = await openTable(manifest);
  const rows = await firstRows(table, ROWS_LOOKED_AT);
  return { columns: [...table.columns], mapping: suggestMapping(table.columns, rows) };
}

const ROWS_LOOKED_AT = 50;

/**
 * The manifests of a source: the file itself; in a folder, the tables of the splits together (`train.csv`,
 * `test.csv`...), else the one likeliest to be the manifest.
 */
async function manifestsOf(
  source: DatasetSource,
  options: ImportOptions,
  sample?: TreeSample,
): Promise<readonly string[]> {
  if (source.manifest !== null) return [source.manifest];
  const names = sample?.tables.filter((path) => !path.includes('/')) ?? (await tablesIn(source.root));
  const usable: string[] = [];
  for (const name of names) {
    if ((await manifestMapping(join(source.root, name), options)) !== null) usable.push(name);
  }
  const splits = usable.filter((name) => splitOfName(name) !== null);
  const chosen = splits.length > 0 ? splits : usable.sort(byLikelihood).slice(0, 1);
  return chosen.map((name) => join(source.root, name));
}

async function tablesIn(root: string): Promise<string[]> {
  const entries = await fs.readdir(root, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(csv|tsv|jsonl|ndjson)$/i.test(entry.name))
    .map((entry) => entry.name)
    .sort(byCodeUnit);
}

const LIKELY = ['metadata', 'manifest', 'clips', 'dataset', 'labels', 'data', 'index'];

function byLikelihood(a: string, b: string): number {
  const rank = (name: string): number => {
    const at = LIKELY.indexOf(stemOf(name).toLowerCase());
    return at < 0 ? LIKELY.length : at;
  };
  return rank(a) - rank(b) || byCodeUnit(a, b);
}

/** `train.csv` and `train_manifest.jsonl` are tables of one split. */
function splitOfName(name: string): string | null {
  return knownSplit(stemOf(name).replace(/[_-]?manifest[_-]?/i, ''));
}

/** A table whose path column is known or can be guessed from audio file names; null for any other. */
async function manifestMapping(path: string, options: ImportOptions): Promise<{ mapping: Mapping } | null> {
  try {
    const table = await openTable(path);
    const rows = await firstRows(table, ROWS_LOOKED_AT);
    const mapping = mergeMapping(suggestMapping(table.columns, rows), options.mapping);
    const index = mapping.path === undefined ? -1 : table.columns.indexOf(mapping.path);
    if (index < 0) return null;
    if (options.mapping?.path !== undefined) return { mapping };
    return rows.some((row) => isAudioName((row.values[index] ?? '').trim())) ? { mapping } : null;
  } catch {
    return null;
  }
}

async function* readManifest(
  manifest: string,
  containment: Containment,
  seen: Map<string, string>,
  options: ImportOptions,
  report: ReadReport,
): AsyncGenerator<readonly ClipSource[]> {
  const table = await openTable(manifest);
  const head = await firstRows(table, ROWS_LOOKED_AT);
  const mapping = mergeMapping(suggestMapping(table.columns, head), options.mapping);
  checkMapping(mapping, table);
  const file = basename(manifest);
  const toClip = clipMaker(table, mapping, mapping.split === undefined ? splitOfName(file) : null);
  const pathColumn = table.columns.indexOf(mapping.path ?? '');
  const offsetColumn = table.columns.indexOf('offset');
  const prefix = await audioFolder(containment, head, pathColumn, file);

  let batch: ClipSource[] = [];
  const fail = (line: number, code: string, message: string): void =>
    report.failure({ file, line, code, message });
  for await (const rows of table.rows((failure: FileFailure) => report.failure(failure), report.signal)) {
    for (const row of rows) {
      const named = (row.values[pathColumn] ?? '').trim();
      let path: string;
      try {
        path = await containment.locate(`${prefix}${named}`, { file, line: row.line });
      } catch (error) {
        if (!(error instanceof EarmarkError)) throw error;
        fail(row.line, error.code, error.message);
        continue;
      }
      if (offsetColumn >= 0 && Number(row.values[offsetColumn] || 0) > 0) {
        fail(
          row.line,
          'table/segment',
          `Line ${row.line} of ${file} names a part of ${named} (offset), not a whole file; it was left out.`,
        );
        continue;
      }
      const before = seen.get(path);
      if (before !== undefined) {
        fail(
          row.line,
          'table/duplicate',
          `Line ${row.line} of ${file} names ${named} again (first: ${before}); the first row is used.`,
        );
        continue;
      }
      seen.set(path, `line ${row.line} of ${file}`);
      batch.push(toClip(path, row));
      if (batch.length === BATCH_SIZE) {
        report.progress?.(seen.size);
        yield batch;
        batch = [];
      }
    }
  }
  if (batch.length > 0) yield batch;
}

function checkMapping(mapping: Mapping, table: TableFile): void {
  const file = basename(table.path);
  const columns = table.columns.join(', ');
  for (const [field, column] of Object.entries(mapping)) {
    if (table.columns.includes(column)) continue;
    throw new EarmarkError(
      'table/columns',
      `${file} has no column "${column}" for ${field}. Its columns are: ${columns}. Nothing was imported.`,
      { columns: [...table.columns], field, column },
    );
  }
  if (mapping.path === undefined) {
    throw new EarmarkError(
      'table/columns',
      `No column of ${file} seems to hold the paths of recordings. Its columns are: ${columns}. Say which one it is (--map path=COLUMN). Nothing was imported.`,
      { columns: [...table.columns], field: 'path' },
    );
  }
}

type TextField = Exclude<MappableField, 'path'>;

/** A function from rows to clips; unmapped columns become extra fields. */
function clipMaker(table: TableFile, mapping: Mapping, fileSplit: string | null) {
  const fields = (Object.entries(mapping) as [MappableField, string][]).flatMap(([field, column]) =>
    field === 'path' ? [] : [[field, table.columns.indexOf(column)] as const],
  );
  const mapped = new Set<string>(Object.values(mapping));
  return (path: string, row: TableRow): ClipSource => {
    const known: Partial<Record<TextField, string | null>> = {};
    for (const [field, index] of fields) {
      // Blanks around a transcript are part of what is to be looked at; around anything else they are layout.
      const value = row.values[index] ?? '';
      const text = field === 'transcript' ? value : value.trim();
      known[field] = text.trim() === '' ? null : text;
    }
    const extra: Record<string, string> = {};
    for (let i = 0; i < table.columns.length; i++) {
      const column = table.columns[i] ?? '';
      const value = row.values[i] ?? '';
      if (value !== '' && !mapped.has(column)) extra[column] = value;
    }
    return { ...unknownClip, ...known, path, split: splitFrom(known.split ?? fileSplit), extra };
  };
}

const AUDIO_FOLDERS = ['clips', 'audio', 'wavs', 'wav', 'data', 'recordings'];

/** `''`, or a folder such as `clips/` when the first rows name files that lie there and nowhere else. */
async function audioFolder(
  containment: Containment,
  rows: readonly TableRow[],
  pathColumn: number,
  file: string,
): Promise<string> {
  const names = rows.slice(0, 10).map((row) => (row.values[pathColumn] ?? '').trim());
  const exists = (path: string): Promise<boolean> =>
    containment.locate(path, { file }).then(
      () => true,
      () => false,
    );
  for (const name of names) if (await exists(name)) return '';
  for (const folder of AUDIO_FOLDERS) {
    for (const name of names) if (name !== '' && (await exists(`${folder}/${name}`))) return `${folder}/`;
  }
  return '';
}
