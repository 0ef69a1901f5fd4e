// The life of a process that works for the engine: takes calls from the host, answers, ends when told.
import { flushCompileCache } from 'node:module';
import { parentChannel } from './channel.ts';
import { createDispatcher, type TaskTable } from './dispatch.ts';
import type { TaskMap, ToHelper } from './tasks.ts';

/** To be called once, by a process entry. */
export function serveTasks<Tasks extends TaskMap<Tasks>>(tasks: TaskTable<Tasks>): void {
  const channel = parentChannel();
  const handle = createDispatcher(tasks, (message) => channel.send({ type: 'message', message }));
  channel.onMessage((envelope) => {
    const { type, message } = envelope as { type: string; message: ToHelper };
    if (type === 'message') handle(message);
    // Nothing here needs to be saved.
    else if (type === 'shutdown') process.exit(0);
  });
  channel.send({ type: 'ready' });
  // Usually ended by force, when Node would not save the compiled modules for the next start.
  setImmediate(flushCompileCache);
}
