import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModelDescriptionInput } from '../../shared/domain/model.ts';
import { type DryRunReport, dryRunReport } from '../../shared/domain/model-report.ts';
import type { DecodedAudio } from '../audio/index.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { dryRun } from './dry-run.ts';
import { inspectModel } from './inspect-model.ts';
import { bandDescription, bandModel, writeModel } from './testing/onnx-models.ts';
import { type OnnxModel, onnxModel } from './testing/onnx-writer.ts';
import { tinyLayersModel } from './testing/tfjs-models.ts';

const root = temporaryFolder();
let folders = 0;
function folder(): string {
  folders++;
  return join(root, `${folders}`);
}

const RATE = 16_000;

interface Clip {
  readonly path: string;
  decode(): Promise<DecodedAudio>;
}

function tone(hz: number, samples = RATE): Clip {
  const data = Float32Array.from(
    { length: samples },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / RATE),
  );
  return {
    path: `${hz}.wav`,
    decode: async () => ({
      container: 'wav',
      encoding: 'pcm_f32',
      sampleRate: RATE,
      channels: 1,
      frames: samples,
      channelData: [data],
    }),
  };
}

const clips = [tone(150), tone(1400), tone(6800)];

async function tried(
  model: OnnxModel,
  description: object = bandDescription,
  sounds: readonly Clip[] = clips,
): Promise<DryRunReport> {
  const report = await dryRun(writeModel(folder(), model, description), null, sounds, 1);
  expect(dryRunReport.parse(report)).toEqual(report);
  return report;
}

async function refusal(path: string): Promise<unknown> {
  return dryRun(path, null, clips, 1).catch((error: unknown) => error);
}

/** Takes half a second of samples. */
const raw: ModelDescriptionInput = {
  format: 'onnx',
  name: 'raw',
  sampleRate: RATE,
  clip: { take: 'windows', samples: 8000 },
  stages: [{ file: 'bands.onnx', input: { layout: ['batch', 'time'] } }],
  outputs: { embedding: {} },
};

function rawModel(nodes: OnnxModel['nodes'], weights: OnnxModel['weights'] = []): OnnxModel {
  return {
    inputs: [{ name: 'x', shape: ['batch', 8000] }],
    outputs: [{ name: 'y', shape: ['batch', 'any'] }],
    nodes,
    weights,
  };
}

