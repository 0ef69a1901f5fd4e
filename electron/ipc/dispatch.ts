// Runs tasks for the engine: one call in, items and one answer out. Knows nothing of any task's content.
import { cancelledError, EarmarkError, toErrorData } from '../../shared/errors.ts';
import { type FromHelper, ITEMS_IN_FLIGHT, type TaskMap, type ToHelper } from './tasks.ts';

export interface TaskContext<Item> {
  readonly signal: AbortSignal;
  /** Aborted when the task should end soon with what it has, instead of going on to its end. */
  readonly finish: AbortSignal;
  /** Sends one item; resolves when there is room for the next. */
  emit(item: Item): Promise<void>;
}

export type TaskTable<Tasks extends TaskMap<Tasks>> = {
  readonly [Name in keyof Tasks]: (
    params: Tasks[Name]['params'],
    context: TaskContext<Tasks[Name]['item']>,
  ) => Promise<Tasks[Name]['result']>;
};

interface RunningTask {
  readonly abort: AbortController;
  readonly finish: AbortController;
  room: number;
  wake: (() => void) | null;
}

/** A function that takes the engine's messages; answers go out through `send`. */
export function createDispatcher<Tasks extends TaskMap<Tasks>>(
  tasks: TaskTable<Tasks>,
  send: (message: FromHelper) => void,
): (message: ToHelper) => void {
  const running = new Map<number, RunningTask>();

  async function run(id: number, name: string, params: unknown, task: RunningTask): Promise<void> {
    const context: TaskContext<never> = {
      signal: task.abort.signal,
      finish: task.finish.signal,
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
      if (!Object.hasOwn(tasks, name)) throw new EarmarkError('task/unknown', `There is no task "${name}".`);
      // The table's types tie name, params and item together; across the process boundary they are plain data.
      const perform = tasks[name as keyof Tasks] as (
        params: unknown,
        context: TaskContext<never>,
      ) => Promise<unknown>;
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
      const task: RunningTask = {
        abort: new AbortController(),
        finish: new AbortController(),
        room: ITEMS_IN_FLIGHT,
        wake: null,
      };
      running.set(message.id, task);
      void run(message.id, message.task, message.params, task);
      return;
    }
    const task = running.get(message.id);
    if (!task) return;
    if (message.type === 'cancel') task.abort.abort();
    else if (message.type === 'finish') task.finish.abort();
    else task.room += 1;
    task.wake?.();
    task.wake = null;
  };
}
