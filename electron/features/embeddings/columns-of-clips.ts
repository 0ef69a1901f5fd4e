// One value for each of a list of clips by a term of the filter language, as numbers with a legend: what colours a map.
import type { MapLegend } from '../../../shared/contract/maps.ts';
import { flagKinds, flagTitles } from '../../../shared/domain/flag.ts';
import { EarmarkError } from '../../../shared/errors.ts';
import type { OpenProject } from '../open-project.ts';
import { columnOf, termOf } from '../working-set/index.ts';

export interface ColumnOfClips {
  readonly legend: MapLegend;
  /** Places in the legend's values; or numbers, NaN = none. In the order of the clips asked for. */
  readonly values: Uint16Array | Float32Array;
}

/** Up to so many different numbers are taken for names: a take, a device, a rating. */
const MOST_GROUPS = 12;
/** More are shown as the last. */
const MOST_VALUES = 65_535;

/**
 * @param by - `label`, `speaker`, `predicted("run")`, `correct`, `p("run", label)`, `durationSec`, `flag`...
 * @throws FilterError; EarmarkError `maps/no-colour` for ids, paths and hashes.
 */
export function columnOfClips(
  project: Pick<OpenProject, 'set' | 'rowOf'>,
  clipIds: Int32Array,
  by: string,
): ColumnOfClips {
  const { set } = project;
  const term = termOf(by);
  const { column } = columnOf(set, term);
  const rows = clipIds.map((id) => project.rowOf(id));
  switch (column.type) {
    case 'numbers':
      return numbers(Float32Array.from(rows, (row) => column.values[row] ?? Number.NaN));
    case 'codes': {
      const { dictionary } = column;
      const isScale = term.type === 'column' && dictionary.size > MOST_GROUPS;
      const read = isScale ? dictionary.asNumbers() : null;
      if (read !== null)
        return numbers(Float32Array.from(rows, (row) => read[column.codes[row] ?? -1] ?? Number.NaN));
      return categories(rows, (row) => dictionary.valueOf(column.codes[row] ?? -1));
    }
    case 'booleans':
      return categories(rows, (row) => ({ 1: 'yes', 0: 'no' })[String(column.values[row])] ?? null);
    case 'flags':
      // A clip with several flags is shown by the first of the list.
      return categories(rows, (row) => {
        const mask = column.masks[row] ?? 0;
        const kind = flagKinds.find((_, bit) => ((mask >>> bit) & 1) === 1);
        return kind === undefined ? null : flagTitles[kind];
      });
    case 'texts':
    case 'ids':
      throw new EarmarkError(
        'maps/no-colour',
        `Nearly every clip has another ${by}, so colours by it would say nothing. Choose a field with fewer values.`,
      );
  }
}

function numbers(values: Float32Array): ColumnOfClips {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  let missing = 0;
  for (const [at, value] of values.entries()) {
    if (!Number.isFinite(value)) {
      values[at] = Number.NaN;
      missing += 1;
      continue;
    }
    from = Math.min(from, value);
    to = Math.max(to, value);
  }
  const isEmpty = missing === values.length;
  return { legend: { kind: 'number', from: isEmpty ? 0 : from, to: isEmpty ? 0 : to, missing }, values };
}

function categories(rows: Int32Array, valueAt: (row: number) => string | null): ColumnOfClips {
  const counts = new Map<string | null, number>();
  const found = Array.from(rows, (row) => {
    const value = row < 0 ? null : valueAt(row);
    counts.set(value, (counts.get(value) ?? 0) + 1);
    return value;
  });
  const order = [...counts].sort(([a, n], [b, m]) => {
    // Clips without a value come last.
    if ((a === null) !== (b === null)) return a === null ? 1 : -1;
    return m - n || ((a ?? '') < (b ?? '') ? -1 : 1);
  });
  const places = new Map(order.map(([value], place) => [value, Math.min(place, MOST_VALUES)]));
  return {
    legend: { kind: 'category', values: order.map(([value, count]) => ({ value, count })) },
    values: Uint16Array.from(found, (value) => places.get(value) ?? MOST_VALUES),
  };
}
