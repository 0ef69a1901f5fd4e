// Holds the sample dataset to what its README promises: layout, size, planted mistakes, lists and predictions.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';

const root = import.meta.dirname;
type Row = Record<string, string>;

function table(name: string): Row[] {
  return parse<Row>(readFileSync(join(root, name), 'utf8'), { columns: true });
}

function lines(name: string): string[] {
  return readFileSync(join(root, name), 'utf8').trimEnd().split('\n');
}

function cell(row: Row, column: string): string {
  const value = row[column];
  if (value === undefined) throw new Error(`${row.path ?? 'a row'} has no column ${column}`);
  return value;
}

/** MD5 of the decoded samples as a FLAC file's header (STREAMINFO) records it, or of a 44-byte-header WAV's data. */
function sampleDigest(path: string): string {
  const bytes = readFileSync(join(root, path));
  if (path.endsWith('.wav')) return createHash('md5').update(bytes.subarray(44)).digest('hex');
  return bytes.subarray(8 + 18, 8 + 34).toString('hex');
}

/** Split by file name as Speech Commands computes it (10 % validation, 10 % testing). */
function whichSet(path: string): string {
  const base = path.replace(/^.*\//, '').replace(/_nohash_.*$/, '');
  const digest = createHash('sha1').update(base).digest('hex');
  const share = (Number.parseInt(digest.slice(-7), 16) & 0x7ffffff) * (100 / (2 ** 27 - 1));
  if (share < 10) return 'validation';
  return share < 20 ? 'test' : 'train';
}

const clips = table('clips.csv');
const truth = table('truth.csv');
const words = clips.filter((row) => row.label !== '');
const sentences = clips.filter((row) => row.label === '');
const byPath = new Map(clips.map((row) => [cell(row, 'path'), row]));
const plantedAs = (kind: string) => truth.filter((row) => row.kind === kind);

describe('the sample dataset', () => {
  it('has at least 12 words from 24 speakers twice, and sentences by three annotators', () => {
    expect(new Set(words.map((row) => row.label)).size).toBe(12);
    expect(new Set(words.map((row) => row.speaker)).size).toBe(24);
    expect(words.length).toBeGreaterThanOrEqual(12 * 24 * 2);
    expect(sentences).toHaveLength(60);
    expect(new Set(sentences.map((row) => row.source))).toEqual(new Set(['ava', 'ben', 'chi']));
    expect(sentences.every((row) => cell(row, 'transcript').trim() !== '')).toBe(true);
  });

  it('takes no more than 12 MB with everything that belongs to it', () => {
    let bytes = 0;
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
    }
    expect(bytes).toBeLessThanOrEqual(12_000_000);
  });

  it('has a table row for each audio file except background noise, and a file for each row', () => {
    const files = readdirSync(root, { recursive: true })
      .map((name) => name.toString().replaceAll('\\', '/'))
      .filter((name) => /\.(flac|wav)$/.test(name) && !name.startsWith('_background_noise_/'));
    expect(new Set(files)).toEqual(new Set(byPath.keys()));
    expect(clips).toHaveLength(byPath.size);
    expect(readdirSync(join(root, '_background_noise_'))).toHaveLength(2);
  });

  it('is 16 kHz mono throughout', () => {
    for (const path of byPath.keys()) {
      if (!path.endsWith('.flac')) continue;
      const bytes = readFileSync(join(root, path));
      expect(bytes.toString('latin1', 0, 4), path).toBe('fLaC');
      // STREAMINFO: 20 bits sample rate, 3 bits channels - 1.
      expect(bytes.readUIntBE(18, 3) >> 4, path).toBe(16000);
      expect((bytes.readUInt8(20) >> 1) & 7, path).toBe(0);
    }
  });

  it('is laid out as Speech Commands: the folder is the label and the name holds the speaker', () => {
    for (const row of words) {
      const path = cell(row, 'path');
      expect(path).toMatch(/^[a-z]+\/[0-9a-f]{8}_nohash_\d+\.(flac|wav)$/);
      expect(path.split('/')[0]).toBe(row.label);
      expect(path.split('/')[1]?.slice(0, 8)).toBe(row.speaker);
    }
  });

  it('has split lists that agree with the table', () => {
    for (const [list, split] of [
      ['validation_list.txt', 'validation'],
      ['testing_list.txt', 'test'],
    ] as const) {
      const expected = words.filter((row) => row.split === split).map((row) => cell(row, 'path'));
      expect(new Set(lines(list))).toEqual(new Set(expected));
      expect(expected.length).toBeGreaterThan(50);
    }
  });

  it('splits by the hash of the speaker, except for the planted speaker in two splits', () => {
    const leaked = new Set(plantedAs('speaker-in-two-splits').map((row) => row.path));
    const speakers = new Set<string>();
    for (const row of words) {
      const agrees = whichSet(cell(row, 'path')) === row.split;
      expect(agrees, row.path).toBe(!leaked.has(row.path));
      if (!agrees) speakers.add(cell(row, 'speaker'));
    }
    expect(speakers.size).toBe(1);
  });
});

