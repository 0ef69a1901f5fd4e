import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedPath } from '../testing/shared-data.ts';
import { statusFromVotes } from './common-voice.ts';
import { countBy, fileTree, readAll } from './file-tree.test-util.ts';
import { previewDataset } from './preview.ts';
import { detectFormat, rootOf, suggestPattern } from './registry.ts';

describe.skipIf(!hasShared)('real datasets', () => {
  it('Free Spoken Digits: 3,000 clips, 10 labels, 6 speakers by file name', async () => {
    const fsdd = sharedPath('data', 'fsdd');
    expect((await detectFormat(fsdd))[0]?.format).toBe('pattern');
    const pattern = await suggestPattern(fsdd);
    expect(pattern).toBe('{label}_{speaker}_{take}.wav');
    const { clips, failures } = await readAll(fsdd, 'pattern', { pattern: pattern ?? '' });
    expect(failures).toEqual([]);
    expect(clips).toHaveLength(3000);
    expect(Object.values(countBy(clips, (clip) => clip.label))).toEqual(new Array(10).fill(300));
    expect(Object.keys(countBy(clips, (clip) => clip.speaker)).sort()).toEqual([
      'george',
      'jackson',
      'lucas',
      'nicolas',
      'theo',
      'yweweler',
    ]);
    expect(clips[0]).toMatchObject({ path: 'recordings/0_george_0.wav', extra: { take: '0' }, split: null });
    expect(clips.map((clip) => clip.path)).toEqual(clips.map((clip) => clip.path).sort());
  });

  it('Arabic commands: 1,200 clips of 20 words in a folder per label, and the same from its table', async () => {
    const arabic = sharedPath('data', 'arabic-commands');
    expect((await detectFormat(arabic))[0]?.format).toBe('folder');
    const { clips, failures } = await readAll(arabic, 'folder');
    expect(failures).toEqual([]);
    expect(clips).toHaveLength(1200);
    expect(Object.values(countBy(clips, (clip) => clip.label))).toEqual(new Array(20).fill(60));
    for (const source of [arabic, join(arabic, 'clips.csv')]) {
      const table = await readAll(source, 'table');
      const labelOf = new Map(table.clips.map((clip) => [clip.path, clip.label]));
      expect(new Map(clips.map((clip) => [clip.path, clip.label]))).toEqual(labelOf);
    }
  });

  it('Common Voice: 315 clips in their buckets, without splits, with literal text', async () => {
    const persian = sharedPath('data', 'common-voice-fa');
    expect((await detectFormat(persian))[0]).toMatchObject({ format: 'common-voice' });
    const { clips, failures } = await readAll(persian, 'common-voice');
    expect(failures).toEqual([]);
    expect(countBy(clips, (clip) => clip.extra.status ?? null)).toEqual({
      validated: 83,
      invalidated: 3,
      other: 229,
    });
    expect(countBy(clips, (clip) => clip.extra.status_by_votes ?? null)).toEqual({ null: 315 });
    expect(countBy(clips, (clip) => clip.split)).toEqual({ null: 315 });
    expect(countBy(clips, (clip) => clip.locale)).toEqual({ fa: 315 });
    expect(clips.every((clip) => clip.path.startsWith('clips/') && clip.label === null)).toBe(true);
    expect(clips.find((clip) => clip.path.includes('36611609'))).toMatchObject({
      transcript: 'مروج ساختن',
      gender: 'male',
      age: 'thirties',
      extra: { up_votes: '2', down_votes: '0' },
    });
  });
});

const HASHED = 'a40c62f1_nohash_0.wav';

