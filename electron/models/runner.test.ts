import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type ModelDescriptionInput, modelDescription } from '../../shared/domain/model.ts';
import { type DecodedAudio, decodeAudio } from '../audio/index.ts';
import { readNpyFile } from '../formats/index.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { hasShared, sharedPath } from '../testing/shared-data.ts';
import { checkModel, readModel } from './description.ts';
import { RowPool } from './outputs.ts';
import { createPreparer, planOf } from './prepare.ts';
import { type ModelRunner, openModel } from './runner.ts';
import type { OnnxModel } from './testing/onnx-writer.ts';
import { onnxModel } from './testing/onnx-writer.ts';
import { tinyLayersModel } from './testing/tfjs-models.ts';

const folder = temporaryFolder();
const open: ModelRunner[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((runner) => runner.close()));
});

function sound(samples: Float32Array, sampleRate = 1000): DecodedAudio {
  return {
    container: 'wav',
    encoding: 'pcm_f32',
    sampleRate,
    channels: 1,
    frames: samples.length,
    channelData: [samples],
  };
}

const ramp = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i);

/** Input [batch, 4] -> sums and the numbers themselves. */
const four: OnnxModel = {
  inputs: [{ name: 'x', shape: ['batch', 4] }],
  outputs: [{ name: 'same', shape: ['batch', 4] }],
  nodes: [{ operator: 'Identity', inputs: ['x'], outputs: ['same'] }],
};

const describeFour: ModelDescriptionInput = {
  format: 'onnx',
  name: 'four',
  sampleRate: 1000,
  clip: { take: 'windows', samples: 4 },
  stages: [{ file: 'm.onnx', input: { layout: ['batch', 'time'] } }],
  outputs: { embedding: {} },
};

async function load(model: OnnxModel, description: object): Promise<ModelRunner> {
  writeFileSync(join(folder, 'm.onnx'), onnxModel(model));
  const runner = await openModel(checkModel(description, join(folder, 'm.json')), { threads: 1 });
  open.push(runner);
  return runner;
}

/** Pooled rows of a clip. */
async function pooled(runner: ModelRunner, audio: DecodedAudio, clip = 0): Promise<number[]> {
  let pool: RowPool | null = null;
  for (const blocks of createPreparer(runner.plan)(audio, 'clip.wav')) {
    const outputs = await runner.run(blocks, new Array<number>(blocks.count).fill(clip));
    const rows = outputs.embedding ?? outputs.scores!;
    pool ??= new RowPool(runner.pooling, rows.width);
    pool.add(rows.data);
  }
  runner.forget(clip);
  return Array.from(pool!.finish());
}

async function windowsOf(clip: object, samples: Float32Array, pooling = 'mean'): Promise<number[][]> {
  const runner = await load(four, { ...describeFour, pooling, clip: { ...describeFour.clip, ...clip } });
  return [...createPreparer(runner.plan)(sound(samples), 'clip.wav')].flatMap(({ data, count }) =>
    Array.from({ length: count }, (_, at) => Array.from(data.subarray(at * 4, at * 4 + 4))),
  );
}

