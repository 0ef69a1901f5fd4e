// Giving out, read back: every format is imported again into a new project, or parsed. Cancelled and refused exports.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImportResult } from '../../shared/contract/imports.ts';
import type { DatasetFormat } from '../../shared/domain/dataset.ts';
import type { DecisionEvent } from '../../shared/domain/decision.ts';
import { temporaryFolder, writeTree } from '../testing/folders.ts';
import { endOf, refusalOf, resultOf, startTestStudio } from '../testing/studio.ts';
import { clipsOfWords, duplicate, hum, loud, mislabelled, wordFiles, wordWav } from '../testing/words.ts';
import { type ExportInput, type ExportResult, exportProject } from './exports.ts';

const folder = temporaryFolder();
const dataset = writeTree(join(folder, 'words'), wordFiles());
const given = join(folder, 'given out');
mkdirSync(given);
const { client, engine, place } = startTestStudio({ userFolder: join(folder, 'user') });
/** Imports what was exported, in an engine of its own. */
const reader = startTestStudio({ userFolder: join(folder, 'reader') });

const everything = { filter: '', sort: null, offset: 0, limit: 1000 } as const;

const request = (format: ExportInput['format'], name: string) => ({
  format,
  place: place(given),
  name,
  selection: { filter: '' },
  audio: 'copy' as const,
  leaveOutUnusable: true,
  overwrite: false,
});

const linesOf = <Value>(...path: string[]): Value[] =>
  readFileSync(join(given, ...path), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Value);

/** Path to label, split and speaker, of all clips that a new import of `source` finds. */
async function readBack(source: string, format: DatasetFormat) {
  await reader.client.project.create({ name: `back ${format}` });
  const from = { place: reader.place(source), format, options: {}, name: 'back' };
  const imported = await resultOf<ImportResult>(reader.client, await reader.client.imports.start(from));
  expect(imported.failed).toEqual([]);
  const { rows } = await reader.client.clips.page(everything);
  return new Map(rows.map((row) => [row.path, row]));
}

async function clipsHere() {
  const { rows } = await client.clips.page({ ...everything, filter: 'review != unusable' });
  return rows;
}

beforeAll(async () => {
  await client.project.create({ name: 'exports' });
  const source = { place: place(dataset), format: 'speech-commands', options: {}, name: 'words' } as const;
  await resultOf(client, await client.imports.start(source));
  const relabel = { selection: { filter: `path = "${mislabelled}"` }, why: 'she says "no", clearly' };
  await client.decisions.apply({ ...relabel, changes: [{ field: 'label', to: 'no' }] });
  const unusable = { field: 'review', to: 'unusable', reason: 'clipped' } as const;
  await client.decisions.apply({ selection: { filter: `path = "${loud}"` }, changes: [unusable] });
  await client.decisions.apply({
    selection: { filter: `path = "${duplicate}"` },
    changes: [
      { field: 'transcript', to: '=SUM(A1), said "stop"\nor so' },
      { field: 'note', to: 'a note' },
    ],
  });
});

