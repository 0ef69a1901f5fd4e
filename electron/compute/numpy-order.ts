// Arithmetic whose last bit, or whose answer among ties, depends on the order of operations: pairwise sums,
// half-even rounding and the unstable argsort as NumPy 1.24 performs them. Reference outputs made with it
// (FORMATS 9) are only reproduced exactly in the same order.

/** NumPy hands a reduction this many values at a time. */
const REDUCTION_BLOCK = 8192;

/**
 * Sum of `count` values from `start` in NumPy's order: blocks of 8192 one after the other, each summed pairwise
 * (halved at multiples of eight down to 128 values, those by eight running sums).
 */
export function sumAsNumpy(values: Float64Array, start = 0, count = values.length): number {
  let sum = 0;
  for (let at = 0; at < count; at += REDUCTION_BLOCK) {
    sum += pairwiseSum(values, start + at, Math.min(REDUCTION_BLOCK, count - at));
  }
  return sum;
}

function pairwiseSum(values: Float64Array, start: number, count: number): number {
  if (count < 8) {
    let sum = 0;
    for (let i = start; i < start + count; i++) sum += values[i]!;
    return sum;
  }
  if (count > 128) {
    let half = count >> 1;
    half -= half & 7;
    return pairwiseSum(values, start, half) + pairwiseSum(values, start + half, count - half);
  }
  let s0 = values[start]!;
  let s1 = values[start + 1]!;
  let s2 = values[start + 2]!;
  let s3 = values[start + 3]!;
  let s4 = values[start + 4]!;
  let s5 = values[start + 5]!;
  let s6 = values[start + 6]!;
  let s7 = values[start + 7]!;
  const whole = count & ~7;
  for (let i = start + 8; i < start + whole; i += 8) {
    s0 += values[i]!;
    s1 += values[i + 1]!;
    s2 += values[i + 2]!;
    s3 += values[i + 3]!;
    s4 += values[i + 4]!;
    s5 += values[i + 5]!;
    s6 += values[i + 6]!;
    s7 += values[i + 7]!;
  }
  let sum = s0 + s1 + (s2 + s3) + (s4 + s5 + (s6 + s7));
  for (let i = start + whole; i < start + count; i++) sum += values[i]!;
  return sum;
}

/** Rounds to the nearest integer, halves to the even one (IEEE 754, `np.round`). */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Stretches of this many steps between their ends, or fewer, are sorted by insertion. */
const INSERTION_SPAN = 15;

/**
 * The positions that sort `values` ascending, ties in the order in which NumPy 1.24's default `argsort` leaves
 * them: insertion sort up to 16 values (stable), above that quicksort by the median of three (not stable).
 * No NaN. Stretches that exceed the quicksort's depth limit are sorted by (value, position).
 */
export function argsortAsNumpy(values: Float64Array): Int32Array {
  const n = values.length;
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  if (n < 2) return order;

  const pending: number[] = [];
  let low = 0;
  let high = n - 1;
  let depth = 2 * (31 - Math.clz32(n));
  for (;;) {
    if (depth < 0) {
      order.subarray(low, high + 1).sort((a, b) => values[a]! - values[b]! || a - b);
    } else {
      while (high - low > INSERTION_SPAN) {
        const cut = partition(values, order, low, high);
        depth--;
        // The longer side waits, so that the stack stays logarithmic.
        if (cut - low < high - cut) {
          pending.push(cut + 1, high, depth);
          high = cut - 1;
        } else {
          pending.push(low, cut - 1, depth);
          low = cut + 1;
        }
      }
      insertionSort(values, order, low, high);
    }
    if (pending.length === 0) return order;
    depth = pending.pop()!;
    high = pending.pop()!;
    low = pending.pop()!;
  }
}

function partition(values: Float64Array, order: Int32Array, low: number, high: number): number {
  const middle = low + ((high - low) >> 1);
  if (values[order[middle]!]! < values[order[low]!]!) swap(order, middle, low);
  if (values[order[high]!]! < values[order[middle]!]!) swap(order, high, middle);
  if (values[order[middle]!]! < values[order[low]!]!) swap(order, middle, low);
  const pivot = values[order[middle]!]!;
  // The pivot is parked next to the end, where it stops the upward scan; the low end stops the downward one.
  const parked = high - 1;
  swap(order, middle, parked);
  let up = low;
  let down = parked;
  for (;;) {
    do up++;
    while (values[order[up]!]! < pivot);
    do down--;
    while (pivot < values[order[down]!]!);
    if (up >= down) break;
    swap(order, up, down);
  }
  swap(order, up, parked);
  return up;
}

function insertionSort(values: Float64Array, order: Int32Array, low: number, high: number): void {
  for (let i = low + 1; i <= high; i++) {
    const item = order[i]!;
    const value = values[item]!;
    let at = i;
    while (at > low && value < values[order[at - 1]!]!) {
      order[at] = order[at - 1]!;
      at--;
    }
    order[at] = item;
  }
}

function swap(order: Int32Array, a: number, b: number): void {
  const held = order[a]!;
  order[a] = order[b]!;
  order[b] = held;
}
