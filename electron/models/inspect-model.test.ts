import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelDescription } from '../../shared/domain/model.ts';
import { type ModelInspection, modelInspection } from '../../shared/domain/model-report.ts';
import { temporaryFolder, writeTree } from '../testing/folders.ts';
import { checkModel } from './description.ts';
import { inspectModel } from './inspect-model.ts';
import { bandDescription, bandModel, writeModel } from './testing/onnx-models.ts';
import { type OnnxModel, type OnnxValue, onnxModel } from './testing/onnx-writer.ts';
import { tinyGraphModel, tinyLayersModel } from './testing/tfjs-models.ts';

const root = temporaryFolder();
let folders = 0;
function folder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  folders++;
  return writeTree(join(root, `${folders}`), files);
}

/** A model of these inputs and outputs whose last node is `operator`; looked into, never run. */
function shaped(
  inputs: readonly OnnxValue[],
  outputs: readonly OnnxValue[],
  operator = 'Identity',
): OnnxModel {
  return {
    inputs,
    outputs,
    nodes: outputs.map(({ name }) => ({ operator, inputs: [inputs[0]?.name ?? ''], outputs: [name] })),
  };
}

function inspect(model: OnnxModel, knownLabels: readonly string[] = []): ModelInspection {
  return inspectModel(join(folder({ 'm.onnx': onnxModel(model) }), 'm.onnx'), knownLabels);
}

const scores: OnnxValue = { name: 'logits', shape: ['batch', 3] };

