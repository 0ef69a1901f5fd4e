// Which column of a predictions table means what (FORMATS 17).
import { columnKey } from '../mapping.ts';
import type { TableRow } from '../table-file.ts';

export interface PredictionColumns {
  /** Indices of columns, -1 where there is none. */
  readonly clip: number;
  readonly predicted: number;
  readonly confidence: number;
  readonly hypothesis: number;
  readonly latencyMs: number;
  /** Classes in column order. */
  readonly classes: readonly { readonly label: string; readonly index: number }[];
  /** Columns that were not used. */
  readonly unused: readonly string[];
}

const CLIP = [
  'path',
  'clip',
  'file',
  'audiofilepath',
  'filename',
  'filepath',
  'audio',
  'audiopath',
  'audiofile',
  'wav',
];
const PREDICTED = ['predicted', 'pred', 'prediction', 'predlabel', 'predictedlabel', 'predictedclass'];
const CONFIDENCE = ['confidence', 'score'];
const HYPOTHESIS = ['hypothesis', 'predtext', 'hyp'];
const LATENCY = ['latencyms', 'latency'];

/** Numeric columns that are about the clip, never a class. */
const ABOUT_CLIPS = new Set([
  'label',
  'givenlabel',
  'truelabel',
  'class',
  'target',
  'truth',
  'text',
  'transcript',
  'sentence',
  'split',
  'set',
  'speaker',
  'speakerid',
  'clientid',
  'gender',
  'age',
  'accent',
  'accents',
  'locale',
  'lang',
  'duration',
  'durationsec',
  'offset',
  'samplerate',
  'channels',
  'upvotes',
  'downvotes',
  'index',
  'id',
  'row',
  'loss',
  'entropy',
  'margin',
  'correct',
]);

/**
 * Finds the columns. Classes are the columns `p_<label>`; without any, the columns with a bare label for a name: those
 * of `knownLabels`, or, when at least two are left over, those that are no other field and hold numbers in `rows`.
 */
export function findColumns(
  columns: readonly string[],
  rows: readonly TableRow[],
  knownLabels: readonly string[],
): PredictionColumns {
  const keys = columns.map(columnKey);
  const find = (names: readonly string[]): number => {
    for (const name of names) {
      const index = keys.indexOf(name);
      if (index >= 0) return index;
    }
    return -1;
  };
  let predicted = find(PREDICTED);
  const clip = find(CLIP);
  const confidence = find(CONFIDENCE);
  let hypothesis = find(HYPOTHESIS);
  if (hypothesis < 0) hypothesis = columns.findIndex((name) => /^pred_text_/i.test(name));
  const latencyMs = find(LATENCY);

  const taken = new Set([clip, predicted, confidence, hypothesis, latencyMs]);
  const known = new Set(knownLabels);
  const prefixed = columns.flatMap((name, index) => {
    const isClass = name.startsWith('p_') && name.length > 2 && !taken.has(index) && isNumeric(rows, index);
    return isClass ? [{ label: name.slice(2), index }] : [];
  });
  const bare = columns.flatMap((name, index) => {
    if (taken.has(index) || !isNumeric(rows, index)) return [];
    const isClass = known.has(name) || !ABOUT_CLIPS.has(keys[index] ?? '');
    return isClass ? [{ label: name, index }] : [];
  });
  const classes = prefixed.length > 0 ? prefixed : bare.length >= 2 ? bare : [];
  // `file,label` alone is how many scripts write what they predicted.
  if (predicted < 0 && classes.length === 0 && hypothesis < 0) predicted = find(['label', 'class']);

  const used = new Set([
    clip,
    predicted,
    confidence,
    hypothesis,
    latencyMs,
    ...classes.map(({ index }) => index),
  ]);
  const unused = columns.filter((_, index) => !used.has(index));
  return { clip, predicted, confidence, hypothesis, latencyMs, classes, unused };
}

/** True when every filled cell of the rows is a number (NaN counts: it is a number gone wrong). */
function isNumeric(rows: readonly TableRow[], index: number): boolean {
  let filled = 0;
  for (const row of rows) {
    const cell = (row.values[index] ?? '').trim();
    if (cell === '') continue;
    filled++;
    if (Number.isNaN(toNumber(cell)) && !/^[-+]?nan$/i.test(cell)) return false;
  }
  return filled > 0;
}

/** A number as Python and JavaScript write it; NaN for everything else, the empty cell among it. */
export function toNumber(cell: string): number {
  const text = cell.trim();
  if (text === '') return Number.NaN;
  if (/^[-+]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return /^[-+]?(\d|\.\d)/.test(text) ? Number(text) : Number.NaN;
}
