// The built-in embedding that needs no model file: how a word sounds, as 261 numbers. Every figure here was chosen by the
// leave-speaker-out purity of three sets (bench/purity.ts), none for one of them alone.
import { frontEndPresets } from '../../../shared/domain/front-end.ts';
import { dctMatrix } from '../../audio/features/filterbank.ts';
import { createFeatureExtractor } from '../../audio/index.ts';
import { medianPitch } from './pitch.ts';
import { percentile, type Span, sampleByChange, smooth, spokenPart } from './trajectory.ts';

const conventions = frontEndPresets['earmark-log-mel-40'];
const SAMPLE_RATE = conventions.sampleRate;
const BANDS = conventions.bands;
const COEFFICIENTS = 13;
const STEPS = 20;

/** The number changes with every change of the vectors, so that old and new ones are never compared. */
export const acousticEmbedding = {
  name: 'acoustic-1',
  /** Sounds at other rates are resampled by the caller. */
  sampleRate: SAMPLE_RATE,
  dimensions: STEPS * COEFFICIENTS + 1,
  about:
    'The path of a clip through its spectra: 13 cepstral coefficients (MFCC) at 20 places of the spoken part, evened out for the level, the microphone and the pitch of the voice, and the length of the word. Needs no model; made for clips of one word.',
} as const;

/** Why a clip has no embedding. */
export const acousticFailures = {
  'too-short': 'The clip is shorter than 25 ms: there is nothing to embed.',
  silent: 'The clip holds digital silence only: there is nothing to embed.',
  'not-finite': 'The clip has samples that are no numbers: it cannot be embedded.',
} as const;
export type AcousticFailure = keyof typeof acousticFailures;

export interface AcousticResult {
  /** Of length 1; all zero when there is a failure. */
  readonly vector: Float32Array;
  readonly failure: AcousticFailure | null;
}

/** Owns work arrays: one for each thread. */
export interface AcousticEmbedder {
  /** @param samples One channel at 16 kHz, full scale at 1. Of a clip longer than 6 s the loudest 6 s count. */
  embed(samples: Float32Array): AcousticResult;
}

const MIN_SAMPLES = SAMPLE_RATE / 40;
const MAX_SAMPLES = 6 * SAMPLE_RATE;
/** Shorter clips are filled up with silence, for a few frames to look at. */
const FILLED_SAMPLES = SAMPLE_RATE / 8;
/** Spectra are taken to this power: between the logarithm, which hears the noise, and the loudness of loud parts only. */
const COMPRESSION = 0.1;
/** Coefficients are divided by their deviation over the word to this power. */
const VARIANCE_SHARE = 0.5;
/** The coefficient of loudness weighs half. */
const LOUDNESS_WEIGHT = 0.5;
/** Share of the spectrum's change in the time of the path; the rest is the clock's. */
const CHANGE_SHARE = 0.8;
/** Weight of the word's length: ln of frames over a usual 40, against the length of the whole path. */
const DURATION_WEIGHT = 0.3;
const USUAL_FRAMES = 40;
/**
 * High voices come from short vocal tracts, whose resonances lie higher: frequencies are scaled by the pitch over 160 Hz
 * to this power.
 */
const WARP_EXPONENT = 0.17;
const USUAL_PITCH = 160;
const WARP_RANGE = [0.75, 1.3] as const;

export function createAcousticEmbedder(): AcousticEmbedder {
  // The linear mel spectrum only: compression and DCT come after the warp.
  const extractor = createFeatureExtractor({
    ...conventions,
    log: { kind: 'none', floor: 1e-12, floorMode: 'clamp', reference: 'one', range: null },
  });
  const dct = { bands: BANDS, coefficients: COEFFICIENTS, dct: 'orthonormal', lifter: 0 } as const;
  const matrix = dctMatrix(dct, COEFFICIENTS);

  function embed(samples: Float32Array): AcousticResult {
    if (samples.length < MIN_SAMPLES) return failed('too-short');
    const clip = loudestPart(samples);
    const mel = extractor.compute(filledUp(clip));
    const energies = rowSums(mel);
    const loudest = energies.reduce((a, b) => Math.max(a, b), 0);
    if (!Number.isFinite(loudest)) return failed('not-finite');
    if (loudest <= BANDS * 2e-12) return failed('silent');
    const spoken = spokenPart(energies);
    const word = mel.subarray(spoken.start * BANDS, spoken.end * BANDS);
    warp(word, warpFactor(medianPitch(clip, SAMPLE_RATE)));
    const level = percentile(energies.subarray(spoken.start, spoken.end), 0.9) / BANDS;
    const cepstra = cepstraOf(word, Math.max(level, 1e-12), matrix);
    evenOut(cepstra);
    return { vector: pathVector(cepstra, spoken), failure: null };
  }

  return { embed };
}

function failed(failure: AcousticFailure): AcousticResult {
  return { vector: new Float32Array(acousticEmbedding.dimensions), failure };
}

