// Sound, pictures and long columns over the fetch handler, from a real project and a real worker process.
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  audioRoute,
  CLIP_IDS_ROUTE,
  peaksRoute,
  recordingRoute,
  spectrogramRoute,
  spectrogramScales,
  THUMBNAILS_ROUTE,
} from '../../shared/contract/routes.ts';
import { THUMBNAIL_COLUMNS } from '../../shared/domain/audio.ts';
import { tone, wavFile } from '../audio/testing/fixtures.ts';
import { temporaryFolder, writeTree } from '../testing/folders.ts';
import { resultOf, startTestStudio } from '../testing/studio.ts';
import { wordWav } from '../testing/words.ts';

const folder = temporaryFolder();
const left = tone(16_000, 0.5, 440, 0.75);
const right = tone(16_000, 0.5, 660, 0.25);
const recording = wavFile([left, right]);
const dataset = writeTree(join(folder, 'clips'), {
  'a/stereo.wav': recording,
  'a/word.wav': wordWav(300),
  'b/gone.wav': wordWav(400),
  'b/swapped.wav': wordWav(500),
  'b/changed.wav': wordWav(600),
});
const { client, engine, place } = startTestStudio({ userFolder: join(folder, 'user') });
const ids = new Map<string, number>();
const idOf = (path: string): number => ids.get(path) ?? 0;

const get = (route: string, range?: string): Promise<Response> =>
  engine.fetch(new Request(`http://studio${route}`, range === undefined ? {} : { headers: { range } }));
const post = (
  route: string,
  body: string | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>,
): Promise<Response> => engine.fetch(new Request(`http://studio${route}`, { method: 'POST', body }));
const bytesOf = async (response: Response): Promise<Uint8Array> =>
  new Uint8Array(await response.arrayBuffer());
const refusal = async (response: Response): Promise<unknown> => [
  response.status,
  ((await response.json()) as { code: string }).code,
];

beforeAll(async () => {
  await client.project.create({ name: 'media' });
  const source = { place: place(dataset), format: 'folder', options: {}, name: 'clips' } as const;
  await resultOf(client, await client.imports.start(source));
  const { rows } = await client.clips.page({ filter: '', sort: null, offset: 0, limit: 10 });
  for (const { path, id } of rows) ids.set(path, id);
});

