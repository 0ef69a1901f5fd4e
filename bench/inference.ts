// Models over one-second WAV files, from file to row, beside the same model fed from memory (PERFORMANCE 14): the
// embeddings that come along, speech_embedding, and a network of the size of DS-CNN large on every backend at hand.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { inferTask } from '../electron/analysis/models-tasks.ts';
import { decodeAudio } from '../electron/audio/index.ts';
import type { InferResult, ModelSource } from '../electron/ipc/analysis-tasks.ts';
import type { AudioLocation } from '../electron/ipc/worker-tasks.ts';
import { createAcousticEmbedder } from '../electron/models/acoustic/acousticEmbedding.ts';
import { readModel } from '../electron/models/description.ts';
import { type Blocks, createPreparer } from '../electron/models/prepare.ts';
import { openModel } from '../electron/models/runner.ts';
import { sharedPath } from '../electron/testing/shared-data.ts';
import { generatedClips } from './lib/generated-clips.ts';
import { type Bench, type BenchResult, interleave, type Leg, withTemporaryFolder } from './lib/harness.ts';
import { writeOnnxKeywords, writeTfjsKeywords } from './lib/keyword-models.ts';

const THREADS = Math.min(2, availableParallelism());
/** Clips held in memory, and what the model alone is given again and again. */
const HELD = 256;

type Backend = 'wasm' | 'cpu' | 'node';

interface Candidate {
  readonly name: string;
  /** Null where the model is not at hand. */
  readonly source: ModelSource | null;
  /** Clips a second, roughly: how many are run. */
  readonly rate: number;
  /** Of TensorFlow.js besides the one it chooses itself: alone only. */
  readonly others?: readonly Backend[];
  /** Least share of the model's own rate that is left from file to row. */
  readonly goal?: number;
}

interface Spent {
  readonly seconds: number;
  /** Of all threads, milliseconds a clip. */
  readonly cpuMs: number;
}

async function spend(clips: number, work: () => Promise<void>): Promise<Spent> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - start) / 1000, cpuMs: (user + system) / 1000 / clips };
}

async function held(clips: readonly AudioLocation[]): Promise<Awaited<ReturnType<typeof decodeAudio>>[]> {
  return Promise.all(
    clips.slice(0, HELD).map(({ root, path }) => decodeAudio(readFileSync(join(root, path)), path)),
  );
}

/** The model fed from memory: `run` takes so many clips through it. */
interface Alone {
  readonly backend: string;
  run(count: number): Promise<void>;
  close(): Promise<void>;
}

async function openAlone(
  source: ModelSource,
  clips: readonly AudioLocation[],
  tfjs?: Backend,
): Promise<Alone> {
  const sounds = await held(clips);
  if (source.kind === 'builtin' && source.name === 'acoustic-1') {
    const embedder = createAcousticEmbedder();
    return {
      backend: 'one thread, from samples',
      run: async (count) => {
        for (let at = 0; at < count; at++) embedder.embed(sounds[at % sounds.length]!.channelData[0]!);
      },
      close: async () => undefined,
    };
  }
  const path =
    source.kind === 'file' ? source.path : resolve(import.meta.dirname, '../resources/models/encoder-1.json');
  const runner = await openModel(readModel(path), {
    threads: THREADS,
    ...(tfjs === undefined ? {} : { tfjs }),
  });
  const prepare = createPreparer(runner.plan);
  const blocks = sounds.flatMap((sound) => [...prepare(sound, 'clip')]);
  const joined = joinBlocks(blocks);
  return {
    backend: runner.backend,
    run: async (count) => {
      for (let done = 0; done < count; ) {
        const here = Math.min(joined.count, count - done);
        const size = joined.frames * joined.features;
        const part = { ...joined, count: here, data: joined.data.subarray(0, here * size) };
        await runner.run(part, Array.from(new Uint8Array(here).keys()));
        done += here;
      }
    },
    close: () => runner.close(),
  };
}

/** One block for each clip, all of one shape, since all clips last a second. */
function joinBlocks(blocks: readonly Blocks[]): Blocks {
  const [first] = blocks as [Blocks];
  const size = first.frames * first.features;
  const data = new Float32Array(blocks.length * size);
  for (const [at, block] of blocks.entries()) data.set(block.data.subarray(0, size), at * size);
  return { ...first, count: blocks.length, data };
}

async function endToEnd(
  source: ModelSource,
  clips: readonly AudioLocation[],
  folder: string,
): Promise<InferResult> {
  const out = join(folder, 'rows.npy');
  rmSync(out, { force: true });
  const isScored = source.kind === 'file' && readModel(source.path).labels !== null;
  const never = new AbortController().signal;
  return inferTask(
    {
      model: source,
      clips,
      scoresOut: isScored ? out : null,
      embeddingOut: isScored ? null : out,
      threads: THREADS,
    },
    { signal: never, finish: never, emit: async () => undefined },
  );
}

