// Embeddings in a team's memory, laid out for the kernels of assembly/neighbours.ts, so that either metric is a
// squared Euclidean distance.
import type { Metric } from '../../../shared/domain/embedding.ts';
import { checkFeatures, type Features } from '../embeddings/features.ts';
import { neighboursWasm } from '../kernels/neighbours.wasm.ts';
import { compileKernels, type KernelModule } from '../kernels/webassembly.ts';
import type { Team } from '../team.ts';

let compiled: KernelModule | undefined;

/** What a team that searches neighbours is made with. */
export function neighbourKernels(): KernelModule {
  compiled ??= compileKernels(neighboursWasm);
  return compiled;
}

export interface Points {
  readonly n: number;
  /** Coordinates of a point here: one more than it had where some have no direction. */
  readonly d: number;
  readonly metric: Metric;
  /** Rows in order, and the same in groups of eight, coordinate by coordinate; n is filled up to a multiple of 16. */
  readonly rows: number;
  readonly packed: number;
  /** Half the squared norm of each. */
  readonly halves: number;
  /** A row of other features of as many dimensions, as these points are: centred, scaled, of unit length. */
  readonly convert: (features: Float32Array, out: Float32Array) => void;
  /** Half squared distances as distances of the metric, in place. */
  readonly toDistances: (halfSquares: Float32Array) => void;
}

/** Rows are filled up to multiples of it, so that kernels need not look at the end. */
export const GROUP = 16;

/**
 * Puts n x d features into the team's memory, centred on their mean so that nearby points lose less in rounding, and
 * scaled by a power of two so that squares neither overflow nor vanish. Cosine: rows of unit length first; a row of
 * zeros gets a direction of its own, at distance 1 from every other row and 0 from other rows of zeros.
 * Takes 8 n d bytes.
 * @throws EarmarkError `features/shape`, `features/not-finite`, `memory/full`.
 */
export function loadPoints(input: Features, metric: Metric, team: Team): Points {
  checkFeatures(input);
  const { features, n } = input;
  const norms = metric === 'cosine' ? rowNorms(input) : undefined;
  const hasZeros = norms?.includes(0) ?? false;
  const d = input.d + (hasZeros ? 1 : 0);
  const padded = Math.ceil(n / GROUP) * GROUP;
  const rows = team.allocate(padded * d * 4);
  const packed = team.allocate(padded * d * 4);
  const halves = team.allocate(padded * 4);
  // Rounded, so that the differences to it are exact where rows lie far from the origin and close together.
  const mean = meanOf(input, norms).map(Math.fround);
  const scale = norms === undefined ? powerOfTwoScale(input, mean) : 1;
  const write = (from: Float32Array, at: number, norm: number, out: Float32Array, start: number): void => {
    const unit = norm === 0 ? 0 : 1 / norm;
    for (let i = 0; i < input.d; i++) out[start + i] = (from[at + i]! * unit - mean[i]!) * scale;
    if (hasZeros) out[start + input.d] = norm === 0 ? 1 : 0;
  };
  const rowView = team.float32(rows, n * d);
  const packedView = team.float32(packed, padded * d);
  const halfView = team.float32(halves, padded);
  for (let row = 0; row < n; row++) {
    write(features, row * input.d, norms?.[row] ?? 1, rowView, row * d);
    halfView[row] = packRow(rowView, row, d, packedView, row);
  }
  return {
    n,
    d,
    metric,
    rows,
    packed,
    halves,
    convert: (from, out) => write(from, 0, norms === undefined ? 1 : normOf(from, 0, input.d), out, 0),
    toDistances: (halfSquares) => {
      if (metric === 'cosine') return;
      for (let i = 0; i < halfSquares.length; i++) halfSquares[i] = Math.sqrt(2 * halfSquares[i]!) / scale;
    },
  };
}

/** Puts a row at a place among the packed; returns half its squared norm. */
export function packRow(
  rows: Float32Array,
  row: number,
  d: number,
  packed: Float32Array,
  place: number,
): number {
  let to = (place >> 3) * d * 8 + (place & 7);
  let sum = 0;
  for (let i = row * d; i < (row + 1) * d; i++) {
    const value = rows[i]!;
    packed[to] = value;
    to += 8;
    sum += value * value;
  }
  return sum / 2;
}

function normOf(values: Float32Array, start: number, d: number): number {
  let sum = 0;
  for (let i = start; i < start + d; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum);
}

function rowNorms({ features, n, d }: Features): Float64Array {
  return Float64Array.from({ length: n }, (_, row) => normOf(features, row * d, d));
}

/** Mean of the rows, of unit length where norms are given. */
function meanOf({ features, n, d }: Features, norms: Float64Array | undefined): Float64Array {
  const mean = new Float64Array(d);
  for (let row = 0; row < n; row++) {
    const norm = norms?.[row] ?? 1;
    if (norm === 0) continue;
    for (let i = 0; i < d; i++) mean[i]! += features[row * d + i]! / norm;
  }
  return mean.map((sum) => sum / Math.max(1, n));
}

function powerOfTwoScale({ features, n, d }: Features, mean: Float64Array): number {
  let largest = 0;
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < d; i++) largest = Math.max(largest, Math.abs(features[row * d + i]! - mean[i]!));
  }
  return largest > 0 ? 2 ** -Math.floor(Math.log2(largest)) : 1;
}