describe('windows of a clip', () => {
  it('follow the hop, and the last one the rule for the end', async () => {
    expect(await windowsOf({ hop: 2 }, ramp(6))).toEqual([
      [0, 1, 2, 3],
      [2, 3, 4, 5],
    ]);
    expect(await windowsOf({ tail: 'shift' }, ramp(6))).toEqual([
      [0, 1, 2, 3],
      [2, 3, 4, 5],
    ]);
    expect(await windowsOf({ tail: 'pad' }, ramp(6))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 0, 0],
    ]);
    expect(await windowsOf({ tail: 'drop' }, ramp(6))).toEqual([[0, 1, 2, 3]]);
  });

  it('hold a short clip at the start, in the middle, or over and over', async () => {
    const clip = Float32Array.of(1, 2);
    expect(await windowsOf({ pad: 'end' }, clip)).toEqual([[1, 2, 0, 0]]);
    expect(await windowsOf({ pad: 'centre' }, clip)).toEqual([[0, 1, 2, 0]]);
    expect(await windowsOf({ pad: 'repeat' }, Float32Array.of(1, 2, 3))).toEqual([[1, 2, 3, 1]]);
  });

  it('begin with silence where the model wants to see what was before', async () => {
    expect(await windowsOf({ lead: 2, hop: 2, tail: 'pad' }, Float32Array.of(1, 2, 3, 4))).toEqual([
      [0, 0, 1, 2],
      [1, 2, 3, 4],
    ]);
  });

  it('are only the loudest or the first where nothing else counts', async () => {
    const clip = Float32Array.of(0, 1, 0, 0, 0, -5, 5, 0, 0, 0, 1);
    expect(await windowsOf({ hop: 1 }, clip, 'loudest')).toEqual([[0, 0, -5, 5]]);
    expect(await windowsOf({ hop: 6 }, clip, 'loudest')).toEqual([[5, 0, 0, 0]]);
    expect(await windowsOf({ hop: 1 }, clip, 'first')).toEqual([[0, 1, 0, 0]]);
  });

  it('of a long clip come in groups of bounded size', () => {
    const plan = planOf(modelDescription.parse(describeFour));
    const groups = [...createPreparer(plan)(sound(new Float32Array(5_000_000)), 'long.wav')];
    expect(groups.length).toBeGreaterThan(4);
    expect(groups.every(({ data }) => data.length <= 2 ** 20)).toBe(true);
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(1_250_000);
  });

  it('of an empty clip, or a whole clip beyond the limit, are a failure in words', async () => {
    await expect(windowsOf({}, new Float32Array(0))).rejects.toMatchObject({ code: 'model/no-samples' });
    const runner = await load(
      { ...four, inputs: [{ name: 'x', shape: ['batch', 'time'] }] },
      { ...describeFour, clip: { take: 'whole', maxSeconds: 2 } },
    );
    await expect(pooled(runner, sound(new Float32Array(2500)))).rejects.toMatchObject({
      code: 'model/clip-too-long',
      message: expect.stringContaining('lasts 2.5 s'),
    });
  });
});

