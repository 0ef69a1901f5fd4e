// Pictures of an embedding on a plane: t-SNE, UMAP, principal components. Shows itself from the first seconds, ends
// early with the picture as it is, and judges at the end what it kept.
import type { MapReport } from '../../shared/domain/embedding.ts';
import { neighbourKernels, neighbourSteps } from '../compute/neighbours/index.ts';
import { type PcaResult, pca } from '../compute/projection/pca.ts';
import { mapQuality } from '../compute/projection/quality.ts';
import { tsne, tsneKernels, tsneNeighbours } from '../compute/projection/tsne.ts';
import { umap } from '../compute/projection/umap.ts';
import { writeNpyFile } from '../formats/index.ts';
import type { AnalysisTasks } from '../ipc/analysis-tasks.ts';
import type { TaskContext } from '../ipc/dispatch.ts';
import { type FeatureRows, readFeatures, spread } from './features-file.ts';
import { runSteps } from './pace.ts';
import { createTeam, defaultThreads } from './team-threads.ts';

type Params = AnalysisTasks['project']['params'];
type Context = TaskContext<AnalysisTasks['project']['item']>;

/** What a method says of its map; the rest of the report is the same for all. */
type MethodReport = Pick<MapReport, 'kl' | 'varianceExplained' | 'iterations' | 'isStopped'> & {
  readonly coordinates: Float32Array;
  readonly notes: readonly string[];
};

interface Picture {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly kl: number | null;
  coordinates(): Float32Array;
}

export async function projectTask(params: Params, context: Context): Promise<MapReport> {
  const startedMs = performance.now();
  const rows = await readFeatures(params.features);
  const maker = new MapMaker(rows, params, context);
  const made = await maker.make();
  await writeNpyFile(params.out, spread(rows, made.coordinates, 2, Number.NaN), [rows.total, 2]);
  const seconds = (performance.now() - startedMs) / 1000;
  await context.emit({ phase: 'judging', done: 0, total: 1, kl: made.kl, coordinates: null });
  const { trustworthiness, knnRecall } = await maker.judge(made.coordinates);
  const { kl, varianceExplained, iterations, isStopped } = made;
  return {
    n: rows.n,
    seconds,
    kl,
    trustworthiness,
    knnRecall,
    varianceExplained: varianceExplained === null ? null : [...varianceExplained],
    iterations,
    isStopped,
    notes: [...rows.notes, ...made.notes],
  };
}

class MapMaker {
  private readonly rows: FeatureRows;
  private readonly params: Params;
  private readonly context: Context;
  private readonly threads: number;
  private shownMs = Number.NEGATIVE_INFINITY;

  constructor(rows: FeatureRows, params: Params, context: Context) {
    this.rows = rows;
    this.params = params;
    this.context = context;
    this.threads = params.threads ?? defaultThreads();
  }

  async make(): Promise<MethodReport> {
    const components = await this.findComponents();
    const made = await this.makeFrom(components);
    const isFlat = this.rows.n > 1 && components.varianceExplained.every((share) => share === 0);
    return isFlat
      ? { ...made, notes: [...made.notes, 'All rows are equal: where they lie on the map means nothing.'] }
      : made;
  }

  private async makeFrom(components: PcaResult): Promise<MethodReport> {
    const { method } = this.params;
    if (method === 'pca' || this.rows.n < 2) return reportOfComponents(components, method === 'pca');
    // The components alone are a picture already: people see something while neighbours are searched.
    await this.show('neighbours', 0, 1, null, () => components.coordinates);
    return method === 'tsne' ? this.makeTsne(components) : this.makeUmap(components);
  }

  private findComponents(): Promise<PcaResult> {
    const { features, n, d } = this.rows;
    return runSteps(
      pca({ features, n, d, isUnit: this.params.metric === 'cosine' }),
      this.context.signal,
      (share) => this.tell('principal components', share),
    );
  }

  private async makeTsne({ coordinates: initial }: PcaResult): Promise<MethodReport> {
    const { perplexity, seed, iterations } = this.params;
    const graph = await this.findNeighbours(tsneNeighbours(this.rows.n, perplexity));
    if (graph === null) return stoppedEarly(initial);
    const team = await createTeam(tsneKernels(), this.threads);
    try {
      const steps = tsne(
        graph.found,
        { perplexity, seed, initial, ...(iterations === null ? {} : { iterations }) },
        team,
      );
      const result = await this.play(
        (wish) => steps.next(wish),
        ({ phase, iteration, iterations: all, kl, coordinates }) => ({
          phase: phase === 'exaggerated' ? 'drawing together' : 't-SNE',
          done: iteration,
          total: all,
          kl,
          coordinates,
        }),
      );
      return { ...result, varianceExplained: null, notes: [...graph.notes, ...result.notes] };
    } finally {
      await team.close();
    }
  }

