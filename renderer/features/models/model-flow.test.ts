import { describe, expect, it } from 'vitest';
import { isModelFile } from './model-flow.ts';

describe('a file dropped on the window', () => {
  it('is taken for a model when it cannot be a dataset', () => {
    for (const name of ['ds-cnn.onnx', 'DS-CNN.ONNX', 'model.json', 'model.earmark.json'])
      expect(isModelFile(name), name).toBe(true);
    for (const name of ['clips.json', 'my-model.json', 'onnx', 'sample.earmark', 'clips.csv'])
      expect(isModelFile(name), name).toBe(false);
  });
});
