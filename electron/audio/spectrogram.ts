// Pictures of a sound's spectrum over time, one byte per cell. Only the columns asked for are computed, so an hour
// costs as much as a second.
import { createRealFft, type RealFft } from './realFft.ts';

export const frequencyScales = ['linear', 'log', 'mel'] as const;
export type FrequencyScale = (typeof frequencyScales)[number];

export interface SpectrogramOptions {
  /** Window length in samples, a power of two; 512 by default. */
  readonly fftSize?: number;
  /** Columns of the picture: one window each, centred in its share of the time shown. */
  readonly columns: number;
  /** Rows of the picture; half the FFT size by default. */
  readonly bins?: number;
  readonly scale?: FrequencyScale;
  readonly startSec?: number;
  readonly endSec?: number;
  /**
   * Level shown as 255, dB re a full-scale sine; the loudest cell of this picture by default. Tiles of one recording
   * look alike when all are given the same value.
   */
  readonly topDb?: number;
}

export interface Spectrogram {
  /** `columns * bins` bytes, column after column, lowest frequency first: -90 dB below the top and less is 0, the top 255. */
  readonly data: Uint8Array<ArrayBuffer>;
  readonly columns: number;
  readonly bins: number;
  readonly maxHz: number;
  /** The level shown as 255, dB re a full-scale sine; null for digital silence. */
  readonly topDb: number | null;
}

/** Span of the picture, dB. */
export const SPECTROGRAM_RANGE_DB = 90;
/** Lowest frequency of the log scale, Hz. */
const LOG_MIN_HZ = 50;

/**
 * Short-time power spectrum (Hann window) of one channel.
 *
 * Row b of `bins` covers the b-th equal share of the scale between 0 (log: 50 Hz) and half the sample rate; a row
 * wider than an FFT bin shows the strongest bin in it, a narrower one the power interpolated at its centre. Mel is
 * 2595 log10(1 + f / 700). Outside the recording there is silence.
 * @param mono Samples, full scale at -1 and 1.
 * @throws RangeError when the FFT size is no power of two, or columns or bins are below 1.
 */
export function spectrogram(
  mono: Float32Array,
  sampleRate: number,
  options: SpectrogramOptions,
): Spectrogram {
  const { fftSize = 512, columns, scale = 'linear', startSec = 0 } = options;
  const bins = options.bins ?? fftSize / 2;
  if (!(columns >= 1) || !(bins >= 1))
    throw new RangeError('a spectrogram needs at least one column and one bin');
  const endSec = options.endSec ?? mono.length / sampleRate;
  const { fft, window } = planFor(fftSize);
  const rows = rowsFor(scale, bins, fftSize, sampleRate);
  const power = new Float64Array(fftSize / 2 + 1);
  const cells = new Float32Array(columns * bins);
  const startSample = startSec * sampleRate;
  const hop = ((endSec - startSec) * sampleRate) / columns;
  let strongest = 0;
  for (let column = 0; column < columns; column++) {
    const from = Math.round(startSample + (column + 0.5) * hop) - fftSize / 2;
    fillWindow(fft.input, mono, from, window);
    fft.power(power);
    const at = column * bins;
    for (let row = 0; row < bins; row++) {
      const low = rows.low[row]!;
      const high = rows.high[row]!;
      let value: number;
      if (high > low) {
        value = power[low]!;
        for (let k = low + 1; k < high; k++) if (power[k]! > value) value = power[k]!;
      } else {
        const share = rows.share[row]!;
        value = power[low]! * (1 - share) + power[low + 1]! * share;
      }
      cells[at + row] = value;
      if (value > strongest) strongest = value;
    }
  }
  // A full-scale sine at a bin's centre has the amplitude sum(window) / 2.
  const unit = (fftSize / 4) ** 2;
  const topDb = options.topDb ?? (strongest > 0 ? 10 * Math.log10(strongest / unit) : null);
  const data = new Uint8Array(columns * bins);
  if (topDb === null) return { data, columns, bins, maxHz: sampleRate / 2, topDb };
  const perFloor = 1 / (unit * 10 ** ((topDb - SPECTROGRAM_RANGE_DB) / 10));
  for (let i = 0; i < cells.length; i++) cells[i]! *= perFloor;
  const bits = new Uint32Array(cells.buffer);
  for (let i = 0; i < bits.length; i++) {
    const index = (bits[i]! >>> 16) - ONE_BITS;
    if (index > 0) data[i] = index < levels.length ? levels[index]! : 255;
  }
  return { data, columns, bins, maxHz: sampleRate / 2, topDb };
}

