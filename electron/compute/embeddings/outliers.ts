// Clips that resemble nothing else, by the distance to their neighbours.
import { quickselect } from '../select.ts';
import { checkGraph, type NeighbourGraph } from './features.ts';

/** Distances this small are rounding: such a row lies on its neighbours. */
const ROUNDING = 100 * Number.EPSILON;

export interface OutlierScores {
  /** N: 0..1, low = unlike everything else; NaN for a row without neighbours. */
  readonly scores: Float64Array;
  /** N: mean distance to the k nearest; NaN for a row without neighbours. */
  readonly meanDistance: Float64Array;
  /** Median of the mean distances: a row this far from its neighbours has the score 1/e. */
  readonly typicalDistance: number;
}

/**
 * exp(-m / median m) with m the mean distance of a row to its k nearest neighbours, as cleanlab 2.9's OutOfDistribution
 * computes it from features (Kuan & Mueller 2022; t = 1). cleanlab takes cosine distances from four dimensions up and
 * euclidean ones below: the graph's metric is the caller's choice. When all rows are equal every score is 1.
 * Errors: as `checkGraph`.
 */
export function outlierScores(graph: NeighbourGraph, k = 10): OutlierScores {
  checkGraph(graph);
  const { n, indices, distances } = graph;
  const meanDistance = new Float64Array(n).fill(Number.NaN);
  const known = new Float64Array(n);
  let count = 0;
  for (let row = 0; row < n; row++) {
    const start = row * graph.k;
    const end = start + Math.min(k, graph.k);
    let sum = 0;
    let at = start;
    while (at < end && indices[at]! >= 0) sum += distances[at++]!;
    if (at === start) continue;
    meanDistance[row] = sum / (at - start);
    known[count++] = sum / (at - start);
  }
  const typicalDistance = medianOf(known.subarray(0, count));
  const scale = Math.max(typicalDistance, ROUNDING);
  const scores = meanDistance.map((mean) => (mean < ROUNDING ? 1 : Math.exp(-mean / scale)));
  return { scores, meanDistance, typicalDistance };
}

/** Median (mean of the middle two); NaN for none. Reorders `values`. */
export function medianOf(values: Float64Array): number {
  const middle = values.length >> 1;
  if (values.length === 0) return Number.NaN;
  const upper = quickselect(values, middle);
  if (values.length % 2 === 1) return upper;
  return (values.subarray(0, middle).reduce((most, value) => Math.max(most, value), -Infinity) + upper) / 2;
}
