// The matrix on the screen: a canvas that shows the part in sight, and the ARIA grid that speaks for it. One tab stop;
// arrow keys move the cell cursor; the cell under it stands in the document in words, for screen readers.
import {
  type KeyboardEvent,
  type MouseEvent,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { listScope } from '../../lib/commands.ts';
import { percentWithInterval } from '../../lib/format.ts';
import type { ClassFigures } from '../metrics/index.ts';
import { drawMatrix, type Place } from './draw-matrix.ts';
import {
  type Hit,
  hitAt,
  layoutOf,
  type MatrixLayout,
  type Scroll,
  scrollTo,
  zoomStep,
} from './matrix-layout.ts';
import { cellInWords, countAt, type MatrixMode, type Matrix as MatrixNumbers } from './matrix-model.ts';
import { usePalette } from './use-palette.ts';

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

const textMeasure = document.createElement('canvas').getContext('2d');

/** Room for the longest label, within bounds. */
export function labelRoom(labels: readonly string[], font: string): number {
  if (!textMeasure) return 80;
  textMeasure.font = `600 12px ${font}`;
  let widest = 0;
  for (const label of labels) widest = Math.max(widest, textMeasure.measureText(label).width);
  return Math.ceil(widest);
}

export function Matrix(props: MatrixProps) {
  const { matrix, figures, mode, zoom, cursor, chosen } = props;
  const n = matrix.labels.length;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const palette = usePalette(scroller);
  const [view, setView] = useState({ width: 0, height: 0 });
  const [scroll, setScroll] = useState<Scroll>({ x: 0, y: 0 });
  const [hover, setHover] = useState<Hit | null>(null);
  const [isFocused, setIsFocused] = useState(false);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => setView({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const font = palette?.font ?? 'sans-serif';
  const room = useMemo(() => labelRoom(matrix.labels, font), [matrix.labels, font]);
  const layout: MatrixLayout = useMemo(
    () =>
      layoutOf({
        n,
        zoom,
        viewWidth: view.width,
        viewHeight: view.height,
        left: Math.min(150, Math.max(68, room + 16)),
        top: Math.min(130, Math.max(44, room + 16)),
      }),
    [n, zoom, view, room],
  );

  const { onCell } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told when the size changes, not when the listener does
  useEffect(() => onCell(layout.cell), [layout.cell]);

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || !palette) return;
    const ratio = globalThis.devicePixelRatio || 1;
    element.width = Math.max(1, Math.round(layout.viewWidth * ratio));
    element.height = Math.max(1, Math.round(layout.viewHeight * ratio));
    drawMatrix(
      context,
      { matrix, figures, mode, layout, scroll, palette, hover, cursor, isFocused, chosen },
      ratio,
    );
  }, [matrix, figures, mode, layout, scroll, palette, hover, cursor, isFocused, chosen]);

  // The cell under the cursor is kept in sight whoever moved it.
  useEffect(() => {
    const element = scroller.current;
    if (!element || !cursor) return;
    element.scrollTop = scrollTo(cursor.row, element.scrollTop, layout.gridHeight, layout.cell);
    if (cursor.column < layout.n)
      element.scrollLeft = scrollTo(cursor.column, element.scrollLeft, layout.gridWidth, layout.cell);
  }, [cursor, layout]);

  const zoomBy = (direction: 1 | -1) => props.onZoom(zoomStep(layout.cell, direction));
  const onWheel = useRef<(event: WheelEvent) => void>(() => {});
  onWheel.current = (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoomBy(event.deltaY < 0 ? 1 : -1);
  };
  useEffect(() => {
    const element = scroller.current;
    // React's own wheel listener is passive and cannot keep the page from zooming.
    const listen = (event: WheelEvent) => onWheel.current(event);
    element?.addEventListener('wheel', listen, { passive: false });
    return () => element?.removeEventListener('wheel', listen);
  }, []);

  const hitOf = (event: MouseEvent): Hit | null => {
    const box = canvas.current?.getBoundingClientRect();
    return box ? hitAt(layout, scroll, event.clientX - box.left, event.clientY - box.top) : null;
  };
  const onMouseMove = (event: MouseEvent) => {
    const hit = hitOf(event);
    if (JSON.stringify(hit) === JSON.stringify(hover)) return;
    setHover(hit);
    props.onHover(hit ? hitInWords(hit) : null);
  };
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

  const onClick = (event: MouseEvent) => {
    const hit = hitOf(event);
    scroller.current?.focus({ preventScroll: true });
    if (!hit) return;
    if (hit.at !== 'cell') props.onDoor(hit);
    else if (event.detail === 2) props.onOpen({ row: hit.row, column: hit.column });
    else if (event.detail === 1) {
      props.onMove({ row: hit.row, column: hit.column });
      props.onChoose({ row: hit.row, column: hit.column });
    }
  };

  const moved = (event: KeyboardEvent): Place | null => {
    const from = cursor ?? { row: 0, column: 0 };
    if (!cursor && event.key.startsWith('Arrow')) return from;
    const isMod = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor(layout.gridHeight / layout.cell) - 1);
    const lastColumn = layout.strip > 0 ? n + 1 : n - 1;
    const to = (row: number, column: number): Place => ({
      row: Math.max(0, Math.min(n - 1, row)),
      column: Math.max(0, Math.min(lastColumn, column)),
    });
    switch (event.key) {
      case 'ArrowDown':
        return isMod ? nextFilled(matrix, from, 1, 0) : to(from.row + 1, from.column);
      case 'ArrowUp':
        return isMod ? nextFilled(matrix, from, -1, 0) : to(from.row - 1, from.column);
      case 'ArrowRight':
        return isMod ? nextFilled(matrix, from, 0, 1) : to(from.row, from.column + 1);
      case 'ArrowLeft':
        return isMod ? nextFilled(matrix, from, 0, -1) : to(from.row, from.column - 1);
      case 'PageDown':
        return to(from.row + page, from.column);
      case 'PageUp':
        return to(from.row - page, from.column);
      case 'Home':
        return isMod ? to(0, 0) : to(from.row, 0);
      case 'End':
        return isMod ? to(n - 1, n - 1) : to(from.row, n - 1);
      default:
        return null;
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.target !== scroller.current || n === 0) return;
    const place = moved(event);
    if (place) {
      // The keys take over from a pointer that rests on the matrix.
      setHover(null);
      props.onHover(null);
      props.onMove(place);
    } else if (event.key === 'Enter' && cursor && !event.ctrlKey && !event.metaKey) {
      if (cursor.column < n) props.onChoose(cursor);
      else props.onDoor({ at: cursor.column === n ? 'recall' : 'precision', row: cursor.row });
    } else if (event.key.toLowerCase() === 'p' && cursor && !event.ctrlKey && !event.metaKey)
      props.onPlay(cursor);
    else if (event.key === '+' || event.key === '=') zoomBy(1);
    else if (event.key === '-') zoomBy(-1);
    else return;
    event.preventDefault();
  };

  const isHand = hover !== null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a canvas has no table elements
    <div
      ref={scroller}
      {...(props.hasClips ? listScope : {})}
      role="grid"
      aria-label={`Confusion matrix of ${n} labels: rows are the given label, columns the predicted one`}
      aria-rowcount={n}
      aria-colcount={layout.strip > 0 ? n + 2 : n}
      aria-activedescendant={cursor ? `${id}-${cursor.row}-${cursor.column}` : undefined}
      tabIndex={0}
      className="matrix"
      style={isHand ? { cursor: 'pointer' } : {}}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onMouseMove={onMouseMove}
      onMouseLeave={() => {
        setHover(null);
        props.onHover(null);
      }}
      onScroll={({ currentTarget }) => setScroll({ x: currentTarget.scrollLeft, y: currentTarget.scrollTop })}
      onFocus={() => {
        setIsFocused(true);
        if (!cursor && n > 0) props.onMove({ row: 0, column: 0 });
      }}
      onBlur={() => setIsFocused(false)}
    >
      <canvas
        ref={canvas}
        className="matrix-canvas"
        style={{ inlineSize: layout.viewWidth, blockSize: layout.viewHeight }}
      />
      <div
        className="matrix-size"
        aria-hidden="true"
        style={{
          inlineSize: layout.contentWidth,
          blockSize: Math.max(0, layout.contentHeight - layout.viewHeight),
        }}
      />
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus (aria-activedescendant) */}
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="row" aria-rowindex={(cursor?.row ?? 0) + 1} className="visually-hidden">
        {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div
          role="gridcell"
          id={`${id}-${cursor?.row ?? 0}-${cursor?.column ?? 0}`}
          key={`${cursor?.row}-${cursor?.column}`}
          aria-colindex={(cursor?.column ?? 0) + 1}
          aria-selected={chosen !== null && chosen.row === cursor?.row && chosen.column === cursor?.column}
        >
          {n > 0 ? placeInWords(matrix, figures, cursor ?? { row: 0, column: 0 }) : ''}
        </div>
      </div>
    </div>
  );
}
