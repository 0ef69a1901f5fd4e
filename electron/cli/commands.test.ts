// Every command on a small dataset, each in a process of its own: the JSON names of the documentation, one document on
// stdout, exit codes. The commands tell one story, in order.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { flagKinds } from '../../shared/domain/flag.ts';
import { writeNpyFile } from '../formats/index.ts';
import { earmark, earmarkError, onlyDocument, runEarmark } from '../testing/command.ts';
import { temporaryFolder, writeTree } from '../testing/folders.ts';
import {
  clipsOfWords,
  cutShort,
  duplicate,
  hum,
  loud,
  mislabelled,
  silent,
  wordFiles,
  wordPaths,
  wordPredictions,
} from '../testing/words.ts';

const folder = temporaryFolder();
const dataset = writeTree(join(folder, 'words'), wordFiles());
const project = join(folder, 'words.earmark');
const on = ['--project', project] as const;

const text = z.string();
const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1).nullable();
const interval = z.tuple([z.number(), z.number()]).nullable();
const examples = z.strictObject({ count, examples: z.array(text) });
const problem = z.strictObject({ code: text, message: text, count, examples: z.array(text).optional() });
const byStatus = z.strictObject({ open: count, accepted: count, fixed: count, dismissed: count });
const flagCounts = z.record(z.enum(flagKinds), byStatus);

const imported = z.strictObject({
  project: text,
  dataset: text,
  format: text,
  clips: count,
  added: count,
  changed: count,
  unchanged: count,
  missing: count,
  failed: z.array(z.strictObject({ file: text, line: z.number().optional(), code: text, message: text })),
  labels: count,
  speakers: count,
  hours: z.number(),
  seconds: z.number(),
});

const info = z.strictObject({
  project: text,
  schema: count,
  clips: count,
  labels: z.array(z.strictObject({ label: text, count })),
  splits: z.array(z.strictObject({ split: text, count })),
  speakers: count,
  hours: z.number(),
  runs: z.array(
    z.strictObject({
      name: text,
      createdAt: text,
      clips: count,
      labels: count,
      hasProbabilities: z.boolean(),
    }),
  ),
  embeddings: z.array(z.unknown()),
  flags: flagCounts,
  decisions: count,
  datasets: z.array(z.strictObject({ name: text, format: text, clips: count, isRootPresent: z.boolean() })),
  runInUse: text.nullable(),
  warnings: z.array(problem),
});

/** Fields of a clip that scripts rely on; the other columns of the clips table come with them. */
const clip = z.looseObject({
  path: text,
  label: text.nullable(),
  originalLabel: text.nullable(),
  transcript: text.nullable(),
  split: text.nullable(),
  speaker: text.nullable(),
  durationSec: z.number(),
  sampleRate: count,
  channels: count,
});
const clips = z.strictObject({ total: count, clips: z.array(clip) });

const checked = z.strictObject({
  ok: z.boolean(),
  integrity: text,
  foreignKeys: count,
  events: count,
  missingFiles: count,
  problems: z.array(problem),
});

const backup = z.strictObject({
  file: text,
  name: text,
  createdAt: text,
  bytes: count,
  label: text.nullable(),
});

const predictions = z.strictObject({
  run: text,
  rows: count,
  matched: count,
  unmatchedRows: examples,
  clipsWithout: examples,
  problems: z.array(problem),
});

const figures = {
  n: count,
  leftOut: count,
  accuracy: share,
  accuracyInterval: interval,
  balancedAccuracy: share,
  macroF1: share,
  macroF1Interval: interval,
  weightedF1: share,
  kappa: z.number().nullable(),
  mcc: z.number().nullable(),
  logLoss: z.number().nullable(),
  ece: share,
  labels: z.array(text),
  matrix: z.array(z.array(count)),
  classes: z.array(
    z.strictObject({
      label: text,
      support: count,
      predicted: count,
      correct: count,
      precision: share,
      precisionInterval: interval,
      recall: share,
      recallInterval: interval,
      f1: share,
      f1Interval: interval,
      rocAuc: share,
      averagePrecision: share,
    }),
  ),
  notes: z.array(text),
  topConfusions: z.array(z.strictObject({ given: text, predicted: text, count, shareOfGiven: z.number() })),
  reliability: z.array(
    z.strictObject({ from: z.number(), to: z.number(), n: count, confidence: share, accuracy: share }),
  ),
};
const metrics = z.strictObject({ ...figures, run: text });

