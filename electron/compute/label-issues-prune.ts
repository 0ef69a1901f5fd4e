// The two pruning filters of confident learning: by class (lowest self-confidence) and by noise rate (largest
// margins for each pair of given and likely true label). Partial selection instead of a sort per pair of labels;
// the sort is only done where ties at the boundary decide who is flagged.
import type { LabelScan, Probabilities } from './label-issues-scan.ts';
import { argsortAsNumpy } from './numpy-order.ts';
import { quickselect } from './select.ts';

/** Rows that are not contested have no margin above this: 1e-6, and room for rounding. */
const UNCONTESTED_MARGIN = 2e-6;

/** Rows whose probabilities are fetched together; a block of them stays in the processor's nearest caches. */
const BLOCK_ROWS = 128;

export interface PruneInput {
  readonly labels: Int32Array;
  readonly probs: Probabilities;
  readonly n: number;
  readonly k: number;
  readonly scan: LabelScan;
  /** Rows that can be an issue at all, ascending. Other rows take places in a ranking, but are never flagged. */
  readonly contested: Int32Array;
  /** Classes with this many items or fewer are left alone. */
  readonly minExamples: number;
  /** K x K, [given, true]: items to prune; the diagonal counts the items to keep. */
  readonly counts: Int32Array;
}

/** N: 1 for the contested rows among the `count - keep` of each class with the lowest self-confidence. */
export function pruneByClass(input: PruneInput): Uint8Array {
  const { labels, n, k, scan, contested, counts } = input;
  const { self, grouped, starts } = scan;
  const boundaries = new Float64Array(k).fill(Number.NEGATIVE_INFINITY);
  const quotas = new Int32Array(k);
  const isTieCut = new Uint8Array(k);
  for (let given = 0; given < k; given++) {
    if (!isPruned(input, given)) continue;
    const own = grouped.slice(starts[given], starts[given + 1]);
    const quota = Math.min(own.length - counts[given * k + given]!, own.length);
    if (quota < 1) continue;
    quotas[given] = quota;
    const boundary = quickselect(own, quota - 1);
    boundaries[given] = boundary;
    for (let i = quota; i < own.length; i++) if (own[i] === boundary) isTieCut[given] = 1;
  }
  const flagged = new Uint8Array(n);
  const isOpen = new Uint8Array(k);
  for (let i = 0; i < contested.length; i++) {
    const row = contested[i]!;
    const given = labels[row]!;
    const boundary = boundaries[given]!;
    const own = self[row]!;
    if (own < boundary || (own === boundary && isTieCut[given] === 0)) flagged[row] = 1;
    else if (own === boundary) isOpen[given] = 1;
  }
  for (let given = 0; given < k; given++) {
    if (isOpen[given] === 0) continue;
    const ranking = argsortAsNumpy(grouped.slice(starts[given], starts[given + 1]));
    flagFirst(ranking, quotas[given]!, rowsOfClass(labels, given, ranking.length), flagged);
  }
  return onlyContested(flagged, contested, n);
}

/**
 * N: 1 for the contested rows that are, for some other label j, among the `counts[given, j]` rows of their class
 * with the largest margin p[j] - p[given].
 */