/** The upper 16 bits of float32 1. */
const ONE_BITS = 0x3f80;
/**
 * Byte of a power in units of the floor, by the upper 16 bits of its float32 from ONE_BITS on: a logarithm by table,
 * right to 0.03 dB (a step of the byte is 0.35 dB).
 */
const levels = Uint8Array.from({ length: 30 * 128 }, (_, index) => {
  const power = new Float32Array(Uint32Array.of(((index + ONE_BITS) << 16) | 0x8000).buffer)[0]!;
  return Math.min(255, Math.round((10 * Math.log10(power) * 255) / SPECTROGRAM_RANGE_DB));
});

function fillWindow(input: Float64Array, mono: Float32Array, from: number, window: Float64Array): void {
  const first = Math.min(input.length, Math.max(0, -from));
  const last = Math.max(first, Math.min(input.length, mono.length - from));
  input.fill(0, 0, first);
  for (let i = first; i < last; i++) input[i] = mono[from + i]! * window[i]!;
  input.fill(0, last);
}

const plans = new Map<number, { readonly fft: RealFft; readonly window: Float64Array }>();

function planFor(size: number): { readonly fft: RealFft; readonly window: Float64Array } {
  let plan = plans.get(size);
  if (plan === undefined) {
    const window = Float64Array.from(
      { length: size },
      (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size),
    );
    plan = { fft: createRealFft(size), window };
    plans.set(size, plan);
  }
  return plan;
}

interface Rows {
  /** FFT bins [low, high) of a row; where high <= low, bins low and low + 1 are mixed by `share`. */
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly share: Float64Array;
}

function rowsFor(scale: FrequencyScale, bins: number, fftSize: number, sampleRate: number): Rows {
  const half = fftSize / 2;
  const nyquist = sampleRate / 2;
  const toHz = scaleOf(scale, nyquist);
  const low = new Int32Array(bins);
  const high = new Int32Array(bins);
  const share = new Float64Array(bins);
  for (let row = 0; row < bins; row++) {
    const from = (toHz(row / bins) / nyquist) * half;
    const to = (toHz((row + 1) / bins) / nyquist) * half;
    if (to - from >= 1 - 1e-9) {
      low[row] = Math.ceil(from - 1e-9);
      high[row] = Math.max(low[row]! + 1, Math.ceil(to - 1e-9) + (row === bins - 1 ? 1 : 0));
      high[row] = Math.min(half + 1, high[row]!);
    } else {
      const centre = Math.min((from + to) / 2, half - 1e-9);
      low[row] = Math.floor(centre);
      high[row] = 0;
      share[row] = centre - Math.floor(centre);
    }
  }
  return { low, high, share };
}

/** From the share of the picture's height, 0..1, to Hz. */
function scaleOf(scale: FrequencyScale, nyquist: number): (share: number) => number {
  if (scale === 'log') {
    const min = Math.min(LOG_MIN_HZ, nyquist / 2);
    return (share) => min * (nyquist / min) ** share;
  }
  if (scale === 'mel') {
    const top = 2595 * Math.log10(1 + nyquist / 700);
    return (share) => 700 * (10 ** ((share * top) / 2595) - 1);
  }
  return (share) => share * nyquist;
}
