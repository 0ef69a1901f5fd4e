// Sorting the figures of classes. Undefined figures come last in either direction.
import type { ClassFigures } from '../metrics/index.ts';

export type ClassField =
  | 'label'
  | 'support'
  | 'predicted'
  | 'precision'
  | 'recall'
  | 'f1'
  | 'rocAuc'
  | 'averagePrecision';

export interface ClassSort {
  readonly field: string;
  readonly descending: boolean;
}

const natural = new Intl.Collator('en', { numeric: true });

export function sortedClasses(
  classes: readonly ClassFigures[],
  sort: ClassSort | null,
): readonly ClassFigures[] {
  if (!sort) return classes;
  const field = sort.field as ClassField;
  const way = sort.descending ? -1 : 1;
  return classes.toSorted((a, b) => {
    const byName = natural.compare(a.label, b.label);
    if (field === 'label') return way * byName;
    const x = a[field];
    const y = b[field];
    if (x === null || y === null) return x === y ? byName : x === null ? 1 : -1;
    return way * (x - y) || byName;
  });
}