/** The 6 s with the greatest sum of absolute samples, by tenths of a second; shorter clips whole. */
function loudestPart(samples: Float32Array): Float32Array {
  if (samples.length <= MAX_SAMPLES) return samples;
  const step = SAMPLE_RATE / 10;
  const sums = new Float64Array(Math.floor(samples.length / step) + 1);
  for (let i = 0; i < samples.length; i++) sums[Math.floor(i / step)]! += Math.abs(samples[i]!);
  const steps = MAX_SAMPLES / step;
  let sum = 0;
  let best = 0;
  let start = 0;
  for (let end = 0; (end + 1) * step <= samples.length; end++) {
    sum += sums[end]! - (sums[end - steps] ?? 0);
    if (sum <= best) continue;
    best = sum;
    start = Math.max(0, end + 1 - steps);
  }
  return samples.subarray(start * step, start * step + MAX_SAMPLES);
}

function filledUp(clip: Float32Array): Float32Array {
  if (clip.length >= FILLED_SAMPLES) return clip;
  const filled = new Float32Array(FILLED_SAMPLES);
  filled.set(clip);
  return filled;
}

function rowSums(mel: Float32Array): Float32Array {
  const sums = new Float32Array(mel.length / BANDS);
  for (let i = 0; i < mel.length; i++) sums[Math.floor(i / BANDS)]! += mel[i]!;
  return sums;
}

function warpFactor(pitch: number | undefined): number {
  if (pitch === undefined) return 1;
  return Math.min(WARP_RANGE[1], Math.max(WARP_RANGE[0], (pitch / USUAL_PITCH) ** WARP_EXPONENT));
}

/** Each band takes the spectrum at `factor` times its own frequency, between two bands by proportion. In place. */
function warp(mel: Float32Array, factor: number): void {
  const toMel = (hz: number): number => 2595 * Math.log10(1 + hz / 700);
  const [low, high] = [toMel(conventions.fMinHz), toMel(conventions.fMaxHz ?? SAMPLE_RATE / 2)];
  const step = (high - low) / (BANDS + 1);
  const places = Float64Array.from({ length: BANDS }, (_, band) => {
    const hz = 700 * (10 ** ((low + (band + 1) * step) / 2595) - 1);
    return Math.min(BANDS - 1, Math.max(0, (toMel(hz * factor) - low) / step - 1));
  });
  const row = new Float32Array(BANDS);
  for (let at = 0; at < mel.length; at += BANDS) {
    row.set(mel.subarray(at, at + BANDS));
    for (let band = 0; band < BANDS; band++) {
      const from = Math.min(BANDS - 2, Math.floor(places[band]!));
      const share = places[band]! - from;
      mel[at + band] = row[from]! * (1 - share) + row[from + 1]! * share;
    }
  }
}

function cepstraOf(mel: Float32Array, level: number, matrix: Float64Array): Float32Array {
  const rows = mel.length / BANDS;
  const cepstra = new Float32Array(rows * COEFFICIENTS);
  const sums = new Float64Array(COEFFICIENTS);
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    for (let band = 0; band < BANDS; band++) {
      const loudness = (mel[row * BANDS + band]! / level) ** COMPRESSION;
      for (let c = 0; c < COEFFICIENTS; c++) sums[c]! += loudness * matrix[band * COEFFICIENTS + c]!;
    }
    cepstra.set(sums, row * COEFFICIENTS);
  }
  return cepstra;
}

/** Every coefficient minus its mean over the word, less of it where it varies much. In place. */
function evenOut(cepstra: Float32Array): void {
  const rows = cepstra.length / COEFFICIENTS;
  for (let c = 0; c < COEFFICIENTS; c++) {
    let sum = 0;
    for (let i = c; i < cepstra.length; i += COEFFICIENTS) sum += cepstra[i]!;
    const mean = sum / rows;
    let squares = 0;
    for (let i = c; i < cepstra.length; i += COEFFICIENTS) squares += (cepstra[i]! - mean) ** 2;
    const scale = (c === 0 ? LOUDNESS_WEIGHT : 1) / (Math.sqrt(squares / rows) + 1e-6) ** VARIANCE_SHARE;
    for (let i = c; i < cepstra.length; i += COEFFICIENTS) cepstra[i] = (cepstra[i]! - mean) * scale;
  }
}

function pathVector(cepstra: Float32Array, { start, end }: Span): Float32Array {
  const width = 2 * Math.floor(Math.round((end - start) / STEPS) / 2) + 1;
  const smoothed = { data: smooth(cepstra, COEFFICIENTS, width), columns: COEFFICIENTS };
  const path = sampleByChange(smoothed, STEPS, CHANGE_SHARE);
  const length = Math.hypot(...path);
  const duration = DURATION_WEIGHT * Math.log((end - start) / USUAL_FRAMES);
  const vector = new Float32Array(acousticEmbedding.dimensions);
  // A sound without any change has no path, only its length.
  if (length > 0) vector.set(path.map((x) => x / length));
  vector[path.length] = length > 0 ? duration : 1;
  const norm = Math.hypot(...vector);
  return vector.map((x) => x / norm);
}
