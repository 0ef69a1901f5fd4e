// Timing Earmark beside a rival on the same machine in the same run: legs in turn (A B A B ...), the median of
// three, the load of the machine looked at before each leg. Read ratios, not seconds.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, release, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';

export interface Leg {
  readonly name: string;
  /** Does the work once and returns its seconds, without starting up and without reading inputs. */
  readonly run: () => Promise<number> | number;
}

export interface LegResult {
  readonly name: string;
  /** Each round's seconds. */
  readonly seconds: readonly number[];
  readonly median: number;
  /** The largest share of the machine that others used just before a round. */
  readonly busiest: number;
}

/** A ratio (rival's seconds / ours) or a duration, with the goal set for it, if any. */
export interface Goal {
  readonly what: string;
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** True when the other side of the ratio was not measured in this run. */
  readonly isRecorded?: boolean;
}

export interface BenchResult {
  readonly name: string;
  readonly size: Readonly<Record<string, number>>;
  readonly legs: readonly LegResult[];
  readonly goals: readonly Goal[];
  readonly notes: readonly string[];
}

export interface BenchOptions {
  /** Smaller inputs and one round: checks that the bench works, measures nothing. */
  readonly isQuick: boolean;
  /** Also rivals that take many minutes. */
  readonly isFull: boolean;
}

export type Bench = (options: BenchOptions) => Promise<BenchResult[]>;

/** Above this share of the machine in others' hands a round is worth little. */
const BUSY = 0.25;
const LONGEST_WAIT_MS = 20_000;

/** Runs the legs in turn, `rounds` times. Waits up to 20 s before each round of a leg for the machine to be idle. */
export async function interleave(legs: readonly Leg[], rounds = 3): Promise<LegResult[]> {
  const seconds = legs.map((): number[] => []);
  const busiest = legs.map(() => 0);
  for (let round = 0; round < rounds; round++) {
    for (const [at, leg] of legs.entries()) {
      busiest[at] = Math.max(busiest[at]!, rounds > 1 ? await waitForIdle() : 0);
      seconds[at]!.push(await leg.run());
    }
  }
  return legs.map((leg, at) => ({
    name: leg.name,
    seconds: seconds[at]!,
    median: medianOf(seconds[at]!),
    busiest: busiest[at]!,
  }));
}

/** Seconds of one call: the mean of `repeats` calls in a row. */
export function timeCalls(work: () => unknown, repeats = 1): number {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) work();
  return (performance.now() - start) / 1000 / repeats;
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Runs a program to its end and returns what it printed; undefined where it is not installed. */
export async function runProgram(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve(undefined);
      else reject(error);
    });
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else if (/ModuleNotFoundError|No module named/.test(errors)) resolve(undefined);
      else
        reject(new Error(`${command} ended with ${code}: ${errors.trim().split('\n').slice(-3).join(' ')}`));
    });
  });
}

/** A folder that is removed after `work`. */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'earmark-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a rival of bench/rivals/npm.ts; undefined where its package is not installed. */
export async function runNpmRival(...args: readonly string[]): Promise<string | undefined> {
  return runProgram(process.execPath, [join(import.meta.dirname, '../rivals/npm.ts'), ...args]);
}

/** Where the system's Python is; Debian's packages live beside this one. */
export const systemPython = process.env.EARMARK_PYTHON ?? '/usr/bin/python3';

export function machine(): string {
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  return `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} threads, ${memory} GiB, ${type()} ${release()}, Node ${process.versions.node}`;
}

export function printResult(result: BenchResult): void {
  const size = Object.entries(result.size).map(([key, value]) => `${key} = ${value.toLocaleString('en')}`);
  console.log(`\n${result.name} (${size.join(', ')})`);
  for (const leg of result.legs) {
    const rounds = leg.seconds.map(secondsText).join(', ');
    const busy =
      leg.busiest > BUSY ? `  machine ${(leg.busiest * 100).toFixed(0)}% busy with other work` : '';
    console.log(`  ${leg.name.padEnd(44)} ${secondsText(leg.median).padStart(10)}   (${rounds})${busy}`);
  }
  for (const goal of result.goals) {
    const recorded = goal.isRecorded === true ? '  (recorded elsewhere, not measured here)' : '';
    console.log(
      `  ${goal.what.padEnd(44)} ${goal.value.toPrecision(3).padStart(10)}   ${verdict(goal)}${recorded}`,
    );
  }
  for (const note of result.notes) console.log(`  ${note}`);
}

function verdict({ value, atLeast, atMost }: Goal): string {
  if (atLeast !== undefined) return `goal >= ${atLeast}: ${value >= atLeast ? 'met' : 'MISSED'}`;
  if (atMost !== undefined) return `goal <= ${atMost}: ${value <= atMost ? 'met' : 'MISSED'}`;
  return '';
}

export async function writeResults(path: string, results: readonly BenchResult[]): Promise<void> {
  await writeFile(path, `${JSON.stringify({ machine: machine(), results }, null, 2)}\n`);
}

function secondsText(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  return seconds >= 0.001 ? `${(seconds * 1000).toFixed(1)} ms` : `${(seconds * 1e6).toFixed(0)} us`;
}

/** Waits until others use less than `BUSY` of the machine, at most 20 s; returns the share they used last. */
async function waitForIdle(): Promise<number> {
  const start = performance.now();
  for (;;) {
    const before = cpuTimes();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const after = cpuTimes();
    const share = (after.busy - before.busy) / Math.max(1, after.total - before.total);
    if (share < BUSY || performance.now() - start > LONGEST_WAIT_MS) return share;
  }
}

function cpuTimes(): { busy: number; total: number } {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const working = times.user + times.nice + times.sys + times.irq;
    busy += working;
    total += working + times.idle;
  }
  return { busy, total };
}
