// Running a model over a dataset: threads decode, the model runs here, rows go to files as they come. What is done stays
// done when the process is killed; a clip that fails leaves its row NaN and is named.
import { basename } from 'node:path';
import type { Latency } from '../../shared/domain/embedding.ts';
import { cancelledError, EarmarkError } from '../../shared/errors.ts';
import type { AnalysisTasks, InferResult } from '../ipc/analysis-tasks.ts';
import type { TaskContext } from '../ipc/dispatch.ts';
import type { AudioLocation } from '../ipc/worker-tasks.ts';
import { type Blocks, RowPool } from '../models/index.ts';
import type { ClipJob, FeaturePiece, RowFailure } from './feature-protocol.ts';
import { defaultFeatureThreads, FeatureThreads } from './feature-threads.ts';
import { measureLatency, type WarmClip } from './models-latency.ts';
import { RowsFile } from './models-rows.ts';
import { type OpenModel, openSource } from './models-source.ts';

type InferParams = AnalysisTasks['infer']['params'];
type InferContext = TaskContext<AnalysisTasks['infer']['item']>;

/** Between two reports of progress. */
const REPORT_MS = 100;
/** Clips whose blocks are kept for measuring the latency, and the numbers they may have together. */
const WARM_CLIPS = 64;
const WARM_NUMBERS = 1 << 22;

/** Cancelled, it ends with `job/cancelled`; the rows written so far stay. */
export async function inferTask(params: InferParams, context: InferContext): Promise<InferResult> {
  const startedMs = performance.now();
  const threads = params.threads ?? defaultFeatureThreads();
  const model = await openSource(params.model, threads);
  const run = new InferRun(params, model);
  try {
    await run.perform(context, threads);
    return await run.result((performance.now() - startedMs) / 1000);
  } finally {
    run.close();
    await model.close();
  }
}

type Kind = 'scores' | 'embedding';

/** One of the two files: there from the start when an earlier run left it, else made with the first row. */
interface Output {
  readonly kind: Kind;
  readonly path: string;
  file: RowsFile | null;
}

interface OpenClip {
  readonly pools: Map<Kind, RowPool>;
  ms: number;
}

class InferRun {
  private readonly clips: readonly AudioLocation[];
  private readonly model: OpenModel;
  private readonly outputs: readonly Output[];
  private readonly open = new Map<number, OpenClip>();
  private readonly warm = new Map<number, WarmClip>();
  private readonly clipMs: number[] = [];
  private warmNumbers = 0;
  private failures: RowFailure[] = [];
  private firstFailure: RowFailure | null = null;
  private failed = 0;
  private done = 0;
  private already = 0;

  constructor({ clips, scoresOut, embeddingOut }: InferParams, model: OpenModel) {
    this.clips = clips;
    this.model = model;
    const { name } = model;
    if (scoresOut !== null && model.labels === null) {
      throw new EarmarkError(
        'model/no-scores',
        `${name} gives no scores, only an embedding. Nothing was run.`,
      );
    }
    if (embeddingOut !== null && !model.hasEmbedding) {
      throw new EarmarkError(
        'model/no-embedding',
        `${name} gives no embedding, only scores. Nothing was run.`,
      );
    }
    const wanted: [Kind, string | null][] = [
      ['scores', scoresOut],
      ['embedding', embeddingOut],
    ];
    this.outputs = wanted.flatMap(([kind, path]) =>
      path === null ? [] : [{ kind, path, file: RowsFile.open(path, clips.length) }],
    );
  }

  async perform(context: InferContext, threads: number): Promise<void> {
    const left = this.rowsLeft();
    this.already = this.clips.length - left.length;
    this.done = this.already;
    const features = new FeatureThreads(this.model.work, threads);
    let reportedMs = Number.NEGATIVE_INFINITY;
    const report = async (isLast: boolean): Promise<void> => {
      if (!isLast && performance.now() - reportedMs < REPORT_MS) return;
      reportedMs = performance.now();
      const failures = this.failures.map(({ row: _, ...failure }) => failure);
      this.failures = [];
      await context.emit({
        phase: `Running ${this.model.name}`,
        done: this.done,
        total: this.clips.length,
        failures,
      });
    };
    await report(false);
    for await (const piece of features.pieces(this.jobs(left))) {
      if (context.signal.aborted) throw cancelledError();
      await this.take(piece);
      await report(false);
    }
    await report(true);
  }

