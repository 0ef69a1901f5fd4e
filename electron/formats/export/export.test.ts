import { spawnSync } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileFailure } from '../../../shared/domain/dataset.ts';
import type { DecisionEvent } from '../../../shared/domain/decision.ts';
import { hasShared, sharedPath } from '../../testing/shared-data.ts';
import { fileTree, readAll } from '../file-tree.test-util.ts';
import { firstRows, openTable } from '../table-file.ts';
import { MARKER } from './destination.ts';
import { neutralised } from './neutralise.ts';
import { runExport } from './run.ts';
import type { ExportClip, ExportFormat, ExportRequest } from './types.ts';

function clip(root: string | null, path: string, values: Partial<ExportClip> = {}): ExportClip {
  const label = values.label ?? null;
  return {
    root,
    path,
    dataset: 'set',
    kind: 'speech',
    originalLabel: label,
    transcript: null,
    originalTranscript: null,
    split: null,
    speaker: null,
    gender: null,
    age: null,
    accent: null,
    locale: null,
    review: null,
    reviewReason: null,
    note: null,
    durationSec: 1,
    sampleRate: 16000,
    channels: 1,
    extra: {},
    ...values,
    label,
  };
}

async function run(
  format: ExportFormat,
  out: string,
  clips: Iterable<ExportClip>,
  options: Partial<ExportRequest> & { signal?: AbortSignal } = {},
) {
  const failures: FileFailure[] = [];
  const summary = await runExport(
    format,
    { out, audio: 'copy', overwrite: false, clips, decisions: [], ...options },
    {
      signal: options.signal ?? new AbortController().signal,
      progress: () => {},
      failure: (failure) => failures.push(failure),
    },
  );
  return { ...summary, failures };
}

async function listing(folder: string): Promise<string[]> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

async function speechSet() {
  const root = await fileTree({
    'set/yes/a1_nohash_0.wav': 'yes a1 0',
    'set/yes/b2_nohash_0.wav': 'yes b2 0',
    'set/no/a1_nohash_0.wav': 'no a1 0',
    'set/no/plain.wav': 'no plain',
    'set/yes/plain.wav': 'yes plain',
    'set/_background_noise_/hum.wav': 'hum',
  });
  const set = join(root, 'set');
  const clips = [
    // Relabelled from yes to no; both names are taken there.
    clip(set, 'yes/a1_nohash_0.wav', { label: 'no', originalLabel: 'yes', split: 'test' }),
    clip(set, 'yes/plain.wav', { label: 'no', originalLabel: 'yes', split: 'train' }),
    clip(set, 'yes/b2_nohash_0.wav', { label: 'yes', split: 'validation' }),
    clip(set, 'no/a1_nohash_0.wav', { label: 'no', split: 'train' }),
    clip(set, 'no/plain.wav', { label: 'no', split: 'other' }),
    clip(set, '_background_noise_/hum.wav', { kind: 'noise' }),
    clip(set, 'no/plain.wav', { label: null }),
  ];
  return { root, set, clips, out: join(root, 'out') };
}