describe('what is given out', () => {
  it('as Speech Commands has each clip in the folder of its label, and the splits as lists', async () => {
    const started = await client.exports.start(request('speech-commands', 'commands'));
    const result = await resultOf<ExportResult>(client, started);
    expect(result).toMatchObject({ clips: clipsOfWords - 1, failed: [] });
    const back = await readBack(join(given, 'commands'), 'speech-commands');
    expect(back.size).toBe(clipsOfWords - 1);
    expect(back.get('no/4e4e4e4e_nohash_0.wav')).toMatchObject({ label: 'no', speaker: '4e4e4e4e' });
    expect(back.get(hum)).toMatchObject({ kind: 'noise', label: null });
    for (const row of await clipsHere()) {
      const name = row.kind === 'noise' ? row.path : `${row.label}/${row.path.split('/')[1]}`;
      // Two clips of one speaker in one folder: the second gets another name.
      const found = back.get(name);
      if (found)
        expect([found.kind, found.label, found.durationSec]).toEqual([row.kind, row.label, row.durationSec]);
    }
    const splits = [...back.values()].map(({ split }) => split).toSorted();
    expect(splits).toEqual((await clipsHere()).map(({ split }) => split).toSorted());
  });

  it.each([
    ['table', 'clips.csv'],
    ['jsonl', 'clips.jsonl'],
  ] as const)('as %s can be imported again, with the corrected labels', async (format, file) => {
    await resultOf(client, await client.exports.start(request(format, format)));
    const back = await readBack(join(given, format, file), 'table');
    const here = await clipsHere();
    expect([...back.keys()].toSorted()).toEqual(here.map(({ path }) => path).toSorted());
    for (const row of here)
      expect(back.get(row.path)).toMatchObject({
        label: row.label,
        split: row.split,
        speaker: row.speaker,
        durationSec: row.durationSec,
      });
    const said = back.get(duplicate)?.transcript ?? '';
    expect(said).toContain('SUM(A1), said "stop"\nor so');
    // A spreadsheet would run it as a formula; JSON keeps the very text.
    expect(said.startsWith('=')).toBe(format === 'jsonl');
  });

  it('as NeMo manifest names files that are there, with their length', async () => {
    await resultOf(client, await client.exports.start(request('nemo', 'nemo')));
    const [name = ''] = readdirSync(join(given, 'nemo')).filter((file) => /\.jsonl?$/.test(file));
    const lines = linesOf<{ audio_filepath: string; duration: number; text?: string }>('nemo', name);
    expect(lines.length).toBeGreaterThan(20);
    for (const { audio_filepath, duration } of lines) {
      expect(existsSync(join(given, 'nemo', audio_filepath))).toBe(true);
      expect(duration).toBeGreaterThan(0);
    }
    expect(lines.find(({ audio_filepath }) => audio_filepath.endsWith(duplicate))?.text).toBe(
      '=SUM(A1), said "stop"\nor so',
    );
  });

  it('as decision record is the history, exactly', async () => {
    const asked = { ...request('decisions', 'record'), audio: 'none' as const };
    await resultOf(client, await client.exports.start(asked));
    const { events } = await client.decisions.history({ limit: 1000 });
    const record = linesOf<DecisionEvent>('record', 'decisions.jsonl');
    expect(record).toEqual(events.toReversed().map((event) => ({ ...event, clipId: null })));
    expect(record.some(({ reason }) => reason === 'she says "no", clearly')).toBe(true);
  });

  it('as links takes no second copy on the disk', async () => {
    const asked = { ...request('jsonl', 'linked'), audio: 'link' as const };
    await resultOf(client, await client.exports.start(asked));
    const original = statSync(join(dataset, hum));
    expect(statSync(join(given, 'linked', hum)).ino).toBe(original.ino);
    expect(statSync(join(given, 'table', hum)).ino).not.toBe(original.ino);
  });

  it('leaves out a recording that is gone, and names it', async () => {
    const gone = 'go/0a0a0a0a_nohash_0.wav';
    rmSync(join(dataset, gone));
    const result = await resultOf<ExportResult>(
      client,
      await client.exports.start(request('table', 'one less')),
    );
    writeTree(dataset, { [gone]: wordFiles()[gone] ?? '' });
    expect(result).toMatchObject({ clips: clipsOfWords - 2, failed: [{ file: gone }] });
    expect(readFileSync(join(given, 'one less', 'clips.csv'), 'utf8')).not.toContain(gone);
  });
});

describe('an export that must not be', () => {
  it('over what is there, or into the dataset itself, is refused; nothing is touched', async () => {
    const before = readdirSync(given).toSorted();
    const again = await refusalOf(client.exports.start(request('table', 'table')));
    expect(again).toMatchObject({ code: 'export/exists' });
    expect(again.message).toContain('Nothing was written');
    const inside = { ...request('table', 'words'), place: place(folder), overwrite: true };
    const ended = await endOf(client, await client.exports.start(inside));
    expect(ended).toMatchObject({ state: 'failed', error: { code: 'export/out' } });
    expect(existsSync(join(dataset, hum))).toBe(true);
    const nothing = { ...request('table', 'nothing'), selection: { filter: 'label = none' } };
    const empty = await endOf(client, await client.exports.start(nothing));
    expect(empty).toMatchObject({ state: 'failed', error: { code: 'export/nothing' } });
    expect(readdirSync(given).toSorted()).toEqual(before);
    expect(readdirSync(folder).some((name) => name.includes('.partial'))).toBe(false);
  });

  it('of labels that cannot be folders is refused in words, and leaves nothing', async () => {
    const selection = { filter: `path = "${duplicate}"` };
    await client.decisions.apply({ selection, changes: [{ field: 'label', to: '../up' }] });
    const ended = await endOf(client, await client.exports.start(request('speech-commands', 'odd')));
    expect(ended).toMatchObject({ state: 'failed', error: { code: 'export/label-name' } });
    expect(ended.error?.message).toContain('../up');
    expect(readdirSync(given).filter((name) => name.startsWith('odd'))).toEqual([]);
    await client.decisions.undo({});
  });
});

