// The picture of a map: points, and above them names, cursor, hover and lasso. Draws only when something changed, at
// most once a frame; in the middle of a gesture that a machine cannot follow, every n-th point stands for all.
// Knows no React and no calls.
import type { MapPoints } from '../map-points.ts';
import { pointSizeFor } from '../map-points.ts';
import {
  bringIntoView,
  type Camera,
  fitted,
  type Point,
  panned,
  type Size,
  toMap,
  toScreen,
  zoomed,
} from './camera.ts';
import { glPainter } from './gl-painter.ts';
import { boxAround, pointsInside } from './lasso.ts';
import type { OverlayDrawing } from './overlay.ts';
import { type Ground, MATCHED, type Painter, type SlotPalette } from './painter.ts';
import { softwarePainter } from './software-painter.ts';
import { type Direction, nearestPoint, neighbourTowards } from './spatial-grid.ts';

/** How far from a point the pointer still means it, px. */
const REACH = 8;
const SLOW_FRAME_MS = 28;
const REST_MS = 140;
const MOST_STRIDE = 16;
/** Frames further apart than this belong to different movements. */
const SAME_MOVE_MS = 200;

export interface Scene {
  readonly kind: Painter['kind'];
  /** Another map; `isSameView` keeps where one looks from. */
  setPoints(points: MapPoints, isSameView: boolean): void;
  setSlots(slots: Uint8Array): void;
  setStates(states: Uint8Array): void;
  setPalette(palette: SlotPalette, ground: Ground): void;
  setPointSize(factor: number): void;
  setOverlay(drawing: OverlayDrawing): void;
  /** The point under a pixel, one of the filter before others; -1 = none. */
  pointAt(x: number, y: number): number;
  /** The next point of the filter in a direction; without a point to begin from, the one in the middle. */
  towards(from: number, direction: Direction): number;
  /** Points of the filter inside a line drawn in pixels. */
  pointsInside(path: readonly number[]): number[];
  pointsInBox(from: Point, to: Point): number[];
  screenOf(point: number): Point;
  panBy(dx: number, dy: number): void;
  zoomBy(factor: number, at?: Point): void;
  showAll(): void;
  reveal(point: number): void;
  hasMoved(): boolean;
  view(): { readonly camera: Camera; readonly size: Size; readonly pointSize: number };
  dispose(): void;
}

function paintersFor(host: HTMLElement, onRestored: () => void): Painter | null {
  const make = () => {
    const canvas = document.createElement('canvas');
    canvas.className = 'map-points';
    canvas.setAttribute('aria-hidden', 'true');
    return canvas;
  };
  const painter = glPainter(make(), onRestored) ?? softwarePainter(make());
  if (painter) host.prepend(painter.canvas);
  return painter;
}