describe('running a model', () => {
  it('pools the windows as the description says, whatever the batch', async () => {
    for (const batch of [1, 2, 32]) {
      const stages = [{ ...describeFour.stages[0]!, batch }];
      const clip = { take: 'windows', samples: 4, hop: 2 };
      const mean = await load(four, { ...describeFour, stages, clip });
      expect(await pooled(mean, sound(ramp(8)))).toEqual([2, 3, 4, 5]);
      const max = await load(four, { ...describeFour, stages, clip, pooling: 'max' });
      expect(await pooled(max, sound(ramp(8)))).toEqual([4, 5, 6, 7]);
    }
  });

  it('fills up a batch whose size the model fixes', async () => {
    const fixed = {
      ...four,
      inputs: [{ name: 'x', shape: [3, 4] }],
      outputs: [{ name: 'same', shape: [3, 4] }],
    };
    const runner = await load(fixed, describeFour);
    expect(await pooled(runner, sound(ramp(16)))).toEqual([6, 7, 8, 9]);
  });

  it('scales, and turns frames and features as the layout wants', async () => {
    // Two frames of two features for the second stage, made of four samples.
    const turned = {
      inputs: [{ name: 'x', shape: ['batch', 1, 2, 2] }],
      outputs: [{ name: 'y', shape: ['batch', 4] }],
      nodes: [{ operator: 'Flatten', inputs: ['x'], outputs: ['y'], attributes: { axis: 1 } }],
    };
    writeFileSync(join(folder, 'second.onnx'), onnxModel(turned));
    const reshape: OnnxModel = {
      inputs: [{ name: 'x', shape: ['batch', 4] }],
      outputs: [{ name: 'frames', shape: ['batch', 2, 2] }],
      nodes: [{ operator: 'Reshape', inputs: ['x', 's'], outputs: ['frames'] }],
      weights: [{ name: 's', shape: [3], data: BigInt64Array.of(-1n, 2n, 2n) }],
    };
    const runner = await load(reshape, {
      ...describeFour,
      stages: [
        { ...describeFour.stages[0], output: { layout: ['batch', 'time', 'feature'] } },
        {
          file: 'second.onnx',
          input: { layout: ['batch', 'channel', 'feature', 'time'], scale: 10, offset: 1 },
        },
      ],
    });
    expect(await pooled(runner, sound(ramp(4)))).toEqual([1, 21, 11, 31]);
  });

  it('carries a state from window to window of one clip, and not to the next clip', async () => {
    const counter: OnnxModel = {
      inputs: [
        { name: 'x', shape: ['batch', 4] },
        { name: 'state', shape: [1, 4] },
        { name: 'sr', shape: [], type: 7 },
      ],
      outputs: [
        { name: 'y', shape: ['batch', 4] },
        { name: 'stateN', shape: [1, 4] },
      ],
      nodes: [
        { operator: 'Add', inputs: ['x', 'state'], outputs: ['stateN'] },
        { operator: 'Cast', inputs: ['sr'], outputs: ['rate'], attributes: { to: 1 } },
        { operator: 'Add', inputs: ['stateN', 'rate'], outputs: ['y'] },
      ],
    };
    const stage = {
      file: 'm.onnx',
      input: { name: 'x', layout: ['batch', 'time'] },
      states: [{ input: 'state', output: 'stateN', shape: [1, 4] }],
      constants: [{ input: 'sr', type: 'int64', value: 100 }],
    };
    const runner = await load(counter, { ...describeFour, stages: [stage], pooling: 'max' });
    for (const clip of [1, 2]) {
      expect(await pooled(runner, sound(new Float32Array(12).fill(1)), clip)).toEqual([103, 103, 103, 103]);
    }
    const { states: _, ...stateless } = stage;
    await expect(load(counter, { ...describeFour, stages: [stateless] })).rejects.toMatchObject({
      code: 'model/inputs',
      message: expect.stringContaining('"state" [1, 4]'),
    });
  });

  it('makes probabilities of every kind of scores', async () => {
    const clip = sound(Float32Array.of(0, Math.log(3), 0, 0));
    const scored = (kind: string) => ({
      ...describeFour,
      outputs: { scores: { kind } },
      labels: ['a', 'b', 'c', 'd'],
    });
    const close = (values: readonly number[], expected: readonly number[]) =>
      values.forEach((value, at) => {
        expect(value).toBeCloseTo(expected[at]!, 6);
      });
    close(await pooled(await load(four, scored('logits')), clip), [1 / 6, 1 / 2, 1 / 6, 1 / 6]);
    close(await pooled(await load(four, scored('sigmoid-logits')), clip), [0.5, 0.75, 0.5, 0.5]);
    const single: OnnxModel = {
      inputs: four.inputs,
      outputs: [{ name: 'y', shape: ['batch', 1] }],
      nodes: [{ operator: 'ReduceSum', inputs: ['x', 'axis'], outputs: ['y'] }],
      weights: [{ name: 'axis', shape: [1], data: BigInt64Array.of(1n) }],
    };
    const binary = { ...describeFour, outputs: { scores: { kind: 'binary-logit' } }, labels: ['no', 'yes'] };
    close(await pooled(await load(single, binary), clip), [0.25, 0.75]);
  });

  it('takes an output with an axis for time as one row a frame', async () => {
    const reshape: OnnxModel = {
      inputs: [{ name: 'x', shape: ['batch', 4] }],
      outputs: [{ name: 'frames', shape: ['batch', 2, 2] }],
      nodes: [{ operator: 'Reshape', inputs: ['x', 's'], outputs: ['frames'] }],
      weights: [{ name: 's', shape: [3], data: BigInt64Array.of(-1n, 2n, 2n) }],
    };
    expect(await pooled(await load(reshape, describeFour), sound(ramp(4)))).toEqual([1, 2]);
  });

  it('names what does not fit: input shapes, outputs, the number of labels', async () => {
    await expect(
      load(four, { ...describeFour, clip: { take: 'windows', samples: 5 } }),
    ).rejects.toMatchObject({
      code: 'model/input-shape',
      message: expect.stringContaining('"x" of m.onnx wants [batch, 4]'),
    });
    await expect(
      load(four, { ...describeFour, outputs: { embedding: { name: 'hidden' } } }),
    ).rejects.toMatchObject({ code: 'model/outputs', message: expect.stringContaining('"same" [batch, 4]') });
    const labels = { ...describeFour, outputs: { scores: { kind: 'logits' } }, labels: ['a', 'b', 'c'] };
    await expect(pooled(await load(four, labels), sound(ramp(4)))).rejects.toMatchObject({
      code: 'model/output-shape',
      message: expect.stringContaining('it should give 3 numbers'),
    });
  });

  it('runs TensorFlow.js models behind the same interface', async () => {
    const path = await tinyLayersModel(join(folder, 'tfjs'));
    const description = {
      ...describeFour,
      format: 'tfjs-layers',
      sampleRate: 16_000,
      clip: { take: 'windows', samples: 2160 },
      frontEnd: { kind: 'mfcc', coefficients: 10 },
      stages: [{ file: 'model.json', input: { layout: ['batch', 'time', 'feature', 'channel'] } }],
      outputs: { scores: { kind: 'probabilities' } },
      labels: ['a', 'b', 'c', 'd'],
    };
    const clip = sound(
      Float32Array.from({ length: 5000 }, (_, i) => Math.sin(i * 0.3)),
      16_000,
    );
    const results: number[][] = [];
    for (const tfjs of ['wasm', 'cpu'] as const) {
      const model = checkModel(description, join(path, '../earmark.json'));
      const runner = await openModel(model, { threads: 1, tfjs });
      open.push(runner);
      results.push(await pooled(runner, clip));
    }
    for (const [at, value] of results[0]!.entries())
      expect(Math.abs(value - results[1]![at]!)).toBeLessThan(1e-4);
  });
});

