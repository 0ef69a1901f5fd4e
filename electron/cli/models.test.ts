// A person's own models by command: runs, embeddings, parts of both, and what is refused before anything runs.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseNpy } from '../formats/index.ts';
import { bandDescription, bandModel, writeModel } from '../models/testing/onnx-models.ts';
import type { OnnxModel } from '../models/testing/onnx-writer.ts';
import { tinyLayersModel } from '../models/testing/tfjs-models.ts';
import { earmark, earmarkError, onlyDocument, runEarmark } from '../testing/command.ts';
import { info } from '../testing/command-documents.ts';
import { temporaryFolder, writeTree } from '../testing/folders.ts';
import { wordWav } from '../testing/words.ts';

const folder = temporaryFolder();
const words = ['low', 'middle', 'high'];
const dataset = writeTree(
  join(folder, 'words'),
  Object.fromEntries(
    words.flatMap((word, at) =>
      Array.from({ length: 5 }, (_, take) => [`${word}/${take}.wav`, wordWav(300 + 1500 * at + 31 * take)]),
    ),
  ),
);
const clips = 15;
const project = join(folder, 'words.earmark');
const on = ['--project', project] as const;
const bands = writeModel(join(folder, 'bands'), bandModel, bandDescription);

const text = z.string();
const count = z.number().int().nonnegative();
const pace = z.strictObject({ median: z.number(), p95: z.number() }).nullable();
const ran = z.strictObject({
  run: text.nullable(),
  embedding: text.nullable(),
  clips: count,
  failed: count,
  backend: text,
  threads: count,
  msPerClip: pace,
  seconds: z.number(),
  notes: z.array(text),
});
const embedded = z.strictObject({
  embedding: text,
  clips: count,
  dimensions: count,
  backend: text,
  seconds: z.number(),
  failed: count,
  msPerClip: pace,
  neighbours: z.strictObject({ k: count, method: text, recall: z.number().nullable() }),
  notes: z.array(text),
});
const shard = z.looseObject({
  from: count,
  to: count,
  total: count,
  clips: count,
  failed: count,
  width: count,
});

/** Is cut short after the import, so that every run has a row that fails. */
const damaged = 'middle/1.wav';

beforeAll(async () => {
  await earmark(z.looseObject({ clips: z.literal(clips) }), ['import', dataset, ...on]);
  truncateSync(join(dataset, damaged), 20);
});

/** The bytes of the array of a run or an embedding, as the project keeps it. */
function storedBytes(table: 'runs' | 'embeddings', name: string, file = project): Buffer {
  const database = new Database(file, { readonly: true });
  const column = table === 'runs' ? 'probabilities_file' : 'file';
  const found = database
    .prepare<[string], string>(`SELECT ${column} FROM ${table} WHERE name = ?`)
    .pluck()
    .get(name);
  database.close();
  return readFileSync(join(`${file}.data`, found ?? ''));
}

/** Everything the project holds: its tables and its arrays. */
function projectState(): unknown {
  const database = new Database(project, { readonly: true });
  try {
    const counts = ['runs', 'embeddings', 'events', 'settings'].map((table) =>
      database.prepare(`SELECT * FROM ${table}`).all(),
    );
    return [counts, existsSync(`${project}.data`) ? readdirSync(`${project}.data`).toSorted() : []];
  } finally {
    database.close();
  }
}

