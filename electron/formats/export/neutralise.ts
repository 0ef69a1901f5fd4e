// Cells that a spreadsheet would run as a formula, made plain text.

/** What a formula begins with, full-width forms included; tab and line ends are skipped over by spreadsheets. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/**
 * The cell with an apostrophe in front when a spreadsheet could take it for a formula; numbers are left alone. A cell
 * that has apostrophes before such a beginning gets one more, so that taking one away gives every cell back.
 */
export function neutralised(cell: string): string {
  const bare = cell.replace(/^'+/, '');
  return FORMULA.test(bare) && !NUMBER.test(cell) ? `'${cell}` : cell;
}

/** A path that stays the same path: `./` in front, which every reader understands. */
export function neutralisedPath(path: string): string {
  return FORMULA.test(path) ? `./${path}` : path;
}
