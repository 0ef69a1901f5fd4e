// The repulsive half of t-SNE's gradient: sum_j (y_i - y_j) / (1 + |y_i - y_j|^2)^2 for every point, and
// Z = sum over pairs of 1 / (1 + |y_i - y_j|^2): exactly, or by a grid that grows with the map.
import type { Team } from '../team.ts';
import { createTables, type GridTables, gridSide } from './tsne-plan.ts';

export interface Bounds {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export interface Repulsion {
  /**
   * Writes the forces on `points` (n x 2 float32 at this offset, within `bounds`) and returns Z.
   * `forces` n x 2 float32.
   */
  compute(points: number, bounds: Bounds, forces: number): number;
  /** Nodes on a side of the grid; 0 where there is none. */
  readonly side: number;
}

/** Points of one chunk: follows from the number of points alone, so that results do not depend on the threads. */
export function pointsPerChunk(n: number): number {
  return Math.max(128, Math.ceil(n / 256));
}

/** O(n^2). */
export function exactRepulsion(team: Team, n: number): Repulsion {
  const perChunk = Math.max(16, Math.ceil(n / 256));
  const chunks = Math.ceil(n / perChunk);
  const sums = team.allocate(8 * chunks);
  return {
    side: 0,
    compute(points, _bounds, forces) {
      team.run('exactForces', chunks, points, n, perChunk, forces, sums);
      return sum(team.float64(sums, chunks));
    },
  };
}

/** Rows of the grid in one band (kernels/assembly/tsne-grid.ts). */
const BAND = 4;
/** Nodes that splines need beyond the outermost points, and one for rounding. */
const MARGIN = 6;
const SLOTS = 32;

export interface GridOptions {
  /** Distance of nodes in units of the map; errors grow with its fourth power. */
  readonly spacing: number;
  /** A map too wide for this many nodes a side gets wider spacing. */
  readonly largestSide: number;
}

interface Grid extends GridTables {
  readonly side: number;
  readonly spacing: number;
  readonly grid: number;
  readonly half: number;
  readonly factors: number;
  readonly sums: number;
  readonly arena: number;
  readonly starts: number;
  readonly counts: number;
  /** A point's own part of the potential at its place. */
  readonly ownPotential: number;
}

/**
 * O(n + side^2 log side). Nothing else may be allocated of the team's memory after this and kept: the grid grows.
 */
export function gridRepulsion(team: Team, n: number, options: GridOptions): Repulsion {
  const perChunk = Math.max(1024, Math.ceil(n / 64));
  const chunks = Math.ceil(n / perChunk);
  const gatherPer = pointsPerChunk(n);
  const sorted = team.allocate(8 * n);
  const base = team.allocate(0);
  let grid: Grid | undefined;
  let round = 0;
  return {
    get side() {
      return grid?.side ?? 0;
    },
    compute(points, { minX, minY, maxX, maxY }, forces) {
      const span = Math.max(maxX - minX, maxY - minY);
      const spacing = Math.max(options.spacing, span / (options.largestSide - MARGIN));
      const side = gridSide(span / spacing + MARGIN);
      if (grid === undefined || side > grid.side || spacing > grid.spacing) {
        team.release(base);
        grid = makeGrid(team, side, spacing, chunks);
      }
      const { grid: nodes, half, factors, plan, sums, arena, starts, counts } = grid;
      const scale = 1 / grid.spacing;
      // Every other time the nodes lie half a cell aside: the largest errors of the two change sign, and momentum
      // takes their mean (Hockney & Eastwood's interlacing, in time).
      const aside = round++ % 2 === 0 ? 0 : 0.5;
      const place = (middle: number, { spacing, side }: Grid): number =>
        (Math.round(middle / spacing) - side / 2 + aside) * spacing;
      const left = place((minX + maxX) / 2, grid);
      const low = place((minY + maxY) / 2, grid);
      const bands = grid.side / BAND;
      team.run('countBands', chunks, points, n, perChunk, low, scale, bands, counts);
      team.run('placeBands', 1, chunks, bands, counts, starts);
      team.run('sortByBand', chunks, points, n, perChunk, left, low, scale, bands, counts, sorted);
      team.run('spread', Math.ceil(bands / 2), 0, sorted, starts, nodes, grid.side);
      team.run('spread', bands >> 1, 1, sorted, starts, nodes, grid.side);
      team.run('forwardColumns', grid.side / 8, nodes, grid.side, plan, half, arena);
      team.run('convolveRows', grid.side / 4, half, factors, grid.side, plan, sums, arena);
      team.run('inverseColumns', grid.side / 8, half, grid.side, plan, nodes, arena);
      team.run(
        'gather',
        Math.ceil(n / gatherPer),
        points,
        n,
        gatherPer,
        left,
        low,
        scale,
        nodes,
        grid.side,
        forces,
      );
      team.uint8(nodes, 4 * grid.side ** 2).fill(0);
      return sum(team.float64(sums, grid.side / 4)) / 4 - n * grid.ownPotential;
    },
  };
}

function makeGrid(team: Team, side: number, spacing: number, chunks: number): Grid {
  const tables = createTables(team, side);
  const bands = side / BAND;
  const slotBytes = 2 * (2 * side) * 32;
  const arena = team.allocate(64 + SLOTS * slotBytes);
  team.int32(arena, 2)[1] = slotBytes;
  const grid = team.allocate(4 * side * side);
  const half = team.allocate(8 * side * side);
  const factors = team.allocate(8 * side * side);
  const sums = team.allocate(8 * (side / 4));
  const starts = team.allocate(4 * (bands + 1));
  const counts = team.allocate(4 * bands * chunks);
  team.run('kernelColumns', side / 4, side, spacing, tables.plan, factors, arena);
  team.run('kernelRows', side / 8, side, tables.plan, tables.inverse, tables.own, factors, sums, arena);
  const ownPotential = sum(team.float64(sums, side / 8));
  return { ...tables, side, spacing, grid, half, factors, sums, arena, starts, counts, ownPotential };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
