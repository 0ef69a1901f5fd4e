// The rows of the geometry table, and sorting them. Undefined figures come last in either direction.
import type { ClassGeometry } from '../../../../shared/contract/embeddings.ts';
import type { GridSort } from '../../../ui/index.ts';

export interface GeometryRow extends ClassGeometry {
  /** inter / intra: how many times its own width the nearest class is away; null where undefined. */
  readonly ratio: number | null;
}

export function rowsOf(classes: readonly ClassGeometry[]): readonly GeometryRow[] {
  return classes.map((one) => ({
    ...one,
    ratio:
      one.inter === null || one.intra === null || one.intra <= 0 || one.n < 2 ? null : one.inter / one.intra,
  }));
}

const natural = new Intl.Collator('en', { numeric: true });

export function sortedGeometry(rows: readonly GeometryRow[], sort: GridSort | null): readonly GeometryRow[] {
  if (!sort) return rows;
  const field = sort.field as keyof GeometryRow;
  const way = sort.descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const byName = natural.compare(a.label, b.label);
    const x = a[field];
    const y = b[field];
    if (x === null || y === null) return x === y ? byName : x === null ? 1 : -1;
    if (typeof x === 'string' || typeof y === 'string')
      return way * natural.compare(String(x), String(y)) || byName;
    return way * (x - y) || byName;
  });
}
