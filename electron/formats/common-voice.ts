// Mozilla Common Voice scripted releases (FORMATS 5 and 6): TSVs of every generation, read by header, quotes literal.
// One clip per row; its bucket (validated, invalidated, other) is in `extra.status`, its votes in `extra`.
import { promises as fs } from 'node:fs';
import { basename, join } from 'node:path';
import { EarmarkError } from '../../shared/errors.ts';
import { Containment } from './containment.ts';
import { LITERAL_TSV } from './delimited.ts';
import {
  BATCH_SIZE,
  type ClipSource,
  type DatasetFormatReader,
  type DatasetSource,
  type ReadReport,
  unknownClip,
} from './format.ts';
import { baseName, byCodeUnit, isAudioName, stemOf } from './names.ts';
import { openTable, type TableFile } from './table-file.ts';
import { readTextHead } from './text-file.ts';

const BUCKETS = ['validated', 'invalidated', 'other'] as const;
const SPLITS = { train: 'train', dev: 'validation', test: 'test' } as const;
const CLIP_TABLES = [...BUCKETS, ...Object.keys(SPLITS)].map((name) => `${name}.tsv`);

export type VoteStatus = (typeof BUCKETS)[number];

/**
 * The bucket that votes put a clip into: `other` for up to one vote or one against one; else `validated` with more up
 * than down, `invalidated` with more down, or equal.
 */
export function statusFromVotes(up: number, down: number): VoteStatus {
  const sum = up + down;
  if (sum <= 1 || (up === 1 && down === 1)) return 'other';
  return up > down ? 'validated' : 'invalidated';
}

export const commonVoice: DatasetFormatReader = {
  name: 'common-voice',

  async detect(source, sample) {
    const named =
      source.manifest === null
        ? sample.tables.filter((path) => CLIP_TABLES.includes(baseName(path)))
        : [basename(source.manifest)];
    for (const path of named.slice(0, 10)) {
      if (!(await hasClipHeader(join(source.root, path)))) continue;
      return {
        confidence: 0.98,
        why: `${path} has the columns of a Common Voice table (client_id, path, sentence).`,
      };
    }
    return null;
  },

  async *read(source, _options, report) {
    const folders = await localeFolders(source);
    if (folders.length === 0) {
      throw new EarmarkError(
        'common-voice/missing',
        `${basename(source.root)} holds no Common Voice table (${CLIP_TABLES.join(', ')}). Choose the folder of a locale.`,
      );
    }
    const containment = await Containment.open(source.root);
    for (const folder of folders) yield* readLocale(source, folder, containment, report);
  },
};

async function hasClipHeader(path: string): Promise<boolean> {
  try {
    const head = await readTextHead(path, 4096);
    const columns = head.slice(0, head.search(/\r?\n|$/)).split('\t');
    return columns.includes('client_id') && columns.includes('path') && columns.includes('sentence');
  } catch {
    return false;
  }
}

/** The folders with clip tables: the root, or up to two levels below it (`cv-corpus/fa`). Relative, sorted. */
async function localeFolders(source: DatasetSource): Promise<string[]> {
  let level = [''];
  for (let depth = 0; depth < 3 && level.length > 0; depth++) {
    const found: string[] = [];
    const next: string[] = [];
    for (const folder of level) {
      const entries = await fs.readdir(join(source.root, folder), { withFileTypes: true }).catch(() => []);
      if (entries.some((entry) => entry.isFile() && CLIP_TABLES.includes(entry.name))) found.push(folder);
      for (const entry of entries) {
        if (entry.isDirectory()) next.push(folder === '' ? entry.name : `${folder}/${entry.name}`);
      }
    }
    if (found.length > 0) return found.sort(byCodeUnit);
    level = next;
  }
  return [];
}

async function* readLocale(
  source: DatasetSource,
  folder: string,
  containment: Containment,
  report: ReadReport,
): AsyncGenerator<readonly ClipSource[]> {
  const tables = await openTables(source, folder);
  const splitOf = new Map<string, string>();
  let hasSplits = false;
  for (const [name, split] of Object.entries(SPLITS)) {
    const table = tables.get(name);
    if (table === undefined) continue;
    hasSplits = true;
    const column = table.columns.indexOf('path');
    for await (const rows of table.rows(() => {}, report.signal)) {
      for (const row of rows) splitOf.set(row.values[column] ?? '', split);
    }
  }
  const seen = new Set<string>();
  // Buckets first: they say what the votes came to. Split tables add only what no bucket names.
  for (const name of [...BUCKETS, ...Object.keys(SPLITS)]) {
    const table = tables.get(name);
    if (table === undefined) continue;
    const bucket = BUCKETS.find((known) => known === name) ?? null;
    yield* readTable(table, bucket, { folder, containment, seen, splitOf, hasSplits }, report);
  }
}

async function openTables(source: DatasetSource, folder: string): Promise<Map<string, TableFile>> {
  const tables = new Map<string, TableFile>();
  const only = source.manifest === null ? null : basename(source.manifest);
  for (const file of only === null || CLIP_TABLES.includes(only) ? CLIP_TABLES : [only]) {
    // A bucket that was pointed at is read alone, but for the split tables beside it.
    const isWanted = only === null || file === only || stemOf(file) in SPLITS;
    const path = join(source.root, folder, file);
    if (!isWanted || !(await isFile(path))) continue;
    const table = await openTable(path, LITERAL_TSV).catch((error: unknown) => {
      // Releases of small languages have empty files.
      if (error instanceof EarmarkError && error.code === 'table/empty') return null;
      throw error;
    });
    if (table === null) continue;
    requireColumns(table);
    tables.set(stemOf(file), table);
  }
  return tables;
}