export function pruneByNoiseRate(input: PruneInput): Uint8Array {
  const { labels, probs, n, k, scan, contested } = input;
  const { self, other } = scan;
  const tops = new TopMargins(input);

  // The contested rows hold the largest margins; once they are in, most others cannot reach any boundary.
  for (let block = 0; block < contested.length; block += BLOCK_ROWS) {
    const end = Math.min(block + BLOCK_ROWS, contested.length);
    tops.fetch(probs, contested, block, end, k);
    for (let i = block; i < end; i++) {
      const row = contested[i]!;
      tops.offer(probs, row * k, labels[row]!, self[row]!);
    }
  }
  const { lowestCuts } = tops;
  if (lowestCuts.some((cut) => cut <= UNCONTESTED_MARGIN)) {
    let next = 0;
    let nextContested = contested.length > 0 ? contested[0]! : n;
    for (let row = 0; row < n; row++) {
      if (row === nextContested) {
        next++;
        nextContested = next < contested.length ? contested[next]! : n;
        continue;
      }
      const given = labels[row]!;
      const own = self[row]!;
      if (other[row]! - own >= lowestCuts[given]!) tops.offer(probs, row * k, given, own);
    }
  }
  tops.finish();

  const flagged = new Uint8Array(n);
  for (let block = 0; block < contested.length; block += BLOCK_ROWS) {
    const end = Math.min(block + BLOCK_ROWS, contested.length);
    tops.fetch(probs, contested, block, end, k);
    for (let i = block; i < end; i++) {
      const row = contested[i]!;
      if (tops.isWithin(probs, row * k, labels[row]!, self[row]!)) flagged[row] = 1;
    }
  }
  for (let given = 0; given < k; given++) {
    for (let slot = tops.starts[given]!; slot < tops.starts[given + 1]!; slot++) {
      if (tops.isOpen[slot] === 0) continue;
      const label = tops.labels[slot]!;
      const rows = rowsOfClass(labels, given, scan.counts[given]!);
      const negated = new Float64Array(rows.length);
      for (let i = 0; i < rows.length; i++) negated[i] = -(probs[rows[i]! * k + label]! - self[rows[i]!]!);
      flagFirst(argsortAsNumpy(negated), tops.quotas[slot]!, rows, flagged);
    }
  }
  return onlyContested(flagged, contested, n);
}

/** A class of one item is never pruned: the reference skips masks of length one. */
function isPruned({ scan, minExamples }: PruneInput, given: number): boolean {
  return scan.counts[given]! > Math.max(minExamples, 1);
}

function rowsOfClass(labels: Int32Array, given: number, count: number): Int32Array {
  const rows = new Int32Array(count);
  for (let row = 0, at = 0; at < count; row++) if (labels[row] === given) rows[at++] = row;
  return rows;
}

function flagFirst(ranking: Int32Array, count: number, rows: Int32Array, flagged: Uint8Array): void {
  for (let i = 0; i < count && i < ranking.length; i++) flagged[rows[ranking[i]!]!] = 1;
}

function onlyContested(flagged: Uint8Array, contested: Int32Array, n: number): Uint8Array {
  const result = new Uint8Array(n);
  for (let i = 0; i < contested.length; i++) result[contested[i]!] = flagged[contested[i]!]!;
  return result;
}

/**
 * For every pair of given and other label with a quota, the boundary of its `quota` largest margins: a buffer of
 * margins per pair, cut down to the quota by selection whenever it is full. Pairs of one given label stand
 * together, `starts[given]` to `starts[given + 1]`.
 */
class TopMargins {
  readonly starts: Int32Array;
  /** The other label of each pair. */
  readonly labels: Int32Array;
  readonly quotas: Int32Array;
  /** After `isWithin` has seen every contested row: 1 where only the order of ties says who belongs. */
  readonly isOpen: Uint8Array;
  /** By given label: no margin below this can move any of its boundaries. */
  readonly lowestCuts: Float64Array;
  /** The quota-th largest margin so far; -Infinity until the quota is met. */
  private readonly cuts: Float64Array;
  /** Margins equal to the cut that found no room. */
  private readonly left: Int32Array;
  private readonly offsets: Int32Array;
  private readonly lengths: Int32Array;
  private readonly fullAt: Int32Array;
  private readonly margins: Float64Array;
  /** Keeps the reads of `fetch` from being optimised away. */
  fetched = 0;

  constructor(input: PruneInput) {
    const { counts, k } = input;
    this.starts = new Int32Array(k + 1);
    this.lowestCuts = new Float64Array(k).fill(Number.POSITIVE_INFINITY);
    const labels: number[] = [];
    for (let given = 0; given < k; given++) {
      for (let j = 0; j < k && isPruned(input, given); j++)
        if (j !== given && counts[given * k + j]! > 0) labels.push(j);
      this.starts[given + 1] = labels.length;
    }
    const pairs = labels.length;
    this.labels = Int32Array.from(labels);
    this.quotas = new Int32Array(pairs);
    this.isOpen = new Uint8Array(pairs);
    this.cuts = new Float64Array(pairs).fill(Number.NEGATIVE_INFINITY);
    this.left = new Int32Array(pairs);
    this.offsets = new Int32Array(pairs);
    this.lengths = new Int32Array(pairs);
    let room = 0;
    for (let given = 0; given < k; given++) {
      for (let slot = this.starts[given]!; slot < this.starts[given + 1]!; slot++) {
        const quota = counts[given * k + labels[slot]!]!;
        this.lowestCuts[given] = Number.NEGATIVE_INFINITY;
        this.quotas[slot] = quota;
        this.offsets[slot] = room;
        room += roomFor(quota);
      }
    }
    this.fullAt = this.quotas.slice();
    this.margins = new Float64Array(room);
  }

