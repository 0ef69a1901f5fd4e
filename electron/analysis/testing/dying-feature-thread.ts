// A feature thread that gives every clip one number, its row, and dies at clips named `deadly`.
import { parentPort } from 'node:worker_threads';
import type { FromFeatureThread, ToFeatureThread } from '../feature-protocol.ts';

parentPort?.on('message', (message: ToFeatureThread) => {
  if (message.type !== 'clips') return;
  for (const { row, location } of message.clips) {
    if (location.path === 'deadly') process.exit(1);
    const piece = {
      blocks: { data: Float32Array.of(row), count: 1, frames: 1, features: 1 },
      parts: [{ row, blocks: 1, isLast: true, ms: 0 }],
      failures: [],
    };
    parentPort?.postMessage({ type: 'piece', piece } satisfies FromFeatureThread);
  }
  parentPort?.postMessage({ type: 'done' } satisfies FromFeatureThread);
});
