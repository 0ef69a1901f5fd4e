// A word as a path through the space of its spectra: where it begins and ends, which spectra it passes, sampled at places
// between which equally much happens.

/** Rows of numbers, one after the other. */
export interface Rows {
  readonly data: Float32Array;
  readonly columns: number;
}

/** Frames [start, end). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Share of the way from the quiet level (10th percentile) to the loudest, in ln of power, that speech lies above. */
const SPEECH_SHARE = 0.35;
/** Where loud and quiet lie closer than this, in ln of power, there is no silence to be told from speech. */
const MIN_RANGE = 1;
const MARGIN_FRAMES = 4;
const ENERGY_SMOOTHING = 5;

/**
 * The spoken part: from the first to the last frame well above the quiet level, four frames more at each end.
 * @param energies Power of each frame, one at least.
 */
export function spokenPart(energies: Float32Array): Span {
  const levels = smooth(
    energies.map((power) => Math.log(power + 1e-7)),
    1,
    ENERGY_SMOOTHING,
  );
  const quiet = percentile(levels, 0.1);
  const loud = levels.reduce((a, b) => Math.max(a, b));
  if (loud - quiet <= MIN_RANGE) return { start: 0, end: levels.length };
  const gate = quiet + SPEECH_SHARE * (loud - quiet);
  const isSpeech = (level: number): boolean => level > gate;
  return {
    start: Math.max(0, levels.findIndex(isSpeech) - MARGIN_FRAMES),
    end: Math.min(levels.length, levels.findLastIndex(isSpeech) + 1 + MARGIN_FRAMES),
  };
}

/**
 * Every column under a Hann window of `width` frames; the ends are repeated outwards.
 * @param width Odd; 1 changes nothing.
 */
export function smooth(data: Float32Array, columns: number, width: number): Float32Array {
  const reach = width >> 1;
  if (reach === 0) return data;
  const weights = Float64Array.from(
    { length: width },
    (_, i) => 1 - Math.cos((2 * Math.PI * (i + 1)) / (width + 1)),
  );
  const total = weights.reduce((a, b) => a + b);
  const rows = data.length / columns;
  const result = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let tap = -reach; tap <= reach; tap++) {
      const from = Math.min(rows - 1, Math.max(0, row + tap)) * columns;
      const weight = weights[tap + reach]! / total;
      for (let c = 0; c < columns; c++) result[row * columns + c]! += weight * data[from + c]!;
    }
  }
  return result;
}

/** The value that `share` of the values lie below, between two of them by proportion. */
export function percentile(values: Float32Array, share: number): number {
  const sorted = values.slice().sort();
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const next = sorted[Math.min(sorted.length - 1, low + 1)]!;
  return sorted[low]! + (place - low) * (next - sorted[low]!);
}

/**
 * `count` rows along the path, from its first to its last. Time runs in part as the clock does, in part as the path is
 * long: fast where the spectrum stands, slow where it changes, so that a long vowel takes no more room than a short one.
 * @param share 0: by the clock; 1: by the path's length.
 */
export function sampleByChange({ data, columns }: Rows, count: number, share: number): Float32Array {
  const rows = data.length / columns;
  const clock = new Float64Array(rows);
  let length = 0;
  for (let row = 1; row < rows; row++) {
    length += distance(data, row * columns, columns);
    clock[row] = length;
  }
  const mean = length / (rows - 1);
  for (let row = 1; row < rows; row++)
    clock[row] = (mean > 0 ? (share * clock[row]!) / mean : share * row) + (1 - share) * row;
  const result = new Float32Array(count * columns);
  let row = 0;
  for (let i = 0; i < count; i++) {
    const time = (clock[rows - 1]! * i) / (count - 1);
    while (row < rows - 2 && clock[row + 1]! < time) row++;
    const step = rows > 1 ? clock[row + 1]! - clock[row]! : 0;
    const part = step > 0 ? Math.min(1, Math.max(0, (time - clock[row]!) / step)) : 0;
    const next = Math.min(rows - 1, row + 1) * columns;
    for (let c = 0; c < columns; c++)
      result[i * columns + c] = data[row * columns + c]! * (1 - part) + data[next + c]! * part;
  }
  return result;
}

/** Between the row at `at` and the one before it. */
function distance(data: Float32Array, at: number, columns: number): number {
  let sum = 0;
  for (let i = at; i < at + columns; i++) sum += (data[i]! - data[i - columns]!) ** 2;
  return Math.sqrt(sum);
}
