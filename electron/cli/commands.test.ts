// Every command that works on a project, on a small dataset: the JSON names of the documentation, one document on stdout,
// exit codes. The commands tell one story, in order.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { flagKinds } from '../../shared/domain/flag.ts';
import { earmark, earmarkError, onlyDocument, runEarmark } from '../testing/command.ts';
import {
  backup,
  checked,
  clips,
  count,
  exported,
  flags,
  history,
  imported,
  info,
  metrics,
  predictions,
  relabelled,
  takenBack,
  text,
  wordsIn,
} from '../testing/command-documents.ts';
import { temporaryFolder } from '../testing/folders.ts';
import {
  clipsOfWords,
  cutShort,
  duplicate,
  hum,
  loud,
  mislabelled,
  silent,
  wordPredictions,
} from '../testing/words.ts';

const folder = temporaryFolder();
const { dataset, project, on } = wordsIn(folder);

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
      'path,label,p("model", no)',
      '--limit',
      '2',
      '--offset',
      '1',
      ...on,
    ]);
    expect(some).toEqual({
      total: 6,
      clips: [
        { path: 'no/1b1b1b1b_nohash_0.wav', label: 'no', 'p("model", no)': 0.9100000262260437 },
        { path: 'no/2c2c2c2c_nohash_0.wav', label: 'no', 'p("model", no)': 0.9100000262260437 },
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
