// Order statistics without a full sort.

/**
 * The value that would stand at position `rank` (0-based) if `values[start, end)` were sorted ascending.
 * Reorders that stretch: everything before the rank is <=, everything after is >= (Hoare 1961, median of three).
 * No NaN; 0 <= rank < end - start.
 */
export function quickselect(values: Float64Array, rank: number, start = 0, end = values.length): number {
  const target = start + rank;
  let low = start;
  let high = end - 1;
  while (low < high) {
    const a = values[low]!;
    const b = values[(low + high) >> 1]!;
    const c = values[high]!;
    const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (pivot < values[j]!) j--;
      if (i <= j) {
        const held = values[i]!;
        values[i] = values[j]!;
        values[j] = held;
        i++;
        j--;
      }
    }
    if (target <= j) high = j;
    else if (target >= i) low = i;
    else break;
  }
  return values[target]!;
}
