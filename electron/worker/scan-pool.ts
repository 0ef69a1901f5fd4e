// The scanning threads of the worker process. A thread that dies takes only its batch with it: the batch is scanned
// again file by file on a fresh thread, and the file that kills it is named.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { FileFailure } from '../../shared/domain/dataset.ts';
import { copyRow, fileColumns } from '../ipc/clip-columns.ts';
import type { ScanReply, ScanRequest } from './scan-protocol.ts';

interface Pending {
  readonly request: ScanRequest;
  /** Null: the thread died on it. */
  readonly resolve: (reply: ScanReply | null) => void;
}

interface Thread {
  worker: Worker;
  pending: Pending | null;
}

const threadFile = new URL(
  import.meta.url.endsWith('.ts') ? './scan-thread.ts' : './scan-thread.js',
  import.meta.url,
);

export class ScanPool {
  readonly size: number;
  private readonly threads: Thread[] = [];
  private readonly queue: Pending[] = [];
  private isClosed = false;

  constructor(size = Math.max(1, Math.min(8, availableParallelism()))) {
    this.size = size;
  }

  /** Scans one batch of files; never rejects, failures are in the reply. */
  async scan(request: ScanRequest): Promise<ScanReply> {
    return (await this.scanOnce(request)) ?? this.scanOneByOne(request);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.threads.map((thread) => thread.worker.terminate()));
  }

  /** Null: the thread died on it. */
  private scanOnce(request: ScanRequest): Promise<ScanReply | null> {
    return new Promise((resolve) => {
      this.queue.push({ request, resolve });
      this.pump();
    });
  }

  /** A batch that a thread died on: finds the file that did it, and keeps the others. */
  private async scanOneByOne(request: ScanRequest): Promise<ScanReply> {
    const files = fileColumns(request.paths.length);
    const failures: FileFailure[] = [];
    for (const [row, path] of request.paths.entries()) {
      const one = await this.scanOnce({
        root: request.root,
        paths: [path],
        knownBytes: request.knownBytes.slice(row, row + 1),
        knownModifiedMs: request.knownModifiedMs.slice(row, row + 1),
      });
      if (one !== null) {
        copyRow(one.files, 0, files, row);
        failures.push(...one.failures);
      } else {
        failures.push({
          file: path,
          code: 'audio/decoder-crash',
          message: `${path}: the decoder stopped working on this file. It was left out.`,
        });
      }
    }
    return { files, failures };
  }

  private pump(): void {
    if (this.isClosed) return;
    while (this.queue.length > 0) {
      let idle = this.threads.find((thread) => thread.pending === null);
      if (!idle && this.threads.length < this.size) idle = this.addThread();
      if (!idle) return;
      const next = this.queue.shift() as Pending;
      idle.pending = next;
      idle.worker.postMessage(next.request);
    }
  }

  private addThread(): Thread {
    const thread: Thread = { worker: this.start(() => thread), pending: null };
    this.threads.push(thread);
    return thread;
  }

  private start(threadOf: () => Thread): Worker {
    const worker = new Worker(threadFile);
    worker.unref();
    worker.on('message', (reply: ScanReply) => {
      const thread = threadOf();
      const finished = thread.pending;
      thread.pending = null;
      finished?.resolve(reply);
      this.pump();
    });
    worker.on('error', () => {
      // The exit that follows is where the batch is given back.
    });
    worker.on('exit', () => {
      const thread = threadOf();
      if (this.isClosed || thread.worker !== worker) return;
      const lost = thread.pending;
      this.threads.splice(this.threads.indexOf(thread), 1);
      lost?.resolve(null);
      this.pump();
    });
    return worker;
  }
}