const flags = z.strictObject({
  counts: flagCounts,
  total: count,
  flags: z.array(
    z.strictObject({
      path: text,
      kind: z.enum(flagKinds),
      score: z.number(),
      reason: text,
      evidence: z.record(text, z.unknown()),
      proposed: text.nullable(),
      status: text,
    }),
  ),
});

const relabelled = z.strictObject({
  applied: count,
  unchanged: count,
  failed: z.array(z.strictObject({ path: text, code: text, message: text })),
  batch: text.nullable(),
});

const event = z.strictObject({
  id: text,
  clipId: count.nullable(),
  clip: text,
  field: text,
  subject: text.nullable(),
  from: text.nullable(),
  to: text.nullable(),
  by: text,
  at: text,
  reason: text.nullable(),
  batch: text,
  undoes: text.nullable(),
});
const takenBack = z.strictObject({
  batch: text.nullable(),
  events: z.array(event),
  leftAlone: count,
  revision: count,
  description: text,
  clipIds: z.array(count),
  state: z.strictObject({ undo: text.nullable(), redo: text.nullable() }),
});
const history = z.strictObject({ events: z.array(event), total: count });
const exported = z.strictObject({
  files: count,
  clips: count,
  bytes: count,
  seconds: z.number(),
  notes: z.array(text),
  failed: z.array(z.unknown()),
});

const labelOf = async (path: string): Promise<unknown> => {
  const { clips: found } = await earmark(clips, ['clips', '--filter', `path = "${path}"`, ...on]);
  return found[0]?.label;
};

