// How tight each class lies, how far the classes are from one another, and which of them overlap.
import type { Metric } from '../../../shared/domain/embedding.ts';
import { createRandom } from '../random.ts';
import {
  checkFeatures,
  checkGraph,
  checkLabels,
  type Features,
  type NeighbourGraph,
  rowsByClass,
  shuffle,
  unitRows,
} from './features.ts';
import { squaredDistance } from './k-means.ts';
import { silhouettes } from './silhouette.ts';

/** Mean pairwise distances are taken over this many rows of a class at most. */
const PAIRWISE_ROWS = 300;

export interface ClassGeometryInput extends Features {
  /** N label codes, -1 = none: such rows take no part. */
  readonly labels: Int32Array;
  readonly classes: number;
  readonly metric: Metric;
  /** For purity and overlaps; null leaves both to the distances. */
  readonly graph: NeighbourGraph | null;
  /** How many labelled neighbours of a row count; default 15. */
  readonly k?: number;
  readonly seed?: number;
}

/** Figures of one class; null where its rows do not define one. */
export interface ClassGeometryRow {
  readonly label: number;
  readonly n: number;
  /** Mean distance of its rows to its centroid: 0 for one row, null for none. */
  readonly intra: number | null;
  /** Mean distance between two of its rows; null below two rows. */
  readonly pairwise: number | null;
  /** The class with the nearest centroid. */
  readonly nearest: number | null;
  /** Distance to that centroid. */
  readonly inter: number | null;
  /** intra / inter: the lower, the better set apart; null below two rows. */
  readonly ratio: number | null;
  /** -1..1; null below two rows. */
  readonly silhouette: number | null;
  /** Mean share of a row's labelled neighbours with its label; null without any. */
  readonly purity: number | null;
}

/** "12% of the neighbours of `four` are `seven`, 9% the other way; their centres are 1.4 spreads apart." */
export interface GeometryOverlap {
  readonly a: number;
  readonly b: number;
  /** Distance of the centroids. */
  readonly distance: number;
  /** That distance / the mean of the two classes' `intra`; null when both are 0. */
  readonly separation: number | null;
  /** Share of a's neighbours that are b, and the other way round; null without a graph. */
  readonly shareOfA: number | null;
  readonly shareOfB: number | null;
}

export interface ClassGeometry {
  readonly rows: readonly ClassGeometryRow[];
  /** C x C centroid distances; NaN for classes without rows. */
  readonly centroidDistances: Float64Array;
  /** Mean silhouette over the rows. */
  readonly silhouette: number | null;
  readonly isSilhouetteExact: boolean;
  /** Pairs of classes that mix: most shared neighbours first; without a graph least separation first. */
  readonly overlaps: readonly GeometryOverlap[];
}

/**
 * Class geometry (ALGORITHMS 7). Centroids are means of the rows, under cosine of the rows scaled to length 1; cosine
 * distance 1 - cosine, a centroid or row of zeros being at 1 from everything. Pairwise distances from at most 300 rows
 * of a class, drawn by the seed; silhouettes as `silhouettes` does. Overlaps are the pairs with a neighbour in common
 * (with a graph), or whose centroids are nearer than the sum of their spreads (without).
 * Errors: as `checkFeatures`, `checkLabels` and `checkGraph`.
 */
export function classGeometry(input: ClassGeometryInput): ClassGeometry {
  const { n, d, labels, classes, metric, graph, k = 15, seed = 0 } = input;
  checkFeatures(input);
  checkLabels(labels, n, classes);
  if (graph !== null) checkGraph(graph, n);
  const random = createRandom(seed);
  const isCosine = metric === 'cosine';
  const features = isCosine ? unitRows(input) : input.features;
  const members = rowsByClass(labels, classes);
  const centroids = centroidsOf(features, d, members, isCosine);
  const between = (a: Float32Array, aStart: number, b: Float32Array, bStart: number): number =>
    isCosine ? cosineDistance(a, aStart, b, bStart, d) : Math.sqrt(squaredDistance(a, aStart, b, bStart, d));

  const intra = members.map((rows, label) =>
    meanOf(rows, (row) => between(features, row * d, centroids, label * d)),
  );
  const centroidDistances = new Float64Array(classes * classes).fill(Number.NaN);
  for (let a = 0; a < classes; a++) {
    for (let b = 0; b < classes; b++) {
      if (members[a]!.length === 0 || members[b]!.length === 0) continue;
      centroidDistances[a * classes + b] = a === b ? 0 : between(centroids, a * d, centroids, b * d);
    }
  }
  const pairwise = members.map((rows) => {
    const drawn =
      rows.length <= PAIRWISE_ROWS ? rows : shuffle(rows.slice(), random).subarray(0, PAIRWISE_ROWS);
    return meanPairwise(drawn, (a, b) => between(features, a * d, features, b * d));
  });
  const silhouette = silhouettes({ features, n, d, labels, classes, metric }, random);
  const shares = graph === null ? null : neighbourShares(graph, labels, classes, k);
  const rows = members.map(({ length }, label): ClassGeometryRow => {
    const nearest = nearestClass(centroidDistances, classes, label);
    const inter = nearest === null ? null : centroidDistances[label * classes + nearest]!;
    const isSpread = length > 1 && intra[label] !== null && inter !== null && inter > 0;
    const purity = shares?.[label * classes + label] ?? Number.NaN;
    return {
      label,
      n: length,
      intra: intra[label]!,
      pairwise: pairwise[label]!,
      nearest,
      inter,
      ratio: isSpread ? intra[label]! / inter : null,
      silhouette: silhouette.classes[label]!,
      purity: Number.isNaN(purity) ? null : purity,
    };
  });
  return {
    rows,
    centroidDistances,
    silhouette: silhouette.mean,
    isSilhouetteExact: silhouette.isExact,
    overlaps: overlapsOf(centroidDistances, intra, shares, classes),
  };
}

