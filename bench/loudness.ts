// Integrated loudness, loudness range and true peak on two threads beside ffmpeg's ebur128 filter (PERFORMANCE 12).
// The same sound as WAV: one file for ffmpeg, a part for each of Earmark's threads, measured in pieces of ten seconds, as
// the clips of a dataset are.
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { decodeAudio, encodeWav16, loudness } from '../electron/audio/index.ts';
import { createRandom } from '../electron/compute/index.ts';
import { type Bench, type BenchResult, interleave, withTemporaryFolder } from './lib/harness.ts';
import { runFfmpeg } from './lib/processes.ts';

const THREADS = 2;
const PIECE_SEC = 10;

if (!isMainThread) {
  const bytes = readFileSync(workerData as string);
  parentPort?.on('message', async () => {
    const { channelData, sampleRate, frames } = await decodeAudio(bytes, 'bench.wav');
    const piece = PIECE_SEC * sampleRate;
    for (let at = 0; at < frames; at += piece) {
      const channels = channelData.map((samples) => samples.subarray(at, at + piece));
      loudness(channels, sampleRate);
    }
    parentPort?.postMessage('done');
  });
  parentPort?.postMessage('ready');
}

/** Phrases of harmonics over noise with pauses between them, each at another level. */
function makeSpeech(seconds: number, sampleRate: number): Float32Array {
  const random = createRandom(11);
  const samples = new Float32Array(seconds * sampleRate);
  let at = 0;
  while (at < samples.length) {
    const length = Math.floor((0.2 + random()) * sampleRate);
    const level = random() < 0.3 ? 0 : 0.05 + 0.5 * random();
    const step = (2 * Math.PI * (90 + 200 * random())) / sampleRate;
    for (let i = 0; i < length && at < samples.length; i++, at++) {
      const shape = level * Math.sin((Math.PI * i) / length);
      const voice = Math.sin(step * i) + 0.5 * Math.sin(3.01 * step * i) + 0.3 * Math.sin(7.02 * step * i);
      samples[at] = shape * (0.5 * voice + 0.1 * (random() - 0.5)) + 0.001 * (random() - 0.5);
    }
  }
  return samples;
}

async function measure(
  folder: string,
  seconds: number,
  sampleRate: number,
  channels: number,
  rounds: number,
): Promise<BenchResult> {
  const file = join(folder, `${sampleRate}.wav`);
  const samples = makeSpeech(seconds, sampleRate);
  const channelData = Array.from({ length: channels }, () => samples);
  await writeFile(file, encodeWav16(channelData, sampleRate));
  const threads: Worker[] = [];
  const ready: Promise<unknown>[] = [];
  const answerOf = (worker: Worker) => new Promise((resolve) => worker.once('message', resolve));
  for (let thread = 0; thread < THREADS; thread++) {
    const part = join(folder, `${sampleRate}-${thread}.wav`);
    const length = samples.length / THREADS;
    const own = samples.subarray(thread * length, (thread + 1) * length);
    await writeFile(part, encodeWav16(new Array<Float32Array>(channels).fill(own), sampleRate));
    const worker = new Worker(import.meta.filename, { workerData: part });
    threads.push(worker);
    ready.push(answerOf(worker));
  }
  await Promise.all(ready);
  const ours = async (): Promise<number> => {
    const start = performance.now();
    const answers = threads.map(answerOf);
    for (const worker of threads) worker.postMessage('go');
    await Promise.all(answers);
    return (performance.now() - start) / 1000;
  };
  let found = '';
  const ffmpeg = (peak: string) => async (): Promise<number> => {
    const start = performance.now();
    const filter = `ebur128=peak=${peak}:framelog=verbose`;
    const output = await runFfmpeg(['-i', file, '-filter_complex', filter, '-f', 'null', '-']);
    if (output === undefined) return Number.NaN;
    if (peak === 'true')
      found = [...output.matchAll(/(I|LRA|Peak):\s+(\S+ \w+)/g)]
        .slice(-3)
        .map((hit) => `${hit[1]} ${hit[2]}`)
        .join(', ');
    return (performance.now() - start) / 1000;
  };
  await ours();
  const load = loadavg()[0] ?? 0;
  const legs = await interleave(
    [
      { name: `Earmark: all three, ${THREADS} threads`, run: ours },
      { name: 'ffmpeg ebur128=peak=true: all three', run: ffmpeg('true') },
      { name: 'ffmpeg ebur128: without true peak', run: ffmpeg('none') },
    ],
    rounds,
  );
  await Promise.all(threads.map((worker) => worker.terminate()));
  const [all, rival, without] = legs.map((leg) => leg.median);
  const whole = loudness(channelData, sampleRate);
  const realtime = (sec: number): string => `${Math.round(seconds / sec).toLocaleString('en')}x realtime`;
  return {
    name: `loudness, ${sampleRate} Hz`,
    size: { seconds, channels },
    legs,
    goals:
      rounds === 1
        ? []
        : [{ what: "times ffmpeg's speed, both with true peak", value: rival! / all!, atLeast: 2 }],
    notes: [
      `Earmark ${realtime(all!)}, ffmpeg ${realtime(rival!)}, without true peak ${realtime(without!)}. Load average before: ${load.toFixed(1)}.`,
      found === ''
        ? 'ffmpeg is not installed here: apt-get install ffmpeg.'
        : `The whole file: I ${whole.integratedLufs?.toFixed(1)} LUFS, LRA ${whole.rangeLu?.toFixed(1)} LU, Peak ${whole.truePeakDbtp?.toFixed(1)} dBTP; ffmpeg: ${found}.`,
    ],
  };
}

export const bench: Bench = async ({ isQuick }) =>
  withTemporaryFolder(async (folder) => {
    const rounds = isQuick ? 1 : 3;
    return [
      await measure(folder, isQuick ? 60 : 1800, 16_000, 1, rounds),
      await measure(folder, isQuick ? 60 : 600, 48_000, 2, rounds),
    ];
  });
