import { describe, expect, it } from 'vitest';
import { readNpyFile } from '../../formats/npy.ts';
import { hasShared, sharedPath } from '../../testing/shared-data.ts';
import type { NeighbourGraph } from '../embeddings/features.ts';
import { createRandom } from '../random.ts';
import { type UmapOptions, type UmapProgress, umap } from './umap.ts';
import { fitCurve, forceTables, LAST_PLACE, OFFSET, SHIFT } from './umap-curve.ts';
import { fuzzyGraph } from './umap-graph.ts';

function layOut(graph: NeighbourGraph, initial: Float32Array | null, options?: UmapOptions): Float32Array {
  let last: UmapProgress | undefined;
  for (const progress of umap(graph, initial, options)) last = progress;
  return last!.coordinates;
}

/** The k nearest rows of points on the plane or in more dimensions, by brute force. */
function graphOf(points: Float32Array, d: number, k: number): NeighbourGraph {
  const n = points.length / d;
  const width = Math.min(k, n - 1);
  const indices = new Int32Array(n * k).fill(-1);
  const distances = new Float32Array(n * k);
  for (let row = 0; row < n; row++) {
    const away = Float64Array.from({ length: n }, (_, other) => {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += (points[row * d + j]! - points[other * d + j]!) ** 2;
      return Math.sqrt(sum);
    });
    const nearest = Array.from({ length: n }, (_, other) => other)
      .filter((other) => other !== row)
      .sort((a, b) => away[a]! - away[b]! || a - b);
    for (let at = 0; at < width; at++) {
      indices[row * k + at] = nearest[at]!;
      distances[row * k + at] = away[nearest[at]!]!;
    }
  }
  return { n, k, indices, distances };
}

describe.skipIf(!hasShared)('3,000 spoken digits', () => {
  it('keep as many of their neighbours on the plane as with umap-learn', async () => {
    const array = async <T>(name: string): Promise<T> =>
      (await readNpyFile(sharedPath('golden', 'fsdd-noisy', name))).data as T;
    const indices = await array<Int32Array>('knn15_euclidean_idx.npy');
    const graph = {
      n: 3000,
      k: 15,
      indices,
      distances: await array<Float32Array>('knn15_euclidean_dist.npy'),
    };
    // 150 of 500 epochs: the rest is polish, and the test should be quick.
    const plane = layOut(graph, null, { epochs: 150 });
    let kept = 0;
    for (let row = 0; row < 3000; row += 15) {
      const away = Float64Array.from({ length: 3000 }, (_, other) =>
        Math.hypot(plane[2 * row]! - plane[2 * other]!, plane[2 * row + 1]! - plane[2 * other + 1]!),
      );
      const wanted = indices.subarray(row * 15, row * 15 + 15);
      // The row itself comes first.
      const limit = away.toSorted()[15]!;
      kept += wanted.filter((other) => away[other]! <= limit).length;
    }
    // umap-learn 0.5.3 keeps 0.546 of them with all its 500 epochs.
    expect(kept / (200 * 15)).toBeGreaterThan(0.51);
  });
});

