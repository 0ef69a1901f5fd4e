// From distances to the nearest neighbours to the weights of UMAP's fuzzy graph.
import type { NeighbourGraph } from '../embeddings/features.ts';

/** Row i's edges stand at starts[i] up to starts[i + 1]; every edge is there from both ends. */
export interface FuzzyGraph {
  readonly starts: Float64Array;
  readonly ends: Int32Array;
  /** Above 0, at most 1. */
  readonly weights: Float32Array;
}

const SEARCH_STEPS = 64;
const SEARCH_TOLERANCE = 1e-5;
/** Bandwidths are at least this part of the mean distance. */
const LEAST_BANDWIDTH = 1e-3;

/**
 * Fuzzy simplicial set (McInnes, Healy & Melville 2018, sections 3.1 and 4.1): the weight of a neighbour at distance x
 * is exp(-max(0, x - rho) / sigma) with rho the smallest distance above 0 and sigma such that the weights of a row, and
 * 1 for itself, sum to log2 of their number; both directions are joined by a + b - a b. Time and memory O(N k).
 */
export function fuzzyGraph(graph: NeighbourGraph): FuzzyGraph {
  return symmetrise(graph, memberships(graph));
}

/** N x k weights, 0 where there is no neighbour. */
function memberships({ n, k, indices, distances }: NeighbourGraph): Float32Array {
  const weights = new Float32Array(n * k);
  const overall = meanOf(distances, indices, 0, n * k).mean;
  for (let row = 0; row < n; row++) {
    const start = row * k;
    const { mean, end } = meanOf(distances, indices, start, start + k);
    if (end === start) continue;
    let rho = 0;
    for (let at = start; at < end && rho === 0; at++) rho = distances[at]!;
    const wanted = Math.log2(end - start + 1);
    const sigma = Math.max(
      bandwidth(distances, start, end, rho, wanted),
      LEAST_BANDWIDTH * (rho > 0 ? mean : overall),
    );
    for (let at = start; at < end; at++) {
      const beyond = distances[at]! - rho;
      weights[at] = beyond <= 0 || sigma === 0 ? 1 : Math.exp(-beyond / sigma);
    }
  }
  return weights;
}

/** Mean of the distances in a stretch up to the first missing neighbour (at `end`); only rows end with missing ones. */
function meanOf(
  distances: Float32Array,
  indices: Int32Array,
  start: number,
  limit: number,
): { mean: number; end: number } {
  let sum = 0;
  let count = 0;
  let end = start;
  for (let at = start; at < limit; at++) {
    if (indices[at]! < 0) continue;
    sum += distances[at]!;
    count++;
    end = at + 1;
  }
  return { mean: count > 0 ? sum / count : 0, end };
}

function bandwidth(distances: Float32Array, start: number, end: number, rho: number, wanted: number): number {
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let sigma = 1;
  for (let step = 0; step < SEARCH_STEPS; step++) {
    let sum = 0;
    for (let at = start; at < end; at++) {
      const beyond = distances[at]! - rho;
      sum += beyond > 0 ? Math.exp(-beyond / sigma) : 1;
    }
    if (Math.abs(sum - wanted) < SEARCH_TOLERANCE) break;
    if (sum > wanted) high = sigma;
    else low = sigma;
    sigma = high === Number.POSITIVE_INFINITY ? sigma * 2 : (low + high) / 2;
  }
  return sigma;
}

function symmetrise({ n, k, indices }: NeighbourGraph, directed: Float32Array): FuzzyGraph {
  const places = new Float64Array(n + 1);
  for (let at = 0; at < n * k; at++) {
    if (indices[at]! < 0 || directed[at] === 0) continue;
    places[Math.floor(at / k) + 1]!++;
    places[indices[at]! + 1]!++;
  }
  for (let row = 0; row < n; row++) places[row + 1]! += places[row]!;
  const ends = new Int32Array(places[n]!);
  const weights = new Float32Array(places[n]!);
  const next = places.slice();
  for (let row = 0; row < n; row++) {
    for (let at = row * k; at < (row + 1) * k; at++) {
      const other = indices[at]!;
      const weight = directed[at]!;
      if (other < 0 || weight === 0) continue;
      ends[next[row]!] = other;
      weights[next[row]!++] = weight;
      ends[next[other]!] = row;
      weights[next[other]!++] = weight;
    }
  }
  return joinBothDirections(places, ends, weights);
}

/** Rows in which an end may stand twice (there and back) become rows in which it stands once, in place. */
function joinBothDirections(places: Float64Array, ends: Int32Array, weights: Float32Array): FuzzyGraph {
  const n = places.length - 1;
  const starts = new Float64Array(n + 1);
  /** Where the row now worked on has an edge to each end. */
  const seenAt = new Float64Array(n).fill(-1);
  let written = 0;
  for (let row = 0; row < n; row++) {
    const start = written;
    starts[row] = start;
    for (let at = places[row]!; at < places[row + 1]!; at++) {
      const end = ends[at]!;
      const weight = weights[at]!;
      const seen = seenAt[end]!;
      if (seen >= start) {
        weights[seen]! += weight - weights[seen]! * weight;
      } else {
        seenAt[end] = written;
        ends[written] = end;
        weights[written++] = weight;
      }
    }
  }
  starts[n] = written;
  return { starts, ends: ends.slice(0, written), weights: weights.slice(0, written) };
}
