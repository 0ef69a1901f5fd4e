import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../../shared/domain/embedding.ts';
import { readNpyFile } from '../../formats/npy.ts';
import { hasShared, sharedPath } from '../../testing/shared-data.ts';
import { createRandom } from '../random.ts';
import { classGeometry } from './class-geometry.ts';
import { silhouettes } from './silhouette.ts';

// scikit-learn 1.2 on the noisy spoken digits, by given label: silhouette_samples, pairwise_distances.
const reference = {
  cosine: {
    silhouette: [
      0.234287, 0.341197, 0.413124, 0.237562, 0.191203, 0.182289, 0.108126, 0.210027, 0.416242, 0.276918,
    ],
    mean: 0.260363,
    purity: [
      0.837166, 0.854762, 0.863333, 0.802007, 0.84559, 0.836308, 0.820667, 0.798274, 0.869863, 0.866205,
    ],
    fromZero: [0, 0.158298, 0.08626, 0.137051, 0.122707, 0.135136, 0.132723, 0.138405, 0.148934, 0.160069],
    intra: [
      0.068014, 0.045816, 0.040977, 0.052576, 0.060969, 0.050735, 0.056068, 0.064491, 0.037666, 0.04715,
    ],
    pairwise: [
      0.131862, 0.089824, 0.080543, 0.102732, 0.118628, 0.099202, 0.109357, 0.125228, 0.074168, 0.092396,
    ],
  },
  euclidean: {
    silhouette: [
      0.138175, 0.207478, 0.262997, 0.152802, 0.126223, 0.104435, 0.057409, 0.134291, 0.264961, 0.157933,
    ],
    mean: 0.160183,
    purity: [
      0.838328, 0.852381, 0.864667, 0.803344, 0.842612, 0.834667, 0.820444, 0.797411, 0.869178, 0.865283,
    ],
    fromZero: [
      0, 78.806823, 57.86346, 72.814465, 68.322971, 73.210374, 73.1339, 71.946861, 76.40999, 79.507346,
    ],
    intra: [
      52.553103, 42.771953, 39.595316, 45.694128, 49.173516, 45.087045, 49.424557, 49.738349, 38.430148,
      44.323072,
    ],
    pairwise: [
      73.86522, 60.851374, 56.19942, 64.541722, 68.811085, 64.461059, 69.248194, 70.632014, 54.303606,
      62.690906,
    ],
  },
} as const;

/** Largest difference in parts of the expected value (of 1 where that is below 1). */
function furthest(found: Iterable<number | null>, expected: readonly number[]): number {
  return Math.max(
    ...[...found].map((value, at) =>
      value === null ? 9 : Math.abs(value - expected[at]!) / Math.max(expected[at]!, 1),
    ),
  );
}

describe.skipIf(!hasShared)('on 3,000 spoken digits', () => {
  const folder = (name: string): string => sharedPath('golden', 'fsdd-noisy', name);
  const array = async <T>(name: string): Promise<T> => (await readNpyFile(folder(name))).data as T;

  it.each(['cosine', 'euclidean'] satisfies Metric[])(
    '%s figures are those of scikit-learn',
    async (metric) => {
      const lines = readFileSync(folder('clips.csv'), 'utf8').trim().split('\n').slice(1);
      const found = classGeometry({
        features: await array<Float32Array>('features.npy'),
        n: 3000,
        d: 96,
        labels: Int32Array.from(lines, (line) => Number(line.split(',')[1])),
        classes: 10,
        metric,
        graph: {
          n: 3000,
          k: 15,
          indices: await array<Int32Array>(`knn15_${metric}_idx.npy`),
          distances: await array<Float32Array>(`knn15_${metric}_dist.npy`),
        },
      });
      const expected = reference[metric];
      const column = (key: 'silhouette' | 'purity' | 'intra' | 'pairwise') =>
        found.rows.map((row) => row[key]);
      expect(furthest(column('silhouette'), expected.silhouette)).toBeLessThan(2e-6);
      expect(found.silhouette).toBeCloseTo(expected.mean, 5);
      expect(furthest(column('purity'), expected.purity)).toBeLessThan(2e-6);
      expect(furthest(column('intra'), expected.intra)).toBeLessThan(2e-6);
      // Of classes with more than 300 clips a sample is taken.
      expect(furthest(column('pairwise'), expected.pairwise)).toBeLessThan(0.01);
      expect(furthest(found.centroidDistances.subarray(0, 10), expected.fromZero)).toBeLessThan(2e-6);
      expect([found.rows[0]?.nearest, found.isSilhouetteExact]).toEqual([2, true]);
      expect(found.overlaps[0]).toMatchObject({ a: 3, b: 6, shareOfA: expect.closeTo(0.05886, 4) });
    },
  );
});

