// The distances between classes as the matrix shows them: order, scale of colours, words.
import type { ClassGeometry } from '../../../../shared/contract/embeddings.ts';

export const distanceOrders = ['similarity', 'support', 'name'] as const;
export type DistanceOrder = (typeof distanceOrders)[number];

export interface Distances {
  readonly labels: readonly string[];
  /** values[i * n + j]: distance of the centres of labels i and j; NaN where one has no clips. */
  readonly values: Float64Array;
  /** Smallest and largest distance of two different classes; both 0 when there is none. */
  readonly nearest: number;
  readonly farthest: number;
}

const natural = new Intl.Collator('en', { numeric: true });

/**
 * An order of 0..n-1 that puts classes near each other side by side: from one end of the nearest pair on, always the
 * class nearest to the last one. Ties by place. `distanceOf` may give null (no clips): such classes come last.
 */
export function bySimilarity(n: number, distanceOf: (i: number, j: number) => number | null): number[] {
  const at = (i: number, j: number) => distanceOf(i, j) ?? Number.POSITIVE_INFINITY;
  const left = new Set(Array.from({ length: n }, (_, i) => i));
  let last = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      if (at(i, j) >= least) continue;
      least = at(i, j);
      last = i;
    }
  }
  const order: number[] = [];
  while (left.size > 0) {
    order.push(last);
    left.delete(last);
    let next = -1;
    for (const other of left) if (next < 0 || at(last, other) < at(last, next)) next = other;
    last = next;
  }
  return order;
}

/** The matrix in an order. `rows[i][j]` = distance between the centres of classes i and j. */
export function distancesOf(
  classes: readonly Pick<ClassGeometry, 'label' | 'n'>[],
  rows: readonly (readonly (number | null)[])[],
  order: DistanceOrder,
): Distances {
  const n = classes.length;
  const distanceOf = (i: number, j: number) => rows[i]?.[j] ?? null;
  const places = Array.from(classes.keys());
  const label = (i: number) => classes[i]?.label ?? '';
  const ordered =
    order === 'similarity'
      ? bySimilarity(n, distanceOf)
      : places.sort((a, b) =>
          order === 'name'
            ? natural.compare(label(a), label(b))
            : (classes[b]?.n ?? 0) - (classes[a]?.n ?? 0) || a - b,
        );
  const values = new Float64Array(n * n);
  let nearest = Number.POSITIVE_INFINITY;
  let farthest = 0;
  for (const [row, i] of ordered.entries()) {
    for (const [column, j] of ordered.entries()) {
      const value = distanceOf(i, j) ?? Number.NaN;
      values[row * n + column] = value;
      if (row === column || !Number.isFinite(value)) continue;
      nearest = Math.min(nearest, value);
      farthest = Math.max(farthest, value);
    }
  }
  return { labels: ordered.map(label), values, nearest: Math.min(nearest, farthest), farthest };
}

export function distanceAt(distances: Distances, row: number, column: number): number {
  return distances.values[row * distances.labels.length + column] ?? Number.NaN;
}

/** 1 = the two nearest classes, which stand out; 0 = the two farthest. Null: nothing to show (the diagonal, no clips). */
export function closenessAt(distances: Distances, row: number, column: number): number | null {
  const value = distanceAt(distances, row, column);
  if (row === column || !Number.isFinite(value)) return null;
  const { nearest, farthest } = distances;
  return farthest > nearest ? (farthest - value) / (farthest - nearest) : 1;
}

/** With as many digits as tell the classes apart: distances of an embedding may be of any size. */
export function distanceText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function cellInWords(
  distances: Distances,
  intraOf: (label: string) => number | null,
  row: number,
  column: number,
): string {
  const a = distances.labels[row] ?? '';
  const b = distances.labels[column] ?? '';
  if (row === column) return `${a}: clips lie ${distanceText(intraOf(a))} from its centre in the mean`;
  const value = distanceAt(distances, row, column);
  if (!Number.isFinite(value)) return `${a} and ${b}: one of them has no clips here`;
  return `${a} and ${b}: centres ${distanceText(value)} apart, clips lie ${distanceText(intraOf(a))} and ${distanceText(intraOf(b))} from their own`;
}
