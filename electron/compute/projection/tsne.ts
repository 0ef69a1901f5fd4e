// t-SNE (van der Maaten & Hinton 2008) of a nearest-neighbour graph, step by step on a team of threads: ALGORITHMS 6.
// The same seed gives the same map, whatever the number of threads. What P and the repulsion are made of is in
// tsne-graph.ts and tsne-repulsion.ts.
import { usualIterations } from '../../../shared/domain/embedding.ts';
import { EarmarkError } from '../../../shared/errors.ts';
import { checkGraph } from '../embeddings/features.ts';
import { tsneWasm } from '../kernels/tsne.wasm.ts';
import { compileKernels, type KernelModule } from '../kernels/webassembly.ts';
import { createRandom } from '../random.ts';
import type { Team } from '../team.ts';
import { mapOrder } from './map-order.ts';
import { type EdgeMemory, jointProbabilities, type MetricGraph, renumber } from './tsne-graph.ts';
import {
  type Bounds,
  exactRepulsion,
  gridRepulsion,
  pointsPerChunk,
  type Repulsion,
} from './tsne-repulsion.ts';

export interface TsneOptions {
  /** About how many neighbours each point minds; lowered to (n - 1) / 3, with a note. 30. */
  readonly perplexity?: number;
  /** Steps in all. 750; of more than 50,000 points 1,000. */
  readonly iterations?: number;
  /** Steps with attraction multiplied by 12, at the beginning. 250, a third of fewer iterations. */
  readonly exaggerated?: number;
  /** Rows (x, y) to begin with, of any scale: two principal components. Random where there are none. */
  readonly initial?: Float32Array;
  /** max(n / 12, 200) (Belkina et al. 2019). */
  readonly learningRate?: number;
  readonly seed?: number;
  /** Ends when 50 steps bring less than this share of the KL divergence; 0, never, if left out. */
  readonly leastGain?: number;
  /** Distance of nodes of the repulsion's grid, in units of the map. 0.4. */
  readonly spacing?: number;
}

export interface TsneProgress {
  /** `placed`: the beginning, before the first step. */
  readonly phase: 'placed' | 'exaggerated' | 'embedding';
  readonly iteration: number;
  readonly iterations: number;
  /** Kullback-Leibler divergence, every 50 iterations (by the grid's Z); null between. */
  readonly kl: number | null;
  /** The map as it is: n rows (x, y), centred, in the order of the graph. Good until the next step. */
  coordinates(): Float32Array;
}

export interface TsneSeconds {
  readonly affinities: number;
  readonly repulsion: number;
  readonly descent: number;
}

export interface TsneResult {
  readonly coordinates: Float32Array;
  /** Kullback-Leibler divergence of the map from the neighbours; null when it was stopped before the first step. */
  readonly kl: number | null;
  /** Z summed over all pairs; else by the grid. */
  readonly isKlExact: boolean;
  readonly iterations: number;
  readonly perplexity: number;
  readonly learningRate: number;
  readonly isStopped: boolean;
  readonly seconds: TsneSeconds;
  /** Sentences for the person: what was done otherwise than asked. */
  readonly notes: readonly string[];
}

const EXAGGERATION = 12;
const FIRST_MOMENTUM = 0.5;
/** 0.8 in most programs: with 0.9, 750 steps reach what takes those 1,000 or more. */
const LAST_MOMENTUM = 0.9;
const INITIAL_DEVIATION = 1e-4;
const STATE = 6;
/** Up to here all pairs are summed in every step: more exact, and about as fast as the grid. */
const EXACT_UP_TO = 1000;
/** Up to here the KL divergence of the result sums over all pairs. */
const EXACT_KL_UP_TO = 25_000;
/** Finer is no better on maps of 3,000 to 105,829 points, and coarser no faster. */
const SPACING = 0.4;
const LARGEST_SIDE = 2048;
const REPORT_EVERY = 50;
/** When the points have found their groups, neighbours on the map become neighbours in memory. */
const RENUMBER_AT = [50, 150, 350];

let compiled: KernelModule | undefined;

/** What a team that makes and judges maps is made with. */
export function tsneKernels(): KernelModule {
  compiled ??= compileKernels(tsneWasm);
  return compiled;
}

