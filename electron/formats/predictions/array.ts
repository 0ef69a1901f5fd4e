// Predictions as an array: probs.npy (N x K) with the names of its columns and the clips of its rows (FORMATS 17).
import { promises as fs } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EarmarkError } from '../../../shared/errors.ts';
import { suggestMapping } from '../mapping.ts';
import { npyToFloat32, readNpyFile } from '../npy.ts';
import { firstRows, openTable } from '../table-file.ts';
import { textLines } from '../text-file.ts';
import type { ProblemList } from './problems.ts';
import { type RawPredictions, reportNotFinite } from './table.ts';

export interface ArraySource {
  readonly array: string;
  readonly labelsFile: string | null;
  readonly clipsFile: string | null;
}

const ARRAY_NAMES = ['probs.npy', 'pred_probs.npy', 'probabilities.npy', 'logits.npy', 'scores.npy'];
const LABEL_NAMES = ['labels.txt', 'classes.txt', 'label_names.txt'];
const CLIP_NAMES = ['clips.txt', 'clips.csv', 'clips.tsv', 'clips.jsonl', 'files.txt', 'paths.txt'];

/**
 * The array and the files beside it: in a folder, the array by its usual names or the only `.npy`; the other two by
 * theirs, where they are not given. Null when `source` is neither a folder nor an `.npy` file.
 * @throws EarmarkError `predictions/array` for a folder without an array, or with several to choose from.
 */
export async function findArray(
  source: string,
  labelsFile: string | null,
  clipsFile: string | null,
): Promise<ArraySource | null> {
  const isFolder = (await fs.stat(source)).isDirectory();
  if (!isFolder && !source.toLowerCase().endsWith('.npy')) return null;
  const folder = isFolder ? source : dirname(source);
  const names = new Set(await fs.readdir(folder).catch(() => []));
  const beside = (known: readonly string[]): string | null => {
    const name = known.find((candidate) => names.has(candidate));
    return name === undefined ? null : join(folder, name);
  };
  let array = source;
  if (isFolder) {
    const arrays = [...names].filter((name) => name.toLowerCase().endsWith('.npy')).sort();
    const found = beside(ARRAY_NAMES) ?? (arrays.length === 1 ? join(folder, arrays[0] ?? '') : null);
    if (found === null) {
      const what =
        arrays.length === 0 ? 'no .npy file' : `several .npy files (${arrays.slice(0, 5).join(', ')})`;
      throw new EarmarkError(
        'predictions/array',
        `The folder ${basename(folder)} holds ${what} and none named probs.npy. Choose the array or the table itself.`,
      );
    }
    array = found;
  }
  return { array, labelsFile: labelsFile ?? beside(LABEL_NAMES), clipsFile: clipsFile ?? beside(CLIP_NAMES) };
}

/**
 * Reads array, labels and clips and checks that their lengths agree. `labelsFor(K)` may name the columns when there is
 * no labels file.
 * @throws EarmarkError `predictions/shape`, `predictions/labels`, `predictions/clips`, and those of `readNpyFile`.
 */
export async function readPredictionArray(
  source: ArraySource,
  labelsFor: (classes: number) => readonly string[] | null,
  limit: number | null,
  problems: ProblemList,
): Promise<RawPredictions> {
  const name = basename(source.array);
  const array = await readNpyFile(source.array);
  const [count, classes] = array.shape;
  if (array.shape.length !== 2 || count === undefined || classes === undefined || classes < 1) {
    throw new EarmarkError(
      'predictions/shape',
      `${name} has the shape (${array.shape.join(', ')}); predictions need two dimensions, clips x classes. Nothing was imported.`,
      { shape: [...array.shape] },
    );
  }
  const labels = await labelsOf(source, classes, labelsFor);
  const { clips, lines } = await clipsOf(source, count);
  const all = npyToFloat32(array);

  const kept: number[] = [];
  const seen = new Set<string>();
  for (let row = 0; row < count && (limit === null || kept.length < limit); row++) {
    const clip = clips[row] ?? '';
    const example = `${clip} (row ${row + 1})`;
    if (seen.has(clip)) {
      problems.add('predictions/duplicate', 'More than one row for a clip; the first counts.', example);
      continue;
    }
    seen.add(clip);
    kept.push(row);
  }
  const scores = new Float32Array(kept.length * classes);
  for (const [to, row] of kept.entries()) {
    const values = all.subarray(row * classes, (row + 1) * classes);
    const isWhole = !values.some((value) => Number.isNaN(value) || value === Number.POSITIVE_INFINITY);
    if (isWhole) scores.set(values, to * classes);
    else {
      scores.fill(Number.NaN, to * classes, (to + 1) * classes);
      reportNotFinite(`${clips[row] ?? ''} (row ${row + 1})`, problems);
    }
  }
  const empty = <T>(): (T | null)[] => new Array<T | null>(kept.length).fill(null);
  return {
    labels,
    clips: kept.map((row) => clips[row] ?? ''),
    lines: kept.map((row) => lines[row] ?? row + 1),
    predicted: empty<string>(),
    confidence: empty<number>(),
    hypothesis: empty<string>(),
    latencyMs: empty<number>(),
    scores,
  };
}

