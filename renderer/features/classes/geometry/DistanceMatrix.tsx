// The distances of classes on the screen. Enter, a click or a label is a door to the clips.
import { useCallback, useState } from 'react';
import { type Hit, layoutOf, type MatrixFrame, MatrixSurface, type Place } from '../../confusions/index.ts';
import { cellInWords, type Distances } from './distances.ts';
import { drawDistances } from './draw-distances.ts';

/** Below this edge the matrix scrolls instead of shrinking. */
const SMALLEST_CELL = 4;

/** The cell that is pointed at; a label stands for its cell on the diagonal. */
function placeOf(hit: Hit): Place {
  if (hit.at === 'cell') return { row: hit.row, column: hit.column };
  const at = 'row' in hit ? hit.row : hit.column;
  return { row: at, column: at };
}

export function DistanceMatrix(props: {
  readonly distances: Distances;
  readonly intraOf: (label: string) => number | null;
  /** Two labels: a cell; one label twice: a label or the diagonal. */
  readonly onOpen: (a: string, b: string) => void;
  readonly onWords: (words: string | null) => void;
}) {
  const { distances, intraOf } = props;
  const { labels } = distances;
  const n = labels.length;
  const [wanted, setCursor] = useState<Place | null>(null);
  const cursor = wanted && wanted.row < n && wanted.column < n ? wanted : null;
  const layoutIn = useCallback(
    (view: { readonly width: number; readonly height: number }, room: number) => {
      const left = Math.min(130, Math.max(32, room + 14));
      const input = { n, viewWidth: view.width, viewHeight: view.height, left, top: left, hasStrip: false };
      const fit = layoutOf({ ...input, zoom: 'fit' });
      return fit.cell >= SMALLEST_CELL ? fit : layoutOf({ ...input, zoom: SMALLEST_CELL });
    },
    [n],
  );
  const draw = useCallback(
    (context: CanvasRenderingContext2D, frame: MatrixFrame, ratio: number) =>
      drawDistances(context, { distances, ...frame }, ratio),
    [distances],
  );
  const inWords = (place: Place) => cellInWords(distances, intraOf, place.row, place.column);
  const open = ({ row, column }: Place) => props.onOpen(labels[row] ?? '', labels[column] ?? '');
  return (
    <MatrixSurface
      label={`Distances between ${n} labels`}
      labels={labels}
      columns={n}
      layoutIn={layoutIn}
      draw={draw}
      inWords={inWords}
      cursor={cursor}
      onMove={(place) => {
        setCursor(place);
        props.onWords(inWords(place));
      }}
      onHover={(hit) => props.onWords(hit ? inWords(placeOf(hit)) : null)}
      onHit={(hit) => {
        setCursor(placeOf(hit));
        open(placeOf(hit));
      }}
      onKey={(event) => {
        if (event.key !== 'Enter' || !cursor) return false;
        open(cursor);
        return true;
      }}
    />
  );
}
