// The command line as a process of its own, as a person starts it, with the peak memory of it and of every process it
// starts.
import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const checkout = join(import.meta.dirname, '../..');

/** Arguments for Node that start the `earmark` command of this checkout. */
export const earmarkCommand = [
  '--require',
  join(checkout, 'electron/cli/require-node.cjs'),
  join(checkout, 'electron/cli/main.ts'),
] as const;

export interface CommandRun {
  /** What it printed as JSON. */
  readonly result: unknown;
  /** From the start of the process to its end. */
  readonly seconds: number;
  /** Peak resident memory by process, MiB; empty where the system does not tell (only Linux does). */
  readonly peakMib: Readonly<Record<string, number>>;
}

const POLL_MS = 50;

/** Runs `earmark ARGS --json` to its end. @throws Error with what it said when it failed. */
export function runEarmark(args: readonly string[]): Promise<CommandRun> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, [...earmarkCommand, ...args, '--json', '--quiet'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    const memory = watchMemory(child.pid ?? -1, 'command');
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = (performance.now() - start) / 1000;
      const peakMib = memory.stop();
      if (code === 0) resolve({ result: JSON.parse(output) as unknown, seconds, peakMib });
      else reject(new Error(`earmark ${args[0]} ended with ${code}: ${output.trim()} ${errors.trim()}`));
    });
  });
}

/** Follows a process and what it starts until `stop`, which returns the peaks in MiB; children are named by their file. */
export function watchMemory(pid: number, name: string): { stop(): Record<string, number> } {
  const peaks: Record<string, number> = {};
  const look = (at: number, as: string): void => {
    const peak = peakOf(at);
    if (peak === null) return;
    peaks[as] = Math.max(peaks[as] ?? 0, peak);
    for (const child of childrenOf(at)) look(child, nameOf(child));
  };
  const timer = setInterval(() => look(pid, name), POLL_MS);
  return {
    stop() {
      clearInterval(timer);
      return peaks;
    },
  };
}

function peakOf(pid: number): number | null {
  const line = /VmHWM:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`));
  return line === null ? null : Number(line[1]) / 1024;
}

function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);
}

/** `worker` for `node .../electron/worker/entry.ts`. */
function nameOf(pid: number): string {
  return /\/(\w+)\/entry\.\w+/.exec(read(`/proc/${pid}/cmdline`))?.[1] ?? 'other';
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // The process is gone, or this is no Linux.
  }
}

export function memoryNote(what: string, peaks: Readonly<Record<string, number>>): string {
  const parts = Object.entries(peaks).map(([name, mib]) => `${name} ${mib.toFixed(0)} MiB`);
  return parts.length === 0
    ? `${what}: peak memory is only known on Linux.`
    : `${what}: peak memory ${parts.join(', ')}.`;
}

/** Runs ffmpeg to its end; what it said, undefined where it is not installed. */
export async function runFfmpeg(args: readonly string[]): Promise<string | undefined> {
  try {
    return (await promisify(execFile)('ffmpeg', ['-nostdin', '-nostats', '-y', ...args])).stderr;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