describe('export as Speech Commands', () => {
  it('writes folders, noise and list files; moved clips give way, and keep their speaker', async () => {
    const { clips, out } = await speechSet();
    const result = await run('speech-commands', out, clips);
    expect(await listing(out)).toEqual([
      '_background_noise_/hum.wav',
      'no/a1_nohash_0.wav',
      'no/a1_nohash_1.wav',
      'no/plain-2.wav',
      'no/plain.wav',
      'testing_list.txt',
      'validation_list.txt',
      'yes/b2_nohash_0.wav',
    ]);
    expect(await fs.readFile(join(out, 'no/a1_nohash_0.wav'), 'utf8')).toBe('no a1 0');
    expect(await fs.readFile(join(out, 'no/a1_nohash_1.wav'), 'utf8')).toBe('yes a1 0');
    expect(await fs.readFile(join(out, 'testing_list.txt'), 'utf8')).toBe('no/a1_nohash_1.wav\n');
    expect(await fs.readFile(join(out, 'validation_list.txt'), 'utf8')).toBe('yes/b2_nohash_0.wav\n');
    expect(result).toMatchObject({ clips: 6, files: 8, failures: [] });
    expect(result.notes.join(' ')).toMatch(
      /1 clips without a label were left out.*2 files have another name/,
    );
  });

  it('can be imported again with the same labels and splits', async () => {
    const { clips, out } = await speechSet();
    await run('speech-commands', out, clips);
    const again = await readAll(out, 'speech-commands');
    expect(again.failures).toEqual([]);
    expect(again.clips.map(({ path, label, split, kind }) => [path, label, split, kind])).toEqual([
      ['_background_noise_/hum.wav', null, null, 'noise'],
      ['no/a1_nohash_0.wav', 'no', 'train', 'speech'],
      ['no/a1_nohash_1.wav', 'no', 'test', 'speech'],
      ['no/plain-2.wav', 'no', 'train', 'speech'],
      ['no/plain.wav', 'no', 'train', 'speech'],
      ['yes/b2_nohash_0.wav', 'yes', 'validation', 'speech'],
    ]);
  });

  it('links instead of copying when asked', async () => {
    const { set, out } = await speechSet();
    await run('speech-commands', out, [clip(set, 'yes/plain.wav', { label: 'yes' })], { audio: 'link' });
    const [original, linked] = await Promise.all([
      fs.stat(join(set, 'yes/plain.wav')),
      fs.stat(join(out, 'yes/plain.wav')),
    ]);
    expect(linked.ino).toBe(original.ino);
  });

  it('refuses labels that cannot be folders, and writes nothing', async () => {
    const { set, root, out } = await speechSet();
    for (const label of [
      '',
      'a/b',
      'a\\b',
      '..',
      '.hidden',
      'a\nb',
      'a.',
      'a ',
      'CON',
      '_background_noise_',
      'x'.repeat(256),
    ]) {
      await expect(
        run('speech-commands', out, [clip(set, 'yes/plain.wav', { label })]),
        label,
      ).rejects.toMatchObject({
        code: 'export/label-name',
        details: { label },
      });
    }
    expect(await fs.readdir(root)).toEqual(['set']);
  });

  it('takes labels with blanks, quotes, right-to-left text and emoji', async () => {
    const { set, out } = await speechSet();
    const labels = ['turn on', '"quoted"', 'سلام', '😀'];
    await run(
      'speech-commands',
      out,
      labels.map((label) => clip(set, 'yes/plain.wav', { label })),
    );
    expect((await fs.readdir(out)).sort()).toEqual([...labels].sort());
  });

  it('lists a clip whose file is gone or leads out of its dataset, and exports the others', async () => {
    const { set, root, out } = await speechSet();
    await fs.writeFile(join(root, 'secret.wav'), 's');
    const result = await run('speech-commands', out, [
      clip(set, 'yes/gone.wav', { label: 'yes' }),
      clip(set, '../secret.wav', { label: 'yes' }),
      clip(null, 'yes/b2_nohash_0.wav', { label: 'yes' }),
      clip(set, 'yes/plain.wav', { label: 'yes' }),
    ]);
    expect(await listing(out)).toEqual(['yes/plain.wav']);
    expect(result.failures.map(({ code }) => code)).toEqual([
      'path/missing',
      'path/outside',
      'export/no-file',
    ]);
  });

  it.skipIf(!hasShared)('keeps every byte of real recordings', async () => {
    const set = sharedPath('data', 'arabic-commands');
    const { clips } = await readAll(set, 'folder');
    const some = clips.filter((_, index) => index % 60 === 0);
    const out = join(await fileTree({}), 'out');
    await run(
      'speech-commands',
      out,
      some.map(({ path, label }) => clip(set, path, { label })),
    );
    expect(some).toHaveLength(20);
    for (const { path, label } of some) {
      const [before, after] = await Promise.all([
        fs.readFile(join(set, path)),
        fs.readFile(join(out, label ?? '', basename(path))),
      ]);
      expect(after.equals(before), path).toBe(true);
    }
  });
});

