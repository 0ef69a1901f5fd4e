// The clips table and the filter bar, answered from the working set alone.
//   clipPage, clipFacets, clipHistogram, clipPosition, describeSelection   the `clips` calls
//   checkFilter, completeFilter                                            the `filter` calls
//   clipsJson                                                              the `clips` command
//   rowAt, resolveSelection, orderedIds, matchingRows, orderedRows         for other features

import type { z } from 'zod';
import type { Facet, histogram } from '../../shared/contract/clips.ts';
import type { ClipSelection, SortKey } from '../../shared/contract/common.ts';
import { type ClipRow, reviewStates } from '../../shared/domain/clip.ts';
import { flagKinds } from '../../shared/domain/flag.ts';
import { EarmarkError } from '../../shared/errors.ts';
import {
  type Completion,
  complete,
  FilterError,
  findField,
  type TermInfo,
} from '../../shared/filter/index.ts';
import {
  columnOf,
  compareNaturally,
  matchingRows,
  orderedRows,
  selectedRows,
  termOf,
  type WorkingSet,
} from './working-set/index.ts';

export { matchingRows, orderedRows };

/** One row of the clips table. `givenProbability` reads the run's probabilities on first use. */
export function rowAt(set: WorkingSet, row: number): ClipRow {
  const { codes, numbers } = set;
  const text = (name: keyof typeof codes) => codes[name].dictionary.valueOf(codes[name].codes[row] ?? -1);
  const number = (name: keyof typeof numbers) => finite(numbers[name].values[row]);
  const run = set.run(null);
  const review = text('review');
  return {
    id: set.ids[row] ?? 0,
    path: set.path.texts[row] ?? '',
    dataset: text('dataset') ?? '',
    kind: text('kind') === 'noise' ? 'noise' : 'speech',
    label: text('label'),
    originalLabel: text('originalLabel'),
    transcript: text('transcript'),
    originalTranscript: text('originalTranscript'),
    split: text('split'),
    speaker: text('speaker'),
    gender: text('gender'),
    age: text('age'),
    accent: text('accent'),
    locale: text('locale'),
    durationSec: number('durationSec') ?? 0,
    sampleRate: number('sampleRate') ?? 0,
    channels: number('channels') ?? 0,
    container: text('container') ?? '',
    peakDbfs: number('peakDbfs'),
    rmsDbfs: number('rmsDbfs'),
    clippedSamples: number('clippedSamples') ?? 0,
    leadingSilenceSec: number('leadingSilenceSec') ?? 0,
    trailingSilenceSec: number('trailingSilenceSec') ?? 0,
    review: reviewStates.find((state) => state === review) ?? null,
    reviewReason: text('reviewReason'),
    note: text('note'),
    isPresent: set.present.values[row] === 1,
    flags: set.openFlagsAt(row),
    predicted: run === null ? null : set.labels.valueOf(run.predicted.codes[row] ?? -1),
    confidence: run === null ? null : finite(run.confidence.values[row]),
    givenProbability: run === null ? null : finite(run.probabilityAt(row, codes.label.codes[row] ?? -1)),
  };
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

interface PageInput {
  readonly filter: string;
  readonly sort: SortKey | null;
  readonly offset: number;
  readonly limit: number;
}

/** @throws FilterError; EarmarkError `clips/unknown-field` */
export function clipPage(set: WorkingSet, input: PageInput) {
  const rows = orderedRows(set, input.filter, input.sort);
  return {
    total: set.size,
    matched: rows.length,
    revision: set.revision,
    rows: Array.from(rows.subarray(input.offset, input.offset + input.limit), (row) => rowAt(set, row)),
  };
}

/** Clip ids of a filter in sorted order. */
export function orderedIds(set: WorkingSet, filter: string, sort: SortKey | null): Int32Array {
  return orderedRows(set, filter, sort).map((row) => set.ids[row] ?? 0);
}

/** Ids of the clips of a selection that are in the project, each once. */
export function resolveSelection(set: WorkingSet, selection: ClipSelection): Int32Array {
  return selectedRows(set, selection).map((row) => set.ids[row] ?? 0);
}

/**
 * Counts per value among the filter's clips, most frequent first. A clip with several open flags counts under each.
 * `distinct` counts values without null.
 * @throws FilterError; EarmarkError `clips/unknown-field`, `clips/no-facet` for ids, paths and hashes
 */
export function clipFacets(
  set: WorkingSet,
  input: { readonly filter: string; readonly fields: readonly string[]; readonly limit: number },
): Facet[] {
  const rows = matchingRows(set, input.filter).toRows();
  return input.fields.map((field) => {
    const counts = valueCounts(set, rows, field);
    const values = [...counts].map(([value, count]) => ({ value, count }));
    values.sort((a, b) => b.count - a.count || compareValues(a.value, b.value));
    return {
      field,
      values: values.slice(0, input.limit),
      distinct: values.length - (counts.has(null) ? 1 : 0),
    };
  });
}

/** Null after every value. */
function compareValues(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return compareNaturally(a, b);
}

function valueCounts(set: WorkingSet, rows: Int32Array, field: string): Map<string | null, number> {
  const counts = new Map<string | null, number>();
  const count = (value: string | null, times = 1) => {
    if (times > 0) counts.set(value, (counts.get(value) ?? 0) + times);
  };
  const term = termOf(field);
  // A facet of the run in use is empty, not an error, while no run is in use.
  if (
    term.type === 'field' &&
    findField(term.field)?.isOfRun === true &&
    term.run === null &&
    set.run(null) === null
  ) {
    count(null, rows.length);
    return counts;
  }
  const { column } = columnOf(set, term);
  switch (column.type) {
    case 'codes': {
      // Index 0 = null.
      const byCode = new Int32Array(column.dictionary.size + 1);
      for (let i = 0; i < rows.length; i++) byCode[column.codes[rows[i]!]! + 1]!++;
      byCode.forEach((times, index) => {
        count(column.dictionary.valueOf(index - 1), times);
      });
      return counts;
    }
    case 'flags': {
      for (let bit = 0; bit < flagKinds.length; bit++) {
        let times = 0;
        for (let i = 0; i < rows.length; i++) times += (column.masks[rows[i]!]! >>> bit) & 1;
        count(flagKinds[bit] ?? null, times);
      }
      let without = 0;
      for (let i = 0; i < rows.length; i++) if (column.masks[rows[i]!] === 0) without++;
      count(null, without);
      return counts;
    }
    case 'booleans': {
      for (let i = 0; i < rows.length; i++) {
        const value = column.values[rows[i]!]!;
        count(value < 0 ? null : String(value === 1));
      }
      return counts;
    }
    case 'numbers': {
      const byValue = new Map<number | null, number>();
      for (let i = 0; i < rows.length; i++) {
        const value = finite(column.values[rows[i]!]);
        byValue.set(value, (byValue.get(value) ?? 0) + 1);
      }
      for (const [value, times] of byValue) count(value === null ? null : String(value), times);
      return counts;
    }
    case 'ids':
    case 'texts':
      throw new EarmarkError(
        'clips/no-facet',
        `${field} is different for every clip; it cannot be counted.`,
        { field },
      );
  }
}

/**
 * Counts of a number in equal bins over the range of all clips; the last bin includes its upper edge.
 * @throws FilterError; EarmarkError `clips/unknown-field`, `clips/no-number`
 */
export function clipHistogram(
  set: WorkingSet,
  input: { readonly filter: string; readonly field: string; readonly bins: number },
): z.infer<typeof histogram> {
  const { column } = columnOf(set, termOf(input.field));
  if (column.type !== 'numbers') {
    throw new EarmarkError('clips/no-number', `${input.field} is no number, so it has no histogram.`, {
      field: input.field,
    });
  }
  const { values } = column;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) low = high = 0;
  if (low === high) high = low + 1;
  const { bins } = input;
  const edges = Array.from({ length: bins + 1 }, (_, i) =>
    i === bins ? high : low + ((high - low) * i) / bins,
  );
  const bits = matchingRows(set, input.filter);
  const counts = new Array<number>(bins).fill(0);
  const totals = new Array<number>(bins).fill(0);
  let missing = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    const isMatched = bits.has(row);
    if (!Number.isFinite(value)) {
      if (isMatched) missing++;
      continue;
    }
    let bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
    // A rounded quotient may fall on the wrong side of the edge that is shown.
    if (bin > 0 && value < edges[bin]!) bin--;
    else if (bin < bins - 1 && value >= edges[bin + 1]!) bin++;
    totals[bin]!++;
    if (isMatched) counts[bin]!++;
  }
  return { field: input.field, edges, counts, totals, missing };
}