/** Neighbours that t-SNE wants of each point: 3 x perplexity, fewer where there are fewer. */
export function tsneNeighbours(n: number, perplexity = 30): number {
  return Math.max(0, Math.min(n - 1, Math.floor(3 * perplexity)));
}

/**
 * One step per `next()`; each yields what to show. `next('stop')` ends with the picture as it is, `return()` drops it.
 * The team is made with `tsneKernels()`; its memory is given back at the end: about 16 n k bytes, and 8 for each of
 * the n k to 2 n k edges of P.
 * @throws EarmarkError `neighbours/shape`, `neighbours/range`, `tsne/shape`, `memory/full`, `team/thread-lost`.
 */
export function* tsne(
  graph: MetricGraph,
  options: TsneOptions,
  team: Team,
): Generator<TsneProgress, TsneResult, 'stop' | undefined> {
  checkShapes(graph, options.initial);
  const base = team.allocate(0);
  try {
    return yield* descend(graph, options, team);
  } finally {
    team.release(base);
  }
}

function* descend(
  graph: MetricGraph,
  options: TsneOptions,
  team: Team,
): Generator<TsneProgress, TsneResult, 'stop' | undefined> {
  const { n } = graph;
  const iterations = options.iterations ?? usualIterations('tsne', n);
  const exaggerated = Math.min(options.exaggerated ?? 250, Math.ceil(iterations / 3));
  const learningRate = options.learningRate ?? Math.max(n / EXAGGERATION, 200);
  const { perplexity, notes } = choosePerplexity(n, options.perplexity ?? 30);
  const map = new MapState(team, graph, placeInitially(n, options.initial, options.seed ?? 0), options);
  const progress = (phase: TsneProgress['phase'], iteration: number, kl: number | null): TsneProgress => ({
    phase,
    iteration,
    iterations,
    kl,
    coordinates: () => map.coordinates(),
  });
  let isStopped = (yield progress('placed', 0, null)) === 'stop';
  if (!isStopped) map.findAffinities(graph, perplexity);
  let iteration = 0;
  let before = Number.POSITIVE_INFINITY;
  while (iteration < iterations && !isStopped && n > 1) {
    const isExaggerated = iteration < exaggerated;
    if (RENUMBER_AT.includes(iteration)) map.renumber();
    map.step(isExaggerated ? EXAGGERATION : 1, isExaggerated ? FIRST_MOMENTUM : LAST_MOMENTUM, learningRate);
    iteration++;
    const kl = iteration % REPORT_EVERY === 0 ? map.divergence(false) : null;
    isStopped = (yield progress(isExaggerated ? 'exaggerated' : 'embedding', iteration, kl)) === 'stop';
    if (kl !== null && !isExaggerated && options.leastGain !== undefined) {
      if (before - kl < options.leastGain * kl) break;
      before = kl;
    }
  }
  const isKlExact = n <= EXACT_KL_UP_TO;
  return {
    coordinates: map.coordinates(),
    kl: n < 2 ? 0 : map.hasAffinities ? map.divergence(isKlExact) : null,
    isKlExact,
    iterations: iteration,
    perplexity,
    learningRate,
    isStopped,
    seconds: map.seconds,
    notes,
  };
}

function checkShapes(graph: MetricGraph, initial: Float32Array | undefined): void {
  checkGraph(graph);
  const { n, k } = graph;
  if (n > 1 && k < 1) {
    throw new EarmarkError(
      'tsne/shape',
      `t-SNE of ${n} points needs at least one neighbour of each. Nothing was computed.`,
      { n, k },
    );
  }
  if (initial !== undefined && initial.length !== 2 * n) {
    throw new EarmarkError(
      'tsne/shape',
      `A map of ${n} points begins with ${2 * n} numbers (x, y of each); got ${initial.length}. Nothing was computed.`,
      { n, initial: initial.length },
    );
  }
}

function choosePerplexity(n: number, wanted: number): { perplexity: number; notes: string[] } {
  const most = Math.max(1, (n - 1) / 3);
  if (wanted <= most) return { perplexity: Math.max(1, wanted), notes: [] };
  const shown = Number(most.toFixed(1));
  return {
    perplexity: most,
    notes: [`Perplexity ${wanted} needs more than ${n} points; ${shown} was taken, a third of the others.`],
  };
}

