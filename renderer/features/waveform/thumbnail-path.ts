// A thumbnail as an SVG path: one step of the outline a column. Pure.
import { THUMBNAIL_COLUMNS } from '../../../shared/domain/audio.ts';
import type { Thumbnail } from './thumbnails.ts';

export const WIDTH = THUMBNAIL_COLUMNS;

/** A line that silence leaves, px. */
const THINNEST = 0.75;
const FULL_SCALE = 0.99;

interface Column {
  readonly low: number;
  readonly high: number;
}

/** -1..1 */
function columnOf(thumbnail: Thumbnail, column: number): Column {
  return { low: (thumbnail[2 * column] ?? 0) / 127, high: (thumbnail[2 * column + 1] ?? 0) / 127 };
}

/** Top and bottom of a column from the upper edge, px. */
function edgesOf({ low, high }: Column, height: number): { readonly top: number; readonly bottom: number } {
  const middle = height / 2;
  const half = middle - 1;
  const top = middle - high * half;
  return { top, bottom: Math.max(top + THINNEST, middle - low * half) };
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** Kept with the thumbnail: rows that come back are not measured again. */
const kept = new WeakMap<Thumbnail, { readonly height: number; readonly path: string }>();

/** The outline of all columns: along the tops, and back along the bottoms. */
export function outlinePath(thumbnail: Thumbnail, height: number): string {
  const known = kept.get(thumbnail);
  if (known?.height === height) return known.path;
  let there = '';
  let back = '';
  for (let column = 0; column < WIDTH; column++) {
    const { top, bottom } = edgesOf(columnOf(thumbnail, column), height);
    there += `${column === 0 ? 'M0 ' : 'V'}${round(top)}H${column + 1}`;
    back = `V${round(bottom)}H${column}${back}`;
  }
  const path = `${there}${back}Z`;
  kept.set(thumbnail, { height, path });
  return path;
}

/** The columns that reach full scale. */
export function fullScalePath(thumbnail: Thumbnail, height: number): string {
  let path = '';
  for (let column = 0; column < WIDTH; column++) {
    const extremes = columnOf(thumbnail, column);
    if (extremes.high < FULL_SCALE && extremes.low > -FULL_SCALE) continue;
    const { top, bottom } = edgesOf(extremes, height);
    path += `M${column} ${round(top)}h1V${round(bottom)}h-1Z`;
  }
  return path;
}
