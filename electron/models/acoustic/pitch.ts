// The median pitch of a clip's voiced parts: a hint at the length of the speaker's vocal tract.
import { resample } from '../../audio/index.ts';

/** Pitch lies below 400 Hz: 4 kHz hold enough of its harmonics. */
const RATE = 4000;
const WINDOW = 160;
const HOP = 60;
const MIN_LAG = 10;
const MAX_LAG = 57;
/** A frame counts when it repeats itself this well and is not far quieter than the loudest, as a share of its power. */
const MIN_PERIODICITY = 0.6;
const MIN_POWER = 0.1;
const MIN_FRAMES = 3;
/** Share of the best repetition that a shorter lag needs to be taken for the period. */
const NEARLY = 0.9;

/**
 * Median over voiced 40 ms frames, every 15 ms, of the lag with the highest normalised autocorrelation.
 * @param samples One channel at `sampleRate`.
 * @returns 70 to 400 Hz; undefined where fewer than three frames are voiced.
 */
export function medianPitch(samples: Float32Array, sampleRate: number): number | undefined {
  const low = resample(samples, sampleRate, RATE);
  const frames = Math.max(0, Math.floor((low.length - WINDOW - MAX_LAG - 1) / HOP) + 1);
  const powers = Float64Array.from({ length: frames }, (_, frame) => power(low, frame * HOP));
  const loudest = powers.reduce((a, b) => Math.max(a, b), 0);
  const found: number[] = [];
  for (let frame = 0; frame < frames; frame++) {
    if (loudest === 0 || powers[frame]! < MIN_POWER * loudest) continue;
    const lag = bestLag(low, frame * HOP);
    if (lag !== undefined) found.push(RATE / lag);
  }
  if (found.length < MIN_FRAMES) return undefined;
  found.sort((a, b) => a - b);
  return found[found.length >> 1];
}

function power(x: Float32Array, from: number): number {
  let sum = 0;
  for (let i = from; i < from + WINDOW; i++) sum += x[i]! * x[i]!;
  return sum;
}

const periodicity = new Float64Array(MAX_LAG + 2);

/** The shortest lag that repeats about as well as the best; undefined where none does. */
function bestLag(x: Float32Array, from: number): number | undefined {
  const own = power(x, from);
  let moved = power(x, from + MIN_LAG - 1);
  for (let lag = MIN_LAG - 1; lag <= MAX_LAG + 1; lag++) {
    let product = 0;
    for (let i = from; i < from + WINDOW; i++) product += x[i]! * x[i + lag]!;
    periodicity[lag] = product / Math.sqrt(own * moved + 1e-20);
    const [first, next] = [x[from + lag]!, x[from + lag + WINDOW] ?? 0];
    moved = Math.max(0, moved + next * next - first * first);
  }
  // Multiples of the period repeat as well, and seemingly better where they are nearer to whole samples.
  const peaks: { readonly lag: number; readonly height: number }[] = [];
  for (let lag = MIN_LAG; lag <= MAX_LAG; lag++) {
    const [left, middle, right] = [periodicity[lag - 1]!, periodicity[lag]!, periodicity[lag + 1]!];
    if (middle < left || middle <= right) continue;
    const shift = (0.5 * (left - right)) / (left - 2 * middle + right);
    peaks.push({ lag: lag + shift, height: middle - 0.25 * (left - right) * shift });
  }
  const highest = peaks.reduce((most, { height }) => Math.max(most, height), 0);
  if (highest < MIN_PERIODICITY) return undefined;
  return peaks.find(({ height }) => height >= NEARLY * highest)?.lag;
}
