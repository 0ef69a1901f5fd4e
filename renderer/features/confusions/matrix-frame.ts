// What all matrices of classes draw alike: the ground, which cells are in sight, and the labels left of and above them.
// Knows no React and no calls.
import { type Hit, type MatrixLayout, type Scroll, visibleRange } from './matrix-layout.ts';

export interface Palette {
  readonly ground: string;
  readonly hover: string;
  readonly hairline: string;
  readonly text: string;
  readonly secondary: string;
  readonly accent: string;
  readonly isDark: boolean;
  readonly font: string;
}

export interface Place {
  readonly row: number;
  /** n = recall, n + 1 = precision. */
  readonly column: number;
}

/** How the surface is at the moment of drawing. */
export interface MatrixFrame {
  readonly layout: MatrixLayout;
  readonly scroll: Scroll;
  readonly palette: Palette;
  readonly hover: Hit | null;
  readonly cursor: Place | null;
  readonly isFocused: boolean;
}

const SMALLEST_WITH_LABEL = 10;

/** Paints the ground; from here on the context is in CSS pixels. */
export function clearMatrix(
  context: CanvasRenderingContext2D,
  { layout, palette }: MatrixFrame,
  ratio: number,
): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, layout.viewWidth, layout.viewHeight);
}

export function cellsInSight({ layout, scroll }: MatrixFrame) {
  const { cell, n, gridWidth, gridHeight } = layout;
  return {
    rows: visibleRange(scroll.y, gridHeight, cell, n),
    columns: visibleRange(scroll.x, gridWidth, cell, n),
  };
}

/** The row under the pointer, else under the cursor. */
export function markedRow({ hover, cursor }: MatrixFrame): number | null {
  if (hover && 'row' in hover) return hover.row;
  return hover ? null : (cursor?.row ?? null);
}

/** As `markedRow`; null where the cursor is beside the cells. */
export function markedColumn({ hover, cursor, layout }: MatrixFrame): number | null {
  if (hover && 'column' in hover) return hover.column;
  return hover || !cursor || cursor.column >= layout.n ? null : cursor.column;
}

/** Text cut with an ellipsis to `width` by the context's font. */
function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (context.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…`;
}

export function drawLabels(
  context: CanvasRenderingContext2D,
  frame: MatrixFrame,
  labels: readonly string[],
): void {
  const { layout, scroll, palette } = frame;
  const { cell, left, top, gridWidth, gridHeight } = layout;
  const { rows, columns } = cellsInSight(frame);
  const step = Math.max(1, Math.ceil(SMALLEST_WITH_LABEL / cell));
  const size = cell < 13 ? 10 : 12;
  // Where not all have room, those close to the marked one give way to it.
  const isShown = (at: number, marked: number | null) =>
    at === marked || (at % step === 0 && (marked === null || Math.abs(at - marked) >= step));
  const style = (isMarked: boolean) => {
    context.font = `${isMarked ? '600 ' : ''}${size}px ${palette.font}`;
    context.fillStyle = isMarked ? palette.text : palette.secondary;
  };
  context.textBaseline = 'middle';

  const row = markedRow(frame);
  context.save();
  context.beginPath();
  context.rect(0, top, left, gridHeight);
  context.clip();
  context.textAlign = 'right';
  for (let at = rows.from; at < rows.to; at++) {
    if (!isShown(at, row)) continue;
    style(at === row);
    const y = top + (at + 0.5) * cell - scroll.y;
    context.fillText(fitted(context, labels[at] ?? '', left - 12), left - 7, y);
  }
  context.restore();

  const column = markedColumn(frame);
  context.save();
  context.beginPath();
  context.rect(left, 0, gridWidth, top);
  context.clip();
  context.textAlign = 'left';
  for (let at = columns.from; at < columns.to; at++) {
    if (!isShown(at, column)) continue;
    style(at === column);
    context.save();
    context.translate(left + (at + 0.5) * cell - scroll.x, top - 6);
    context.rotate(-Math.PI / 2);
    context.fillText(fitted(context, labels[at] ?? '', top - 12), 0, 0);
    context.restore();
  }
  context.restore();
}
