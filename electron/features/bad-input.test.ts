// What people really bring: broken recordings among good ones, odd manifests, predictions gone wrong. Good parts are
// in, bad ones are named with their reason, and every refusal is a sentence.
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImportResult } from '../../shared/contract/imports.ts';
import type { PredictionsResult } from '../../shared/contract/runs.ts';
import type { DatasetFormat, ImportOptions } from '../../shared/domain/dataset.ts';
import { fixture, flipped, jpegStart, tone, wavFile } from '../audio/testing/fixtures.ts';
import { writeNpyFile } from '../formats/index.ts';
import { type FileTree, temporaryFolder, writeTree } from '../testing/folders.ts';
import { endOf, refusalOf, resultOf, startTestStudio } from '../testing/studio.ts';
import { wordWav } from '../testing/words.ts';

const folder = temporaryFolder({ 'secret.wav': wordWav(333) });
const { client, place } = startTestStudio({ userFolder: join(folder, 'user') });
let number = 0;

const started = async (source: string, format: DatasetFormat, options: ImportOptions) => {
  await client.project.create({ name: `bad ${++number}` });
  return client.imports.start({ place: place(source), format, options, name: 'bad' });
};

/** Imports files into a fresh project. */
async function imported(files: FileTree, format: DatasetFormat, options: ImportOptions = {}, source = '') {
  const root = writeTree(join(folder, `dataset ${number}`), files);
  const result = await resultOf<ImportResult>(client, await started(join(root, source), format, options));
  return { root, result, failed: new Map(result.failed.map((failure) => [failure.file, failure])) };
}

async function refused(files: FileTree, format: DatasetFormat, options: ImportOptions = {}, source = '') {
  const root = writeTree(join(folder, `dataset ${number}`), files);
  const job = await endOf(client, await started(join(root, source), format, options));
  expect(job.state).toBe('failed');
  return job.error;
}

const clipPaths = async (): Promise<string[]> => {
  const { rows } = await client.clips.page({ filter: '', sort: null, offset: 0, limit: 1000 });
  return rows.map(({ path }) => path);
};

