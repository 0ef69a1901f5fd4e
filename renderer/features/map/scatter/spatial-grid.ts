// Which point is near a place: a uniform grid over the map, built once per map by a counting sort. Pure.
// About two points a cell: a million points take some tens of milliseconds and 12 MB.
import { type Bounds, boundsOf } from './camera.ts';

export interface SpatialGrid {
  /** x and y in turn. */
  readonly xy: Float32Array;
  readonly bounds: Bounds;
  /** Width and height of a cell. */
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
  /** The points of cell c are items[start[c]] to items[start[c + 1]]. */
  readonly start: Uint32Array;
  readonly items: Uint32Array;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Whether a point counts, by its place in the map. */
export type Accept = (point: number) => boolean;

const POINTS_A_CELL = 2;
/** A map stretched into a line still has cells of its own width. */
const MOST_A_SIDE = 4096;

export function gridOf(xy: Float32Array): SpatialGrid {
  const n = xy.length >> 1;
  const bounds = boundsOf(xy);
  const width = bounds.maxX - bounds.minX;
  const height = bounds.maxY - bounds.minY;
  const longest = Math.max(width, height);
  const cells = Math.max(1, n / POINTS_A_CELL);
  const byArea = Math.sqrt((Math.max(width, longest / 1000) * Math.max(height, longest / 1000)) / cells);
  const cell = longest > 0 ? Math.max(byArea, longest / MOST_A_SIDE) : 1;
  const columns = Math.floor(width / cell) + 1;
  const rows = Math.floor(height / cell) + 1;
  const start = new Uint32Array(columns * rows + 1);
  const cellOf = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const column = Math.min(columns - 1, Math.floor(((xy[2 * i] as number) - bounds.minX) / cell));
    const row = Math.min(rows - 1, Math.floor(((xy[2 * i + 1] as number) - bounds.minY) / cell));
    const at = row * columns + column;
    cellOf[i] = at;
    start[at + 1] = (start[at + 1] as number) + 1;
  }
  for (let c = 0; c < columns * rows; c++) start[c + 1] = (start[c + 1] as number) + (start[c] as number);
  const next = start.slice(0, -1);
  const items = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const at = cellOf[i] as number;
    const place = next[at] as number;
    items[place] = i;
    next[at] = place + 1;
  }
  return { xy, bounds, cell, columns, rows, start, items };
}

function columnAt({ bounds, cell, columns }: SpatialGrid, x: number): number {
  return Math.max(0, Math.min(columns - 1, Math.floor((x - bounds.minX) / cell)));
}

function rowAt({ bounds, cell, rows }: SpatialGrid, y: number): number {
  return Math.max(0, Math.min(rows - 1, Math.floor((y - bounds.minY) / cell)));
}

/** The accepted point nearest to a place, at most `radius` away; -1 = none. */
export function nearestPoint(
  grid: SpatialGrid,
  x: number,
  y: number,
  radius: number,
  accept: Accept = () => true,
): number {
  const { xy, columns, start, items } = grid;
  let best = -1;
  let bestSquare = radius * radius;
  const toColumn = columnAt(grid, x + radius);
  const toRow = rowAt(grid, y + radius);
  for (let row = rowAt(grid, y - radius); row <= toRow; row++) {
    for (let column = columnAt(grid, x - radius); column <= toColumn; column++) {
      const c = row * columns + column;
      const end = start[c + 1] as number;
      for (let k = start[c] as number; k < end; k++) {
        const i = items[k] as number;
        const dx = (xy[2 * i] as number) - x;
        const dy = (xy[2 * i + 1] as number) - y;
        const square = dx * dx + dy * dy;
        if (square <= bestSquare && accept(i)) {
          best = i;
          bestSquare = square;
        }
      }
    }
  }
  return best;
}

/**
 * The accepted point nearest to `from` among those that lie in a direction: in the quarter of the plane around it, so
 * that every other point can be walked to. -1 = none.
 */
export function neighbourTowards(
  grid: SpatialGrid,
  from: number,
  direction: Direction,
  accept: Accept = () => true,
): number {
  const { xy, cell, columns, rows, start, items } = grid;
  const x = xy[2 * from] as number;
  const y = xy[2 * from + 1] as number;
  const signX = direction === 'right' ? 1 : direction === 'left' ? -1 : 0;
  const signY = direction === 'up' ? 1 : direction === 'down' ? -1 : 0;
  const column = columnAt(grid, x);
  const row = rowAt(grid, y);
  const largest = Math.max(columns, rows);
  let best = -1;
  let bestSquare = Number.POSITIVE_INFINITY;
  const lookInto = (c: number, r: number) => {
    if (c < 0 || r < 0 || c >= columns || r >= rows) return;
    const at = r * columns + c;
    const end = start[at + 1] as number;
    for (let k = start[at] as number; k < end; k++) {
      const i = items[k] as number;
      const dx = (xy[2 * i] as number) - x;
      const dy = (xy[2 * i + 1] as number) - y;
      const along = signX === 0 ? dy * signY : dx * signX;
      const across = signX === 0 ? Math.abs(dx) : Math.abs(dy);
      if (along <= 0 || across > along) continue;
      const square = dx * dx + dy * dy;
      if (square < bestSquare && accept(i)) {
        best = i;
        bestSquare = square;
      }
    }
  };
  // Ring by ring around the point's own cell, only the side that faces the direction.
  for (let ring = 0; ring <= largest; ring++) {
    // What lies in this ring is at least so far away.
    const least = Math.max(0, ring - 1) * cell;
    if (best >= 0 && least * least > bestSquare) break;
    for (let step = -ring; step <= ring; step++) {
      if (signX === 0) {
        lookInto(column + step, row + signY * ring);
        if (ring > 0 && Math.abs(step) < ring) {
          // The flanks of the ring, as far as they are ahead.
          if (step * signY >= 0) {
            lookInto(column - ring, row + step);
            lookInto(column + ring, row + step);
          }
        }
      } else {
        lookInto(column + signX * ring, row + step);
        if (ring > 0 && Math.abs(step) < ring && step * signX >= 0) {
          lookInto(column + step, row - ring);
          lookInto(column + step, row + ring);
        }
      }
    }
  }
  return best;
}