describe('Speech Commands', () => {
  const files = {
    'yes/00000007_nohash_0.wav': 'x',
    'yes/00000002_nohash_1.wav': 'x',
    [`No Go/${HASHED}`]: 'x',
    '_background_noise_/pink noise.wav': 'x',
    'README.md': 'x',
  };

  it('takes splits from the list files, speakers from names, noise as no class', async () => {
    const root = await fileTree({
      ...files,
      'validation_list.txt': `No Go/${HASHED}\r\n`,
      'testing_list.txt': 'yes/00000007_nohash_0.wav\nyes/gone.wav\nNo Go/a40c62f1_nohash_0.wav\n',
    });
    expect((await detectFormat(root))[0]).toMatchObject({ format: 'speech-commands', confidence: 0.97 });
    const { clips, failures } = await readAll(root, 'speech-commands');
    expect(clips.map(({ path, kind, label, split, speaker }) => [path, kind, label, split, speaker])).toEqual(
      [
        [`No Go/${HASHED}`, 'speech', 'No Go', 'validation', 'a40c62f1'],
        ['_background_noise_/pink noise.wav', 'noise', null, null, null],
        ['yes/00000002_nohash_1.wav', 'speech', 'yes', 'train', '00000002'],
        ['yes/00000007_nohash_0.wav', 'speech', 'yes', 'test', '00000007'],
      ],
    );
    expect(failures).toMatchObject([
      { file: 'testing_list.txt', line: 3, code: 'split/two' },
      { file: 'yes/gone.wav', line: 2, code: 'path/missing' },
    ]);
  });

  it('takes splits from the hash of names where there are no lists', async () => {
    const { clips } = await readAll(await fileTree(files), 'speech-commands');
    expect(Object.fromEntries(clips.map(({ path, split }) => [path, split]))).toEqual({
      [`No Go/${HASHED}`]: 'train',
      '_background_noise_/pink noise.wav': null,
      'yes/00000002_nohash_1.wav': 'test',
      'yes/00000007_nohash_0.wav': 'validation',
    });
  });

  it('is found inside a folder that wraps it', async () => {
    const wrapped = Object.fromEntries(
      Object.entries(files).map(([path, content]) => [`set/v2/${path}`, content]),
    );
    const root = await fileTree({ ...wrapped, 'set/v2/testing_list.txt': 'yes/00000007_nohash_0.wav\n' });
    const { clips } = await readAll(root, 'speech-commands');
    expect(clips.map(({ label, split }) => [label, split])).toEqual([
      ['No Go', 'train'],
      [null, null],
      ['yes', 'train'],
      ['yes', 'test'],
    ]);
  });
});

describe('Common Voice', () => {
  const header = 'client_id\tpath\tsentence\tup_votes\tdown_votes\tage\tgender\taccents\tlocale\tsegment';
  const row = (path: string, sentence: string, up: number, down: number, segment = '') =>
    `spk\t${path}\t${sentence}\t${up}\t${down}\ttwenties\tfemale\tTehrani\tfa\t${segment}`;

  it('puts votes into buckets by the published rule', () => {
    const table = [
      [0, 0, 'other'],
      [1, 0, 'other'],
      [0, 1, 'other'],
      [1, 1, 'other'],
      [2, 0, 'validated'],
      [2, 1, 'validated'],
      [0, 2, 'invalidated'],
      [1, 2, 'invalidated'],
      [2, 2, 'invalidated'],
    ] as const;
    for (const [up, down, status] of table) expect(statusFromVotes(up, down)).toBe(status);
  });

  it('reads quotes literally, columns in any order, and splits before buckets', async () => {
    const reordered = 'path\tsentence\tclient_id\tup_votes\tdown_votes\tlocale';
    const root = await fileTree({
      'cv/fa/validated.tsv': `\ufeff${header}\r\n${row('a.mp3', '"Yes, he said', 2, 0)}\r\n${row('b.mp3', 'say "no"', 0, 3)}\r\n`,
      'cv/fa/other.tsv': `${header}\n${row('c.mp3', '"', 1, 1)}\n`,
      'cv/fa/invalidated.tsv': '',
      'cv/fa/dev.tsv': `${reordered}\na.mp3\t"Yes, he said\tspk\t2\t0\tfa\nd.mp3\tonly here\tspk\t0\t2\tfa\n`,
      'cv/fa/clips/a.mp3': 'x',
      'cv/fa/clips/b.mp3': 'x',
      'cv/fa/clips/c.wav': 'x',
      'cv/fa/clips/d.mp3': 'x',
    });
    const { clips, failures } = await readAll(root, 'common-voice');
    expect(failures).toEqual([]);
    expect(
      clips.map(({ path, transcript, split, extra }) => [path, transcript, split, extra.status]),
    ).toEqual([
      ['cv/fa/clips/a.mp3', '"Yes, he said', 'validation', 'validated'],
      ['cv/fa/clips/b.mp3', 'say "no"', 'other', 'validated'],
      ['cv/fa/clips/c.wav', '"', 'other', 'other'],
      ['cv/fa/clips/d.mp3', 'only here', 'validation', 'invalidated'],
    ]);
    expect(clips[1]?.extra.status_by_votes).toBe('invalidated');
    expect(clips[0]).toMatchObject({ speaker: 'spk', accent: 'Tehrani', gender: 'female', locale: 'fa' });
  });

  it('takes clips of the single-word segment as keywords', async () => {
    const root = await fileTree({
      'validated.tsv': `${header}\n${row('a.mp3', 'hey', 2, 0, 'Singleword Benchmark')}\n`,
      'clips/a.mp3': 'x',
    });
    const { clips } = await readAll(root, 'common-voice');
    expect(clips).toMatchObject([{ label: 'hey', transcript: 'hey' }]);
  });

  it('keeps going after rows that are short, lead out, or name a missing clip', async () => {
    const root = await fileTree({
      'other.tsv': `${header}\nspk\ta.mp3\n${row('../../../etc/passwd', 'x', 0, 0)}\n${row('none.mp3', 'x', 0, 0)}\n${row('a.mp3', 'ok', 0, 0)}\n${row('a.mp3', 'again', 0, 0)}\n`,
      'clips/a.mp3': 'x',
    });
    const { clips, failures } = await readAll(root, 'common-voice');
    expect(clips.map((clip) => clip.transcript)).toEqual(['ok']);
    expect(failures.map(({ line, code }) => [line, code])).toEqual([
      [2, 'table/fields'],
      [3, 'path/outside'],
      [4, 'path/missing'],
      [6, 'table/duplicate'],
    ]);
  });

  it('without its columns is refused by naming those that are missing', async () => {
    const root = await fileTree({ 'validated.tsv': 'client_id\tpath\tup_votes\nspk\ta.mp3\t2\n' });
    await expect(readAll(root, 'common-voice')).rejects.toMatchObject({
      code: 'table/columns',
      details: { missing: ['sentence'] },
    });
  });
});

