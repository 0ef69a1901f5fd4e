import { describe, expect, it } from 'vitest';
import type { Metric } from '../../../shared/domain/embedding.ts';
import { npyToFloat32, readNpyFile } from '../../formats/npy.ts';
import { hasShared, sharedPath } from '../../testing/shared-data.ts';
import { createRandom } from '../random.ts';
import { createSoloTeam } from '../team.ts';
import { loadNearest, type NeighbourInput, neighbourKernels, neighbours } from './index.ts';

const solo = () => createSoloTeam(neighbourKernels());

function randomInput(n: number, d: number, k: number, metric: Metric, seed = 1): NeighbourInput {
  const random = createRandom(seed);
  return { features: Float32Array.from({ length: n * d }, () => random() + random() - 1), n, d, k, metric };
}

/** The definition, in float64; equal distances by lower row. */
function definition({ features, n, d, k, metric }: NeighbourInput) {
  const row = (i: number) => features.subarray(i * d, (i + 1) * d);
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const between = (a: Float32Array, b: Float32Array): number => {
    if (metric === 'euclidean') return Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0));
    const scale = Math.sqrt(dot(a, a) * dot(b, b));
    return scale > 0 ? 1 - dot(a, b) / scale : dot(a, a) === dot(b, b) ? 0 : 1;
  };
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => ({ j, distance: between(row(i), row(j)) }))
      .filter(({ j }) => j !== i)
      .sort((a, b) => a.distance - b.distance || a.j - b.j)
      .slice(0, k),
  );
}

/** Largest difference of the distances; each row found is as near as its distance says. */
function largestDifference(input: NeighbourInput, isRelative = false): number {
  const expected = definition({ ...input, k: input.n - 1 });
  const { indices, distances, k } = neighbours(input, solo());
  let largest = 0;
  for (const [row, list] of expected.entries()) {
    const rows = indices.subarray(row * k, (row + 1) * k);
    expect(new Set(rows).size).toBe(k);
    for (const [i, index] of rows.entries()) {
      const found = distances[row * k + i]!;
      const truth = list.find(({ j }) => j === index)!.distance;
      const unit = isRelative ? truth : 1;
      const difference = Math.max(Math.abs(found - list[i]!.distance), Math.abs(found - truth));
      largest = Math.max(largest, difference / unit);
    }
  }
  return largest;
}

