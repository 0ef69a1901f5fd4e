// A table of any length by the ARIA grid pattern: one tab stop, the cursor by aria-activedescendant, only rows in
// sight in the document. It knows rows by index; what a row is and where it comes from is the caller's.
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import { listScope } from '../lib/commands.ts';
import { remember, remembered } from '../lib/storage.ts';
import { GridHeader } from './GridHeader.tsx';
import type { GridColumn, GridSort } from './grid-column.ts';
import {
  type ColumnLayout,
  emptyLayout,
  isColumnLayout,
  orderedColumns,
  visibleColumns,
  withMoved,
  withWidth,
} from './grid-layout.ts';
import { toTsv } from './tsv.ts';

export type GridMove = 'only' | 'extend' | 'toggle' | 'keep';

export interface VirtualGridHandle {
  focus(): void;
  scrollTo(index: number): void;
}

interface VirtualGridProps<Row> {
  readonly label: string;
  /** Columns are remembered under this name. */
  readonly name: string;
  readonly columns: readonly GridColumn<Row>[];
  readonly rowCount: number;
  /** Undefined while the row is being read: a placeholder of the same height is shown. */
  readonly rowAt: (index: number) => Row | undefined;
  readonly rowHeight: number;
  /** Row under the cursor; -1 = none. */
  readonly cursor: number;
  readonly onMove: (index: number, mode: GridMove) => void;
  readonly isSelected?: (index: number) => boolean;
  /** Extra class of a row, such as its review state. */
  readonly rowClass?: (row: Row) => string | undefined;
  /** Enter or double click. */
  readonly onActivate?: (index: number, columnId: string) => void;
  readonly sort?: GridSort | null;
  readonly onSort?: (sort: GridSort | null) => void;
  /** First and last row in sight, whenever they change. */
  readonly onVisible?: (first: number, last: number) => void;
  /** Rows that Ctrl+C copies; without it the row under the cursor. */
  readonly rowsToCopy?: () => Promise<readonly Row[]>;
  readonly onCopied?: (rows: number) => void;
  readonly onSelectAll?: () => void;
  readonly handle?: Ref<VirtualGridHandle>;
  /** Takes the focus when it appears. */
  readonly autoFocus?: boolean;
  /** False for tables whose rows are no clips: the single keys of clips (relabel, play) do not act in them. */
  readonly isClipList?: boolean;
  /** Shown under the header when there are no rows. */
  readonly empty?: ReactNode;
}

interface RowProps<Row> {
  readonly gridId: string;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly row: Row | undefined;
  readonly columns: readonly GridColumn<Row>[];
  readonly isSelected: boolean;
  readonly isCursor: boolean;
  readonly cursorColumn: number;
  readonly className: string | undefined;
}

function RowView<Row>(props: RowProps<Row>) {
  const { gridId, index, top, height, row, columns, isSelected, isCursor, cursorColumn, className } = props;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus (aria-activedescendant)
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid has no table elements
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-index={index}
      className={`grid-row${isSelected ? ' is-selected' : ''}${isCursor ? ' is-cursor' : ''}${className ? ` ${className}` : ''}`}
      style={{ transform: `translateY(${top}px)`, blockSize: height }}
    >
      {columns.map((column, at) => (
        // biome-ignore lint/a11y/useFocusableInteractive: as above
        // biome-ignore lint/a11y/useSemanticElements: as above
        <div
          key={column.id}
          id={`${gridId}-${index}-${at}`}
          role="gridcell"
          aria-colindex={at + 1}
          data-column={column.id}
          className={`grid-cell grid-${column.align ?? 'start'}${isCursor && at === cursorColumn ? ' is-cell-cursor' : ''}`}
        >
          {row === undefined ? (
            <span key="placeholder" className="grid-placeholder" />
          ) : (
            column.cell(row, index)
          )}
        </div>
      ))}
    </div>
  );
}
const Row = memo(RowView) as typeof RowView;