describe('where an export is written', () => {
  it('is never over existing files without being asked, which are named', async () => {
    const { clips, out } = await speechSet();
    await fs.mkdir(out);
    await fs.writeFile(join(out, 'thesis.txt'), 'mine');
    await expect(run('speech-commands', out, clips)).rejects.toMatchObject({
      code: 'export/exists',
      message: expect.stringContaining('thesis.txt'),
    });
    expect(await listing(out)).toEqual(['thesis.txt']);
  });

  it('is a fresh folder when replacing was asked for; the old one is kept beside it', async () => {
    const { root, clips, out } = await speechSet();
    await fs.mkdir(out);
    await fs.writeFile(join(out, 'thesis.txt'), 'mine');
    const result = await run('speech-commands', out, clips, { overwrite: true });
    const kept = (await fs.readdir(root)).find((name) => name.startsWith('out.replaced-')) ?? '';
    expect(await fs.readFile(join(root, kept, 'thesis.txt'), 'utf8')).toBe('mine');
    expect(result.notes.join(' ')).toContain(kept);
    expect(await listing(out)).not.toContain('thesis.txt');
  });

  it('may be an empty folder that is there', async () => {
    const { clips, out } = await speechSet();
    await fs.mkdir(out);
    await run('speech-commands', out, clips);
    expect(await listing(out)).toContain('no/plain.wav');
  });

  it('is never the dataset itself', async () => {
    const { set, root, clips } = await speechSet();
    for (const out of [set, root]) {
      await expect(run('speech-commands', out, clips, { overwrite: true })).rejects.toMatchObject({
        code: 'export/out',
      });
    }
    expect(await listing(set)).toHaveLength(6);
  });

  it('is left as a marked partial folder after a cancel, which the next export clears away', async () => {
    const { root, set, out } = await speechSet();
    const cancel = new AbortController();
    function* endless() {
      for (let n = 0; ; n++) {
        if (n === 100) cancel.abort();
        yield clip(set, 'yes/plain.wav', { label: `word ${n}` });
      }
    }
    await expect(run('speech-commands', out, endless(), { signal: cancel.signal })).rejects.toMatchObject({
      code: 'job/cancelled',
    });
    expect((await fs.readdir(root)).sort()).toEqual(['out.partial', 'set']);
    expect(await fs.readFile(join(root, 'out.partial', MARKER), 'utf8')).toMatch(/cancelled/);
    await run('speech-commands', out, [clip(set, 'yes/plain.wav', { label: 'yes' })]);
    expect((await fs.readdir(root)).sort()).toEqual(['out', 'set']);
    expect(await listing(out)).toEqual(['yes/plain.wav']);
  });

  it('leaves a folder alone that only looks like a partial export', async () => {
    const { clips, out } = await speechSet();
    await fs.mkdir(`${out}.partial`);
    await expect(run('speech-commands', out, clips)).rejects.toMatchObject({ code: 'export/exists' });
    expect(await fs.readdir(`${out}.partial`)).toEqual([]);
  });

  it('is taken back on a full disk, with a sentence', async (context) => {
    const { root, set } = await speechSet();
    const disk = join(root, 'disk');
    await fs.mkdir(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    if (mounted.status !== 0) return context.skip('a small disk can be mounted by root on Linux only');
    try {
      await fs.writeFile(join(set, 'yes', 'large.wav'), new Uint8Array(100_000));
      const large = [
        clip(set, 'yes/plain.wav', { label: 'yes' }),
        clip(set, 'yes/large.wav', { label: 'yes' }),
      ];
      const wide = Array.from({ length: 50 }, (_, n) =>
        clip(set, `${n}.wav`, { transcript: 'x'.repeat(10_000) }),
      );
      const full = { code: 'export/disk-full', message: expect.stringContaining('is full') };
      await expect(run('speech-commands', join(disk, 'out'), large)).rejects.toMatchObject(full);
      await expect(run('jsonl', join(disk, 'out'), wide, { audio: 'none' })).rejects.toMatchObject(full);
      expect(await fs.readdir(disk)).toEqual([]);
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});

describe('export as a table', () => {
  const hard = '=HYPERLINK("http://x";"a, b")\nline two';

  it('neutralises formulas in CSV and keeps them exact in JSON lines', async () => {
    const { set, root } = await speechSet();
    const clips = [
      clip(set, 'yes/plain.wav', {
        label: '+1',
        transcript: hard,
        note: '-3.5',
        durationSec: 1.23456789,
        extra: { votes: '@SUM(A1)', label: 'clash' },
      }),
    ];
    await run('table', join(root, 'csv'), clips);
    const csv = await openTable(join(root, 'csv', 'clips.csv'));
    const [row] = await firstRows(csv, 1);
    const cell = (name: string) => row?.values[csv.columns.indexOf(name)];
    expect(cell('path')).toBe('yes/plain.wav');
    expect(cell('label')).toBe('+1');
    expect(cell('transcript')).toBe(`'${hard}`);
    expect(cell('note')).toBe('-3.5');
    expect(cell('votes')).toBe("'@SUM(A1)");
    expect(cell('extra_label')).toBe('clash');
    expect(cell('duration_sec')).toBe('1.234568');
    await run('jsonl', join(root, 'lines.jsonl'), clips, { audio: 'none' });
    const line = JSON.parse(await fs.readFile(join(root, 'lines.jsonl'), 'utf8'));
    expect(line).toMatchObject({
      path: 'yes/plain.wav',
      label: '+1',
      transcript: hard,
      votes: '@SUM(A1)',
      extra_label: 'clash',
    });
    expect((await fs.readdir(root)).sort()).toEqual(['csv', 'lines.jsonl', 'set']);
  });

  it('gives every cell back when one apostrophe is taken away, and no cell begins like a formula', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("'", '=', '-', '+', '@', '1', 'a', '\t', '＝') }),
        (text) => {
          const cell = neutralised(text);
          expect(/^[=+@\t＝]/.test(cell) && !/^[+-]?\d/.test(cell)).toBe(false);
          expect(cell === text || cell === `'${text}`).toBe(true);
        },
      ),
    );
    const cells = ['=1', "'=1", "''=1", "'x", '-', '-1'];
    expect(new Set(cells.map(neutralised)).size).toBe(cells.length);
  });

  it('with its audio can be imported again, names included', async () => {
    const { set, root } = await speechSet();
    const clips = [
      clip(set, 'yes/plain.wav', {
        label: 'سلام',
        transcript: ' "so, " ',
        split: 'test',
        speaker: 'anna',
        extra: { take: '1' },
      }),
      clip(set, 'no/plain.wav', { label: 'no', split: 'holdout' }),
    ];
    for (const [format, file] of [
      ['table', 'clips.csv'],
      ['jsonl', 'clips.jsonl'],
    ] as const) {
      const out = join(root, format);
      await run(format, out, clips);
      const again = await readAll(join(out, file), 'table');
      expect(again.failures).toEqual([]);
      expect(again.clips).toMatchObject([
        {
          path: 'yes/plain.wav',
          label: 'سلام',
          transcript: ' "so, " ',
          split: 'test',
          speaker: 'anna',
          extra: { take: '1' },
        },
        { path: 'no/plain.wav', label: 'no', transcript: null, split: 'holdout' },
      ]);
    }
  });

  it('in one file takes no audio with it, and says so', async () => {
    const { clips, root } = await speechSet();
    await expect(run('table', join(root, 'a.csv'), clips)).rejects.toMatchObject({ code: 'export/out' });
    await run('table', join(root, 'a.csv'), clips, { audio: 'none' });
    await expect(run('table', join(root, 'a.csv'), clips, { audio: 'none' })).rejects.toMatchObject({
      code: 'export/exists',
    });
    await run('table', join(root, 'a.csv'), clips.slice(0, 1), { audio: 'none', overwrite: true });
    expect((await fs.readFile(join(root, 'a.csv'), 'utf8')).trim().split('\n')).toHaveLength(2);
  });
});

