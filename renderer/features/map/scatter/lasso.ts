// Which points a drawn line encloses. Pure; polygons are flat lists of x and y in turn, in the map's coordinates.
import type { Accept } from './spatial-grid.ts';

const BANDS = 256;

/**
 * The accepted points inside a closed polygon, in the order of the map. Where the line crosses itself, what it goes
 * round an odd number of times is inside. The polygon's edges are sorted into bands of y, so that each point meets
 * only the few edges beside it.
 */
export function pointsInside(
  xy: Float32Array,
  polygon: readonly number[],
  accept: Accept = () => true,
): number[] {
  const corners = polygon.length >> 1;
  if (corners < 3) return [];
  let minX = Number.POSITIVE_INFINITY;
  let maxX = Number.NEGATIVE_INFINITY;
  let minY = Number.POSITIVE_INFINITY;
  let maxY = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < corners; i++) {
    const x = polygon[2 * i] as number;
    const y = polygon[2 * i + 1] as number;
    minX = Math.min(minX, x);
    maxX = Math.max(maxX, x);
    minY = Math.min(minY, y);
    maxY = Math.max(maxY, y);
  }
  const bandHeight = (maxY - minY) / BANDS || 1;
  const bandOf = (y: number) => Math.max(0, Math.min(BANDS - 1, Math.floor((y - minY) / bandHeight)));
  const edges: number[][] = Array.from({ length: BANDS }, () => []);
  for (let i = 0; i < corners; i++) {
    const y0 = polygon[2 * i + 1] as number;
    const y1 = polygon[2 * ((i + 1) % corners) + 1] as number;
    const to = bandOf(Math.max(y0, y1));
    for (let band = bandOf(Math.min(y0, y1)); band <= to; band++) edges[band]?.push(i);
  }
  const inside: number[] = [];
  const n = xy.length >> 1;
  for (let point = 0; point < n; point++) {
    const x = xy[2 * point] as number;
    const y = xy[2 * point + 1] as number;
    if (x < minX || x > maxX || y < minY || y > maxY || !accept(point)) continue;
    let isInside = false;
    for (const i of edges[bandOf(y)] as number[]) {
      const j = (i + 1) % corners;
      const y0 = polygon[2 * i + 1] as number;
      const y1 = polygon[2 * j + 1] as number;
      if (y0 > y === y1 > y) continue;
      const x0 = polygon[2 * i] as number;
      const x1 = polygon[2 * j] as number;
      if (x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) isInside = !isInside;
    }
    if (isInside) inside.push(point);
  }
  return inside;
}

/** The four corners of a box as a polygon. */
export function boxAround(x0: number, y0: number, x1: number, y1: number): number[] {
  return [x0, y0, x1, y0, x1, y1, x0, y1];
}
