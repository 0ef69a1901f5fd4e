import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedPath } from '../../testing/shared-data.ts';
import { fileTree } from '../file-tree.test-util.ts';
import { encodeNpy } from '../npy.ts';
import { matchClips } from './match.ts';
import { type PredictionOptions, readPredictions } from './read.ts';

async function read(name: string, content: string | Uint8Array, options: PredictionOptions = {}) {
  return readPredictions({ source: join(await fileTree({ [name]: content }), name) }, options);
}

function counts(problems: readonly { code: string; count: number }[]): Record<string, number> {
  return Object.fromEntries(problems.map(({ code, count }) => [code, count]));
}

const CSV = `file,pred_label,confidence,pred_text,latency_ms,speaker
a.wav,yes,0.9,"yes, please",12.5,anna
b.wav,no,,no,,ben
`;

describe('predictions as a table', () => {
  it('are read from CSV, TSV and JSON lines alike', async () => {
    const tsv = CSV.replaceAll('"yes, please"', 'yes; please').replaceAll(',', '\t').replaceAll(';', ',');
    const jsonl =
      '{"audio_filepath":"a.wav","prediction":"yes","confidence":0.9,"hypothesis":"yes, please","latency_ms":12.5}\n' +
      '{"audio_filepath":"b.wav","prediction":"no","hypothesis":"no"}\n';
    for (const set of [await read('p.csv', CSV), await read('p.tsv', tsv), await read('p.jsonl', jsonl)]) {
      expect(set).toMatchObject({ form: 'table', labels: null, probabilities: null, problems: [] });
      expect(set.rows).toMatchObject({
        clips: ['a.wav', 'b.wav'],
        predicted: ['yes', 'no'],
        confidence: [0.9, null],
        hypothesis: ['yes, please', 'no'],
        latencyMs: [12.5, null],
      });
    }
  });

  it('take p_<label> columns as classes, and fill in label and confidence', async () => {
    const set = await read(
      'p.csv',
      'path,p_yes,p_no,p_turn on,duration\na.wav,0.7,0.2,0.1,3\nb.wav,0.1,0.1,0.8,2\n',
    );
    expect(set.labels).toEqual(['yes', 'no', 'turn on']);
    expect(set.rows.predicted).toEqual(['yes', 'turn on']);
    expect(set.rows.confidence.map((value) => value?.toFixed(3))).toEqual(['0.700', '0.800']);
    expect(
      Array.from(set.probabilities ?? [])
        .map((value) => value.toFixed(1))
        .join(' '),
    ).toBe('0.7 0.2 0.1 0.1 0.1 0.8');
  });

  it('take bare labels as classes, but not figures about the clip', async () => {
    const set = await read('p.csv', 'clip,label,0,1,duration,age\na.wav,1,0.25,0.75,1.0,30\n');
    expect(set.labels).toEqual(['0', '1']);
    expect(set.rows.predicted).toEqual(['1']);
    const known = await read('p.csv', 'clip,duration,age\na.wav,0.25,0.75\n', {
      knownLabels: ['age', 'duration'],
    });
    expect(known.labels).toEqual(['duration', 'age']);
  });

  it('report rows with NaN, outside 0 to 1, and not summing to 1, and still bring them in', async () => {
    const rows = ['a,0.5,0.5', 'b,nan,0.5', 'c,,0.5', 'd,1.2,-0.2', 'e,0.6,0.5', 'f,0.4,0.6005', 'g,inf,0'];
    const set = await read('p.csv', `path,p_x,p_y\n${rows.join('\n')}\n`);
    expect(counts(set.problems)).toEqual({
      'predictions/nan': 3,
      'predictions/range': 1,
      'predictions/sum': 1,
    });
    expect(set.rows.clips).toHaveLength(7);
    expect(set.rows.predicted).toEqual(['x', null, null, 'x', 'x', 'y', null]);
    expect(Array.from(set.probabilities?.slice(2, 6) ?? [])).toEqual([NaN, NaN, NaN, NaN]);
    expect(set.problems.find(({ code }) => code === 'predictions/nan')?.examples[0]).toBe('b (line 3)');
  });

  it('that are logits or log-probabilities offer softmax, and take it', async () => {
    const logits = 'path,p_x,p_y\na,4,-2\nb,-1,3\n';
    const raw = await read('p.csv', logits);
    expect(raw.scale).toBe('logits');
    expect(counts(raw.problems)).toEqual({ 'predictions/logits': 2 });
    expect(raw.rows).toMatchObject({ predicted: ['x', 'y'], confidence: [null, null] });
    const soft = await read('p.csv', logits, { softmax: true });
    expect(soft.problems).toEqual([]);
    expect(soft.probabilities?.[0]).toBeCloseTo(1 / (1 + Math.exp(-6)), 6);
    expect(soft.rows.confidence[1]).toBeCloseTo(1 / (1 + Math.exp(-4)), 6);
    const logs = `path,p_x,p_y\na,${Math.log(0.8)},${Math.log(0.2)}\nb,0,-inf\n`;
    expect((await read('p.csv', logs)).scale).toBe('log-probabilities');
    const exact = await read('p.csv', logs, { softmax: true });
    expect(exact.probabilities?.[0]).toBeCloseTo(0.8, 6);
    expect(Array.from(exact.probabilities?.slice(2) ?? [])).toEqual([1, 0]);
  });

  it('keep the first of several rows for a clip, and drop rows that name none', async () => {
    const set = await read('p.csv', 'path,predicted\na.wav,yes\na.wav,no\n,no\nb.wav\nc.wav,no\n');
    expect(set.rows).toMatchObject({ clips: ['a.wav', 'c.wav'], predicted: ['yes', 'no'], lines: [2, 6] });
    expect(counts(set.problems)).toEqual({
      'predictions/duplicate': 1,
      'predictions/no-clip': 1,
      'table/fields': 1,
    });
  });

  it('count a predicted label that is not the most probable, but not a tie', async () => {
    const set = await read('p.csv', 'path,predicted,p_x,p_y\na,x,0.4,0.6\nb,y,0.5,0.5\nc,z,0.4,0.6\n');
    expect(set.rows.predicted).toEqual(['x', 'y', 'z']);
    expect(counts(set.problems)).toEqual({ 'predictions/disagree': 2 });
  });

  it('report confidences and latencies that are no such numbers', async () => {
    const set = await read(
      'p.csv',
      'path,predicted,confidence,latency_ms\na,x,95,fast\nb,x,NaN,-1\nc,x,1,0\n',
    );
    expect(set.rows).toMatchObject({ confidence: [null, null, 1], latencyMs: [null, null, 0] });
    expect(counts(set.problems)).toEqual({ 'predictions/confidence': 2, 'predictions/latency': 2 });
  });

  it('without a clip column, without anything predicted, or without rows are refused', async () => {
    await expect(read('p.csv', 'name,predicted\na,x\n')).rejects.toMatchObject({
      code: 'predictions/columns',
    });
    await expect(read('p.csv', 'path,speaker\na,x\n')).rejects.toMatchObject({ code: 'predictions/columns' });
    await expect(read('p.csv', 'path,predicted\n')).rejects.toMatchObject({ code: 'predictions/empty' });
    await expect(readPredictions({ source: '/nowhere/p.csv' })).rejects.toMatchObject({
      code: 'file/unreadable',
    });
  });

  it('stop at a limit and when asked to', async () => {
    const text = `path,p_x,p_y\n${Array.from({ length: 2000 }, (_, n) => `${n}.wav,0.5,0.5`).join('\n')}`;
    const set = await read('p.csv', text, { limit: 7 });
    expect(set.rows.clips).toHaveLength(7);
    expect(set.probabilities).toHaveLength(14);
    expect((await read('p.csv', text)).probabilities).toHaveLength(4000);
    await expect(read('p.csv', text, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'job/cancelled',
    });
  });
});

