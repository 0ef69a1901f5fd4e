import { describe, expect, it } from 'vitest';
import { tsneWasm } from '../kernels/tsne.wasm.ts';
import { compileKernels } from '../kernels/webassembly.ts';
import { createRandom } from '../random.ts';
import { createSoloTeam } from '../team.ts';
import { gridSide } from './tsne-plan.ts';
import { exactRepulsion, gridRepulsion } from './tsne-repulsion.ts';

const module = compileKernels(tsneWasm);

/** Clusters of points over a square of the given width. */
function scatter(n: number, width: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const normal = (): number => random() + random() + random() - 1.5;
  const centers = Float32Array.from({ length: 20 }, () => width * random());
  const points = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) {
    const cluster = 2 * Math.floor(10 * random());
    points[2 * i] = centers[cluster]! + (width / 10) * normal();
    points[2 * i + 1] = centers[cluster + 1]! + (width / 10) * normal();
  }
  return points;
}

function bounds(points: Float32Array) {
  const xs = points.filter((_, i) => i % 2 === 0);
  const ys = points.filter((_, i) => i % 2 === 1);
  return { minX: Math.min(...xs), minY: Math.min(...ys), maxX: Math.max(...xs), maxY: Math.max(...ys) };
}

/** Forces and Z in float64 by the definition. */
function definition(points: Float32Array): { forces: Float64Array; z: number } {
  const n = points.length / 2;
  const forces = new Float64Array(2 * n);
  let z = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const dx = points[2 * i]! - points[2 * j]!;
      const dy = points[2 * i + 1]! - points[2 * j + 1]!;
      const q = 1 / (1 + dx * dx + dy * dy);
      forces[2 * i]! += dx * q * q;
      forces[2 * i + 1]! += dy * q * q;
      if (j !== i) z += q;
    }
  }
  return { forces, z };
}

function relativeError(found: Float32Array, expected: Float64Array): number {
  let error = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    error += (found[i]! - expected[i]!) ** 2;
    size += expected[i]! ** 2;
  }
  return Math.sqrt(error / size);
}

describe('repulsion', () => {
  it.each([1, 2, 3, 5, 301])('is exact for %i points', (n) => {
    const team = createSoloTeam(module);
    const points = scatter(n, 20, n);
    const at = team.allocate(8 * n);
    const forces = team.allocate(8 * n);
    team.float32(at, 2 * n).set(points);
    const z = exactRepulsion(team, n).compute(at, bounds(points), forces);
    const expected = definition(points);
    expect(Math.abs(z - expected.z)).toBeLessThanOrEqual(1e-5 * expected.z + 1e-6);
    if (n > 1) expect(relativeError(team.float32(forces, 2 * n), expected.forces)).toBeLessThan(1e-4);
  });

  it.each([
    { width: 3, side: 16 },
    { width: 40, side: 200 },
    { width: 100, side: 400 },
  ])('by a grid is within 6% of the exact forces and 0.3% of Z on a map $width wide', ({ width, side }) => {
    const n = 1000;
    const team = createSoloTeam(module);
    const points = scatter(n, width, 3);
    const at = team.allocate(8 * n);
    const forces = team.allocate(8 * n);
    team.float32(at, 2 * n).set(points);
    const grid = gridRepulsion(team, n, { spacing: 0.5, largestSide: 1024 });
    const expected = definition(points);
    for (let round = 0; round < 2; round++) {
      const z = grid.compute(at, bounds(points), forces);
      expect(Math.abs(z / expected.z - 1)).toBeLessThan(3e-3);
      expect(relativeError(team.float32(forces, 2 * n), expected.forces)).toBeLessThan(0.06);
    }
    expect(grid.side).toBeLessThanOrEqual(side);
  });

  it('by a grid gets nearer to the exact forces with narrower spacing, on sides of every kind of factor', () => {
    const n = 400;
    const points = scatter(n, 60, 5);
    const expected = definition(points);
    const errors = [1, 0.7, 0.5, 0.4, 0.3, 0.25].map((spacing) => {
      const team = createSoloTeam(module);
      const at = team.allocate(8 * n);
      const forces = team.allocate(8 * n);
      team.float32(at, 2 * n).set(points);
      gridRepulsion(team, n, { spacing, largestSide: 1024 }).compute(at, bounds(points), forces);
      return relativeError(team.float32(forces, 2 * n), expected.forces);
    });
    for (let i = 1; i < errors.length; i++) expect(errors[i]).toBeLessThan(errors[i - 1]!);
    expect(errors.at(-1)).toBeLessThan(0.006);
  });

  it('makes the grid coarser instead of larger than allowed', () => {
    const n = 200;
    const team = createSoloTeam(module);
    const points = scatter(n, 400, 7);
    const at = team.allocate(8 * n);
    const forces = team.allocate(8 * n);
    team.float32(at, 2 * n).set(points);
    const grid = gridRepulsion(team, n, { spacing: 0.5, largestSide: 128 });
    grid.compute(at, bounds(points), forces);
    expect(grid.side).toBeLessThanOrEqual(128);
  });

  it('sides of grids are multiples of eight without large prime factors', () => {
    expect([1, 17, 49, 100, 210, 500].map(gridSide)).toEqual([16, 24, 64, 120, 216, 512]);
  });
});