describe('a model of one’s own', () => {
  it('in ONNX becomes a run and an embedding; naming it trusts it, and says so', async () => {
    const outcome = await runEarmark([
      'run',
      '--model',
      bands,
      '--run',
      'bands',
      '--embedding',
      'mean',
      '--json',
      ...on,
    ]);
    expect(outcome.stderr).toMatch(/bands\.json is trusted because it was named/);
    expect(outcome.stderr).toContain(damaged);
    expect(ran.parse(onlyDocument(outcome))).toMatchObject({
      run: 'bands',
      embedding: 'mean',
      clips,
      failed: 1,
      backend: expect.stringContaining('onnxruntime'),
      notes: [],
    });
    const { n, labels } = await earmark(z.looseObject({ n: count, labels: z.array(text) }), [
      'metrics',
      '--run',
      'bands',
      ...on,
    ]);
    expect({ n, labels }).toEqual({ n: clips - 1, labels: words.toSorted() });
    const near = z.strictObject({ clip: text, neighbours: z.array(z.looseObject({ label: text })) });
    const found = await earmark(near, [
      'neighbours',
      '--embedding',
      'mean',
      '--clip',
      'low/0.wav',
      '-k',
      '3',
      ...on,
    ]);
    expect(found.neighbours.map(({ label }) => label)).toEqual(['low', 'low', 'low']);
  });

  it('in TensorFlow.js runs too; labels that no clip has are noted', async () => {
    const model = await tinyLayersModel(join(folder, 'tfjs'));
    writeFileSync(
      join(folder, 'tfjs/earmark.json'),
      JSON.stringify({
        format: 'tfjs-layers',
        name: 'tiny',
        sampleRate: 16_000,
        clip: { take: 'windows', samples: 2160 },
        frontEnd: { kind: 'mfcc', coefficients: 10 },
        stages: [{ file: 'model.json', input: { layout: ['batch', 'time', 'feature', 'channel'] } }],
        outputs: { scores: { kind: 'probabilities' } },
        labels: ['low', 'middle', 'high', 'other'],
      }),
    );
    const result = await earmark(ran, ['run', '--model', model, '--run', 'tiny', '--threads', '1', ...on]);
    expect(result).toMatchObject({
      clips,
      threads: 1,
      failed: 1,
      notes: [expect.stringMatching(/1 of .* 4 labels.*: other\./)],
    });
  });

  it('becomes an embedding of its own name, when nothing else is said', async () => {
    expect(await earmark(embedded, ['embed', '--model', bands, ...on])).toMatchObject({
      embedding: 'bands',
      clips,
      dimensions: 40,
      failed: 1,
    });
    expect(storedBytes('embeddings', 'bands').equals(storedBytes('embeddings', 'mean'))).toBe(true);
    const { embeddings } = await earmark(info, ['info', ...on]);
    expect(embeddings.map(({ name, ...rest }) => [name, rest])).toEqual(
      ['mean', 'bands'].map((name) => [
        name,
        { createdAt: expect.any(String), clips, failed: 1, dimensions: 40, maps: 0 },
      ]),
    );
  });

  it('without a description is answered with one to check, and where to write it', async () => {
    const lone = join(folder, 'lone');
    mkdirSync(lone);
    const model = join(lone, 'lone.onnx');
    writeFileSync(model, readFileSync(join(folder, 'bands/bands.onnx')));
    const refused = await earmarkError(['run', '--model', model, '--run', 'lone', ...on]);
    expect(refused).toMatchObject({
      exitCode: 3,
      code: 'model/no-description',
      message: expect.stringContaining(join(lone, 'lone.json')),
    });
    const { suggestion, descriptionPath } = refused.details as {
      suggestion: object;
      descriptionPath: string;
    };
    writeFileSync(descriptionPath, JSON.stringify({ ...suggestion, labels: words }));
    const outcome = await runEarmark(['run', '--model', model, '--run', 'lone', ...on]);
    expect(outcome).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^lone: 15 clips by .*; 1 failed\./),
    });
    expect(storedBytes('runs', 'lone')).toHaveLength(storedBytes('runs', 'bands').length);
  });
});

