// The engine's side of a process that says what nobody waits for.
import { expect, it } from 'vitest';
import type { ToHelper } from '../ipc/tasks.ts';
import type { WorkerTasks } from '../ipc/worker-tasks.ts';
import { RemoteTasks } from './worker-client.ts';

it('a task that nobody waits for any more is told to stop, once it says something', async () => {
  const sent: ToHelper[] = [];
  const worker = new RemoteTasks<WorkerTasks>({
    kind: 'worker',
    send: (message) => sent.push(message),
    kill: () => {},
  });
  // Asked in the moment the process dies: the call goes to the next process, and is given up here.
  const call = worker.run('detect', { source: '/data' });
  worker.lost('ended by SIGKILL');
  await expect(call).rejects.toMatchObject({ code: 'worker/stopped' });
  worker.receive({ type: 'item', id: 1, item: {} });
  expect(sent.at(-1)).toEqual({ type: 'cancel', id: 1 });
});
