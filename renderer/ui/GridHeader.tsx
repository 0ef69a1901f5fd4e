// The header of a table: titles that sort, a menu per column, edges that resize. The grid holds the focus and the keys.
import { memo, type PointerEvent } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { GridColumn, GridSort } from './grid-column.ts';
import { type ColumnLayout, emptyLayout, orderedColumns, withVisibility, withWidth } from './grid-layout.ts';
import { Icon } from './icons.tsx';
import { Menu, type MenuGroup } from './overlays.tsx';

interface GridHeaderProps<Row> {
  readonly gridId: string;
  /** Those in sight, in order. */
  readonly columns: readonly GridColumn<Row>[];
  readonly allColumns: readonly GridColumn<Row>[];
  readonly layout: ColumnLayout;
  /** The layout while an edge is dragged; `onLayout` follows. */
  readonly onPreview: (layout: ColumnLayout) => void;
  readonly onLayout: (layout: ColumnLayout) => void;
  readonly onMoveColumn: (id: string, by: number) => void;
  /** `grid-template-columns` of header and rows. */
  readonly template: string;
  readonly minWidth: number;
  readonly height: number;
  /** Header cell under the cursor; -1 while the cursor is in the rows. */
  readonly cursorColumn: number;
  /** The column whose menu is open. */
  readonly menuOf: string | null;
  readonly onMenu: (id: string | null) => void;
  readonly sort: GridSort | null | undefined;
  readonly onSort: ((sort: GridSort | null) => void) | undefined;
  /** A press on the title: the next way to sort by it. */
  readonly onSortBy: (column: GridColumn<Row>) => void;
}

/** What its functions are made from besides: with the same of these they do the same. */
const decisive = [
  'gridId',
  'columns',
  'allColumns',
  'layout',
  'cursorColumn',
  'menuOf',
  'sort',
  'onSort',
] as const;

/** Drawn again only when it changed: its menus are the dearest part of a table that scrolls. */
export const GridHeader = memo(HeaderView, (before, now) =>
  decisive.every((key) => before[key] === now[key]),
) as typeof HeaderView;

function HeaderView<Row>(props: GridHeaderProps<Row>) {
  const { gridId, columns, allColumns, layout, onPreview, onLayout, onMoveColumn, template, minWidth } =
    props;
  const { height, cursorColumn, menuOf, onMenu, sort, onSort, onSortBy } = props;
  const allIds = orderedColumns(allColumns, layout).map(({ id }) => id);
  const visibleIds = columns.map(({ id }) => id);

  const startResize = (column: GridColumn<Row>) => (event: PointerEvent<HTMLSpanElement>) => {
    event.preventDefault();
    event.stopPropagation();
    const edge = event.currentTarget;
    const startX = event.clientX;
    const startWidth = edge.parentElement?.offsetWidth ?? layout.widths[column.id] ?? column.width;
    edge.setPointerCapture(event.pointerId);
    let latest = layout;
    const move = (moved: globalThis.PointerEvent) => {
      latest = withWidth(layout, column.id, startWidth + moved.clientX - startX);
      onPreview(latest);
    };
    const end = () => {
      edge.removeEventListener('pointermove', move);
      edge.removeEventListener('pointerup', end);
      edge.removeEventListener('pointercancel', end);
      onLayout(latest);
    };
    edge.addEventListener('pointermove', move);
    edge.addEventListener('pointerup', end);
    edge.addEventListener('pointercancel', end);
  };

  const menuGroups = (column: GridColumn<Row>): MenuGroup[] => {
    const field = column.sortField;
    const at = visibleIds.indexOf(column.id);
    return [
      {
        entries:
          field && onSort
            ? [
                {
                  id: 'up',
                  title: 'Sort ascending',
                  icon: 'sortUp',
                  run: () => onSort({ field, descending: false }),
                },
                {
                  id: 'down',
                  title: 'Sort descending',
                  icon: 'sortDown',
                  run: () => onSort({ field, descending: true }),
                },
                { id: 'none', title: 'Do not sort', isDisabled: !sort, run: () => onSort(null) },
              ]
            : [],
      },
      {
        entries: [
          {
            id: 'left',
            title: 'Move left',
            icon: 'left',
            keys: 'Alt ←',
            isDisabled: at === 0,
            run: () => onMoveColumn(column.id, -1),
          },
          {
            id: 'right',
            title: 'Move right',
            icon: 'right',
            keys: 'Alt →',
            isDisabled: at === columns.length - 1,
            run: () => onMoveColumn(column.id, 1),
          },
          { id: 'reset', title: 'Columns as at first', run: () => onLayout(emptyLayout) },
        ],
      },
      {
        title: 'Columns',
        entries: orderedColumns(allColumns, layout).map((other) => ({
          id: `show-${other.id}`,
          title: other.title,
          isChecked: visibleIds.includes(other.id),
          isDisabled: visibleIds.length === 1 && visibleIds[0] === other.id,
          run: () =>
            onLayout(withVisibility(layout, visibleIds, allIds, other.id, !visibleIds.includes(other.id))),
        })),
      },
    ];
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid has no table elements
    <div
      role="rowgroup"
      className="grid-head"
      style={{ gridTemplateColumns: template, minInlineSize: minWidth, blockSize: height }}
    >
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus */}
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="row" aria-rowindex={1} className="grid-head-row">
        {columns.map((column, at) => {
          const direction =
            column.sortField && sort?.field === column.sortField
              ? sort.descending
                ? 'descending'
                : 'ascending'
              : 'none';
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus
            // biome-ignore lint/a11y/useSemanticElements: as above
            <div
              key={column.id}
              id={`${gridId}-h-${at}`}
              role="columnheader"
              aria-colindex={at + 1}
              aria-label={column.title}
              {...(column.sortField ? { 'aria-sort': direction } : {})}
              className={`grid-header grid-${column.align ?? 'start'}${at === cursorColumn ? ' is-cell-cursor' : ''}`}
            >
              <Menu
                label={`Column ${column.title}`}
                groups={menuGroups(column)}
                isOpen={menuOf === column.id}
                onOpenChange={(isOpen) => {
                  onMenu(isOpen ? column.id : null);
                }}
              >
                <AriaButton
                  excludeFromTabOrder
                  className="grid-header-menu"
                  aria-label={`Column ${column.title}`}
                >
                  <Icon name="down" size={10} />
                </AriaButton>
              </Menu>
              {/* biome-ignore lint/a11y/noStaticElementInteractions: keys act on the header cell */}
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above */}
              <span
                className={`grid-header-title${column.sortField ? ' is-sortable' : ''}`}
                onClick={() => onSortBy(column)}
                onContextMenu={(event) => {
                  event.preventDefault();
                  onMenu(column.id);
                }}
              >
                {column.isTitleHidden ? '' : column.title}
                {direction !== 'none' && (
                  <Icon name={direction === 'ascending' ? 'sortUp' : 'sortDown'} size={11} />
                )}
              </span>
              <span className="grid-resize" aria-hidden="true" onPointerDown={startResize(column)} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
