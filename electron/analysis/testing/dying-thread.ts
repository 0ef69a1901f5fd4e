// A helper thread that starts as others do, and dies in the middle of its first chunk.
import { parentPort, workerData } from 'node:worker_threads';
import { serveJobs, type TeamThreadData } from '../team-protocol.ts';

const { control } = workerData as TeamThreadData;
parentPort?.once('message', () => {
  parentPort?.postMessage('ready');
  serveJobs(control, () => process.exit(1));
});
