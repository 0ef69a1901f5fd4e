// Embeddings that grow and maps over their life: watched while they are made, ended early, cancelled, read as bytes and
// as files, and left alone by clips that came later.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import {
  type MapFileFormat,
  mapColumnRoute,
  mapFileRoute,
  mapPreviewRoute,
  mapRoute,
  STUDIO_HEADER,
} from '../../shared/contract/routes.ts';
import { mapSettings } from '../../shared/domain/embedding.ts';
import { parseNpy } from '../formats/index.ts';
import { temporaryFolder, writeTree } from '../testing/folders.ts';
import { endOf, refusalOf, resultOf, startTestStudio } from '../testing/studio.ts';
import { clipsOfWords, wordFiles, wordWav } from '../testing/words.ts';

const folder = temporaryFolder();
const dataset = writeTree(join(folder, 'words'), wordFiles());
const { client, engine, place } = startTestStudio({ userFolder: join(folder, 'user') });
/** Of the silent clip there is nothing to tell. */
const placed = clipsOfWords - 1;

const get = (route: string): Promise<Response> =>
  engine.fetch(new Request(`http://studio${route}`, { headers: { [STUDIO_HEADER]: '1' } }));

async function pointsOf(response: Response): Promise<{ ids: Int32Array; xy: Float32Array }> {
  expect(response.status).toBe(200);
  const bytes = await response.arrayBuffer();
  const n = Number(response.headers.get('x-points'));
  expect(bytes.byteLength).toBe(12 * n);
  return { ids: new Int32Array(bytes, 0, n), xy: new Float32Array(bytes, 4 * n) };
}

const arrays = (): string[] => readdirSync(join(folder, 'words.earmark.data')).toSorted();

async function made(settings: Parameters<typeof mapSettings.parse>[0]): Promise<number> {
  const started = await client.maps.start({ embedding: null, settings: mapSettings.parse(settings) });
  return (await resultOf<{ map: number }>(client, started)).map;
}

