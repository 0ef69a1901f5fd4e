// The joint probabilities of t-SNE in a team's memory: made from nearest neighbours, and renumbered when the order of
// the points changes.
import type { Metric } from '../../../shared/domain/embedding.ts';
import type { NeighbourGraph } from '../embeddings/features.ts';
import type { Team } from '../team.ts';
import { pointsPerChunk } from './tsne-repulsion.ts';

/** Nearest neighbours, Euclidean or by cosine (1 - similarity). */
export interface MetricGraph extends NeighbourGraph {
  readonly metric: Metric;
}

/** Edges of P, both directions, in rows padded to multiples of four. */
export interface JointProbabilities {
  readonly n: number;
  /** u32[n + 1]. */
  readonly rows: number;
  /** (i32 neighbour, f32 share) each. */
  readonly edges: number;
  readonly edgeCount: number;
  /** Sum of P log P, and of P (1 but for rounding). */
  readonly negativeEntropy: number;
  readonly mass: number;
}

export interface EdgeMemory {
  readonly current: JointProbabilities;
  /** Where the renumbered graph will be written: as large as `current`. */
  readonly spareRows: number;
  readonly spareEdges: number;
}

/** Its square is far above any other and still a float32. */
const MISSING = 1e15;

/** Every thread scans all edges for those that lead to its points: few, large ranges. */
const RANGES = 8;

/**
 * P of the points in the order `order` (new -> old), with Gaussians of entropy log(perplexity). Uses 16 n k bytes
 * while it works and keeps them as room for renumbering.
 */
export function jointProbabilities(
  team: Team,
  graph: MetricGraph,
  order: Uint32Array,
  perplexity: number,
): EdgeMemory {
  const { n, k } = graph;
  const perChunk = pointsPerChunk(n);
  const chunks = Math.ceil(n / perChunk);
  const rows = team.allocate(4 * (n + 1));
  const spareRows = team.allocate(4 * (n + 1));
  const counts = team.allocate(4 * n);
  const starts = team.allocate(4 * (n + 1));
  // Behind each other: together the spare room for edges, at most 2 n k and three of padding in each row.
  const neighbours = team.allocate(16 * n * k + 24 * n);
  const probabilities = neighbours + 4 * n * k;
  const incoming = neighbours + 8 * n * k + ((8 * n * k) % 16);
  copyGraph(team, graph, order, neighbours, probabilities);
  const arena = team.allocate(64 + 32 * (4 * k + 16));
  team.int32(arena, 2)[1] = 4 * k + 16 - ((4 * k) % 16);
  team.run('calibrate', chunks, probabilities, n, k, perChunk, perplexity, arena);
  team.release(arena);
  team.run('sortRows', chunks, neighbours, probabilities, n, k, perChunk);
  const perRange = Math.ceil(n / RANGES);
  const ranges = Math.ceil(n / perRange);
  team.run('countIncoming', ranges, neighbours, n, k, perRange, counts);
  team.run('runningSum', 1, counts, n, starts);
  team.run('fillIncoming', ranges, neighbours, probabilities, n, k, perRange, counts, incoming);
  team.run('countEdges', chunks, neighbours, n, k, perChunk, starts, incoming, counts);
  team.run('runningSum', 1, counts, n, rows);
  const edgeCount = team.int32(rows, n + 1)[n]! >>> 0;
  const edges = team.allocate(8 * edgeCount);
  team.run(
    'writeEdges',
    chunks,
    ...[neighbours, probabilities, n, k, perChunk, starts, incoming, rows, edges, 1 / (2 * n)],
  );
  const sumsAt = team.allocate(16 * chunks);
  team.run('entropy', chunks, n, perChunk, rows, edges, sumsAt);
  const sums = team.float64(sumsAt, 2 * chunks);
  let negativeEntropy = 0;
  let mass = 0;
  for (let chunk = 0; chunk < chunks; chunk++) {
    negativeEntropy += sums[2 * chunk]!;
    mass += sums[2 * chunk + 1]!;
  }
  return {
    current: { n, rows, edges, edgeCount, negativeEntropy, mass },
    spareRows,
    spareEdges: neighbours,
  };
}

/** Rows in the new order, neighbours by their new numbers, distances squared. */
function copyGraph(
  team: Team,
  { n, k, indices, distances, metric }: MetricGraph,
  order: Uint32Array,
  neighbours: number,
  probabilities: number,
): void {
  const place = inverseOrder(order);
  const ids = team.int32(neighbours, n * k);
  const squares = team.float32(probabilities, n * k);
  for (let i = 0, to = 0; i < n; i++) {
    const from = order[i]! * k;
    for (let at = from; at < from + k; at++, to++) {
      const neighbour = indices[at]!;
      // A missing neighbour: an edge to itself, too long to count.
      ids[to] = neighbour < 0 ? i : place[neighbour]!;
      const distance = neighbour < 0 ? MISSING : distances[at]!;
      // Of vectors of length 1, the squared Euclidean distance is twice the cosine distance.
      squares[to] = metric === 'euclidean' ? distance * distance : 2 * distance;
    }
  }
}

/** The same graph with its points in the order `order` (new -> present), written to the spare room. */
export function renumber(team: Team, memory: EdgeMemory, order: Uint32Array): EdgeMemory {
  const { current, spareRows, spareEdges } = memory;
  const { n } = current;
  const base = team.allocate(0);
  const orderAt = team.allocate(4 * n);
  const placeAt = team.allocate(4 * n);
  team.int32(orderAt, n).set(order);
  team.int32(placeAt, n).set(inverseOrder(order));
  const rows = team.int32(current.rows, n + 1);
  const newRows = team.int32(spareRows, n + 1);
  let next = 0;
  for (let i = 0; i < n; i++) {
    newRows[i] = next;
    next += rows[order[i]! + 1]! - rows[order[i]!]!;
  }
  newRows[n] = next;
  const perChunk = pointsPerChunk(n);
  team.run(
    'moveEdges',
    Math.ceil(n / perChunk),
    ...[n, perChunk, orderAt, placeAt, current.rows, current.edges, spareRows, spareEdges],
  );
  team.release(base);
  return {
    current: { ...current, rows: spareRows, edges: spareEdges },
    spareRows: current.rows,
    spareEdges: current.edges,
  };
}

export function inverseOrder(order: Uint32Array): Uint32Array {
  const place = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) place[order[i]!] = i;
  return place;
}