  private async makeUmap({ coordinates: initial }: PcaResult): Promise<MethodReport> {
    const { neighbours, minDist, seed, iterations } = this.params;
    // Each point counts among its own neighbours in this method's definition.
    const graph = await this.findNeighbours(Math.max(1, neighbours - 1));
    if (graph === null) return stoppedEarly(initial);
    const steps = umap(graph.found, initial, { minDist, seed, epochs: iterations });
    let isStopped = false;
    const result = await this.play(
      (wish) => {
        const step = steps.next();
        if (wish !== 'stop' || step.done) return step;
        isStopped = true;
        return { done: true, value: step.value };
      },
      ({ epoch, epochs, coordinates }) => ({
        phase: 'UMAP',
        done: epoch,
        total: epochs,
        kl: null,
        coordinates: () => coordinates.slice(),
      }),
    );
    return {
      coordinates: result.coordinates,
      kl: null,
      varianceExplained: null,
      iterations: result.epoch,
      isStopped,
      notes: graph.notes,
    };
  }

  /** @returns null when the picture is to be kept as it is. */
  private async findNeighbours(k: number) {
    const { features, n, d } = this.rows;
    const { metric, seed } = this.params;
    const team = await createTeam(neighbourKernels(), this.threads);
    try {
      const found = await runSteps(
        until(this.context.finish, neighbourSteps({ features, n, d, k, metric, seed }, team)),
        this.context.signal,
        (share) => this.tell('neighbours', share),
      );
      if (found === null) return null;
      return { found, notes: found.method === 'exact' ? [] : [found.note] };
    } finally {
      await team.close();
    }
  }

  /** Goes through the steps of a picture; a wish to finish ends it with the picture as it is. */
  private play<Step, Result>(
    next: (wish: 'stop' | undefined) => IteratorResult<Step, Result>,
    describe: (step: Step) => Picture,
  ): Promise<Result> {
    const { finish, signal } = this.context;
    return runSteps(stepsOf(next, finish), signal, (step) => {
      const { phase, done, total, kl, coordinates } = describe(step);
      return this.show(phase, done, total, kl, coordinates);
    });
  }

  private tell(phase: string, share: number): Promise<void> {
    return this.context.emit({
      phase,
      done: Math.round(share * 1000),
      total: 1000,
      kl: null,
      coordinates: null,
    });
  }

  /** Progress always, the picture itself the less often the more points it has: sending it takes time from making it. */
  private async show(
    phase: string,
    done: number,
    total: number,
    kl: number | null,
    coordinates: () => Float32Array,
  ): Promise<void> {
    const now = performance.now();
    const isDue = now - this.shownMs >= Math.max(150, this.rows.n / 100);
    if (isDue) this.shownMs = now;
    await this.context.emit({
      phase,
      done,
      total,
      kl,
      coordinates: isDue ? spread(this.rows, coordinates(), 2, Number.NaN) : null,
    });
  }

  /** How much of the neighbourhoods the picture keeps, on a sample of large ones. */
  async judge(points: Float32Array): Promise<Pick<MapReport, 'trustworthiness' | 'knnRecall'>> {
    const { features, n, d } = this.rows;
    const team = await createTeam(tsneKernels(), this.threads);
    try {
      const { metric, seed } = this.params;
      const { trustworthiness, knnRecall } = mapQuality({ features, n, d, metric, points }, { seed }, team);
      return { trustworthiness, knnRecall };
    } finally {
      await team.close();
    }
  }
}

function reportOfComponents(
  { coordinates, varianceExplained, rowsUsed }: PcaResult,
  isWanted: boolean,
): MethodReport {
  const n = coordinates.length / 2;
  return {
    coordinates,
    kl: null,
    varianceExplained: isWanted ? [...varianceExplained] : null,
    iterations: 0,
    isStopped: false,
    notes: rowsUsed < n ? [`The axes were found from ${rowsUsed} of the ${n} rows.`] : [],
  };
}

function stoppedEarly(coordinates: Float32Array): MethodReport {
  const notes = ['Ended before the neighbours were found: the picture shows the principal components.'];
  return { coordinates, kl: null, varianceExplained: null, iterations: 0, isStopped: true, notes };
}

/** The steps up to a wish to finish; their result, or null when they were cut short. */
function* until<Step, Result>(
  finish: AbortSignal,
  steps: Generator<Step, Result>,
): Generator<Step, Result | null> {
  for (;;) {
    if (finish.aborted) {
      return null;
    }
    const step = steps.next();
    if (step.done) return step.value;
    yield step.value;
  }
}

function* stepsOf<Step, Result>(
  next: (wish: 'stop' | undefined) => IteratorResult<Step, Result>,
  finish: AbortSignal,
): Generator<Step, Result> {
  for (;;) {
    const step = next(finish.aborted ? 'stop' : undefined);
    if (step.done) return step.value;
    yield step.value;
  }
}
