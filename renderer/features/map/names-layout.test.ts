import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchorsOf, placedNames } from './names-layout.ts';
import { boundsOf } from './scatter/camera.ts';

const always = () => true;

function clustered(): { readonly xy: Float32Array; readonly categories: Uint16Array } {
  const xy: number[] = [];
  const categories: number[] = [];
  const add = (category: number, x: number, y: number, count: number) => {
    for (let i = 0; i < count; i++) {
      xy.push(x + (i % 7) * 0.1, y + (i % 5) * 0.1);
      categories.push(category);
    }
  };
  // The class has a large island and a small one far away: its centre of mass lies in neither.
  add(0, 0, 0, 200);
  add(0, 90, 90, 60);
  add(1, 50, 10, 90);
  return { xy: Float32Array.from(xy), categories: Uint16Array.from(categories) };
}

describe('the names on a map', () => {
  it('stand at the densest place of their class, not between its islands', () => {
    const { xy, categories } = clustered();
    const [first, second] = anchorsOf(xy, boundsOf(xy), categories, always);
    expect(first).toMatchObject({ category: 0, count: 260 });
    expect(first?.x).toBeLessThan(2);
    expect(first?.y).toBeLessThan(2);
    expect(second?.category).toBe(1);
    expect(second?.x).toBeCloseTo(50.3, 0);
  });

  it('follow the filter: only points that count are looked at', () => {
    const { xy, categories } = clustered();
    const anchors = anchorsOf(xy, boundsOf(xy), categories, (i) => i >= 200 && i < 260);
    expect(anchors).toHaveLength(1);
    expect(anchors[0]?.count).toBe(60);
    expect(anchors[0]?.x).toBeGreaterThan(80);
  });

  it('never lie over each other, and never outside the view', () => {
    const anchor = fc.record({
      category: fc.nat(200),
      count: fc.integer({ min: 1, max: 500 }),
      x: fc.integer({ min: -50, max: 450 }),
      y: fc.integer({ min: -50, max: 350 }),
    });
    fc.assert(
      fc.property(fc.array(anchor, { maxLength: 80 }), (anchors) => {
        const names = placedNames(
          anchors,
          (x, y) => ({ x, y }),
          (category) => 10 + (category % 9) * 8,
          { width: 400, height: 300 },
          16,
        );
        for (const [at, name] of names.entries()) {
          expect(name.x - name.width / 2).toBeGreaterThanOrEqual(0);
          expect(name.x + name.width / 2).toBeLessThanOrEqual(400);
          for (const other of names.slice(at + 1)) {
            const isApart =
              Math.abs(name.x - other.x) >= (name.width + other.width) / 2 ||
              Math.abs(name.y - other.y) >= 16;
            expect(isApart).toBe(true);
          }
        }
      }),
    );
  });

  it('keep the name of the larger class where two want the same place', () => {
    const at = (category: number, count: number) => ({ category, count, x: 50, y: 50 });
    const names = placedNames(
      [at(4, 90), at(2, 10)],
      (x, y) => ({ x, y }),
      () => 40,
      { width: 100, height: 100 },
      16,
    );
    expect(names.map(({ category }) => category)).toEqual([4]);
  });
});
