// One-second MP3 and Ogg Opus clips decoded on two threads, beside the plain use of the decoder packages (decode, then
// reset) on one thread and a process of ffmpeg per clip (PERFORMANCE 10). Rival packages that Earmark does not depend on
// are looked for in EARMARK_RIVALS/node_modules.
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { MPEGDecoder } from 'mpg123-decoder';
import { decodeAudio } from '../electron/audio/index.ts';
import { generatedClips } from './lib/generated-clips.ts';
import { type Bench, type BenchResult, interleave, withTemporaryFolder } from './lib/harness.ts';
import { runFfmpeg } from './lib/processes.ts';

const THREADS = 2;
/** Processes of ffmpeg that are timed; one takes as long as hundreds of clips. */
const FFMPEG_CLIPS = 20;

if (!isMainThread) {
  const files = (workerData as readonly string[]).map((file) => readFileSync(file));
  parentPort?.on('message', async () => {
    let frames = 0;
    for (const bytes of files) frames += (await decodeAudio(bytes, 'clip')).frames;
    parentPort?.postMessage(frames);
  });
  parentPort?.postMessage('ready');
}

interface Kind {
  readonly name: 'MP3' | 'Opus';
  readonly extension: string;
  readonly encode: readonly string[];
  readonly sampleRate: number;
  /** What the anchors of the goal name, clips a second. */
  readonly recorded: number;
  readonly atLeast?: number;
}

const kinds: readonly Kind[] = [
  {
    name: 'MP3',
    extension: 'mp3',
    encode: ['-c:a', 'libmp3lame', '-b:a', '48k'],
    sampleRate: 16_000,
    recorded: 582,
  },
  {
    name: 'Opus',
    extension: 'opus',
    encode: ['-c:a', 'libopus', '-b:a', '24k'],
    sampleRate: 48_000,
    recorded: 332,
    atLeast: 650,
  },
];

/** Decodes the clips one after the other as the package's own page shows; undefined where it is not installed. */
async function plainDecoder(
  kind: Kind,
): Promise<((clips: readonly Uint8Array[]) => Promise<void>) | undefined> {
  if (kind.name === 'MP3') {
    const decoder = new MPEGDecoder();
    await decoder.ready;
    return async (clips) => {
      for (const bytes of clips) {
        decoder.decode(bytes);
        await decoder.reset();
      }
    };
  }
  const OggOpusDecoder = await rivalOpus();
  if (OggOpusDecoder === undefined) return undefined;
  const decoder = new OggOpusDecoder();
  await decoder.ready;
  return async (clips) => {
    for (const bytes of clips) {
      await decoder.decodeFile(bytes);
      await decoder.reset();
    }
  };
}

interface OpusRival {
  readonly ready: Promise<void>;
  decodeFile(bytes: Uint8Array): Promise<unknown>;
  reset(): Promise<void>;
}

async function rivalOpus(): Promise<(new () => OpusRival) | undefined> {
  const folder = process.env.EARMARK_RIVALS;
  if (folder === undefined) return undefined;
  try {
    const file = createRequire(join(folder, 'package.json')).resolve('ogg-opus-decoder');
    return ((await import(pathToFileURL(file).href)) as { OggOpusDecoder: new () => OpusRival })
      .OggOpusDecoder;
  } catch {
    return undefined;
  }
}

async function measure(
  kind: Kind,
  wavs: readonly string[],
  folder: string,
  rounds: number,
): Promise<BenchResult> {
  const files: string[] = [];
  for (const [index, wav] of wavs.entries()) {
    const file = join(folder, `${index}.${kind.extension}`);
    const said = await runFfmpeg(['-loglevel', 'error', '-i', wav, ...kind.encode, file]);
    if (said === undefined) throw new Error('The clips are encoded with ffmpeg: apt-get install ffmpeg.');
    files.push(file);
  }
  const clips = files.map((file) => readFileSync(file));
  const answerOf = (worker: Worker) => new Promise((resolve) => worker.once('message', resolve));
  const threads = Array.from({ length: THREADS }, (_, thread) => {
    const own = files.filter((_, index) => index % THREADS === thread);
    return new Worker(import.meta.filename, { workerData: own });
  });
  await Promise.all(threads.map(answerOf));
  const ours = async (): Promise<number> => {
    const start = performance.now();
    const answers = threads.map(answerOf);
    for (const worker of threads) worker.postMessage('go');
    const frames = (await Promise.all(answers)) as number[];
    const seconds = (performance.now() - start) / 1000;
    const total = frames.reduce((sum, count) => sum + count, 0);
    if (total !== clips.length * kind.sampleRate) {
      throw new Error(`${clips.length} clips of one second came out as ${total / kind.sampleRate} s.`);
    }
    return seconds;
  };
  const plain = await plainDecoder(kind);
  const plainOnce = async (): Promise<number> => {
    if (plain === undefined) return Number.NaN;
    const start = performance.now();
    await plain(clips);
    return (performance.now() - start) / 1000;
  };
  // The time for all clips, from that for some of them.
  const ffmpeg = async (): Promise<number> => {
    const some = files.slice(0, FFMPEG_CLIPS);
    const start = performance.now();
    for (const file of some)
      await runFfmpeg(['-loglevel', 'error', '-i', file, '-f', 's16le', `${file}.pcm`]);
    return ((performance.now() - start) / 1000) * (files.length / some.length);
  };
  await ours();
  const load = loadavg()[0] ?? 0;
  const rival = kind.name === 'MP3' ? 'mpg123-decoder' : 'ogg-opus-decoder';
  const legs = await interleave(
    [
      { name: `Earmark: ${THREADS} threads`, run: ours },
      { name: `${rival}: decode, reset`, run: plainOnce },
      { name: 'ffmpeg: a process per clip', run: ffmpeg },
    ],
    rounds,
  );
  await Promise.all(threads.map((worker) => worker.terminate()));
  const perSecond = (at: number): number => clips.length / legs[at]!.median;
  const isMeasured = plain !== undefined;
  return {
    name: `decode ${kind.name}, clips of one second`,
    size: { clips: clips.length },
    legs,
    goals: [
      {
        what: 'clips a second',
        value: perSecond(0),
        ...(kind.atLeast === undefined ? {} : { atLeast: kind.atLeast }),
      },
      {
        what: `times ${rival}`,
        value: perSecond(0) / (isMeasured ? perSecond(1) : kind.recorded),
        isRecorded: !isMeasured,
      },
    ],
    notes: [
      `${rival} ${isMeasured ? `${perSecond(1).toFixed(0)} clips/s` : 'is not installed here (EARMARK_RIVALS)'}, ffmpeg ${perSecond(2).toFixed(0)} clips/s. Load average before: ${load.toFixed(1)}.`,
    ],
  };
}

export const bench: Bench = async ({ isQuick }) => {
  const source = generatedClips(3000);
  const wavs = readdirSync(source)
    .flatMap((word) => readdirSync(join(source, word)).map((name) => join(source, word, name)))
    .slice(0, isQuick ? 40 : 400);
  return withTemporaryFolder(async (folder) => {
    const results: BenchResult[] = [];
    for (const kind of kinds) {
      const own = join(folder, kind.extension);
      await mkdir(own);
      results.push(await measure(kind, wavs, own, isQuick ? 1 : 3));
    }
    return results;
  });
};
