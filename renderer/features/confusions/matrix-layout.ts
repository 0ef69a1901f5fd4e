// Where everything of the matrix stands, in CSS pixels: frozen labels left and above, cells between them that scroll,
// recall and precision at the right. Pure, so that drawing, pointing and scrolling agree.

export const GAP = 14;
const NARROWEST_STRIP = 92;
const WIDEST_STRIP = 168;
export const LARGEST_CELL = 56;
const steps = [1, 2, 3, 4, 6, 8, 11, 14, 18, 22, 28, 36, 44, LARGEST_CELL] as const;

export interface MatrixLayout {
  readonly n: number;
  /** Edge of a cell. */
  readonly cell: number;
  /** Width of the labels at the left, height of those above. */
  readonly left: number;
  readonly top: number;
  /** Width of recall and precision with the gap before them; 0 when there is no room. */
  readonly strip: number;
  readonly viewWidth: number;
  readonly viewHeight: number;
  /** Width of recall, and of precision. */
  readonly stripColumn: number;
  /** The window through which cells are seen. */
  readonly gridWidth: number;
  readonly gridHeight: number;
  /** What scrolls: the size of the whole picture. */
  readonly contentWidth: number;
  readonly contentHeight: number;
}

export interface LayoutInput {
  readonly n: number;
  readonly viewWidth: number;
  readonly viewHeight: number;
  readonly left: number;
  readonly top: number;
  /** Edge of a cell; `fit` = as large as the whole matrix can be seen with, at most 56. */
  readonly zoom: number | 'fit';
  /** False: nothing stands beside the cells. */
  readonly hasStrip?: boolean;
}

export function layoutOf(input: LayoutInput): MatrixLayout {
  const { n, viewWidth, viewHeight, left, top, zoom } = input;
  const narrowest = GAP + 2 * NARROWEST_STRIP;
  const hasStrip = input.hasStrip !== false && viewWidth - left - narrowest >= 180;
  const room = Math.min(viewWidth - left - (hasStrip ? narrowest : 0), viewHeight - top);
  const fit = Math.max(1, Math.min(LARGEST_CELL, Math.floor(room / Math.max(1, n))));
  const cell = zoom === 'fit' ? fit : zoom;
  const beside = Math.floor((viewWidth - left - n * cell - GAP) / 2);
  const stripColumn = Math.max(NARROWEST_STRIP, Math.min(WIDEST_STRIP, beside));
  const strip = hasStrip ? GAP + 2 * stripColumn : 0;
  return {
    n,
    cell,
    stripColumn,
    left,
    top,
    strip,
    viewWidth,
    viewHeight,
    gridWidth: Math.max(0, Math.min(n * cell, viewWidth - left - strip)),
    gridHeight: Math.max(0, Math.min(n * cell, viewHeight - top)),
    contentWidth: left + n * cell + strip,
    contentHeight: top + n * cell,
  };
}

/** The next larger or smaller edge of a cell. */
export function zoomStep(cell: number, direction: 1 | -1): number {
  const next = direction === 1 ? steps.find((step) => step > cell) : steps.findLast((step) => step < cell);
  return next ?? cell;
}

export type Hit =
  | { readonly at: 'cell'; readonly row: number; readonly column: number }
  | { readonly at: 'row'; readonly row: number }
  | { readonly at: 'column'; readonly column: number }
  | { readonly at: 'recall'; readonly row: number }
  | { readonly at: 'precision'; readonly row: number };

export interface Scroll {
  readonly x: number;
  readonly y: number;
}

/** What lies under a point of the view; null = nothing. */
export function hitAt(layout: MatrixLayout, scroll: Scroll, x: number, y: number): Hit | null {
  const { n, cell, left, top, gridWidth, gridHeight, strip, stripColumn } = layout;
  const isInRows = y >= top && y < top + gridHeight;
  const isInColumns = x >= left && x < left + gridWidth;
  const row = Math.floor((y - top + scroll.y) / cell);
  const column = Math.floor((x - left + scroll.x) / cell);
  if (isInRows && (row < 0 || row >= n)) return null;
  if (isInColumns && (column < 0 || column >= n)) return null;
  if (isInRows && isInColumns) return { at: 'cell', row, column };
  if (isInRows && x < left) return { at: 'row', row };
  if (isInColumns && y < top) return { at: 'column', column };
  const inStrip = x - left - gridWidth - GAP;
  if (isInRows && strip > 0 && inStrip >= 0 && inStrip < 2 * stripColumn)
    return { at: inStrip < stripColumn ? 'recall' : 'precision', row };
  return null;
}

/** First and one past the last index in sight along one side. */
export function visibleRange(
  scrolled: number,
  size: number,
  cell: number,
  n: number,
): { readonly from: number; readonly to: number } {
  return {
    from: Math.max(0, Math.floor(scrolled / cell)),
    to: Math.min(n, Math.ceil((scrolled + size) / cell)),
  };
}

/** The scroll that brings index `at` into a window of `size`, moved as little as possible. */
export function scrollTo(at: number, scrolled: number, size: number, cell: number): number {
  const start = at * cell;
  if (start < scrolled) return start;
  if (start + cell > scrolled + size) return Math.max(0, start + cell - size);
  return scrolled;
}
