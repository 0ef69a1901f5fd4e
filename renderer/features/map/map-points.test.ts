import { describe, expect, it } from 'vitest';
import {
  mapPointsFromBytes,
  mapPointsOf,
  matchedByCategory,
  matchedStates,
  pointSizeFor,
  withSelection,
} from './map-points.ts';
import { MATCHED, SELECTED } from './scatter/painter.ts';

const points = mapPointsOf(new Int32Array([12, 5, 40]), new Float32Array([0, 0, 1, 1, 2, 2]));

describe('the points of a map', () => {
  it('are found by their clip, and a clip that is not on the map is not', () => {
    expect([12, 5, 40, 6, 1000].map(points.pointOf)).toEqual([0, 1, 2, -1, -1]);
  });

  it('are read from the bytes of the engine', () => {
    const bytes = new ArrayBuffer(24);
    new Int32Array(bytes, 0, 2).set([7, 9]);
    new Float32Array(bytes, 8, 4).set([0.5, 1.5, -2, 3]);
    const read = mapPointsFromBytes(bytes);
    expect([...read.ids]).toEqual([7, 9]);
    expect([...read.xy]).toEqual([0.5, 1.5, -2, 3]);
    expect(read.bounds).toEqual({ minX: -2, minY: 1.5, maxX: 0.5, maxY: 3 });
    expect(() => mapPointsFromBytes(new ArrayBuffer(25))).toThrow(RangeError);
  });

  it('are in the filter or not, and selected when several are', () => {
    const statesOf = (matched: readonly number[] | null, selected: readonly number[]) => [
      ...withSelection(points, matchedStates(points, matched), new Set(selected)),
    ];
    expect(statesOf(null, [])).toEqual([MATCHED, MATCHED, MATCHED]);
    expect(statesOf([5, 99], [5])).toEqual([0, MATCHED, 0]);
    expect(statesOf([5], [5, 40, 99])).toEqual([0, MATCHED | SELECTED, SELECTED]);
  });

  it('are counted by class among the filter’s clips', () => {
    const states = new Uint8Array([MATCHED, 0, MATCHED | SELECTED]);
    expect([...matchedByCategory(new Uint16Array([1, 1, 0]), states, 2)]).toEqual([1, 1]);
  });

  it('are smaller the more there are, and grow as one zooms in', () => {
    const sizes = [500, 5000, 50_000, 1_000_000].map((n) => pointSizeFor(n, 600_000, 1, 1));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(pointSizeFor(5000, 600_000, 10, 1)).toBeGreaterThan(sizes[1] ?? 0);
    expect(sizes[3]).toBeGreaterThanOrEqual(1);
  });
});
