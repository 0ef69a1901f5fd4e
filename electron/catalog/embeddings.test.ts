import { describe, expect, it } from 'vitest';
import { mapSettings } from '../../shared/domain/embedding.ts';
import {
  createEmbedding,
  createMap,
  findEmbedding,
  listEmbeddings,
  mapsOf,
  neighbourGraphsOf,
  removeEmbedding,
  removeMap,
  renameEmbedding,
  setNeighbourGraph,
} from './index.ts';
import type { EmbeddingRecord, MapRecord } from './records.ts';
import { makeProject, temporaryFolder } from './test-support.ts';

const folder = temporaryFolder();

const embedding: Omit<EmbeddingRecord, 'id'> = {
  name: 'acoustic',
  createdAt: '2026-01-02T03:04:05.000Z',
  model: { kind: 'builtin', name: 'acoustic-1' },
  rows: 3,
  failed: 1,
  dimensions: 4,
  file: 'embedding-1.npy',
  clipsFile: 'embedding-1.clips.npy',
  details: { backend: 'Earmark', threads: 2, msPerClip: null, seconds: 1.5, notes: [] },
};

const mapOf = (embeddingId: number, file: string): Omit<MapRecord, 'id'> => ({
  embeddingId,
  createdAt: '2026-01-02T03:04:05.000Z',
  method: 'tsne',
  settings: mapSettings.parse({}),
  report: {
    n: 3,
    seconds: 1,
    kl: 0.5,
    trustworthiness: 0.99,
    knnRecall: 0.6,
    varianceExplained: null,
    iterations: 750,
    isStopped: false,
    notes: [],
  },
  file,
});

describe('an embedding', () => {
  it('is stored with what made it, and its name is given once', () => {
    const { catalog } = makeProject(folder, 3);
    const stored = createEmbedding(catalog, embedding);
    expect(listEmbeddings(catalog)).toEqual([stored]);
    expect(() => createEmbedding(catalog, embedding)).toThrow('has an embedding named "acoustic" already');
    renameEmbedding(catalog, 'acoustic', 'sound');
    expect(findEmbedding(catalog, 'sound')).toEqual({ ...stored, name: 'sound' });
    expect(() => renameEmbedding(catalog, 'acoustic', 'x')).toThrow('no embedding named "acoustic"');
  });

  it('takes its neighbours and maps with it, and names the files that are free', () => {
    const { catalog } = makeProject(folder, 3);
    const { id } = createEmbedding(catalog, embedding);
    const graph = {
      embeddingId: id,
      metric: 'cosine',
      k: 15,
      method: 'approximate',
      recall: 0.97,
      indicesFile: 'a.npy',
      distancesFile: 'b.npy',
    } as const;
    expect(setNeighbourGraph(catalog, graph)).toEqual([]);
    expect(setNeighbourGraph(catalog, { ...graph, indicesFile: 'c.npy', distancesFile: 'd.npy' })).toEqual([
      'a.npy',
      'b.npy',
    ]);
    expect(neighbourGraphsOf(catalog, id)).toEqual([
      { ...graph, indicesFile: 'c.npy', distancesFile: 'd.npy' },
    ]);
    const first = createMap(catalog, mapOf(id, 'm1.npy'));
    createMap(catalog, mapOf(id, 'm2.npy'));
    expect(mapsOf(catalog, id)[0]).toEqual(first);
    expect(removeMap(catalog, first.id)).toBe('m1.npy');
    expect(removeMap(catalog, first.id)).toBeNull();
    expect(removeEmbedding(catalog, 'acoustic').sort()).toEqual(
      ['c.npy', 'd.npy', 'embedding-1.clips.npy', 'embedding-1.npy', 'm2.npy'].sort(),
    );
    expect(mapsOf(catalog, id)).toEqual([]);
    expect(removeEmbedding(catalog, 'acoustic')).toEqual([]);
  });
});
