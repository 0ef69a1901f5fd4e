// Where the map is looked at from: the map's coordinates on one side, pixels of the view on the other. Pure numbers.
// The map's y grows upwards, the screen's downwards.

export interface Bounds {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** In CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Camera {
  /** What lies in the middle of the view. */
  readonly x: number;
  readonly y: number;
  /** Pixels per unit of the map. */
  readonly scale: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Room around the points when the whole map is shown, px. */
const PADDING = 48;
const FARTHEST = 0.4;
/** Beyond this, 32-bit coordinates no longer tell neighbouring pixels apart. */
const NEAREST = 4000;

/** The box around all points; `xy` holds x and y in turn. A map without points has the unit square. */
export function boundsOf(xy: Float32Array): Bounds {
  if (xy.length < 2) return { minX: 0, minY: 0, maxX: 1, maxY: 1 };
  let minX = Number.POSITIVE_INFINITY;
  let minY = Number.POSITIVE_INFINITY;
  let maxX = Number.NEGATIVE_INFINITY;
  let maxY = Number.NEGATIVE_INFINITY;
  for (let i = 0; i + 1 < xy.length; i += 2) {
    const x = xy[i] as number;
    const y = xy[i + 1] as number;
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  return { minX, minY, maxX, maxY };
}

/** Shows the whole box. Points that all lie in one place are shown in the middle. */
export function fitted(bounds: Bounds, size: Size): Camera {
  const spanX = bounds.maxX - bounds.minX;
  const spanY = bounds.maxY - bounds.minY;
  const width = Math.max(16, size.width - 2 * PADDING);
  const height = Math.max(16, size.height - 2 * PADDING);
  const scale = Math.min(
    spanX > 0 ? width / spanX : Number.POSITIVE_INFINITY,
    spanY > 0 ? height / spanY : Number.POSITIVE_INFINITY,
  );
  return {
    x: (bounds.minX + bounds.maxX) / 2,
    y: (bounds.minY + bounds.maxY) / 2,
    scale: Number.isFinite(scale) ? scale : Math.min(width, height),
  };
}

export function toScreen(camera: Camera, size: Size, x: number, y: number): Point {
  return {
    x: (x - camera.x) * camera.scale + size.width / 2,
    y: (camera.y - y) * camera.scale + size.height / 2,
  };
}

export function toMap(camera: Camera, size: Size, x: number, y: number): Point {
  return {
    x: camera.x + (x - size.width / 2) / camera.scale,
    y: camera.y - (y - size.height / 2) / camera.scale,
  };
}

/** Moves the picture by pixels, as a drag does. */
export function panned(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.scale, y: camera.y + dy / camera.scale };
}

/** Zooms by `factor`; what lies under the pixel `at` stays under it. `whole` is the camera that shows everything. */
export function zoomed(camera: Camera, size: Size, at: Point, factor: number, whole: Camera): Camera {
  const scale = Math.min(whole.scale * NEAREST, Math.max(whole.scale * FARTHEST, camera.scale * factor));
  const held = toMap(camera, size, at.x, at.y);
  return {
    x: held.x - (at.x - size.width / 2) / scale,
    y: held.y + (at.y - size.height / 2) / scale,
    scale,
  };
}

/** The same camera, moved as little as brings a place at least `margin` pixels into the view. */
export function bringIntoView(camera: Camera, size: Size, x: number, y: number, margin: number): Camera {
  const at = toScreen(camera, size, x, y);
  const over = (value: number, length: number) => {
    const room = Math.min(margin, length / 2);
    return value < room ? value - room : value > length - room ? value - (length - room) : 0;
  };
  return panned(camera, -over(at.x, size.width), -over(at.y, size.height));
}
