// A helper thread of a team: shares the leader's memory and works on its jobs (team-protocol.ts).
import { parentPort, workerData } from 'node:worker_threads';
import { linkKernels } from '../compute/kernels/webassembly.ts';
import { serveJobs, type TeamThreadData } from './team-protocol.ts';

const { module, memory, control } = workerData as TeamThreadData;
const kernels = [...linkKernels(module, memory).values()];

// Begun by a message, so that the thread's event loop has started: the leader tells by it whether the thread lives.
parentPort?.once('message', () => {
  parentPort?.postMessage('ready');
  serveJobs(control, (kernel, chunk, args) => kernels[kernel]?.(chunk, ...args));
});
