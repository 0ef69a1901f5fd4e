// A histogram without its empty reaches: one recording of a minute must not squeeze a thousand words into one bar.

export interface Bins {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly totals: readonly number[];
}

export interface TrimmedBins extends Bins {
  /** Clips of the filter below the first edge shown, and from the last edge shown on. */
  readonly below: number;
  readonly above: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/**
 * The middle part that holds all but `tail` (a share) of all clips at each end, in at most `bars` bars of equal width.
 * A range of which the middle part takes more than half is shown whole.
 */
export function trimmed(bins: Bins, bars: number, tail = 0.005): TrimmedBins {
  const { edges, counts, totals } = bins;
  const all = sum(totals);
  let first = 0;
  let last = totals.length;
  for (let seen = totals[0] ?? 0; seen <= all * tail && first < last - 1; seen += totals[first] ?? 0) first++;
  for (
    let seen = totals[last - 1] ?? 0;
    seen <= all * tail && last > first + 1;
    seen += totals[last - 1] ?? 0
  )
    last--;
  if (last - first > totals.length / 2) {
    first = 0;
    last = totals.length;
  }
  const width = Math.ceil((last - first) / bars);
  const starts = Array.from({ length: Math.ceil((last - first) / width) }, (_, at) => first + at * width);
  const grouped = (values: readonly number[]) =>
    starts.map((from) => sum(values.slice(from, Math.min(last, from + width))));
  return {
    edges: [...starts, last].map((at) => edges[at] ?? 0),
    counts: grouped(counts),
    totals: grouped(totals),
    below: sum(counts.slice(0, first)),
    above: sum(counts.slice(last)),
  };
}