export function VirtualGrid<RowType>(props: VirtualGridProps<RowType>) {
  const {
    columns: allColumns,
    rowCount,
    rowAt,
    rowHeight,
    cursor,
    onMove,
    onActivate,
    sort,
    onSort,
    name,
  } = props;
  const gridId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [cursorColumn, setCursorColumn] = useState(0);
  const [isInHeader, setIsInHeader] = useState(false);
  const [menuOf, setMenuOf] = useState<string | null>(null);
  const [layout, setLayout] = useState<ColumnLayout>(() =>
    remembered(`grid.${name}`, emptyLayout, isColumnLayout),
  );
  // The same array as long as nothing changed: rows that scroll are not drawn again.
  const columns = useMemo(() => visibleColumns(allColumns, layout), [allColumns, layout]);
  const columnAt = Math.min(cursorColumn, columns.length - 1);
  const headerHeight = 28;

  const changeLayout = (next: ColumnLayout) => {
    setLayout(next);
    remember(`grid.${name}`, next);
  };
  const widthOf = (column: GridColumn<RowType>) => layout.widths[column.id] ?? column.width;
  const template = columns
    .map((column) => (column.isFlexible ? `minmax(${widthOf(column)}px, 1fr)` : `${widthOf(column)}px`))
    .join(' ');
  const minWidth = columns.reduce((sum, column) => sum + widthOf(column), 0);

  const virtualizer = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    scrollMargin: headerHeight,
    scrollPaddingStart: headerHeight,
    // The row under the cursor stays in the document, so that the focus survives scrolling.
    rangeExtractor: (range) => {
      const rows = defaultRangeExtractor(range);
      if (cursor >= 0 && cursor < rowCount && !rows.includes(cursor)) rows.push(cursor);
      return rows;
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes depend on the row height alone
  useEffect(() => virtualizer.measure(), [rowHeight]);

  const first = virtualizer.range?.startIndex ?? 0;
  const last = virtualizer.range?.endIndex ?? 0;
  const items = virtualizer.getVirtualItems();
  const pool = 64 * Math.ceil(items.length / 64);
  // The row of a cursor out of sight stands apart at the end (see rangeExtractor); all others follow one another.
  const end = items.at(-1);
  const away = items.length > 1 && end && end.index !== (items.at(-2)?.index ?? 0) + 1 ? end : undefined;
  const { onVisible } = props;
  useEffect(() => onVisible?.(first, last), [first, last, onVisible]);

  // The cursor is kept in sight whoever moved it (keys, review, player).
  useEffect(() => {
    if (cursor >= 0 && cursor < rowCount) virtualizer.scrollToIndex(cursor, { align: 'auto' });
  }, [cursor, rowCount, virtualizer]);

  useImperativeHandle(props.handle, () => ({
    focus: () => scroller.current?.focus(),
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: 'center' }),
  }));
  const { autoFocus } = props;
  useEffect(() => {
    if (autoFocus) scroller.current?.focus({ preventScroll: true });
  }, [autoFocus]);

  const sortBy = (column: GridColumn<RowType>) => {
    if (!column.sortField || !onSort) return;
    const firstWay = column.sortsDescendingFirst ?? false;
    if (sort?.field !== column.sortField) onSort({ field: column.sortField, descending: firstWay });
    else if (sort.descending === firstWay) onSort({ field: column.sortField, descending: !firstWay });
    else onSort(null);
  };

  const copy = async () => {
    const current = cursor >= 0 ? rowAt(cursor) : undefined;
    const rows = (await props.rowsToCopy?.()) ?? (current === undefined ? [] : [current]);
    const copied = columns.flatMap((column) =>
      column.text ? [{ title: column.title, text: column.text }] : [],
    );
    const lines = [
      copied.map(({ title }) => title),
      ...rows.map((row) => copied.map(({ text }) => text(row))),
    ];
    await navigator.clipboard.writeText(toTsv(lines));
    props.onCopied?.(rows.length);
  };

  const onHeaderKey = (event: KeyboardEvent): boolean => {
    const column = columns[columnAt];
    if (!column) return false;
    const isSideways = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
    const side = event.key === 'ArrowLeft' ? -1 : 1;
    if (event.key === 'ArrowDown' && event.altKey) setMenuOf(column.id);
    else if (event.key === 'ArrowDown' || event.key === 'Escape') setIsInHeader(false);
    else if (event.key === 'Enter' || event.key === ' ') sortBy(column);
    else if (isSideways && event.shiftKey)
      changeLayout(withWidth(layout, column.id, widthOf(column) + side * 16));
    else if (isSideways && event.altKey) {
      moveColumn(column.id, side);
      setCursorColumn(Math.max(0, Math.min(columns.length - 1, columnAt + side)));
    } else if (isSideways) setCursorColumn(Math.max(0, Math.min(columns.length - 1, columnAt + side)));
    else return false;
    return true;
  };

  const onBodyKey = (event: KeyboardEvent): boolean => {
    const isMod = event.ctrlKey || event.metaKey;
    const mode: GridMove = event.shiftKey ? 'extend' : isMod ? 'keep' : 'only';
    const page = Math.max(
      1,
      Math.floor(((scroller.current?.clientHeight ?? 0) - headerHeight) / rowHeight) - 1,
    );
    const from = Math.max(cursor, 0);
    switch (event.key) {
      case 'ArrowDown':
        onMove(cursor < 0 ? 0 : Math.min(rowCount - 1, cursor + 1), mode);
        return true;
      case 'ArrowUp':
        if (cursor <= 0 && !event.shiftKey) setIsInHeader(true);
        else onMove(Math.max(0, cursor - 1), mode);
        return true;
      case 'PageDown':
        onMove(Math.min(rowCount - 1, from + page), mode);
        return true;
      case 'PageUp':
        onMove(Math.max(0, from - page), mode);
        return true;
      case 'Home':
        onMove(0, event.shiftKey ? 'extend' : 'only');
        return true;
      case 'End':
        onMove(rowCount - 1, event.shiftKey ? 'extend' : 'only');
        return true;
      case 'ArrowLeft':
      case 'ArrowRight':
        setCursorColumn(
          Math.max(0, Math.min(columns.length - 1, columnAt + (event.key === 'ArrowLeft' ? -1 : 1))),
        );
        return true;
      case ' ':
        if (!isMod || cursor < 0) return false;
        onMove(cursor, 'toggle');
        return true;
      case 'Enter': {
        const column = columns[columnAt];
        if (cursor < 0 || !column || !onActivate || isMod) return false;
        onActivate(cursor, column.id);
        return true;
      }
      case 'a':
        if (!isMod || !props.onSelectAll) return false;
        props.onSelectAll();
        return true;
      case 'c':
        if (!isMod || String(getSelection() ?? '') !== '') return false;
        void copy();
        return true;
      default:
        return false;
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== scroller.current || event.nativeEvent.isComposing || rowCount === 0) return;
    if (isInHeader ? onHeaderKey(event) : onBodyKey(event)) event.preventDefault();
  };

  const indexOfEvent = (target: EventTarget): number => {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
    return row ? Number(row.dataset.index) : -1;
  };
  const onMouseDown = (event: MouseEvent) => {
    const index = indexOfEvent(event.target);
    if (index < 0 || event.button !== 0) return;
    if (event.target instanceof Element && event.target.closest('button,a,input')) return;
    setIsInHeader(false);
    const cell = event.target instanceof Element ? event.target.closest('[data-column]') : null;
    const at = columns.findIndex((column) => column.id === cell?.getAttribute('data-column'));
    if (at >= 0) setCursorColumn(at);
    onMove(index, event.shiftKey ? 'extend' : event.ctrlKey || event.metaKey ? 'toggle' : 'only');
    // Text is not selected by extending; the focus goes to the grid.
    if (event.shiftKey) event.preventDefault();
    scroller.current?.focus({ preventScroll: true });
  };
  const onDoubleClick = (event: MouseEvent) => {
    const index = indexOfEvent(event.target);
    const column = columns[columnAt];
    if (index >= 0 && column) onActivate?.(index, column.id);
  };

  const allIds = orderedColumns(allColumns, layout).map(({ id }) => id);
  const visibleIds = columns.map(({ id }) => id);
  const moveColumn = (id: string, by: number) => changeLayout(withMoved(layout, visibleIds, allIds, id, by));

  const activeCell = isInHeader
    ? `${gridId}-h-${columnAt}`
    : cursor >= 0 && cursor < rowCount
      ? `${gridId}-${cursor}-${columnAt}`
      : undefined;

  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid has no table elements
    <div
      ref={scroller}
      {...(props.isClipList === false ? {} : listScope)}
      role="grid"
      aria-label={props.label}
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length}
      aria-multiselectable={props.isSelected !== undefined}
      aria-activedescendant={activeCell}
      tabIndex={0}
      className={`grid${isInHeader ? ' is-in-header' : ''}`}
      onKeyDown={onKeyDown}
      onMouseDown={onMouseDown}
      onDoubleClick={onDoubleClick}
    >
      <GridHeader
        gridId={gridId}
        columns={columns}
        allColumns={allColumns}
        layout={layout}
        onPreview={setLayout}
        onLayout={changeLayout}
        onMoveColumn={moveColumn}
        template={template}
        minWidth={minWidth}
        height={headerHeight}
        cursorColumn={isInHeader ? columnAt : -1}
        menuOf={menuOf}
        onMenu={(id) => {
          setMenuOf(id);
          if (id === null) requestAnimationFrame(() => scroller.current?.focus({ preventScroll: true }));
        }}
        sort={sort}
        onSort={onSort}
        onSortBy={sortBy}
      />
      <div
        {...(rowCount > 0 ? { role: 'rowgroup' } : {})}
        className="grid-body"
        style={{
          blockSize: virtualizer.getTotalSize(),
          minInlineSize: minWidth,
          ['--grid-columns' as string]: template,
        }}
      >
        {items.map((item) => {
          const row = rowAt(item.index);
          return (
            <Row
              // Elements go round: a row that leaves at one end is drawn again at the other, not made anew.
              key={item === away ? 'cursor' : item.index % pool}
              gridId={gridId}
              index={item.index}
              top={item.start - headerHeight}
              height={rowHeight}
              row={row}
              columns={columns}
              isSelected={props.isSelected?.(item.index) ?? false}
              isCursor={item.index === cursor}
              cursorColumn={item.index === cursor && !isInHeader ? columnAt : -1}
              className={row === undefined ? undefined : props.rowClass?.(row)}
            />
          );
        })}
      </div>
      {rowCount === 0 && props.empty && (
        // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus
        // biome-ignore lint/a11y/useSemanticElements: a virtual grid has no table elements
        <div role="row" className="grid-empty">
          {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
          {/* biome-ignore lint/a11y/useSemanticElements: as above */}
          <div role="gridcell" aria-colspan={columns.length}>
            {props.empty}
          </div>
        </div>
      )}
    </div>
  );
}