describe('refused before anything runs', () => {
  const write = (name: string, model: OnnxModel, description: object): string =>
    writeModel(join(folder, name), model, { ...bandDescription, ...description });
  const spoil = (name: string, spoiled: (file: string) => void): string => {
    const path = write(name, bandModel, {});
    spoiled(join(folder, name, 'bands.onnx'));
    return path;
  };
  const nan: OnnxModel = {
    ...bandModel,
    weights: [{ name: 'w', shape: [40, 3], data: new Float32Array(120).fill(Number.NaN) }],
  };
  const typed = { sampelRate: 16_000 };
  const models: readonly (readonly [what: string, path: () => string, code: string, words: RegExp])[] = [
    ['no ONNX', () => spoil('text', (file) => writeFileSync(file, 'hello')), 'model/damaged', /bands\.onnx/],
    [
      'a truncated one',
      () => spoil('cut', (file) => truncateSync(file, 300)),
      'model/damaged',
      /bands\.onnx/,
    ],
    [
      'wrong labels',
      () => write('two', bandModel, { labels: ['a', 'b'] }),
      'model/output-shape',
      /should give 2 numbers/,
    ],
    ['outputs that are NaN', () => write('nan', nan, {}), 'model/nan', /not finite.*not started/],
    ['a misspelt field', () => write('typo', bandModel, typed), 'model/description', /sampelRate.*misspelt/],
    ['a model that is not there', () => join(folder, 'none.onnx'), 'model/missing', /none\.onnx/],
  ];
  it.each(models)('%s', async (_, path, code, sentence) => {
    const before = projectState();
    const refused = await earmarkError(['run', '--model', path(), '--run', 'refused', ...on]);
    expect(refused.message).toMatch(sentence);
    expect(refused).toMatchObject({ exitCode: 3, code });
    expect(projectState()).toEqual(before);
  });

  const out = ['--out', join(folder, 'x.npy')];
  const usages: readonly (readonly [what: string, args: string[], code: string])[] = [
    ['a run without a name', ['run', '--model', bands], 'usage/arguments'],
    ['a run without a model', ['run', '--run', 'r'], 'usage/arguments'],
    ['a run that is there', ['run', '--model', bands, '--run', 'bands'], 'run/exists'],
    ['an embedding that is there', ['embed', '--model', bands, '--name', 'mean'], 'embedding/exists'],
    ['a model of no known name', ['embed', '--model', 'encoder-9'], 'usage/model'],
    ['a part that is none', ['embed', '--shard', '4/3', ...out], 'usage/shard'],
    ['a part without a file', ['embed', '--shard', '1/3'], 'usage/arguments'],
    ['a part to another kind of file', ['embed', '--shard', '1/3', '--out', 'x.csv'], 'usage/arguments'],
    ['parts with a model', ['run', '--merge', 'x', '--model', bands, '--run', 'r'], 'usage/arguments'],
    [
      'a part of both',
      ['run', '--model', bands, '--embedding', 'e', '--shard', '1/2', ...out],
      'usage/arguments',
    ],
  ];
  it.each(usages)('%s is wrong usage', async (_, args, code) => {
    expect(await earmarkError([...args, ...on])).toMatchObject({ exitCode: 2, code });
  });
});

