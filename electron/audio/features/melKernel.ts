// One front end's tables and work arrays in WebAssembly memory, and calls of its kernels
// (compute/kernels/assembly/frontEnd.ts).
import type { LogMelFrontEnd, MfccFrontEnd } from '../../../shared/domain/front-end.ts';
import { frontEndWasm } from '../../compute/kernels/frontEnd.wasm.ts';
import {
  compileKernels,
  createKernelMemory,
  type Kernel,
  linkKernels,
  PAGE_BYTES,
} from '../../compute/kernels/webassembly.ts';
import { analysisWindow, dctMatrix, melFilters } from './filterbank.ts';

/** Samples that one call takes; a longer hop or window still takes two frames. */
const BLOCK_SAMPLES = 65_536;

export interface MelKernel {
  /** Frames that one call computes; even. */
  readonly blockFrames: number;
  /** Where the caller puts the samples of a block: `(blockFrames - 1) * hop + windowSamples` and at most one more. */
  readonly samples: Float32Array;
  /** Rows of bands: the result of `melRows`, the input of `multiplyRows`. */
  readonly rows: Float32Array;
  /** Rows of coefficients: the result of `multiplyRows`; empty for log-mel. */
  readonly coefficients: Float32Array;
  /** Log-mel rows of the first `frames` windows. The logarithm is final but for the clip-wide steps. */
  melRows(frames: number): void;
  /** DCT of the first `frames` rows. */
  multiplyRows(frames: number): void;
}

let compiled: ReturnType<typeof compileKernels> | undefined;

export function createMelKernel(frontEnd: LogMelFrontEnd | MfccFrontEnd): MelKernel {
  const { fftSize, windowSamples, hopSamples, bands, spectrum, scale } = frontEnd;
  compiled ??= compileKernels(frontEndWasm);
  const memory = createKernelMemory();
  const kernels = linkKernels(compiled, memory);
  let end = 0;
  const allocate = (bytes: number): number => {
    const at = end;
    end = at + Math.ceil(bytes / 64) * 64;
    const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE_BYTES);
    if (missing > 0) memory.grow(missing);
    return at;
  };
  const place = (values: Float64Array | Int32Array): number => {
    const at = allocate(values.byteLength);
    new Uint8Array(memory.buffer, at, values.byteLength).set(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
    return at;
  };
  const floats = (length: number): { at: number; view: Float32Array } => {
    const at = allocate(length * 4);
    return { at, view: new Float32Array(memory.buffer, at, length) };
  };

  const half = fftSize / 2;
  const pairs = Math.ceil(windowSamples / 2);
  const radices = radicesOf(half);
  const window = new Float64Array(pairs * 2);
  window.set(analysisWindow(frontEnd.window, windowSamples).map((weight) => weight * scale));
  kernelOf(kernels, 'setFft')(
    half,
    pairs,
    hopSamples,
    place(window),
    place(Int32Array.of(...radices, 0)),
    place(twiddlesOf(half, radices)),
    place(turns(half / 2 + 1, fftSize)),
    allocate(half * 32),
    allocate(half * 32),
    allocate((half + 1) * 16),
    spectrum === 'magnitude' ? 1 : 0,
  );
  const filters = melFilters(frontEnd);
  // The kernel's spectrum is four times the power, or twice the magnitude.
  const share = spectrum === 'magnitude' ? 1 / 2 : 1 / 4;
  const runs = new Int32Array(bands * 2);
  for (let band = 0; band < bands; band++) {
    runs[band * 2] = filters.first[band]!;
    runs[band * 2 + 1] = filters.bins[band]!;
  }
  kernelOf(kernels, 'setBands')(
    bands,
    place(runs),
    place(filters.weights.map((weight) => weight * share)),
    frontEnd.log.floor,
    frontEnd.log.floorMode === 'add' ? 1 : 0,
    logFactor(frontEnd),
  );

  const blockFrames = Math.max(2, 2 * Math.floor((BLOCK_SAMPLES - windowSamples) / hopSamples / 2));
  const samples = floats((blockFrames - 1) * hopSamples + pairs * 2);
  const rows = floats(blockFrames * bands);
  const columns = frontEnd.kind === 'mfcc' ? frontEnd.coefficients : 0;
  const coefficients = floats(blockFrames * columns);
  const matrixColumns = Math.ceil(columns / 4) * 4;
  const matrix = frontEnd.kind === 'mfcc' ? place(dctMatrix(frontEnd, matrixColumns)) : 0;
  const melRows = kernelOf(kernels, 'melRows');
  const multiplyRows = kernelOf(kernels, 'multiplyRows');
  return {
    blockFrames,
    samples: samples.view,
    rows: rows.view,
    coefficients: coefficients.view,
    melRows: (frames) => melRows(samples.at, frames + (frames & 1), rows.at),
    multiplyRows: (frames) =>
      multiplyRows(rows.at, frames, bands, matrix, matrixColumns, columns, coefficients.at),
  };
}

function kernelOf(kernels: ReadonlyMap<string, Kernel>, name: string): Kernel {
  const kernel = kernels.get(name);
  if (kernel === undefined) throw new Error(`the module has no kernel ${name}`);
  return kernel;
}

function logFactor({ log, spectrum }: LogMelFrontEnd | MfccFrontEnd): number {
  if (log.kind === 'none') return 0;
  if (log.kind === 'ln') return 1;
  if (log.kind === 'log10') return Math.LOG10E;
  return (spectrum === 'power' ? 10 : 20) * Math.LOG10E;
}

/** Stages of the FFT: as many of 4 as there are, the rest of 2, 3 and 5. */
function radicesOf(points: number): number[] {
  const radices: number[] = [];
  let rest = points;
  for (const radix of [4, 2, 3, 5]) {
    while (rest % radix === 0) {
      radices.push(radix);
      rest /= radix;
    }
  }
  return radices;
}

/** (cos, sin) of -2 pi k / period for k < count. */
function turns(count: number, period: number): Float64Array {
  const values = new Float64Array(Math.ceil(count) * 2);
  for (let k = 0; k < count; k++) {
    values[2 * k] = Math.cos((2 * Math.PI * k) / period);
    values[2 * k + 1] = -Math.sin((2 * Math.PI * k) / period);
  }
  return values;
}

/** Stage after stage, butterfly after butterfly: the turns 1 .. radix - 1 of butterfly p, exp(-2 pi i p k / n). */
function twiddlesOf(points: number, radices: readonly number[]): Float64Array {
  const values: number[] = [];
  let n = points;
  for (const radix of radices) {
    for (let p = 0; p < n / radix; p++) {
      for (let k = 1; k < radix; k++) {
        const angle = (2 * Math.PI * ((p * k) % n)) / n;
        values.push(Math.cos(angle), -Math.sin(angle));
      }
    }
    n /= radix;
  }
  return Float64Array.from(values);
}
