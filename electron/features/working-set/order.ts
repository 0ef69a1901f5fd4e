// Sorting rows: every sort key becomes whole-number ranks per row, and ranks are sorted by counting, which is stable
// and linear. Ranks and whole orders are kept while their column does not change.

import type { SortKey } from '../../../shared/contract/common.ts';
import { EarmarkError } from '../../../shared/errors.ts';
import { FilterError, parseTerm, type Term } from '../../../shared/filter/index.ts';
import { type BitSet, popCount } from './bit-set.ts';
import { naturalRanks } from './natural-order.ts';
import { columnOf, type TermColumn } from './terms.ts';
import type { WorkingSet } from './working-set.ts';

/** Ranks by row; -1 = no value. `count` ranks are in use. */
interface Ranks {
  readonly ranks: Int32Array;
  readonly count: number;
}

interface Kept<Value> {
  readonly version: number;
  readonly value: Value;
}

/** Orders kept per set: the last few sort keys. */
const KEPT_ORDERS = 8;
const keptRanks = new WeakMap<WorkingSet, Map<string, Kept<Ranks>>>();

/**
 * A term from the name of a column, as sorting, facets and histograms give it: `durationSec`, `flags`, `p(bed)`.
 * @throws EarmarkError `clips/unknown-field`
 */
export function termOf(text: string): Term {
  try {
    return parseTerm(text);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new EarmarkError('clips/unknown-field', `"${text}" is no field: ${error.message}`, { field: text });
  }
}

/**
 * The rows of `bits` in order: by the sort key, then by clip id. Clips without a value come last, also when descending.
 * Names are in natural order (`clip2` before `clip10`); flags sort by how many are open.
 * @throws EarmarkError `clips/unknown-field`; `filter/invalid` when a run is not there.
 */
export function sortedRows(set: WorkingSet, bits: BitSet, sort: SortKey | null): Int32Array {
  if (sort === null || set.size === 0) return bits.toRows();
  const { ranks, count } = ranksOf(set, columnOf(set, termOf(sort.field)));
  const rows = bits.toRows();
  return countingSort(rows, ranks, count, sort.descending);
}

function countingSort(rows: Int32Array, ranks: Int32Array, count: number, descending: boolean): Int32Array {
  if (rows.length * 16 < count) return fewSorted(rows, ranks, descending);
  const placeOf = (rank: number) => (rank < 0 ? count : descending ? count - 1 - rank : rank);
  const starts = new Int32Array(count + 2);
  for (let i = 0; i < rows.length; i++) starts[placeOf(ranks[rows[i]!]!) + 1]!++;
  for (let place = 1; place < starts.length; place++) starts[place]! += starts[place - 1]!;
  const sorted = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const place = placeOf(ranks[row]!);
    sorted[starts[place]!] = row;
    starts[place]!++;
  }
  return sorted;
}

/** The same for few rows among many ranks, where counting would cost more than comparing. */
function fewSorted(rows: Int32Array, ranks: Int32Array, descending: boolean): Int32Array {
  const direction = descending ? -1 : 1;
  return rows.slice().sort((a, b) => {
    const left = ranks[a]!;
    const right = ranks[b]!;
    if (left === right) return a - b;
    if (left < 0 || right < 0) return left < 0 ? 1 : -1;
    return (left - right) * direction;
  });
}

function ranksOf(set: WorkingSet, term: TermColumn): Ranks {
  let kept = keptRanks.get(set);
  if (kept === undefined) {
    kept = new Map();
    keptRanks.set(set, kept);
  }
  const known = kept.get(term.key);
  if (known !== undefined && known.version === term.version) return known.value;
  const value = computeRanks(term);
  kept.delete(term.key);
  kept.set(term.key, { version: term.version, value });
  for (const key of kept.keys()) {
    if (kept.size <= KEPT_ORDERS) break;
    if (key !== 'path') kept.delete(key);
  }
  return value;
}

function computeRanks({ column }: TermColumn): Ranks {
  switch (column.type) {
    case 'codes': {
      const byCode = column.dictionary.ranks();
      const ranks = column.codes.map((code) => (code < 0 ? -1 : byCode[code]!));
      return { ranks, count: byCode.length };
    }
    case 'texts':
      return { ranks: naturalRanks(column.texts), count: column.texts.length };
    case 'booleans':
      return { ranks: Int32Array.from(column.values), count: 2 };
    case 'flags':
      return {
        ranks: Int32Array.from(column.masks, (mask) => (mask === 0 ? -1 : popCount(mask))),
        count: 33,
      };
    case 'ids':
      return { ranks: Int32Array.from(column.values, (_, row) => row), count: column.values.length };
    case 'numbers':
      return numberRanks(column.values);
  }
}

/** Equal numbers get equal ranks. */
function numberRanks(values: Float64Array): Ranks {
  // Sorting the values themselves uses the engine's fast path without a comparison function; NaN ends up last.
  const sorted = values.slice().sort();
  let count = 0;
  for (let i = 0; i < sorted.length && !Number.isNaN(sorted[i]!); i++) {
    if (count === 0 || sorted[i]! !== sorted[count - 1]!) sorted[count++] = sorted[i]!;
  }
  const ranks = new Int32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) {
      ranks[row] = -1;
      continue;
    }
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    ranks[row] = low;
  }
  return { ranks, count };
}
