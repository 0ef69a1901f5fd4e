import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxAround, pointsInside } from './lasso.ts';

const square = boxAround(0, 0, 10, 10);

/** Winding by every edge, without bands. */
function isInside(polygon: readonly number[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0; i < polygon.length; i += 2) {
    const [x0 = 0, y0 = 0] = polygon.slice(i, i + 2);
    const [x1 = 0, y1 = 0] = polygon.slice((i + 2) % polygon.length, ((i + 2) % polygon.length) + 2);
    if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) inside = !inside;
  }
  return inside;
}

describe('the lasso', () => {
  it('takes the points inside and leaves the others', () => {
    expect(pointsInside(new Float32Array([5, 5, 11, 5, -1, 5, 5, 11, 9.9, 0.1]), square)).toEqual([0, 4]);
  });

  it('takes only points that count', () => {
    expect(pointsInside(new Float32Array([5, 5, 6, 6]), square, (point) => point === 1)).toEqual([1]);
  });

  it('knows the dent of a line that bends inwards', () => {
    const u = [0, 0, 10, 0, 10, 10, 7, 10, 7, 3, 3, 3, 3, 10, 0, 10];
    expect(pointsInside(new Float32Array([5, 8, 1, 8, 9, 8, 5, 1]), u)).toEqual([1, 2, 3]);
  });

  it('agrees with going round every edge, whatever is drawn', () => {
    const number = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 6, maxLength: 60 }).map((list) => list.slice(0, list.length & ~1)),
        fc.array(number, { minLength: 2, maxLength: 100 }).map((list) => list.slice(0, list.length & ~1)),
        (polygon, flat) => {
          // Half-way between the corners: on an edge either answer would do.
          const xy = Float32Array.from(flat, (value) => value + 0.5);
          const expected = Array.from({ length: xy.length / 2 }, (_, i) => i).filter((i) =>
            isInside(polygon, xy[2 * i] ?? 0, xy[2 * i + 1] ?? 0),
          );
          expect(pointsInside(xy, polygon)).toEqual(expected);
        },
      ),
    );
  });

  it('encloses nothing with fewer than three corners or a line without area', () => {
    expect(pointsInside(new Float32Array([5, 5]), [0, 0, 10, 10])).toEqual([]);
    expect(pointsInside(new Float32Array([5, 5]), [0, 0, 10, 0, 20, 0])).toEqual([]);
  });
});
