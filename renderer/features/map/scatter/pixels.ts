// Draws points by writing pixels: for machines without WebGL and for pictures to keep. Pure: no canvas, no DOM. Each
// look is drawn once as a stamp of coverage; a point is its stamp at the nearest pixel.
import type { Camera, Size } from './camera.ts';
import {
  CONTEXT_SIZE,
  DIMMED,
  type Ground,
  MATCHED,
  RING,
  SELECTED,
  type SlotPalette,
  SMALLEST_SHAPED,
  selectedSize,
} from './painter.ts';
import { distanceToEdge, reach } from './shapes.ts';

export interface PointSet {
  /** x and y in turn. */
  readonly xy: Float32Array;
  readonly slots: Uint8Array;
  readonly states: Uint8Array;
  readonly palette: SlotPalette;
  readonly ground: Ground;
}

/** Pixels as a canvas has them: red, green, blue, alpha in the order of bytes. */
export interface Raster {
  readonly pixels: Uint32Array;
  readonly width: number;
  readonly height: number;
}

/** Coverage 0..255 of the fill and of the fill with its ring, `side` x `side` pixels. */
interface Stamp {
  readonly side: number;
  readonly fill: Uint8Array;
  readonly whole: Uint8Array;
}

type Rgb = readonly [number, number, number];
/** Classes are drawn by turns, so that the last of the dataset does not cover all others. */
const TURNS = 16;
/** Points of a step, about a millisecond. */
const STEP = 1 << 14;

function packed([r, g, b]: Rgb): number {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

function stampOf(shape: number, diameter: number, ring: number): Stamp {
  if (diameter < SMALLEST_SHAPED && ring === 0) {
    const side = Math.max(1, Math.round(diameter));
    const solid = new Uint8Array(side * side).fill(255);
    return { side, fill: solid, whole: solid };
  }
  const radius = (diameter / 2) * (reach[shape] ?? 1);
  const side = Math.ceil(2 * (radius + Math.max(0.5, ring)));
  const fill = new Uint8Array(side * side);
  const whole = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const distance = distanceToEdge(shape, x + 0.5 - side / 2, y + 0.5 - side / 2, radius);
      const cover = (d: number) => Math.round(255 * Math.max(0, Math.min(1, 0.5 - d)));
      fill[y * side + x] = cover(distance);
      whole[y * side + x] = cover(distance - ring * 0.75);
    }
  }
  return { side, fill, whole };
}

function mixed(under: number, over: number, cover: number): number {
  const keep = 255 - cover;
  const channel = (shift: number) =>
    Math.round((((under >>> shift) & 255) * keep + ((over >>> shift) & 255) * cover) / 255) << shift;
  return ((255 << 24) | channel(16) | channel(8) | channel(0)) >>> 0;
}

function press(raster: Raster, stamp: Stamp, x: number, y: number, fill: number, ring: number): void {
  const { pixels, width, height } = raster;
  const { side } = stamp;
  const left = Math.round(x - side / 2);
  const top = Math.round(y - side / 2);
  if (side === 1) {
    // Most points of a large map are one pixel.
    if (left >= 0 && top >= 0 && left < width && top < height) pixels[top * width + left] = fill;
    return;
  }
  if (left <= -side || top <= -side || left >= width || top >= height) return;
  const fromX = Math.max(0, -left);
  const toX = Math.min(side, width - left);
  const toY = Math.min(side, height - top);
  for (let v = Math.max(0, -top); v < toY; v++) {
    const row = (top + v) * width + left;
    for (let u = fromX; u < toX; u++) {
      const inside = stamp.fill[v * side + u] as number;
      if (inside === 255) {
        pixels[row + u] = fill;
        continue;
      }
      const whole = stamp.whole[v * side + u] as number;
      if (whole === 0) continue;
      const colour = inside === 0 ? ring : mixed(ring, fill, inside);
      pixels[row + u] = whole === 255 ? colour : mixed(pixels[row + u] as number, colour, whole);
    }
  }
}

/** As `paintInSteps`, in one go. */
export function paintPoints(...picture: Parameters<typeof paintInSteps>): void {
  const steps = paintInSteps(...picture);
  while (!steps.next().done);
}

/**
 * Paints ground and points: context first, then the filter's points, then the selected ones with their ring. Comes up
 * for air after every some thousand points looked at; the picture is whole when it has ended.
 * @param pointSize diameter in CSS pixels; `ratio` raster pixels to one of them
 */
export function* paintInSteps(
  raster: Raster,
  points: PointSet,
  camera: Camera,
  size: Size,
  ratio: number,
  pointSize: number,
  stride = 1,
): Generator<void, void> {
  const { xy, slots, states, palette, ground } = points;
  raster.pixels.fill(packed(ground.ground));
  const n = Math.min(xy.length >> 1, slots.length, states.length);
  const scale = camera.scale * ratio;
  const offsetX = (size.width / 2) * ratio - camera.x * scale;
  const offsetY = (size.height / 2) * ratio + camera.y * scale;
  const context = packed(ground.context);
  const ring = packed(ground.ring);
  const contextStamp = stampOf(0, pointSize * CONTEXT_SIZE * ratio, 0);
  const chosen = selectedSize(pointSize) * ratio;
  const plainStamps = Array.from(reach, (_, shape) => stampOf(shape, pointSize * ratio, 0));
  const chosenStamps = Array.from(reach, (_, shape) => stampOf(shape, chosen, RING * ratio));
  const colours = Uint32Array.from({ length: 256 }, (_, slot) =>
    packed([palette[4 * slot] ?? 0, palette[4 * slot + 1] ?? 0, palette[4 * slot + 2] ?? 0]),
  );
  const margin = chosen + 4;
  // A layer that has no point is not gone through.
  const isThere = [true, true, true];
  const paint = (layer: number, from: number, to: number, by: number): void => {
    for (let i = from; i < to; i += by) {
      const state = states[i] as number;
      const slot = slots[i] as number;
      const look = palette[4 * slot + 3] as number;
      const isSelected = (state & SELECTED) !== 0;
      const isShown = isSelected || ((state & MATCHED) !== 0 && look < DIMMED);
      const its = isSelected ? 2 : isShown ? 1 : 0;
      if (layer === 0) isThere[its] = true;
      if (its !== layer) continue;
      const x = (xy[2 * i] as number) * scale + offsetX;
      const y = offsetY - (xy[2 * i + 1] as number) * scale;
      if (x < -margin || y < -margin || x > raster.width + margin || y > raster.height + margin) continue;
      if (layer === 0) press(raster, contextStamp, x, y, context, context);
      else {
        const colour = colours[slot] as number;
        const stamp = (isSelected ? chosenStamps : plainStamps)[look & 15] as Stamp;
        press(raster, stamp, x, y, colour, isSelected ? ring : colour);
      }
    }
  };
  for (let layer = 0; layer < 3; layer++) {
    if (!isThere[layer]) continue;
    if (layer === 0) isThere.fill(false);
    const turns = layer === 1 ? TURNS : 1;
    const by = turns * stride;
    for (let turn = 0; turn < turns; turn++) {
      for (let from = turn * stride; from < n; from += by * STEP) {
        paint(layer, from, Math.min(n, from + by * STEP), by);
        yield;
      }
    }
  }
}
