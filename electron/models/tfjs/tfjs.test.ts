import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/folders.ts';
import { tinyGraphModel, tinyLayersModel } from '../testing/tfjs-models.ts';
import { readTfjsFile } from './tfjs-file.ts';
import { createTfjsSession } from './tfjs-session.ts';

const folder = temporaryFolder();
let layersPath = '';
let graphPath = '';

beforeAll(async () => {
  layersPath = await tinyLayersModel(join(folder, 'layers'));
  graphPath = tinyGraphModel(join(folder, 'graph'));
});

let copies = 0;
/** The model with its JSON changed, beside its weights. */
function changed(path: string, change: (json: string) => string): string {
  copies++;
  const copy = join(dirname(path), `changed-${copies}.json`);
  writeFileSync(copy, change(readFileSync(path, 'utf8')));
  return copy;
}

function refusal(path: string): unknown {
  try {
    return readTfjsFile(path);
  } catch (error) {
    return error;
  }
}

async function scores(path: string, backend: 'wasm' | 'cpu'): Promise<Float32Array> {
  const session = await createTfjsSession(path, readTfjsFile(path), backend);
  const [input] = session.inputs;
  const [output] = session.outputs;
  const shape = [3, ...(input!.shape ?? []).slice(1).map(Number)];
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * i));
  const result = await session.run({ [input!.name]: { type: 'float32', shape, data } }, [output!.name]);
  await session.close();
  return result[output!.name]!.data;
}

describe('TensorFlow.js models', () => {
  it('run in WASM and in plain JavaScript with the same numbers', async () => {
    for (const path of [layersPath, graphPath]) {
      const wasm = await scores(path, 'wasm');
      const cpu = await scores(path, 'cpu');
      expect(wasm.length).toBe(3 * 4);
      for (const [at, value] of wasm.entries()) expect(Math.abs(value - cpu[at]!)).toBeLessThan(1e-4);
      for (let row = 0; row < 3; row++) {
        const sum = wasm.subarray(row * 4, row * 4 + 4).reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(1, 5);
      }
    }
  });

  it('name the backend that ran and the shapes they want', async () => {
    const session = await createTfjsSession(layersPath, readTfjsFile(layersPath), 'wasm');
    expect(session.backend).toMatch(/^tfjs wasm( simd)? 4\.\d+\.\d+, 1 thread$/);
    expect(session.inputs).toEqual([{ name: 'spectrum', type: 'float32', shape: [null, 12, 10, 1] }]);
    const wrong = {
      spectrum: { type: 'float32', shape: [1, 9, 10, 1], data: new Float32Array(90) },
    } as const;
    await expect(session.run(wrong, ['scores'])).rejects.toMatchObject({
      code: 'model/run',
      message: expect.stringContaining('spectrum [1, 9, 10, 1]'),
    });
  });

  it('are refused with a Lambda layer, by its name', () => {
    const path = changed(layersPath, (json) =>
      json.replace('"class_name":"Flatten"', '"class_name":"Lambda"'),
    );
    expect(refusal(path)).toMatchObject({ code: 'model/lambda', message: expect.stringContaining('Lambda') });
  });

  it('are refused with layers or operations that nobody knows, by their names', async () => {
    const layers = changed(layersPath, (json) =>
      json.replace('"class_name":"Flatten"', '"class_name":"Gabor"'),
    );
    await expect(createTfjsSession(layers, readTfjsFile(layers))).rejects.toMatchObject({
      code: 'model/custom-operators',
      message: expect.stringContaining('Gabor'),
    });
    const graph = changed(graphPath, (json) => json.replace('"op":"Softmax"', '"op":"MyOwnOp"'));
    expect(refusal(graph)).toMatchObject({
      code: 'model/custom-operators',
      message: expect.stringContaining('MyOwnOp'),
    });
  });

  it('are refused when their weights lie outside the folder, or are not there', () => {
    symlinkSync('/etc/hostname', join(folder, 'layers/link.bin'));
    for (const path of ['../w.bin', '/etc/passwd', 'a\\..\\..\\w.bin', 'C:/w.bin', 'link.bin']) {
      const copy = changed(layersPath, (json) =>
        json.replace('"group1-shard1of1.bin"', JSON.stringify(path)),
      );
      expect(refusal(copy), path).toMatchObject({ code: 'model/external-data' });
    }
    const absent = changed(layersPath, (json) => json.replace('group1-shard1of1.bin', 'group2.bin'));
    expect(refusal(absent)).toMatchObject({ code: 'model/missing' });
  });

  it('are refused when they announce more weights than their files hold', () => {
    const copy = changed(layersPath, (json) =>
      json.replace('"shape":[3,3,1,4]', '"shape":[30000,30000,1000,4]'),
    );
    expect(refusal(copy)).toMatchObject({ code: 'model/damaged' });
    const strings = changed(layersPath, (json) => json.replace('"dtype":"float32"}', '"dtype":"string"}'));
    expect(refusal(strings)).toMatchObject({ code: 'model/weights' });
  });

  it('say what is no model.json', () => {
    const cases = ['', '{', '[]', '{"modelTopology":{}}', '{"modelTopology":{"node":[{}]}}', '{"weights":1}'];
    for (const content of cases) {
      expect(refusal(changed(layersPath, () => content)), content).toMatchObject({ code: 'model/not-tfjs' });
    }
    const deep = `{"modelTopology":${'{"config":'.repeat(5000)}{}${'}'.repeat(5000)}}`;
    expect(refusal(changed(layersPath, () => deep))).toMatchObject({ code: 'model/not-tfjs' });
  });
});
