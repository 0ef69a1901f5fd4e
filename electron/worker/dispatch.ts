// Runs tasks for the engine: one call in, items and one answer out. Knows nothing of any task's content.
import { cancelledError, toErrorData } from '../../shared/errors.ts';
import {
  type FromWorker,
  ITEMS_IN_FLIGHT,
  type ToWorker,
  type WorkerTaskName,
  type WorkerTasks,
} from '../ipc/worker-tasks.ts';

export interface TaskContext<Item> {
  readonly signal: AbortSignal;
  /** Sends one item; resolves when there is room for the next. */
  emit(item: Item): Promise<void>;
}

export type TaskTable = {
  readonly [Name in WorkerTaskName]: (
    params: WorkerTasks[Name]['params'],
    context: TaskContext<WorkerTasks[Name]['item']>,
  ) => Promise<WorkerTasks[Name]['result']>;
};

interface RunningTask {
  readonly abort: AbortController;
  room: number;
  wake: (() => void) | null;
}

/** A function that takes the engine's messages; answers go out through `send`. */
export function createDispatcher(
  tasks: TaskTable,
  send: (message: FromWorker) => void,
): (message: ToWorker) => void {
  const running = new Map<number, RunningTask>();

  async function run(id: number, name: WorkerTaskName, params: unknown, task: RunningTask): Promise<void> {
    const context: TaskContext<never> = {
      signal: task.abort.signal,
      async emit(item) {
        while (task.room === 0 && !task.abort.signal.aborted) {
          await new Promise<void>((resolve) => {
            task.wake = resolve;
          });
        }
        if (task.abort.signal.aborted) throw cancelledError();
        task.room -= 1;
        send({ type: 'item', id, item });
      },
    };
    try {
      // The table's types tie name, params and item together; across the process boundary they are plain data.
      const perform = tasks[name] as (params: unknown, context: TaskContext<never>) => Promise<unknown>;
      const result = await perform(params, context);
      if (task.abort.signal.aborted) throw cancelledError();
      send({ type: 'done', id, result });
    } catch (error) {
      send({ type: 'failed', id, error: toErrorData(task.abort.signal.aborted ? cancelledError() : error) });
    } finally {
      running.delete(id);
    }
  }

  return (message) => {
    if (message.type === 'call') {
      const task: RunningTask = { abort: new AbortController(), room: ITEMS_IN_FLIGHT, wake: null };
      running.set(message.id, task);
      void run(message.id, message.task, message.params, task);
      return;
    }
    const task = running.get(message.id);
    if (!task) return;
    if (message.type === 'cancel') task.abort.abort();
    else task.room += 1;
    task.wake?.();
    task.wake = null;
  };
}