/** @returns null where nothing can be drawn. `onFrame` hears how long each frame took to be given out, in ms. */
export function createScene(host: HTMLElement, overlay: HTMLCanvasElement): Scene | null {
  let isDirty = false;
  let frame = 0;
  const draw = () => {
    if (isDirty) return;
    isDirty = true;
    frame = requestAnimationFrame(onFrame);
  };
  const painter = paintersFor(host, draw);
  if (!painter) return null;
  const top = overlay.getContext('2d');

  let points: MapPoints | null = null;
  let states = new Uint8Array(0);
  let size: Size = { width: 1, height: 1 };
  let whole: Camera = { x: 0, y: 0, scale: 1 };
  let camera = whole;
  let isMoved = false;
  let sizeFactor = 1;
  let drawing: OverlayDrawing = () => {};
  // Points and what lies above them change independently: hovering never draws the points again.
  let arePointsDirty = true;
  let stride = 1;
  let movedAt = Number.NEGATIVE_INFINITY;
  let lastFrameAt = 0;
  let rest: ReturnType<typeof setTimeout> | undefined;

  const drawPoints = () => {
    arePointsDirty = true;
    draw();
  };
  const pointSize = () =>
    pointSizeFor(points?.ids.length ?? 0, size.width * size.height, camera.scale / whole.scale, sizeFactor);
  const moved = () => {
    const now = performance.now();
    // A new gesture tries a finer picture again.
    if (now - movedAt > SAME_MOVE_MS) stride = Math.max(1, stride >> 1);
    movedAt = now;
    isMoved = true;
    clearTimeout(rest);
    if (stride > 1) rest = setTimeout(drawPoints, REST_MS);
    drawPoints();
  };
  const follow = (now: number, spentMs: number) => {
    const isInGesture = now - movedAt < REST_MS;
    const gap = now - lastFrameAt;
    lastFrameAt = now;
    if (!isInGesture || gap > SAME_MOVE_MS) return;
    if (Math.max(gap, spentMs) > SLOW_FRAME_MS && (points?.ids.length ?? 0) / stride > 4000) {
      stride = Math.min(MOST_STRIDE, stride * 2);
      clearTimeout(rest);
      rest = setTimeout(drawPoints, REST_MS);
    }
  };
  function onFrame() {
    isDirty = false;
    const ratio = globalThis.devicePixelRatio || 1;
    const now = performance.now();
    if (arePointsDirty && painter) {
      arePointsDirty = false;
      const isInGesture = now - movedAt < REST_MS;
      painter.draw({
        ...{ camera, size, ratio, pointSize: pointSize() },
        stride: isInGesture ? stride : 1,
        isMoving: isInGesture,
      });
      follow(now, performance.now() - now);
    }
    if (!top) return;
    const width = Math.max(1, Math.round(size.width * ratio));
    const height = Math.max(1, Math.round(size.height * ratio));
    if (overlay.width !== width || overlay.height !== height) {
      overlay.width = width;
      overlay.height = height;
    }
    top.setTransform(ratio, 0, 0, ratio, 0, 0);
    top.clearRect(0, 0, size.width, size.height);
    drawing(top, { size, pointSize: pointSize(), toScreen: (x, y) => toScreen(camera, size, x, y) });
  }

  const measure = () => {
    const next = { width: Math.max(1, host.clientWidth), height: Math.max(1, host.clientHeight) };
    if (next.width === size.width && next.height === size.height) return;
    const wasWhole = !isMoved;
    size = next;
    if (points) whole = fitted(points.bounds, size);
    if (wasWhole) camera = whole;
    drawPoints();
  };
  const observer = new ResizeObserver(measure);
  observer.observe(host);
  measure();

  const isMatched = (point: number) => ((states[point] ?? 0) & MATCHED) !== 0;
  const enclosed = (screen: readonly number[]): number[] => {
    if (!points) return [];
    const polygon: number[] = [];
    for (let i = 0; i + 1 < screen.length; i += 2) {
      const at = toMap(camera, size, screen[i] as number, screen[i + 1] as number);
      polygon.push(at.x, at.y);
    }
    return pointsInside(points.xy, polygon, isMatched);
  };
  const screenOf = (point: number): Point =>
    toScreen(camera, size, points?.xy[2 * point] ?? 0, points?.xy[2 * point + 1] ?? 0);

  return {
    kind: painter.kind,
    setPoints(next, isSameView) {
      points = next;
      whole = fitted(next.bounds, size);
      if (!isSameView) {
        camera = whole;
        isMoved = false;
      } else if (!isMoved) camera = whole;
      stride = 1;
      painter.setPoints(next.xy);
      drawPoints();
    },
    setSlots(slots) {
      painter.setSlots(slots);
      drawPoints();
    },
    setStates(next) {
      states = next as Uint8Array<ArrayBuffer>;
      painter.setStates(next);
      drawPoints();
    },
    setPalette(palette, ground) {
      painter.setPalette(palette, ground);
      drawPoints();
    },
    setPointSize(factor) {
      sizeFactor = factor;
      drawPoints();
    },
    setOverlay(next) {
      drawing = next;
      draw();
    },
    pointAt(x, y) {
      if (!points) return -1;
      const at = toMap(camera, size, x, y);
      const radius = Math.max(REACH, pointSize() / 2) / camera.scale;
      const grid = points.grid();
      const found = nearestPoint(grid, at.x, at.y, radius, isMatched);
      return found >= 0 ? found : nearestPoint(grid, at.x, at.y, radius);
    },
    towards(from, direction) {
      if (!points) return -1;
      if (from >= 0) return neighbourTowards(points.grid(), from, direction, isMatched);
      const span = Math.hypot(
        points.bounds.maxX - points.bounds.minX,
        points.bounds.maxY - points.bounds.minY,
      );
      const reach = 2 * span + Math.hypot(camera.x, camera.y) + 1;
      return nearestPoint(points.grid(), camera.x, camera.y, reach, isMatched);
    },
    pointsInside: enclosed,
    pointsInBox: (from, to) => enclosed(boxAround(from.x, from.y, to.x, to.y)),
    screenOf,
    panBy(dx, dy) {
      camera = panned(camera, dx, dy);
      moved();
    },
    zoomBy(factor, at = { x: size.width / 2, y: size.height / 2 }) {
      camera = zoomed(camera, size, at, factor, whole);
      moved();
    },
    showAll() {
      camera = whole;
      moved();
      isMoved = false;
    },
    reveal(point) {
      if (!points || point < 0) return;
      const x = points.xy[2 * point] as number;
      const y = points.xy[2 * point + 1] as number;
      const next = bringIntoView(camera, size, x, y, 48);
      if (next.x === camera.x && next.y === camera.y) return;
      camera = next;
      moved();
    },
    hasMoved: () => isMoved,
    view: () => ({ camera, size, pointSize: pointSize() }),
    dispose() {
      observer.disconnect();
      cancelAnimationFrame(frame);
      clearTimeout(rest);
      painter.dispose();
      painter.canvas.remove();
    },
  };
}