  /**
   * Touches every cache line of a block of scattered rows. The reads do not wait for one another; those of the
   * loops that follow would, behind their unpredictable branches, and memory latency would take most of the time.
   */
  fetch(probs: Probabilities, rows: Int32Array, start: number, end: number, k: number): void {
    let sum = 0;
    for (let i = start; i < end; i++) {
      const base = rows[i]! * k;
      for (let j = 0; j < k; j += 16) sum += probs[base + j]!;
      sum += probs[base + k - 1]!;
    }
    this.fetched = sum;
  }

  /** Takes the margins of the row whose probabilities start at `base`. */
  offer(probs: Probabilities, base: number, given: number, own: number): void {
    const { starts, labels, cuts, margins, lengths, offsets, fullAt } = this;
    const end = starts[given + 1]!;
    for (let slot = starts[given]!; slot < end; slot++) {
      const margin = probs[base + labels[slot]!]! - own;
      const cut = cuts[slot]!;
      if (margin < cut) continue;
      if (margin === cut) {
        this.left[slot]!++;
        continue;
      }
      const length = lengths[slot]! + 1;
      margins[offsets[slot]! + length - 1] = margin;
      lengths[slot] = length;
      if (length === fullAt[slot]) this.cutDown(slot, given);
    }
  }

  /** Settles every boundary. */
  finish(): void {
    for (let given = 0; given + 1 < this.starts.length; given++) {
      for (let slot = this.starts[given]!; slot < this.starts[given + 1]!; slot++) {
        if (this.lengths[slot]! > this.quotas[slot]!) this.cutDown(slot, given);
      }
    }
  }

  /** Whether one of the row's margins lies within its quota; a pair where only the order of ties tells is noted. */
  isWithin(probs: Probabilities, base: number, given: number, own: number): boolean {
    const { starts, labels, cuts, left, isOpen } = this;
    const start = starts[given]!;
    const end = starts[given + 1]!;
    let isTied = false;
    for (let slot = start; slot < end; slot++) {
      const margin = probs[base + labels[slot]!]! - own;
      if (margin < cuts[slot]!) continue;
      if (margin > cuts[slot]! || left[slot] === 0) return true;
      isTied = true;
    }
    if (isTied) {
      for (let slot = start; slot < end; slot++) {
        if (probs[base + labels[slot]!]! - own === cuts[slot]!) isOpen[slot] = 1;
      }
    }
    return false;
  }

  private cutDown(slot: number, given: number): void {
    const { margins } = this;
    const start = this.offsets[slot]!;
    const end = start + this.lengths[slot]!;
    const quota = this.quotas[slot]!;
    const excess = end - start - quota;
    const cut = quickselect(margins, excess, start, end);
    let left = cut === this.cuts[slot] ? this.left[slot]! : 0;
    for (let i = start; i < start + excess; i++) if (margins[i] === cut) left++;
    margins.copyWithin(start, start + excess, end);
    this.lengths[slot] = quota;
    this.fullAt[slot] = roomFor(quota);
    this.cuts[slot] = cut;
    this.left[slot] = left;
    let lowest = Number.POSITIVE_INFINITY;
    for (let s = this.starts[given]!; s < this.starts[given + 1]!; s++)
      lowest = Math.min(lowest, this.cuts[s]!);
    this.lowestCuts[given] = lowest;
  }
}

/** Twice the quota, so that a selection pays for as many margins as it discards. */
function roomFor(quota: number): number {
  return 2 * quota + 16;
}
