// Tables of the grid's transforms (kernels/assembly/tsne-fft.ts and tsne-grid.ts), in float64 until they are stored.
import type { Team } from '../team.ts';

/** Sides of grids are multiples of this: columns are transformed by eight, rows in pairs of four. */
const STEP = 8;
const SMALLEST = 16;
const RADICES_AT = 16;
const TWIDDLES_AT = 64;

/** Floats of the plan's twiddle factors: passes of radix 4, those of side / 8, and one without any. */
function countTwiddles(length: number, radices: readonly number[]): number {
  let count = (length / 4) * 6;
  let n = length / 4;
  for (const radix of radices) {
    n /= radix;
    count += n * (radix - 1) * 2;
  }
  return count;
}

/** Factors 5, 3, 4 and 2 of a number; undefined if it has others. */
function factor(number: number): number[] | undefined {
  const radices: number[] = [];
  let rest = number;
  for (const radix of [5, 3, 4, 2]) {
    while (rest % radix === 0) {
      radices.push(radix);
      rest /= radix;
    }
  }
  return rest === 1 ? radices : undefined;
}

/** The least side of a grid that has at least `nodes` nodes a side and transforms quickly. */
export function gridSide(nodes: number): number {
  let side = Math.max(SMALLEST, Math.ceil(nodes / STEP) * STEP);
  while (factor(side / STEP) === undefined) side += STEP;
  return side;
}

export interface GridTables {
  /** Plan of the FFT of length 2 x side. */
  readonly plan: number;
  /** f32[2 x side] by frequency: 1 / spectrum of the cubic B-spline, squared, / length. */
  readonly inverse: number;
  /** f32[2 x side]: spectrum of the spline convolved with itself (septic B-spline). */
  readonly own: number;
}

/** Allocates and fills the tables for a grid of `side` x `side` nodes (a `gridSide`). */
export function createTables(team: Team, side: number): GridTables {
  const length = 2 * side;
  const radices = factor(side / STEP) ?? [];
  const plan = team.allocate(TWIDDLES_AT + 4 * countTwiddles(length, radices));
  const head = team.int32(plan, TWIDDLES_AT / 4);
  head[0] = length;
  head.set(radices, RADICES_AT / 4);
  const twiddles = team.float32(plan + TWIDDLES_AT, countTwiddles(length, radices));
  let at = 0;
  let n = length;
  for (const radix of [4, ...radices]) {
    for (let p = 0; p < n / radix; p++) {
      for (let j = 1; j < radix; j++) {
        const angle = (-2 * Math.PI * p * j) / n;
        twiddles[at++] = Math.cos(angle);
        twiddles[at++] = Math.sin(angle);
      }
    }
    n /= radix;
  }
  const inverse = team.allocate(4 * length);
  const own = team.allocate(4 * length);
  const inverses = team.float32(inverse, length);
  const owns = team.float32(own, length);
  for (let k = 0; k < length; k++) {
    const angle = (2 * Math.PI * k) / length;
    const spline = (4 + 2 * Math.cos(angle)) / 6;
    inverses[k] = 1 / (spline * spline * length);
    owns[k] = (2416 + 2 * (1191 * Math.cos(angle) + 120 * Math.cos(2 * angle) + Math.cos(3 * angle))) / 5040;
  }
  return { plan, inverse, own };
}