describe('the sound of a clip', () => {
  it('is a WAV of its very samples', async () => {
    const response = await get(audioRoute(idOf('a/stereo.wav')));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('audio/wav');
    expect(response.headers.get('accept-ranges')).toBe('bytes');
    expect(response.headers.get('content-length')).toBe(String(recording.byteLength));
    expect((await bytesOf(response)).subarray(44)).toEqual(recording.subarray(44));
  });

  it.each([
    ['bytes=0-43', 0, 43],
    ['bytes=100-', 100, null],
    ['bytes=100-999999999', 100, null],
    ['bytes=-10', -10, null],
    ['bytes=-999999999', 0, null],
    ['bytes=44-44', 44, 44],
  ] as const)('in part: %s', async (range, from, to) => {
    const route = audioRoute(idOf('a/stereo.wav'));
    const whole = await bytesOf(await get(route));
    const size = whole.byteLength;
    const start = from < 0 ? size + from : from;
    const end = to ?? size - 1;
    const response = await get(route, range);
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end}/${size}`);
    expect(response.headers.get('content-length')).toBe(String(end - start + 1));
    expect(await bytesOf(response)).toEqual(whole.subarray(start, end + 1));
  });

  it('beyond its end is refused with its size; what is no single range gets the whole', async () => {
    const route = audioRoute(idOf('a/stereo.wav'));
    for (const range of ['bytes=999999999-', 'bytes=-0']) {
      const response = await get(route, range);
      expect(response.status).toBe(416);
      expect(response.headers.get('content-range')).toBe(`bytes */${recording.byteLength}`);
    }
    for (const range of ['bytes=9-5', 'bytes=0-1,4-5', 'bytes=-', 'bytes=a-b', 'items=0-5'])
      expect((await get(route, range)).status, range).toBe(200);
  });

  it('that is no longer there, or of no clip, is named', async () => {
    rmSync(join(dataset, 'b/gone.wav'));
    expect(await refusal(await get(audioRoute(idOf('b/gone.wav'))))).toEqual([404, 'audio/missing']);
    expect(await refusal(await get(audioRoute(999)))).toEqual([404, 'clip/unknown']);
    expect(await refusal(await get('/media/audio/0.wav'))).toEqual([404, 'clip/unknown']);
    expect((await get('/media/audio/../../etc/passwd')).status).toBe(404);
  });

  it('is never read through a link that leads out of the dataset', async () => {
    const file = join(dataset, 'b/swapped.wav');
    rmSync(file);
    writeFileSync(join(folder, 'outside.wav'), wordWav(700));
    symlinkSync(join(folder, 'outside.wav'), file);
    for (const route of [audioRoute, (id: number) => peaksRoute(id, 10)]) {
      const response = await get(route(idOf('b/swapped.wav')));
      expect(response.status).toBe(400);
      expect(((await response.json()) as { code: string }).code).toMatch(/^path\//);
    }
  });

  it('is that of the file as it is now, also before an import has found it changed', async () => {
    const route = audioRoute(idOf('b/changed.wav'));
    const before = await bytesOf(await get(route));
    writeFileSync(join(dataset, 'b/changed.wav'), wordWav(800, { seconds: 0.6 }));
    const after = await bytesOf(await get(route));
    expect(after.byteLength).toBeGreaterThan(before.byteLength);
  });

  it('is the new one as soon as an import has found the file changed', async () => {
    const route = audioRoute(idOf('b/changed.wav'));
    const before = await bytesOf(await get(route));
    writeFileSync(join(dataset, 'b/changed.wav'), wordWav(800, { seconds: 0.7 }));
    const updated = await resultOf(client, await client.imports.update({ dataset: 'clips' }));
    expect(updated).toMatchObject({ changed: 1, missing: 2, unchanged: 2 });
    const after = await bytesOf(await get(route));
    expect(after.byteLength).toBeGreaterThan(before.byteLength);
  });
});

describe('pictures of a clip', () => {
  const floats = async (response: Response): Promise<Float32Array> =>
    new Float32Array(await response.arrayBuffer());

  it('peaks are a minimum and a maximum per column, also of a part', async () => {
    const id = idOf('a/stereo.wav');
    const peaks = await floats(await get(peaksRoute(id, 100)));
    expect(peaks).toHaveLength(200);
    for (let column = 0; column < 100; column++) {
      const low = peaks[2 * column] ?? Number.NaN;
      const high = peaks[2 * column + 1] ?? Number.NaN;
      expect(low).toBeLessThanOrEqual(high);
      expect(Math.max(-low, high)).toBeLessThanOrEqual(1);
    }
    const part = await floats(await get(peaksRoute(id, 50, { from: 0.1, to: 0.2 })));
    expect(part).toHaveLength(100);
    const quiet = await floats(await get(peaksRoute(idOf('a/word.wav'), 4, { from: 0, to: 0.04 })));
    expect([...quiet]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it.each(spectrogramScales)('a spectrogram on the %s scale has the size asked for', async (scale) => {
    const route = spectrogramRoute(idOf('a/stereo.wav'), { columns: 60, bins: 40, scale });
    const response = await get(route);
    const tile = await bytesOf(response);
    expect(['x-columns', 'x-bins', 'x-max-hz'].map((name) => response.headers.get(name))).toEqual([
      '60',
      '40',
      '8000',
    ]);
    expect(tile).toHaveLength(60 * 40);
    expect(Math.max(...tile)).toBe(255);
  });

  it.each([
    ['/media/peaks/1?columns=0'],
    ['/media/peaks/1?columns=99999'],
    ['/media/peaks/1?columns=10&from=2&to=1'],
    ['/media/peaks/1?columns=10&from=x&to=1'],
    ['/media/spectrogram/1?columns=10&bins=4096&scale=mel'],
    ['/media/spectrogram/1?columns=10&bins=40&scale=bark'],
  ])('%s is refused in words', async (route) => {
    expect(await refusal(await get(route))).toEqual([400, 'request/invalid']);
  });

  it('thumbnails come in the order asked for, zeros for what is no clip', async () => {
    const size = THUMBNAIL_COLUMNS * 2;
    const asked = [idOf('a/word.wav'), 999, idOf('a/stereo.wav')];
    const together = await bytesOf(await post(THUMBNAILS_ROUTE, Int32Array.from(asked)));
    expect(together).toHaveLength(3 * size);
    for (const [at, id] of asked.entries()) {
      const alone = await bytesOf(await post(THUMBNAILS_ROUTE, Int32Array.of(id)));
      expect(together.subarray(at * size, (at + 1) * size)).toEqual(alone);
      expect(alone.some((value) => value !== 0)).toBe(id !== 999);
    }
    const tooMany = await post(THUMBNAILS_ROUTE, new Int32Array(501));
    expect(await refusal(tooMany)).toEqual([400, 'request/invalid']);
  });
});

describe('clip ids as bytes', () => {
  it('are those of the filter in sorted order', async () => {
    const ask = (body: unknown): Promise<Response> => post(CLIP_IDS_ROUTE, JSON.stringify(body));
    const sort = { field: 'path', descending: true };
    const response = await ask({ filter: 'label = b', sort });
    const found = [...new Int32Array(await response.arrayBuffer())];
    expect(found).toEqual(['b/swapped.wav', 'b/gone.wav', 'b/changed.wav'].map(idOf));
    expect(await refusal(await ask({ filter: 'lable = b', sort: null }))).toEqual([400, 'filter/invalid']);
    expect(await refusal(await ask({ filter: 7 }))).toEqual([400, 'request/invalid']);
    expect(await refusal(await post(CLIP_IDS_ROUTE, 'no JSON'))).toEqual([400, 'request/invalid']);
  });
});

describe('a recording made in the window', () => {
  it('becomes a clip of a dataset of its own, under the folder of its word', async () => {
    for (const frequency of [310, 320]) {
      const response = await post(recordingRoute('hey you'), wordWav(frequency) as Uint8Array<ArrayBuffer>);
      const { path, clipId } = (await response.json()) as { path: string; clipId: number };
      expect(path).toMatch(/^hey you\/\w+\.wav$/);
      expect((await client.clips.get({ id: clipId })).row).toMatchObject({
        path,
        label: 'hey you',
        dataset: 'Recordings',
      });
    }
  });

  it('is refused when it is no sound, and nothing stays behind', async () => {
    const before = (await client.clips.page({ filter: '', sort: null, offset: 0, limit: 1 })).total;
    const response = await post(recordingRoute('hey you'), 'not a sound');
    expect(await refusal(response)).toEqual([400, 'recording/unreadable']);
    expect(await refusal(await post(recordingRoute('  '), wordWav(300) as Uint8Array<ArrayBuffer>))).toEqual([
      400,
      'recording/label',
    ]);
    expect((await client.clips.page({ filter: '', sort: null, offset: 0, limit: 1 })).total).toBe(before);
  });
});
