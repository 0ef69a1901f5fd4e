// CSV and TSV: which delimiter, whether quotes quote, and rows with the number of the line they begin on.
// Common Voice and its like write quotes as plain letters; there a quoting reader would join rows.
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import { cancelledError, EarmarkError } from '../../shared/errors.ts';
import { MAX_LINE_CHARACTERS, readTextHead, textChunks, textLines } from './text-file.ts';

export interface Dialect {
  /** One character. */
  readonly delimiter: string;
  /** `standard`: RFC 4180 quoting. `literal`: a quote is a letter like any other. */
  readonly quoting: 'standard' | 'literal';
}

export interface DelimitedRow {
  /** 1-based line the row begins on. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** Tab-separated, quotes literal: Common Voice. */
export const LITERAL_TSV: Dialect = { delimiter: '\t', quoting: 'literal' };

const ROWS_PER_BATCH = 500;

/**
 * The dialect of a file from its extension and first 64 KiB. In tab-separated files quotes count as quoting only when
 * the sample bears it out.
 */
export async function sniffDialect(path: string): Promise<Dialect> {
  const head = await readTextHead(path);
  const firstLine = head.slice(0, head.search(/\r?\n|$/));
  const isTsv = extname(path).toLowerCase() === '.tsv';
  const delimiter = isTsv && firstLine.includes('\t') ? '\t' : likeliestDelimiter(firstLine);
  if (delimiter !== '\t') return { delimiter, quoting: 'standard' };
  const end = head.lastIndexOf('\n');
  const sample = end > 0 ? head.slice(0, end) : head;
  return { delimiter, quoting: sample.includes('"') && isQuoting(sample) ? 'standard' : 'literal' };
}

function likeliestDelimiter(line: string): string {
  const bare = line.replaceAll(/"(?:[^"]|"")*"/g, '');
  let best = ',';
  let most = 0;
  for (const candidate of [',', '\t', ';', '|']) {
    const count = bare.split(candidate).length - 1;
    if (count > most) {
      best = candidate;
      most = count;
    }
  }
  return best;
}

/**
 * Where every line has equally many tabs, quotes quote when each cell that begins with one is well quoted by itself;
 * otherwise when a strict reader finds no fault.
 */
function isQuoting(sample: string): boolean {
  const lines = sample.split(/\r?\n/).filter((line) => line !== '');
  const cells = lines.map((line) => line.split('\t'));
  const isEven = cells.every((row) => row.length === cells[0]?.length);
  if (isEven) return cells.flat().every((cell) => !cell.startsWith('"') || /^"(?:[^"]|"")*"$/.test(cell));
  try {
    parseSync(sample, { delimiter: '\t', skip_empty_lines: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * The rows of a file in batches; empty lines are left out.
 * @throws EarmarkError `table/quote` for a quote that is never closed, or not for 16 million characters (rows before it
 *   were given already),
 *   and the errors of `textChunks`.
 */
export async function* readDelimited(
  path: string,
  dialect: Dialect,
  signal?: AbortSignal,
): AsyncGenerator<readonly DelimitedRow[]> {
  if (dialect.quoting === 'literal') yield* readLiteral(path, dialect.delimiter, signal);
  else yield* readQuoted(path, dialect.delimiter, signal);
}

async function* readLiteral(
  path: string,
  delimiter: string,
  signal?: AbortSignal,
): AsyncGenerator<readonly DelimitedRow[]> {
  for await (const { firstLine, lines } of textLines(path, signal)) {
    const rows: DelimitedRow[] = [];
    for (let i = 0; i < lines.length; i++) {
      const text = lines[i] ?? '';
      if (text !== '') rows.push({ line: firstLine + i, fields: text.split(delimiter) });
    }
    if (rows.length > 0) yield rows;
  }
}

async function* readQuoted(
  path: string,
  delimiter: string,
  signal?: AbortSignal,
): AsyncGenerator<readonly DelimitedRow[]> {
  const parser = parse({
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    // A quote that is never closed would else gather the rest of the file, however large.
    max_record_size: MAX_LINE_CHARACTERS,
  });
  const source = Readable.from(textChunks(path, signal));
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let rows: DelimitedRow[] = [];
  // Counted here, because csv-parse counts a CRLF inside quotes twice; so it must not skip empty lines either.
  let line = 1;
  try {
    for await (const fields of parser as AsyncIterable<readonly string[]>) {
      if (fields.length > 1 || fields[0] !== '') rows.push({ line, fields });
      line += 1 + newlinesIn(fields);
      if (rows.length >= ROWS_PER_BATCH) {
        if (signal?.aborted) throw cancelledError();
        yield rows;
        rows = [];
      }
    }
  } catch (error) {
    if (!isUnclosedQuote(error)) throw error;
    if (rows.length > 0) yield rows;
    throw new EarmarkError(
      'table/quote',
      `A quote opened on line ${line} or after it is never closed, so the rows from there on could not be read. ` +
        'Close it, or double it if it is part of the text.',
      { line },
    );
  } finally {
    source.destroy();
    parser.destroy();
  }
  if (rows.length > 0) yield rows;
}

function isUnclosedQuote(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error)) return false;
  return error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE';
}

function newlinesIn(fields: readonly string[]): number {
  let count = 0;
  for (const field of fields) {
    for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) count++;
  }
  return count;
}

/** One field of a comma-separated row: quoted when it must be. */
export function csvField(value: string): string {
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** One row of comma-separated text, with its line end. */
export function csvRow(fields: readonly string[]): string {
  return `${fields.map(csvField).join(',')}\n`;
}
