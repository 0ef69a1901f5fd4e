// Sorting the rows of tables by label. Undefined figures come last in either direction, ties stand in order of names.
import type { GridSort } from '../../ui/index.ts';

const natural = new Intl.Collator('en', { numeric: true });

export function sortedRows<Row extends { readonly label: string }>(
  rows: readonly Row[],
  sort: GridSort | null,
): readonly Row[] {
  if (!sort) return rows;
  const field = sort.field as keyof Row;
  const way = sort.descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const byName = natural.compare(a.label, b.label);
    const x = a[field];
    const y = b[field];
    if (x === null || y === null) return x === y ? byName : x === null ? 1 : -1;
    if (typeof x === 'number' && typeof y === 'number') return way * (x - y) || byName;
    return way * natural.compare(String(x), String(y)) || byName;
  });
}