/** Centred, deviation 1e-4 along x, and a hundredth of it at random, so that equal points can part. */
function placeInitially(n: number, initial: Float32Array | undefined, seed: number): Float32Array {
  const random = createRandom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const points = new Float32Array(2 * n);
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < n; i++) {
    meanX += (initial?.[2 * i] ?? 0) / n;
    meanY += (initial?.[2 * i + 1] ?? 0) / n;
  }
  let square = 0;
  for (let i = 0; i < n; i++) square += ((initial?.[2 * i] ?? 0) - meanX) ** 2 / n;
  const scale = square > 0 && Number.isFinite(square) ? INITIAL_DEVIATION / Math.sqrt(square) : 0;
  const noise = scale > 0 ? INITIAL_DEVIATION / 100 : INITIAL_DEVIATION;
  for (let i = 0; i < n; i++) {
    points[2 * i] = scale * ((initial?.[2 * i] ?? 0) - meanX) + noise * normal();
    points[2 * i + 1] = scale * ((initial?.[2 * i + 1] ?? 0) - meanY) + noise * normal();
  }
  return points;
}

/** The points, their velocities and the graph, in the order that suits memory at the moment. */
class MapState {
  private readonly team: Team;
  private readonly n: number;
  private readonly perChunk: number;
  private readonly chunks: number;
  private readonly repulsionOf: () => Repulsion;
  private points: number;
  private next: number;
  /** STATE float32 a point: velocity, gains, mean gradient (x, y each). */
  private readonly state: number;
  private readonly forces: number;
  private readonly stats: number;
  /** Present place -> place in the caller's graph. */
  private readonly ids: Uint32Array;
  private bounds: Bounds;
  private graph: EdgeMemory | undefined;
  private repulsion: Repulsion | undefined;
  private readonly spent = { affinities: 0, repulsion: 0, descent: 0 };

  constructor(team: Team, { n }: MetricGraph, placed: Float32Array, { spacing = SPACING }: TsneOptions) {
    this.team = team;
    this.n = n;
    this.perChunk = pointsPerChunk(n);
    this.chunks = Math.ceil(n / this.perChunk);
    this.points = team.allocate(8 * n);
    this.next = team.allocate(8 * n);
    this.state = team.allocate(4 * STATE * n);
    this.forces = team.allocate(8 * n);
    this.stats = team.allocate(64 * Math.max(1, this.chunks));
    this.ids = mapOrder(placed);
    const points = team.float32(this.points, 2 * n);
    const state = team.float32(this.state, STATE * n);
    for (let i = 0; i < n; i++) {
      points[2 * i] = placed[2 * this.ids[i]!]!;
      points[2 * i + 1] = placed[2 * this.ids[i]! + 1]!;
      state[STATE * i + 2] = 1;
      state[STATE * i + 3] = 1;
    }
    this.bounds = boundsOf(points);
    this.repulsionOf = () =>
      n <= EXACT_UP_TO
        ? exactRepulsion(team, n)
        : gridRepulsion(team, n, { spacing, largestSide: LARGEST_SIDE });
  }

  get seconds(): TsneSeconds {
    return { ...this.spent };
  }

  get hasAffinities(): boolean {
    return this.graph !== undefined;
  }

  findAffinities(graph: MetricGraph, perplexity: number): void {
    if (graph.n < 2) return;
    const start = performance.now();
    this.graph = jointProbabilities(this.team, graph, this.ids, perplexity);
    this.repulsion = this.repulsionOf();
    this.spent.affinities += (performance.now() - start) / 1000;
  }

  coordinates(): Float32Array {
    const points = this.team.float32(this.points, 2 * this.n);
    const { x, y } = mean(points);
    const result = new Float32Array(2 * this.n);
    for (let i = 0; i < this.n; i++) {
      result[2 * this.ids[i]!] = points[2 * i]! - x;
      result[2 * this.ids[i]! + 1] = points[2 * i + 1]! - y;
    }
    return result;
  }

