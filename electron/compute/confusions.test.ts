import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderClasses, topConfusions } from './confusions.ts';
import { createRandom } from './random.ts';

describe('top confusions', () => {
  it('lists the most frequent mistakes first, each with its share of the given label', () => {
    const matrix = Int32Array.of(90, 10, 0, 5, 20, 0, 5, 0, 5);
    expect(topConfusions(matrix, 3)).toEqual([
      { given: 0, predicted: 1, count: 10, shareOfGiven: 0.1 },
      { given: 2, predicted: 0, count: 5, shareOfGiven: 0.5 },
      { given: 1, predicted: 0, count: 5, shareOfGiven: 0.2 },
    ]);
    expect(topConfusions(matrix, 3, 1)).toHaveLength(1);
    expect(topConfusions(Int32Array.of(3, 0, 0, 4), 2)).toEqual([]);
  });
});

describe('order of the labels', () => {
  const matrix = Int32Array.of(5, 5, 0, 0, 20, 0, 0, 0, 0);

  it('by name, support and error', () => {
    expect([...orderClasses(matrix, 3, 'name', ['word10', 'word9', 'alpha'])]).toEqual([2, 1, 0]);
    expect([...orderClasses(matrix, 3, 'name')]).toEqual([0, 1, 2]);
    expect([...orderClasses(matrix, 3, 'support')]).toEqual([1, 0, 2]);
    expect([...orderClasses(matrix, 3, 'error')]).toEqual([0, 1, 2]);
  });

  it('by similarity, labels that are confused with one another stand together', () => {
    // Groups {0, 3, 6}, {1, 4, 7}, {2, 5, 8}: confusions only within a group, 0 and 6 most of all.
    const k = 9;
    const grouped = new Int32Array(k * k);
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < k; j++) grouped[i * k + j] = i === j ? 80 : i % 3 === j % 3 ? 10 : 0;
    }
    grouped[0 * k + 6] = 40;
    const order = [...orderClasses(grouped, k, 'similarity')];
    expect([...order].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const groups = order.map((label) => label % 3);
    expect(groups.filter((group, at) => at > 0 && group !== groups[at - 1]).length).toBe(2);
    expect(Math.abs(order.indexOf(0) - order.indexOf(6))).toBe(1);
  });

  it('merges in the order of a plain average-linkage clustering', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 14 }), (seed, k) => {
        const random = createRandom(seed);
        const counts = Int32Array.from({ length: k * k }, () => Math.floor(random() * 1000));
        const order = orderClasses(counts, k, 'similarity');
        // Every cluster of the plain clustering must be a contiguous stretch of the order.
        const place = new Map([...order].map((label, at) => [label, at]));
        for (const cluster of plainClusters(counts, k)) {
          const places = cluster.map((label) => place.get(label)!);
          expect(Math.max(...places) - Math.min(...places)).toBe(cluster.length - 1);
        }
      }),
    );
  });

  it('a thousand labels without a single confusion, and none at all, have an order', () => {
    expect(new Set(orderClasses(new Int32Array(1_000_000), 1000, 'similarity')).size).toBe(1000);
    expect([...orderClasses(new Int32Array(0), 0, 'similarity')]).toEqual([]);
    expect([...orderClasses(Int32Array.of(4), 1, 'similarity')]).toEqual([0]);
  });
});

function plainClusters(counts: Int32Array, k: number): number[][] {
  const rate = (i: number, j: number): number => {
    const support = counts.subarray(i * k, (i + 1) * k).reduce((sum, x) => sum + x, 0);
    return support > 0 ? counts[i * k + j]! / support : 0;
  };
  const apart = (i: number, j: number): number => 1 - (rate(i, j) + rate(j, i)) / 2;
  let clusters = Array.from({ length: k }, (_, label) => [label]);
  const merged: number[][] = [];
  while (clusters.length > 1) {
    let best: [number, number, number] = [0, 1, Number.POSITIVE_INFINITY];
    clusters.forEach((a, at) => {
      clusters.slice(at + 1).forEach((b, offset) => {
        const total = a.reduce((sum, i) => sum + b.reduce((inner, j) => inner + apart(i, j), 0), 0);
        const average = total / (a.length * b.length);
        if (average < best[2]) best = [at, at + 1 + offset, average];
      });
    });
    const joined = [...clusters[best[0]]!, ...clusters[best[1]]!];
    merged.push(joined);
    clusters = [...clusters.filter((_, at) => at !== best[0] && at !== best[1]), joined];
  }
  return merged;
}
