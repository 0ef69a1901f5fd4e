// The order of points along a curve through the plane that keeps near ones together.

/** Bits of each coordinate in a point's place on the curve. */
const BITS = 11;
const CELLS = 1 << BITS;

/** Rows (x, y) in the order of Morton's curve: new -> old, equal places in the old order. */
export function mapOrder(points: Float32Array): Uint32Array {
  const n = points.length / 2;
  let left = Number.POSITIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  let span = 0;
  for (let i = 0; i < n; i++) {
    left = Math.min(left, points[2 * i]!);
    low = Math.min(low, points[2 * i + 1]!);
  }
  for (let i = 0; i < n; i++) span = Math.max(span, points[2 * i]! - left, points[2 * i + 1]! - low);
  const scale = span > 0 ? (CELLS - 1) / span : 0;
  const codes = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const x = Math.floor((points[2 * i]! - left) * scale);
    const y = Math.floor((points[2 * i + 1]! - low) * scale);
    codes[i] = spreadBits(x) | (spreadBits(y) << 1);
  }
  let order = Uint32Array.from(codes.keys());
  for (let shift = 0; shift < 2 * BITS; shift += BITS) order = sortByDigit(order, codes, shift);
  return order;
}

/** Bit i moves to bit 2 i. */
function spreadBits(value: number): number {
  let bits = value;
  bits = (bits | (bits << 8)) & 0x00ff00ff;
  bits = (bits | (bits << 4)) & 0x0f0f0f0f;
  bits = (bits | (bits << 2)) & 0x33333333;
  return (bits | (bits << 1)) & 0x55555555;
}

function sortByDigit(order: Uint32Array, codes: Uint32Array, shift: number): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(CELLS + 1);
  for (const row of order) next[((codes[row]! >>> shift) & (CELLS - 1)) + 1]!++;
  for (let digit = 0; digit < CELLS; digit++) next[digit + 1]! += next[digit]!;
  const sorted = new Uint32Array(order.length);
  for (const row of order) sorted[next[(codes[row]! >>> shift) & (CELLS - 1)]!++] = row;
  return sorted;
}