  step(exaggeration: number, momentum: number, rate: number): void {
    const { team, n, perChunk, chunks, points, next, forces, state, stats } = this;
    if (this.graph === undefined || this.repulsion === undefined) return;
    const { rows, edges } = this.graph.current;
    const start = performance.now();
    const z = this.repulsion.compute(points, this.bounds, forces);
    const middle = performance.now();
    team.run(
      'descend',
      chunks,
      ...[points, next, n, perChunk, rows, edges, exaggeration, forces, 1 / z, momentum, rate],
      ...[state, stats],
    );
    this.points = next;
    this.next = points;
    this.centre();
    this.spent.repulsion += (middle - start) / 1000;
    this.spent.descent += (performance.now() - middle) / 1000;
  }

  /** Forces do not mind where the map lies, but float32 does: it is moved back once it has strayed. */
  private centre(): void {
    const stats = this.team.float64(this.stats, 8 * this.chunks);
    let x = 0;
    let y = 0;
    let minX = Number.POSITIVE_INFINITY;
    let minY = Number.POSITIVE_INFINITY;
    let maxX = Number.NEGATIVE_INFINITY;
    let maxY = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < stats.length; at += 8) {
      x += stats[at]! / this.n;
      y += stats[at + 1]! / this.n;
      minX = Math.min(minX, stats[at + 2]!);
      minY = Math.min(minY, stats[at + 3]!);
      maxX = Math.max(maxX, stats[at + 4]!);
      maxY = Math.max(maxY, stats[at + 5]!);
    }
    this.bounds = { minX, minY, maxX, maxY };
    if (Math.hypot(x, y) < 0.1 * Math.max(maxX - minX, maxY - minY)) return;
    this.team.run('shift', this.chunks, this.points, this.n, this.perChunk, -x, -y);
    this.bounds = boundsOf(this.team.float32(this.points, 2 * this.n));
  }

  /** KL(P || Q), P zero outside the graph; with Z over all pairs, or as the last step had it. */
  divergence(isExact: boolean): number {
    const { team, n, perChunk, chunks } = this;
    if (this.graph === undefined || this.repulsion === undefined) return 0;
    const { rows, edges, negativeEntropy, mass } = this.graph.current;
    const exact = isExact ? exactRepulsion(team, n) : this.repulsion;
    const z = exact.compute(this.points, this.bounds, this.forces);
    team.run('stretch', chunks, this.points, n, perChunk, rows, edges, this.stats);
    let stretched = 0;
    for (const part of team.float64(this.stats, chunks)) stretched += part;
    return negativeEntropy + stretched + mass * Math.log(z);
  }

  /** Brings points that are near on the map near in memory. */
  renumber(): void {
    const { team, n } = this;
    if (this.graph === undefined) return;
    const start = performance.now();
    const points = team.float32(this.points, 2 * n);
    const order = mapOrder(points);
    this.graph = renumber(team, this.graph, order);
    const next = team.float32(this.next, 2 * n);
    const state = team.float32(this.state, STATE * n);
    const oldState = state.slice();
    const oldIds = this.ids.slice();
    for (let i = 0; i < n; i++) {
      const from = order[i]!;
      this.ids[i] = oldIds[from]!;
      next[2 * i] = points[2 * from]!;
      next[2 * i + 1] = points[2 * from + 1]!;
      for (let c = 0; c < STATE; c++) state[STATE * i + c] = oldState[STATE * from + c]!;
    }
    const swap = this.points;
    this.points = this.next;
    this.next = swap;
    this.spent.descent += (performance.now() - start) / 1000;
  }
}

function mean(points: Float32Array): { x: number; y: number } {
  let x = 0;
  let y = 0;
  for (let i = 0; i < points.length; i += 2) {
    x += points[i]!;
    y += points[i + 1]!;
  }
  return { x: (2 * x) / points.length, y: (2 * y) / points.length };
}

function boundsOf(points: Float32Array): Bounds {
  let minX = Number.POSITIVE_INFINITY;
  let minY = Number.POSITIVE_INFINITY;
  let maxX = Number.NEGATIVE_INFINITY;
  let maxY = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < points.length; i += 2) {
    minX = Math.min(minX, points[i]!);
    minY = Math.min(minY, points[i + 1]!);
    maxX = Math.max(maxX, points[i]!);
    maxY = Math.max(maxY, points[i + 1]!);
  }
  return { minX, minY, maxX, maxY };
}
