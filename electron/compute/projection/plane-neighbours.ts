// Nearest neighbours on a map, exactly, by cells of a grid searched ring by ring.

interface Cells {
  readonly left: number;
  readonly low: number;
  /** Width of a cell. */
  readonly width: number;
  readonly columns: number;
  readonly rows: number;
  /** Where each cell's points begin in `members`. */
  readonly starts: Int32Array;
  readonly members: Int32Array;
}

/** Points in a cell if they were spread evenly. */
const PER_CELL = 4;

/**
 * For each of the rows `queries` its k nearest others among the n rows (x, y) of `points`, k < n: queries.length x k,
 * nearest first, of equally near ones the lower row first.
 */
export function planeNeighbours(points: Float32Array, queries: Int32Array, k: number): Int32Array {
  const cells = sortIntoCells(points);
  const found = new Int32Array(queries.length * k);
  const ids = new Int32Array(k);
  const squares = new Float64Array(k);
  for (const [at, query] of queries.entries()) {
    nearestTo(points, cells, query, ids, squares);
    found.set(ids, at * k);
  }
  return found;
}

function sortIntoCells(points: Float32Array): Cells {
  const n = points.length / 2;
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    left = Math.min(left, points[2 * i]!);
    right = Math.max(right, points[2 * i]!);
    low = Math.min(low, points[2 * i + 1]!);
    high = Math.max(high, points[2 * i + 1]!);
  }
  const side = Math.max(1, Math.floor(Math.sqrt(n / PER_CELL)));
  const width = Math.max(right - left, high - low) / side || 1;
  const columns = Math.floor((right - left) / width) + 1;
  const rows = Math.floor((high - low) / width) + 1;
  const cellOf = (i: number): number =>
    Math.floor((points[2 * i + 1]! - low) / width) * columns + Math.floor((points[2 * i]! - left) / width);
  const starts = new Int32Array(columns * rows + 1);
  for (let i = 0; i < n; i++) starts[cellOf(i) + 1]!++;
  for (let cell = 0; cell < columns * rows; cell++) starts[cell + 1]! += starts[cell]!;
  const next = starts.slice();
  const members = new Int32Array(n);
  for (let i = 0; i < n; i++) members[next[cellOf(i)]!++] = i;
  return { left, low, width, columns, rows, starts, members };
}

function nearestTo(
  points: Float32Array,
  { left, low, width, columns, rows, starts, members }: Cells,
  query: number,
  ids: Int32Array,
  squares: Float64Array,
): void {
  const x = points[2 * query]!;
  const y = points[2 * query + 1]!;
  const column = Math.floor((x - left) / width);
  const row = Math.floor((y - low) / width);
  let count = 0;
  const offer = (i: number): void => {
    const square = (points[2 * i]! - x) ** 2 + (points[2 * i + 1]! - y) ** 2;
    let to = count < ids.length ? count++ : ids.length;
    if (to === ids.length) {
      if (!isBefore(square, i, squares[to - 1]!, ids[to - 1]!)) return;
      to--;
    }
    for (; to > 0 && isBefore(square, i, squares[to - 1]!, ids[to - 1]!); to--) {
      ids[to] = ids[to - 1]!;
      squares[to] = squares[to - 1]!;
    }
    ids[to] = i;
    squares[to] = square;
  };
  const visit = (atColumn: number, atRow: number): void => {
    if (atColumn < 0 || atColumn >= columns || atRow < 0 || atRow >= rows) return;
    const cell = atRow * columns + atColumn;
    for (let at = starts[cell]!; at < starts[cell + 1]!; at++) if (members[at] !== query) offer(members[at]!);
  };
  const farthest = Math.max(columns, rows);
  for (let ring = 0; ring <= farthest; ring++) {
    // Everything nearer than the rings searched so far has been seen.
    const seen = (ring - 1) * width;
    if (count === ids.length && ring > 0 && seen * seen > squares[count - 1]!) return;
    for (let c = column - ring; c <= column + ring; c++) {
      visit(c, row - ring);
      if (ring > 0) visit(c, row + ring);
    }
    for (let r = row - ring + 1; r < row + ring; r++) {
      visit(column - ring, r);
      visit(column + ring, r);
    }
  }
}

function isBefore(square: number, id: number, otherSquare: number, otherId: number): boolean {
  return square < otherSquare || (square === otherSquare && id < otherId);
}
