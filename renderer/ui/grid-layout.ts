// Width, order and visibility of a table's columns, remembered by table. Pure functions over plain data.

export interface ColumnLayout {
  readonly order: readonly string[];
  readonly widths: Readonly<Record<string, number>>;
  readonly hidden: readonly string[];
}

export const emptyLayout: ColumnLayout = { order: [], widths: {}, hidden: [] };

const MIN_COLUMN_WIDTH = 32;
const MAX_COLUMN_WIDTH = 1200;

export function isColumnLayout(value: unknown): boolean {
  const layout = value as Partial<ColumnLayout> | null;
  return (
    typeof layout === 'object' &&
    layout !== null &&
    Array.isArray(layout.order) &&
    Array.isArray(layout.hidden) &&
    typeof layout.widths === 'object'
  );
}

/** Columns in the remembered order; those the memory does not know keep their place after the one before them. */
export function orderedColumns<C extends { readonly id: string }>(
  columns: readonly C[],
  layout: ColumnLayout,
): C[] {
  const known = new Map(columns.map((column) => [column.id, column]));
  const result = layout.order.flatMap((id) => known.get(id) ?? []);
  const isRemembered = new Set(layout.order);
  columns.forEach((column, index) => {
    if (isRemembered.has(column.id)) return;
    const before = columns[index - 1];
    const at = before ? result.indexOf(before) + 1 : 0;
    result.splice(at, 0, column);
  });
  return result;
}

export function visibleColumns<C extends { readonly id: string; readonly isHiddenAtFirst?: boolean }>(
  columns: readonly C[],
  layout: ColumnLayout,
): C[] {
  const isRemembered = new Set(layout.order);
  return orderedColumns(columns, layout).filter(
    (column) =>
      !layout.hidden.includes(column.id) && (isRemembered.has(column.id) || column.isHiddenAtFirst !== true),
  );
}

export function withWidth(layout: ColumnLayout, id: string, width: number): ColumnLayout {
  const clamped = Math.round(Math.min(MAX_COLUMN_WIDTH, Math.max(MIN_COLUMN_WIDTH, width)));
  return { ...layout, widths: { ...layout.widths, [id]: clamped } };
}

/** Moves a column by `delta` places among the visible ones. */
export function withMoved(
  layout: ColumnLayout,
  visible: readonly string[],
  all: readonly string[],
  id: string,
  delta: number,
): ColumnLayout {
  const from = visible.indexOf(id);
  const to = Math.max(0, Math.min(visible.length - 1, from + delta));
  if (from < 0 || from === to) return layout;
  const neighbour = visible[to] as string;
  const order = all.filter((other) => other !== id);
  order.splice(order.indexOf(neighbour) + (to > from ? 1 : 0), 0, id);
  return { ...layout, order, hidden: all.filter((other) => !visible.includes(other)) };
}

export function withVisibility(
  layout: ColumnLayout,
  visible: readonly string[],
  all: readonly string[],
  id: string,
  isVisible: boolean,
): ColumnLayout {
  const shown = isVisible ? [...visible, id] : visible.filter((other) => other !== id);
  return { ...layout, order: all, hidden: all.filter((other) => !shown.includes(other)) };
}