describe('nearest neighbours by brute force', () => {
  it.each(['cosine', 'euclidean'] as const)('are those of the definition by %s, for any size', (metric) => {
    for (const [n, d, k] of [
      [2, 1, 1],
      [5, 3, 4],
      [17, 7, 3],
      [150, 33, 15],
      [333, 5, 40],
    ] as const) {
      expect(largestDifference(randomInput(n, d, k, metric, n))).toBeLessThan(2e-6);
    }
  });

  it.skipIf(!hasShared)('equal scikit-learn on spoken digits', async () => {
    const golden = (name: string) => sharedPath('golden', 'fsdd-noisy', name);
    const array = await readNpyFile(golden('features.npy'));
    const [n, d] = [array.shape[0]!, array.shape[1]!];
    const data = npyToFloat32(array);
    for (const metric of ['cosine', 'euclidean'] as const) {
      const { indices, distances } = neighbours({ features: data, n, d, k: 15, metric }, solo());
      const wanted = npyToFloat32(await readNpyFile(golden(`knn15_${metric}_dist.npy`)));
      const wantedRows = (await readNpyFile(golden(`knn15_${metric}_idx.npy`))).data;
      let [others, wrong, largest] = [0, 0, 0];
      for (const [at, distance] of wanted.entries()) {
        largest = Math.max(largest, Math.abs(distances[at]! - distance));
        if (indices[at] === wantedRows[at]) continue;
        others++;
        const first = at - (at % 15);
        const tied = wanted.subarray(first, first + 15).filter((x) => Math.abs(x - distance) < 1e-6).length;
        if (tied === 1 && at % 15 < 14) wrong++;
      }
      expect(largest).toBeLessThan(1e-4);
      expect(wrong).toBe(0);
      expect(others).toBeLessThan(n * 15 * 1e-3);
    }
  });

  it('keep their precision far from the origin and close together', () => {
    const input = randomInput(200, 16, 10, 'euclidean');
    // Pairs that are a ten-thousandth apart, a hundred units from the origin.
    const features = input.features.map((value, at) => Math.fround(100 + Math.floor(at / 32) + value * 1e-4));
    expect(largestDifference({ ...input, features }, true)).toBeLessThan(1e-6);
    const huge = input.features.map((value) => value * 1e30);
    expect(largestDifference({ ...input, features: huge }, true)).toBeLessThan(2e-6);
  });

  it('go by lower row where all points are equal', () => {
    const { indices, distances } = neighbours(
      { features: new Float32Array(300 * 4).fill(7), n: 300, d: 4, k: 3, metric: 'euclidean' },
      solo(),
    );
    expect([...indices.subarray(0, 9)]).toEqual([1, 2, 3, 0, 2, 3, 0, 1, 3]);
    expect([...indices.subarray(-3)]).toEqual([0, 1, 2]);
    expect(distances.every((distance) => distance === 0)).toBe(true);
  });

  it('put a row of zeros at cosine distance 1 from every other', () => {
    const features = Float32Array.from([1, 0, -2, 0.1, 0, 0, 3, 0.1, 0, 0]);
    const { indices, distances } = neighbours({ features, n: 5, d: 2, k: 4, metric: 'cosine' }, solo());
    expect(indices[8]).toBe(4);
    expect([...distances.subarray(8, 12)]).toEqual([0, 1, 1, 1].map((x) => expect.closeTo(x, 6)));
    expect([...indices.subarray(0, 4)]).toEqual([3, 2, 4, 1]);
  });

  it('are fewer where there are fewer points', () => {
    for (const n of [0, 1, 2, 3]) {
      const found = neighbours({ ...randomInput(n, 2, 15, 'cosine') }, solo());
      expect(found.k).toBe(Math.max(0, n - 1));
      expect(found.indices).toHaveLength(n * found.k);
    }
  });

  it('are refused in words for NaN, and for a number of neighbours that is none', () => {
    const input = randomInput(10, 4, 3, 'cosine');
    const features = input.features.slice();
    features[14] = Number.NaN;
    features[30] = Number.POSITIVE_INFINITY;
    expect(() => neighbours({ ...input, features }, solo())).toThrow(
      /NaN or infinity in 2 of 10 rows, first in row 3/,
    );
    expect(() => neighbours({ ...input, k: 0 }, solo())).toThrow(
      expect.objectContaining({ code: 'neighbours/k' }),
    );
  });

  it('give back the memory they took', () => {
    const team = solo();
    const before = team.allocate(0);
    neighbours(randomInput(100, 8, 5, 'cosine'), team);
    expect(team.allocate(0)).toBe(before);
  });
});

describe('the nearest of one clip', () => {
  it.each(['cosine', 'euclidean'] as const)('are its neighbours in the graph by %s', (metric) => {
    const input = randomInput(5_000, 20, 12, metric);
    const graph = neighbours(input, solo());
    const search = loadNearest(input, metric, solo());
    for (const row of [0, 1_234, 4_999]) {
      const found = search.ofRow(row, 12);
      expect(found.rows).toEqual(graph.indices.subarray(row * 12, (row + 1) * 12));
      expect(found.distances).toEqual(graph.distances.subarray(row * 12, (row + 1) * 12));
    }
  });

  it('of a query from elsewhere begin with the row it was copied from', () => {
    const input = randomInput(500, 8, 1, 'cosine');
    const search = loadNearest(input, 'cosine', solo());
    const query = input.features.slice(80, 88).map((value) => value * 3);
    expect(search.of(query, 2).rows[0]).toBe(10);
    expect(search.of(query, 900).rows).toHaveLength(500);
    expect(() => search.of(new Float32Array(8), 2)).toThrow(/no direction/);
    expect(() => search.of(query.subarray(1), 2)).toThrow(/8 finite numbers/);
    expect(() => search.ofRow(500, 2)).toThrow(/rows run from 0 to 499/);
  });
});
