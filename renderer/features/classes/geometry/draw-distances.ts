// Draws the distances of classes on a canvas: cells in sight and labels. Knows no React and no calls.
import {
  colourOf,
  css,
  fitted,
  type Hit,
  inkOn,
  type MatrixLayout,
  type Palette,
  type Place,
  type Scroll,
  visibleRange,
} from '../../confusions/index.ts';
import { closenessAt, type Distances, distanceAt, distanceText } from './distances.ts';

export interface DistancePicture {
  readonly distances: Distances;
  readonly layout: MatrixLayout;
  readonly scroll: Scroll;
  readonly palette: Palette;
  readonly hover: Hit | null;
  readonly cursor: Place | null;
  readonly isFocused: boolean;
}

/** The faintest cell still stands out from the ground. */
const FAINTEST = 0.1;
const SMALLEST_PRINTED = 26;
const SMALLEST_WITH_LABEL = 10;

export function closenessColour(closeness: number, isDark: boolean): string {
  return css(colourOf(FAINTEST + (1 - FAINTEST) * closeness, isDark));
}

export function drawDistances(
  context: CanvasRenderingContext2D,
  picture: DistancePicture,
  ratio: number,
): void {
  const { layout, palette } = picture;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, layout.viewWidth, layout.viewHeight);
  if (layout.n === 0) return;
  drawCells(context, picture);
  drawLabels(context, picture);
}

function ranges({ layout, scroll }: DistancePicture) {
  const { cell, n, gridWidth, gridHeight } = layout;
  return {
    rows: visibleRange(scroll.y, gridHeight, cell, n),
    columns: visibleRange(scroll.x, gridWidth, cell, n),
  };
}

function drawCells(context: CanvasRenderingContext2D, picture: DistancePicture): void {
  const { distances, layout, scroll, palette, cursor, isFocused } = picture;
  const { cell, left, top, gridWidth, gridHeight } = layout;
  const { rows, columns } = ranges(picture);
  const gap = cell >= 6 ? 1 : 0;
  const isPrinted = cell >= SMALLEST_PRINTED;
  context.save();
  context.beginPath();
  context.rect(left - 2, top - 2, gridWidth + 4, gridHeight + 4);
  context.clip();
  context.font = `${Math.min(11, Math.floor(cell * 0.38))}px ${palette.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (let row = rows.from; row < rows.to; row++) {
    const y = top + row * cell - scroll.y;
    for (let column = columns.from; column < columns.to; column++) {
      const x = left + column * cell - scroll.x;
      const closeness = closenessAt(distances, row, column);
      if (closeness === null) {
        context.strokeStyle = palette.hairline;
        context.lineWidth = 1;
        if (gap > 0) context.strokeRect(x + 0.5, y + 0.5, cell - 2, cell - 2);
        continue;
      }
      const shade = colourOf(FAINTEST + (1 - FAINTEST) * closeness, palette.isDark);
      context.fillStyle = css(shade);
      context.fillRect(x, y, cell - gap, cell - gap);
      if (!isPrinted) continue;
      context.fillStyle = css(inkOn(shade));
      const text = distanceText(distanceAt(distances, row, column));
      context.fillText(text, x + (cell - 1) / 2, y + (cell - 1) / 2 + 0.5, cell - 3);
    }
  }
  if (cursor) {
    const width = isFocused ? 2 : 1;
    context.strokeStyle = isFocused ? palette.accent : palette.secondary;
    context.lineWidth = width;
    context.strokeRect(
      left + cursor.column * cell - scroll.x - width / 2,
      top + cursor.row * cell - scroll.y - width / 2,
      Math.max(cell - 1, 5) + width,
      Math.max(cell - 1, 5) + width,
    );
  }
  context.restore();
}

function drawLabels(context: CanvasRenderingContext2D, picture: DistancePicture): void {
  const { distances, layout, scroll, palette, hover, cursor } = picture;
  const { cell, left, top, gridWidth, gridHeight } = layout;
  const { rows, columns } = ranges(picture);
  const step = Math.max(1, Math.ceil(SMALLEST_WITH_LABEL / cell));
  const size = cell < 13 ? 10 : 12;
  const markedRow = hover ? ('row' in hover ? hover.row : null) : (cursor?.row ?? null);
  const markedColumn = hover ? ('column' in hover ? hover.column : null) : (cursor?.column ?? null);
  const isShown = (at: number, marked: number | null) =>
    at === marked || (at % step === 0 && (marked === null || Math.abs(at - marked) >= step));
  const style = (isMarked: boolean) => {
    context.font = `${isMarked ? '600 ' : ''}${size}px ${palette.font}`;
    context.fillStyle = isMarked ? palette.text : palette.secondary;
  };
  context.textBaseline = 'middle';
  context.save();
  context.beginPath();
  context.rect(0, top, left, gridHeight);
  context.clip();
  context.textAlign = 'right';
  for (let at = rows.from; at < rows.to; at++) {
    if (!isShown(at, markedRow)) continue;
    style(at === markedRow);
    const y = top + (at + 0.5) * cell - scroll.y;
    context.fillText(fitted(context, distances.labels[at] ?? '', left - 12), left - 7, y);
  }
  context.restore();
  context.save();
  context.beginPath();
  context.rect(left, 0, gridWidth, top);
  context.clip();
  context.textAlign = 'left';
  for (let at = columns.from; at < columns.to; at++) {
    if (!isShown(at, markedColumn)) continue;
    style(at === markedColumn);
    context.save();
    context.translate(left + (at + 0.5) * cell - scroll.x, top - 6);
    context.rotate(-Math.PI / 2);
    context.fillText(fitted(context, distances.labels[at] ?? '', top - 12), 0, 0);
    context.restore();
  }
  context.restore();
}
