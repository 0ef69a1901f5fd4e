// What every matrix of classes has on the screen: a canvas that shows the part in sight, and the ARIA grid that speaks
// for it. One tab stop; arrow keys move the cell cursor; the cell under it stands in the document in words, for screen
// readers. What is drawn, and what a cell leads to, is the caller's.
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
import type { MatrixFrame, Place } from './matrix-frame.ts';
import { type Hit, hitAt, type MatrixLayout, type Scroll, scrollTo } from './matrix-layout.ts';
import { usePalette } from './use-palette.ts';

interface MatrixSurfaceProps {
  readonly label: string;
  readonly labels: readonly string[];
  /** Columns of the grid: labels, and figures beside them. */
  readonly columns: number;
  /** `room`: width of the longest label, px. Changes only when the layout is to change. */
  readonly layoutIn: (
    view: { readonly width: number; readonly height: number },
    room: number,
  ) => MatrixLayout;
  readonly onLayout?: (layout: MatrixLayout) => void;
  /** Changes only when there is something else to draw. */
  readonly draw: (context: CanvasRenderingContext2D, frame: MatrixFrame, ratio: number) => void;
  readonly inWords: (place: Place) => string;
  readonly cursor: Place | null;
  readonly isCursorSelected?: boolean;
  readonly onMove: (place: Place) => void;
  /** Where Ctrl with an arrow key leads; without it as far as the arrow alone. */
  readonly jump?: (from: Place, down: number, right: number) => Place;
  /** Null when the pointer leaves, and when the keys take over. */
  readonly onHover: (hit: Hit | null) => void;
  readonly onHit: (hit: Hit, clicks: number) => void;
  /** Other keys than those that move. @returns whether the key meant something. */
  readonly onKey: (event: KeyboardEvent) => boolean;
  /** Ctrl with the wheel. */
  readonly onZoom?: (direction: 1 | -1) => void;
  /** Single keys act on the clip under the cursor. */
  readonly hasClips?: boolean;
}

const textMeasure = document.createElement('canvas').getContext('2d');

/** Width of the longest label, px. */
function labelRoom(labels: readonly string[], font: string): number {
  if (!textMeasure) return 80;
  textMeasure.font = `600 12px ${font}`;
  let widest = 0;
  for (const label of labels) widest = Math.max(widest, textMeasure.measureText(label).width);
  return Math.ceil(widest);
}

const arrows: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

/** The place that a key leads to; null for other keys. */
function moved(event: KeyboardEvent, props: MatrixSurfaceProps, layout: MatrixLayout): Place | null {
  const { cursor, columns, jump } = props;
  const n = props.labels.length;
  const from = cursor ?? { row: 0, column: 0 };
  const isMod = event.ctrlKey || event.metaKey;
  const page = Math.max(1, Math.floor(layout.gridHeight / layout.cell) - 1);
  const to = (row: number, column: number): Place => ({
    row: Math.max(0, Math.min(n - 1, row)),
    column: Math.max(0, Math.min(columns - 1, column)),
  });
  const arrow = arrows[event.key];
  if (arrow) {
    const [down, right] = arrow;
    if (!cursor) return from;
    return isMod && jump ? jump(from, down, right) : to(from.row + down, from.column + right);
  }
  switch (event.key) {
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
}

export function MatrixSurface(props: MatrixSurfaceProps) {
  const { labels, columns, layoutIn, draw, cursor, onZoom } = props;
  const n = labels.length;
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
  const room = useMemo(() => labelRoom(labels, font), [labels, font]);
  const layout = useMemo(() => layoutIn(view, room), [layoutIn, view, room]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: told when the size changes, not when the listener does
  useEffect(() => props.onLayout?.(layout), [layout.cell]);

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || !palette) return;
    const ratio = globalThis.devicePixelRatio || 1;
    element.width = Math.max(1, Math.round(layout.viewWidth * ratio));
    element.height = Math.max(1, Math.round(layout.viewHeight * ratio));
    draw(context, { layout, scroll, palette, hover, cursor, isFocused }, ratio);
  }, [draw, layout, scroll, palette, hover, cursor, isFocused]);

  // The cell under the cursor is kept in sight whoever moved it.
  useEffect(() => {
    const element = scroller.current;
    if (!element || !cursor) return;
    element.scrollTop = scrollTo(cursor.row, element.scrollTop, layout.gridHeight, layout.cell);
    if (cursor.column < layout.n)
      element.scrollLeft = scrollTo(cursor.column, element.scrollLeft, layout.gridWidth, layout.cell);
  }, [cursor, layout]);

  useEffect(() => {
    const element = scroller.current;
    if (!element || !onZoom) return;
    // React's own wheel listener is passive and cannot keep the page from zooming.
    const listen = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      onZoom(event.deltaY < 0 ? 1 : -1);
    };
    element.addEventListener('wheel', listen, { passive: false });
    return () => element.removeEventListener('wheel', listen);
  }, [onZoom]);

  const pointAt = (hit: Hit | null) => {
    setHover(hit);
    props.onHover(hit);
  };
  const hitOf = (event: MouseEvent): Hit | null => {
    const box = canvas.current?.getBoundingClientRect();
    return box ? hitAt(layout, scroll, event.clientX - box.left, event.clientY - box.top) : null;
  };
  const onMouseMove = (event: MouseEvent) => {
    const hit = hitOf(event);
    if (JSON.stringify(hit) !== JSON.stringify(hover)) pointAt(hit);
  };
  const onClick = (event: MouseEvent) => {
    const hit = hitOf(event);
    scroller.current?.focus({ preventScroll: true });
    if (hit) props.onHit(hit, event.detail);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.target !== scroller.current || n === 0) return;
    const place = moved(event, props, layout);
    if (place) {
      // The keys take over from a pointer that rests on the matrix.
      pointAt(null);
      props.onMove(place);
    } else if (!props.onKey(event)) return;
    event.preventDefault();
  };

  const spoken = cursor ?? { row: 0, column: 0 };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a canvas has no table elements
    <div
      ref={scroller}
      {...(props.hasClips ? listScope : {})}
      role="grid"
      aria-label={props.label}
      aria-rowcount={n}
      aria-colcount={columns}
      aria-activedescendant={cursor ? `${id}-${cursor.row}-${cursor.column}` : undefined}
      tabIndex={0}
      className="matrix"
      style={hover ? { cursor: 'pointer' } : {}}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onMouseMove={onMouseMove}
      onMouseLeave={() => pointAt(null)}
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
      <div role="row" aria-rowindex={spoken.row + 1} className="visually-hidden">
        {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div
          role="gridcell"
          id={`${id}-${spoken.row}-${spoken.column}`}
          key={`${spoken.row}-${spoken.column}`}
          aria-colindex={spoken.column + 1}
          aria-selected={props.isCursorSelected}
        >
          {n > 0 ? props.inWords(spoken) : ''}
        </div>
      </div>
    </div>
  );
}