describe('the truth file', () => {
  it.each([
    ['label-issue', 20],
    ['silent', 4],
    ['clipped', 4],
    ['cut-edge', 4],
    ['too-quiet', 4],
    ['too-short', 3],
    ['too-long', 1],
    ['dc-offset', 3],
    ['low-bandwidth', 3],
    ['low-snr', 3],
    ['two-words', 2],
    ['duplicate', 4],
    ['near-duplicate', 3],
    ['duplicate-conflict', 3],
    ['speaker-in-two-splits', 6],
    ['unreadable', 1],
    ['transcript-convention', 50],
    ['wrong-transcript', 2],
  ])('names planted mistakes of the kind %s', (kind, atLeast) => {
    expect(plantedAs(kind).length).toBeGreaterThanOrEqual(atLeast);
  });

  it('speaks of clips that exist, each with a sentence', () => {
    for (const row of truth) {
      expect(byPath.has(cell(row, 'path')), row.path).toBe(true);
      expect(row.detail).not.toBe('');
      if (row.other_path !== '') expect(existsSync(join(root, cell(row, 'other_path')))).toBe(true);
    }
  });

  it('mislabels about 4 % of the word clips and says which word is heard', () => {
    const mislabelled = plantedAs('label-issue');
    expect(mislabelled.length / words.length).toBeGreaterThan(0.03);
    expect(mislabelled.length / words.length).toBeLessThan(0.05);
    for (const row of mislabelled) {
      const label = byPath.get(cell(row, 'path'))?.label;
      expect(words.some((word) => word.label === row.true_label)).toBe(true);
      expect(row.true_label).not.toBe(label);
    }
  });

  it('has every duplicate of samples, also across containers, and no other', () => {
    const unreadable = new Set(plantedAs('unreadable').map((row) => row.path));
    const groups = Map.groupBy(
      [...byPath.keys()].filter((path) => !unreadable.has(path)),
      sampleDigest,
    );
    const found = [...groups.values()].filter((paths) => paths.length > 1);
    const planted = [...plantedAs('duplicate'), ...plantedAs('duplicate-conflict')].map((row) =>
      [cell(row, 'path'), cell(row, 'other_path')].sort(),
    );
    expect(new Set(found.map((paths) => paths.sort().join(' ')))).toEqual(
      new Set(planted.map((paths) => paths.join(' '))),
    );
    expect(planted.some((paths) => paths.some((path) => path.endsWith('.wav')))).toBe(true);
    for (const row of plantedAs('duplicate-conflict')) {
      expect(byPath.get(cell(row, 'path'))?.label).not.toBe(byPath.get(cell(row, 'other_path'))?.label);
    }
  });

  it('has prompts that were written down in more than one way', () => {
    const ways = Map.groupBy(sentences, (row) => cell(row, 'prompt'));
    expect(ways.size).toBe(20);
    for (const rows of ways.values()) {
      expect(new Set(rows.map((row) => row.source)).size).toBe(3);
      expect(new Set(rows.map((row) => row.transcript)).size).toBeGreaterThan(1);
    }
  });
});

describe.each(['mfcc-logreg', 'mfcc-mlp'])('the predictions of %s', (model) => {
  const rows = table(`predictions/${model}.csv`);
  const labels = [...new Set(words.map((row) => cell(row, 'label')))];

  it('cover every labelled clip that can be read, once', () => {
    const unreadable = new Set(plantedAs('unreadable').map((row) => row.path));
    const readable = words.map((row) => cell(row, 'path')).filter((path) => !unreadable.has(path));
    expect(rows.map((row) => cell(row, 'path')).sort()).toEqual(readable.sort());
  });

  it('have probabilities that sum to 1 and a confidence that belongs to the predicted label', () => {
    for (const row of rows) {
      const shares = labels.map((label) => Number(cell(row, `p_${label}`)));
      expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
      expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThan(1e-3);
      expect(Number(row.confidence)).toBe(Math.max(...shares));
      expect(row.confidence).toBe(row[`p_${cell(row, 'predicted')}`]);
      expect(Number(row.latency_ms)).toBeGreaterThan(0);
    }
  });

  it('are good but not perfect, and rank most wrong labels among the 5 % least believed', () => {
    const given = (row: Row) => cell(byPath.get(cell(row, 'path')) ?? {}, 'label');
    const accuracy = rows.filter((row) => row.predicted === given(row)).length / rows.length;
    expect(accuracy).toBeGreaterThan(0.8);
    expect(accuracy).toBeLessThan(0.95);
    const doubted = [...rows]
      .sort((a, b) => Number(a[`p_${given(a)}`]) - Number(b[`p_${given(b)}`]))
      .slice(0, Math.round(rows.length * 0.05));
    const wrong = new Set(
      [...plantedAs('label-issue'), ...plantedAs('duplicate-conflict')].map((row) => cell(row, 'path')),
    );
    const found = doubted.filter((row) => wrong.has(cell(row, 'path'))).length;
    expect(found / wrong.size).toBeGreaterThan(0.6);
  });
});