describe('parts', () => {
  const part = (name: string): string => join(folder, `${name}.npy`);
  const model = join(folder, 'bands/bands.onnx');
  const scores = (i: number, out: string): string[] => [
    ...['run', '--model', model, '--shard', `${i}/2`, '--out', part(out)],
    ...on,
  ];
  const merge = (run: string, ...files: string[]): string[] => [
    ...['run', '--run', run, '--merge', ...files.map(part)],
    ...on,
  ];
  /** A part with another card, as another machine might have made it. */
  function forge(name: string, of: string, change: object): string {
    const card = JSON.parse(readFileSync(`${part(of)}.json`, 'utf8')) as object;
    writeFileSync(part(name), readFileSync(part(of)));
    writeFileSync(`${part(name)}.json`, JSON.stringify({ ...card, ...change }));
    return name;
  }

  it('of a run leave the project as it is, and together are the run made here, bit by bit', async () => {
    const before = projectState();
    expect(await earmark(shard, scores(1, 'a'))).toMatchObject({ from: 0, to: 7, total: clips, failed: 0 });
    expect(await earmark(shard, scores(2, 'b'))).toMatchObject({ from: 7, to: 15, total: clips, failed: 1 });
    expect(projectState()).toEqual(before);
    const merged = await earmark(ran, merge('merged', 'b', 'a'));
    expect(merged).toMatchObject({ run: 'merged', clips, failed: 1 });
    expect(storedBytes('runs', 'merged').equals(storedBytes('runs', 'bands'))).toBe(true);
    const figures = z.looseObject({ n: count, accuracy: z.number() });
    const whole = await earmark(figures, ['metrics', '--run', 'bands', ...on]);
    const put = await earmark(figures, ['metrics', '--run', 'merged', ...on]);
    expect({ ...put, run: '' }).toEqual({ ...whole, run: '' });
  });

  it('that are done already are not run again, and no other file is written over', async () => {
    const bytes = readFileSync(part('a'));
    expect(await earmark(shard, scores(1, 'a'))).toMatchObject({ from: 0, to: 7 });
    expect(await earmarkError(scores(2, 'a'))).toMatchObject({ exitCode: 3, code: 'shard/exists' });
    expect(readFileSync(part('a')).equals(bytes)).toBe(true);
  });

  it('that do not fit are refused in a sentence, and the project stays as it is', async () => {
    const hash = 'f'.repeat(64);
    const before = projectState();
    writeFileSync(part('lone'), readFileSync(part('b')));
    forge('cut', 'b', {});
    truncateSync(part('cut'), 140);
    const refusals: readonly (readonly [string, RegExp, readonly string[]])[] = [
      ['shard/gap', /Rows 7 to 14 of 15 are in none/, ['a']],
      ['shard/gap', /Rows 0 to 6 of 15 are in none/, ['b']],
      ['shard/overlap', /a\.npy and a\.npy both hold row 0/, ['a', 'b', 'a']],
      ['shard/overlap', /both hold row 5/, ['a', forge('early', 'b', { from: 5 })]],
      [
        'shard/other-model',
        /hasher\.npy was made by another model than a\.npy.*ffffffffffff/,
        ['a', forge('hasher', 'b', { model: { kind: 'file', name: 'bands', hash } })],
      ],
      ['shard/other-labels', /other labels/, ['a', forge('labels', 'b', { labels: ['x', 'y', 'z'] })]],
      ['shard/other-clips', /another list of clips/, ['a', forge('clips', 'b', { clips: hash })]],
      ['shard/other-clips', /not those of this project/, [forge('far', 'a', { total: 20 }), 'b']],
      [
        'shard/shape',
        /\(8, 3\).* 7 x 3/,
        ['a', forge('short', 'b', { to: 14 }), forge('last', 'b', { from: 14 })],
      ],
      ['shard/card', /does not describe/, ['a', forge('wide', 'b', { width: 4 })]],
      ['shard/changed', /swapped\.npy are not those/, ['a', forge('swapped', 'b', { values: hash })]],
      ['shard/no-card', /lone\.npy has no lone\.npy\.json/, ['a', 'lone']],
      ['npy/truncated', /cut\.npy/, ['a', 'cut']],
    ];
    for (const [code, sentence, files] of refusals) {
      const refused = await earmarkError(merge('refused', ...files));
      expect(refused.message).toMatch(sentence);
      expect(refused).toMatchObject({ exitCode: 3, code });
    }
    const kind = ['embed', '--merge', part('a'), part('b'), ...on];
    expect((await earmarkError(kind)).message).toMatch(/become a run: use "earmark run --merge"/);
    expect(projectState()).toEqual(before);
  });
});