describe('export as a NeMo manifest', () => {
  it('has relative paths beside its audio and absolute ones without, no blank lines', async () => {
    const { set, root } = await speechSet();
    const clips = [
      clip(set, 'yes/plain.wav', {
        label: 'yes',
        speaker: 'anna',
        locale: 'fa',
        split: 'train',
        durationSec: 0.5,
      }),
      clip(set, 'no/plain.wav', { transcript: 'دو', durationSec: 2 }),
      clip(set, '_background_noise_/hum.wav', { kind: 'noise' }),
    ];
    await run('nemo', join(root, 'nemo'), clips);
    const lines = (await fs.readFile(join(root, 'nemo', 'manifest.jsonl'), 'utf8')).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        audio_filepath: 'yes/plain.wav',
        duration: 0.5,
        text: 'yes',
        label: 'yes',
        speaker: 'anna',
        split: 'train',
        lang: 'fa',
      },
      { audio_filepath: 'no/plain.wav', duration: 2, text: 'دو' },
    ]);
    await run('nemo', join(root, 'm.jsonl'), clips.slice(0, 1), { audio: 'none' });
    expect(JSON.parse(await fs.readFile(join(root, 'm.jsonl'), 'utf8'))).toMatchObject({
      audio_filepath: join(set, 'yes/plain.wav'),
    });
  });
});

describe('export of the decision record', () => {
  it('has every event, exact as JSON lines and safe as CSV', async () => {
    const root = await fileTree({});
    const event: DecisionEvent = {
      id: '01J0000000000000000000000A',
      clipId: 7,
      clip: 'yes/a.wav',
      field: 'label',
      subject: null,
      from: 'yes',
      to: '=no()',
      by: 'Anna, "A."',
      at: '2026-01-02T03:04:05.000Z',
      reason: null,
      batch: 'b1',
      undoes: null,
      finding: '=no()',
    };
    await run('decisions', join(root, 'record'), [], { decisions: [event] });
    expect(await listing(join(root, 'record'))).toEqual(['decisions.csv', 'decisions.jsonl']);
    expect(JSON.parse(await fs.readFile(join(root, 'record', 'decisions.jsonl'), 'utf8'))).toEqual({
      ...event,
      clipId: null,
    });
    const table = await openTable(join(root, 'record', 'decisions.csv'));
    expect((await firstRows(table, 2)).map(({ values }) => values)).toEqual([
      [event.id, 'yes/a.wav', 'label', '', 'yes', "'=no()", 'Anna, "A."', event.at, '', 'b1', '', "'=no()"],
    ]);
    await run('decisions', join(root, 'only.csv'), [], { decisions: [event] });
    expect((await fs.readdir(root)).sort()).toEqual(['only.csv', 'record']);
  });
});