describe.skipIf(!hasShared)('models of the field', () => {
  /** The example as a person would use it: copied into a folder with the files it names. */
  async function openExample(name: string): Promise<ModelRunner> {
    const path = join(folder, `${name}.json`);
    copyFileSync(join(import.meta.dirname, `../../resources/models/examples/${name}.json`), path);
    const { stages } = JSON.parse(readFileSync(path, 'utf8')) as { stages: { file: string }[] };
    for (const { file } of stages) copyFileSync(sharedPath('data/models', file), join(folder, file));
    const runner = await openModel(readModel(path), { threads: 2 });
    open.push(runner);
    return runner;
  }

  it('speech_embedding gives the golden features of FSDD, short clips and long ones', async () => {
    const runner = await openExample('speech-embedding');
    const golden = await readNpyFile(sharedPath('golden/fsdd-noisy/features.npy'));
    const clips = readFileSync(sharedPath('golden/fsdd-noisy/clips.csv'), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1);
    for (const row of [0, 500, 1700, 2500]) {
      const path = clips[row]!.split(',')[0]!;
      const audio = await decodeAudio(readFileSync(sharedPath('data', path)), path);
      const made = await pooled(runner, audio);
      // What differs is the resampler, from 8 to 16 kHz.
      const difference = made.map((x, i) => x - Number(golden.data[row * 96 + i]));
      expect(Math.hypot(...difference) / Math.hypot(...made)).toBeLessThan(0.01);
    }
  });

  it('silero_vad hears speech in speech and none in noise', async () => {
    const runner = await openExample('silero-vad');
    const path = sharedPath('data/streaming/marvin_617de221_0.wav');
    const speech = await pooled(runner, await decodeAudio(readFileSync(path), 'marvin.wav'), 1);
    let seed = 1;
    const noise = Float32Array.from({ length: 16_000 }, () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return (seed / 2 ** 32 - 0.5) * 0.02;
    });
    const quiet = await pooled(runner, sound(noise, 16_000), 2);
    expect(speech[1]).toBeGreaterThan(0.3);
    expect(quiet[1]).toBeLessThan(0.1);
    const silence = await pooled(runner, sound(new Float32Array(16_000), 16_000), 3);
    expect(silence[1]).toBeLessThan(0.1);
    expect(silence[0]! + silence[1]!).toBeCloseTo(1, 5);
  });
});
