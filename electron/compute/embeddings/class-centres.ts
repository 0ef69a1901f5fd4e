// Clips that lie far from the centres of their class: the method by which the Multilingual Spoken Words Corpus was
// checked (Mazumder et al. 2021, "Multilingual Spoken Words Corpus", section 5).
import type { Metric } from '../../../shared/domain/embedding.ts';
import { createRandom } from '../random.ts';
import { checkFeatures, checkLabels, type Features, rowsByClass, shuffle, unitRows } from './features.ts';
import { type KMeans, kMeans, nearestCentre } from './k-means.ts';
import { rankContradicted } from './neighbour-labels.ts';
import { medianOf } from './outliers.ts';

export interface ClassCentreInput extends Features {
  readonly labels: Int32Array;
  readonly classes: number;
  readonly metric: Metric;
  /** Centres a class; default 5. */
  readonly centres?: number;
  /** Clips of each class that the centres are made from; default 50. */
  readonly sample?: number;
  readonly seed?: number;
}

export interface ClassCentreScores {
  /** N: exp(-distance / the class's median distance), 0..1, low = bad; NaN for rows without a label. */
  readonly scores: Float64Array;
  /** N: distance to the nearest centre of the row's own class; NaN for rows without a label. */
  readonly distances: Float64Array;
  /** N: the class that has the nearest centre of all; -1 when no row has a label. */
  readonly proposed: Int32Array;
  /** Rows whose label is not the proposed one, worst first. */
  readonly ranked: Int32Array;
}

/**
 * k-means (default 5 centres) on a seeded sample (default 50 clips) of each class, then every row's distance to the
 * nearest centre of its class. A centre that holds a single clip of the sample is left out, unless the class has no
 * other: a wrong clip in the sample would be its own centre. Cosine: centres of rows scaled to length 1, distances
 * 1 - cosine. Time O(N x classes x centres x D). Errors: as `checkFeatures` and `checkLabels`.
 */
export function classCentreScores(input: ClassCentreInput): ClassCentreScores {
  const { n, d, labels, classes, metric, centres: k = 5, sample = 50, seed = 0 } = input;
  checkFeatures(input);
  checkLabels(labels, n, classes);
  const features = metric === 'cosine' ? unitRows(input) : input.features;
  const random = createRandom(seed);
  const centresOf = rowsByClass(labels, classes).map((rows) => {
    const drawn = shuffle(rows.slice(), random).subarray(0, sample);
    return sharedCentres(kMeans({ features, n, d }, drawn, k, random), d, metric);
  });
  const distances = new Float64Array(n).fill(Number.NaN);
  const proposed = new Int32Array(n).fill(-1);
  for (let row = 0; row < n; row++) {
    let nearest = Number.POSITIVE_INFINITY;
    for (let label = 0; label < classes; label++) {
      const { squared } = nearestCentre(features, row * d, centresOf[label]!, d);
      if (label === labels[row]) distances[row] = metric === 'cosine' ? squared / 2 : Math.sqrt(squared);
      if (squared < nearest) {
        nearest = squared;
        proposed[row] = label;
      }
    }
  }
  const scores = scoreWithinClasses(distances, labels, classes);
  return { scores, distances, proposed, ranked: rankContradicted(scores, labels, proposed) };
}

function sharedCentres({ centres, k, sizes }: KMeans, d: number, metric: Metric): Float32Array {
  const all = Array.from({ length: k }, (_, c) => c);
  const shared = all.filter((c) => sizes[c]! > 1);
  const chosen = shared.length > 0 ? shared : all;
  const result = new Float32Array(chosen.length * d);
  for (const [at, c] of chosen.entries()) result.set(centres.subarray(c * d, (c + 1) * d), at * d);
  return metric === 'cosine' ? unitRows({ features: result, n: chosen.length, d }) : result;
}

function scoreWithinClasses(distances: Float64Array, labels: Int32Array, classes: number): Float64Array {
  const scores = new Float64Array(distances.length).fill(Number.NaN);
  for (const rows of rowsByClass(labels, classes)) {
    const typical = medianOf(Float64Array.from(rows, (row) => distances[row]!));
    for (const row of rows) {
      const distance = distances[row]!;
      scores[row] = distance === 0 ? 1 : Math.exp(-distance / typical);
    }
  }
  return scores;
}
