// A real worker process for tests of the host: echoes, crashes, hangs or answers late, as it is told.
import { setTimeout as delay } from 'node:timers/promises';
import { parentChannel } from '../../ipc/channel.ts';
import type { HelperToHost, HostToHelper } from '../../ipc/messages.ts';

const channel = parentChannel();
const say = (message: HelperToHost): void => channel.send(message);

channel.onMessage(async (raw) => {
  const envelope = raw as HostToHelper;
  if (envelope.type === 'shutdown') process.exit(0);
  const message = envelope.message as { do: string };
  switch (message.do) {
    case 'crash':
      process.exit(3);
      break;
    case 'hang':
      // Blocks its thread for ever: only a kill ends it.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      break;
    case 'late':
      await delay(300);
      say({ type: 'message', message: { late: process.pid } });
      break;
    default:
      say({ type: 'message', message: { pid: process.pid, samples: new Float32Array([0.5, -1]).length } });
  }
});
say({ type: 'ready' });
