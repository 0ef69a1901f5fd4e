// A network of the size of DS-CNN large (Zhang et al. 2017, "Hello Edge"; about 420,000 weights, 28 million products a
// clip) with weights drawn at random, as ONNX and as TensorFlow.js: what it says is nothing, what it costs is real.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enableProdMode, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { createRandom } from '../../electron/compute/index.ts';
import { type OnnxNode, type OnnxWeights, onnxModel } from '../../electron/models/testing/onnx-writer.ts';
import { saveLayersModel } from '../../electron/models/testing/tfjs-models.ts';
import type { ModelDescriptionInput, TensorAxis } from '../../shared/domain/model.ts';

const FILTERS = 276;
const LABELS = 12;
const BLOCKS = 5;

function description(
  format: ModelDescriptionInput['format'],
  file: string,
  layout: TensorAxis[],
): ModelDescriptionInput {
  return {
    format,
    name: `ds-cnn-large ${format}`,
    sampleRate: 16_000,
    clip: { take: 'windows', samples: 16_000 },
    // 49 frames of 10 coefficients.
    frontEnd: { kind: 'mfcc', windowSamples: 640, hopSamples: 320, fftSize: 1024, coefficients: 10 },
    stages: [{ file, input: { layout } }],
    outputs: { scores: { kind: 'logits' } },
    labels: Array.from({ length: LABELS }, (_, at) => `word ${at}`),
  };
}

/** Returns the path of the description. */
export function writeOnnxKeywords(folder: string): string {
  const random = createRandom(1);
  const weights: OnnxWeights[] = [];
  const nodes: OnnxNode[] = [];
  const weigh = (name: string, shape: readonly number[]): string => {
    const inputs = shape.slice(1).reduce((a, b) => a * b, 1);
    const spread = shape.length === 1 ? 0.1 : Math.sqrt(6 / inputs);
    const data = Float32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      () => spread * (2 * random() - 1),
    );
    weights.push({ name, shape, data });
    return name;
  };
  const convolve = (input: string, output: string, shape: readonly number[], stride: readonly number[]) => {
    const attributes = {
      kernel_shape: shape.slice(2),
      strides: stride,
      group: shape[1] === 1 && input !== 'mfcc' ? FILTERS : 1,
      auto_pad: { text: 'SAME_UPPER' },
    };
    const inputs = [input, weigh(`${output}.w`, shape), weigh(`${output}.b`, [FILTERS])];
    nodes.push({ operator: 'Conv', inputs, outputs: [`${output}.linear`], attributes });
    nodes.push({ operator: 'Relu', inputs: [`${output}.linear`], outputs: [output] });
  };
  convolve('mfcc', 'first', [FILTERS, 1, 10, 4], [2, 1]);
  let last = 'first';
  for (let block = 0; block < BLOCKS; block++) {
    convolve(last, `deep${block}`, [FILTERS, 1, 3, 3], block === 0 ? [2, 2] : [1, 1]);
    convolve(`deep${block}`, `point${block}`, [FILTERS, FILTERS, 1, 1], [1, 1]);
    last = `point${block}`;
  }
  nodes.push(
    { operator: 'GlobalAveragePool', inputs: [last], outputs: ['mean'] },
    { operator: 'Flatten', inputs: ['mean'], outputs: ['flat'], attributes: { axis: 1 } },
    { operator: 'MatMul', inputs: ['flat', weigh('dense', [FILTERS, LABELS])], outputs: ['logits'] },
  );
  mkdirSync(folder, { recursive: true });
  const model = {
    inputs: [{ name: 'mfcc', shape: ['batch', 1, 49, 10] }],
    outputs: [{ name: 'logits', shape: ['batch', LABELS] }],
    nodes,
    weights,
  };
  writeFileSync(join(folder, 'ds-cnn-large.onnx'), onnxModel(model));
  const path = join(folder, 'ds-cnn-large.json');
  const layout: TensorAxis[] = ['batch', 'channel', 'time', 'feature'];
  writeFileSync(path, JSON.stringify(description('onnx', 'ds-cnn-large.onnx', layout)));
  return path;
}

/** Returns the path of the description. */
export async function writeTfjsKeywords(folder: string): Promise<string> {
  enableProdMode();
  await setBackend('cpu');
  const model = sequential();
  const common = { padding: 'same', activation: 'relu' } as const;
  model.add(
    layers.conv2d({
      ...common,
      inputShape: [49, 10, 1],
      filters: FILTERS,
      kernelSize: [10, 4],
      strides: [2, 1],
    }),
  );
  for (let block = 0; block < BLOCKS; block++) {
    model.add(layers.depthwiseConv2d({ ...common, kernelSize: 3, strides: block === 0 ? 2 : 1 }));
    model.add(layers.conv2d({ ...common, filters: FILTERS, kernelSize: 1 }));
  }
  model.add(layers.globalAveragePooling2d({}));
  model.add(layers.dense({ units: LABELS, name: 'logits' }));
  await saveLayersModel(model, folder);
  const path = join(folder, 'earmark.json');
  const layout: TensorAxis[] = ['batch', 'time', 'feature', 'channel'];
  writeFileSync(path, JSON.stringify(description('tfjs-layers', 'model.json', layout)));
  return path;
}