describe('a folder per label', () => {
  const long = 'n'.repeat(246);
  const names = ['turn on', '"quoted" \'x\'', 'سلام دنیا', 'ok 😀', 'a,b;c', 'ends with dot.'];

  it('keeps every name as it is: quotes, blanks, right-to-left text, emoji, 250 characters', async () => {
    const files = Object.fromEntries(
      names.flatMap((name) => [`${name}/${name} 1.wav`, `${name}/${long}.wav`].map((path) => [path, 'x'])),
    );
    const { clips, failures } = await readAll(await fileTree(files), 'folder');
    expect(failures).toEqual([]);
    expect(clips.map((clip) => clip.path).sort()).toEqual(Object.keys(files).sort());
    expect(countBy(clips, (clip) => clip.label)).toEqual(Object.fromEntries(names.map((name) => [name, 2])));
  });

  it('enters a folder that wraps all, keeps deeper folders, and knows folders of splits', async () => {
    const root = await fileTree({
      'set/yes/anna/1.wav': 'x',
      'set/yes/2.flac': 'x',
      'set/no/3.ogg': 'x',
      'set/_background_noise_/n.wav': 'x',
      'set/.hidden/4.wav': 'x',
      'set/__MACOSX/yes/._1.wav': 'x',
    });
    const { clips } = await readAll(root, 'folder');
    expect(clips.map(({ path, label, kind, extra }) => [path, label, kind, extra])).toEqual([
      ['set/_background_noise_/n.wav', null, 'noise', {}],
      ['set/no/3.ogg', 'no', 'speech', {}],
      ['set/yes/2.flac', 'yes', 'speech', {}],
      ['set/yes/anna/1.wav', 'yes', 'speech', { folder: 'anna' }],
    ]);
    const split = await fileTree({
      'train/yes/1.wav': 'x',
      'train/no/2.wav': 'x',
      'test/yes/3.wav': 'x',
      'dev/no/4.wav': 'x',
    });
    expect((await readAll(split, 'folder')).clips.map(({ label, split }) => [label, split])).toEqual([
      ['no', 'validation'],
      ['yes', 'test'],
      ['no', 'train'],
      ['yes', 'train'],
    ]);
  });

  it('may have no labels at all', async () => {
    const { clips } = await readAll(
      await fileTree({ 'a.wav': 'x', 'b.mp3': 'x', 'notes.txt': 'x' }),
      'folder',
    );
    expect(clips.map(({ path, label }) => [path, label])).toEqual([
      ['a.wav', null],
      ['b.mp3', null],
    ]);
  });

  it('does not follow links out of the folder, and names audio of kinds it does not read', async () => {
    const root = await fileTree({
      'set/yes/a.wav': 'x',
      'set/no/b.m4a': 'x',
      'else/c.wav': 'x',
      'set/no/d.wav': 'x',
    });
    await fs.symlink(join(root, 'else'), join(root, 'set', 'else'));
    await fs.symlink(join(root, 'else', 'c.wav'), join(root, 'set', 'no', 'c.wav'));
    const { clips, failures } = await readAll(join(root, 'set'), 'folder');
    expect(clips.map((clip) => clip.path)).toEqual(['no/d.wav', 'yes/a.wav']);
    expect(failures.map(({ file, code }) => [file, code])).toEqual([
      ['else', 'path/outside'],
      ['no/b.m4a', 'audio/unsupported'],
      ['no/c.wav', 'path/outside'],
    ]);
  });
});