describe('the layout', () => {
  const random = createRandom(8);
  /** Three clumps of 20 in five dimensions. */
  const clumps = Float32Array.from(
    { length: 300 },
    (_, at) => random() + (at % 5 === Math.floor(at / 100) ? 8 : 0),
  );
  const graph = graphOf(clumps, 5, 10);

  it('sets clumps apart', () => {
    const plane = layOut(graph, null);
    const near = graphOf(plane, 2, 10).indices;
    const clumpOf = (row: number): number => Math.floor(row / 20);
    const strangers = near.filter((other, at) => clumpOf(other) !== clumpOf(Math.floor(at / 10)));
    expect(strangers.length).toBeLessThan(10);
  });

  it('is the same again with the same seed, and another one with another', () => {
    const first = layOut(graph, null, { epochs: 20, seed: 4 }).slice();
    expect(layOut(graph, null, { epochs: 20, seed: 4 })).toEqual(first);
    expect(layOut(graph, null, { epochs: 20, seed: 5 })).not.toEqual(first);
  });

  it('begins with the places given, shows every epoch and can be left at any', () => {
    const initial = Float32Array.from({ length: 120 }, (_, at) => at);
    const steps = umap(graph, initial, { epochs: 7 });
    const first = steps.next();
    expect([first.value.epoch, first.value.epochs]).toEqual([0, 7]);
    expect(first.value.coordinates[119]).toBeCloseTo(10, 3);
    const seen = [...steps].map(({ epoch }) => epoch);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const stopped = umap(graph, initial, { epochs: 7 });
    for (let epoch = 0; epoch < 3; epoch++) stopped.next();
    expect(stopped.return({ epoch: 0, epochs: 0, coordinates: initial }).done).toBe(true);
  });

  it.each([0, 1, 2, 3])('%i points do', (n) => {
    const plane = layOut(graphOf(clumps.slice(0, n * 5), 5, Math.max(n - 1, 0)), null, { minDist: 0 });
    expect(plane).toHaveLength(2 * n);
    expect(plane.every(Number.isFinite)).toBe(true);
  });

  it('equal points, and points that start at one place, end apart and finite', () => {
    const equal = graphOf(new Float32Array(100), 5, 5);
    const plane = layOut(equal, new Float32Array(40));
    expect(plane.every(Number.isFinite)).toBe(true);
    expect(new Set(plane).size).toBeGreaterThan(30);
  });

  it('places that are too few or no numbers are refused', () => {
    expect(() => layOut(graph, new Float32Array(3))).toThrow(/120 finite numbers/);
    expect(() => layOut(graph, new Float32Array(120).fill(Number.NaN))).toThrow(/finite numbers/);
  });
});

describe('the fuzzy graph', () => {
  it('holds every edge from both ends with one weight, and rows sum to log2 of their size before joining', () => {
    // On a line each point's nearest has the weight 1.
    const line = graphOf(Float32Array.of(0, 1, 3, 7), 1, 2);
    const { starts, ends, weights } = fuzzyGraph(line);
    const weightOf = (a: number, b: number): number | undefined =>
      [...ends.keys()]
        .filter((at) => at >= starts[a]! && at < starts[a + 1]! && ends[at] === b)
        .map((at) => weights[at]!)[0];
    expect(weightOf(0, 1)).toBe(1);
    // The second of two has w with 1 + w = log2(3), there as well as back: joined w + w - w w.
    const second = Math.log2(3) - 1;
    expect(weightOf(0, 2)).toBeCloseTo(2 * second - second * second, 4);
    expect(weightOf(1, 2)).toBeCloseTo(1, 6);
    for (let a = 0; a < 4; a++) for (let b = 0; b < 4; b++) expect(weightOf(a, b)).toBe(weightOf(b, a));
  });
});

describe('the forces', () => {
  it.each([
    // What umap-learn 0.5.3 fits.
    [0.1, 1.5769434603, 0.8950608779],
    [0.5, 0.5830300205, 1.3341669931],
  ])('for a smallest distance of %f the curve is that of umap-learn', (minDist, a, b) => {
    const curve = fitCurve(minDist, 1);
    expect(curve.a).toBeCloseTo(a, 4);
    expect(curve.b).toBeCloseTo(b, 4);
  });

  it('tables give the force of the formula within half a percent', () => {
    const [a, b] = [1.577, 0.895];
    const { attraction, repulsion } = forceTables({ a, b });
    for (const d of [1e-5, 0.001, 0.3, 1, 7.7, 900, 50_000]) {
      const bits = new Int32Array(Float32Array.of(d).buffer)[0]!;
      const place = Math.min(Math.max((bits >> SHIFT) - OFFSET, 0), LAST_PLACE);
      const pull = (2 * a * b * d ** (b - 1)) / (1 + a * d ** b);
      const push = (2 * b) / ((0.001 + d) * (1 + a * d ** b));
      expect(attraction[place]! / pull).toBeCloseTo(1, 2);
      expect(repulsion[place]! / push).toBeCloseTo(1, 2);
    }
  });
});
