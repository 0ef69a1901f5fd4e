// Draws the distances of classes on a canvas: cells in sight and labels. Knows no React and no calls.
import {
  cellsInSight,
  clearMatrix,
  colourOf,
  css,
  drawLabels,
  inkOn,
  type MatrixFrame,
} from '../../confusions/index.ts';
import { closenessAt, type Distances, distanceAt, distanceText } from './distances.ts';

export interface DistancePicture extends MatrixFrame {
  readonly distances: Distances;
}

/** The faintest cell still stands out from the ground. */
const FAINTEST = 0.1;
const SMALLEST_PRINTED = 26;

export function closenessColour(closeness: number, isDark: boolean): string {
  return css(colourOf(FAINTEST + (1 - FAINTEST) * closeness, isDark));
}

export function drawDistances(
  context: CanvasRenderingContext2D,
  picture: DistancePicture,
  ratio: number,
): void {
  clearMatrix(context, picture, ratio);
  if (picture.layout.n === 0) return;
  drawCells(context, picture);
  drawLabels(context, picture, picture.distances.labels);
}

function drawCells(context: CanvasRenderingContext2D, picture: DistancePicture): void {
  const { distances, layout, scroll, palette, cursor, isFocused } = picture;
  const { cell, left, top, gridWidth, gridHeight } = layout;
  const { rows, columns } = cellsInSight(picture);
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
