import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileFailure } from '../../shared/domain/dataset.ts';
import { decodeAudio, encodeWav16 } from '../audio/index.ts';
import { createRandom } from '../compute/index.ts';
import { npyToFloat32, readNpyFile } from '../formats/index.ts';
import type { AnalysisTasks, InferResult, ModelSource } from '../ipc/analysis-tasks.ts';
import type { AudioLocation } from '../ipc/worker-tasks.ts';
import { readModel } from '../models/description.ts';
import { RowPool } from '../models/outputs.ts';
import { createPreparer } from '../models/prepare.ts';
import { openModel } from '../models/runner.ts';
import { bandDescription, bandModel, writeModel } from '../models/testing/onnx-models.ts';
import { tinyLayersModel } from '../models/testing/tfjs-models.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { inspectModelTask, tryModelTask } from './models-look.ts';
import { inferTask } from './models-tasks.ts';

const RATE = 16_000;
const root = temporaryFolder();
let outputs = 0;
const output = (): string => join(root, `out-${++outputs}.npy`);

/** Tones with noise, at two rates and of several lengths. */
const hertz = [150, 1400, 6800];
for (const [at, hz] of hertz.entries()) {
  const random = createRandom(at);
  const rate = at === 1 ? 44_100 : RATE;
  const samples = Float32Array.from(
    { length: rate * (1 + at) * 0.35 },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rate) + 0.001 * random(),
  );
  writeFileSync(join(root, `${hz}.wav`), encodeWav16([samples], rate));
}
writeFileSync(join(root, 'torn.wav'), 'RIFF....WAVE');

const place = (path: string): AudioLocation => ({ root, path });
const tones = hertz.map((hz) => place(`${hz}.wav`));

function fileSource(path: string): ModelSource {
  return { kind: 'file', path, hash: readModel(path).hash };
}

const bands = fileSource(writeModel(join(root, 'bands'), bandModel, bandDescription));

interface Ended {
  readonly result: InferResult;
  readonly failures: readonly FileFailure[];
}

async function infer(
  params: Partial<AnalysisTasks['infer']['params']>,
  onProgress: (done: number, abort: AbortController) => void = () => undefined,
): Promise<Ended> {
  const abort = new AbortController();
  const failures: FileFailure[] = [];
  const result = await inferTask(
    { model: bands, clips: tones, scoresOut: null, embeddingOut: null, threads: 1, ...params },
    {
      signal: abort.signal,
      finish: new AbortController().signal,
      emit: async (item) => {
        expect(item.done).toBeLessThanOrEqual(item.total);
        failures.push(...item.failures);
        onProgress(item.done, abort);
      },
    },
  );
  return { result, failures };
}

async function rows(path: string): Promise<Float32Array[]> {
  const array = await readNpyFile(path);
  const [count = 0, width = 0] = array.shape;
  const data = npyToFloat32(array);
  return Array.from({ length: count }, (_, row) => data.subarray(row * width, (row + 1) * width));
}

const best = (row: Float32Array): number => row.indexOf(Math.max(...row));