  async result(seconds: number): Promise<InferResult> {
    if (this.failed === this.clips.length && this.firstFailure !== null) {
      throw new EarmarkError(
        'model/no-results',
        `None of the ${this.clips.length} clips gave a result. The first: ${this.firstFailure.message}`,
        { code: this.firstFailure.code },
      );
    }
    const { labels, backend, threads, notes } = this.model;
    const latency = await this.latency();
    const width = (kind: Kind): number | null =>
      this.outputs.find((output) => output.kind === kind)?.file?.width ?? null;
    return {
      labels: this.outputs.some(({ kind }) => kind === 'scores') ? labels : null,
      dimensions: width('embedding'),
      clips: this.clips.length,
      failed: this.failed,
      computed: {
        backend,
        threads,
        msPerClip: latency,
        seconds,
        notes: [
          ...notes,
          ...(this.already > 0 ? [`${this.already} clips had been done before and were not run again.`] : []),
        ],
      },
    };
  }

  close(): void {
    for (const { file } of this.outputs) file?.close();
  }

  private rowsLeft(): number[] {
    const isDone = (row: number): boolean =>
      this.outputs.length > 0 && this.outputs.every(({ file }) => file?.done[row] === 1);
    return Array.from(this.clips.keys()).filter((row) => !isDone(row));
  }

  private *jobs(rows: readonly number[]): Generator<ClipJob> {
    for (const row of rows) yield { row, location: this.clips[row]! };
  }

  private async take({ blocks, parts, failures }: FeaturePiece): Promise<void> {
    const rows = parts.flatMap((part) => Array.from({ length: part.blocks }, () => part.row));
    if (blocks.count > 0) {
      const outputs = await this.model.run(blocks, rows);
      const size = blocks.frames * blocks.features;
      let at = 0;
      for (const { row, blocks: count, isLast, ms } of parts) {
        let clip = this.open.get(row);
        if (clip === undefined) {
          clip = { pools: new Map(), ms: 0 };
          this.open.set(row, clip);
        }
        clip.ms += ms;
        for (const { kind } of this.outputs) {
          const found = outputs[kind];
          if (found === null) continue;
          let pool = clip.pools.get(kind);
          if (pool === undefined) {
            pool = new RowPool(this.model.pooling, found.width);
            clip.pools.set(kind, pool);
          }
          const perBlock = found.perItem * found.width;
          pool.add(found.data.subarray(at * perBlock, (at + count) * perBlock));
        }
        this.keepWarm(row, { ...blocks, count, data: blocks.data.subarray(at * size, (at + count) * size) });
        at += count;
        if (isLast) this.finish(row, clip);
      }
    }
    for (const failure of failures) this.fail(failure);
  }

  private finish(row: number, clip: OpenClip): void {
    this.open.delete(row);
    this.model.forget(row);
    this.clipMs.push(clip.ms);
    const results = this.outputs.map((output) => ({ output, values: clip.pools.get(output.kind)?.finish() }));
    const isWhole = results.every(({ values }) => values?.every(Number.isFinite));
    if (!isWhole) {
      const { path } = this.clips[row]!;
      this.fail({
        row,
        file: path,
        code: 'model/nan',
        message: `${path}: ${this.model.name} gave numbers that are not finite (NaN or infinity) for this clip. Its row stays empty.`,
      });
      return;
    }
    for (const { output, values } of results) {
      if (values === undefined) continue;
      output.file ??= RowsFile.create(output.path, this.clips.length, values.length);
      if (output.file.width !== values.length) {
        throw new EarmarkError(
          'run/other-file',
          `${basename(output.path)} was begun with ${output.file.width} numbers a row, and the model gives ${values.length}: it is not the beginning of this run. Start it anew.`,
        );
      }
      output.file.write(row, values);
    }
    this.done++;
  }

  private fail(failure: RowFailure): void {
    this.open.delete(failure.row);
    this.warm.delete(failure.row);
    this.model.forget(failure.row);
    this.failures.push(failure);
    this.firstFailure ??= failure;
    this.failed++;
    this.done++;
  }

  private keepWarm(row: number, blocks: Blocks): void {
    const known = this.warm.get(row);
    if (known === undefined && this.warm.size >= WARM_CLIPS) return;
    this.warmNumbers += blocks.data.length;
    if (this.warmNumbers > WARM_NUMBERS) {
      // Its rest is not kept, and neither is a clip without its rest.
      if (known !== undefined) this.warm.delete(row);
      return;
    }
    if (known === undefined) this.warm.set(row, [blocks]);
    else this.warm.set(row, [...known, blocks]);
  }

  private async latency(): Promise<Latency | null> {
    return this.model.isWholeOnThreads
      ? measureLatency(this.clipMs)
      : measureLatency(await this.model.timeClips([...this.warm.values()]));
  }
}
