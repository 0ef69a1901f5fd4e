import { describe, expect, it } from 'vitest';
import { npyToFloat32, readNpyFile } from '../../formats/npy.ts';
import { hasShared, sharedPath } from '../../testing/shared-data.ts';
import { createRandom } from '../random.ts';
import { createSoloTeam } from '../team.ts';
import { type MapQualityInput, mapQuality } from './quality.ts';
import { tsneKernels } from './tsne.ts';

const solo = () => createSoloTeam(tsneKernels());

function randomInput(n: number, d: number, metric: MapQualityInput['metric']): MapQualityInput {
  const random = createRandom(n);
  const features = Float32Array.from({ length: n * d }, () => random() - random());
  // Two of the features, and noise: a map that keeps some of its neighbours.
  const points = Float32Array.from(
    { length: 2 * n },
    (_, at) => features[(at >> 1) * d + (at & 1)]! + 0.2 * random(),
  );
  return { features, n, d, metric, points, labels: Int32Array.from({ length: n }, (_, i) => i % 3) };
}

/** Venna & Kaski's trustworthiness, shares of kept neighbours and of equal labels, point by point in float64. */
function definition({ features, n, d, metric, points, labels }: MapQualityInput, k: number) {
  const order = (distance: (j: number) => number, i: number): number[] =>
    Array.from({ length: n }, (_, j) => j)
      .filter((j) => j !== i)
      .map((j) => ({ j, distance: distance(j) }))
      .sort((a, b) => a.distance - b.distance || a.j - b.j)
      .map(({ j }) => j);
  const row = (i: number): number[] => {
    const values = Array.from(features.subarray(i * d, (i + 1) * d));
    const norm = metric === 'cosine' ? Math.hypot(...values) : 1;
    return values.map((value) => value / norm);
  };
  const between = (a: readonly number[], b: readonly number[]): number =>
    Math.hypot(...a.map((value, c) => value - b[c]!));
  const place = (i: number): number[] => Array.from(points.subarray(2 * i, 2 * i + 2));
  let [excess, kept, same] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const inSpace = order((j) => between(row(i), row(j)), i);
    for (const j of order((other) => between(place(i), place(other)), i).slice(0, k)) {
      const rank = inSpace.indexOf(j) + 1;
      excess += Math.max(0, rank - k);
      if (rank <= k) kept++;
      if (labels?.[i] === labels?.[j]) same++;
    }
  }
  return {
    trustworthiness: 1 - (2 * excess) / (n * k * (2 * n - 3 * k - 1)),
    knnRecall: kept / (n * k),
    labelPurity: same / (n * k),
  };
}

describe('how well a map keeps neighbours', () => {
  it.each(['euclidean', 'cosine'] as const)('is what the definitions give, by %s', (metric) => {
    for (const [n, d, k] of [
      [11, 2, 3],
      [61, 7, 5],
      [150, 12, 15],
    ] as const) {
      const input = randomInput(n, d, metric);
      const found = mapQuality(input, { k }, solo());
      const wanted = definition(input, k);
      expect(found.trustworthiness).toBeCloseTo(wanted.trustworthiness, 6);
      expect(found.knnRecall).toBeCloseTo(wanted.knnRecall, 6);
      expect(found.labelPurity).toBeCloseTo(wanted.labelPurity, 6);
      expect(found).toMatchObject({ k, queries: n });
    }
  });

  it.skipIf(!hasShared)('is what scikit-learn gives for its own map of spoken digits', async () => {
    const golden = (name: string) => sharedPath('golden', 'fsdd-noisy', name);
    const array = await readNpyFile(golden('features.npy'));
    const [n, d] = [array.shape[0]!, array.shape[1]!];
    const points = npyToFloat32(await readNpyFile(golden('tsne_sklearn.npy')));
    const input = { features: npyToFloat32(array), n, d, metric: 'euclidean', points } as const;
    const { trustworthiness, knnRecall } = mapQuality(input, {}, solo());
    expect(trustworthiness).toBeCloseTo(0.9962287687082447, 9);
    expect(knnRecall).toBeCloseTo(0.6476222222222222, 9);
    const sampled = mapQuality(input, { queries: 600, seed: 4 }, solo());
    expect(sampled.queries).toBe(600);
    expect(Math.abs(sampled.trustworthiness! - trustworthiness!)).toBeLessThan(0.002);
    expect(Math.abs(sampled.knnRecall! - knnRecall!)).toBeLessThan(0.03);
  });

  it('is perfect for a map that is the space itself', () => {
    const { points, n } = randomInput(80, 4, 'euclidean');
    const found = mapQuality({ features: points, n, d: 2, metric: 'euclidean', points }, { k: 6 }, solo());
    expect([found.trustworthiness, found.knnRecall, found.labelPurity]).toEqual([1, 1, null]);
  });

  it('leaves out points without a label when it looks at labels', () => {
    const input = randomInput(60, 4, 'euclidean');
    const none = new Int32Array(60).fill(-1);
    expect(mapQuality({ ...input, labels: none }, {}, solo()).labelPurity).toBeNull();
    const few = none.with(3, 1).with(40, 1);
    expect(mapQuality({ ...input, labels: few }, { k: 59 }, solo()).labelPurity).toBeCloseTo(1 / 59, 9);
  });

  it('is told as far as there are points to tell it by', () => {
    const of = (n: number) => mapQuality(randomInput(n, 3, 'cosine'), { k: 15 }, solo());
    for (const n of [0, 1])
      expect(of(n)).toMatchObject({ trustworthiness: null, knnRecall: null, queries: 0 });
    for (const n of [2, 3]) expect(of(n)).toMatchObject({ trustworthiness: null, knnRecall: 1, k: n - 1 });
    expect(of(30).trustworthiness).toBeNull();
    expect(of(31).trustworthiness).toBeGreaterThan(0.4);
  });

  it('judges the same sample each time, and gives back the memory it took', () => {
    const input = randomInput(300, 5, 'euclidean');
    const team = solo();
    const before = team.allocate(0);
    const judge = (seed: number) => mapQuality(input, { queries: 41, seed }, team);
    expect(judge(1)).toEqual(judge(1));
    expect(judge(1)).not.toEqual(judge(2));
    expect(team.allocate(0)).toBe(before);
  });

  it('is refused in words for a map of other points, and for features that are no numbers', () => {
    const input = randomInput(20, 3, 'euclidean');
    expect(() => mapQuality({ ...input, points: new Float32Array(38) }, {}, solo())).toThrow(
      /map of 20 points has 40 coordinates; got 38/,
    );
    expect(() => mapQuality({ ...input, points: input.points.with(9, Number.NaN) }, {}, solo())).toThrow(
      /Point 4 of the map lies at .*NaN/,
    );
    const features = input.features.with(7, Number.NaN);
    expect(() => mapQuality({ ...input, features }, {}, solo())).toThrow(
      expect.objectContaining({ code: 'features/not-finite' }),
    );
  });
});