describe('a model that nobody has described', () => {
  it('is shown with its inputs and outputs, and a description that holds as it is', () => {
    const place = folder({ 'words.onnx': onnxModel(bandModel) });
    const found = inspectModel(join(place, 'words.onnx'), ['no', 'stop', 'yes']);
    expect(modelInspection.parse(found)).toEqual(found);
    expect(found).toMatchObject({
      format: 'onnx',
      isDescribed: false,
      hash: null,
      problems: [],
      descriptionPath: join(place, 'words.json'),
      inputs: [{ name: 'mel', type: 'float32', shape: ['batch', 98, 40] }],
      suggestion: {
        name: 'words',
        clip: { take: 'windows', samples: 16_000 },
        frontEnd: { kind: 'log-mel', windowSamples: 400, hopSamples: 160, bands: 40 },
        stages: [{ file: 'words.onnx', input: { layout: ['batch', 'time', 'feature'] } }],
        outputs: { scores: { name: 'scores', kind: 'probabilities' }, embedding: { name: 'embedding' } },
        labels: ['no', 'stop', 'yes'],
      },
    });
    expect(found.guesses.join(' ')).toContain('no model file says it');
    expect(checkModel(found.suggestion, found.descriptionPath).labels).toEqual(['no', 'stop', 'yes']);
  });

  it('is guessed at by the shape of its input', () => {
    const cases: [OnnxValue['shape'], object][] = [
      [['batch', 16_000], { clip: { take: 'windows', samples: 16_000 }, frontEnd: { kind: 'raw' } }],
      [[1, 1, 'samples'], { clip: { take: 'whole' }, frontEnd: { kind: 'raw' } }],
      [
        ['n', 49, 10, 1],
        { frontEnd: { kind: 'mfcc', windowSamples: 640, hopSamples: 320, coefficients: 10 } },
      ],
      [
        ['n', 3920],
        { frontEnd: { kind: 'log-mel', bands: 40 }, stages: [{ input: { layout: ['batch', 'flat'] } }] },
      ],
      [
        ['n', 1, 64, 'frames'],
        {
          clip: { take: 'whole' },
          frontEnd: { kind: 'log-mel', bands: 64 },
          stages: [{ input: { layout: ['batch', 'channel', 'feature', 'time'] } }],
        },
      ],
    ];
    for (const [shape, expected] of cases) {
      const { suggestion } = inspect(shaped([{ name: 'x', shape }], [scores]));
      expect(suggestion, shape.join()).toMatchObject(expected);
      expect(modelDescription.safeParse(suggestion).error?.issues, shape.join()).toBeUndefined();
    }
  });

  it('has its states and its sample rate recognised', () => {
    const inputs = [
      { name: 'input', shape: ['batch', 'samples'] },
      { name: 'sr', shape: [], type: 7 },
      { name: 'h', shape: [2, 'batch', 64] },
    ];
    const outputs = [
      { name: 'output', shape: ['batch', 1] },
      { name: 'hn', shape: [2, 'batch', 64] },
    ];
    expect(inspect(shaped(inputs, outputs, 'Sigmoid')).suggestion).toMatchObject({
      clip: { take: 'windows', samples: 512 },
      stages: [
        {
          input: { name: 'input' },
          states: [{ input: 'h', output: 'hn', shape: [2, 1, 64] }],
          constants: [{ input: 'sr', type: 'int64', value: 16_000 }],
        },
      ],
      outputs: { scores: { kind: 'binary' } },
      labels: ['class 0', 'class 1'],
    });
  });

  it('takes its class names from a list beside it', () => {
    const place = folder({
      'm.onnx': onnxModel(shaped([{ name: 'x', shape: [1, 16_000] }], [scores])),
      'labels.txt': 'a\nb\nc\n',
    });
    const { suggestion } = inspectModel(join(place, 'm.onnx'), []);
    expect(suggestion).toMatchObject({ labelsFile: 'labels.txt', outputs: { scores: { kind: 'logits' } } });
    expect(checkModel(suggestion, join(place, 'm.json')).labels).toEqual(['a', 'b', 'c']);
  });

  it('is an embedding where nothing looks like scores', () => {
    const { suggestion } = inspect(
      shaped([{ name: 'x', shape: [1, 16_000] }], [{ name: 'y', shape: [1, 512] }]),
    );
    expect(suggestion.outputs).toEqual({ embedding: {} });
    expect(suggestion).not.toHaveProperty('labels');
  });

  it('of TensorFlow.js is described beside its model.json', async () => {
    const layers = await tinyLayersModel(folder());
    const found = inspectModel(layers, ['a', 'b', 'c', 'd']);
    expect(modelInspection.parse(found)).toEqual(found);
    expect(found).toMatchObject({
      format: 'tfjs-layers',
      descriptionPath: join(layers, '../model.earmark.json'),
      inputs: [{ name: 'spectrum', shape: [null, 12, 10, 1] }],
      suggestion: { format: 'tfjs-layers', outputs: { scores: { kind: 'probabilities' } } },
    });
    expect(checkModel(found.suggestion, found.descriptionPath).labels).toEqual(['a', 'b', 'c', 'd']);
    expect(inspectModel(tinyGraphModel(folder()), [])).toMatchObject({
      format: 'tfjs-graph',
      inputs: [{ name: 'x', shape: [null, 5] }],
      outputs: [{ name: 'y' }],
    });
  });

  it('of absurd shapes is still shown, in plain data', () => {
    const shapes: OnnxValue['shape'][] = [
      [],
      [0],
      [0, 0],
      [2 ** 40, 2 ** 40],
      [1, 2 ** 52],
      [1, 2 ** 62, 40],
      [1, 98, 2 ** 62],
      ['', '', ''],
      [1, 2, 3, 4, 5],
      [1, 1, 1, 1, 1, 1, 1],
    ];
    for (const shape of shapes) {
      for (const output of [scores, { name: 'y', shape }]) {
        const found = inspect(shaped([{ name: 'x', shape }], [output]));
        expect(modelInspection.parse(JSON.parse(JSON.stringify(found))), shape.join()).toEqual(found);
      }
    }
    expect(inspect(shaped([], [])).inputs).toEqual([]);
  });
});

