// Exit codes that a script relies on when a pipe is cut or nothing of the input could be used.
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runEarmark } from '../testing/command.ts';
import { temporaryFolder, writeTree } from '../testing/folders.ts';
import { wordWav } from '../testing/words.ts';

const folder = temporaryFolder();
const dataset = writeTree(join(folder, 'words'), { 'no/a.wav': wordWav(300), 'yes/b.wav': wordWav(400) });
const on = ['--project', join(folder, 'words.earmark'), '--json'];

beforeAll(async () => {
  expect((await runEarmark(['import', dataset, ...on])).exitCode).toBe(0);
});

describe('the exit code', () => {
  it('is that of the command when the reader of its output went away', async () => {
    const cut = await runEarmark(['clips', ...on], { started: (child) => child.stdout?.destroy() });
    expect(cut).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('is 3 when no clip that was named is there, and 0 when some are', async () => {
    const labels = writeTree(join(folder, 'labels'), {
      'none.csv': 'path,label\nno/x.wav,yes\n',
      'some.csv': 'path,label\nno/x.wav,yes\nno/a.wav,yes\n',
    });
    const relabel = (...args: string[]) => runEarmark(['relabel', '--by', 'ada', ...args, ...on]);
    expect((await relabel('--clip', 'no/x.wav', '--label', 'yes')).exitCode).toBe(3);
    expect((await relabel('--decisions', join(labels, 'none.csv'))).exitCode).toBe(3);
    expect((await relabel('--decisions', join(labels, 'some.csv'))).exitCode).toBe(0);
  });
});
