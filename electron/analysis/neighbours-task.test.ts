import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../compute/random.ts';
import { readNpyFile, writeNpyFile } from '../formats/index.ts';
import type { AnalysisTasks, Progress } from '../ipc/analysis-tasks.ts';
import { neighboursTask } from './neighbours-task.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earmark-neighbours-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function search(
  features: Float32Array,
  d: number,
  options: Partial<AnalysisTasks['neighbours']['params']> = {},
) {
  await writeNpyFile(at('features.npy'), features, [features.length / d, d]);
  const told: Progress[] = [];
  const result = await neighboursTask(
    {
      ...{ features: at('features.npy'), k: 5, metric: 'euclidean', method: 'auto', seed: 0, threads: 1 },
      ...{ indicesOut: at('indices.npy'), distancesOut: at('distances.npy'), ...options },
    },
    {
      signal: new AbortController().signal,
      finish: new AbortController().signal,
      emit: async (item) => {
        told.push(item);
      },
    },
  );
  const indices = await readNpyFile(at('indices.npy'));
  const distances = await readNpyFile(at('distances.npy'));
  return { result, told, indices, distances };
}

function noise(n: number, d: number): Float32Array {
  const random = createRandom(n);
  return Float32Array.from({ length: n * d }, () => random() - random());
}

describe('the neighbours of a file of features', () => {
  it('are exact unless asked otherwise, and say so', async () => {
    const { result, told, indices } = await search(noise(400, 6), 6);
    expect(result).toMatchObject({ n: 400, k: 5, method: 'exact', recall: null });
    expect(result.notes).toEqual(['Exact: every pair of rows was compared.']);
    expect(indices.shape).toEqual([400, 5]);
    expect(told[0]).toMatchObject({ phase: 'neighbours', total: 400 });
  });

  it('found approximately come with the share of true neighbours among them', async () => {
    const { result } = await search(noise(3_000, 4), 4, { method: 'approximate', seed: 2 });
    expect(result.method).toBe('approximate');
    expect(result.recall).toBeGreaterThan(0.9);
    expect(result.notes.join(' ')).toMatch(/of the true neighbours were found/);
  });

  it('are fewer than asked for where there are fewer rows, with a note', async () => {
    for (const n of [1, 2, 3]) {
      const { result, indices } = await search(noise(n, 3), 3);
      expect(result.k).toBe(n - 1);
      expect(indices.shape).toEqual([n, n - 1]);
      expect(result.notes.join(' ')).toContain(`(${n}) for 5 neighbours each: ${n - 1} were found`);
    }
  });

  it('pass over the rows of clips without an embedding', async () => {
    const features = noise(40, 3);
    features.fill(Number.NaN, 30, 33);
    const { result, indices, distances } = await search(features, 3);
    expect([result.n, result.k]).toEqual([40, 5]);
    const rows = Array.from(indices.data as Int32Array);
    expect(rows.slice(50, 55)).toEqual([-1, -1, -1, -1, -1]);
    expect(rows.toSpliced(50, 5).every((row) => row >= 0 && row < 40 && row !== 10)).toBe(true);
    expect(
      Array.from(distances.data as Float32Array)
        .slice(50, 55)
        .every(Number.isNaN),
    ).toBe(true);
  });
});