/** Where a clip stands in a sorted, filtered list; -1 = not in it. */
export function clipPosition(
  set: WorkingSet,
  input: { readonly id: number; readonly filter: string; readonly sort: SortKey | null },
): { index: number } {
  const row = set.rowOf(input.id);
  return { index: row < 0 ? -1 : orderedRows(set, input.filter, input.sort).indexOf(row) };
}

/** Number of clips of a selection and their labels, most frequent first. */
export function describeSelection(set: WorkingSet, selection: ClipSelection) {
  const rows = selectedRows(set, selection);
  const labels = [...valueCounts(set, rows, 'label')].map(([label, count]) => ({ label, count }));
  labels.sort((a, b) => b.count - a.count || compareValues(a.label, b.label));
  return { clips: rows.length, labels };
}

/** Whether a filter can be used on this project, and how many clips it matches. */
export function checkFilter(set: WorkingSet, input: { readonly text: string }) {
  try {
    return { ok: true as const, matched: matchingRows(set, input.text).count() };
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const { position, length, message, expected } = error;
    return { ok: false as const, position, length, message, expected: [...expected] };
  }
}

/** What could be written at the cursor, with the project's own values and runs. */
export function completeFilter(
  set: WorkingSet,
  input: { readonly text: string; readonly cursor: number },
): Completion {
  return complete(input.text, input.cursor, {
    runs: [...set.runs.keys()],
    columns: set.columnNames,
    values: (field) => knownValues(set, field),
  });
}

