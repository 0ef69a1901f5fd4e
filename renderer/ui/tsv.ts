// Rows as tab-separated text for the clipboard.

/** Tabs and line ends inside a cell become blanks, so that every row stays one row. */
export function toTsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map((cell) => cell.replace(/[\t\r\n]+/g, ' ')).join('\t')).join('\n');
}
