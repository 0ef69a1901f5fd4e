import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/folders.ts';
import { hasShared, sharedPath } from '../../testing/shared-data.ts';
import { type OnnxModel, onnxModel } from '../testing/onnx-writer.ts';
import { readOnnxFile } from './onnx-file.ts';

const folder = temporaryFolder();

const dense: OnnxModel = {
  inputs: [{ name: 'x', shape: ['batch', 3] }],
  outputs: [{ name: 'y', shape: ['batch', 2] }],
  nodes: [{ operator: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
  weights: [{ name: 'w', shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
};

let files = 0;
function file(content: Uint8Array | string): string {
  files++;
  const path = join(folder, `${files}.onnx`);
  writeFileSync(path, content);
  return path;
}

function refusal(content: Uint8Array | string): unknown {
  try {
    return readOnnxFile(file(content));
  } catch (error) {
    return error;
  }
}

describe('reading an ONNX file', () => {
  it('names versions, inputs and outputs with their shapes', () => {
    expect(readOnnxFile(file(onnxModel(dense)))).toEqual({
      irVersion: 7,
      opsets: { 'ai.onnx': 13 },
      producer: 'earmark-tests',
      inputs: [{ name: 'x', type: 'float32', shape: ['batch', 3] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['batch', 2] }],
      producers: new Map([['y', 'MatMul']]),
      externalFiles: [],
    });
  });

  it('leaves weights out of the inputs where an old exporter lists them there', () => {
    const inputs = [...dense.inputs, { name: 'w', shape: [3, 2] }];
    expect(readOnnxFile(file(onnxModel({ ...dense, inputs }))).inputs.map(({ name }) => name)).toEqual(['x']);
  });

  it('says what is no ONNX file', () => {
    for (const content of ['', 'PK\u0003\u0004 a zip', '{"modelTopology":{}}', new Uint8Array(1000)]) {
      expect(refusal(content)).toMatchObject({ code: expect.stringMatching(/^model\/(not-onnx|damaged)$/) });
    }
    expect(() => readOnnxFile(join(folder, 'absent.onnx'))).toThrow(
      expect.objectContaining({ code: 'model/missing' }),
    );
    expect(() => readOnnxFile(folder)).toThrow(/no regular file|could not be opened/);
  });

  it('notices every truncation that takes a part of the model away', () => {
    const bytes = onnxModel(dense);
    for (let length = 1; length < bytes.length; length++) {
      const found = refusal(bytes.slice(0, length));
      // Cut exactly between two fields it may still be a model, but then without its list of operators.
      expect(found, `${length} of ${bytes.length} bytes`).toBeInstanceOf(Error);
    }
  });

  it('refuses an opset that is too new by name and number', () => {
    expect(refusal(onnxModel({ ...dense, opset: 99 }))).toMatchObject({
      code: 'model/opset',
      message: expect.stringContaining('opset 99 of ai.onnx; the runtime here knows opsets up to 26'),
    });
    expect(refusal(onnxModel({ ...dense, domains: { 'ai.onnx.ml': 9 } }))).toMatchObject({
      code: 'model/opset',
    });
    expect(refusal(onnxModel({ ...dense, irVersion: 40 }))).toMatchObject({ code: 'model/ir-version' });
  });

  it('refuses operators of other domains by name', () => {
    const nodes = [{ operator: 'Beam', domain: 'com.example', inputs: ['x'], outputs: ['y'] }];
    expect(refusal(onnxModel({ ...dense, nodes, domains: { 'com.example': 1 } }))).toMatchObject({
      code: 'model/custom-operators',
      message: expect.stringContaining('com.example::Beam'),
    });
  });

  it('refuses weights outside the folder of the model, and names those inside', () => {
    const outside = ['../w.bin', '/etc/passwd', 'C:\\w.bin', '..\\w.bin', 'a/../../w.bin', '\\\\host\\w.bin'];
    for (const externalFile of outside) {
      const weights = [{ name: 'w', shape: [3, 2], data: new Float32Array(6), externalFile }];
      expect(refusal(onnxModel({ ...dense, weights })), externalFile).toMatchObject({
        code: 'model/external-data',
      });
    }
    const weights = [{ name: 'w', shape: [3, 2], data: new Float32Array(6), externalFile: 'more/w.bin' }];
    expect(readOnnxFile(file(onnxModel({ ...dense, weights }))).externalFiles).toEqual(['more/w.bin']);
  });

  it('refuses weights that announce terabytes without asking for memory', () => {
    for (const shape of [
      [1_000_000, 1_000_000],
      [2n ** 62n, 4],
      [-1n, 3],
    ]) {
      const weights = [{ name: 'w', shape, data: Float32Array.of(1) }];
      expect(refusal(onnxModel({ ...dense, weights }))).toMatchObject({ code: 'model/damaged' });
    }
  });

  it('answers every changed byte with a sentence or a model, and never hangs', () => {
    const bytes = onnxModel(dense);
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0x00, 0x7f, 0x80, 0xff]) {
        const mutated = bytes.slice();
        mutated[at] = value;
        const found = refusal(mutated);
        if (found instanceof Error) expect(found).toMatchObject({ code: expect.stringMatching(/^model\//) });
      }
    }
  });

  it('needs no memory for a large file', () => {
    const path = file(onnxModel(dense));
    // A terabyte that is not there: unknown bytes behind the model.
    truncateSync(path, 2 ** 40);
    expect(() => readOnnxFile(path)).toThrow(expect.objectContaining({ code: 'model/damaged' }));
  });

  it.skipIf(!hasShared)('reads models of the field: speech_embedding and silero_vad', () => {
    const embedding = readOnnxFile(sharedPath('data/models/embedding_model.onnx'));
    expect(embedding.inputs[0]?.shape?.slice(1)).toEqual([76, 32, 1]);
    const vad = readOnnxFile(sharedPath('data/models/silero_vad.onnx'));
    expect(vad.inputs.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'input float32',
      'sr int64',
      'h float32',
      'c float32',
    ]);
  });
});
