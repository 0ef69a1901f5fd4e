import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Direction, gridOf, nearestPoint, neighbourTowards } from './spatial-grid.ts';

const coordinate = fc.integer({ min: -40, max: 40 });
const points = fc
  .array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 120 })
  .map((pairs) => new Float32Array(pairs.flat()));

function square(xy: Float32Array, i: number, x: number, y: number): number {
  return ((xy[2 * i] ?? 0) - x) ** 2 + ((xy[2 * i + 1] ?? 0) - y) ** 2;
}

const directions: readonly Direction[] = ['left', 'right', 'up', 'down'];

function liesTowards(xy: Float32Array, from: number, i: number, direction: Direction): boolean {
  const dx = (xy[2 * i] ?? 0) - (xy[2 * from] ?? 0);
  const dy = (xy[2 * i + 1] ?? 0) - (xy[2 * from + 1] ?? 0);
  const along = { left: -dx, right: dx, up: dy, down: -dy }[direction];
  const across = direction === 'left' || direction === 'right' ? Math.abs(dy) : Math.abs(dx);
  return along > 0 && across <= along;
}

describe('the grid over a map', () => {
  it('finds the point nearest to a place, as looking at every point does', () => {
    fc.assert(
      fc.property(points, coordinate, coordinate, fc.integer({ min: 0, max: 30 }), (xy, x, y, radius) => {
        const found = nearestPoint(gridOf(xy), x, y, radius);
        let best = Number.POSITIVE_INFINITY;
        for (let i = 0; i < xy.length / 2; i++) best = Math.min(best, square(xy, i, x, y));
        if (best > radius * radius) expect(found).toBe(-1);
        else expect(square(xy, found, x, y)).toBe(best);
      }),
    );
  });

  it('leaves out points that do not count', () => {
    const grid = gridOf(new Float32Array([0, 0, 1, 0, 5, 0]));
    expect(nearestPoint(grid, 0, 0, 10, (i) => i !== 0)).toBe(1);
    expect(neighbourTowards(grid, 0, 'right', (i) => i !== 1)).toBe(2);
  });

  it('walks to the nearest point in a direction, as looking at every point does', () => {
    fc.assert(
      fc.property(points, fc.nat(), (xy, seed) => {
        const grid = gridOf(xy);
        const n = xy.length / 2;
        const from = seed % n;
        for (const direction of directions) {
          const found = neighbourTowards(grid, from, direction);
          let best = Number.POSITIVE_INFINITY;
          for (let i = 0; i < n; i++)
            if (liesTowards(xy, from, i, direction))
              best = Math.min(best, square(xy, i, xy[2 * from] ?? 0, xy[2 * from + 1] ?? 0));
          if (best === Number.POSITIVE_INFINITY) expect(found).toBe(-1);
          else expect(square(xy, found, xy[2 * from] ?? 0, xy[2 * from + 1] ?? 0)).toBe(best);
        }
      }),
    );
  });

  it('holds points that lie on a line or all in one place', () => {
    const line = gridOf(Float32Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? i / 2 : 3)));
    expect(nearestPoint(line, 500.2, 3, 1)).toBe(500);
    expect(neighbourTowards(line, 500, 'right')).toBe(501);
    expect(neighbourTowards(line, 500, 'up')).toBe(-1);
    const heap = gridOf(new Float32Array([2, 2, 2, 2, 2, 2]));
    expect(nearestPoint(heap, 2, 2, 0)).toBeGreaterThanOrEqual(0);
    expect(neighbourTowards(heap, 0, 'left')).toBe(-1);
  });

  it('has no nearest point on a map without points', () => {
    expect(nearestPoint(gridOf(new Float32Array(0)), 0, 0, 100)).toBe(-1);
  });
});
