import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { planeNeighbours } from './plane-neighbours.ts';

/** Every other point by distance; equal distances by lower row. */
function definition(points: Float32Array, query: number, k: number): number[] {
  const square = (i: number): number =>
    (points[2 * i]! - points[2 * query]!) ** 2 + (points[2 * i + 1]! - points[2 * query + 1]!) ** 2;
  return Array.from({ length: points.length / 2 }, (_, i) => i)
    .filter((i) => i !== query)
    .sort((a, b) => square(a) - square(b) || a - b)
    .slice(0, k);
}

const random = createRandom(3);
const coordinates = (n: number, next: () => number) => Float32Array.from({ length: 2 * n }, next);

const maps: Readonly<Record<string, Float32Array>> = {
  'spread evenly': coordinates(700, random),
  'in clumps far apart': coordinates(700, () => 1000 * Math.floor(3 * random()) + random()),
  'on few places, many on each': coordinates(500, () => Math.floor(5 * random())),
  'on a line': coordinates(400, random).map((value, i) => (i % 2 === 0 ? 50 * value : 7)),
  'all on one place': new Float32Array(300).fill(-4),
  'with one far away': coordinates(300, random).with(17, 1e6),
  'two of them': coordinates(2, random),
};

describe('neighbours on a map', () => {
  it.each(Object.keys(maps))('are those of the definition: points %s', (name) => {
    const points = maps[name]!;
    const n = points.length / 2;
    const k = Math.min(15, n - 1);
    const queries = Int32Array.from({ length: Math.min(n, 120) }, (_, i) => (i * 7) % n);
    const found = planeNeighbours(points, queries, k);
    for (const [at, query] of queries.entries()) {
      expect([...found.subarray(at * k, (at + 1) * k)]).toEqual(definition(points, query, k));
    }
  });

  it('can be all the others', () => {
    const points = coordinates(60, random);
    expect([...planeNeighbours(points, Int32Array.of(9), 59)]).toEqual(definition(points, 9, 59));
  });
});
