// Other sample rates and fewer channels, for models that hear at one rate: windowed-sinc polyphase filters, and the mean
// of channels.
import { resampleWasm } from '../compute/kernels/resample.wasm.ts';
import {
  compileKernels,
  createKernelMemory,
  type Kernel,
  linkKernels,
  PAGE_BYTES,
} from '../compute/kernels/webassembly.ts';

/** Zero crossings of the sinc on each side, counted at the lower of the two rates. */
const ZERO_CROSSINGS = 64;
/** Kaiser's beta for a stop band of 90 dB: 0.1102 (90 - 8.7). */
const KAISER_BETA = 8.96;
/** Middle of the transition as a share of the lower rate's Nyquist frequency: the stop band begins at that frequency. */
const CUTOFF = 0.955;
/** Numbers of a filter's table at most, 32 MiB: one row of taps for each phase. */
const MAX_TABLE = 8_388_608;
/** Output samples of one call of the kernel. */
const BLOCK = 8192;

interface Filter {
  readonly up: number;
  readonly down: number;
  /** Taps of each phase, a multiple of 8; the sample at the output's time is number `taps / 2 - 1`. */
  readonly taps: number;
  readonly samples: Float32Array;
  readonly out: Float32Array;
  run(phase: number, count: number): void;
}

/** Filters of the ratios met so far, the oldest forgotten first. */
const filters = new Map<string, Filter>();
const MAX_FILTERS = 4;

/**
 * One channel at another sample rate. Linear phase without delay: sample i of the result lies at i / toRate seconds.
 * Flat within 0.01 dB to 0.91 of the lower Nyquist frequency, at least 80 dB down from that frequency on; silence is
 * assumed around the clip. Odd rates above 50 kHz, whose ratio would need a table of more than 32 MiB, are taken by the
 * nearest fraction that needs less: 96,001 Hz as 96,000.
 * @param fromRate, toRate Whole Hz, 1 to 400,000.
 * @returns ceil(length * toRate / fromRate) samples; for equal rates the very same array.
 * @throws RangeError for any other rate.
 */
export function resample(samples: Float32Array, fromRate: number, toRate: number): Float32Array {
  for (const rate of [fromRate, toRate])
    if (!Number.isInteger(rate) || rate < 1 || rate > 400_000)
      throw new RangeError(`${rate} Hz is no sample rate between 1 and 400,000 Hz`);
  if (fromRate === toRate) return samples;
  const filter = filterFor(fromRate, toRate);
  const { up, down, taps } = filter;
  const result = new Float32Array(Math.ceil((samples.length * toRate) / fromRate));
  for (let at = 0; at < result.length; at += BLOCK) {
    const count = Math.min(BLOCK, result.length - at);
    const place = at * down;
    const from = Math.floor(place / up) - (taps / 2 - 1);
    const length = Math.ceil((count * down) / up) + taps;
    const first = Math.min(length, Math.max(0, -from));
    const last = Math.max(first, Math.min(length, samples.length - from));
    filter.samples.fill(0, 0, first);
    filter.samples.set(samples.subarray(from + first, from + last), first);
    filter.samples.fill(0, last, length);
    filter.run(place % up, count);
    result.set(filter.out.subarray(0, count), at);
  }
  return result;
}

/**
 * The mean of all channels; of one channel the very same array.
 * @param channelData One array per channel, all of one length; no channel gives no samples.
 */
export function mixDown(channelData: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0)] = channelData;
  if (channelData.length < 2) return first;
  const mono = new Float32Array(first.length);
  const share = 1 / channelData.length;
  for (const channel of channelData) for (let i = 0; i < mono.length; i++) mono[i]! += channel[i]! * share;
  return mono;
}

function filterFor(fromRate: number, toRate: number): Filter {
  const key = `${fromRate} ${toRate}`;
  let filter = filters.get(key);
  if (filter === undefined) {
    filter = createFilter(fromRate, toRate);
    for (const old of filters.keys()) if (filters.size >= MAX_FILTERS) filters.delete(old);
    filters.set(key, filter);
  }
  return filter;
}

let compiled: ReturnType<typeof compileKernels> | undefined;

function createFilter(fromRate: number, toRate: number): Filter {
  // Input samples per zero crossing.
  const stretch = Math.max(1, fromRate / toRate);
  const taps = 8 * Math.ceil((2 * ZERO_CROSSINGS * stretch) / 8);
  const { up, down } = ratio(toRate, fromRate, Math.floor(MAX_TABLE / taps));
  const sampleCount = Math.ceil((BLOCK * down) / up) + taps + 8;
  const tableBytes = up * taps * 4;
  const sampleBytes = Math.ceil(sampleCount / 4) * 16;
  compiled ??= compileKernels(resampleWasm);
  const memory = createKernelMemory();
  memory.grow(Math.ceil((tableBytes + sampleBytes + BLOCK * 4) / PAGE_BYTES));
  const kernel = linkKernels(compiled, memory).get('resample') as Kernel;
  const samplesAt = tableBytes;
  const outAt = samplesAt + sampleBytes;
  fillTaps(new Float32Array(memory.buffer, 0, up * taps), up, taps, stretch);
  return {
    up,
    down,
    taps,
    samples: new Float32Array(memory.buffer, samplesAt, sampleCount),
    out: new Float32Array(memory.buffer, outAt, BLOCK),
    run: (phase, count) => kernel(samplesAt, 0, taps, up, down, phase, count, outAt),
  };
}

function fillTaps(table: Float32Array, up: number, taps: number, stretch: number): void {
  const reach = ZERO_CROSSINGS * stretch;
  const row = new Float64Array(taps);
  for (let phase = 0; phase < up; phase++) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      // Distance in input samples between the tap's sample and the output's time.
      const distance = tap - (taps / 2 - 1) - phase / up;
      const share = distance / reach;
      const weight = Math.abs(share) >= 1 ? 0 : bessel0(KAISER_BETA * Math.sqrt(1 - share * share));
      row[tap] = weight * sinc((CUTOFF * distance) / stretch);
      sum += row[tap]!;
    }
    // Every phase passes a constant unchanged.
    for (let tap = 0; tap < taps; tap++) table[phase * taps + tap] = row[tap]! / sum;
  }
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The modified Bessel function of the first kind and order 0, by its series. */
function bessel0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** `above / below` in lowest terms, or its last continued fraction whose numerator stays within `limit`. */
function ratio(above: number, below: number, limit: number): { readonly up: number; readonly down: number } {
  let [up, previousUp] = [1, 0];
  let [down, previousDown] = [0, 1];
  let [rest, divisor] = [above, below];
  while (divisor !== 0) {
    const whole = Math.floor(rest / divisor);
    const nextUp = whole * up + previousUp;
    if (nextUp > limit) break;
    [up, previousUp] = [nextUp, up];
    [down, previousDown] = [whole * down + previousDown, down];
    [rest, divisor] = [divisor, rest % divisor];
  }
  return { up, down };
}