describe('class geometry', () => {
  // Two classes on a line: 0, 2 and 10, 12.
  const line = {
    features: Float32Array.of(0, 2, 10, 12),
    n: 4,
    d: 1,
    labels: Int32Array.of(0, 0, 1, 1),
    classes: 2,
    metric: 'euclidean',
    graph: null,
  } as const;

  it('distances on a line are the ones of arithmetic', () => {
    const found = classGeometry(line);
    expect(found.rows[0]).toEqual({
      label: 0,
      n: 2,
      intra: 1,
      pairwise: 2,
      nearest: 1,
      inter: 10,
      ratio: 0.1,
      // (11 - 2) / 11 and (9 - 2) / 9.
      silhouette: expect.closeTo((9 / 11 + 7 / 9) / 2, 12),
      purity: null,
    });
    expect([...found.centroidDistances]).toEqual([0, 10, 10, 0]);
    expect(found.overlaps).toEqual([]);
  });

  it('a class with one clip, one without and clips without a label leave figures undefined', () => {
    const found = classGeometry({
      ...line,
      features: Float32Array.of(0, 2, 10, 99),
      labels: Int32Array.of(0, 0, 1, -1),
      classes: 3,
    });
    expect(found.rows[1]).toEqual({
      label: 1,
      n: 1,
      intra: 0,
      pairwise: null,
      nearest: 0,
      inter: 9,
      ratio: null,
      silhouette: null,
      purity: null,
    });
    expect(found.rows[2]).toMatchObject({ n: 0, intra: null, nearest: null, inter: null });
    expect(found.centroidDistances[2]).toBeNaN();
  });

  it.each(['cosine', 'euclidean'] satisfies Metric[])('equal points and single points do (%s)', (metric) => {
    const equal = classGeometry({ ...line, metric, features: new Float32Array(4).fill(3) });
    expect(equal.rows[0]).toMatchObject({ intra: 0, pairwise: 0, inter: 0, ratio: null, silhouette: 0 });
    expect(equal.overlaps.every(({ separation }) => separation === null)).toBe(true);
    const alone = { ...line, metric, features: Float32Array.of(1), n: 1, labels: Int32Array.of(0) };
    expect(classGeometry(alone)).toMatchObject({ silhouette: null, rows: [{ n: 1 }, { n: 0 }] });
    const none = { ...line, metric, features: new Float32Array(0), n: 0, labels: new Int32Array(0) };
    expect(classGeometry(none).rows.map(({ n }) => n)).toEqual([0, 0]);
  });

  it('without neighbours, classes whose spreads reach each other overlap', () => {
    const found = classGeometry({ ...line, features: Float32Array.of(0, 8, 4, 10) });
    expect(found.overlaps).toEqual([
      { a: 0, b: 1, distance: 3, separation: 3 / 3.5, shareOfA: null, shareOfB: null },
    ]);
  });

  it('a sample of many rows gives nearly the silhouette of all', () => {
    const random = createRandom(4);
    const n = 6000;
    const labels = Int32Array.from({ length: n }, (_, row) => row % 3);
    const features = Float32Array.from({ length: 2 * n }, (_, at) => {
      const spread = random() + random() + random();
      return spread + (at % 2 === 0 ? labels[at >> 1]! : 0);
    });
    const sampled = silhouettes(
      { features, n, d: 2, labels, classes: 3, metric: 'euclidean' },
      createRandom(1),
    );
    const half = n / 2;
    const exact = silhouettes(
      {
        features: features.subarray(0, 2 * half),
        n: half,
        d: 2,
        labels: labels.subarray(0, half),
        classes: 3,
        metric: 'euclidean',
      },
      createRandom(1),
    );
    expect([sampled.isExact, sampled.rows, exact.isExact]).toEqual([false, 3000, true]);
    expect(Math.abs(sampled.mean! - exact.mean!)).toBeLessThan(0.02);
  });
});