function centroidsOf(
  features: Float32Array,
  d: number,
  members: readonly Int32Array[],
  isCosine: boolean,
): Float32Array {
  const centroids = new Float32Array(members.length * d);
  const sum = new Float64Array(d);
  for (const [label, rows] of members.entries()) {
    sum.fill(0);
    for (const row of rows) for (let j = 0; j < d; j++) sum[j]! += features[row * d + j]!;
    for (let j = 0; j < d; j++) centroids[label * d + j] = sum[j]! / Math.max(rows.length, 1);
  }
  return isCosine ? unitRows({ features: centroids, n: members.length, d }) : centroids;
}

/** Of rows that have length 1 or 0. */
function cosineDistance(a: Float32Array, aStart: number, b: Float32Array, bStart: number, d: number): number {
  let dot = 0;
  for (let j = 0; j < d; j++) dot += a[aStart + j]! * b[bStart + j]!;
  return Math.max(1 - dot, 0);
}

function meanOf(rows: Int32Array, value: (row: number) => number): number | null {
  if (rows.length === 0) return null;
  let sum = 0;
  for (const row of rows) sum += value(row);
  return sum / rows.length;
}

function meanPairwise(rows: Int32Array, distance: (a: number, b: number) => number): number | null {
  if (rows.length < 2) return null;
  let sum = 0;
  for (let i = 1; i < rows.length; i++) for (let j = 0; j < i; j++) sum += distance(rows[i]!, rows[j]!);
  return (2 * sum) / (rows.length * (rows.length - 1));
}

/** C x C: mean share of a row's first k labelled neighbours with each label, by the row's label; NaN rows without any. */
function neighbourShares(
  graph: NeighbourGraph,
  labels: Int32Array,
  classes: number,
  k: number,
): Float64Array {
  const shares = new Float64Array(classes * classes);
  const judged = new Int32Array(classes);
  const votes = new Int32Array(classes);
  for (let row = 0; row < graph.n; row++) {
    const own = labels[row]!;
    if (own < 0) continue;
    votes.fill(0);
    let count = 0;
    for (let at = row * graph.k; at < (row + 1) * graph.k && count < k; at++) {
      const other = graph.indices[at]!;
      if (other < 0) break;
      const label = labels[other]!;
      if (label < 0) continue;
      votes[label]!++;
      count++;
    }
    if (count === 0) continue;
    judged[own]!++;
    for (let label = 0; label < classes; label++) shares[own * classes + label]! += votes[label]! / count;
  }
  // 0 / 0 is the NaN of a class without neighbours.
  return shares.map((sum, cell) => sum / judged[Math.floor(cell / classes)]!);
}

function nearestClass(distances: Float64Array, classes: number, label: number): number | null {
  let nearest: number | null = null;
  let closest = Number.POSITIVE_INFINITY;
  for (let other = 0; other < classes; other++) {
    const distance = distances[label * classes + other]!;
    if (other !== label && distance < closest) {
      closest = distance;
      nearest = other;
    }
  }
  return nearest;
}

function overlapsOf(
  distances: Float64Array,
  intra: readonly (number | null)[],
  shares: Float64Array | null,
  classes: number,
): GeometryOverlap[] {
  const overlaps: GeometryOverlap[] = [];
  for (let a = 0; a < classes; a++) {
    for (let b = a + 1; b < classes; b++) {
      const distance = distances[a * classes + b]!;
      if (Number.isNaN(distance)) continue;
      const spread = ((intra[a] ?? 0) + (intra[b] ?? 0)) / 2;
      const separation = spread > 0 ? distance / spread : null;
      const shareOfA = shares === null ? null : shares[a * classes + b]! || 0;
      const shareOfB = shares === null ? null : shares[b * classes + a]! || 0;
      const isMixed = shares === null ? distance < 2 * spread : shareOfA! + shareOfB! > 0;
      if (isMixed) overlaps.push({ a, b, distance, separation, shareOfA, shareOfB });
    }
  }
  const mixing = ({ shareOfA, shareOfB }: GeometryOverlap): number => (shareOfA ?? 0) + (shareOfB ?? 0);
  return overlaps.sort(
    (x, y) => mixing(y) - mixing(x) || (x.separation ?? 0) - (y.separation ?? 0) || x.a - y.a || x.b - y.b,
  );
}
