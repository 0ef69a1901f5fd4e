// A table of any kind (CSV, TSV, JSON lines) as named columns and rows of text, with every bad row reported by line.
import { basename } from 'node:path';
import type { FileFailure } from '../../shared/domain/dataset.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { type Dialect, readDelimited, sniffDialect } from './delimited.ts';
import { isAudioName } from './names.ts';
import { readTextHead, textLines } from './text-file.ts';

export interface TableRow {
  /** 1-based line the row begins on. */
  readonly line: number;
  /** By column; '' where the row says nothing. May be shorter than `columns` for JSON lines. */
  readonly values: readonly string[];
}

export interface TableFile {
  readonly path: string;
  readonly kind: 'csv' | 'tsv' | 'jsonl';
  /** Trimmed and unique. For JSON lines it grows while rows are read. */
  readonly columns: readonly string[];
  /** False when the first row holds data, not names; columns are then `column_1`, `column_2`... */
  readonly hasHeader: boolean;
  /** Rows in batches. Rows that cannot be used go to `failure`, the reading goes on. */
  rows(failure: (failure: FileFailure) => void, signal?: AbortSignal): AsyncGenerator<readonly TableRow[]>;
}

/**
 * Opens a table and reads its header. `dialect` overrides what the file looks like.
 * @throws EarmarkError `table/empty`, `table/json` for one JSON document instead of lines, and the errors of
 *   `textChunks`.
 */
export async function openTable(path: string, dialect?: Dialect): Promise<TableFile> {
  const head = await readTextHead(path);
  if (head.trim() === '') {
    throw new EarmarkError('table/empty', `${basename(path)} is empty: it has no header and no rows.`, {
      file: path,
    });
  }
  if (dialect === undefined && /^\s*\[/.test(head) && /\.(json|jsonl|ndjson)$/i.test(path)) {
    throw new EarmarkError(
      'table/json',
      `${basename(path)} is one JSON list. Write one object per line (JSON lines) instead.`,
      { file: path },
    );
  }
  if (dialect === undefined && /^\s*\{/.test(head)) return openJsonLines(path, head);
  return openDelimited(path, dialect ?? (await sniffDialect(path)));
}

async function openDelimited(path: string, dialect: Dialect): Promise<TableFile> {
  let first: readonly string[] = [];
  for await (const batch of readDelimited(path, dialect)) {
    first = batch[0]?.fields ?? [];
    break;
  }
  const hasHeader = !first.some((cell) => isAudioName(cell.trim()));
  const columns = uniqueNames(hasHeader ? first : first.map(() => ''));
  const file = basename(path);

  async function* rows(failure: (failure: FileFailure) => void, signal?: AbortSignal) {
    let isFirst = hasHeader;
    try {
      for await (const batch of readDelimited(path, dialect, signal)) {
        const good: TableRow[] = [];
        for (const { line, fields } of batch) {
          if (isFirst) {
            isFirst = false;
            continue;
          }
          const values = fitted(fields, columns.length);
          if (values !== null) good.push({ line, values });
          else failure(wrongCount(file, line, fields.length, columns.length));
        }
        if (good.length > 0) yield good;
      }
    } catch (error) {
      if (!(error instanceof EarmarkError) || error.code !== 'table/quote') throw error;
      const line = error.details?.line;
      failure({
        file,
        ...(typeof line === 'number' ? { line } : {}),
        code: error.code,
        message: error.message,
      });
    }
  }

  return { path, kind: dialect.delimiter === '\t' ? 'tsv' : 'csv', columns, hasHeader, rows };
}

/** The fields when there are as many as columns, empty surplus ones aside; else null. */
function fitted(fields: readonly string[], columns: number): readonly string[] | null {
  if (fields.length === columns) return fields;
  if (fields.length < columns) return null;
  for (let i = columns; i < fields.length; i++) if (fields[i] !== '') return null;
  return fields.slice(0, columns);
}

function wrongCount(file: string, line: number, found: number, expected: number): FileFailure {
  const word = found < expected ? 'too few' : 'too many';
  return {
    file,
    line,
    code: 'table/fields',
    message: `Line ${line} of ${file} has ${word} fields: ${found} where the header has ${expected}. The row was left out.`,
  };
}

/** Trimmed header names; unnamed columns and repeated names get a number. */
export function uniqueNames(header: readonly string[]): string[] {
  const taken = new Set<string>();
  return header.map((cell, index) => {
    const base = cell.trim() || `column_${index + 1}`;
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
    taken.add(name);
    return name;
  });
}

const HEAD_OBJECTS = 200;

async function openJsonLines(path: string, head: string): Promise<TableFile> {
  const file = basename(path);
  const columns: string[] = [];
  const indexOf = new Map<string, number>();

  function valuesOf(object: object): string[] {
    const values: string[] = new Array<string>(columns.length).fill('');
    for (const [key, value] of Object.entries(object)) {
      let index = indexOf.get(key);
      if (index === undefined) {
        index = columns.length;
        columns.push(key);
        indexOf.set(key, index);
      }
      values[index] = textOf(value);
    }
    for (let i = 0; i < values.length; i++) values[i] ??= '';
    return values;
  }

  for (const line of head.split(/\r?\n/).slice(0, HEAD_OBJECTS)) {
    const object = parseObject(line);
    if (typeof object === 'object') valuesOf(object);
  }

  async function* rows(failure: (failure: FileFailure) => void, signal?: AbortSignal) {
    for await (const { firstLine, lines } of textLines(path, signal)) {
      const good: TableRow[] = [];
      for (let i = 0; i < lines.length; i++) {
        const text = lines[i] ?? '';
        if (text.trim() === '') continue;
        const line = firstLine + i;
        const object = parseObject(text);
        if (typeof object === 'object') good.push({ line, values: valuesOf(object) });
        else {
          failure({
            file,
            line,
            code: 'table/json',
            message: `Line ${line} of ${file} is not a JSON object: ${object} The row was left out.`,
          });
        }
      }
      if (good.length > 0) yield good;
    }
  }

  return { path, kind: 'jsonl', columns, hasHeader: true, rows };
}

/** The object of one line, or a sentence that says why it is none. */
function parseObject(text: string): object | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Python writes NaN and Infinity, which JSON does not have; they are kept as text for whoever reads numbers.
    const quoted = text.replaceAll(/(?<=[:[,]\s*)(NaN|-?Infinity)(?=\s*[,}\]])/g, '"$1"');
    try {
      value = JSON.parse(quoted);
    } catch {
      return `${error instanceof Error ? error.message : String(error)}.`;
    }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'it holds another kind of value.';
  return value;
}

/** A JSON value as the text of a cell. A struct with a `path` (Hugging Face audio) stands for that path. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'object') {
    if ('path' in value && typeof value.path === 'string') return value.path;
    return JSON.stringify(value);
  }
  return String(value);
}

/** The first rows of a table, for suggestions and previews. */
export async function firstRows(table: TableFile, limit: number): Promise<readonly TableRow[]> {
  const found: TableRow[] = [];
  for await (const batch of table.rows(() => {})) {
    found.push(...batch);
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}