describe.skipIf(process.platform === 'win32')('killed in the middle', () => {
  const many = 300;
  const file = join(folder, 'many.earmark');
  const embed = ['embed', '--model', 'acoustic-1', '--threads', '1', '--json', '--project', file];
  beforeAll(async () => {
    const takes = Array.from({ length: many }, (_, at): [string, Uint8Array] => [
      `${at % 3}/${at}.wav`,
      wordWav(200 + 3 * at),
    ]);
    const source = writeTree(join(folder, 'many'), Object.fromEntries(takes));
    await earmark(z.looseObject({ clips: z.literal(many) }), ['import', source, '--project', file]);
  });

  /** Calls `kill` once some rows are in a file of `place` that is not whole yet. */
  function whenBegun(place: string, kill: () => void): NodeJS.Timeout {
    const watch = setInterval(() => {
      const name = existsSync(place)
        ? readdirSync(place).find((one) => /\.partial(\.npy)?$/.test(one))
        : undefined;
      if (name === undefined) return;
      const { data, shape } = parseNpy(readFileSync(join(place, name)));
      const isDone = (row: number): boolean => !Number.isNaN(data[row * (shape[1] ?? 0)]);
      if (!Array.from({ length: shape[0] ?? 0 }, (_, row) => row).some(isDone)) return;
      clearInterval(watch);
      kill();
    }, 2);
    return watch;
  }

  const doneBefore = (notes: readonly string[]): number =>
    Number(/^(\d+) clips had been done before/.exec(notes[0] ?? '')?.[1]);

  it('the process that runs the model is missed in words; the second call goes on', async () => {
    const killed = await runEarmark([...embed, '--name', 'e'], {
      started(child) {
        const watch = whenBegun(`${file}.data`, () => {
          const lines = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).stdout.split(
            '\n',
          );
          const own = lines
            .map((line) => line.trim().split(/\s+/))
            .filter(([, parent]) => Number(parent) === child.pid);
          const found = own.find((words) => words.some((word) => word.includes('analysis')));
          process.kill(Number(found?.[0]), 'SIGKILL');
        });
        child.once('exit', () => clearInterval(watch));
      },
    });
    expect(killed.exitCode, killed.stdout).toBe(3);
    expect(onlyDocument(killed)).toMatchObject({
      error: {
        code: 'worker/stopped',
        message: expect.stringMatching(/stopped \(ended by SIGKILL\).*are kept.*same command again/),
      },
    });
    const second = embedded.parse(onlyDocument(await runEarmark([...embed, '--name', 'e'])));
    expect(second).toMatchObject({ embedding: 'e', clips: many, failed: 0 });
    expect(doneBefore(second.notes)).toBeGreaterThan(0);
    expect(doneBefore(second.notes)).toBeLessThan(many);
  });

  it('a part goes on where it was, and leaves nothing else behind', async () => {
    const place = join(folder, 'shards');
    mkdirSync(place);
    const args = (name: string): string[] => [...embed, '--shard', '2/2', '--out', join(place, name)];
    const killed = await runEarmark(args('killed.npy'), {
      started(child) {
        const watch = whenBegun(place, () => child.kill('SIGKILL'));
        child.once('exit', () => clearInterval(watch));
      },
    });
    expect(killed.exitCode).toBeNull();
    const notes = z.looseObject({ notes: z.array(text), failed: z.literal(0) });
    const second = notes.parse(onlyDocument(await runEarmark(args('killed.npy'))));
    expect(doneBefore(second.notes)).toBeGreaterThan(0);
    expect(doneBefore(second.notes)).toBeLessThan(many / 2);
    expect(readdirSync(place).toSorted()).toEqual(['killed.npy', 'killed.npy.json']);
  });

  it('what was continued is the same as what was put together of parts', async () => {
    const [first, second] = [join(folder, 'first.npy'), join(folder, 'shards/killed.npy')];
    const on = ['--project', file];
    await earmark(shard, ['embed', '--model', 'acoustic-1', '--shard', '1/2', '--out', first, ...on]);
    const merged = await earmark(embedded, ['embed', '--merge', first, second, '--name', 'parts', ...on]);
    expect(merged).toMatchObject({ embedding: 'parts', clips: many, dimensions: 261, failed: 0 });
    const [whole, parts] = ['e', 'parts'].map((name) => storedBytes('embeddings', name, file));
    expect(parts?.equals(whole ?? Buffer.of())).toBe(true);
  });
});
