// Draws the matrix on a canvas: cells in sight, recall and precision. Knows no React and no calls.
import type { ClassFigures } from '../metrics/index.ts';
import { colourOf, css, inkOn, type Rgb } from './cividis.ts';
import {
  cellsInSight,
  clearMatrix,
  drawLabels,
  type MatrixFrame,
  markedColumn,
  markedRow,
  type Place,
} from './matrix-frame.ts';
import { GAP, type MatrixLayout } from './matrix-layout.ts';
import { intensityAt, type Matrix, type MatrixMode, printedAt } from './matrix-model.ts';

export interface MatrixPicture extends MatrixFrame {
  readonly matrix: Matrix;
  readonly figures: readonly ClassFigures[];
  readonly mode: MatrixMode;
  readonly isFocused: boolean;
  /** The cell that the filter names. */
  readonly chosen: Place | null;
}

const SHADES = 256;
const SMALLEST_WITH_GAP = 6;

/** Colours by shade; shade 0 is a cell without clips. The faintest still stands out from the ground. */
function shadesOf(isDark: boolean): readonly Rgb[] {
  return Array.from({ length: SHADES }, (_, shade) => colourOf(0.1 + (0.9 * shade) / (SHADES - 1), isDark));
}

const shadesByTheme = { dark: shadesOf(true), light: shadesOf(false) };

/** 0 = no clips. */
export function shadeAt(matrix: Matrix, row: number, column: number, mode: MatrixMode): number {
  const intensity = intensityAt(matrix, row, column, mode);
  return intensity === 0 ? 0 : Math.max(1, Math.round(intensity * (SHADES - 1)));
}

export function shadeColour(shade: number, isDark: boolean): Rgb {
  return shadesByTheme[isDark ? 'dark' : 'light'][shade] ?? [0, 0, 0];
}

export function drawMatrix(context: CanvasRenderingContext2D, picture: MatrixPicture, ratio: number): void {
  const { matrix, layout } = picture;
  clearMatrix(context, picture, ratio);
  if (layout.n === 0) return;
  drawCells(context, picture, ratio);
  drawLabels(context, picture, matrix.labels);
  drawAxes(context, picture);
  if (layout.strip > 0) drawStrip(context, picture);
  drawMarks(context, picture);
}

function clipToCells(context: CanvasRenderingContext2D, { left, top, gridWidth, gridHeight }: MatrixLayout) {
  context.beginPath();
  context.rect(left, top, gridWidth, gridHeight);
  context.clip();
}