describe('predictions as an array', () => {
  const probs = encodeNpy(Float32Array.of(0.9, 0.1, 0.2, 0.8, Number.NaN, 1), [3, 2]);

  it('are read from a folder or the array, with labels and clips beside it', async () => {
    const root = await fileTree({
      'probs.npy': probs,
      'labels.txt': 'yes\r\nno\r\n',
      'clips.txt': 'a.wav\nb c.wav\nd.wav\n',
    });
    for (const source of [root, join(root, 'probs.npy')]) {
      const set = await readPredictions({ source });
      expect(set).toMatchObject({ form: 'array', labels: ['yes', 'no'], scale: 'probabilities' });
      expect(set.rows).toMatchObject({
        clips: ['a.wav', 'b c.wav', 'd.wav'],
        predicted: ['yes', 'no', null],
      });
      expect(counts(set.problems)).toEqual({ 'predictions/nan': 1 });
    }
  });

  it('take the labels of the dataset when none are given and they are as many', async () => {
    const root = await fileTree({
      'x.npy': probs,
      'list.csv': 'path,label\na.wav,yes\nb.wav,no\nc.wav,no\n',
    });
    const from = { source: join(root, 'x.npy'), clipsFile: join(root, 'list.csv') };
    const set = await readPredictions(from, { knownLabels: ['no', 'yes'] });
    expect(set.rows).toMatchObject({ clips: ['a.wav', 'b.wav', 'c.wav'], predicted: ['no', 'yes', null] });
    await expect(readPredictions(from, { knownLabels: ['a', 'b', 'c'] })).rejects.toMatchObject({
      code: 'predictions/labels',
      details: { classes: 2 },
    });
  });

  it('with lengths that do not agree are refused with both numbers', async () => {
    const root = await fileTree({
      'probs.npy': probs,
      'labels.txt': 'yes\nno\n',
      'three.txt': 'a\nb\nc\n',
      'two.txt': 'a.wav\nb.wav\n',
      'cube.npy': encodeNpy(new Float32Array(8), [2, 2, 2]),
    });
    const source = join(root, 'probs.npy');
    await expect(readPredictions({ source, clipsFile: join(root, 'two.txt') })).rejects.toMatchObject({
      code: 'predictions/clips',
      details: { clips: 2, rows: 3 },
    });
    await expect(readPredictions({ source })).rejects.toMatchObject({ code: 'predictions/clips' });
    await expect(readPredictions({ source, labelsFile: join(root, 'three.txt') })).rejects.toMatchObject({
      code: 'predictions/labels',
      details: { labels: 3, classes: 2 },
    });
    await expect(readPredictions({ source: join(root, 'cube.npy') })).rejects.toMatchObject({
      code: 'predictions/shape',
    });
    await expect(readPredictions({ source: await fileTree({ 'a.txt': '' }) })).rejects.toMatchObject({
      code: 'predictions/array',
    });
  });
});

