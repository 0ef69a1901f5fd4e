// Clips that are nearly the same recording: candidates by their embeddings, confirmed by how loudness runs through the
// samples, which a change of gain, a small shift or added noise leaves alone.
import { EarmarkError } from '../../../shared/errors.ts';
import { checkGraph, type NeighbourGraph } from './features.ts';
import { medianOf } from './outliers.ts';

export interface CandidatePair {
  /** The lower row. */
  readonly a: number;
  readonly b: number;
  readonly distance: number;
}

export interface NearDuplicateCandidates {
  /** Closest first. */
  readonly pairs: readonly CandidatePair[];
  /** Pairs nearer than this are candidates: share x the median distance to the nearest neighbour. */
  readonly threshold: number;
}

/**
 * Pairs of rows nearer to each other than `share` (default 0.13, ALGORITHMS 5) of the median nearest-neighbour
 * distance. Where most rows lie on another one the median is taken over the distances above 0. Only pairs in the graph
 * can be found: up to k near duplicates of a row. Errors: as `checkGraph`.
 */
export function nearDuplicateCandidates(graph: NeighbourGraph, share = 0.13): NearDuplicateCandidates {
  checkGraph(graph);
  const { n, k, indices, distances } = graph;
  const nearest: number[] = [];
  for (let row = 0; row < n && k > 0; row++) {
    if (indices[row * k]! >= 0) nearest.push(distances[row * k]!);
  }
  let typical = medianOf(Float64Array.from(nearest));
  if (typical === 0) typical = medianOf(Float64Array.from(nearest.filter((distance) => distance > 0)));
  // Every row lies on another one: they are all as near as can be.
  const threshold = Number.isNaN(typical) ? 0 : share * typical;
  const pairs: CandidatePair[] = [];
  for (let row = 0; row < n; row++) {
    for (let at = row * k; at < (row + 1) * k; at++) {
      const other = indices[at]!;
      const distance = distances[at]!;
      if (other < 0 || (distance > 0 && distance >= threshold)) break;
      if (other > row || !isNeighbour(graph, other, row)) {
        pairs.push({ a: Math.min(row, other), b: Math.max(row, other), distance });
      }
    }
  }
  pairs.sort((x, y) => x.distance - y.distance || x.a - y.a || x.b - y.b);
  return { pairs, threshold };
}

function isNeighbour({ k, indices }: NeighbourGraph, row: number, other: number): boolean {
  for (let at = row * k; at < (row + 1) * k; at++) if (indices[at] === other) return true;
  return false;
}

/**
 * From this correlation up two clips count as the same recording. Different takes of one word by one speaker reach it
 * in 1% of the pairs (median 0.85, on two collections of digits and commands); copies with another gain, a shift or
 * noise at 10 dB nearly always do. A coarser envelope tells takes apart less well: at 100 Hz their median is 0.93.
 */
export const NEAR_DUPLICATE_CORRELATION = 0.98;

const FRAMES_PER_SECOND = 800;
/** Each value covers this many steps, so that a shift by half a step changes little. */
const STEPS_COVERED = 3;
/** Longer clips are compared by their first ten seconds. */
const MAX_FRAMES = 10 * FRAMES_PER_SECOND;
/** Share of the shorter clip that has to lie on the longer one. */
const LEAST_OVERLAP = 0.8;

/**
 * Amplitude envelope: root mean square of 3.75 ms stretches every 1.25 ms of the first ten seconds, the last stretches
 * cut at the end. A clip of no samples has an envelope of no values. @throws EarmarkError `envelope/rate` below 1600 Hz.
 */
export function amplitudeEnvelope(samples: Float32Array, sampleRate: number): Float64Array {
  if (!(sampleRate >= 2 * FRAMES_PER_SECOND)) {
    throw new EarmarkError(
      'envelope/rate',
      `An envelope needs samples at ${2 * FRAMES_PER_SECOND} Hz or more, not at ${sampleRate}.`,
    );
  }
  const hop = sampleRate / FRAMES_PER_SECOND;
  const frames = Math.min(Math.ceil(samples.length / hop), MAX_FRAMES);
  const envelope = new Float64Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    const start = Math.round(frame * hop);
    const end = Math.min(Math.round((frame + STEPS_COVERED) * hop), samples.length);
    let energy = 0;
    for (let i = start; i < end; i++) energy += samples[i]! * samples[i]!;
    envelope[frame] = end > start ? Math.sqrt(energy / (end - start)) : 0;
  }
  return envelope;
}

export interface EnvelopeMatch {
  /** Largest correlation over the lags, -1..1; 0 where an envelope is flat or empty. */
  readonly correlation: number;
  /** Seconds by which the second clip runs behind the first at that lag. */
  readonly lagSec: number;
}

/**
 * Normalised cross-correlation of two envelopes: Pearson's correlation of the overlapping stretches, the largest over
 * all lags at which at least 80% of the shorter one overlaps. Time O(frames x lags), at most some 0.05 s.
 */
export function matchEnvelopes(a: Float64Array, b: Float64Array): EnvelopeMatch {
  const overlap = Math.max(Math.ceil(LEAST_OVERLAP * Math.min(a.length, b.length)), 2);
  let correlation = 0;
  let lag = 0;
  for (let shift = overlap - a.length; shift <= b.length - overlap; shift++) {
    const value = correlationAt(a, b, shift);
    if (value > correlation || (value === correlation && Math.abs(shift) < Math.abs(lag))) {
      correlation = value;
      lag = shift;
    }
  }
  return { correlation, lagSec: lag / FRAMES_PER_SECOND };
}

/** Pearson's correlation of a[i] and b[i + shift] over all i that both have; 0 where one of them is constant. */
function correlationAt(a: Float64Array, b: Float64Array, shift: number): number {
  const start = Math.max(0, -shift);
  const end = Math.min(a.length, b.length - shift);
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let i = start; i < end; i++) {
    const x = a[i]!;
    const y = b[i + shift]!;
    sumA += x;
    sumB += y;
    squaresA += x * x;
    squaresB += y * y;
    products += x * y;
  }
  const count = end - start;
  const varianceA = squaresA - (sumA * sumA) / count;
  const varianceB = squaresB - (sumB * sumB) / count;
  if (!(varianceA > 1e-12 * squaresA && varianceB > 1e-12 * squaresB)) return 0;
  return (products - (sumA * sumB) / count) / Math.sqrt(varianceA * varianceB);
}