describe('tables', () => {
  const audio = { 'clips/a.wav': 'x', 'clips/b c.wav': 'x', 'clips/سلام 😀.wav': 'x' };

  it('are read by mapping; other columns are kept as extra fields', async () => {
    const root = await fileTree({
      ...audio,
      'clips.csv': 'file,class,raw,SET,votes\nclips/a.wav, yes , Yes! ,DEV,3\nclips/b c.wav,no,,holdout,\n',
    });
    const { clips } = await readAll(join(root, 'clips.csv'), 'table', { mapping: { transcript: 'raw' } });
    expect(clips).toMatchObject([
      { path: 'clips/a.wav', label: 'yes', transcript: ' Yes! ', split: 'validation', extra: { votes: '3' } },
      { path: 'clips/b c.wav', label: 'no', transcript: null, split: 'holdout', extra: {} },
    ]);
  });

  it('in NeMo form, in UTF-16 with CRLF, and with a mark are all the same clips', async () => {
    const csv = 'path,text\nclips/a.wav,one\nclips/سلام 😀.wav,دو\n';
    const root = await fileTree({
      ...audio,
      'nemo.jsonl':
        '{"audio_filepath":"clips/a.wav","text":"one","duration":1.0}\n{"audio_filepath":"clips/سلام 😀.wav","text":"دو","duration":2}\n',
      'mark.csv': `\ufeff${csv}`,
      'utf16.csv': Buffer.from(`\ufeff${csv.replaceAll('\n', '\r\n')}`, 'utf16le'),
    });
    for (const name of ['nemo.jsonl', 'mark.csv', 'utf16.csv']) {
      const { clips, failures } = await readAll(join(root, name), 'table');
      expect(failures).toEqual([]);
      expect(
        clips.map(({ path, transcript }) => [path, transcript]),
        name,
      ).toEqual([
        ['clips/a.wav', 'one'],
        ['clips/سلام 😀.wav', 'دو'],
      ]);
    }
  });

  it('keep going after bad rows, each named by line', async () => {
    const root = await fileTree({
      ...audio,
      'clips.csv':
        'path,label,offset\nclips/a.wav,yes\n../../etc/passwd,yes,\n/etc/passwd,yes,\nclips/none.wav,yes,\nclips/a.wav,yes,0\nclips/a.wav,no,0\nclips/b c.wav,no,1.5\n,x,\n',
    });
    const { clips, failures } = await readAll(root, 'table');
    expect(clips.map(({ path, label }) => [path, label])).toEqual([['clips/a.wav', 'yes']]);
    expect(failures.map(({ file, line, code }) => [file, line, code])).toEqual([
      ['clips.csv', 2, 'table/fields'],
      ['clips.csv', 3, 'path/outside'],
      ['clips.csv', 4, 'path/outside'],
      ['clips.csv', 5, 'path/missing'],
      ['clips.csv', 7, 'table/duplicate'],
      ['clips.csv', 8, 'table/segment'],
      ['clips.csv', 9, 'path/missing'],
    ]);
  });

  it('without a usable column are refused with the columns they have', async () => {
    const root = await fileTree({ 'a.csv': 'word,count\nyes,3\n', 'yes/a.wav': 'x' });
    await expect(readAll(join(root, 'a.csv'), 'table')).rejects.toMatchObject({
      code: 'table/columns',
      details: { columns: ['word', 'count'] },
    });
    await expect(readAll(join(root, 'a.csv'), 'table', { mapping: { path: 'nope' } })).rejects.toMatchObject({
      message: expect.stringContaining('no column "nope" for path'),
    });
    const preview = await previewDataset(join(root, 'a.csv'), 'table', {});
    expect(preview).toMatchObject({
      rows: [],
      columns: ['word', 'count'],
      problems: [{ code: 'table/columns' }],
    });
  });

  it('of several splits in one folder are read together', async () => {
    const root = await fileTree({
      ...audio,
      'train.csv': 'path,label\na.wav,yes\n',
      'test_manifest.jsonl': '{"path":"b c.wav","label":"no"}\n',
      'notes.csv': 'a,b\n1,2\n',
    });
    const { clips } = await readAll(root, 'table');
    expect(clips.map(({ path, label, split }) => [path, label, split])).toEqual([
      ['clips/b c.wav', 'no', 'test'],
      ['clips/a.wav', 'yes', 'train'],
    ]);
  });

  it('with absolute paths elsewhere take the folder those files share as root', async () => {
    const root = await fileTree({
      'audio/x/a.wav': 'x',
      'audio/x/b.wav': 'x',
      'audio/y/c.wav': 'x',
      'lists/': '',
    });
    const line = (path: string) =>
      `${JSON.stringify({ audio_filepath: join(root, 'audio', path), text: 't' })}\n`;
    const manifest = join(root, 'lists', 'm.jsonl');
    await fs.writeFile(manifest, ['x/a.wav', 'x/b.wav', 'y/c.wav'].map(line).join(''));
    expect(await rootOf(manifest, 'table')).toBe(join(root, 'audio'));
    expect((await readAll(manifest, 'table')).clips.map((clip) => clip.path)).toEqual([
      'x/a.wav',
      'x/b.wav',
      'y/c.wav',
    ]);
  });
});

