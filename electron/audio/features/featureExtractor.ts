// Log-mel and MFCC of a clip by the conventions of a front end: framing, padding and what needs the whole clip. The
// arithmetic of a frame is in the kernel.
import type { LogMelFrontEnd, MfccFrontEnd } from '../../../shared/domain/front-end.ts';
import { createMelKernel, type MelKernel } from './melKernel.ts';

/** A prepared front end. Not to be shared between threads: it owns its work arrays, about 0.5 MB. */
export interface FeatureExtractor {
  /** Numbers of a frame: bands, or coefficients. */
  readonly columns: number;
  /** Frames of a clip of so many samples; 0 when it is shorter than one frame and padding is `none`. */
  frames(sampleCount: number): number;
  /**
   * Features of a clip.
   * @param samples One channel at the front end's sample rate, full scale at 1. A sample that is not finite makes its
   *   frames NaN.
   * @param out frames x columns numbers at least, to be used again; a new array by default.
   * @returns frames x columns, frame after frame.
   */
  compute(samples: Float32Array, out?: Float32Array): Float32Array;
}

/** The root of a variance that a column is divided by is at least this. */
const MIN_DEVIATION = 1e-5;

export function createFeatureExtractor(frontEnd: LogMelFrontEnd | MfccFrontEnd): FeatureExtractor {
  const kernel = createMelKernel(frontEnd);
  const { bands, hopSamples, windowSamples, padding, log, normalization } = frontEnd;
  const frameSamples = frontEnd.frameLength === 'fft' ? frontEnd.fftSize : windowSamples;
  const padSamples = padding === 'none' ? 0 : frameSamples >> 1;
  /** The first window's first sample. */
  const origin = ((frameSamples - windowSamples) >> 1) - padSamples;
  const isMfcc = frontEnd.kind === 'mfcc';
  const columns = isMfcc ? frontEnd.coefficients : bands;
  const isClipWide = log.range !== null || log.reference === 'clip-maximum';
  let scratch = new Float32Array(0);

  function frames(sampleCount: number): number {
    const spare = sampleCount + 2 * padSamples - frameSamples;
    return sampleCount === 0 || spare < 0 ? 0 : 1 + Math.floor(spare / hopSamples);
  }

  function compute(samples: Float32Array, out?: Float32Array): Float32Array {
    const count = frames(samples.length);
    const rows = out?.subarray(0, count * columns) ?? new Float32Array(count * columns);
    if (rows.length < count * columns)
      throw new RangeError(`${count} frames of ${columns} numbers do not fit ${rows.length}`);
    if (isClipWide && isMfcc) {
      if (scratch.length < count * bands) scratch = new Float32Array(count * bands);
      const mel = scratch.subarray(0, count * bands);
      melBlocks(samples, count, (at, block) => copyRows(mel, at * bands, kernel.rows, block * bands));
      limitRange(mel, log);
      for (let at = 0; at < count; at += kernel.blockFrames) {
        const block = Math.min(kernel.blockFrames, count - at);
        copyRows(kernel.rows, 0, mel.subarray(at * bands), block * bands);
        takeCoefficients(rows, at, block);
      }
    } else if (isMfcc) {
      melBlocks(samples, count, (at, block) => takeCoefficients(rows, at, block));
    } else {
      melBlocks(samples, count, (at, block) => copyRows(rows, at * bands, kernel.rows, block * bands));
      if (isClipWide) limitRange(rows, log);
    }
    if (normalization !== 'none') normalize(rows, columns, normalization === 'mean-variance');
    return rows;
  }

  /** Calls `take` after each block of rows is in the kernel's memory. */
  function melBlocks(samples: Float32Array, count: number, take: (at: number, frames: number) => void): void {
    for (let at = 0; at < count; at += kernel.blockFrames) {
      const block = Math.min(kernel.blockFrames, count - at);
      const even = block + (block & 1);
      fill(kernel, (even - 1) * hopSamples + windowSamples, samples, origin + at * hopSamples);
      kernel.melRows(block);
      take(at, block);
    }
  }

  function takeCoefficients(rows: Float32Array, at: number, block: number): void {
    kernel.multiplyRows(block);
    copyRows(rows, at * columns, kernel.coefficients, block * columns);
  }

  /** The samples from `from` on, emphasised, and beyond the clip as the padding says. */
  function fill({ samples: target }: MelKernel, length: number, clip: Float32Array, from: number): void {
    const { preEmphasis } = frontEnd;
    const emphasised = (i: number): number => clip[i]! - (i > 0 ? preEmphasis * clip[i - 1]! : 0);
    const first = Math.min(length, Math.max(0, -from));
    const last = Math.max(first, Math.min(length, clip.length - from));
    if (preEmphasis === 0) target.set(clip.subarray(from + first, from + last), first);
    else for (let i = first; i < last; i++) target[i] = emphasised(from + i);
    if (padding === 'center-reflect') {
      for (let i = 0; i < first; i++) target[i] = emphasised(mirrored(from + i, clip.length));
      for (let i = last; i < length; i++) target[i] = emphasised(mirrored(from + i, clip.length));
    } else {
      target.fill(0, 0, first);
      target.fill(0, last, length);
    }
  }

  return { columns, frames, compute };
}

function copyRows(target: Float32Array, at: number, source: Float32Array, length: number): void {
  target.set(source.subarray(0, length), at);
}

/** The place inside 0 .. length - 1 that a place outside shows when the ends are mirrors (and no sample is doubled). */
function mirrored(place: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const within = ((place % period) + period) % period;
  return within < length ? within : period - within;
}

function limitRange(rows: Float32Array, { reference, range }: LogMelFrontEnd['log']): void {
  let max = Number.NEGATIVE_INFINITY;
  for (const value of rows) if (value > max) max = value;
  const offset = reference === 'clip-maximum' ? max : 0;
  const least = max - (range ?? Number.POSITIVE_INFINITY);
  for (let i = 0; i < rows.length; i++) rows[i] = Math.max(rows[i]!, least) - offset;
}

/** Every column minus its mean, and with `isScaled` over its deviation too. */
function normalize(rows: Float32Array, columns: number, isScaled: boolean): void {
  const count = rows.length / columns;
  for (let column = 0; column < columns; column++) {
    let sum = 0;
    for (let at = column; at < rows.length; at += columns) sum += rows[at]!;
    const mean = sum / count;
    let squares = 0;
    for (let at = column; at < rows.length; at += columns) squares += (rows[at]! - mean) ** 2;
    const unit = isScaled ? 1 / Math.max(MIN_DEVIATION, Math.sqrt(squares / count)) : 1;
    for (let at = column; at < rows.length; at += columns) rows[at] = (rows[at]! - mean) * unit;
  }
}
