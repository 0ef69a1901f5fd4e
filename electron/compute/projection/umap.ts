// UMAP (McInnes, Healy & Melville 2018, "UMAP: uniform manifold approximation and projection for dimension reduction")
// of a neighbour graph: a fuzzy graph laid out on the plane by stochastic gradient descent with negative samples.
import { usualIterations } from '../../../shared/domain/embedding.ts';
import { EarmarkError } from '../../../shared/errors.ts';
import { checkGraph, type NeighbourGraph } from '../embeddings/features.ts';
import { createRandom } from '../random.ts';
import { fitCurve, forceTables, LAST_PLACE, OFFSET, SHIFT } from './umap-curve.ts';
import { type FuzzyGraph, fuzzyGraph } from './umap-graph.ts';

export interface UmapOptions {
  /** How close points may come, 0 or more; default 0.1. */
  readonly minDist?: number;
  /** Scale of the picture; default 1. */
  readonly spread?: number;
  /** Default: 500 up to 10,000 points, 200 above. */
  readonly epochs?: number | null;
  /** Points pushed away for each one pulled; default 5. */
  readonly negativeSamples?: number;
  readonly seed?: number;
}

export interface UmapProgress {
  /** Epochs done. */
  readonly epoch: number;
  readonly epochs: number;
  /** N x 2, as it is now and as it will be changed by the next step: copy it to keep it. */
  readonly coordinates: Float32Array;
}

/** Largest coordinate of the start. */
const START_RANGE = 10;
const START_NOISE = 1e-4;
/** Furthest that one sample moves a coordinate, before the learning rate. */
const LONGEST_STEP = 4;

/**
 * Lays the points out, each pulled by its neighbours as often as their weights say and pushed by random others; the
 * learning rate falls from 1 to 0. Yields before the first epoch and after each one: stop asking, and the picture is the
 * last one. The same graph, start and seed give the same bits. Memory O(N k); single-threaded.
 * @param initial N x 2 in any scale, as PCA gives them; null: random places.
 * Errors: as `checkGraph`; `umap/initial` for coordinates that are not 2 N finite numbers.
 */
export function* umap(
  graph: NeighbourGraph,
  initial: Float32Array | null,
  options: UmapOptions = {},
): Generator<UmapProgress, UmapProgress> {
  checkGraph(graph);
  const { n } = graph;
  const { minDist = 0.1, spread = 1, negativeSamples = 5, seed = 0 } = options;
  const epochs = options.epochs ?? usualIterations('umap', n);
  const random = createRandom(seed);
  const coordinates = startFrom(initial, n, random);
  yield { epoch: 0, epochs, coordinates };
  const edges = scheduleOf(fuzzyGraph(graph), epochs);
  const tables = forceTables(fitCurve(minDist, spread));
  const layout = createLayout(
    coordinates,
    edges,
    tables,
    negativeSamples,
    Math.floor(random() * 2 ** 32) | 1,
  );
  for (let epoch = 0; epoch < epochs; epoch++) {
    layout(epoch, 1 - epoch / epochs);
    yield { epoch: epoch + 1, epochs, coordinates };
  }
  return { epoch: epochs, epochs, coordinates };
}

function startFrom(initial: Float32Array | null, n: number, random: () => number): Float32Array {
  if (initial === null) return Float32Array.from({ length: 2 * n }, () => (2 * random() - 1) * START_RANGE);
  if (initial.length !== 2 * n || !initial.every(Number.isFinite)) {
    throw new EarmarkError(
      'umap/initial',
      `The places to start from should be ${2 * n} finite numbers, two for each of ${n} points. Nothing was computed.`,
      { n, length: initial.length },
    );
  }
  const largest = initial.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = largest > 0 ? START_RANGE / largest : 0;
  // Points that start at the same place would be pulled and pushed alike.
  return initial.map((value) => value * scale + (random() - 0.5) * START_NOISE);
}

/** The edges with how often they are due; edges that never are have been left out. */
interface Schedule {
  readonly starts: Float64Array;
  readonly ends: Int32Array;
  /** Epochs from one sample of the edge to the next, 1 or more. */
  readonly every: Float32Array;
}

function scheduleOf({ starts, ends, weights }: FuzzyGraph, epochs: number): Schedule {
  const n = starts.length - 1;
  let largest = 0;
  for (let at = 0; at < weights.length; at++) largest = Math.max(largest, weights[at]!);
  const kept = new Float64Array(n + 1);
  let written = 0;
  for (let row = 0; row < n; row++) {
    kept[row] = written;
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      const weight = weights[at]!;
      if (weight * epochs < largest) continue;
      ends[written] = ends[at]!;
      weights[written++] = largest / weight;
    }
  }
  kept[n] = written;
  return { starts: kept, ends: ends.subarray(0, written), every: weights.subarray(0, written) };
}

/** One epoch: `(epoch, learning rate)`. */
function createLayout(
  coordinates: Float32Array,
  { starts, ends, every }: Schedule,
  { attraction, repulsion }: { readonly attraction: Float32Array; readonly repulsion: Float32Array },
  negativeSamples: number,
  seed: number,
): (epoch: number, rate: number) => void {
  const n = starts.length - 1;
  const due = every.slice();
  const asFloat = new Float32Array(1);
  const asBits = new Int32Array(asFloat.buffer);
  const toPoint = n / 2 ** 32;
  let state = seed;
  return (epoch, rate) => {
    for (let row = 0; row < n; row++) {
      const end = starts[row + 1]!;
      let x = coordinates[2 * row]!;
      let y = coordinates[2 * row + 1]!;
      for (let at = starts[row]!; at < end; at++) {
        if (due[at]! > epoch) continue;
        due[at]! += every[at]!;
        const other = ends[at]!;
        let dx = x - coordinates[2 * other]!;
        let dy = y - coordinates[2 * other + 1]!;
        asFloat[0] = dx * dx + dy * dy;
        let place = (asBits[0]! >> SHIFT) - OFFSET;
        if (asBits[0] !== 0) {
          const pull = -attraction[place < 0 ? 0 : place > LAST_PLACE ? LAST_PLACE : place]!;
          const moveX = rate * clip(pull * dx);
          const moveY = rate * clip(pull * dy);
          x += moveX;
          y += moveY;
          coordinates[2 * other]! -= moveX;
          coordinates[2 * other + 1]! -= moveY;
        }
        for (let sample = 0; sample < negativeSamples; sample++) {
          state ^= state << 13;
          state ^= state >>> 17;
          state ^= state << 5;
          const away = ((state >>> 0) * toPoint) | 0;
          if (away === row) continue;
          dx = x - coordinates[2 * away]!;
          dy = y - coordinates[2 * away + 1]!;
          asFloat[0] = dx * dx + dy * dy;
          place = (asBits[0]! >> SHIFT) - OFFSET;
          if (asBits[0] !== 0) {
            const push = repulsion[place < 0 ? 0 : place > LAST_PLACE ? LAST_PLACE : place]!;
            x += rate * clip(push * dx);
            y += rate * clip(push * dy);
          } else {
            x += rate * LONGEST_STEP;
            y += rate * LONGEST_STEP;
          }
        }
      }
      coordinates[2 * row] = x;
      coordinates[2 * row + 1] = y;
    }
  };
}

function clip(step: number): number {
  return step > LONGEST_STEP ? LONGEST_STEP : step < -LONGEST_STEP ? -LONGEST_STEP : step;
}