describe('matching rows to clips', () => {
  it('takes the very path, or a common ending when the root is another', () => {
    const clips = ['yes/a.wav', 'no/a.wav', 'no/b.wav'];
    expect(Array.from(matchClips(['no/a.wav', 'yes/a.wav'], clips).clipOf)).toEqual([1, 0]);
    expect(Array.from(matchClips(['data/no/a.wav', '/x/y/no/b.wav', '.\\yes\\a.wav'], clips).clipOf)).toEqual(
      [1, 2, 0],
    );
    expect(Array.from(matchClips(['b.wav'], clips).clipOf)).toEqual([2]);
  });

  it('never guesses between clips', () => {
    const found = matchClips(['a.wav', 'maybe/a.wav', 'c.wav'], ['yes/a.wav', 'no/a.wav']);
    expect(found).toMatchObject({ ambiguous: [0, 1], unmatched: [2], without: [0, 1] });
    expect(Array.from(found.clipOf)).toEqual([-1, -1, -1]);
  });

  it('takes file names where they identify clips, but not Speech Commands names', () => {
    expect(
      Array.from(matchClips(['old/0_anna_1.wav', 'b.flac'], ['rec/0_anna_1.wav', 'rec/b.wav']).clipOf),
    ).toEqual([0, 1]);
    expect(matchClips(['no/a1_nohash_0.wav'], ['yes/a1_nohash_0.wav'])).toMatchObject({
      unmatched: [0],
      without: [0],
    });
  });

  it('lists rows for a clip that has one, and clips without any', () => {
    const found = matchClips(['a.wav', 'x/a.wav'], ['a.wav', 'b.wav']);
    expect(found).toMatchObject({ duplicates: [1], without: [1], unmatched: [] });
  });
});

describe.skipIf(!hasShared)('real predictions', () => {
  it('of six systems give the published accuracies', async () => {
    const folder = (name: string) => sharedPath('data', 'mlperf-tiny-kws', name);
    const published: Record<string, number> = JSON.parse(readFileSync(folder('published_top1.json'), 'utf8'));
    const [, ...lines] = readFileSync(folder('clips.csv'), 'utf8').trim().split(/\r?\n/);
    const truth = new Map(lines.map((line) => line.split(',') as [string, string]));
    for (const [system, accuracy] of Object.entries(published)) {
      const set = await readPredictions({ source: folder(`${system}.csv`) });
      const right = set.rows.clips.filter((clip, row) => truth.get(clip) === set.rows.predicted[row]).length;
      expect(right / set.rows.clips.length, system).toBe(accuracy);
      expect(set.labels).toHaveLength(12);
      const codes = set.problems.map(({ code }) => code);
      expect(codes, system).toEqual([
        system.startsWith('alibaba') ? 'predictions/logits' : 'predictions/sum',
      ]);
    }
  });

  it('of the noisy digits match their clips from any root', async () => {
    const set = await readPredictions(
      { source: sharedPath('golden', 'fsdd-noisy', 'pred_probs.npy') },
      { knownLabels: [...'0123456789'] },
    );
    expect(set.problems).toEqual([]);
    expect(set.rows.clips).toHaveLength(3000);
    for (const prefix of ['fsdd/', 'fsdd/recordings/', '']) {
      const clips = set.rows.clips.map((clip) => clip.slice(prefix.length));
      const found = matchClips(set.rows.clips, clips);
      expect(Array.from(found.clipOf)).toEqual(clips.map((_, index) => index));
    }
  });
});