function drawCells(context: CanvasRenderingContext2D, picture: MatrixPicture, ratio: number): void {
  const { layout } = picture;
  if (layout.cell < SMALLEST_WITH_GAP) {
    drawPixels(context, picture, ratio);
    return;
  }
  const { matrix, mode, scroll, palette } = picture;
  const { cell, left, top } = layout;
  const { rows, columns } = cellsInSight(picture);
  const shades = shadesByTheme[palette.isDark ? 'dark' : 'light'];
  const colours = shades.map(css);
  const inks = shades.map((shade) => css(inkOn(shade)));
  const size = Math.min(12, Math.floor(cell * 0.42));
  const isPrinted = size >= 8;
  context.save();
  clipToCells(context, layout);
  context.font = `${size}px ${palette.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (let row = rows.from; row < rows.to; row++) {
    const y = top + row * cell - scroll.y;
    for (let column = columns.from; column < columns.to; column++) {
      const x = left + column * cell - scroll.x;
      const shade = shadeAt(matrix, row, column, mode);
      if (shade > 0) {
        context.fillStyle = colours[shade] ?? '';
        context.fillRect(x, y, cell - 1, cell - 1);
      } else if (row === column) {
        context.strokeStyle = palette.hairline;
        context.lineWidth = 1;
        context.strokeRect(x + 0.5, y + 0.5, cell - 2, cell - 2);
      }
      if (!isPrinted) continue;
      const text = printedAt(matrix, row, column, mode);
      context.fillStyle = shade > 0 ? (inks[shade] ?? '') : palette.secondary;
      context.fillText(text, x + (cell - 1) / 2, y + (cell - 1) / 2 + 0.5, cell - 3);
    }
  }
  context.restore();
}

/** Cells too small for a gap are written as pixels at once: a million of them in a few milliseconds. */
function drawPixels(context: CanvasRenderingContext2D, picture: MatrixPicture, ratio: number): void {
  const { matrix, mode, layout, scroll, palette } = picture;
  const { cell, left, top, n } = layout;
  const width = Math.floor(layout.gridWidth * ratio);
  const height = Math.floor(layout.gridHeight * ratio);
  if (width < 1 || height < 1) return;
  const image = context.createImageData(width, height);
  const pixels = image.data;
  const columnOf = Int32Array.from({ length: width }, (_, x) => Math.floor((x / ratio + scroll.x) / cell));
  let drawnRow = -1;
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y / ratio + scroll.y) / cell);
    const start = y * width * 4;
    if (row >= n) break;
    if (row === drawnRow) {
      pixels.copyWithin(start, start - width * 4, start);
      continue;
    }
    drawnRow = row;
    for (let x = 0; x < width; x++) {
      const column = columnOf[x] ?? 0;
      if (column >= n) break;
      const shade = shadeAt(matrix, row, column, mode);
      if (shade === 0) continue;
      const [r, g, b] = shadeColour(shade, palette.isDark);
      const at = start + x * 4;
      pixels[at] = r;
      pixels[at + 1] = g;
      pixels[at + 2] = b;
      pixels[at + 3] = 255;
    }
  }
  context.putImageData(image, Math.round(left * ratio), Math.round(top * ratio));
  context.strokeStyle = palette.hairline;
  context.lineWidth = 1;
  context.strokeRect(left - 0.5, top - 0.5, layout.gridWidth + 1, layout.gridHeight + 1);
}

/** What the rows and the columns are. */
function drawAxes(context: CanvasRenderingContext2D, { layout, palette }: MatrixPicture): void {
  const { left, top } = layout;
  context.font = `10px ${palette.font}`;
  context.fillStyle = palette.secondary;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  context.fillText('predicted →', left - 7, 12, left - 8);
  context.fillText('given ↓', left - 7, top - 9, left - 8);
}

/** Recall of the row's class, and its precision, each on its interval. */
function drawStrip(context: CanvasRenderingContext2D, picture: MatrixPicture): void {
  const { figures, layout, scroll, palette } = picture;
  const { cell, left, top, gridWidth, gridHeight } = layout;
  const { rows } = cellsInSight(picture);
  const marked = markedRow(picture);
  const x = left + gridWidth + GAP;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.font = `10px ${palette.font}`;
  context.fillStyle = palette.secondary;
  context.fillText('recall %', x, top - 9);
  context.fillText('precision %', x + layout.stripColumn, top - 9);
  context.save();
  context.beginPath();
  context.rect(x, top, 2 * layout.stripColumn, gridHeight);
  context.clip();
  const isPrinted = cell >= 12;
  for (let row = rows.from; row < rows.to; row++) {
    const figure = figures[row];
    if (!figure) continue;
    const y = top + row * cell - scroll.y;
    for (const [side, value, interval] of [
      [0, figure.recall, figure.recallInterval],
      [1, figure.precision, figure.precisionInterval],
    ] as const) {
      const start = x + side * layout.stripColumn;
      const width = isPrinted ? layout.stripColumn - 48 : layout.stripColumn - 10;
      const barX = start + (isPrinted ? 38 : 0);
      const thick = Math.max(1, Math.min(8, cell - 4));
      const middle = y + (cell - 1) / 2;
      if (interval) {
        context.globalAlpha = 0.4;
        context.fillStyle = palette.accent;
        const from = barX + interval[0] * width;
        context.fillRect(from, middle - thick / 2, Math.max(1, (interval[1] - interval[0]) * width), thick);
        context.globalAlpha = 1;
      }
      if (value !== null) {
        context.fillStyle = palette.accent;
        context.fillRect(
          barX + value * width - 1,
          middle - thick / 2 - (cell >= 6 ? 1 : 0),
          2,
          thick + (cell >= 6 ? 2 : 0),
        );
      }
      if (!isPrinted) continue;
      context.font = `${row === marked ? '600 ' : ''}11px ${palette.font}`;
      context.fillStyle = value === null ? palette.secondary : palette.text;
      context.textAlign = 'right';
      context.fillText(value === null ? '–' : (value * 100).toFixed(1), start + 32, middle + 0.5);
    }
  }
  context.restore();
}

function drawMarks(context: CanvasRenderingContext2D, picture: MatrixPicture): void {
  const { layout, scroll, palette, cursor, chosen, isFocused } = picture;
  const { cell, left, top, gridWidth, gridHeight, n } = layout;
  const row = markedRow(picture);
  const column = markedColumn(picture);
  const frame = (place: Place, colour: string, width: number) => {
    if (place.column >= n) return;
    const x = left + place.column * cell - scroll.x;
    const y = top + place.row * cell - scroll.y;
    context.strokeStyle = colour;
    context.lineWidth = width;
    const edge = Math.max(cell - 1, 5);
    const out = width / 2;
    context.strokeRect(x - out, y - out, edge + width, edge + width);
  };
  context.save();
  clipToCells(context, {
    ...layout,
    left: left - 3,
    top: top - 3,
    gridWidth: gridWidth + 6,
    gridHeight: gridHeight + 6,
  });
  context.strokeStyle = palette.secondary;
  context.globalAlpha = 0.55;
  context.lineWidth = 1;
  if (cell >= 3) {
    if (row !== null) context.strokeRect(left - 0.5, top + row * cell - scroll.y - 0.5, gridWidth, cell);
    if (column !== null)
      context.strokeRect(left + column * cell - scroll.x - 0.5, top - 0.5, cell, gridHeight);
  }
  context.globalAlpha = 1;
  if (chosen) frame(chosen, palette.text, 2);
  if (cursor) frame(cursor, isFocused ? palette.accent : palette.secondary, isFocused ? 2 : 1);
  context.restore();
  if (cursor && cursor.column >= n && layout.strip > 0 && isFocused) {
    const x = left + gridWidth + GAP + (cursor.column - n) * layout.stripColumn;
    context.strokeStyle = palette.accent;
    context.lineWidth = 2;
    context.strokeRect(
      x - 3,
      top + cursor.row * cell - scroll.y,
      layout.stripColumn - 8,
      Math.max(cell - 1, 5),
    );
  }
}
