// A team of threads over shared memory: the calling thread leads and works too. `run` blocks it until the job is
// done, so long computations are cut into several runs. A thread that dies makes `run` throw, never hang.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { EarmarkError } from '../../shared/errors.ts';
import { type Kernel, type KernelModule, linkKernels } from '../compute/kernels/webassembly.ts';
import { createSoloTeam, findKernel, type Team, TeamMemory } from '../compute/team.ts';
import * as protocol from './team-protocol.ts';

// By way of the folder's name: a bundle may have this code in a folder beside it.
const threadFile = new URL(
  import.meta.url.endsWith('.ts') ? '../analysis/team-thread.ts' : '../analysis/team-thread.js',
  import.meta.url,
);

/** How long the leader waits for its helpers before it looks whether they live. */
const LOOK_AFTER_MS = 250;

export function defaultThreads(): number {
  return Math.max(1, Math.min(8, availableParallelism()));
}

/**
 * A team of `threads` threads, this one included; they do not keep the process alive. With one thread no other is
 * started.
 * @param file What the helpers run; for tests.
 * @throws EarmarkError `team/thread-lost` when a thread does not start.
 */
export async function createTeam(
  module: KernelModule,
  threads = defaultThreads(),
  file = threadFile,
): Promise<Team> {
  if (threads <= 1) return createSoloTeam(module);
  const team = new ThreadTeam(module, threads, file);
  try {
    await team.isReady();
  } catch (error) {
    await team.close();
    throw error;
  }
  return team;
}

class ThreadTeam extends TeamMemory implements Team {
  readonly threads: number;
  private readonly kernels: ReadonlyMap<string, Kernel>;
  private readonly names: readonly string[];
  private readonly control = protocol.createControl();
  private readonly helpers: readonly Worker[];
  private isLost = false;

  constructor(module: KernelModule, threads: number, file: URL) {
    super();
    this.threads = threads;
    this.kernels = linkKernels(module, this.memory);
    this.names = [...this.kernels.keys()];
    const workerData: protocol.TeamThreadData = { module, memory: this.memory, control: this.control };
    this.helpers = Array.from({ length: threads - 1 }, () => {
      const helper = new Worker(file, { workerData });
      helper.unref();
      helper.on('error', () => {
        // The exit that follows is where the team is given up.
      });
      helper.on('exit', () => {
        this.isLost = true;
      });
      return helper;
    });
  }

  async isReady(): Promise<void> {
    await Promise.all(
      this.helpers.map(
        (helper) =>
          new Promise<void>((resolve, reject) => {
            // Waited for, so it may keep the process alive until it has answered.
            helper.ref();
            helper.once('message', () => {
              helper.unref();
              resolve();
            });
            helper.once('exit', () => reject(lost()));
            helper.postMessage('begin');
          }),
      ),
    );
  }

  run(kernel: string, chunks: number, ...args: readonly number[]): void {
    const call = findKernel(this.kernels, kernel);
    if (this.isLost) throw lost();
    if (chunks <= 0) return;
    if (chunks === 1) {
      call(0, ...args);
      return;
    }
    const { words, args: shared } = this.control;
    if (args.length > protocol.MAX_ARGUMENTS) throw new Error(`'${kernel}': more than 24 arguments`);
    shared.set(args);
    words[protocol.ARGUMENTS] = args.length;
    words[protocol.KERNEL] = this.names.indexOf(kernel);
    words[protocol.CHUNKS] = chunks;
    words[protocol.FAILED] = 0;
    words[protocol.NEXT] = 0;
    Atomics.store(words, protocol.OPEN, 1);
    Atomics.add(words, protocol.JOB, 1);
    Atomics.notify(words, protocol.JOB, chunks - 1);
    protocol.workOnJob(this.control, (_, chunk) => call(chunk, ...args));
    Atomics.store(words, protocol.OPEN, 0);
    this.waitForHelpers();
    if (Atomics.load(words, protocol.FAILED) === 1) throw new Error(`The kernel '${kernel}' failed.`);
  }

  /** Their exit says nothing while this thread blocks; a dead thread's clock does. */
  private waitForHelpers(): void {
    const { words } = this.control;
    for (;;) {
      const active = Atomics.load(words, protocol.ACTIVE);
      if (active === 0) return;
      const before = performance.now();
      protocol.waitWhile(words, protocol.ACTIVE, active, LOOK_AFTER_MS);
      if (performance.now() - before < LOOK_AFTER_MS) continue;
      if (this.helpers.some((helper) => helper.performance.eventLoopUtilization().active === 0)) {
        this.isLost = true;
        throw lost();
      }
    }
  }

  async close(): Promise<void> {
    const { words } = this.control;
    Atomics.store(words, protocol.CLOSING, 1);
    Atomics.add(words, protocol.JOB, 1);
    Atomics.notify(words, protocol.JOB);
    await Promise.all(this.helpers.map((helper) => helper.terminate()));
  }
}

function lost(): EarmarkError {
  return new EarmarkError(
    'team/thread-lost',
    'One of the threads of this computation stopped working, most likely for want of memory. Nothing was changed. Close other programs or take fewer threads, and start it again.',
  );
}