describe('sources with nothing in them', () => {
  it('are named for what they are', async () => {
    const empty = await fileTree({});
    const noAudio = await fileTree({ 'a.txt': 'x', 'sub/b.pdf': 'x' });
    const rowless = join(await fileTree({ 'a.csv': 'path,label\n' }), 'a.csv');
    const message = async (path: string, format: 'folder' | 'table') =>
      readAll(path, format).then(
        () => 'no error',
        (error: Error) => error.message,
      );
    expect(await message(empty, 'folder')).toMatch(/is empty/);
    expect(await message(noAudio, 'folder')).toMatch(/holds no recordings .* such as a\.txt/);
    expect(await message(rowless, 'table')).toMatch(/has a header and no rows/);
    expect(await detectFormat(empty)).toEqual([]);
    await expect(previewDataset(empty, 'folder', {})).rejects.toMatchObject({ code: 'import/empty' });
    await expect(detectFormat(join(empty, 'none'))).rejects.toMatchObject({ code: 'import/not-found' });
    const file = join(await fileTree({ 'a.wav': 'x' }), 'a.wav');
    await expect(detectFormat(file)).rejects.toMatchObject({ code: 'import/not-a-dataset' });
  });

  it('stop when asked to', async () => {
    const root = await fileTree({ 'yes/a.wav': 'x', 'no/b.wav': 'x' });
    const signal = AbortSignal.abort();
    await expect(previewDataset(root, 'folder', {}, 50, signal)).rejects.toMatchObject({
      code: 'job/cancelled',
    });
  });
});

describe('the preview', () => {
  it('shows what fits a pattern and what does not', async () => {
    const root = await fileTree({ 'yes_anna_1.wav': 'x', 'no_ben_2.wav': 'x', 'stray.wav': 'x' });
    const preview = await previewDataset(root, 'pattern', { pattern: '{label}_{speaker}_{take}' }, 1);
    expect(preview).toMatchObject({
      clips: 2,
      labels: 2,
      speakers: 2,
      unmatched: 1,
      total: 3,
      isComplete: true,
    });
    expect(preview.rows).toHaveLength(1);
    expect(preview.unmatchedExamples).toEqual(['stray.wav']);
    await expect(previewDataset(root, 'pattern', { pattern: '{label' })).rejects.toMatchObject({
      code: 'pattern/invalid',
      details: { position: 0 },
    });
  });
});
