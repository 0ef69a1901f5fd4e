import { describe, expect, it } from 'vitest';
import { npyToFloat32, readNpyFile } from '../../formats/npy.ts';
import { hasShared, sharedPath } from '../../testing/shared-data.ts';
import type { Features } from '../embeddings/features.ts';
import { neighbourKernels, neighbours } from '../neighbours/index.ts';
import { createRandom } from '../random.ts';
import { createSoloTeam, type Team } from '../team.ts';
import { pca } from './pca.ts';
import { mapQuality } from './quality.ts';
import {
  type TsneOptions,
  type TsneProgress,
  type TsneResult,
  tsne,
  tsneKernels,
  tsneNeighbours,
} from './tsne.ts';
import type { MetricGraph } from './tsne-graph.ts';

const solo = () => createSoloTeam(tsneKernels());

function finish(graph: MetricGraph, options: TsneOptions, team: Team = solo()) {
  const told: TsneProgress[] = [];
  const steps = tsne(graph, options, team);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return { result: value, told };
    told.push(value);
  }
}

/** What the next step shows. */
function progress(steps: ReturnType<typeof tsne>): TsneProgress {
  const { value, done } = steps.next();
  if (done === true) throw new Error('It ended early.');
  return value;
}

const run = (graph: MetricGraph, options: TsneOptions): TsneResult => finish(graph, options).result;

/** Points around five centres. */
function clumps(n: number, d: number): Features {
  const random = createRandom(n);
  const centres = Float32Array.from({ length: 5 * d }, () => 4 * random());
  const features = Float32Array.from(
    { length: n * d },
    (_, at) => centres[(Math.floor(at / d) % 5) * d + (at % d)]! + random() - random(),
  );
  return { features, n, d };
}

function graphOf(input: Features, perplexity = 30, metric: MetricGraph['metric'] = 'euclidean'): MetricGraph {
  const k = Math.max(1, tsneNeighbours(input.n, perplexity));
  return neighbours({ ...input, k, metric }, createSoloTeam(neighbourKernels()));
}

/** Joint probabilities by the definition: Gaussians over the neighbours, widths by bisection, the mean of both ways. */
function jointDefinition({ n, k, indices, distances }: MetricGraph, perplexity: number): Float64Array {
  const joint = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const squares = Array.from(distances.subarray(i * k, (i + 1) * k), (distance) => distance ** 2);
    const weigh = (beta: number) => {
      const weights = squares.map((square) => Math.exp(-beta * (square - squares[0]!)));
      const sum = weights.reduce((total, weight) => total + weight, 0);
      return weights.map((weight) => weight / sum);
    };
    let [low, high] = [0, 1e6];
    for (let round = 0; round < 200; round++) {
      const middle = (low + high) / 2;
      const entropy = weigh(middle).reduce((total, p) => total - (p > 0 ? p * Math.log(p) : 0), 0);
      if (entropy > Math.log(perplexity)) low = middle;
      else high = middle;
    }
    for (const [at, p] of weigh(low).entries()) {
      const j = indices[i * k + at]!;
      joint[i * n + j]! += p / (2 * n);
      joint[j * n + i]! += p / (2 * n);
    }
  }
  return joint;
}

/** 1 / (1 + square distance) of all pairs, 0 for a point and itself. */
function nearness(map: Float32Array): Float64Array {
  const n = map.length / 2;
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    if (i === j) return 0;
    return 1 / (1 + (map[2 * i]! - map[2 * j]!) ** 2 + (map[2 * i + 1]! - map[2 * j + 1]!) ** 2);
  });
}

const sumOf = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

function divergenceDefinition(joint: Float64Array, map: Float32Array): number {
  const near = nearness(map);
  const z = sumOf(near);
  return sumOf(joint.map((p, at) => (p > 0 ? p * Math.log(p / (near[at]! / z)) : 0)));
}

