// The worker process: decodes and parses untrusted files for the engine. May be killed at any moment; it keeps
// nothing that matters.
import { flushCompileCache } from 'node:module';
import { parentChannel } from '../ipc/channel.ts';
import type { ToWorker } from '../ipc/worker-tasks.ts';
import { createDispatcher } from './dispatch.ts';
import { createTasks } from './tasks.ts';

const channel = parentChannel();
const handle = createDispatcher(createTasks(), (message) => channel.send({ type: 'message', message }));
channel.onMessage((envelope) => {
  const { type, message } = envelope as { type: string; message: ToWorker };
  if (type === 'message') handle(message);
  // Nothing here needs to be saved.
  else if (type === 'shutdown') process.exit(0);
});
channel.send({ type: 'ready' });
// Usually ended by force, when Node would not save the compiled modules for the next start.
setImmediate(flushCompileCache);
