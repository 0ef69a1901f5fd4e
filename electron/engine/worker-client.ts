// The engine's side of the processes that work for it: calls with streamed items, cancel, and calls that outlive a
// restart of the process by failing with words. Everything the engine asks of untrusted files goes through here.
import { cancelledError, EarmarkError, fromErrorData } from '../../shared/errors.ts';
import type { RunOptions, TaskClient } from '../features/context.ts';
import type { FromHelper, HelperKind, TaskMap, ToHelper } from '../ipc/tasks.ts';

interface Call {
  readonly onItem: (item: unknown) => Promise<void> | void;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Items are taken one after the other, also when taking one is asynchronous. */
  tail: Promise<void>;
}

/** A task that does not stop within this time after a cancel is stopped with the process. */
const CANCEL_GRACE_MS = 800;

export interface HelperLink {
  readonly kind: HelperKind;
  send(message: ToHelper): void;
  /** Ends the process; the host starts a fresh one. */
  kill(): void;
}

/** What each process does, for the sentence that says it stopped. */
const work: Readonly<Record<HelperKind, string>> = {
  worker: 'The process that reads audio files',
  analysis: 'The process that computes and runs models',
};

export class RemoteTasks<Tasks extends TaskMap<Tasks>> implements TaskClient<Tasks> {
  private readonly calls = new Map<number, Call>();
  private readonly link: HelperLink;
  private nextId = 1;

  constructor(link: HelperLink) {
    this.link = link;
  }

  run<Name extends keyof Tasks & string>(
    task: Name,
    params: Tasks[Name]['params'],
    options: RunOptions<Tasks[Name]['item']> = {},
  ): Promise<Tasks[Name]['result']> {
    const { signal, finish, timeoutMs } = options;
    if (signal?.aborted) return Promise.reject(cancelledError());
    const id = this.nextId++;
    return new Promise<Tasks[Name]['result']>((resolve, reject) => {
      let graceTimer: NodeJS.Timeout | undefined;
      const cancel = (): void => {
        this.link.send({ type: 'cancel', id });
        if (options.killOnCancel) graceTimer = setTimeout(() => this.link.kill(), CANCEL_GRACE_MS);
      };
      const timeout = timeoutMs === undefined ? undefined : setTimeout(() => this.link.kill(), timeoutMs);
      const end = (): void => this.link.send({ type: 'finish', id });
      const settle = (): void => {
        clearTimeout(graceTimer);
        clearTimeout(timeout);
        signal?.removeEventListener('abort', cancel);
        finish?.removeEventListener('abort', end);
        this.calls.delete(id);
      };
      signal?.addEventListener('abort', cancel, { once: true });
      finish?.addEventListener('abort', end, { once: true });
      this.calls.set(id, {
        onItem: (item) => options.onItem?.(item as Tasks[Name]['item']),
        resolve: (result) => {
          settle();
          resolve(result as Tasks[Name]['result']);
        },
        reject: (error) => {
          settle();
          reject(signal?.aborted ? cancelledError() : error);
        },
        tail: Promise.resolve(),
      });
      this.link.send({ type: 'call', id, task, params });
      if (finish?.aborted) end();
    });
  }

  /** What the process says. */
  receive(message: FromHelper): void {
    const call = this.calls.get(message.id);
    if (!call) {
      // Nobody waits for this task any more, and without an answer to its items it would wait for ever.
      if (message.type === 'item') this.link.send({ type: 'cancel', id: message.id });
      return;
    }
    if (message.type === 'item') {
      call.tail = call.tail
        .then(() => call.onItem(message.item))
        .then(() => this.link.send({ type: 'ack', id: message.id }))
        .catch((error: unknown) => {
          this.link.send({ type: 'cancel', id: message.id });
          call.reject(error);
        });
    } else if (message.type === 'done') {
      call.tail = call.tail.then(() => call.resolve(message.result));
    } else {
      call.tail = call.tail.then(() => call.reject(fromErrorData(message.error)));
    }
  }

  /** The process is gone: every call under way ends with words. */
  lost(reason: string): void {
    for (const call of [...this.calls.values()]) {
      call.reject(
        new EarmarkError(
          'worker/stopped',
          `${work[this.link.kind]} stopped (${reason}). Decisions are safe; it is being started again.`,
          { reason },
        ),
      );
    }
  }
}
