// Log-mel and MFCC of one-second clips on two threads beside NumPy and SciPy on one (PERFORMANCE 11), the same float32
// samples in memory on both sides, and the largest difference from a float64 computation.
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { createFeatureExtractor } from '../electron/audio/index.ts';
import { createRandom } from '../electron/compute/index.ts';
import { npyToFloat32, readNpyFile, writeNpyFile } from '../electron/formats/npy.ts';
import { type FrontEnd, frontEnd } from '../shared/domain/front-end.ts';
import {
  type Bench,
  type BenchResult,
  interleave,
  runProgram,
  systemPython,
  withTemporaryFolder,
} from './lib/harness.ts';

const THREADS = 2;
const CLIP = 16_000;
const CLIPS = 128;
const rival = join(import.meta.dirname, 'rivals', 'front_ends_numpy.py');

interface Order {
  readonly frontEnd: Exclude<FrontEnd, { kind: 'raw' }>;
  readonly clips: Float32Array;
}

if (!isMainThread) {
  const { frontEnd: conventions, clips } = workerData as Order;
  const extractor = createFeatureExtractor(conventions);
  const out = new Float32Array(extractor.frames(CLIP) * extractor.columns);
  parentPort?.on('message', (seconds: number) => {
    const start = performance.now();
    let done = 0;
    for (; performance.now() - start < seconds * 1000; done += CLIPS)
      for (let at = 0; at < clips.length; at += CLIP) extractor.compute(clips.subarray(at, at + CLIP), out);
    parentPort?.postMessage(done / ((performance.now() - start) / 1000));
  });
}

/** Tones that glide over noise, each clip at another level, in steps of 16 bits. */
function makeClips(): Float32Array {
  const random = createRandom(4);
  const clips = new Float32Array(CLIPS * CLIP);
  for (let clip = 0; clip < CLIPS; clip++) {
    const [level, hz, glide] = [0.02 + 0.5 * random(), 100 + 400 * random(), 2000 * random()];
    for (let i = 0; i < CLIP; i++) {
      const t = i / CLIP;
      const phase = 2 * Math.PI * (hz * t + (glide * t * t) / 2);
      const x = level * Math.sin(Math.PI * t) * (Math.sin(phase) + 0.3 * Math.sin(3 * phase));
      clips[clip * CLIP + i] = Math.round(20_000 * (x + 0.001 * (random() - 0.5))) / 32_768;
    }
  }
  return clips;
}

async function measure(
  folder: string,
  kind: 'log-mel' | 'mfcc',
  clips: Float32Array,
  isQuick: boolean,
): Promise<BenchResult> {
  const conventions = frontEnd.parse({ kind });
  if (conventions.kind === 'raw') throw new Error('raw samples have no features');
  const order: Order = { frontEnd: conventions, clips };
  const threads = Array.from(
    { length: THREADS },
    () => new Worker(import.meta.filename, { workerData: order }),
  );
  const seconds = isQuick ? 0.1 : 2;
  const rateOf = (thread: Worker, time: number): Promise<number> =>
    new Promise((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', reject);
      thread.postMessage(time);
    });
  await Promise.all(threads.map((thread) => rateOf(thread, isQuick ? 0.05 : 0.5)));
  const [input, output] = [join(folder, 'clips.npy'), join(folder, 'out.npy')];
  let version: string | undefined;
  // Both legs answer seconds for 10,000 clips.
  const legs = await interleave(
    [
      {
        name: `Earmark, ${THREADS} threads: 10,000 clips`,
        run: async () => {
          const rates = await Promise.all(threads.map((thread) => rateOf(thread, seconds)));
          return 10_000 / rates.reduce((a, b) => a + b);
        },
      },
      {
        name: 'NumPy and SciPy, 1 thread: 10,000 clips',
        run: async () => {
          const answer = await runProgram(systemPython, [rival, kind, input, `${seconds}`, output]);
          if (answer === undefined) return Number.NaN;
          const parsed = JSON.parse(answer) as { clipsPerSecond: number; version: string };
          version = parsed.version;
          return 10_000 / parsed.clipsPerSecond;
        },
      },
    ],
    isQuick ? 1 : 3,
  );
  await Promise.all(threads.map((thread) => thread.terminate()));
  const [ours, theirs] = legs.map((leg) => leg.median);
  const difference = version === undefined ? Number.NaN : await largestDifference(order, output);
  return {
    name: `front end: ${kind}`,
    size: { clips: CLIPS, seconds: 1 },
    legs,
    goals: isQuick
      ? []
      : [
          { what: 'clips a second, two threads', value: 10_000 / ours!, atLeast: 14_000 },
          {
            what: "times NumPy's speed on one thread (goal 14,000 : 9,306)",
            value: theirs! / ours!,
            atLeast: 1.5,
          },
          { what: 'largest difference from float64 NumPy', value: difference, atMost: 1e-4 },
        ],
    notes: [
      version === undefined
        ? 'NumPy and SciPy are not installed here: apt-get install python3-scipy.'
        : `${version}: ${Math.round(10_000 / theirs!).toLocaleString('en')} clips/s. Largest difference ${difference.toExponential(1)}.`,
    ],
  };
}

async function largestDifference({ frontEnd: conventions, clips }: Order, file: string): Promise<number> {
  const expected = npyToFloat32(await readNpyFile(file));
  const found = createFeatureExtractor(conventions).compute(clips.subarray(0, CLIP));
  return found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
}

export const bench: Bench = async ({ isQuick }) =>
  withTemporaryFolder(async (folder) => {
    const clips = makeClips();
    await writeNpyFile(join(folder, 'clips.npy'), clips, [CLIPS, CLIP]);
    return [await measure(folder, 'log-mel', clips, isQuick), await measure(folder, 'mfcc', clips, isQuick)];
  });
