// Tiny TensorFlow.js models for tests, written to a folder as the converter does: model.json and one file of weights.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enableProdMode, type io, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';

/** A small convolution with four classes; input `spectrum` [batch, 12, 10, 1]. Returns the path of model.json. */
export async function tinyLayersModel(folder: string): Promise<string> {
  enableProdMode();
  await setBackend('cpu');
  const model = sequential();
  model.add(layers.inputLayer({ inputShape: [12, 10, 1], name: 'spectrum' }));
  model.add(layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }));
  model.add(layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }));
  model.add(layers.batchNormalization());
  model.add(layers.flatten());
  model.add(layers.dense({ units: 4, activation: 'softmax', name: 'scores' }));
  return saveLayersModel(model, folder);
}

/** Returns the path of model.json. */
export async function saveLayersModel(model: LayersModel, folder: string): Promise<string> {
  let path = '';
  await model.save({
    save: async (artifacts: io.ModelArtifacts) => {
      path = saveArtifacts(artifacts, folder);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  return path;
}

/** Softmax(x W) as a frozen graph: input `x` [batch, 5], output `y` [batch, 4]. Returns the path of model.json. */
export function tinyGraphModel(folder: string): string {
  const weights = Float32Array.from({ length: 20 }, (_, i) => Math.cos(i * 7));
  const float = { dtype: { type: 'DT_FLOAT' } };
  const shape = (...sizes: readonly number[]) => ({
    shape: { dim: sizes.map((size) => ({ size: String(size) })) },
  });
  return saveArtifacts(
    {
      format: 'graph-model',
      modelTopology: {
        node: [
          { name: 'x', op: 'Placeholder', attr: { ...float, shape: shape(-1, 5) } },
          { name: 'w', op: 'Const', attr: { ...float, value: { tensor: { dtype: 'DT_FLOAT' } } } },
          { name: 'xw', op: 'MatMul', input: ['x', 'w'], attr: { T: { type: 'DT_FLOAT' } } },
          { name: 'y', op: 'Softmax', input: ['xw'], attr: { T: { type: 'DT_FLOAT' } } },
        ],
        library: {},
        versions: {},
      },
      weightSpecs: [{ name: 'w', shape: [5, 4], dtype: 'float32' }],
      weightData: weights.buffer,
    },
    folder,
  );
}

function saveArtifacts(artifacts: io.ModelArtifacts, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const { modelTopology, weightSpecs, weightData, format } = artifacts;
  const parts = Array.isArray(weightData) ? weightData : [weightData ?? new ArrayBuffer(0)];
  writeFileSync(join(folder, 'group1-shard1of1.bin'), Buffer.concat(parts.map((part) => Buffer.from(part))));
  const path = join(folder, 'model.json');
  writeFileSync(
    path,
    JSON.stringify({
      format: format ?? 'layers-model',
      modelTopology,
      weightsManifest: [{ paths: ['group1-shard1of1.bin'], weights: weightSpecs }],
    }),
  );
  return path;
}
