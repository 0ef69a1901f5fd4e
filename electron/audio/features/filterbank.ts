// The tables behind log-mel and MFCC: analysis windows, mel filters as runs of FFT bins, the DCT matrix.

import type {
  AnalysisWindow,
  FrontEnd,
  LogMelFrontEnd,
  MfccFrontEnd,
} from '../../../shared/domain/front-end.ts';
import { assertNever } from '../../../shared/errors.ts';

/** @returns `length` weights, the largest (nearly) 1. */
export function analysisWindow(kind: AnalysisWindow, length: number): Float64Array {
  const raisedCosine = (share: number, period: number): Float64Array =>
    Float64Array.from({ length }, (_, i) => share - (1 - share) * Math.cos((2 * Math.PI * i) / period));
  switch (kind) {
    case 'hann-periodic':
      return raisedCosine(0.5, length);
    case 'hann-symmetric':
      return raisedCosine(0.5, length - 1);
    case 'hamming-periodic':
      return raisedCosine(0.54, length);
    case 'hamming-symmetric':
      return raisedCosine(0.54, length - 1);
    case 'rectangular':
      return new Float64Array(length).fill(1);
    default:
      return assertNever(kind);
  }
}

/** Mel filters: filter b covers the FFT bins first[b] .. first[b] + bins[b] - 1. */
export interface MelFilters {
  readonly first: Int32Array;
  readonly bins: Int32Array;
  /** Filter after filter. */
  readonly weights: Float64Array;
}

/**
 * Triangular filters whose edges and centres are equally spaced in mel between the lowest and the highest frequency, each
 * reaching from its lower neighbour's centre to its upper neighbour's. A filter narrower than the bins' distance may be
 * empty.
 */
export function melFilters(frontEnd: Exclude<FrontEnd, { kind: 'raw' }>): MelFilters {
  const { sampleRate, fftSize, bands, fMinHz, lowestBin, melScale, melNorm, triangles } = frontEnd;
  const { toMel, toHz } = melScales[melScale];
  const low = toMel(fMinHz);
  const step = (toMel(frontEnd.fMaxHz ?? sampleRate / 2) - low) / (bands + 1);
  const first = new Int32Array(bands);
  const bins = new Int32Array(bands);
  const weights: number[] = [];
  // Where triangles are straight over Hz, edges and bins are compared in Hz, otherwise in mel.
  const place = triangles === 'hz' ? (hz: number) => hz : toMel;
  const edge = (index: number): number =>
    triangles === 'hz' ? toHz(low + index * step) : low + index * step;
  for (let band = 0; band < bands; band++) {
    const [lower, centre, upper] = [edge(band), edge(band + 1), edge(band + 2)];
    const area = melNorm === 'slaney' ? 2 / (toHz(low + (band + 2) * step) - toHz(low + band * step)) : 1;
    for (let bin = lowestBin; bin <= fftSize / 2; bin++) {
      const at = place((bin * sampleRate) / fftSize);
      const weight = Math.min((at - lower) / (centre - lower), (upper - at) / (upper - centre));
      if (weight <= 0) continue;
      if (bins[band] === 0) first[band] = bin;
      bins[band]!++;
      weights.push(weight * area);
    }
  }
  return { first, bins, weights: Float64Array.from(weights) };
}

interface MelScale {
  toMel(hz: number): number;
  toHz(mel: number): number;
}

/** Slaney's scale (Auditory Toolbox, 1998): 3 mel per 200 Hz up to 1 kHz, then 27 mel per factor of 6.4. */
const SLANEY_BREAK_HZ = 1000;
const SLANEY_BREAK_MEL = 15;
const SLANEY_MEL_PER_E = 27 / Math.log(6.4);

const melScales: Readonly<Record<LogMelFrontEnd['melScale'], MelScale>> = {
  htk: {
    toMel: (hz) => 2595 * Math.log10(1 + hz / 700),
    toHz: (mel) => 700 * (10 ** (mel / 2595) - 1),
  },
  slaney: {
    toMel: (hz) =>
      hz < SLANEY_BREAK_HZ
        ? (hz * 3) / 200
        : SLANEY_BREAK_MEL + SLANEY_MEL_PER_E * Math.log(hz / SLANEY_BREAK_HZ),
    toHz: (mel) =>
      mel < SLANEY_BREAK_MEL
        ? (mel * 200) / 3
        : SLANEY_BREAK_HZ * Math.exp((mel - SLANEY_BREAK_MEL) / SLANEY_MEL_PER_E),
  },
};

/**
 * The DCT-II with its liftering: coefficient c of a row x of bands is sum over b of x[b] * matrix[b * columns + c].
 * @returns bands x columns numbers; those of columns at and above `coefficients` are 0.
 */
export function dctMatrix(
  mfcc: Pick<MfccFrontEnd, 'bands' | 'coefficients' | 'dct' | 'lifter'>,
  columns: number,
): Float64Array {
  const { bands, coefficients, dct, lifter } = mfcc;
  const matrix = new Float64Array(bands * columns);
  for (let c = 0; c < coefficients; c++) {
    const norm = Math.sqrt((c === 0 && dct === 'orthonormal' ? 1 : 2) / bands);
    const lift = lifter === 0 ? 1 : 1 + (lifter / 2) * Math.sin((Math.PI * c) / lifter);
    for (let b = 0; b < bands; b++)
      matrix[b * columns + c] = norm * lift * Math.cos((Math.PI * c * (b + 0.5)) / bands);
  }
  return matrix;
}