async function measure(
  candidate: Candidate,
  all: readonly AudioLocation[],
  folder: string,
  isQuick: boolean,
): Promise<BenchResult> {
  const { name, source, goal } = candidate;
  const title = `inference: ${name}`;
  if (source === null)
    return { name: title, size: {}, legs: [], goals: [], notes: ['The model is not at hand.'] };
  const seconds = isQuick ? 0.1 : goal === undefined ? 2 : 8;
  // Over and over again where there are too few: the system holds all of them in memory anyway.
  const count = Math.max(8, Math.round(candidate.rate * seconds));
  const clips = Array.from({ length: count }, (_, at) => all[at % all.length]!);
  const alone = await openAlone(source, clips);
  await alone.run(Math.min(8, clips.length));
  const cpu = { alone: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY };
  let last: InferResult | null = null;
  const legs: Leg[] = [
    {
      name: `the model alone: ${clips.length.toLocaleString('en')} clips`,
      run: async () => {
        const spent = await spend(clips.length, () => alone.run(clips.length));
        cpu.alone = Math.min(cpu.alone, spent.cpuMs);
        return spent.seconds;
      },
    },
    {
      name: `files to rows, ${THREADS} threads`,
      run: async () => {
        const spent = await spend(clips.length, async () => {
          last = await endToEnd(source, clips, folder);
        });
        cpu.files = Math.min(cpu.files, spent.cpuMs);
        // Without the latency, which is measured after the last row.
        return last?.computed.seconds ?? spent.seconds;
      },
    },
  ];
  const measured = await interleave(legs, isQuick ? 1 : 3);
  await alone.close();
  const [own, files] = measured.map(({ median }) => median) as [number, number];
  const rate = (time: number): string => Math.round(clips.length / time).toLocaleString('en');
  const computed = (last as InferResult | null)?.computed;
  const latency = computed?.msPerClip;
  const notes = [
    `${rate(own)} clips/s alone (${alone.backend}), ${rate(files)} clips/s from files (${computed?.backend}).`,
    `Processor time a clip, the least of the rounds: alone ${cpu.alone.toFixed(2)} ms, files to rows with latency ${cpu.files.toFixed(2)} ms.`,
    latency === null || latency === undefined
      ? 'No latency.'
      : `One clip at a time: median ${latency.median.toFixed(2)} ms, 95th percentile ${latency.p95.toFixed(2)} ms of ${latency.clips}.`,
  ];
  for (const backend of candidate.others ?? [])
    notes.push(await aloneElsewhere(source, clips, backend, isQuick));
  const share = { what: "share of the model's own rate, files to rows", value: own / files };
  const goals = goal === undefined || isQuick ? [share] : [{ ...share, atLeast: goal }];
  return { name: title, size: { clips: clips.length, seconds: 1 }, legs: measured, goals, notes };
}

async function aloneElsewhere(
  source: ModelSource,
  clips: readonly AudioLocation[],
  backend: Backend,
  isQuick: boolean,
): Promise<string> {
  let alone: Alone;
  try {
    alone = await openAlone(source, clips.slice(0, 8), backend);
  } catch (error) {
    return `${backend}: ${error instanceof Error ? error.message : String(error)}`;
  }
  await alone.run(1);
  const count = isQuick ? 2 : 16;
  const { seconds } = await spend(count, () => alone.run(count));
  await alone.close();
  return `${alone.backend}: ${(count / seconds).toFixed(1)} clips/s alone.`;
}

function speechEmbedding(folder: string): ModelSource | null {
  const files = ['melspectrogram.onnx', 'embedding_model.onnx'];
  const from = (file: string): string => sharedPath('data/models', file);
  if (!files.every((file) => existsSync(from(file)))) return null;
  mkdirSync(folder, { recursive: true });
  for (const file of files) copyFileSync(from(file), join(folder, file));
  const path = join(folder, 'speech-embedding.json');
  copyFileSync(resolve(import.meta.dirname, '../resources/models/examples/speech-embedding.json'), path);
  return fileSource(path);
}

function fileSource(path: string): ModelSource {
  return { kind: 'file', path, hash: readModel(path).hash };
}

export const bench: Bench = async ({ isQuick }) =>
  withTemporaryFolder(async (folder) => {
    const root = generatedClips(isQuick ? 200 : 3000);
    const clips = readdirSync(root, { recursive: true })
      .map(String)
      .filter((path) => path.endsWith('.wav'))
      .sort()
      .map((path) => ({ root, path }));
    const candidates: Candidate[] = [
      { name: 'acoustic-1', source: { kind: 'builtin', name: 'acoustic-1' }, rate: 1000 },
      { name: 'encoder-1', source: { kind: 'builtin', name: 'encoder-1' }, rate: 1000 },
      { name: 'speech_embedding', source: speechEmbedding(join(folder, 'speech')), rate: 60 },
      {
        name: 'DS-CNN large, ONNX',
        source: fileSource(writeOnnxKeywords(join(folder, 'onnx'))),
        rate: 1200,
        goal: 0.8,
      },
      {
        name: 'DS-CNN large, TensorFlow.js',
        source: fileSource(await writeTfjsKeywords(join(folder, 'tfjs'))),
        rate: 150,
        others: ['cpu', 'node'],
      },
    ];
    const results: BenchResult[] = [];
    for (const candidate of candidates) results.push(await measure(candidate, clips, folder, isQuick));
    return results;
  });
