// A table with a row for every label. All rows are here, so that it sorts, moves and copies without a call.
import { useMemo, useState } from 'react';
import { count } from '../../lib/format.ts';
import { useRowHeight } from '../../lib/state/layout.ts';
import { notify } from '../../lib/state/notices.ts';
import { type GridColumn, type GridSort, VirtualGrid } from '../../ui/index.ts';
import { sortedRows } from './class-rows.ts';

export function LabelGrid<Row extends { readonly label: string }>(props: {
  readonly label: string;
  /** Columns are remembered under this name. */
  readonly name: string;
  readonly columns: readonly GridColumn<Row>[];
  readonly rows: readonly Row[];
  /** Enter or double click. */
  readonly onOpen: (row: Row, columnId: string) => void;
}) {
  const { label, name, columns, rows, onOpen } = props;
  const rowHeight = useRowHeight();
  const [sort, setSort] = useState<GridSort | null>(null);
  const [cursor, setCursor] = useState(0);
  const shown = useMemo(() => sortedRows(rows, sort), [rows, sort]);
  return (
    <VirtualGrid
      label={label}
      name={name}
      isClipList={false}
      columns={columns}
      rowCount={shown.length}
      rowAt={(index) => shown[index]}
      rowHeight={rowHeight}
      cursor={Math.min(cursor, shown.length - 1)}
      onMove={setCursor}
      onActivate={(index, columnId) => {
        const row = shown[index];
        if (row !== undefined) onOpen(row, columnId);
      }}
      sort={sort}
      onSort={setSort}
      rowsToCopy={async () => shown}
      onCopied={(copied) => notify({ kind: 'done', lead: 'copied', text: `${count(copied)} labels` })}
    />
  );
}