async function labelsOf(
  source: ArraySource,
  classes: number,
  labelsFor: (classes: number) => readonly string[] | null,
): Promise<readonly string[]> {
  const name = basename(source.array);
  if (source.labelsFile === null) {
    const known = labelsFor(classes);
    if (known !== null && known.length === classes) return known;
    throw new EarmarkError(
      'predictions/labels',
      `${name} has ${classes} columns, and nothing names their classes. Give a file with ${classes} lines, one label each (labels.txt). Nothing was imported.`,
      { classes },
    );
  }
  const labels = await linesOf(source.labelsFile);
  const file = basename(source.labelsFile);
  if (labels.length !== classes) {
    throw new EarmarkError(
      'predictions/labels',
      `${file} has ${labels.length} labels, and ${name} has ${classes} columns. They must be as many. Nothing was imported.`,
      { labels: labels.length, classes },
    );
  }
  const twice = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twice !== undefined) {
    throw new EarmarkError('predictions/labels', `${file} names "${twice}" twice. Nothing was imported.`, {
      label: twice,
    });
  }
  return labels;
}

async function clipsOf(source: ArraySource, count: number): Promise<{ clips: string[]; lines: number[] }> {
  const name = basename(source.array);
  if (source.clipsFile === null) {
    throw new EarmarkError(
      'predictions/clips',
      `${name} has ${count} rows, and nothing says which clips they are. Give a file with ${count} lines, one path each (clips.txt), or a table with a column path. Nothing was imported.`,
      { rows: count },
    );
  }
  const found = await readClipNames(source.clipsFile);
  if (found.clips.length !== count) {
    throw new EarmarkError(
      'predictions/clips',
      `${basename(source.clipsFile)} names ${found.clips.length} clips, and ${name} has ${count} rows. They must be as many. Nothing was imported.`,
      { clips: found.clips.length, rows: count },
    );
  }
  return found;
}

/** One path per line, or a table with a path column. */
async function readClipNames(path: string): Promise<{ clips: string[]; lines: number[] }> {
  const clips: string[] = [];
  const lines: number[] = [];
  const table = await openTable(path);
  const isTable = table.columns.length > 1 || (table.hasHeader && /\.(csv|tsv|jsonl|ndjson)$/i.test(path));
  if (!isTable) {
    for await (const batch of textLines(path)) {
      for (const [index, text] of batch.lines.entries()) {
        if (text.trim() === '') continue;
        clips.push(text.trim());
        lines.push(batch.firstLine + index);
      }
    }
    return { clips, lines };
  }
  const column = suggestMapping(table.columns, await firstRows(table, 50)).path;
  const index = column === undefined ? 0 : table.columns.indexOf(column);
  for await (const rows of table.rows((failure) => {
    // A row left out would shift every later one.
    throw new EarmarkError('predictions/clips', `${failure.message} Nothing was imported.`);
  })) {
    for (const row of rows) {
      clips.push((row.values[index] ?? '').trim());
      lines.push(row.line);
    }
  }
  return { clips, lines };
}

async function linesOf(path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { lines } of textLines(path)) {
    for (const text of lines) if (text.trim() !== '') found.push(text.trim());
  }
  return found;
}
