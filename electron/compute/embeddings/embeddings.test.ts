import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readNpyFile } from '../../formats/npy.ts';
import { hasShared, sharedPath } from '../../testing/shared-data.ts';
import { createRandom } from '../random.ts';
import { classCentreScores } from './class-centres.ts';
import { checkFeatures, type NeighbourGraph } from './features.ts';
import { kMeans } from './k-means.ts';
import {
  amplitudeEnvelope,
  matchEnvelopes,
  NEAR_DUPLICATE_CORRELATION,
  nearDuplicateCandidates,
} from './near-duplicates.ts';
import { combineRankings, neighbourLabels } from './neighbour-labels.ts';
import { outlierScores } from './outliers.ts';

/** Neighbours given as one list of [row, distance] a row. */
function graphOf(k: number, rows: readonly (readonly (readonly [number, number])[])[]): NeighbourGraph {
  const indices = new Int32Array(rows.length * k).fill(-1);
  const distances = new Float32Array(rows.length * k);
  for (const [row, neighbours] of rows.entries()) {
    for (const [at, [other, distance]] of neighbours.entries()) {
      indices[row * k + at] = other;
      distances[row * k + at] = distance;
    }
  }
  return { n: rows.length, k, indices, distances };
}

describe.skipIf(!hasShared)('on 3,000 spoken digits with 210 wrong labels', () => {
  const folder = (name: string): string => sharedPath('golden', 'fsdd-noisy', name);
  const array = async <T>(name: string): Promise<T> => (await readNpyFile(folder(name))).data as T;
  const graph = async (): Promise<NeighbourGraph> => ({
    n: 3000,
    k: 15,
    indices: await array<Int32Array>('knn15_cosine_idx.npy'),
    distances: await array<Float32Array>('knn15_cosine_dist.npy'),
  });
  const lines = (): string[][] =>
    readFileSync(folder('clips.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(','));
  const labelsOf = (column: number): Int32Array => Int32Array.from(lines(), (line) => Number(line[column]));

  it('outlier scores are those of cleanlab', async () => {
    const { scores } = outlierScores(await graph());
    const expected = await array<Float64Array>('outlier_score_k10.npy');
    const furthest = scores.reduce(
      (worst, score, row) => Math.max(worst, Math.abs(score - expected[row]!)),
      0,
    );
    expect(furthest).toBeLessThan(1e-5);
  });

  it('neighbours find every planted error and propose its true label', async () => {
    const [given, truth] = [labelsOf(1), labelsOf(2)];
    const found = neighbourLabels({ graph: await graph(), labels: given, classes: 10 });
    const planted = [...given.keys()].filter((row) => given[row] !== truth[row]);
    expect(planted.filter((row) => found.ranked.includes(row)).length).toBeGreaterThanOrEqual(208);
    expect(planted.filter((row) => found.proposed[row] === truth[row]).length).toBeGreaterThanOrEqual(206);
    expect(found.ranked.length).toBeLessThan(270);
    const worst = found.ranked.subarray(0, 150);
    expect(worst.filter((row) => given[row] !== truth[row]).length).toBeGreaterThanOrEqual(145);
  });

  it('class centres rank planted errors first', async () => {
    const [given, truth] = [labelsOf(1), labelsOf(2)];
    const features = await array<Float32Array>('features.npy');
    const input = { features, n: 3000, d: 96, labels: given, classes: 10, metric: 'cosine' } as const;
    const found = classCentreScores(input);
    const worst = found.ranked.subarray(0, 100);
    expect(worst.filter((row) => given[row] !== truth[row]).length).toBeGreaterThan(75);
    expect(classCentreScores(input).ranked).toEqual(found.ranked);
  });
});

describe('outliers', () => {
  it('a row as far from its neighbours as most has the score 1/e, a row on its neighbours 1', () => {
    const graph = graphOf(2, [
      [
        [1, 0.5],
        [2, 1.5],
      ],
      [
        [0, 1],
        [2, 1],
      ],
      [
        [0, 0],
        [1, 0],
      ],
    ]);
    const { scores, typicalDistance } = outlierScores(graph, 2);
    expect(typicalDistance).toBe(1);
    expect(scores[0]).toBeCloseTo(Math.exp(-1), 12);
    expect(scores[2]).toBe(1);
  });

  it('equal rows are no outliers, and a single row has no score', () => {
    expect([...outlierScores(graphOf(1, [[[1, 0]], [[0, 0]]])).scores]).toEqual([1, 1]);
    expect([...outlierScores(graphOf(1, [[]])).scores]).toEqual([Number.NaN]);
    expect(outlierScores(graphOf(1, [])).scores).toHaveLength(0);
  });
});

describe('labels by neighbours', () => {
  const neighbours = graphOf(4, [
    [
      [1, 0.1],
      [2, 0.2],
      [3, 0.3],
      [4, 0.4],
    ],
    [],
    [],
    [],
    [],
  ]);
  const labels = Int32Array.of(0, 1, 0, 1, 1);

  it('near neighbours weigh more: 1/rank', () => {
    const found = neighbourLabels({ graph: neighbours, labels, classes: 2, k: 3 });
    expect(found.scores[0]).toBeCloseTo(1 / 2 / (1 + 1 / 2 + 1 / 3), 12);
    expect([found.proposed[0], found.agreeing[0], found.voters[0]]).toEqual([1, 2, 3]);
    expect([...found.ranked]).toEqual([0]);
  });

  it('the same speaker, copies and unlabelled clips do not vote, and the next neighbour takes their place', () => {
    const bySpeaker = neighbourLabels({
      graph: neighbours,
      labels,
      classes: 2,
      k: 2,
      speakers: Int32Array.of(7, 7, 8, 9, 9),
    });
    expect([bySpeaker.agreeing[0], bySpeaker.voters[0], bySpeaker.proposed[0]]).toEqual([1, 2, 0]);
    const withoutCopies = neighbourLabels({
      graph: neighbours,
      labels: Int32Array.of(0, 1, -1, 1, 1),
      classes: 2,
      copies: Int32Array.of(3, 3, -1, -1, -1),
    });
    expect([withoutCopies.agreeing[0], withoutCopies.voters[0]]).toEqual([2, 2]);
  });

  it('a row without neighbours has neither score nor proposal; equal weights keep the given label', () => {
    const found = neighbourLabels({ graph: neighbours, labels, classes: 2 });
    expect([found.scores[1], found.proposed[1]]).toEqual([Number.NaN, -1]);
    const tie = graphOf(1, [[[1, 0]], [[0, 0]]]);
    const tied = neighbourLabels({ graph: tie, labels: Int32Array.of(0, 0), classes: 3 });
    expect([...tied.ranked]).toEqual([]);
  });

  it('labels out of range and neighbours that do not exist are named', () => {
    const wrong = Int32Array.of(0, 1, 0, 2, 1);
    expect(() => neighbourLabels({ graph: neighbours, labels: wrong, classes: 2 })).toThrow(
      /Row 3 has label 2/,
    );
    expect(() =>
      neighbourLabels({ graph: graphOf(1, [[[5, 0]]]), labels: Int32Array.of(0), classes: 1 }),
    ).toThrow(/row 5 for a neighbour/);
  });

  it('several rankings are one by mean reciprocal rank', () => {
    const combined = combineRankings([Int32Array.of(5, 2, 9), Int32Array.of(2, 7)]);
    expect(combined.map(({ row }) => row)).toEqual([2, 5, 7, 9]);
    expect(combined[0]).toEqual({ row: 2, meanReciprocalRank: 0.75, ranks: [2, 1] });
    expect(combined[1]?.ranks).toEqual([1, null]);
  });
});

describe('centres', () => {
  it('k-means finds two clumps, and no more centres than distinct rows', () => {
    const features = Float32Array.of(0, 0, 0, 1, 10, 10, 10, 11, 0, 0.5);
    const rows = Int32Array.of(0, 1, 2, 3, 4);
    const { centres, sizes } = kMeans({ features, n: 5, d: 2 }, rows, 2, createRandom(1));
    expect([...sizes].sort()).toEqual([2, 3]);
    const sorted = [...centres].sort((a, b) => a - b);
    expect(sorted).toEqual([0, 0.5, 10, 10.5]);
    const equal = kMeans(
      { features: new Float32Array(6).fill(2), n: 3, d: 2 },
      Int32Array.of(0, 1, 2),
      5,
      createRandom(1),
    );
    expect([...equal.centres]).toEqual([2, 2]);
    expect(kMeans({ features, n: 5, d: 2 }, new Int32Array(0), 5, createRandom(1)).k).toBe(0);
  });

  it('classes of one clip, empty classes and unlabelled rows are no trouble', () => {
    const found = classCentreScores({
      features: Float32Array.of(1, 0, 0, 1, 1, 1),
      n: 3,
      d: 2,
      labels: Int32Array.of(0, 1, -1),
      classes: 3,
      metric: 'euclidean',
    });
    expect([...found.scores]).toEqual([1, 1, Number.NaN]);
    expect([...found.ranked]).toEqual([]);
  });
});

describe('embeddings that cannot be used', () => {
  it('name the rows with NaN and the wrong size', () => {
    const features = Float32Array.of(1, 2, 3, Number.NaN, 5, Number.POSITIVE_INFINITY);
    expect(() => checkFeatures({ features, n: 3, d: 2 })).toThrow(/in 2 of 3 rows, first in row 1/);
    expect(() => checkFeatures({ features, n: 2, d: 2 })).toThrow(/2 rows of 2 numbers, but there are 6/);
  });
});

/** Half a second of a word-like sound at 16 kHz: bursts of noise and voiced stretches at times drawn from the seed. */
function syllables(seed: number): Float32Array {
  const random = createRandom(seed);
  const samples = new Float32Array(16_000);
  for (let syllable = 0; syllable < 4; syllable++) {
    const start = 1500 + syllable * 3200 + Math.floor(random() * 1500);
    const length = 800 + Math.floor(random() * 1600);
    const pitch = 90 + random() * 120;
    for (let i = 0; i < length; i++) {
      const shape = Math.sin((Math.PI * i) / length) ** 2;
      const voice = Math.sin((2 * Math.PI * pitch * i) / 16_000) ** 9;
      samples[start + i]! += shape * (0.4 * voice + 0.05 * (random() - 0.5));
    }
  }
  return samples;
}

describe('near duplicates', () => {
  const original = amplitudeEnvelope(syllables(1), 16_000);
  const matchOf = (samples: Float32Array, rate = 16_000) =>
    matchEnvelopes(original, amplitudeEnvelope(samples, rate));

  it('pairs far nearer than usual are candidates, each pair once, closest first', () => {
    const graph = graphOf(2, [
      [
        [1, 0.05],
        [2, 1],
      ],
      [
        [0, 0.05],
        [2, 1],
      ],
      [
        [3, 0],
        [0, 1],
      ],
      [
        [2, 0],
        [1, 1],
      ],
      [[0, 1]],
      [[1, 1]],
      [[1, 1]],
      [[2, 1]],
      [[3, 1]],
    ]);
    const { pairs, threshold } = nearDuplicateCandidates(graph);
    expect(threshold).toBeCloseTo(0.13, 12);
    expect(pairs.map(({ a, b }) => [a, b])).toEqual([
      [2, 3],
      [0, 1],
    ]);
  });

  it('where every row lies on another one they are all candidates; one row alone is none', () => {
    expect(nearDuplicateCandidates(graphOf(1, [[[1, 0]], [[0, 0]]])).pairs).toHaveLength(1);
    expect(nearDuplicateCandidates(graphOf(1, [[]])).pairs).toEqual([]);
    expect(nearDuplicateCandidates(graphOf(0, [[], []])).pairs).toEqual([]);
  });

  it('a copy with another gain, a shift and noise is confirmed, at its lag', () => {
    const random = createRandom(9);
    const copy = new Float32Array(16_000);
    copy.set(syllables(1).subarray(0, 16_000 - 650), 650);
    const match = matchOf(copy.map((sample) => 0.3 * sample + 0.005 * (random() - 0.5)));
    expect(match.correlation).toBeGreaterThan(NEAR_DUPLICATE_CORRELATION);
    expect(match.lagSec).toBeCloseTo(650 / 16_000, 2);
  });

  it('a trimmed copy at another sample rate is confirmed', () => {
    const trimmed = syllables(1).subarray(1000, 15_000);
    const slower = Float32Array.from({ length: 7000 }, (_, i) => (trimmed[2 * i]! + trimmed[2 * i + 1]!) / 2);
    expect(matchOf(slower, 8000).correlation).toBeGreaterThan(NEAR_DUPLICATE_CORRELATION);
  });

  it('another take, silence and a clip without samples are not', () => {
    expect(matchOf(syllables(2)).correlation).toBeLessThan(0.9);
    expect(matchOf(new Float32Array(16_000)).correlation).toBe(0);
    expect(matchOf(new Float32Array(0)).correlation).toBe(0);
    expect(matchOf(new Float32Array(10).fill(0.5)).correlation).toBeLessThan(0.9);
  });
});