function requireColumns(table: TableFile): void {
  const missing = ['path', 'sentence'].filter((name) => !table.columns.includes(name));
  if (missing.length === 0) return;
  throw new EarmarkError(
    'table/columns',
    `${basename(table.path)} has no column ${missing.join(' and ')}, which Common Voice tables have. Its columns are: ${table.columns.join(', ')}. Nothing was imported.`,
    { columns: [...table.columns], missing },
  );
}

interface LocaleContext {
  readonly folder: string;
  readonly containment: Containment;
  /** Values of `path` met already. */
  readonly seen: Set<string>;
  readonly splitOf: ReadonlyMap<string, string>;
  readonly hasSplits: boolean;
}

const MAPPED = new Set(['client_id', 'path', 'sentence', 'age', 'gender', 'accent', 'accents', 'locale']);

async function* readTable(
  table: TableFile,
  bucket: VoteStatus | null,
  context: LocaleContext,
  report: ReadReport,
): AsyncGenerator<readonly ClipSource[]> {
  const file = context.folder === '' ? basename(table.path) : `${context.folder}/${basename(table.path)}`;
  const columnOf = new Map(table.columns.map((column, index) => [column, index]));
  let batch: ClipSource[] = [];
  for await (const rows of table.rows((failure) => report.failure({ ...failure, file }), report.signal)) {
    for (const { line, values } of rows) {
      const cell = (column: string): string => values[columnOf.get(column) ?? -1] ?? '';
      const named = cell('path');
      if (context.seen.has(named)) {
        if (bucket !== null) {
          const message = `Line ${line} of ${file} names ${named}, which an earlier row names too; the first is used.`;
          report.failure({ file, line, code: 'table/duplicate', message });
        }
        continue;
      }
      context.seen.add(named);
      let path: string;
      try {
        path = await locateClip(context, named, { file, line });
      } catch (error) {
        if (!(error instanceof EarmarkError)) throw error;
        report.failure({ file, line, code: error.code, message: error.message });
        continue;
      }
      batch.push(clipOf(path, table.columns, cell, bucket, splitOf(context, named)));
      if (batch.length === BATCH_SIZE) {
        report.progress?.(context.seen.size);
        yield batch;
        batch = [];
      }
    }
  }
  if (batch.length > 0) yield batch;
}

function splitOf(context: LocaleContext, path: string): string | null {
  return context.splitOf.get(path) ?? (context.hasSplits ? 'other' : null);
}

function clipOf(
  path: string,
  columns: readonly string[],
  cell: (column: string) => string,
  bucket: VoteStatus | null,
  split: string | null,
): ClipSource {
  const text = (column: string): string | null => cell(column) || null;
  const extra: Record<string, string> = {};
  for (const column of columns) {
    const value = cell(column);
    if (value !== '' && !MAPPED.has(column)) extra[column] = value;
  }
  const hasVotes = columns.includes('up_votes') && columns.includes('down_votes');
  const byVotes = hasVotes ? statusFromVotes(Number(cell('up_votes')), Number(cell('down_votes'))) : null;
  const status = bucket ?? byVotes;
  if (status !== null) extra.status = status;
  if (byVotes !== null && byVotes !== status) extra.status_by_votes = byVotes;
  // Clips of the single-word target segment are recordings of keywords: the sentence is the class.
  const isKeyword = /single\s*word/i.test(cell('segment'));
  return {
    ...unknownClip,
    path,
    label: isKeyword ? text('sentence') : null,
    transcript: text('sentence'),
    split,
    speaker: text('client_id'),
    gender: text('gender'),
    age: text('age'),
    accent: text('accents') ?? text('accent'),
    locale: text('locale'),
    extra,
  };
}

/** Releases before 5.0 leave `.mp3` out; converted copies have another extension than the table says. */
const OTHER_EXTENSIONS = ['.mp3', '.wav', '.flac', '.opus', '.ogg'];

async function locateClip(
  { containment, folder }: LocaleContext,
  named: string,
  origin: { file: string; line: number },
): Promise<string> {
  const base = `${folder === '' ? '' : `${folder}/`}clips/`;
  try {
    return await containment.locate(
      named.startsWith('/') || named === '' ? named : `${base}${named}`,
      origin,
    );
  } catch (error) {
    if (!(error instanceof EarmarkError) || error.code !== 'path/missing' || named === '') throw error;
    const stem = isAudioName(named) ? stemOf(named) : named;
    for (const extension of OTHER_EXTENSIONS) {
      if (`${stem}${extension}` === named) continue;
      const found = await containment.locate(`${base}${stem}${extension}`, origin).catch(() => null);
      if (found !== null) return found;
    }
    throw error;
  }
}

async function isFile(path: string): Promise<boolean> {
  return fs.stat(path).then(
    (info) => info.isFile(),
    () => false,
  );
}
