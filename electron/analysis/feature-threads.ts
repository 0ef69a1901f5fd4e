// The feature threads beside inference: while the model works on some clips, they decode the next. A thread that dies
// takes one clip with it at most: the clips it had not answered for are tried again one by one.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { EarmarkError } from '../../shared/errors.ts';
import type {
  ClipJob,
  FeaturePiece,
  FeatureWork,
  FromFeatureThread,
  RowFailure,
  ToFeatureThread,
} from './feature-protocol.ts';

/** Clips handed to a thread at a time. */
const REQUEST_CLIPS = 32;

/** Requests of a thread: one at work, one waiting, so that it need not wait for this thread's attention. */
const REQUESTS = 2;

/** So many threads in a row that answered nothing: it is not their clips that kill them. */
const MAX_DEATHS = 20;

interface Request {
  readonly clips: readonly ClipJob[];
  /** Rows that something came for. */
  readonly begun: Set<number>;
  /** Rows whose last part or failure came. */
  readonly ended: Set<number>;
}

interface Thread {
  readonly worker: Worker;
  /** The first is at work. */
  readonly requests: Request[];
}

interface Arrived {
  readonly thread: Thread;
  readonly piece: FeaturePiece;
}

// By way of the folder's name: a bundle may have this code in a folder beside it.
const threadFile = new URL(
  import.meta.url.endsWith('.ts') ? '../analysis/feature-thread.ts' : '../analysis/feature-thread.js',
  import.meta.url,
);

const nothing = { data: new Float32Array(0), count: 0, frames: 0, features: 0 };

export function defaultFeatureThreads(): number {
  return Math.max(1, Math.min(4, availableParallelism()));
}

export class FeatureThreads {
  private readonly work: FeatureWork;
  private readonly size: number;
  private readonly file: URL;
  private readonly threads: Thread[] = [];
  private readonly arrived: Arrived[] = [];
  private readonly again: ClipJob[] = [];
  private lost: RowFailure[] = [];
  /** Threads that died since the last answer of any. */
  private deaths = 0;
  private isClosed = false;
  private wake: (() => void) | null = null;

  /** @param file What the threads run; for tests. */
  constructor(work: FeatureWork, size = defaultFeatureThreads(), file = threadFile) {
    this.work = work;
    this.size = size;
    this.file = file;
  }

  /**
   * What the threads make of the clips, in no certain order; every clip comes to its last part or to a failure, except
   * those on the way when the caller stops. To be called once.
   */
  async *pieces(clips: Iterable<ClipJob>): AsyncGenerator<FeaturePiece> {
    const source = clips[Symbol.iterator]();
    try {
      for (;;) {
        if (this.deaths > MAX_DEATHS) throw threadsLost();
        const isAllGiven = this.giveWork(source);
        if (this.lost.length > 0) {
          const failures = this.lost;
          this.lost = [];
          yield { blocks: nothing, parts: [], failures };
          continue;
        }
        const next = this.arrived.shift();
        if (next !== undefined) {
          next.thread.worker.postMessage({ type: 'taken' } satisfies ToFeatureThread);
          yield next.piece;
        } else {
          if (isAllGiven && this.threads.every(({ requests }) => requests.length === 0)) return;
          await new Promise<void>((resolve) => {
            this.wake = resolve;
          });
        }
      }
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()));
  }

  /** Gives every thread what it has room for. True when no clip is left to give. */
  private giveWork(source: Iterator<ClipJob>): boolean {
    for (;;) {
      const free =
        this.threads.find(({ requests }) => requests.length === 0) ??
        (this.threads.length < this.size
          ? null
          : this.threads.find(({ requests }) => requests.length < REQUESTS));
      if (free === undefined) return false;
      const clips = this.nextClips(source);
      if (clips.length === 0) return true;
      const thread = free ?? this.addThread();
      thread.requests.push({ clips, begun: new Set(), ended: new Set() });
      thread.worker.postMessage({ type: 'clips', clips } satisfies ToFeatureThread);
    }
  }

  private nextClips(source: Iterator<ClipJob>): readonly ClipJob[] {
    const single = this.again.pop();
    if (single !== undefined) return [single];
    const clips: ClipJob[] = [];
    while (clips.length < REQUEST_CLIPS) {
      const next = source.next();
      if (next.done) break;
      clips.push(next.value);
    }
    return clips;
  }

  private addThread(): Thread {
    const worker = new Worker(this.file, { workerData: this.work });
    const thread: Thread = { worker, requests: [] };
    this.threads.push(thread);
    worker.on('message', (message: FromFeatureThread) => {
      if (message.type === 'done') thread.requests.shift();
      else {
        const { parts, failures } = message.piece;
        for (const { row, isLast } of parts) {
          thread.requests[0]?.begun.add(row);
          if (isLast) thread.requests[0]?.ended.add(row);
        }
        for (const { row } of failures) thread.requests[0]?.ended.add(row);
        this.arrived.push({ thread, piece: message.piece });
        this.deaths = 0;
      }
      this.stir();
    });
    worker.on('error', () => {
      // The exit that follows is where its clips are given back.
    });
    worker.on('exit', () => this.bury(thread));
    return thread;
  }

  private bury(thread: Thread): void {
    if (this.isClosed) return;
    this.threads.splice(this.threads.indexOf(thread), 1);
    this.deaths++;
    for (const [at, { clips, begun, ended }] of thread.requests.entries()) {
      for (const clip of clips) {
        const { row, location } = clip;
        if (ended.has(row)) continue;
        // Only the request at work can hold the clip that did it.
        const isSuspect = at === 0 && (clips.length === 1 || begun.has(row));
        if (!isSuspect) {
          this.again.push(clip);
          continue;
        }
        this.lost.push({
          row,
          file: location.path,
          code: 'audio/decoder-crash',
          message: `${location.path}: the decoder stopped working on this file. It was left out.`,
        });
      }
    }
    this.stir();
  }

  private stir(): void {
    this.wake?.();
    this.wake = null;
  }
}

function threadsLost(): EarmarkError {
  return new EarmarkError(
    'run/threads-lost',
    `The threads that decode clips stopped working ${MAX_DEATHS} times in a row, most likely for want of memory. What was done is kept. Close other programs or take fewer threads, and start it again.`,
  );
}
