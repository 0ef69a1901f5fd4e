// How the leader of a team and its helper threads share work: a few words in shared memory. Helpers come in by ACTIVE
// and only while OPEN, so the leader may write the next job once OPEN is 0 and ACTIVE is 0. Chunks are claimed from
// NEXT. Threads look for work for some microseconds before they sleep: t-SNE has many short steps.
import type { KernelMemory, KernelModule } from '../compute/kernels/webassembly.ts';

/** What a helper thread is started with. */
export interface TeamThreadData {
  readonly module: KernelModule;
  readonly memory: KernelMemory;
  readonly control: TeamControl;
}

export interface TeamControl {
  /** The words below. */
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly args: Float64Array<SharedArrayBuffer>;
}

/** Words lie a cache line apart where threads write them. */
export const JOB = 0;
export const OPEN = 16;
export const NEXT = 32;
export const ACTIVE = 48;
export const FAILED = 64;
export const CLOSING = 65;
export const CHUNKS = 80;
export const KERNEL = 81;
export const ARGUMENTS = 82;
const WORDS = 96;

export const MAX_ARGUMENTS = 24;
/** About 20 microseconds. */
const LOOKS = 2_000;

export function createControl(): TeamControl {
  return {
    words: new Int32Array(new SharedArrayBuffer(WORDS * 4)),
    args: new Float64Array(new SharedArrayBuffer(MAX_ARGUMENTS * 8)),
  };
}

/** Calls one kernel of the job at hand, by its place in the module's list of exports. */
export type CallKernel = (kernel: number, chunk: number, args: readonly number[]) => void;

/** Works on the job at hand until no chunk is left. A kernel that throws ends the job for all. */
export function workOnJob({ words, args }: TeamControl, call: CallKernel): void {
  const kernel = words[KERNEL]!;
  const chunks = words[CHUNKS]!;
  const values = Array.from(args.subarray(0, words[ARGUMENTS]));
  try {
    for (let chunk = Atomics.add(words, NEXT, 1); chunk < chunks; chunk = Atomics.add(words, NEXT, 1)) {
      call(kernel, chunk, values);
    }
  } catch {
    Atomics.store(words, FAILED, 1);
    Atomics.store(words, NEXT, chunks);
  }
}

/** A helper's life: waits for jobs, joins those still open, until the team closes. */
export function serveJobs(control: TeamControl, call: CallKernel): void {
  const { words } = control;
  let job = 0;
  for (;;) {
    waitWhile(words, JOB, job);
    job = Atomics.load(words, JOB);
    if (Atomics.load(words, CLOSING) === 1) return;
    Atomics.add(words, ACTIVE, 1);
    if (Atomics.load(words, OPEN) === 1) workOnJob(control, call);
    if (Atomics.sub(words, ACTIVE, 1) === 1) Atomics.notify(words, ACTIVE);
  }
}

/** Returns when the word is no longer `value`, or after `timeoutMs`. */
export function waitWhile(words: TeamControl['words'], at: number, value: number, timeoutMs?: number): void {
  for (let look = 0; look < LOOKS; look++) {
    if (Atomics.load(words, at) !== value) return;
  }
  Atomics.wait(words, at, value, timeoutMs);
}
