// What lies above the points: names of classes, the cursor, the point under the pointer, the lasso. On a 2-D canvas.
import { type Anchor, placedNames } from '../names-layout.ts';
import type { Point, Size } from './camera.ts';

export interface OverlayView {
  readonly size: Size;
  /** Diameter of a point, px. */
  readonly pointSize: number;
  readonly toScreen: (x: number, y: number) => Point;
}

export type OverlayDrawing = (context: CanvasRenderingContext2D, view: OverlayView) => void;

export interface OverlayInk {
  readonly ground: string;
  readonly text: string;
  readonly accent: string;
  readonly font: string;
}

export interface OverlayParts {
  readonly ink: OverlayInk;
  readonly anchors: readonly Anchor[];
  readonly nameOf: (category: number) => string;
  /** In the map's coordinates; null = none. */
  readonly cursor: Point | null;
  readonly hover: Point | null;
  readonly isFocused: boolean;
  /** The line being drawn, in pixels, x and y in turn. */
  readonly lasso: readonly number[] | null;
}

export const NAME_HEIGHT = 16;
const NAME_SIZE = 12;
const LONGEST_NAME = 28;

export function nameFont(font: string): string {
  return `600 ${NAME_SIZE}px ${font}`;
}

/** A class name as it stands on the map. */
export function shortName(name: string): string {
  const characters = [...name];
  return characters.length <= LONGEST_NAME ? name : `${characters.slice(0, LONGEST_NAME - 1).join('')}…`;
}

export function drawOverlay(context: CanvasRenderingContext2D, view: OverlayView, parts: OverlayParts): void {
  const { ink } = parts;
  if (parts.anchors.length > 0) drawNames(context, view, parts);
  const radius = Math.max(5, view.pointSize / 2 + 3);
  if (parts.hover)
    ringAt(context, view.toScreen(parts.hover.x, parts.hover.y), radius, ink.text, ink.ground, 1.5);
  if (parts.cursor) {
    const at = view.toScreen(parts.cursor.x, parts.cursor.y);
    ringAt(context, at, radius + 1, ink.accent, ink.ground, 2);
    // The keyboard's place is marked beyond a ring, which a hover has as well.
    if (parts.isFocused) crossAt(context, at, radius + 3, ink.accent);
  }
  if (parts.lasso && parts.lasso.length >= 4) drawLasso(context, parts.lasso, ink);
}

function drawNames(context: CanvasRenderingContext2D, view: OverlayView, parts: OverlayParts): void {
  context.font = nameFont(parts.ink.font);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  const widthOf = (category: number) => context.measureText(shortName(parts.nameOf(category))).width;
  for (const { category, x, y } of placedNames(
    parts.anchors,
    view.toScreen,
    widthOf,
    view.size,
    NAME_HEIGHT,
  )) {
    const name = shortName(parts.nameOf(category));
    context.lineWidth = 4;
    context.globalAlpha = 0.85;
    context.strokeStyle = parts.ink.ground;
    context.strokeText(name, x, y);
    context.globalAlpha = 1;
    context.fillStyle = parts.ink.text;
    context.fillText(name, x, y);
  }
}

function ringAt(
  context: CanvasRenderingContext2D,
  at: Point,
  radius: number,
  colour: string,
  halo: string,
  width: number,
): void {
  context.beginPath();
  context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
  context.lineWidth = width + 2;
  context.strokeStyle = halo;
  context.stroke();
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
}

function crossAt(context: CanvasRenderingContext2D, { x, y }: Point, from: number, colour: string): void {
  const to = from + 5;
  context.beginPath();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    context.moveTo(x + dx * from, y + dy * from);
    context.lineTo(x + dx * to, y + dy * to);
  }
  context.lineWidth = 2;
  context.strokeStyle = colour;
  context.stroke();
}

function drawLasso(context: CanvasRenderingContext2D, path: readonly number[], ink: OverlayInk): void {
  context.beginPath();
  context.moveTo(path[0] as number, path[1] as number);
  for (let i = 2; i + 1 < path.length; i += 2) context.lineTo(path[i] as number, path[i + 1] as number);
  context.closePath();
  context.globalAlpha = 0.12;
  context.fillStyle = ink.accent;
  context.fill('evenodd');
  context.globalAlpha = 1;
  context.lineWidth = 1.5;
  context.strokeStyle = ink.accent;
  context.setLineDash([5, 3]);
  context.stroke();
  context.setLineDash([]);
}
