// The distances of classes on the screen: a canvas, and the ARIA grid that speaks for it. One tab stop; arrow keys move
// the cell cursor; Enter, a click or a label is a door to the clips.
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
import {
  type Hit,
  hitAt,
  labelRoom,
  layoutOf,
  type Place,
  type Scroll,
  scrollTo,
  usePalette,
} from '../../confusions/index.ts';
import { cellInWords, type Distances } from './distances.ts';
import { drawDistances } from './draw-distances.ts';

/** Below this edge the matrix scrolls instead of shrinking. */
const SMALLEST_CELL = 4;

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
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const palette = usePalette(scroller);
  const [view, setView] = useState({ width: 0, height: 0 });
  const [scroll, setScroll] = useState<Scroll>({ x: 0, y: 0 });
  const [hover, setHover] = useState<Hit | null>(null);
  const [isFocused, setIsFocused] = useState(false);
  const [wanted, setCursor] = useState<Place | null>(null);
  const cursor = wanted && wanted.row < n && wanted.column < n ? wanted : null;

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
  const room = useMemo(() => labelRoom(labels, font), [labels, font]);
  const layout = useMemo(() => {
    const left = Math.min(130, Math.max(32, room + 14));
    const input = { n, viewWidth: view.width, viewHeight: view.height, left, top: left, hasStrip: false };
    const fit = layoutOf({ ...input, zoom: 'fit' });
    return fit.cell >= SMALLEST_CELL ? fit : layoutOf({ ...input, zoom: SMALLEST_CELL });
  }, [n, view, room]);

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || !palette) return;
    const ratio = globalThis.devicePixelRatio || 1;
    element.width = Math.max(1, Math.round(layout.viewWidth * ratio));
    element.height = Math.max(1, Math.round(layout.viewHeight * ratio));
    drawDistances(context, { distances, layout, scroll, palette, hover, cursor, isFocused }, ratio);
  }, [distances, layout, scroll, palette, hover, cursor, isFocused]);

  useEffect(() => {
    const element = scroller.current;
    if (!element || !cursor) return;
    element.scrollTop = scrollTo(cursor.row, element.scrollTop, layout.gridHeight, layout.cell);
    element.scrollLeft = scrollTo(cursor.column, element.scrollLeft, layout.gridWidth, layout.cell);
  }, [cursor, layout]);

  const words = (place: Place) => cellInWords(distances, intraOf, place.row, place.column);
  /** The cell that a place stands for; a label stands for its cell on the diagonal. */
  const placeOf = (hit: Hit | null): Place | null => {
    if (!hit) return null;
    if (hit.at === 'cell') return { row: hit.row, column: hit.column };
    const at = 'row' in hit ? hit.row : hit.column;
    return { row: at, column: at };
  };
  const hitOf = (event: MouseEvent): Hit | null => {
    const box = canvas.current?.getBoundingClientRect();
    return box ? hitAt(layout, scroll, event.clientX - box.left, event.clientY - box.top) : null;
  };
  const onMouseMove = (event: MouseEvent) => {
    const hit = hitOf(event);
    if (JSON.stringify(hit) === JSON.stringify(hover)) return;
    setHover(hit);
    const place = placeOf(hit);
    props.onWords(place ? words(place) : null);
  };
  const open = ({ row, column }: Place) => props.onOpen(labels[row] ?? '', labels[column] ?? '');
  const onClick = (event: MouseEvent) => {
    const place = placeOf(hitOf(event));
    scroller.current?.focus({ preventScroll: true });
    if (!place) return;
    setCursor(place);
    open(place);
  };
  const moved = (event: KeyboardEvent): Place | null => {
    const { row, column } = cursor ?? { row: 0, column: 0 };
    const isMod = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor(layout.gridHeight / layout.cell) - 1);
    const to = (toRow: number, toColumn: number): Place => ({
      row: Math.max(0, Math.min(n - 1, toRow)),
      column: Math.max(0, Math.min(n - 1, toColumn)),
    });
    switch (event.key) {
      case 'ArrowDown':
        return to(row + 1, column);
      case 'ArrowUp':
        return to(row - 1, column);
      case 'ArrowRight':
        return to(row, column + 1);
      case 'ArrowLeft':
        return to(row, column - 1);
      case 'PageDown':
        return to(row + page, column);
      case 'PageUp':
        return to(row - page, column);
      case 'Home':
        return isMod ? to(0, 0) : to(row, 0);
      case 'End':
        return isMod ? to(n, n) : to(row, n);
      default:
        return null;
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.target !== scroller.current || n === 0) return;
    const place = moved(event);
    if (place) {
      setHover(null);
      setCursor(place);
      props.onWords(words(place));
    } else if (event.key === 'Enter' && cursor) open(cursor);
    else return;
    event.preventDefault();
  };
  const spoken = cursor ?? { row: 0, column: 0 };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a canvas has no table elements
    <div
      ref={scroller}
      role="grid"
      aria-label={`Distances between ${n} labels`}
      aria-rowcount={n}
      aria-colcount={n}
      aria-activedescendant={cursor ? `${id}-${cursor.row}-${cursor.column}` : undefined}
      tabIndex={0}
      className="matrix"
      style={hover ? { cursor: 'pointer' } : {}}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onMouseMove={onMouseMove}
      onMouseLeave={() => {
        setHover(null);
        props.onWords(null);
      }}
      onScroll={({ currentTarget }) => setScroll({ x: currentTarget.scrollLeft, y: currentTarget.scrollTop })}
      onFocus={() => {
        setIsFocused(true);
        if (!cursor && n > 0) setCursor({ row: 0, column: 0 });
      }}
      onBlur={() => setIsFocused(false)}
    >
      <canvas
        ref={canvas}
        className="matrix-canvas"
        style={{ inlineSize: layout.viewWidth, blockSize: layout.viewHeight }}
      />
      <div
        aria-hidden="true"
        style={{
          inlineSize: layout.contentWidth,
          blockSize: Math.max(0, layout.contentHeight - layout.viewHeight),
        }}
      />
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus (aria-activedescendant) */}
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="row" aria-rowindex={spoken.row + 1} className="visually-hidden">
        {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div
          role="gridcell"
          id={`${id}-${spoken.row}-${spoken.column}`}
          key={`${spoken.row}-${spoken.column}`}
          aria-colindex={spoken.column + 1}
        >
          {n > 0 ? words(spoken) : ''}
        </div>
      </div>
    </div>
  );
}
