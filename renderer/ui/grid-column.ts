// What a table's column is, and what a table is sorted by.
import type { ReactNode } from 'react';

export interface GridColumn<Row> {
  readonly id: string;
  readonly title: string;
  /** px at first. */
  readonly width: number;
  /** Takes the room that is left over. */
  readonly isFlexible?: boolean;
  readonly align?: 'start' | 'end' | 'center';
  /** Name to sort by; without it the column does not sort. */
  readonly sortField?: string;
  /** The direction of the first press. */
  readonly sortsDescendingFirst?: boolean;
  readonly isHiddenAtFirst?: boolean;
  /** The header shows no word (an icon column); the title is spoken and stands in the menu. */
  readonly isTitleHidden?: boolean;
  readonly cell: (row: Row, index: number) => ReactNode;
  /** For the clipboard; without it the column is not copied. */
  readonly text?: (row: Row) => string;
}

export interface GridSort {
  readonly field: string;
  readonly descending: boolean;
}
