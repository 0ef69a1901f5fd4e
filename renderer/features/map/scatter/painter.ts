// What draws the points: the one interface of the WebGL painter and of the one that writes pixels by itself.
import type { Camera, Size } from './camera.ts';

/** Bits of a point's state byte. */
export const MATCHED = 1;
export const SELECTED = 2;

/**
 * 256 slots of red, green, blue and look. The look's low bits are the place of the shape in `shapes`; DIMMED draws the
 * slot as context. Slots, not points, carry colours: another theme or a highlight writes 1 kB.
 */
export type SlotPalette = Uint8Array<ArrayBuffer>;
export const SLOTS = 256;
export const DIMMED = 128;

type Rgb = readonly [number, number, number];

export interface Ground {
  readonly ground: Rgb;
  /** Points outside the filter. */
  readonly context: Rgb;
  /** The ring around selected points. */
  readonly ring: Rgb;
}

export interface Picture {
  readonly camera: Camera;
  /** CSS pixels. */
  readonly size: Size;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  /** Diameter of a point in CSS pixels. */
  readonly pointSize: number;
  /** 1 draws every point, 2 every second and so on, for frames in the middle of a gesture. */
  readonly stride: number;
  /** Part of a gesture: it is wanted in this very frame. Else it may come a few frames later, and nothing waits. */
  readonly isMoving: boolean;
}

export interface Painter {
  /** As people name it. */
  readonly kind: 'WebGL' | 'software';
  readonly canvas: HTMLCanvasElement;
  /** x and y in turn. */
  setPoints(xy: Float32Array): void;
  /** One byte for each point: its place in the palette. */
  setSlots(slots: Uint8Array): void;
  /** One byte for each point: MATCHED, SELECTED. */
  setStates(states: Uint8Array): void;
  setPalette(palette: SlotPalette, ground: Ground): void;
  draw(picture: Picture): void;
  dispose(): void;
}

/** Context points are a little smaller, selected ones larger, than the rest. */
export const CONTEXT_SIZE = 0.8;

export function selectedSize(pointSize: number): number {
  return Math.max(pointSize * 1.25, pointSize + 1.5, 4);
}

/** Room around a selected point for its ring, px. */
export const RING = 2;

/** Below this many device pixels a point is a square of full colour: shapes could not be told apart. */
export const SMALLEST_SHAPED = 3;
