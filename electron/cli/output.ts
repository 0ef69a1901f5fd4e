// What a command prints: with --json one document on stdout and nothing else there; otherwise readable text. Progress
// and notices go to stderr.
import { CANCELLED, type ErrorData, toErrorData } from '../../shared/errors.ts';

export const exitCodes = { done: 0, findings: 1, usage: 2, input: 3, project: 4, cancelled: 130 } as const;

const BAR_COLUMNS = 30;
const BAR_INTERVAL_MS = 100;

export class Output {
  readonly isJson: boolean;
  readonly isQuiet: boolean;

  constructor(options: { json?: boolean; quiet?: boolean }) {
    this.isJson = options.json ?? false;
    this.isQuiet = options.quiet ?? false;
  }

  /** The command's result: the document, or `text` for people. */
  result(document: unknown, text: () => string): void {
    process.stdout.write(this.isJson ? `${JSON.stringify(document, nullJson)}\n` : `${text()}\n`);
  }

  notice(line: string): void {
    if (!this.isQuiet) process.stderr.write(`${line}\n`);
  }

  /** Prints the error and says which exit code it means. */
  error(error: unknown): number {
    const data = toErrorData(error);
    if (data.code === 'internal' && error instanceof Error && process.env.EARMARK_DEBUG)
      process.stderr.write(`${error.stack}\n`);
    if (this.isJson)
      process.stdout.write(`${JSON.stringify({ error: { ...data, details: data.details ?? {} } })}\n`);
    else
      process.stderr.write(
        `${data.code === CANCELLED ? 'Cancelled. What was done is kept.' : `Error: ${data.message}`}\n`,
      );
    return exitCodeOf(data);
  }
}

/** JSON has no NaN or infinity: undefined figures are null. */
function nullJson(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

function exitCodeOf({ code }: ErrorData): number {
  if (code === CANCELLED) return exitCodes.cancelled;
  if (code.startsWith('project/')) return exitCodes.project;
  if (/^(usage|filter|run|clip|flag|label|export|undo|history|serve|request)\//.test(code))
    return exitCodes.usage;
  if (/^(embedding|map)\/(exists|unknown|none)$/.test(code)) return exitCodes.usage;
  return exitCodes.input;
}

/** One line on stderr with phase, share, count and time left; only on a terminal. */
export class ProgressBar {
  private readonly isShown: boolean;
  private name = '';
  private startedMs = Date.now();
  private lastMs = 0;
  private isDrawn = false;

  constructor(output: Output) {
    this.isShown = !output.isQuiet && process.stderr.isTTY === true;
  }

  phase(name: string): void {
    this.name = name;
    this.startedMs = Date.now();
    this.lastMs = 0;
  }

  progress(done: number, total: number | null): void {
    const now = Date.now();
    if (!this.isShown || now - this.lastMs < BAR_INTERVAL_MS) return;
    this.lastMs = now;
    const elapsedSec = (now - this.startedMs) / 1000;
    const rate = elapsedSec > 0 ? done / elapsedSec : 0;
    const filled = total ? Math.round((done / total) * BAR_COLUMNS) : 0;
    const bar = total ? `[${'#'.repeat(filled)}${'.'.repeat(Math.max(0, BAR_COLUMNS - filled))}] ` : '';
    const left = total && rate > 0 ? `, ${Math.ceil((total - done) / rate)} s left` : '';
    process.stderr.write(
      `\r\x1b[K${this.name} ${bar}${done}${total ? ` of ${total}` : ''} (${Math.round(rate)}/s${left})`,
    );
    this.isDrawn = true;
  }

  end(): void {
    if (this.isDrawn) process.stderr.write('\r\x1b[K');
    this.isDrawn = false;
  }
}

/** Rows as aligned columns; numbers to the right. */
export function table(
  headers: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const cells = rows.map((row) => row.map((cell) => (cell === null ? '-' : String(cell))));
  const widths = headers.map((header, column) =>
    Math.max(header.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[], isHeader: boolean): string =>
    row
      .map((cell, column) =>
        !isHeader && typeof rows[0]?.[column] === 'number'
          ? cell.padStart(widths[column] ?? 0)
          : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(headers, true), ...cells.map((row) => line(row, false))].join('\n');
}

export function percent(value: number | null): string {
  return value === null ? '-' : `${(value * 100).toFixed(1)}%`;
}