describe('running a model over files', () => {
  it('makes a row of scores and one of the embedding for every clip, in its place', async () => {
    const [scoresOut, embeddingOut] = [output(), output()];
    const clips = [2, 0, 1, 1, 0].map((at) => tones[at]!);
    const { result, failures } = await infer({ clips, scoresOut, embeddingOut });
    expect(result).toMatchObject({
      labels: ['low', 'middle', 'high'],
      dimensions: 40,
      clips: 5,
      failed: 0,
      computed: { backend: expect.stringMatching(/^onnxruntime-node .* CPU, 1 thread$/), notes: [] },
    });
    expect(result.computed.msPerClip?.clips).toBe(5);
    expect(failures).toEqual([]);
    const scores = await rows(scoresOut);
    expect(scores.map(best)).toEqual([2, 0, 1, 1, 0]);
    for (const row of scores) expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    const embedding = await rows(embeddingOut);
    expect(embedding.map(({ length }) => length)).toEqual([40, 40, 40, 40, 40]);
    expect(embedding[3]).toEqual(embedding[2]);
  });

  it('gives the same rows whatever the threads', async () => {
    const clips = Array.from({ length: 12 }, (_, i) => tones[i % 3]!);
    const made: Float32Array[][] = [];
    for (const threads of [1, 3]) {
      const embeddingOut = output();
      await infer({ clips, embeddingOut, threads });
      made.push(await rows(embeddingOut));
    }
    for (const [row, values] of made[0]!.entries())
      for (const [at, value] of values.entries()) expect(value).toBeCloseTo(made[1]![row]![at]!, 4);
  });

  it('lists clips that cannot be read, leaves their rows empty and does the others', async () => {
    const scoresOut = output();
    const clips = [tones[0]!, place('torn.wav'), place('absent.wav'), place('../secret.wav'), tones[2]!];
    const { result, failures } = await infer({ clips, scoresOut });
    expect(result).toMatchObject({ clips: 5, failed: 3 });
    expect(failures.map(({ file }) => file).sort()).toEqual(['../secret.wav', 'absent.wav', 'torn.wav']);
    for (const { file, message } of failures) expect(message).toContain(file);
    const scores = await rows(scoresOut);
    expect(scores.map((row) => row.every(Number.isNaN))).toEqual([false, true, true, true, false]);
  });

  it('says so when no clip gave a result', async () => {
    await expect(infer({ clips: [place('torn.wav')], scoresOut: output() })).rejects.toMatchObject({
      code: 'model/no-results',
      message: expect.stringContaining('torn.wav'),
    });
  });

  it('lists clips whose numbers are not finite', async () => {
    const nodes = bandModel.nodes.map((node) =>
      node.operator === 'Softmax' ? { ...node, operator: 'Log', attributes: {} } : node,
    );
    const path = writeModel(join(root, 'nan'), { ...bandModel, nodes }, bandDescription);
    await expect(infer({ model: fileSource(path), scoresOut: output() })).rejects.toMatchObject({
      code: 'model/no-results',
      message: expect.stringMatching(/bands gave numbers that are not finite/),
    });
  });

  it('stops when it is cancelled, and goes on later where it was', async () => {
    const clips = Array.from({ length: 400 }, (_, i) => tones[(i % 2) * 2]!);
    const [scoresOut, whole] = [output(), output()];
    const cancelled = infer({ clips, scoresOut }, (done, abort) => {
      if (done > 0) abort.abort();
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'job/cancelled' });
    const before = await rows(scoresOut);
    const done = before.map((row) => !row.some(Number.isNaN));
    const count = done.filter(Boolean).length;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(400);
    // What the first run has done is marked, to see that the second leaves it alone.
    const first = done.indexOf(true);
    const bytes = readFileSync(scoresOut);
    const start = bytes.length - 400 * 3 * 4;
    bytes.writeFloatLE(7, start + first * 12);
    writeFileSync(scoresOut, bytes);
    const { result } = await infer({ clips, scoresOut });
    expect(result.computed.notes).toEqual([`${count} clips had been done before and were not run again.`]);
    await infer({ clips, scoresOut: whole });
    const [resumed, expected] = [await rows(scoresOut), await rows(whole)];
    expect(resumed[first]![0]).toBe(7);
    expect(resumed.map(best)).toEqual(expected.map((row, at) => (at === first ? 0 : best(row))));
  });

  it('has nothing to do where everything is done', async () => {
    const scoresOut = output();
    await infer({ scoresOut });
    const before = readFileSync(scoresOut);
    const { result } = await infer({ scoresOut });
    expect(result).toMatchObject({ failed: 0, computed: { msPerClip: null } });
    expect(readFileSync(scoresOut).equals(before)).toBe(true);
  });

  it('leaves a file alone that is no beginning of this run', async () => {
    const scoresOut = output();
    await infer({ scoresOut });
    const before = readFileSync(scoresOut);
    await expect(infer({ clips: tones.slice(1), scoresOut })).rejects.toMatchObject({
      code: 'run/other-file',
      message: expect.stringContaining('not 2 rows'),
    });
    expect(readFileSync(scoresOut).equals(before)).toBe(true);
  });

  it('refuses files that are not those which were trusted, and outputs that the model has not', async () => {
    const scoresOut = output();
    const changed = { ...bands, hash: '0'.repeat(64) };
    await expect(infer({ model: changed as ModelSource, scoresOut })).rejects.toMatchObject({
      code: 'model/changed',
      message: expect.stringContaining('trust them again. Nothing was run.'),
    });
    const acoustic = { kind: 'builtin', name: 'acoustic-1' } as const;
    await expect(infer({ model: acoustic, scoresOut })).rejects.toMatchObject({ code: 'model/no-scores' });
    expect(existsSync(scoresOut)).toBe(false);
  });

  it('runs the embeddings that come along', async () => {
    for (const [name, width] of [
      ['acoustic-1', 261],
      ['encoder-1', 128],
    ] as const) {
      const embeddingOut = output();
      const { result } = await infer({ model: { kind: 'builtin', name }, embeddingOut });
      expect(result).toMatchObject({ labels: null, dimensions: width, failed: 0 });
      expect(result.computed.msPerClip?.median).toBeGreaterThan(0);
      const found = await rows(embeddingOut);
      expect(found.length).toBe(3);
      if (name === 'encoder-1') for (const row of found) expect(Math.hypot(...row)).toBeCloseTo(1, 4);
    }
  });

  it('runs TensorFlow.js in WASM with the numbers of plain JavaScript', async () => {
    const layers = await tinyLayersModel(join(root, 'tfjs'));
    const path = join(layers, '../earmark.json');
    const description = {
      format: 'tfjs-layers',
      name: 'tiny',
      sampleRate: RATE,
      clip: { take: 'windows', samples: 2160, hop: 1080 },
      frontEnd: { kind: 'mfcc', coefficients: 10 },
      stages: [{ file: 'model.json', input: { layout: ['batch', 'time', 'feature', 'channel'] } }],
      outputs: { scores: { kind: 'probabilities' } },
      labels: ['a', 'b', 'c', 'd'],
    };
    writeFileSync(path, JSON.stringify(description));
    const scoresOut = output();
    const { result } = await infer({ model: fileSource(path), scoresOut });
    expect(result.computed.backend).toMatch(/^tfjs wasm( simd)? 4\.\d+\.\d+, 1 thread$/);
    const found = await rows(scoresOut);
    const runner = await openModel(readModel(path), { threads: 1, tfjs: 'cpu' });
    const prepare = createPreparer(runner.plan);
    for (const [row, { path: clip }] of tones.entries()) {
      const pool = new RowPool('mean', 4);
      for (const blocks of prepare(await decodeAudio(readFileSync(join(root, clip)), clip), clip)) {
        pool.add((await runner.run(blocks, [])).scores!.data);
      }
      for (const [at, value] of pool.finish().entries())
        expect(Math.abs(value - found[row]![at]!)).toBeLessThan(1e-4);
    }
    await runner.close();
  });
});

describe('looking at a model and trying it', () => {
  it('shows what a few clips give, and which of them cannot be read', async () => {
    const { path } = bands as { readonly path: string };
    expect(await inspectModelTask({ path, knownLabels: [] })).toMatchObject({
      isDescribed: true,
      problems: [],
    });
    const clips = [...tones, place('../outside.wav')];
    const report = await tryModelTask({ path, description: null, clips, threads: 1 });
    expect(report.problems).toEqual([]);
    expect(report.clips.map(({ top }) => top[0]?.label)).toEqual(['low', 'middle', 'high', undefined]);
    expect(report.clips[3]?.problem).toContain('../outside.wav');
  });
});
