// The confusion matrix on the screen: what a cell, a label and a figure beside the cells say and lead to.
import { type KeyboardEvent, useCallback, useRef } from 'react';
import { percentWithInterval } from '../../lib/format.ts';
import type { ClassFigures } from '../metrics/index.ts';
import { drawMatrix } from './draw-matrix.ts';
import { MatrixSurface } from './MatrixSurface.tsx';
import type { MatrixFrame, Place } from './matrix-frame.ts';
import { type Hit, layoutOf, zoomStep } from './matrix-layout.ts';
import { cellInWords, countAt, type MatrixMode, type Matrix as MatrixNumbers } from './matrix-model.ts';

export interface MatrixProps {
  readonly matrix: MatrixNumbers;
  readonly figures: readonly ClassFigures[];
  readonly mode: MatrixMode;
  readonly zoom: number | 'fit';
  readonly onZoom: (zoom: number) => void;
  /** Told the edge of a cell whenever it changes. */
  readonly onCell: (cell: number) => void;
  readonly cursor: Place | null;
  readonly onMove: (place: Place) => void;
  readonly chosen: Place | null;
  /** Enter or a click on a cell. */
  readonly onChoose: (place: Place) => void;
  /** Double click on a cell. */
  readonly onOpen: (place: Place) => void;
  /** A click on a label or on a figure beside the cells. */
  readonly onDoor: (door: Exclude<Hit, { at: 'cell' }>) => void;
  readonly onHover: (words: string | null) => void;
  readonly onPlay: (place: Place) => void;
  /** Single keys act on the clip under the cursor, when clips of a cell are at hand. */
  readonly hasClips: boolean;
}

/** What the cell under the cursor says. */
export function placeInWords(
  matrix: MatrixNumbers,
  figures: readonly ClassFigures[],
  { row, column }: Place,
): string {
  const n = matrix.labels.length;
  const figure = figures[row];
  if (column < n || !figure) return cellInWords(matrix, row, column);
  return column === n
    ? `recall of ${figure.label}: ${percentWithInterval(figure.recall, figure.recallInterval)}, n=${figure.support}`
    : `precision of ${figure.label}: ${percentWithInterval(figure.precision, figure.precisionInterval)}, n=${figure.predicted}`;
}

/** The next cell with clips in a direction, else the last one; as Ctrl+arrow does in a sheet. */
function nextFilled(matrix: MatrixNumbers, from: Place, down: number, right: number): Place {
  const n = matrix.labels.length;
  let { row, column } = from;
  for (;;) {
    const next = { row: row + down, column: column + right };
    if (next.row < 0 || next.column < 0 || next.row >= n || next.column >= n) return { row, column };
    ({ row, column } = next);
    if (countAt(matrix, row, column) > 0) return next;
  }
}

export function Matrix(props: MatrixProps) {
  const { matrix, figures, mode, zoom, cursor, chosen } = props;
  const n = matrix.labels.length;
  const cell = useRef(0);
  const layoutIn = useCallback(
    (view: { readonly width: number; readonly height: number }, room: number) =>
      layoutOf({
        n,
        zoom,
        viewWidth: view.width,
        viewHeight: view.height,
        left: Math.min(150, Math.max(68, room + 16)),
        top: Math.min(130, Math.max(44, room + 16)),
      }),
    [n, zoom],
  );
  const draw = useCallback(
    (context: CanvasRenderingContext2D, frame: MatrixFrame, ratio: number) =>
      drawMatrix(context, { matrix, figures, mode, chosen, ...frame }, ratio),
    [matrix, figures, mode, chosen],
  );
  const { onZoom } = props;
  const zoomBy = useCallback((direction: 1 | -1) => onZoom(zoomStep(cell.current, direction)), [onZoom]);

  const hitInWords = (hit: Hit): string => {
    switch (hit.at) {
      case 'cell':
        return cellInWords(matrix, hit.row, hit.column);
      case 'row':
        return `${matrix.labels[hit.row]}: ${matrix.rowTotals[hit.row]} clips have this label`;
      case 'column':
        return `${matrix.labels[hit.column]}: ${matrix.columnTotals[hit.column]} clips were heard as this`;
      case 'recall':
        return placeInWords(matrix, figures, { row: hit.row, column: n });
      case 'precision':
        return placeInWords(matrix, figures, { row: hit.row, column: n + 1 });
    }
  };
  const onHit = (hit: Hit, clicks: number) => {
    if (hit.at !== 'cell') props.onDoor(hit);
    else if (clicks === 2) props.onOpen({ row: hit.row, column: hit.column });
    else if (clicks === 1) {
      props.onMove({ row: hit.row, column: hit.column });
      props.onChoose({ row: hit.row, column: hit.column });
    }
  };
  const onKey = (event: KeyboardEvent): boolean => {
    const isPlain = !event.ctrlKey && !event.metaKey;
    if (event.key === 'Enter' && cursor && isPlain) {
      if (cursor.column < n) props.onChoose(cursor);
      else props.onDoor({ at: cursor.column === n ? 'recall' : 'precision', row: cursor.row });
    } else if (event.key.toLowerCase() === 'p' && cursor && isPlain) props.onPlay(cursor);
    else if (event.key === '+' || event.key === '=') zoomBy(1);
    else if (event.key === '-') zoomBy(-1);
    else return false;
    return true;
  };

  return (
    <MatrixSurface
      label={`Confusion matrix of ${n} labels: rows are the given label, columns the predicted one`}
      labels={matrix.labels}
      // Recall and precision stand beside the cells.
      columns={n + 2}
      layoutIn={layoutIn}
      onLayout={(layout) => {
        cell.current = layout.cell;
        props.onCell(layout.cell);
      }}
      draw={draw}
      inWords={(place) => placeInWords(matrix, figures, place)}
      cursor={cursor}
      isCursorSelected={chosen !== null && chosen.row === cursor?.row && chosen.column === cursor?.column}
      onMove={props.onMove}
      jump={(from, down, right) => nextFilled(matrix, from, down, right)}
      onHover={(hit) => props.onHover(hit ? hitInWords(hit) : null)}
      onHit={onHit}
      onKey={onKey}
      onZoom={zoomBy}
      hasClips={props.hasClips}
    />
  );
}
