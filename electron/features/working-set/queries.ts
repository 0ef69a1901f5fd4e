// Filter text to rows, with the last answers kept while nothing has changed.
import type { ClipSelection, SortKey } from '../../../shared/contract/common.ts';
import { parseFilter } from '../../../shared/filter/index.ts';
import type { BitSet } from './bit-set.ts';
import { compileFilter } from './compile.ts';
import { sortedRows } from './order.ts';
import type { WorkingSet } from './working-set.ts';

/** A million rows are 4 MB an order and 125 KB a filter. */
const KEPT_FILTERS = 32;
const KEPT_ORDERS = 8;

interface Answers {
  version: number;
  readonly filters: Map<string, BitSet>;
  readonly orders: Map<string, Int32Array>;
}

const answersOf = new WeakMap<WorkingSet, Answers>();

function answers(set: WorkingSet): Answers {
  let kept = answersOf.get(set);
  if (kept === undefined) {
    kept = { version: set.version, filters: new Map(), orders: new Map() };
    answersOf.set(set, kept);
  }
  if (kept.version !== set.version) {
    kept.version = set.version;
    kept.filters.clear();
    kept.orders.clear();
  }
  return kept;
}

function remember<Value>(map: Map<string, Value>, limit: number, key: string, make: () => Value): Value {
  const value = map.get(key) ?? make();
  // Moved to the end, so that the first key is the one unused for longest.
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > limit && !oldest.done) map.delete(oldest.value);
  return value;
}

/**
 * The rows a filter text matches. The set is shared: do not add to it.
 * @throws FilterError
 */
export function matchingRows(set: WorkingSet, filter: string): BitSet {
  return remember(answers(set).filters, KEPT_FILTERS, filter.trim(), () =>
    compileFilter(parseFilter(filter), set),
  );
}

/**
 * The rows a filter matches, in order. Shared: do not change it.
 * @throws FilterError; EarmarkError `clips/unknown-field`
 */
export function orderedRows(set: WorkingSet, filter: string, sort: SortKey | null): Int32Array {
  const key = JSON.stringify([filter.trim(), sort?.field, sort?.descending]);
  return remember(answers(set).orders, KEPT_ORDERS, key, () =>
    sortedRows(set, matchingRows(set, filter), sort),
  );
}

/** Rows of a selection; ids that are not here are left out, each row comes once. */
export function selectedRows(set: WorkingSet, selection: ClipSelection): Int32Array {
  if ('filter' in selection) return orderedRows(set, selection.filter, null);
  const rows = new Set<number>();
  for (const id of selection.ids) {
    const row = set.rowOf(id);
    if (row >= 0) rows.add(row);
  }
  return Int32Array.from(rows);
}