describe('a folder', () => {
  it.each<[string, FileTree, RegExp]>([
    ['without anything', { 'empty/': '' }, /is empty\. Choose a folder/],
    [
      'without audio',
      { 'notes.txt': 'no', 'a/b.jpg': jpegStart },
      /no recordings \(WAV, FLAC, MP3.*notes\.txt/,
    ],
  ])('%s is refused with what was looked for', async (_, files, sentence) => {
    const root = writeTree(join(folder, `nothing ${++number}`), files);
    expect((await client.imports.detect({ place: place(root) })).candidates).toEqual([]);
    const error = await refused(files, 'folder');
    expect(error?.code).toBe('import/empty');
    expect(error?.message).toMatch(sentence);
    expect(error?.message).toContain('Nothing was imported');
  });
});

describe('broken recordings among good ones', () => {
  const sound = tone(16_000, 0.5);
  const half = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length >> 1);
  const good: FileTree = {
    'good/plain.wav': wordWav(300),
    'good/24-bit.wav': wavFile([sound], { encoding: 'pcm_s24' }),
    'good/float.wav': wavFile([sound], { encoding: 'pcm_f32' }),
    'good/streamed.wav': wavFile([sound], { dataSize: 0 }),
    'good/endless.wav': wavFile([sound], { dataSize: 0xffff_ffff }),
    'good/tone.flac': fixture('tone.flac'),
    'good/tone.mp3': fixture('tone.mp3'),
    'good/tone.opus': fixture('tone.opus'),
    'good/tone.ogg': fixture('tone.ogg'),
  };
  const flac = fixture('tone.flac');
  const bad: readonly [file: string, content: Uint8Array, code: string, reason: RegExp][] = [
    ['bad/empty.wav', new Uint8Array(), 'audio/empty', /0 bytes/],
    ['bad/header only.wav', wavFile([sound]).subarray(0, 20), 'audio/damaged', /20 bytes.*header/],
    ['bad/cut.wav', half(wavFile([sound])), 'audio/damaged', /promises 8,000 samples.*holds 3,989/],
    ['bad/no channel.wav', wavFile([sound], { headerChannels: 0 }), 'audio/unreadable', /0 channels/],
    ['bad/picture.wav', jpegStart, 'audio/not-audio', /JPEG/],
    ['bad/cut.mp3', half(fixture('tone.mp3')), 'audio/damaged', /cut.*frames/],
    ['bad/crc.flac', flipped(flac, Math.floor(flac.length * 0.7)), 'audio/damaged', /checksum/],
    ['bad/crc.ogg', flipped(fixture('tone.ogg'), 3500), 'audio/damaged', /checksum/],
    ['bad/words.mp3', new TextEncoder().encode('no sound at all '.repeat(99)), 'audio/not-audio', /text/],
  ];

  it('are named with their reason and kept as flags; the good ones are in', async () => {
    const files = { ...good, ...Object.fromEntries(bad.map(([file, content]) => [file, content])) };
    const { result, failed } = await imported(files, 'folder');
    expect(result).toMatchObject({ clips: Object.keys(good).length, labels: 1 });
    expect((await clipPaths()).toSorted()).toEqual(Object.keys(good).toSorted());
    expect([...failed.keys()].toSorted()).toEqual(bad.map(([file]) => file).toSorted());
    for (const [file, , code, reason] of bad) {
      expect(failed.get(file)?.code, file).toBe(code);
      expect(failed.get(file)?.message).toMatch(reason);
    }
    const asked = { kinds: ['unreadable' as const], status: null, filter: '', offset: 0, limit: 100 };
    const { rows } = await client.flags.page(asked);
    expect(rows.map(({ path, reason }) => [path, reason]).toSorted()).toEqual(
      result.failed.map(({ file, message }) => [file, message]).toSorted(),
    );
  });

  const hasPipes = process.platform !== 'win32';
  it.skipIf(!hasPipes)('a pipe that nobody writes to does not hold the import up', async () => {
    const root = writeTree(join(folder, 'pipes'), { 'a/good.wav': wordWav(300) });
    expect(spawnSync('mkfifo', [join(root, 'a/pipe.wav')]).status).toBe(0);
    writeFileSync(join(root, 'list.csv'), 'path,label\na/pipe.wav,a\na/good.wav,a\n');
    for (const [format, source] of [
      ['folder', root],
      ['table', join(root, 'list.csv')],
    ] as const) {
      const result = await resultOf<ImportResult>(client, await started(source, format, {}));
      expect(result.clips).toBe(1);
    }
  });
});