describe('a t-SNE map', () => {
  it.skipIf(!hasShared)('of spoken digits keeps what scikit-learn keeps, and diverges less', async () => {
    const array = await readNpyFile(sharedPath('golden', 'fsdd-noisy', 'features.npy'));
    const [n, d] = [array.shape[0]!, array.shape[1]!];
    const input = { features: npyToFloat32(array), n, d };
    const axes = pca(input);
    let axis = axes.next();
    while (!axis.done) axis = axes.next();
    const { coordinates, kl, isKlExact, notes } = run(graphOf(input), { initial: axis.value.coordinates });
    const quality = mapQuality({ ...input, metric: 'euclidean', points: coordinates }, {}, solo());
    expect(quality.trustworthiness).toBeGreaterThan(0.9962 - 0.001);
    expect(quality.knnRecall).toBeGreaterThan(0.98 * 0.6476);
    expect(kl).toBeLessThan(1.02 * 0.6053);
    expect([isKlExact, notes]).toEqual([true, []]);
  });

  it('has the Kullback-Leibler divergence of the definition', () => {
    const graph = graphOf(clumps(150, 6), 12);
    const { coordinates, kl } = run(graph, { perplexity: 12, iterations: 120 });
    expect(kl).toBeCloseTo(divergenceDefinition(jointDefinition(graph, 12), coordinates), 4);
  });

  it('takes its first step down the gradient of the definition', () => {
    const graph = graphOf(clumps(90, 5), 10);
    const steps = tsne(graph, { perplexity: 10, iterations: 2, exaggerated: 0, learningRate: 7 }, solo());
    const before = progress(steps).coordinates();
    const after = progress(steps).coordinates();
    const { n } = graph;
    const joint = jointDefinition(graph, 10);
    const near = nearness(before);
    const z = sumOf(near);
    let [error, size] = [0, 0];
    for (let at = 0; at < 2 * n; at++) {
      const i = at >> 1;
      let gradient = 0;
      for (let j = 0; j < n; j++) {
        const pull = (joint[i * n + j]! - near[i * n + j]! / z) * near[i * n + j]!;
        gradient += pull * (before[at]! - before[2 * j + (at & 1)]!);
      }
      // Gains begin at 1 and shrink where nothing has moved yet.
      const wanted = -0.8 * 7 * gradient;
      error += (after[at]! - before[at]! - wanted) ** 2;
      size += wanted ** 2;
    }
    expect(Math.sqrt(error / size)).toBeLessThan(1e-3);
  });

  it('separates clumps by cosine distance, above the size from which a grid sums the repulsion', () => {
    const input = clumps(1_300, 8);
    const { coordinates } = run(graphOf(input, 15, 'cosine'), { perplexity: 15, iterations: 300 });
    const labels = Int32Array.from({ length: 1_300 }, (_, i) => i % 5);
    const judged = { ...input, metric: 'cosine', points: coordinates, labels } as const;
    expect(mapQuality(judged, {}, solo()).labelPurity).toBeGreaterThan(0.98);
  });

  it('shows itself from the beginning, and after each step', () => {
    const { told, result } = finish(graphOf(clumps(60, 4)), { iterations: 150 });
    expect(told.map(({ iteration }) => iteration)).toEqual(Array.from({ length: 151 }, (_, i) => i));
    expect([told[0], told[1], told[50], told[51]].map((step) => step?.phase)).toEqual([
      ...['placed', 'exaggerated', 'exaggerated', 'embedding'],
    ]);
    const divergences = told.filter(({ kl }) => kl !== null);
    expect(divergences.map(({ iteration }) => iteration)).toEqual([50, 100, 150]);
    expect(divergences.at(-1)?.kl).toBeLessThan(divergences[0]!.kl!);
    expect(result.iterations).toBe(150);
  });

  it('begins along the axes it was given, and lies around its middle', () => {
    const input = clumps(200, 3);
    const initial = Float32Array.from({ length: 400 }, (_, at) => 900 + 5 * input.features[at]!);
    const steps = tsne(graphOf(input), { iterations: 20, initial }, solo());
    const placed = progress(steps).coordinates();
    const deviation = (values: Float32Array): number =>
      Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / 200);
    const side = (values: Float32Array, which: number) => values.filter((_, at) => at % 2 === which);
    expect(deviation(side(placed, 0))).toBeCloseTo(1e-4, 6);
    const middle = (values: Float32Array): number => values.reduce((sum, x) => sum + x, 0) / 200;
    const scale = 1e-4 / deviation(side(initial, 0).map((x, _, all) => x - middle(all)));
    for (const which of [0, 1]) {
      const wanted = side(initial, which).map((x, _, all) => scale * (x - middle(all)));
      for (const [i, x] of side(placed, which).entries()) expect(Math.abs(x - wanted[i]!)).toBeLessThan(6e-6);
    }
    for (let step = 0; step < 20; step++) progress(steps);
    const { value, done } = steps.next();
    if (done) for (const which of [0, 1]) expect(middle(side(value.coordinates, which))).toBeCloseTo(0, 5);
    expect(done).toBe(true);
  });

  it('stopped early is the picture as it was shown last', () => {
    const team = solo();
    const before = team.allocate(0);
    const steps = tsne(graphOf(clumps(300, 6)), {}, team);
    for (let step = 0; step < 80; step++) progress(steps);
    const shown = progress(steps).coordinates();
    const { value, done } = steps.next('stop');
    if (done !== true) throw new Error('It went on.');
    expect(value).toMatchObject({ isStopped: true, iterations: 80 });
    expect(value.coordinates).toEqual(shown);
    expect(value.kl).toBeGreaterThan(0);
    expect(team.allocate(0)).toBe(before);
  });

  it('stopped before the first step is where it began, without a divergence', () => {
    const steps = tsne(graphOf(clumps(50, 6)), {}, solo());
    const shown = progress(steps).coordinates();
    const { value } = steps.next('stop');
    expect(value).toMatchObject({ isStopped: true, iterations: 0, kl: null, coordinates: shown });
  });

  it('left in the middle gives back the memory it took', () => {
    const team = solo();
    const before = team.allocate(0);
    const steps = tsne(graphOf(clumps(300, 6)), {}, team);
    for (let step = 0; step < 60; step++) progress(steps);
    steps.return(undefined as never);
    expect(team.allocate(0)).toBe(before);
  });

  it('ends by itself when the steps bring too little', () => {
    const graph = graphOf(clumps(400, 6));
    const patient = run(graph, {});
    const hasty = run(graph, { leastGain: 0.01 });
    expect(patient).toMatchObject({ iterations: 750, isStopped: false });
    expect(hasty.isStopped).toBe(false);
    expect(hasty.iterations).toBeLessThan(750);
    expect(hasty.kl).toBeLessThan(1.05 * patient.kl!);
  });

  it('is the same for the same seed, and another for another', () => {
    const graph = graphOf(clumps(120, 6));
    const of = (seed: number) => run(graph, { seed, iterations: 60 }).coordinates;
    expect(of(7)).toEqual(of(7));
    expect(of(7)).not.toEqual(of(8));
  });

  it('of a wish for more neighbours than there are takes fewer, and says so', () => {
    const { perplexity, notes } = run(graphOf(clumps(31, 4)), { perplexity: 30, iterations: 10 });
    expect(perplexity).toBe(10);
    expect(notes).toEqual(['Perplexity 30 needs more than 31 points; 10 was taken, a third of the others.']);
    expect(run(graphOf(clumps(91, 4)), { perplexity: 30, iterations: 1 })).toMatchObject({
      perplexity: 30,
      notes: [],
    });
  });

  it.each([1, 2, 3, 4, 5])('of %i points has a place for each', (n) => {
    const { coordinates, kl } = run(graphOf(clumps(n, 3)), {});
    expect(coordinates).toHaveLength(2 * n);
    expect(coordinates.every(Number.isFinite)).toBe(true);
    const places = new Set(
      Array.from({ length: n }, (_, i) => `${coordinates[2 * i]} ${coordinates[2 * i + 1]}`),
    );
    expect(places.size).toBe(n);
    expect(Number.isFinite(kl)).toBe(true);
  });

  it.each([40, 1_100])('of %i points that are all equal spreads them out', (n) => {
    const equal = { features: new Float32Array(n * 4).fill(3), n, d: 4 };
    for (const initial of [undefined, new Float32Array(2 * n)]) {
      const { coordinates, kl } = run(graphOf(equal), { iterations: 120, ...(initial && { initial }) });
      expect(coordinates.every(Number.isFinite)).toBe(true);
      expect(coordinates.some((x) => Math.abs(x) > 0.1)).toBe(true);
      expect(Number.isFinite(kl)).toBe(true);
    }
  });

  it('copes with copies of points, distances of any size, and neighbours that are missing', () => {
    const input = clumps(240, 4);
    const copied = input.features.map((_, at) => input.features[at % (40 * 4)]! * (at < 480 ? 1 : 1e12));
    const graph = graphOf({ ...input, features: copied });
    const indices = graph.indices.map((row, at) => (at % 11 > 6 || at < 2 * graph.k ? -1 : row));
    for (const each of [graph, { ...graph, indices }]) {
      const { coordinates, kl } = run(each, { iterations: 300 });
      expect(coordinates.every(Number.isFinite)).toBe(true);
      expect(Number.isFinite(kl)).toBe(true);
    }
  });

  it('is refused in words without neighbours, or for a beginning of other points', () => {
    const graph = graphOf(clumps(20, 3));
    const empty = { ...graph, k: 0, indices: new Int32Array(0), distances: new Float32Array(0) };
    expect(() => run(empty, {})).toThrow(/needs at least one neighbour/);
    expect(() => run(graph, { initial: new Float32Array(38) })).toThrow(/begins with 40 numbers .* got 38/);
  });
});