describe('a model that fits its description', () => {
  it('shows what each clip gives, and no problem', async () => {
    const report = await tried(bandModel);
    expect(report).toMatchObject({
      labels: ['low', 'middle', 'high'],
      dimensions: 40,
      problems: [],
      threads: 1,
    });
    expect(report.backend).toMatch(/^onnxruntime-node 1\.\d+\.\d+ CPU, 1 thread$/);
    expect(report.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(report.clips.map(({ top }) => top[0]?.label)).toEqual(['low', 'middle', 'high']);
    for (const clip of report.clips) {
      expect(clip).toMatchObject({ windows: 1, shape: [1, 98, 40], problem: null });
      expect(clip.embedding.length).toBe(8);
    }
  });

  it('may leave the length of a clip open', async () => {
    const free: OnnxModel = {
      ...bandModel,
      inputs: [{ name: 'mel', shape: ['batch', 'time', 40] }],
    };
    const whole = { ...bandDescription, clip: { take: 'whole', minSamples: 400 } };
    const report = await tried(free, whole, [tone(150, 5000), tone(1400, 40_000)]);
    expect(report.problems).toEqual([]);
    expect(report.clips.map(({ shape }) => shape)).toEqual([
      [1, 29, 40],
      [1, 248, 40],
    ]);
  });

  it('runs with a description that is not written yet', async () => {
    const place = folder();
    writeModel(place, bandModel, {});
    const report = await dryRun(join(place, 'new.json'), bandDescription, clips, 1);
    expect(report.problems).toEqual([]);
  });

  it('is not blamed for a clip that cannot be read, unless there is no other', async () => {
    const broken: Clip = { path: 'x.wav', decode: () => Promise.reject(new Error('x.wav: no header')) };
    const report = await tried(bandModel, bandDescription, [broken, ...clips]);
    expect(report.problems).toEqual([]);
    expect(report.clips[0]?.problem).toContain('x.wav: no header');
    const none = await tried(bandModel, bandDescription, [broken, broken]);
    expect(none.problems).toMatchObject([
      { code: 'model/no-results', message: expect.stringContaining('None of the 2 clips gave a result') },
    ]);
  });
});

describe('what would spoil a long run is named before it', () => {
  it('a file that is no model, or not the whole of one', async () => {
    const bytes = Buffer.from(onnxModel(bandModel));
    const cases: [Uint8Array | string, RegExp][] = [
      ['', /is no ONNX model: it is empty/],
      ['<html>404</html>', /cannot be read as a model|is no ONNX model/],
      [bytes.subarray(0, bytes.length >> 1), /damaged, was not copied whole/],
      [
        onnxModel({ ...bandModel, opset: 99 }),
        /opset 99 of ai\.onnx; the runtime here knows opsets up to \d+/,
      ],
      [
        onnxModel({
          ...bandModel,
          nodes: bandModel.nodes.map((node) => ({ ...node, domain: 'com.example' })),
          domains: { 'com.example': 1 },
        }),
        /operators that are no part of ONNX: com\.example::ReduceMean/,
      ],
      [
        onnxModel({
          ...bandModel,
          weights: [{ ...bandModel.weights![0]!, externalFile: '../../etc/passwd' }],
        }),
        /"\.\.\/\.\.\/etc\/passwd", which leads out of the model's folder/,
      ],
      [
        onnxModel({
          ...bandModel,
          weights: [{ ...bandModel.weights![0]!, externalFile: 'absent.bin' }],
        }),
        /"absent\.bin", which could not be opened/,
      ],
      [
        onnxModel({ ...bandModel, weights: [{ ...bandModel.weights![0]!, shape: [2n ** 40n, 3] }] }),
        /announces weights "w" of the shape \[1099511627776, 3\], but holds only 480 bytes/,
      ],
    ];
    for (const [content, words] of cases) {
      const path = writeModel(folder(), bandModel, bandDescription);
      writeFileSync(path.replace(/json$/, 'onnx'), content);
      expect(await refusal(path)).toMatchObject({
        code: expect.stringMatching(/^model\//),
        message: expect.stringMatching(words),
      });
      const undescribed = join(folder(), 'm.onnx');
      writeModel(join(undescribed, '..'), bandModel, {}, 'other');
      writeFileSync(undescribed, content);
      // Whether weights lie where they should is looked at once there is a description.
      if (!String(words).includes('absent')) expect(() => inspectModel(undescribed, [])).toThrow(words);
    }
  });

  it('a model without a description, and one that is not there', async () => {
    const path = writeModel(folder(), bandModel, bandDescription, 'm');
    const bare = join(path, '../bare.onnx');
    writeFileSync(bare, onnxModel(bandModel));
    expect(await refusal(bare)).toMatchObject({
      code: 'model/no-description',
      message: expect.stringMatching(/bare\.onnx has no description beside it \(bare\.json\)/),
    });
    for (const absent of ['gone.json', 'gone.onnx']) {
      const error = await refusal(join(path, '..', absent));
      expect(error).toMatchObject({ code: expect.stringMatching(/^model\/(missing|no-description)$/) });
    }
  });

  it('a Lambda layer', async () => {
    const layers = await tinyLayersModel(folder());
    const json = readFileSync(layers, 'utf8').replace('"class_name":"Flatten"', '"class_name":"Lambda"');
    writeFileSync(layers, json);
    expect(() => inspectModel(layers, [])).toThrow(/has a Lambda layer, which carries program code/);
    const description = {
      ...bandDescription,
      format: 'tfjs-layers',
      stages: [{ file: 'model.json', input: { layout: ['batch', 'time', 'feature', 'channel'] } }],
    };
    const refused = await dryRun(join(layers, '../earmark.json'), description, clips, 1).catch((e) => e);
    expect(refused).toMatchObject({ code: 'model/lambda' });
  });

  it('an input of another shape', async () => {
    const path = writeModel(folder(), bandModel, {
      ...bandDescription,
      frontEnd: { kind: 'log-mel', bands: 64 },
    });
    expect(await refusal(path)).toMatchObject({
      code: 'model/input-shape',
      message: expect.stringContaining(
        'wants [batch, 98, 40], but its description makes [batch, time 98, feature 64]',
      ),
    });
  });

  it('a shape that only the model itself finds wrong', async () => {
    // Its input claims to be free, but its weights fit 40 bands only.
    const free = { ...bandModel, inputs: [{ name: 'mel', shape: ['batch', 'time', 'bands'] }] };
    const report = await tried(free, { ...bandDescription, frontEnd: { kind: 'log-mel', bands: 64 } });
    expect(report.problems).toMatchObject([
      { code: 'model/run', message: expect.stringContaining('mel [1, 98, 64]') },
    ]);
    expect(report.clips.every(({ problem }) => problem !== null)).toBe(true);
  });

  it('another number of labels than scores', async () => {
    const report = await tried(bandModel, { ...bandDescription, labels: ['low', 'high'] });
    expect(report.problems).toMatchObject([
      { code: 'model/output-shape', message: expect.stringContaining('since it should give 2 numbers') },
    ]);
  });

  it('an input that takes no float32, and inputs that nobody feeds', async () => {
    const integers = { ...bandModel, inputs: [{ name: 'mel', shape: ['batch', 98, 40], type: 7 }] };
    expect(await refusal(writeModel(folder(), integers, bandDescription))).toMatchObject({
      code: expect.stringMatching(/^model\/(input-type|load)$/),
    });
    const two = { ...bandModel, inputs: [...bandModel.inputs, { name: 'sr', shape: [], type: 7 }] };
    const stages = [
      { ...bandDescription.stages[0]!, input: { name: 'mel', layout: ['batch', 'time', 'feature'] } },
    ];
    expect(await refusal(writeModel(folder(), two, { ...bandDescription, stages }))).toMatchObject({
      code: 'model/inputs',
      message: expect.stringContaining('"sr" []'),
    });
  });

  it('outputs that are not finite', async () => {
    const nodes = [{ operator: 'Log', inputs: ['x'], outputs: ['y'] }];
    const report = await tried(rawModel(nodes), raw);
    expect(report.problems).toMatchObject([
      {
        code: 'model/nan',
        message: expect.stringContaining('The embedding of 150.wav hold numbers that are not finite'),
      },
    ]);
  });

  it('scores that are no probabilities', async () => {
    const report = await tried(
      {
        ...bandModel,
        outputs: [{ name: 'logits', shape: ['batch', 3] }],
        nodes: bandModel.nodes.slice(0, 2),
      },
      { ...bandDescription, outputs: { scores: { kind: 'probabilities' } } },
    );
    expect(report.problems).toMatchObject([
      {
        code: 'model/not-probabilities',
        message: expect.stringContaining('set "outputs.scores.kind" to "logits"'),
      },
    ]);
  });

  it('clips that change each other when they run together', async () => {
    const nodes = [
      { operator: 'ReduceMax', inputs: ['x'], outputs: ['loudest'], attributes: { axes: [0], keepdims: 1 } },
      { operator: 'Sub', inputs: ['x', 'loudest'], outputs: ['y'] },
    ];
    const report = await tried(rawModel(nodes), raw);
    expect(report.problems).toMatchObject([
      { code: 'model/batch-dependent', message: expect.stringContaining('Set "batch": 1') },
    ]);
    const stages = [{ ...raw.stages[0]!, batch: 1 }];
    expect((await tried(rawModel(nodes), { ...raw, stages })).problems).toEqual([]);
  });

  it('a model that asks for terabytes when it runs', async () => {
    const nodes = [
      { operator: 'ReduceSum', inputs: ['x', 'axis'], outputs: ['sum'] },
      { operator: 'Expand', inputs: ['sum', 'size'], outputs: ['y'] },
    ];
    const weights = [
      { name: 'axis', shape: [1], data: BigInt64Array.of(1n) },
      { name: 'size', shape: [2], data: BigInt64Array.of(1n, 2n ** 42n) },
    ];
    const path = writeModel(folder(), rawModel(nodes, weights), raw);
    const report = await dryRun(path, null, clips, 1);
    expect(report.problems).toMatchObject([{ code: 'model/run' }]);
  });

  it('a description that asks for terabytes', async () => {
    const state = {
      inputs: [
        { name: 'x', shape: ['batch', 8000] },
        { name: 's', shape: ['a', 'b', 'c', 'd'] },
      ],
      outputs: [
        { name: 'y', shape: ['batch', 8000] },
        { name: 't', shape: ['a', 'b', 'c', 'd'] },
      ],
      nodes: [
        { operator: 'Identity', inputs: ['x'], outputs: ['y'] },
        { operator: 'Identity', inputs: ['s'], outputs: ['t'] },
      ],
    };
    const stage = {
      file: 'bands.onnx',
      input: { name: 'x', layout: ['batch', 'time'] },
      states: [{ input: 's', output: 't', shape: [100_000, 100_000, 1000, 1000] }],
    };
    const described = { ...raw, stages: [stage], outputs: { embedding: { name: 'y' } } };
    expect(await refusal(writeModel(folder(), state, described))).toMatchObject({
      code: 'model/description',
      message: expect.stringContaining('[100000, 100000, 1000, 1000] is too large'),
    });
    // Ten million frames of 512 bands.
    const dense = {
      ...bandDescription,
      clip: { take: 'windows', samples: 10_000_000 },
      frontEnd: { kind: 'log-mel', hopSamples: 1, bands: 512, fMinHz: 0, fMaxHz: 8000 },
    };
    const free = { ...bandModel, inputs: [{ name: 'mel', shape: ['batch', 'time', 'bands'] }] };
    const report = await tried(free, dense);
    expect(report.problems).toMatchObject([
      { code: 'model/too-large', message: expect.stringContaining('too many numbers for one window') },
    ]);
  });
});
