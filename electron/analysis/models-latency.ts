// Time of one clip through a model, warm, one at a time: what a person would wait for, unlike the share of a batch.
import type { Latency } from '../../shared/domain/embedding.ts';
import type { Blocks, ModelRunner } from '../models/index.ts';

/** All blocks of one clip. */
export type WarmClip = readonly Blocks[];

const WARM_UP = 3;
/** Slow models are measured on fewer clips: `clips` says on how many. */
const LONGEST_MS = 10_000;

/** Milliseconds of each clip through the model alone. */
export async function timeClips(runner: ModelRunner, clips: readonly WarmClip[]): Promise<number[]> {
  const times: number[] = [];
  const began = performance.now();
  for (const [at, clip] of [...clips.slice(0, WARM_UP), ...clips].entries()) {
    const start = performance.now();
    for (const blocks of clip) await runner.run(blocks, new Array<number>(blocks.count).fill(at));
    runner.forget(at);
    if (at >= WARM_UP || at >= clips.length) times.push(performance.now() - start);
    if (performance.now() - began > LONGEST_MS) break;
  }
  return times;
}

/** Median and 95th percentile (nearest rank); null without a clip. */
export function measureLatency(times: readonly number[]): Latency | null {
  if (times.length === 0) return null;
  const sorted = Float64Array.from(times).sort();
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  return { median: rank(0.5), p95: rank(0.95), clips: sorted.length };
}
