// True peak (ITU-R BS.1770-4 annex 2) in WebAssembly SIMD: a JavaScript loop over the taps would take four times as long
// as all other measures of loudness together. Source in truePeak.wat, built with
//   wat2wasm truePeak.wat -o peak.wasm && base64 -w0 peak.wasm
// Node runs TypeScript without a build step, so the 443 bytes stand here.
const code = [
  'AGFzbQEAAAABBwFgAn9/AX0DAgEABQMBAAUHEQIGbWVtb3J5AgAEcGVhawAACosDAYgDAgJ/CnsCQANAIAAgAU8NAf0MAAAAAAAAAAAA',
  'AAAAAAAAACEH/QwAAAAAAAAAAAAAAAAAAAAAIQj9DAAAAAAAAAAAAAAAAAAAAAAhCf0MAAAAAAAAAAAAAAAAAAAAACEK/QwAAAAAAAAA',
  'AAAAAAAAAAAAIQv9DAAAAAAAAAAAAAAAAAAAAAAhDEEAIQIgACEDA0AgA/0AAgAhBCAD/QACECEFIAL9CQIAIQYgByAGIAT95gH95AEh',
  'ByAIIAYgBf3mAf3kASEIIAL9CQIEIQYgCSAGIAT95gH95AEhCSAKIAYgBf3mAf3kASEKIAL9CQIIIQYgCyAGIAT95gH95AEhCyAMIAYg',
  'Bf3mAf3kASEMIANBBGohAyACQQxqIQIgAkGgAkkNAAsgB/3gASAI/eAB/ekBIQcgCf3gASAK/eAB/ekBIQkgC/3gASAM/eAB/ekBIQsg',
  'DSAHIAkgC/3pAf3pAf3pASENIABBIGohAAwACwsgDf0fACAN/R8BlyAN/R8CIA39HwOXlws=',
].join('');

const OVERSAMPLING = 4;
/** Input samples that each point between two samples is made of; the kernel is made for this many. */
const TAPS = 24;
const KAISER_BETA = 8;
/** Samples that are looked at together: a multiple of 8, more than TAPS. */
const RUN = 32;
/** Runs in the kernel's memory at a time. */
const WINDOW_RUNS = 2048;
const TAPS_AT = 0;
const SAMPLES_AT = 512;

// The compiler's libraries name WebAssembly only together with the whole DOM.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface PeakExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  peak(at: number, end: number): number;
}

const instance = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(code, 'base64')));
const { memory, peak: peakInMemory } = instance.exports as PeakExports;
const window = new Float32Array(memory.buffer, SAMPLES_AT, WINDOW_RUNS * RUN + TAPS);

/** Windowed sinc by point: the p-th lies (p + 1) / 4 behind the TAPS / 2-th of TAPS samples. */
const points: readonly Float64Array[] = Array.from({ length: OVERSAMPLING - 1 }, (_, index) =>
  interpolator((index + 1) / OVERSAMPLING),
);
/** No point between samples can exceed the largest sample around it by more than this factor. */
const reach = Math.max(...points.map((taps) => taps.reduce((sum, tap) => sum + Math.abs(tap), 0)));

new Float32Array(memory.buffer, TAPS_AT, TAPS * points.length).set(
  Float32Array.from(
    { length: TAPS * points.length },
    (_, at) => points[at % points.length]![Math.floor(at / points.length)]!,
  ),
);

function interpolator(offset: number): Float64Array {
  const taps = Float64Array.from({ length: TAPS }, (_, tap) => {
    const t = tap - (TAPS / 2 - 1) - offset;
    const sinc = Math.sin(Math.PI * t) / (Math.PI * t);
    return sinc * (bessel0(KAISER_BETA * Math.sqrt(1 - (t / (TAPS / 2)) ** 2)) / bessel0(KAISER_BETA));
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

/** Modified Bessel function of the first kind, order 0, by its series. */
function bessel0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / 2 / k) ** 2;
    sum += term;
  }
  return sum;
}

/**
 * Largest absolute value of the samples and of three points between each two of them (four times oversampled). Only
 * runs whose samples are large enough to hold a new peak are interpolated, so the result is that of interpolating
 * everything. Outside the clip there is silence.
 *
 * @param channelData One array per channel, full scale at 1.
 * @returns 0 or more, full scale at 1; more than 1 where the wave between the samples exceeds it.
 */
export function truePeak(channelData: readonly Float32Array[]): number {
  let peak = 0;
  const peaksOf = channelData.map((samples) => {
    const peaks = runPeaks(samples);
    for (const largest of peaks) peak = Math.max(peak, largest);
    return peaks;
  });
  for (const [channel, samples] of channelData.entries()) {
    const peaks = peaksOf[channel]!;
    for (let first = 0; first < peaks.length; first += WINDOW_RUNS) {
      const last = Math.min(peaks.length, first + WINDOW_RUNS);
      const from = first * RUN - (TAPS / 2 - 1);
      const present = samples.subarray(Math.max(0, from), from + window.length);
      window.fill(0, 0, (last - first) * RUN + TAPS);
      window.set(present, Math.max(0, -from));
      for (let run = first; run < last; run++) {
        // The taps reach less than a run to either side.
        const around = Math.max(peaks[run]!, peaks[run - 1] ?? 0, peaks[run + 1] ?? 0);
        if (around * reach <= peak) continue;
        const at = SAMPLES_AT + (run - first) * RUN * 4;
        peak = Math.max(peak, peakInMemory(at, at + RUN * 4));
      }
    }
  }
  return peak;
}

/** Largest absolute sample of every run. */
function runPeaks(samples: Float32Array): Float64Array {
  const peaks = new Float64Array(Math.ceil(samples.length / RUN));
  for (let run = 0; run < peaks.length; run++) {
    const end = Math.min(samples.length, (run + 1) * RUN);
    let largest = 0;
    for (let i = run * RUN; i < end; i++) largest = Math.max(largest, Math.abs(samples[i]!));
    peaks[run] = largest;
  }
  return peaks;
}
