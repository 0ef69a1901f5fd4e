// Small ONNX models for tests, as files in a folder, with descriptions beside them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelDescriptionInput } from '../../../shared/domain/model.ts';
import { type OnnxModel, onnxModel } from './onnx-writer.ts';

/**
 * Mean over the frames of a 40-band log-mel spectrum as `embedding`, and `scores` = softmax of these of its bands. One
 * second of sound in windows.
 */
export function modelOfBands(bands: readonly number[]): OnnxModel {
  const classes = bands.length;
  return {
    inputs: [{ name: 'mel', shape: ['batch', 98, 40] }],
    outputs: [
      { name: 'scores', shape: ['batch', classes] },
      { name: 'embedding', shape: ['batch', 40] },
    ],
    nodes: [
      {
        operator: 'ReduceMean',
        inputs: ['mel'],
        outputs: ['embedding'],
        attributes: { axes: [1], keepdims: 0 },
      },
      { operator: 'MatMul', inputs: ['embedding', 'w'], outputs: ['logits'] },
      { operator: 'Softmax', inputs: ['logits'], outputs: ['scores'], attributes: { axis: 1 } },
    ],
    weights: [
      {
        name: 'w',
        shape: [40, classes],
        data: Float32Array.from({ length: 40 * classes }, (_, i) =>
          bands[i % classes] === Math.floor(i / classes) ? 1 : 0,
        ),
      },
    ],
  };
}

/** Low, middle and high bands. */
export const bandModel = modelOfBands([4, 20, 36]);

export const bandDescription: ModelDescriptionInput = {
  format: 'onnx',
  name: 'bands',
  sampleRate: 16_000,
  clip: { take: 'windows', samples: 16_000, pad: 'centre' },
  frontEnd: { kind: 'log-mel' },
  stages: [{ file: 'bands.onnx', input: { layout: ['batch', 'time', 'feature'] } }],
  outputs: { scores: { name: 'scores', kind: 'probabilities' }, embedding: { name: 'embedding' } },
  labels: ['low', 'middle', 'high'],
};

/** Writes a model and its description; returns the path of the description. */
export function writeModel(
  folder: string,
  model: OnnxModel,
  description: ModelDescriptionInput | object,
  name = 'bands',
): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.onnx`), onnxModel(model));
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(description));
  return path;
}