describe('maps', () => {
  it('need an embedding, and say how to get one', async () => {
    await client.project.create({ name: 'words', dataset: place(dataset) });
    const source = { place: place(dataset), format: 'speech-commands', options: {}, name: 'words' } as const;
    await resultOf(client, await client.imports.start(source));
    const settings = mapSettings.parse({});
    expect(await refusalOf(client.maps.start({ embedding: null, settings }))).toMatchObject({
      code: 'embedding/none',
      message: expect.stringContaining('Make one first'),
    });
    await resultOf(client, await client.embeddings.make({ name: 'sounds', model: 'acoustic-1' }));
  });

  it('show themselves while they are made, and end early with the picture', async () => {
    const settings = mapSettings.parse({ perplexity: 5, iterations: 10_000 });
    const { jobId } = await client.maps.start({ embedding: null, settings });
    const shown = await expect
      .poll(async () => (await get(mapPreviewRoute(jobId, 0))).status, { interval: 5, timeout: 20_000 })
      .toBe(200)
      .then(() => get(mapPreviewRoute(jobId, 0)));
    expect((await pointsOf(shown)).ids).toHaveLength(placed);
    expect(await client.jobs.get({ id: jobId })).toMatchObject({ canFinish: true });
    await client.jobs.finish({ id: jobId });
    expect(await resultOf(client, { jobId })).toMatchObject({ n: placed, isStopped: true });
    expect((await get(mapPreviewRoute(jobId, 0))).status).toBe(204);
    const [map] = await client.maps.list();
    expect(map?.report.iterations).toBeLessThan(10_000);
  });

  it('that are cancelled leave nothing', async () => {
    const before = arrays();
    const settings = mapSettings.parse({ iterations: 10_000 });
    const { jobId } = await client.maps.start({ embedding: null, settings });
    await client.jobs.cancel({ id: jobId });
    expect(await endOf(client, { jobId })).toMatchObject({ state: 'cancelled' });
    expect(arrays()).toEqual(before);
    expect(await client.maps.list()).toHaveLength(1);
  });

  it('are the same for the same settings, by each method', async () => {
    for (const method of ['tsne', 'umap', 'pca'] as const) {
      const settings = { method, perplexity: 5, neighbours: 5, iterations: method === 'pca' ? null : 40 };
      const [first, second] = [await made(settings), await made(settings)];
      const { ids, xy } = await pointsOf(await get(mapRoute(first)));
      expect(await pointsOf(await get(mapRoute(second)))).toEqual({ ids, xy });
      expect(xy.every(Number.isFinite)).toBe(true);
      expect(await pointsOf(await get(mapRoute(await made({ ...settings, seed: 7 }))))).toHaveProperty('xy');
    }
  });

  it('are coloured by any term, a value for each point', async () => {
    const [map] = await client.maps.list();
    const id = map?.id ?? 0;
    const { ids } = await pointsOf(await get(mapRoute(id)));
    const legend = await client.maps.legend({ map: id, by: 'label' });
    if (legend.kind !== 'category') throw new Error('labels are categories');
    const codes = new Uint16Array(await (await get(mapColumnRoute(id, 'label'))).arrayBuffer());
    expect(codes).toHaveLength(ids.length);
    const { row } = await client.clips.get({ id: ids[0] ?? 0 });
    expect(legend.values[codes[0] ?? 0]?.value).toBe(row.label);
    const seconds = await client.maps.legend({ map: id, by: 'durationSec' });
    expect(seconds).toMatchObject({ kind: 'number', from: 0.5, to: 2, missing: 0 });
    const lengths = new Float32Array(await (await get(mapColumnRoute(id, 'durationSec'))).arrayBuffer());
    expect(lengths[0]).toBeCloseTo(row.durationSec, 5);
    expect((await refusalOf(client.maps.legend({ map: id, by: 'colour' }))).code).toBe('clips/unknown-field');
    expect(await refusalOf(client.maps.legend({ map: 999, by: 'label' }))).toMatchObject({
      code: 'map/unknown',
    });
  });

  it('are given away as NumPy, CSV and for the TensorBoard projector', async () => {
    const [map] = await client.maps.list();
    const id = map?.id ?? 0;
    const file = async (format: MapFileFormat) =>
      new Uint8Array(await (await get(mapFileRoute(id, format))).arrayBuffer());
    const { ids, xy } = await pointsOf(await get(mapRoute(id)));
    const npy = parseNpy(await file('npy'), 'map.npy');
    expect(npy.shape).toEqual([placed, 2]);
    expect([...npy.data]).toEqual([...xy]);
    const lines = strFromU8(await file('csv'))
      .trim()
      .split('\n');
    expect(lines).toHaveLength(placed + 1);
    const { row } = await client.clips.get({ id: ids[0] ?? 0 });
    expect(lines[1]).toContain(row.path);
    const entries = Object.keys(unzipSync(await file('projector')));
    expect(entries).toEqual(expect.arrayContaining([expect.stringMatching(/\.tsv$/)]));
  });

  it('stay as they are when the embedding grows by a new clip, which the next map shows', async () => {
    const [before] = await client.maps.list();
    writeTree(dataset, { 'yes/6a6a6a6a_nohash_0.wav': wordWav(777) });
    await resultOf(client, await client.imports.update({ dataset: 'words' }));
    expect(await client.embeddings.list()).toMatchObject([{ missing: 1 }]);
    await resultOf(client, await client.embeddings.update({ name: 'sounds' }));
    expect(await client.embeddings.list()).toMatchObject([{ rows: clipsOfWords + 1, missing: 0 }]);
    const old = await pointsOf(await get(mapRoute(before?.id ?? 0)));
    expect(old.ids).toHaveLength(placed);
    const { ids } = await pointsOf(await get(mapRoute(await made({ method: 'pca' }))));
    expect(ids).toHaveLength(placed + 1);
    const added = ids.find((id) => !old.ids.includes(id)) ?? 0;
    const { neighbours } = await client.embeddings.neighbours({ clip: added, embedding: null, k: 5 });
    expect(neighbours).toHaveLength(5);
  });

  it('go with their embedding, and so do all files', async () => {
    expect(await client.embeddings.remove({ name: 'sounds' })).toEqual({ removed: true });
    expect(await client.maps.list()).toEqual([]);
    expect(arrays().filter((name) => /^(map|embedding|neighbours|clips)/.test(name))).toEqual([]);
  });
});

describe('what needs more than the dataset has', () => {
  it('is refused with what is missing', async () => {
    await resultOf(client, await client.embeddings.make({ name: 'sounds', model: 'acoustic-1' }));
    const { rows } = await client.clips.page({ filter: 'label = yes', sort: null, offset: 0, limit: 3 });
    const few = { embedding: null, label: 'yes', falseAcceptRate: 0.1, limit: 5, seed: 0, run: null };
    const [first = 1] = rows.map(({ id }) => id);
    const same = await endOf(client, await client.fewShot.train({ ...few, clips: [first, first] }));
    expect(same.error?.code).toBe('few-shot/too-few');
    const selection = { filter: '' };
    const changes = [{ field: 'label', to: 'yes' } as const];
    await client.decisions.apply({ selection, changes });
    const alone = await endOf(
      client,
      await client.fewShot.train({ ...few, clips: rows.map(({ id }) => id) }),
    );
    expect(alone.error?.message).toContain('Only 0 clips are known to say something other than "yes"');
    const probabilities = { embedding: null, run: 'own', folds: 3, by: 'label', seed: 0 } as const;
    const one = await endOf(client, await client.embeddings.probabilities(probabilities));
    expect(one.error?.code).toBe('probabilities/one-class');
    await client.decisions.undo({});
  });
});