describe('a small dataset, by command', () => {
  it('is imported; the one broken file is named, the rest is there', async () => {
    const document = await earmark(imported, ['import', dataset, ...on]);
    expect(document).toMatchObject({
      project,
      dataset: 'words',
      format: 'speech-commands',
      clips: clipsOfWords,
      added: clipsOfWords,
      changed: 0,
      unchanged: 0,
      missing: 0,
      labels: 4,
      speakers: 6,
    });
    expect(document.failed).toEqual([
      { file: cutShort, code: expect.stringMatching(/^audio\//), message: expect.stringContaining(cutShort) },
    ]);
    const again = await earmark(imported, ['import', dataset, '--name', 'words', ...on]);
    expect(again).toMatchObject({ added: 0, changed: 0, unchanged: clipsOfWords, missing: 0 });
    expect(again.failed).toHaveLength(1);
  });

  it('gets the predictions of a model, whose figures are told', async () => {
    const file = join(folder, 'model.csv');
    writeFileSync(file, `${wordPredictions()}not/there.wav,1,0,0,0\n`);
    const read = await earmark(predictions, ['predictions', file, '--run', 'model', ...on]);
    expect(read).toMatchObject({
      run: 'model',
      rows: 21,
      matched: 20,
      unmatchedRows: { count: 1, examples: ['not/there.wav'] },
      clipsWithout: { count: 3, examples: [silent, loud, duplicate] },
    });
    const found = await earmark(metrics, ['metrics', '--run', 'model', ...on]);
    expect(found).toMatchObject({ n: 20, accuracy: 0.95, labels: ['go', 'no', 'stop', 'yes'] });
    expect(found.matrix).toEqual([
      [5, 0, 0, 0],
      [0, 5, 0, 0],
      [0, 0, 5, 0],
      [0, 1, 0, 4],
    ]);
    const filter = ['--filter', 'label = yes', '--zero-division', '0'];
    const ofYes = await earmark(metrics, ['metrics', '--run', 'model', ...filter, ...on]);
    expect(ofYes).toMatchObject({ n: 5, accuracy: 0.8 });
    expect(ofYes.classes.find(({ label }) => label === 'stop')).toMatchObject({ support: 0, f1: 0 });
  });

  it('has what was planted among its flags, worst first; findings at the limit are exit code 1', async () => {
    const document = await earmark(flags, ['flags', ...on]);
    const found = new Map(document.flags.map((flag) => [`${flag.kind} ${flag.path}`, flag]));
    expect([...found.keys()].toSorted()).toEqual(
      [
        `clipped ${loud}`,
        `cut-edge ${loud}`,
        `duplicate yes/0a0a0a0a_nohash_0.wav`,
        `duplicate ${duplicate}`,
        `duplicate-conflict yes/0a0a0a0a_nohash_0.wav`,
        `duplicate-conflict ${duplicate}`,
        `label-issue ${mislabelled}`,
        `silent ${silent}`,
        `unreadable ${cutShort}`,
      ].toSorted(),
    );
    expect(found.get(`label-issue ${mislabelled}`)).toMatchObject({ proposed: 'no', status: 'open' });
    expect(document.flags.map(({ score }) => score)).toEqual(
      document.flags.map(({ score }) => score).toSorted((a, b) => a - b),
    );
    const gate = ['flags', '--kind', 'silent', '--kind', 'unreadable', '--json', ...on];
    const over = await runEarmark([...gate, '--fail-on', 'silent=1,clipped=5']);
    expect(over.exitCode).toBe(1);
    expect(
      flags
        .parse(onlyDocument(over))
        .flags.map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['silent', 'unreadable']);
    expect((await runEarmark([...gate, '--fail-on', 'silent=2'])).exitCode).toBe(0);
  });

  it('is relabelled by clip and by file, with what cannot be applied named', async () => {
    const one = ['--clip', mislabelled, '--label', 'no', '--by', 'ann', '--reason', 'says no'];
    expect(await earmark(relabelled, ['relabel', ...one, ...on])).toMatchObject({ applied: 1, failed: [] });
    const file = join(folder, 'decisions.csv');
    writeFileSync(
      file,
      `path,label,reason\n${mislabelled},no,\n${silent},,nothing to hear\n${duplicate},yes,\nno/such.wav,yes,\n`,
    );
    const many = await earmark(relabelled, ['relabel', '--decisions', file, '--by', 'bob', ...on]);
    expect(many).toMatchObject({ applied: 2, unchanged: 1, failed: [{ path: 'no/such.wav' }] });
    expect(await labelOf(silent)).toBeNull();
  });

  it('remembers who decided what, and takes it back and again', async () => {
    const all = await earmark(history, ['history', ...on]);
    const labels = all.events.filter(({ field }) => field === 'label');
    expect(labels.map(({ clip, to, by, reason }) => [clip, to, by, reason]).toSorted()).toEqual(
      [
        [duplicate, 'yes', 'bob', null],
        [mislabelled, 'no', 'ann', 'says no'],
        [silent, null, 'bob', 'nothing to hear'],
      ].toSorted(),
    );
    const ofOne = await earmark(history, ['history', '--clip', mislabelled, ...on]);
    expect(ofOne.events.map(({ field, subject, to }) => [field, subject, to]).toSorted()).toEqual([
      ['flag', 'label-issue', 'fixed'],
      ['label', null, 'no'],
    ]);
    const undone = await earmark(takenBack, ['undo', '--by', 'cat', ...on]);
    expect(undone.events.every(({ by, undoes }) => by === 'cat' && undoes !== null)).toBe(true);
    expect(await labelOf(silent)).toBe('go');
    const byBatch = ['undo', '--batch', ofOne.events[0]?.batch ?? '', ...on];
    expect((await earmark(takenBack, byBatch)).clipIds).toHaveLength(1);
    expect(await labelOf(mislabelled)).toBe('yes');
    await earmark(takenBack, ['redo', ...on]);
    expect(await labelOf(mislabelled)).toBe('no');
  });

  it('is described, listed and checked', async () => {
    const document = await earmark(info, ['info', ...on]);
    expect(document).toMatchObject({
      project,
      clips: clipsOfWords,
      speakers: 6,
      embeddings: [],
      runs: [{ name: 'model', clips: 20, labels: 4, hasProbabilities: true }],
      runInUse: 'model',
    });
    expect(Object.keys(document.flags)).toEqual([...flagKinds]);
    const list = ['clips', '--filter', 'label = no AND p("model", no) > 0.5', '--sort', '-durationSec'];
    const some = await earmark(z.strictObject({ total: count, clips: z.array(z.unknown()) }), [
      ...list,
      '--fields',
      'path,label,p(no)',
      '--limit',
      '2',
      '--offset',
      '1',
      ...on,
    ]);
    expect(some).toEqual({
      total: 6,
      clips: [
        { path: 'no/1b1b1b1b_nohash_0.wav', label: 'no', 'p(no)': 0.9100000262260437 },
        { path: 'no/2c2c2c2c_nohash_0.wav', label: 'no', 'p(no)': 0.9100000262260437 },
      ],
    });
    const report = await earmark(checked, ['check', '--repair', ...on]);
    expect(report).toMatchObject({
      ok: true,
      integrity: 'ok',
      foreignKeys: 0,
      missingFiles: 0,
      problems: [],
    });
  });

  it('is backed up; the backup is listed and restored, and the present file is kept', async () => {
    const made = await earmark(backup, ['backup', 'create', '--label', 'before', ...on]);
    expect(existsSync(made.file)).toBe(true);
    await earmark(relabelled, ['relabel', '--clip', loud, '--label', 'stop', '--by', 'ann', ...on]);
    const listed = await earmark(z.strictObject({ backups: z.array(backup) }), ['backup', 'list', ...on]);
    expect(listed.backups.map(({ label }) => label)).toEqual(['before']);
    const restored = await earmark(z.strictObject({ movedAside: text }), [
      'backup',
      'restore',
      made.file,
      ...on,
    ]);
    expect(existsSync(restored.movedAside)).toBe(true);
    expect(await labelOf(loud)).toBe('no');
  });

  it('is given out, but never over what is there unless that is asked for', async () => {
    const out = join(folder, 'out');
    const give = ['export', '--format', 'speech-commands', '--out', out, '--filter', 'NOT flag = silent'];
    expect(await earmark(exported, [...give, ...on])).toMatchObject({ clips: clipsOfWords - 1 });
    expect(readdirSync(out).toSorted()).toEqual(
      expect.arrayContaining([
        '_background_noise_',
        'go',
        'no',
        'stop',
        'testing_list.txt',
        'validation_list.txt',
        'yes',
      ]),
    );
    expect(existsSync(join(out, hum))).toBe(true);
    expect(existsSync(join(out, silent))).toBe(false);
    const refused = await earmarkError([...give, ...on]);
    expect(refused).toMatchObject({ exitCode: 2, code: 'export/exists' });
    expect(refused.message).toMatch(/there already.*Nothing was written/);
    const table = ['export', '--format', 'table', '--out', out, '--overwrite', '--audio', 'none'];
    expect(await earmark(exported, [...table, ...on])).toMatchObject({ clips: clipsOfWords });
    expect(existsSync(join(out, 'go'))).toBe(false);
  });
});

describe('arrays, without a project', () => {
  const labels = join(folder, 'labels.txt');
  const probs = join(folder, 'probs.npy');

  it('label issues with thresholds, joint, ranking and scores', async () => {
    writeFileSync(labels, '0\n0\n0\n1\n1\n1\n');
    const rows = [0.9, 0.1, 0.9, 0.1, 0.05, 0.95, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9];
    await writeNpyFile(probs, Float32Array.from(rows), [6, 2]);
    const scores = join(folder, 'scores.npy');
    const of = ['arrays', 'label-issues', '--labels', labels, '--probs', probs, '--scores-out', scores];
    const document = await earmark(
      z.strictObject({
        n: count,
        k: count,
        thresholds: z.array(z.number()),
        confidentJoint: z.array(z.array(count)),
        issues: z.array(count),
        ranked: z.array(count),
        scores: text,
      }),
      [...of, '--rank-by', 'normalized_margin'],
    );
    expect(document).toMatchObject({ n: 6, k: 2, issues: [2], ranked: [2], scores });
    expect(readFileSync(scores).byteLength).toBeGreaterThan(6 * 4);
  });

  it('metrics with the names of the project’s', async () => {
    const found = await earmark(z.strictObject(figures), [
      'arrays',
      'metrics',
      '--labels',
      labels,
      '--probs',
      probs,
    ]);
    expect(found).toMatchObject({
      n: 6,
      labels: ['0', '1'],
      matrix: [
        [2, 1],
        [0, 3],
      ],
    });
  });

  it('of other lengths, or not there, are refused with the shape that was found', async () => {
    const short = join(folder, 'short.txt');
    writeFileSync(short, '0\n1\n');
    const refused = await earmarkError(['arrays', 'metrics', '--labels', short, '--probs', probs]);
    expect(refused).toMatchObject({ exitCode: 3, code: 'arrays/shape' });
    expect(refused.message).toContain('(6, 2)');
    const missing = await earmarkError(['arrays', 'metrics', '--labels', 'none.npy', '--probs', probs]);
    expect(missing).toMatchObject({ exitCode: 3, message: expect.stringContaining('none.npy') });
  });
});

describe('what a script can rely on', () => {
  const refusals: readonly (readonly [what: string, args: string[], exitCode: number, code: string])[] = [
    ['an unknown command', ['frob'], 2, 'usage/arguments'],
    ['an unknown option', ['info', '--frob', ...on], 2, 'usage/arguments'],
    ['a port that is no number', ['serve', '--port', 'x'], 2, 'usage/arguments'],
    ['a project that is no .earmark file', ['info', '--project', 'words.db'], 2, 'usage/project'],
    ['a wrong filter', ['clips', '--filter', 'label = yes AND lable = no', ...on], 2, 'filter/invalid'],
    ['an unknown run', ['metrics', '--run', 'none', ...on], 2, 'run/unknown'],
    ['an unknown clip', ['history', '--clip', 'no/such.wav', ...on], 2, 'clip/unknown'],
    ['an unknown batch', ['undo', '--batch', 'none', ...on], 2, 'undo/unknown-batch'],
    ['a missing source', ['import', join(folder, 'none'), ...on], 3, 'dataset/missing'],
    ['missing predictions', ['predictions', 'none.csv', '--run', 'r', ...on], 3, 'file/unreadable'],
    ['missing decisions', ['relabel', '--decisions', 'none', '--by', 'a', ...on], 3, 'decisions/missing'],
    ['a missing project', ['info', '--project', join(folder, 'none.earmark')], 4, 'project/missing'],
    ['a missing project to serve', ['serve', '--project', 'none.earmark'], 4, 'project/missing'],
  ];
  it.concurrent.each(refusals)(
    '%s is told in a sentence and by exit code',
    async (_, args, exitCode, code) => {
      const refused = await earmarkError(args);
      expect(refused).toMatchObject({ exitCode, code });
      expect(refused.message).toMatch(/^["A-Z/].*[.?]$/s);
      if (code === 'filter/invalid')
        expect(refused.details).toMatchObject({ position: 16, length: 5, expected: ['label'] });
    },
  );

  it('without --json there is text for people on stdout, and with --quiet nothing on stderr but errors', async () => {
    const shown = await runEarmark(['clips', '--limit', '3', '--quiet', ...on]);
    expect(shown).toMatchObject({ exitCode: 0, stderr: '' });
    expect(shown.stdout).toContain(wordPaths[0]);
    expect(shown.stdout).toContain(`3 of ${clipsOfWords} clips`);
    const refused = await runEarmark(['clips', '--filter', 'lable = x', '--quiet', ...on]);
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^Error: There is no field lable/);
  });
});
