// With a stand-in for @tensorflow/tfjs-node, which is built where somebody wants it: a backend of its name that counts.
import { join } from 'node:path';
import { copyRegisteredKernels, registerBackend } from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../testing/folders.ts';
import { tinyGraphModel, tinyLayersModel } from '../testing/tfjs-models.ts';
import { readTfjsFile } from './tfjs-file.ts';
import { createTfjsSession, type TfjsBackend } from './tfjs-session.ts';

const made = vi.hoisted(() => ({ imported: 0 }));

vi.mock('@tensorflow/tfjs-node', async () => {
  made.imported++;
  const { MathBackendCPU } = await import('@tensorflow/tfjs-backend-cpu/dist/backend_cpu.js');
  registerBackend('tensorflow', () => new MathBackendCPU());
  copyRegisteredKernels('cpu', 'tensorflow');
  return {};
});

const folder = temporaryFolder();

async function scores(path: string, backend: TfjsBackend): Promise<readonly [string, Float32Array]> {
  const session = await createTfjsSession(path, readTfjsFile(path), backend);
  const [input] = session.inputs;
  const [output] = session.outputs;
  const shape = [2, ...(input?.shape ?? []).slice(1).map(Number)];
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, at) => Math.cos(at * at));
  const name = output?.name ?? '';
  const result = await session.run({ [input?.name ?? '']: { type: 'float32', shape, data } }, [name]);
  await session.close();
  return [session.backend, result[name]?.data ?? new Float32Array(0)];
}

it('is taken where it loads, is named, and gives the numbers of WASM', async () => {
  for (const path of [await tinyLayersModel(join(folder, 'layers')), tinyGraphModel(join(folder, 'graph'))]) {
    const [native, values] = await scores(path, 'auto');
    expect(native).toMatch(/^tfjs-node 4\.\d+\.\d+, its own threads$/);
    const [, wasm] = await scores(path, 'wasm');
    expect(values).toHaveLength(8);
    for (const [at, value] of values.entries()) expect(Math.abs(value - (wasm[at] ?? 9))).toBeLessThan(1e-4);
  }
  expect(made.imported).toBe(1);
});