describe('a manifest', () => {
  const audio: FileTree = { 'a.wav': wordWav(300), 'b.wav': wordWav(400), 'sub/c.wav': wordWav(500) };

  it('without a column of recordings says which columns it has', async () => {
    const files = { ...audio, 'list.csv': 'word,who\nyes,ann\n' };
    const error = await refused(files, 'table', {}, 'list.csv');
    expect(error?.message).toMatch(/word, who/);
    const mapped = await refused(files, 'table', { mapping: { path: 'file' } }, 'list.csv');
    expect(mapped?.message).toMatch(/"?file"?.*word, who/s);
  });

  it.each<[string, string, string | Uint8Array]>([
    ['a byte order mark', 'list.csv', '\uFEFFpath,label\na.wav,ja\nb.wav,né\n'],
    ['Windows line ends', 'list.csv', 'path,label\r\na.wav,ja\r\nb.wav,né\r\n'],
    ['UTF-16', 'list.csv', Buffer.from('\uFEFFpath,label\na.wav,ja\nb.wav,né\n', 'utf16le')],
    ['tabs', 'list.tsv', 'path\tlabel\na.wav\tja\nb.wav\tné'],
  ])('with %s is read like any other', async (_, name, content) => {
    const { result } = await imported({ ...audio, [name]: content }, 'table', {}, name);
    expect(result).toMatchObject({ clips: 2, labels: 2, failed: [] });
    expect(await client.filter.check({ text: 'label = né' })).toEqual({ ok: true, matched: 1 });
  });

  it('names its short rows by line and reads the others', async () => {
    const list = 'path,label,speaker\na.wav,yes,ann\nb.wav\nsub/c.wav,no,bob\n';
    const { result } = await imported({ ...audio, 'list.csv': list }, 'table', {}, 'list.csv');
    expect(result.clips).toBe(2);
    expect(result.failed).toMatchObject([
      { line: 3, message: expect.stringMatching(/^Line 3 of list\.csv.*1 where the header has 3/) },
    ]);
  });

  it('never leads out of its folder, by dots, an absolute path or a link', async () => {
    const root = writeTree(join(folder, 'escape'), audio);
    symlinkSync(join(folder, 'secret.wav'), join(root, 'link.wav'));
    symlinkSync(folder, join(root, 'up'));
    const leading = [
      '../secret.wav',
      '../../../../etc/passwd',
      '/etc/passwd',
      join(folder, 'secret.wav'),
      'link.wav',
      'up/secret.wav',
      'C:\\Windows\\win.ini',
    ];
    const list = ['path,label', ...[...leading, 'gone.wav', 'a.wav'].map((path) => `${path},x`), ''];
    writeFileSync(join(root, 'list.csv'), list.join('\n'));
    const result = await resultOf<ImportResult>(client, await started(join(root, 'list.csv'), 'table', {}));
    expect(await clipPaths()).toEqual(['a.wav']);
    expect(result.failed.map(({ line, code }) => [line, code])).toEqual([
      ...leading.map((_, index) => [
        index + 2,
        index === 6 ? expect.stringMatching(/^path\//) : 'path/outside',
      ]),
      [leading.length + 2, 'path/missing'],
    ]);
  });

  it('that names a recording twice uses the first row', async () => {
    const list = 'path,label\na.wav,first\na.wav,second\n';
    const { result } = await imported({ ...audio, 'list.csv': list }, 'table', {}, 'list.csv');
    expect(result).toMatchObject({ clips: 1, failed: [{ line: 3 }] });
    expect(result.failed[0]?.message).toMatch(/a\.wav.*(more than once|twice|again|already)/);
    expect(await client.filter.check({ text: 'label = first' })).toEqual({ ok: true, matched: 1 });
  });
});

describe('predictions', () => {
  const paths = ['no/a.wav', 'no/b.wav', 'yes/c.wav', 'yes/d.wav'];
  beforeAll(() =>
    imported(Object.fromEntries(paths.map((path, at) => [path, wordWav(300 + 90 * at)])), 'folder'),
  );

  let runs = 0;
  async function read(content: string, softmax?: boolean) {
    const file = join(folder, `predictions ${++runs}.csv`);
    writeFileSync(file, content);
    const run = `run ${runs}`;
    const source = { place: place(file), ...(softmax === undefined ? {} : { softmax }) };
    const result = await resultOf<PredictionsResult>(client, await client.runs.start({ ...source, run }));
    const { rows } = await client.clips.page({ filter: '', sort: null, offset: 0, limit: 10 });
    const details = await Promise.all(rows.map(({ id }) => client.clips.get({ id })));
    const of = new Map(
      details.map(({ row, predictions }) => [row.path, predictions.find((entry) => entry.run === run)]),
    );
    return { result, problems: new Map(result.problems.map((problem) => [problem.code, problem])), of, run };
  }
  const scores = (rows: readonly (readonly (string | number)[])[]): string =>
    `path,p_no,p_yes\n${rows.map((row, at) => [paths[at], ...row].join(',')).join('\n')}\n`;

  it('with labels that no clip has, name them', async () => {
    const { problems } = await read('path,predicted\nno/a.wav,maybe\nno/b.wav,no\n');
    expect(problems.get('predictions/unknown-labels')).toMatchObject({ count: 1, examples: ['maybe'] });
  });

  it('with NaN, count those rows and use the others', async () => {
    const { problems, result, of, run } = await read(
      scores([
        ['nan', 0.5],
        [0.9, 0.1],
        [0.2, 0.8],
        [0.3, 0.7],
      ]),
    );
    expect(problems.get('predictions/nan')).toMatchObject({
      count: 1,
      examples: [expect.stringContaining('no/a.wav')],
    });
    expect(result.matched).toBe(4);
    expect(of.get('no/b.wav')).toMatchObject({ predicted: 'no' });
    const figures = await client.metrics.get({ run, filter: '', order: 'name' });
    expect(figures.logLoss).toBeGreaterThan(0);
    const flags = await resultOf<{ leftOut: number }>(client, await client.flags.find({ run }));
    expect(flags.leftOut).toBe(1);
  });

  it('whose rows do not sum to 1, say how many and keep them', async () => {
    const { problems, of } = await read(
      scores([
        [0.9, 0.3],
        [0.9, 0.1],
        [0.2, 0.8],
        [0.3, 0.7],
      ]),
    );
    expect(problems.get('predictions/sum')).toMatchObject({ count: 1 });
    expect(of.get('no/a.wav')?.confidence).toBeCloseTo(0.9, 6);
  });

  it('that are logits, say so; with softmax they become probabilities', async () => {
    const logits = scores([
      [4, -2],
      [3, 1],
      [-5, 2],
      [0.5, 0.25],
    ]);
    const plain = await read(logits);
    expect(plain.problems.get('predictions/logits')?.message).toMatch(/softmax/);
    expect(plain.of.get('yes/c.wav')).toMatchObject({ predicted: 'yes' });
    const preview = await client.runs.preview({ place: place(join(folder, `predictions ${runs}.csv`)) });
    expect(preview.offersSoftmax).toBe(true);
    const turned = await read(logits, true);
    expect(turned.problems.size).toBe(0);
    expect(turned.of.get('no/a.wav')?.confidence).toBeCloseTo(1 / (1 + Math.exp(-6)), 6);
    expect(turned.of.get('no/a.wav')?.top.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(
      1,
      6,
    );
  });

  it('with a clip twice, use its first row and count the other', async () => {
    const { problems, of } = await read('path,predicted\nno/a.wav,yes\nno/a.wav,no\nno/b.wav,no\n');
    expect(problems.get('predictions/duplicate')).toMatchObject({ count: 1 });
    expect(of.get('no/a.wav')?.predicted).toBe('yes');
  });

  it.each<[string, string, RegExp]>([
    [
      'that name no clip of the project',
      'path,predicted\nx.wav,no\ny.wav,yes\n',
      /None of the 2 rows.*x\.wav/,
    ],
    ['without a column of clips', 'who,what\nann,no\n', /who, what/],
    ['without a row', 'path,predicted\n', /no rows/],
  ])('%s are refused, and no run is left behind', async (_, content, sentence) => {
    const before = (await client.runs.list()).length;
    const file = join(folder, `refused ${++runs}.csv`);
    writeFileSync(file, content);
    const job = await endOf(client, await client.runs.start({ place: place(file), run: `run ${runs}` }));
    expect(job.state).toBe('failed');
    expect(job.error?.code).toMatch(/^predictions\//);
    expect(job.error?.message).toMatch(sentence);
    expect(await client.runs.list()).toHaveLength(before);
  });

  it('as an array of another shape than its lists are refused with both numbers', async () => {
    const root = join(folder, 'array');
    mkdirSync(root);
    await writeNpyFile(join(root, 'probs.npy'), new Float32Array(4 * 3).fill(1 / 3), [4, 3]);
    writeTree(root, { 'labels.txt': 'no\nyes\n', 'clips.txt': `${paths.join('\n')}\n` });
    const job = await endOf(client, await client.runs.start({ place: place(root), run: 'array' }));
    expect(job).toMatchObject({ state: 'failed', error: { message: expect.stringMatching(/3.*2|2.*3/s) } });
    writeTree(root, { 'probs.npy': new TextEncoder().encode('no array') });
    const broken = await endOf(client, await client.runs.start({ place: place(root), run: 'array' }));
    expect(broken).toMatchObject({ state: 'failed', error: { code: expect.stringMatching(/^npy\//) } });
  });

  it('under a name that is taken are refused', async () => {
    const source = { place: place(join(folder, 'predictions 1.csv')), run: 'run 1' };
    const job = await endOf(client, await client.runs.start(source));
    expect(job).toMatchObject({ state: 'failed', error: { code: 'run/exists' } });
    expect(await refusalOf(client.runs.preview({ place: place(join(folder, 'none.csv')) }))).toMatchObject({
      code: 'file/unreadable',
    });
  });
});