describe('an export that is cancelled', () => {
  const out = join(given, 'cancelled');
  const input: ExportInput = {
    format: 'speech-commands',
    out,
    selection: { filter: '' },
    audio: 'copy',
    leaveOutUnusable: false,
    overwrite: false,
  };

  it('leaves a folder marked as unfinished and never one with the final name', async () => {
    const abort = new AbortController();
    const cancelled = exportProject(engine.studio.project(), input, {
      signal: abort.signal,
      finish: new AbortController().signal,
      phase: () => {},
      progress: () => abort.abort(),
      failure: () => {},
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'job/cancelled' });
    expect(existsSync(out)).toBe(false);
    const marker = readFileSync(join(`${out}.partial`, 'EARMARK-PARTIAL.txt'), 'utf8');
    expect(marker).toMatch(/not finished.*It was cancelled/s);
    expect(readdirSync(`${out}.partial`).length).toBeGreaterThan(1);
  });

  it('can be made again at the same place, which clears the unfinished one', async () => {
    const { place: at, name } = { place: place(given), name: 'cancelled' };
    const asked = { ...request('speech-commands', name), place: at, leaveOutUnusable: false };
    expect(await resultOf(client, await client.exports.start(asked))).toMatchObject({ clips: clipsOfWords });
    expect(existsSync(`${out}.partial`)).toBe(false);
    expect(existsSync(join(out, 'EARMARK-PARTIAL.txt'))).toBe(false);
  });
});

describe('names as people give them', () => {
  const long = 'x'.repeat(246);
  const names = [
    'with blank/it\'s "quoted", here.wav',
    'שלום/مرحبا بالعالم.wav',
    'emoji 🎧/say 👋🏽 now.wav',
    `long/${long}.wav`,
    '=1+1/-formula.wav',
    "back\\slash/semi;colon,'comma'.wav",
    'a.b/dots...wav',
  ];

  it('survive import, list, filter, decision, export and import again', async () => {
    const odd = writeTree(
      join(folder, 'odd names'),
      Object.fromEntries(names.map((name, index) => [name, wordWav(300 + 50 * index)])),
    );
    await client.project.create({ name: 'it’s "odd" – 名前' });
    const source = { place: place(odd), format: 'folder', options: {}, name: 'odd 名前' } as const;
    const imported = await resultOf<ImportResult>(client, await client.imports.start(source));
    expect(imported).toMatchObject({ clips: names.length, labels: names.length, failed: [] });
    const { rows } = await client.clips.page(everything);
    expect(rows.map(({ path }) => path).toSorted()).toEqual(names.toSorted());
    for (const row of rows) {
      expect(row.label).toBe(row.path.split('/')[0]);
      const text = `path = ${JSON.stringify(row.path)} AND label = ${JSON.stringify(row.label)}`;
      expect(await client.filter.check({ text }), text).toEqual({ ok: true, matched: 1 });
      const response = await engine.fetch(new Request(`http://studio/media/audio/${row.id}.wav`));
      expect(response.status).toBe(200);
    }
    const selection = { filter: 'path ~ "مرحبا"' };
    await client.decisions.apply({ selection, changes: [{ field: 'label', to: 'سلام 👋' }] });
    for (const [format, file] of [
      ['table', 'clips.csv'],
      ['jsonl', 'clips.jsonl'],
    ] as const) {
      const name = `odd ${format} 🎧`;
      const result = await resultOf<ExportResult>(client, await client.exports.start(request(format, name)));
      expect(result).toMatchObject({ clips: names.length, failed: [] });
      const back = await readBack(join(given, name, file), 'table');
      expect([...back.keys()].toSorted(), format).toEqual(names.toSorted());
      expect(back.get('שלום/مرحبا بالعالم.wav')?.label).toBe('سلام 👋');
      expect(back.get(`long/${long}.wav`)?.label).toBe('long');
    }
  });
});
