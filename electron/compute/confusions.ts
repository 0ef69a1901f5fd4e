// Reading a confusion matrix: the most frequent mistakes, and orders of the labels that bring similar ones together.

export interface Confusion {
  readonly given: number;
  readonly predicted: number;
  readonly count: number;
  /** Share of the items given this label. */
  readonly shareOfGiven: number;
}

/** The filled off-diagonal cells of a K x K matrix, most frequent first; equal counts by share, then by label. */
export function topConfusions(matrix: Int32Array, k: number, limit = Number.POSITIVE_INFINITY): Confusion[] {
  const found: Confusion[] = [];
  for (let given = 0; given < k; given++) {
    const row = matrix.subarray(given * k, (given + 1) * k);
    const support = row.reduce((sum, count) => sum + count, 0);
    for (let predicted = 0; predicted < k; predicted++) {
      const count = row[predicted]!;
      if (count > 0 && predicted !== given)
        found.push({ given, predicted, count, shareOfGiven: count / support });
    }
  }
  found.sort(
    (a, b) =>
      b.count - a.count || b.shareOfGiven - a.shareOfGiven || a.given - b.given || a.predicted - b.predicted,
  );
  return limit < found.length ? found.slice(0, limit) : found;
}

export type ClassOrder = 'name' | 'support' | 'error' | 'similarity';

/**
 * The labels 0..k-1 in an order for showing. name: as `names` sort (numbers by value), else as they are; support:
 * most given first; error: highest share of wrong predictions first, labels never given last; similarity: the
 * leaves of a hierarchical clustering of the confusions.
 */
export function orderClasses(
  matrix: Int32Array,
  k: number,
  by: ClassOrder,
  names?: readonly string[],
): Int32Array {
  const labels = Int32Array.from({ length: k }, (_, label) => label);
  if (by === 'similarity') return orderBySimilarity(matrix, k);
  if (by === 'name') {
    if (names === undefined) return labels;
    const collator = new Intl.Collator('und', { numeric: true });
    return labels.sort((a, b) => collator.compare(names[a] ?? '', names[b] ?? '') || a - b);
  }
  const support = labels.map((label) =>
    matrix.subarray(label * k, (label + 1) * k).reduce((sum, x) => sum + x, 0),
  );
  if (by === 'support') return labels.sort((a, b) => support[b]! - support[a]! || a - b);
  const error = Float64Array.from(labels, (label) =>
    support[label]! > 0 ? 1 - matrix[label * k + label]! / support[label]! : -1,
  );
  return labels.sort((a, b) => error[b]! - error[a]! || a - b);
}

/**
 * Leaf order of an average-linkage clustering on 1 - symmetrised row-normalised confusion (ALGORITHMS 7), by
 * chains of nearest neighbours (Murtagh 1983), O(k^2) time and memory. At each merge the two leaf sequences are
 * turned so that their closest ends meet.
 */
function orderBySimilarity(matrix: Int32Array, k: number): Int32Array {
  const leafDistance = confusionDistances(matrix, k);
  const distance = leafDistance.slice();
  const sizes = new Int32Array(k).fill(1);
  const sequences: Int32Array[] = Array.from({ length: k }, (_, label) => Int32Array.of(label));
  const isAlive = new Uint8Array(k).fill(1);
  const chain: number[] = [];
  for (let clusters = k; clusters > 1; ) {
    if (chain.length === 0) chain.push(isAlive.indexOf(1));
    const tip = chain[chain.length - 1]!;
    const previous = chain[chain.length - 2];
    // The previous element wins ties, or chains of equal distances would never end.
    let nearest = previous ?? -1;
    let closest = previous === undefined ? Number.POSITIVE_INFINITY : distance[tip * k + previous]!;
    for (let c = 0; c < k; c++) {
      if (isAlive[c] === 1 && c !== tip && distance[tip * k + c]! < closest) {
        closest = distance[tip * k + c]!;
        nearest = c;
      }
    }
    if (nearest !== previous) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    const keep = Math.min(tip, nearest);
    const gone = Math.max(tip, nearest);
    const share = sizes[keep]! / (sizes[keep]! + sizes[gone]!);
    for (let c = 0; c < k; c++) {
      if (isAlive[c] === 0 || c === keep || c === gone) continue;
      const merged = share * distance[keep * k + c]! + (1 - share) * distance[gone * k + c]!;
      distance[keep * k + c] = merged;
      distance[c * k + keep] = merged;
    }
    sequences[keep] = joinSequences(sequences[keep]!, sequences[gone]!, leafDistance, k);
    sizes[keep]! += sizes[gone]!;
    isAlive[gone] = 0;
    clusters--;
  }
  return sequences[isAlive.indexOf(1)] ?? new Int32Array(0);
}

function confusionDistances(matrix: Int32Array, k: number): Float64Array {
  const scale = new Float64Array(k);
  for (let i = 0; i < k; i++) {
    let support = 0;
    for (let j = 0; j < k; j++) support += matrix[i * k + j]!;
    scale[i] = support > 0 ? 0.5 / support : 0;
  }
  const distance = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let j = i + 1; j < k; j++) {
      const apart = 1 - (matrix[i * k + j]! * scale[i]! + matrix[j * k + i]! * scale[j]!);
      distance[i * k + j] = apart;
      distance[j * k + i] = apart;
    }
  }
  return distance;
}

function joinSequences(a: Int32Array, b: Int32Array, distance: Float64Array, k: number): Int32Array {
  const between = (x: number, y: number): number => distance[x * k + y]!;
  const [aFirst, aLast, bFirst, bLast] = [a[0]!, a[a.length - 1]!, b[0]!, b[b.length - 1]!];
  const options = [
    between(aLast, bFirst),
    between(aLast, bLast),
    between(aFirst, bFirst),
    between(aFirst, bLast),
  ];
  const best = options.indexOf(Math.min(...options));
  const joined = new Int32Array(a.length + b.length);
  joined.set(best >= 2 ? a.toReversed() : a);
  joined.set(best % 2 === 1 ? b.toReversed() : b, a.length);
  return joined;
}
