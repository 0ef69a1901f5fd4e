// The points of a map as the view holds them: clip ids and coordinates side by side, and the way from a clip to its
// point. Pure.
import { type Bounds, boundsOf } from './scatter/camera.ts';
import { MATCHED, SELECTED } from './scatter/painter.ts';
import { gridOf, type SpatialGrid } from './scatter/spatial-grid.ts';

export interface MapPoints {
  readonly ids: Int32Array;
  /** x and y in turn. */
  readonly xy: Float32Array;
  readonly bounds: Bounds;
  /** The point of a clip; -1 when it is not on the map. */
  readonly pointOf: (clipId: number) => number;
  /** Made when it is asked for first: pictures of a map under way are rarely pointed at. */
  readonly grid: () => SpatialGrid;
}

export function mapPointsOf(ids: Int32Array, xy: Float32Array): MapPoints {
  let grid: SpatialGrid | null = null;
  let points: Int32Array | null = null;
  const placesOfIds = () => {
    let largest = 0;
    for (const id of ids) if (id > largest) largest = id;
    const places = new Int32Array(largest + 1).fill(-1);
    for (let i = 0; i < ids.length; i++) places[ids[i] as number] = i;
    return places;
  };
  return {
    ids,
    xy,
    bounds: boundsOf(xy),
    pointOf(clipId) {
      points ??= placesOfIds();
      return points[clipId] ?? -1;
    },
    grid() {
      grid ??= gridOf(xy);
      return grid;
    },
  };
}

/**
 * As the routes send it: Int32 clip ids, then Float32 x and y of each.
 * @throws RangeError when the bytes are no such thing
 */
export function mapPointsFromBytes(bytes: ArrayBuffer): MapPoints {
  if (bytes.byteLength % 12 !== 0) throw new RangeError('The points of the map came cut off.');
  const n = bytes.byteLength / 12;
  return mapPointsOf(new Int32Array(bytes, 0, n), new Float32Array(bytes, 4 * n, 2 * n));
}

/** One state byte a point: which clips the filter has; null = every clip. */
export function matchedStates(points: MapPoints, matched: ArrayLike<number> | null): Uint8Array {
  const states = new Uint8Array(points.ids.length);
  if (matched === null) return states.fill(MATCHED);
  for (let k = 0; k < matched.length; k++) {
    const at = points.pointOf(matched[k] as number);
    if (at >= 0) states[at] = MATCHED;
  }
  return states;
}

/** The states with the selected clips marked. A selection of one is the cursor, which is shown by itself. */
export function withSelection(
  points: MapPoints,
  matched: Uint8Array,
  selected: ReadonlySet<number>,
): Uint8Array {
  if (selected.size < 2) return matched;
  const states = matched.slice();
  for (const id of selected) {
    const at = points.pointOf(id);
    if (at >= 0) states[at] = (states[at] as number) | SELECTED;
  }
  return states;
}

export function countMatched(states: Uint8Array): number {
  let n = 0;
  for (let i = 0; i < states.length; i++) n += (states[i] as number) & MATCHED;
  return n;
}

/** Clips of the filter by legend place. */
export function matchedByCategory(categories: Uint16Array, states: Uint8Array, values: number): Uint32Array {
  const counts = new Uint32Array(values);
  const n = Math.min(categories.length, states.length);
  for (let i = 0; i < n; i++) {
    const category = categories[i] as number;
    if (((states[i] as number) & MATCHED) !== 0 && category < values)
      counts[category] = (counts[category] as number) + 1;
  }
  return counts;
}

/** Diameter of a point in CSS pixels by how much room each has, growing slowly as one zooms in. */
export function pointSizeFor(n: number, area: number, zoom: number, factor: number): number {
  const room = Math.sqrt(area / Math.max(1, n));
  const atFirst = Math.min(7, Math.max(1.25, room * 0.42));
  return Math.min(18, Math.max(1, atFirst * Math.max(1, zoom) ** 0.35 * factor));
}