describe('a model with a description', () => {
  it('is shown as it is described, whichever of its files is chosen', () => {
    const path = writeModel(folder(), bandModel, bandDescription);
    const found = inspectModel(path, []);
    expect(found).toMatchObject({
      isDescribed: true,
      problems: [],
      guesses: [],
      suggestion: bandDescription,
    });
    expect(found.hash).toMatch(/^[0-9a-f]{64}$/);
    const byModel = inspectModel(path.replace(/json$/, 'onnx'), []);
    expect(byModel).toEqual(found);
  });

  it('has another hash when any of its files has changed', () => {
    const place = folder();
    const hash = (): string | null => inspectModel(join(place, 'bands.json'), []).hash;
    writeModel(place, bandModel, bandDescription);
    const before = hash();
    writeModel(place, bandModel, { ...bandDescription, labels: ['high', 'middle', 'low'] });
    const relabelled = hash();
    const weights = bandModel.weights!.map((each) => ({ ...each, data: new Float32Array(120) }));
    writeModel(place, { ...bandModel, weights }, bandDescription);
    expect(new Set([before, relabelled, hash()]).size).toBe(3);
  });

  it('has every problem of the description told in a sentence', () => {
    const { labels: _, ...rest } = bandDescription;
    const broken = {
      ...rest,
      sampleRate: '16k',
      frontend: {},
      stages: [{ file: 'bands.onnx', input: { layout: ['batch', 'mel'] } }],
    };
    const found = inspectModel(writeModel(folder(), bandModel, broken), ['low', 'middle', 'high']);
    expect(found).toMatchObject({ isDescribed: true, hash: null });
    const told = found.problems.join('\n');
    expect(told).toContain('"sampleRate" should be the sample rate the model wants, in Hz');
    expect(told).toContain('found "16k"');
    expect(told).toContain('"frontend" is no field of a model description');
    expect(told).toContain('"stages.0.input.layout.1" should be "batch", "time"');
    // What was missing is filled up with guesses for the form.
    expect(found.suggestion).toMatchObject({ sampleRate: '16k', labels: ['low', 'middle', 'high'] });
  });

  it('is told when it is no object at all', () => {
    for (const content of ['null', '[]', '5', '"onnx"', '{}']) {
      const place = folder({ 'm.json': content, 'm.onnx': onnxModel(bandModel) });
      const found = inspectModel(join(place, 'm.json'), []);
      expect(found.problems.length, content).toBeGreaterThan(0);
      expect(modelInspection.safeParse(found).error?.issues, content).toBeUndefined();
    }
  });

  it('may name no file outside its folder, in any field', () => {
    const outside = join(
      folder({ 'secret.onnx': onnxModel(bandModel), 'l.txt': 'a\nb\nc\n' }),
      'secret.onnx',
    );
    const number = folders;
    for (const file of [outside, `../${number}/secret.onnx`, 'C:\\secret.onnx']) {
      const stages = [{ file, input: { layout: ['batch', 'time', 'feature'] } }];
      const found = inspectModel(writeModel(folder(), bandModel, { ...bandDescription, stages }), []);
      expect(found.problems[0], file).toMatch(/leads out of the model's folder/);
      expect(found.inputs, file).toEqual([]);
    }
    const { labels: _, ...rest } = bandDescription;
    const labelled = { ...rest, labelsFile: `../${number}/l.txt` };
    expect(inspectModel(writeModel(folder(), bandModel, labelled), []).problems[0]).toMatch(/leads out/);
  });

  it('has its list of class names checked', () => {
    const { labels: _, ...rest } = bandDescription;
    const told = (names: string): string | undefined => {
      const path = writeModel(folder(), bandModel, { ...rest, labelsFile: 'names.txt' });
      writeFileSync(join(path, '../names.txt'), names);
      return inspectModel(path, []).problems[0];
    };
    expect(told('low\nmiddle\nhigh\n')).toBeUndefined();
    expect(told('')).toMatch(/is empty/);
    expect(told('low\n\nhigh\n')).toMatch(/empty line 2/);
    expect(told('low\nlow\nhigh\n')).toMatch(/names "low" twice/);
  });

  it('is told when its file is of another kind', async () => {
    const layers = await tinyLayersModel(folder());
    const path = join(layers, '../earmark.json');
    writeFileSync(
      path,
      JSON.stringify({
        ...bandDescription,
        format: 'tfjs-graph',
        stages: [{ file: 'model.json', input: { layout: ['batch', 'time', 'feature', 'channel'] } }],
      }),
    );
    expect(inspectModel(path, []).problems[0]).toMatch(/Set "format" to "tfjs-layers"/);
  });
});
