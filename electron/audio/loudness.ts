// Loudness as broadcasters measure it: integrated loudness (ITU-R BS.1770-4 with gating) and loudness range (EBU Tech
// 3342) of decoded samples at any sample rate, with the true peak.
import { truePeak } from './truePeak.ts';

export interface Loudness {
  /** LUFS; null for clips under 400 ms and for clips with no 400 ms above -70 LUFS. */
  readonly integratedLufs: number | null;
  /** LU; null for clips under 3 s and for clips with no 3 s above -70 LUFS. */
  readonly rangeLu: number | null;
  /** Largest absolute value of the signal between the samples too, dBTP; null for digital silence. */
  readonly truePeakDbtp: number | null;
}

/** Blocks quieter than this never count, LUFS. */
const ABSOLUTE_GATE = -70;
/** Then blocks this far below the loudness of the rest do not count: for the integrated loudness and for the range, LU. */
const INTEGRATED_GATE = -10;
const RANGE_GATE = -20;
/** Both sums move on in steps of 100 ms. */
const STEPS_PER_SECOND = 10;
const MOMENTARY_STEPS = 4;
const SHORT_TERM_STEPS = 30;
const RANGE_LOW = 0.1;
const RANGE_HIGH = 0.95;

/**
 * Loudness of a clip.
 *
 * Each channel is K-weighted (a shelf and a high-pass, derived for the sample rate from the analogue filters behind the
 * published 48 kHz coefficients); mean squares of 400 ms windows every 100 ms, weighted by channel and summed, are
 * gated at -70 LUFS and at 10 LU below their mean. The range is the span of the 10th to the 95th percentile (nearest
 * rank) of 3 s windows every 100 ms, gated at -70 LUFS and at 20 LU below their mean. An unfinished last step does not
 * count. Of five channels and of six the last two (surround) weigh 1.41, of six the fourth (low frequencies) nothing;
 * every other channel weighs 1.
 *
 * @param channelData One array per channel, all of the same length, full scale at 1.
 * @param sampleRate Hz, at least 100.
 */
export function loudness(channelData: readonly Float32Array[], sampleRate: number): Loudness {
  const steps = weightedSteps(channelData, sampleRate);
  const momentary = windows(steps, MOMENTARY_STEPS);
  const shortTerm = windows(steps, SHORT_TERM_STEPS);
  const peak = truePeak(channelData);
  return {
    integratedLufs: integrated(momentary),
    rangeLu: range(shortTerm),
    truePeakDbtp: peak > 0 ? 20 * Math.log10(peak) : null,
  };
}

const lufs = (power: number): number => -0.691 + 10 * Math.log10(power);
const powerOf = (level: number): number => 10 ** ((level + 0.691) / 10);

/** The powers above both gates, ascending. */
function gated(powers: Float64Array, relativeGate: number): Float64Array {
  const loud = powers.filter((power) => power > powerOf(ABSOLUTE_GATE));
  const gate = mean(loud) * 10 ** (relativeGate / 10);
  return loud.filter((power) => power > gate).sort();
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}

function integrated(momentary: Float64Array): number | null {
  const counted = gated(momentary, INTEGRATED_GATE);
  return counted.length === 0 ? null : lufs(mean(counted));
}

function range(shortTerm: Float64Array): number | null {
  const counted = gated(shortTerm, RANGE_GATE);
  if (counted.length === 0) return null;
  const rank = (share: number): number => Math.max(1, Math.floor(share * counted.length + 0.5)) - 1;
  return lufs(counted[rank(RANGE_HIGH)]!) - lufs(counted[rank(RANGE_LOW)]!);
}

/** Mean power of every window of `length` steps. */
function windows(steps: Float64Array, length: number): Float64Array {
  const powers = new Float64Array(Math.max(0, steps.length - length + 1));
  for (let at = 0; at < powers.length; at++) {
    let sum = 0;
    for (let step = at; step < at + length; step++) sum += steps[step]!;
    powers[at] = sum / length;
  }
  return powers;
}

/** Weighted mean power of every whole 100 ms, all channels together. */
function weightedSteps(channelData: readonly Float32Array[], sampleRate: number): Float64Array {
  const frames = channelData[0]?.length ?? 0;
  const filter = kWeighting(sampleRate);
  // Where 100 ms is no whole number of samples, steps differ by one sample and keep time.
  const steps = new Float64Array(Math.floor((frames * STEPS_PER_SECOND) / sampleRate));
  for (const [channel, samples] of channelData.entries()) {
    const weight = channelWeight(channel, channelData.length);
    if (weight > 0) addChannel(samples, sampleRate, filter, weight, steps);
  }
  return steps;
}

function channelWeight(channel: number, channels: number): number {
  if (channel < 3 || (channels !== 5 && channels !== 6)) return 1;
  return channels === 6 && channel === 3 ? 0 : 1.41;
}

function addChannel(
  samples: Float32Array,
  sampleRate: number,
  { shelf, highPass }: KWeighting,
  weight: number,
  steps: Float64Array,
): void {
  const { b0, b1, b2, a1, a2 } = shelf;
  const { a1: c1, a2: c2 } = highPass;
  // Both filters in transposed direct form II; the high-pass has the numerator 1, -2, 1.
  let s1 = 0;
  let s2 = 0;
  let h1 = 0;
  let h2 = 0;
  let from = 0;
  for (let step = 0; step < steps.length; step++) {
    const to = Math.round(((step + 1) * sampleRate) / STEPS_PER_SECOND);
    let energy = 0;
    for (let i = from; i < to; i++) {
      const x = samples[i]!;
      const y = b0 * x + s1;
      s1 = b1 * x - a1 * y + s2;
      s2 = b2 * x - a2 * y;
      const z = y + h1;
      h1 = h2 - 2 * y - c1 * z;
      h2 = y - c2 * z;
      energy += z * z;
    }
    steps[step]! += (weight * energy) / (to - from);
    from = to;
  }
}

interface Biquad {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

interface KWeighting {
  readonly shelf: Biquad;
  readonly highPass: Biquad;
}

/**
 * The two filters of BS.1770 at a sample rate. The standard gives coefficients for 48 kHz only; these are the analogue
 * parameters (corner, gain, quality) whose bilinear transform at 48 kHz is those coefficients.
 */
function kWeighting(sampleRate: number): KWeighting {
  return {
    shelf: highShelf(corner(1681.974450955533, sampleRate), 3.999843853973347, 0.7071752369554196),
    highPass: highPass(corner(38.13547087602444, sampleRate), 0.5003270373238773),
  };
}

/** Prewarped angle of a corner frequency; below rates of 3.4 kHz the shelf lies beyond what the rate can hold. */
function corner(hz: number, sampleRate: number): number {
  return Math.tan(Math.PI * Math.min(hz / sampleRate, 0.499));
}

function highShelf(k: number, gainDb: number, quality: number): Biquad {
  const high = 10 ** (gainDb / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / quality + k * k;
  return {
    b0: (high + (band * k) / quality + k * k) / a0,
    b1: (2 * (k * k - high)) / a0,
    b2: (high - (band * k) / quality + k * k) / a0,
    a1: (2 * (k * k - 1)) / a0,
    a2: (1 - k / quality + k * k) / a0,
  };
}

function highPass(k: number, quality: number): Biquad {
  const a0 = 1 + k / quality + k * k;
  return { b0: 1, b1: -2, b2: 1, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / quality + k * k) / a0 };
}
