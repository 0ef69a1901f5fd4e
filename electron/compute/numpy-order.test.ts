import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argsortAsNumpy, roundHalfEven, sumAsNumpy } from './numpy-order.ts';
import { quickselect } from './select.ts';

const values = fc
  .array(fc.integer({ min: -8, max: 8 }), { maxLength: 300 })
  .map((list) => Float64Array.from(list));

describe('numpy order', () => {
  it('argsort is a sorting permutation, ties or not', () => {
    fc.assert(
      fc.property(values, (list) => {
        const order = argsortAsNumpy(list);
        expect([...order].sort((a, b) => a - b)).toEqual([...list.keys()]);
        expect(Float64Array.from(order, (at) => list[at]!)).toEqual(list.slice().sort());
      }),
    );
  });

  it('ties stand as NumPy 1.24 leaves them', () => {
    const ordered = (list: number[]): number[] => [...argsortAsNumpy(Float64Array.from(list))];
    expect(ordered([1, 0, 1, 0])).toEqual([1, 3, 0, 2]);
    // numpy.argsort([i * 7 % 5 for i in range(20)]) and the same of i * i % 3 for 17 values, NumPy 1.24.2.
    expect(ordered(Array.from({ length: 20 }, (_, i) => (i * 7) % 5))).toEqual([
      0, 15, 5, 10, 3, 8, 18, 13, 1, 16, 6, 11, 14, 9, 4, 19, 7, 2, 17, 12,
    ]);
    expect(ordered(Array.from({ length: 17 }, (_, i) => (i * i) % 3))).toEqual([
      0, 3, 12, 6, 15, 9, 14, 13, 11, 10, 8, 5, 4, 2, 1, 7, 16,
    ]);
  });

  it('halves go to the even neighbour', () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 2.6, 7].map(roundHalfEven)).toEqual([0, 2, 2, 0, -2, 2, 3, 7]);
  });

  it('sums are right over every block size', () => {
    for (const count of [0, 1, 7, 8, 9, 127, 128, 129, 1000, 8192, 8193, 20000]) {
      const list = Float64Array.from({ length: count + 3 }, (_, i) => i % 97);
      expect(sumAsNumpy(list, 3, count)).toBe(list.subarray(3).reduce((sum, value) => sum + value, 0));
    }
  });

  it('quickselect finds the value of every rank and parts the rest around it', () => {
    fc.assert(
      fc.property(values, fc.nat(), (list, at) => {
        fc.pre(list.length > 0);
        const rank = at % list.length;
        const sorted = list.slice().sort();
        const worked = list.slice();
        expect(quickselect(worked, rank)).toBe(sorted[rank]);
        expect(worked.subarray(0, rank).every((value) => value <= sorted[rank]!)).toBe(true);
        expect(worked.subarray(rank).every((value) => value >= sorted[rank]!)).toBe(true);
      }),
    );
  });
});
