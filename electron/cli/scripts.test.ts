// What a script can rely on, whatever the command: figures of arrays without a project, refusals in a sentence with their
// exit codes, and text for people where no JSON is asked for.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { writeNpyFile } from '../formats/index.ts';
import { earmark, earmarkError, runEarmark } from '../testing/command.ts';
import { count, figures, imported, text, wordsIn } from '../testing/command-documents.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { clipsOfWords, wordPaths } from '../testing/words.ts';

const folder = temporaryFolder();

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

describe('commands on a project', () => {
  const { dataset, on } = wordsIn(folder);
  beforeAll(() => earmark(imported, ['import', dataset, ...on]));

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
