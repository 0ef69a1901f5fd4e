// Where the names of classes stand: each at the densest place of its class, larger classes first, none over another.
// Pure; text is measured by the caller.
import type { Bounds, Point } from './scatter/camera.ts';

export interface Anchor {
  /** Place in the legend's values. */
  readonly category: number;
  readonly count: number;
  /** In the map's coordinates. */
  readonly x: number;
  readonly y: number;
}

/** Cells a side in which a class's points are counted. */
const CELLS = 48;
/** More names than this are never read, and their counts would take memory. */
const MOST_NAMES = 400;

/**
 * The densest place of every category, most points first: the mean of the points in and around the cell of a
 * 48 x 48 grid whose neighbourhood holds most of them.
 * @param categories place in the legend for each point
 * @param isShown whether a point counts
 * @param most categories from this place on are left out
 */
export function anchorsOf(
  xy: Float32Array,
  bounds: Bounds,
  categories: Uint16Array,
  isShown: (point: number) => boolean,
  most = MOST_NAMES,
): Anchor[] {
  const width = bounds.maxX - bounds.minX || 1;
  const height = bounds.maxY - bounds.minY || 1;
  const n = Math.min(categories.length, xy.length >> 1);
  const area = CELLS * CELLS;
  const named = Math.min(most, MOST_NAMES);
  const counts = new Uint32Array(area * named);
  const totals = new Uint32Array(named);
  const cellOf = (point: number) => {
    const column = Math.floor((((xy[2 * point] as number) - bounds.minX) / width) * CELLS);
    const row = Math.floor((((xy[2 * point + 1] as number) - bounds.minY) / height) * CELLS);
    return Math.min(CELLS - 1, row) * CELLS + Math.min(CELLS - 1, column);
  };
  for (let i = 0; i < n; i++) {
    const category = categories[i] as number;
    if (category >= named || !isShown(i)) continue;
    const at = category * area + cellOf(i);
    counts[at] = (counts[at] as number) + 1;
    totals[category] = (totals[category] as number) + 1;
  }
  const peaks = Int32Array.from({ length: named }, (_, category) =>
    totals[category] === 0 ? -1 : peakOf(counts.subarray(category * area, (category + 1) * area)),
  );
  const sums = new Float64Array(3 * named);
  for (let i = 0; i < n; i++) {
    const category = categories[i] as number;
    const peak = category < named ? (peaks[category] as number) : -1;
    if (peak < 0 || !isShown(i)) continue;
    const cell = cellOf(i);
    const isNear =
      Math.abs((cell % CELLS) - (peak % CELLS)) <= 1 &&
      Math.abs(Math.floor(cell / CELLS) - Math.floor(peak / CELLS)) <= 1;
    if (!isNear) continue;
    sums[3 * category] = (sums[3 * category] as number) + (xy[2 * i] as number);
    sums[3 * category + 1] = (sums[3 * category + 1] as number) + (xy[2 * i + 1] as number);
    sums[3 * category + 2] = (sums[3 * category + 2] as number) + 1;
  }
  return Array.from({ length: named }, (_, category) => {
    const near = sums[3 * category + 2] as number;
    return {
      category,
      count: totals[category] as number,
      x: (sums[3 * category] as number) / near,
      y: (sums[3 * category + 1] as number) / near,
    };
  })
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

/** The cell whose neighbourhood of nine holds most. */
function peakOf(counts: Uint32Array): number {
  let best = 0;
  let most = -1;
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS; column++) {
      // The cell itself counts twice, so that the middle wins over its neighbours.
      let sum = counts[row * CELLS + column] as number;
      for (let r = Math.max(0, row - 1); r <= Math.min(CELLS - 1, row + 1); r++)
        for (let c = Math.max(0, column - 1); c <= Math.min(CELLS - 1, column + 1); c++)
          sum += counts[r * CELLS + c] as number;
      if (sum > most) {
        most = sum;
        best = row * CELLS + column;
      }
    }
  }
  return best;
}

export interface PlacedName {
  readonly category: number;
  /** Middle of the name, px. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

const GAP = 3;

/**
 * Names that have room, most points first; a name that would lie over one before it, or out of the view, is left out.
 * @param toScreen the map's coordinates to pixels
 * @param widthOf width of a category's name, px
 */
export function placedNames(
  anchors: readonly Anchor[],
  toScreen: (x: number, y: number) => Point,
  widthOf: (category: number) => number,
  view: { readonly width: number; readonly height: number },
  lineHeight: number,
): PlacedName[] {
  const placed: PlacedName[] = [];
  for (const { category, x, y } of anchors) {
    const at = toScreen(x, y);
    if (at.x < 0 || at.y < 0 || at.x > view.width || at.y > view.height) continue;
    const width = widthOf(category);
    // Names near an edge move inwards as a whole.
    const middle = {
      x: Math.max(width / 2 + GAP, Math.min(view.width - width / 2 - GAP, at.x)),
      y: Math.max(lineHeight / 2 + GAP, Math.min(view.height - lineHeight / 2 - GAP, at.y)),
    };
    const isFree = placed.every(
      (other) =>
        Math.abs(other.x - middle.x) >= (other.width + width) / 2 + GAP ||
        Math.abs(other.y - middle.y) >= lineHeight + GAP - 2,
    );
    if (isFree) placed.push({ category, ...middle, width });
  }
  return placed;
}