/** Most frequent first; of labels also those that only a run knows. */
function knownValues(set: WorkingSet, field: TermInfo): { value: string; count: number }[] {
  if (field.type === 'text' || field.type === 'id' || (field.type === 'number' && !field.isFacet)) return [];
  const [facet] = clipFacets(set, { filter: '', fields: [field.name], limit: Number.MAX_SAFE_INTEGER });
  const known = (facet?.values ?? []).flatMap(({ value, count }) =>
    value === null ? [] : [{ value, count }],
  );
  if (field.type !== 'label') return known;
  const seen = new Set(known.map(({ value }) => value));
  const others = [...set.runs.values()].flatMap((run) => run.labels).filter((label) => !seen.has(label));
  return [...known, ...[...new Set(others)].map((value) => ({ value, count: 0 }))];
}

/** `label` or, for descending, `-label`. */
export function parseSort(text: string | null): SortKey | null {
  if (text === null || text.trim() === '') return null;
  const descending = text.startsWith('-');
  return { field: descending ? text.slice(1) : text, descending };
}

const defaultFields = [
  'path',
  'label',
  'originalLabel',
  'transcript',
  'split',
  'speaker',
  'durationSec',
  'sampleRate',
  'channels',
  'container',
  'dataset',
  'kind',
  'originalTranscript',
  'gender',
  'age',
  'accent',
  'locale',
  'peakDbfs',
  'rmsDbfs',
  'clippedSamples',
  'leadingSilenceSec',
  'trailingSilenceSec',
  'review',
  'reviewReason',
  'note',
  'isPresent',
  'flags',
  'predicted',
  'confidence',
  'givenProbability',
  'id',
] as const satisfies readonly (keyof ClipRow)[];

export interface ClipsJsonInput {
  readonly filter: string;
  /** Null = all columns of the clips table. Other terms (`p(bed)`, `latencyMs`) are allowed too. */
  readonly fields: readonly string[] | null;
  readonly sort: SortKey | null;
  /** Null = no limit. */
  readonly limit: number | null;
  readonly offset: number;
}

/**
 * The document of the `clips` command: `total` = all clips that match.
 * @throws FilterError; EarmarkError `clips/unknown-field`
 */
export function clipsJson(
  set: WorkingSet,
  input: ClipsJsonInput,
): { total: number; clips: Record<string, ClipRow[keyof ClipRow]>[] } {
  const rows = orderedRows(set, input.filter, input.sort);
  const end = input.limit === null ? rows.length : input.offset + input.limit;
  const readers = (input.fields ?? defaultFields).map((field) => [field, fieldReader(set, field)] as const);
  const clips = Array.from(rows.subarray(input.offset, end), (row) => {
    const clip = rowAt(set, row);
    return Object.fromEntries(readers.map(([field, read]) => [field, read(row, clip)]));
  });
  return { total: rows.length, clips };
}

type Reader = (row: number, clip: ClipRow) => ClipRow[keyof ClipRow];

function fieldReader(set: WorkingSet, field: string): Reader {
  const own = defaultFields.find((name) => name === field);
  if (own !== undefined) return (_, clip) => clip[own];
  const term = termOf(field);
  const inRow = term.type === 'field' && term.run === null ? findField(term.field)?.column : null;
  const alias = defaultFields.find((name) => name === inRow);
  if (alias !== undefined) return (_, clip) => clip[alias];
  const { column } = columnOf(set, term);
  switch (column.type) {
    case 'codes':
      return (row) => column.dictionary.valueOf(column.codes[row] ?? -1);
    case 'numbers':
    case 'ids':
      return (row) => finite(column.values[row]);
    case 'booleans':
      return (row) => ((column.values[row] ?? -1) < 0 ? null : column.values[row] === 1);
    case 'texts':
      return (row) => column.texts[row] ?? null;
    case 'flags':
      return (row) => set.openFlagsAt(row);
  }
}
