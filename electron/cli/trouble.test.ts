// Commands in trouble: a project that is damaged, newer, locked, write-protected or on a full disk, a port in use, and
// Ctrl+C. What was there before is always whole.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { earmark, earmarkError, onlyDocument, runEarmark } from '../testing/command.ts';
import { temporaryFolder, writeTree } from '../testing/folders.ts';
import { clipsOfWords, silent, wordFiles, wordWav } from '../testing/words.ts';

const folder = temporaryFolder();
chmodSync(folder, 0o755);
const dataset = writeTree(join(folder, 'words'), wordFiles());
const whole = join(folder, 'whole.earmark');
const relabel = ['relabel', '--clip', silent, '--label', 'no', '--by', 'ann'];
const imported = z.object({
  clips: z.number(),
  added: z.number(),
  unchanged: z.number(),
  missing: z.number(),
});
const clipsOf = z.object({ clips: z.number() });

beforeAll(() => earmark(imported, ['import', dataset, '--project', whole]));

const copyOf = (name: string): string => {
  const copy = join(folder, `${name}.earmark`);
  copyFileSync(whole, copy);
  return copy;
};

describe('a project', () => {
  it.concurrent('that was cut short is told with both sizes and left as it is', async () => {
    const file = copyOf('cut');
    truncateSync(file, 20_000);
    const refused = await earmarkError(['info', '--project', file]);
    expect(refused).toMatchObject({ exitCode: 4, code: 'project/damaged' });
    expect(refused.message).toMatch(/cut short: it has 20000 of \d+ bytes.*Restore the newest backup/);
    expect(readFileSync(file)).toHaveLength(20_000);
  });

  it.concurrent('of a newer Earmark is refused, not touched', async () => {
    const file = copyOf('newer');
    const database = new Database(file);
    database.pragma('user_version = 99');
    database.pragma('journal_mode = DELETE');
    database.close();
    const before = readFileSync(file);
    for (const command of [['info'], relabel, ['import', dataset]]) {
      const refused = await earmarkError([...command, '--project', file]);
      expect(refused).toMatchObject({ exitCode: 4, code: 'project/newer' });
      expect(refused.message).toMatch(/newer Earmark \(project version 99.*Update Earmark/);
    }
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it.concurrent('that is something else is refused, not touched', async () => {
    const file = join(folder, 'other.earmark');
    writeFileSync(file, 'no database at all, but a text that is longer than one hundred bytes '.repeat(3));
    const refused = await earmarkError(['import', dataset, '--project', file]);
    expect(refused).toMatchObject({ exitCode: 4, code: 'project/not-a-project' });
    expect(readFileSync(file, 'utf8')).toMatch(/^no database/);
  });

  it.concurrent('that another program keeps locked is waited for, then told; nothing is lost', async () => {
    const file = copyOf('locked');
    const database = new Database(file);
    database.pragma('journal_mode = WAL');
    database.exec('BEGIN IMMEDIATE');
    const refused = await earmarkError([...relabel, '--project', file], { cwd: folder });
    expect(refused).toMatchObject({ exitCode: 4, code: 'project/locked' });
    expect(refused.message).toMatch(/more than five seconds.*try again/);
    database.exec('ROLLBACK');
    database.close();
    expect(await earmark(z.object({ applied: z.number() }), [...relabel, '--project', file])).toEqual({
      applied: 1,
    });
  });

  // The super-user may write anywhere, so the command runs as another user where that is possible.
  const isRoot = process.getuid?.() === 0;
  it.skipIf(process.platform === 'win32')(
    'that may only be read is read, and refuses changes in a sentence',
    { concurrent: true },
    async () => {
      const protectedFolder = join(folder, 'protected');
      mkdirSync(protectedFolder);
      const file = join(protectedFolder, 'p.earmark');
      copyFileSync(whole, file);
      chmodSync(file, 0o444);
      chmodSync(protectedFolder, 0o555);
      const options = { cwd: '/', env: { HOME: '/nonexistent' }, ...(isRoot ? { uid: 65_534 } : {}) };
      expect(await earmark(clipsOf, ['info', '--project', file], options)).toEqual({ clips: clipsOfWords });
      const refused = await earmarkError([...relabel, '--project', file], options);
      expect(refused).toMatchObject({ exitCode: 4, code: 'project/read-only' });
      expect(refused.message).toMatch(/can only be read.*Nothing was changed/);
      const elsewhere = join(protectedFolder, 'new.earmark');
      const unmade = await earmarkError(['import', dataset, '--project', elsewhere], options);
      expect(unmade).toMatchObject({ exitCode: 4, code: expect.stringMatching(/^project\//) });
      chmodSync(protectedFolder, 0o755);
    },
  );

  it.concurrent('is not left behind empty when there was nothing to import', async () => {
    const empty = writeTree(join(folder, 'empty'), { 'notes.txt': 'no sound' });
    const file = join(folder, 'never.earmark');
    for (const format of ['auto', 'folder', 'common-voice']) {
      const refused = await earmarkError(['import', empty, '--format', format, '--project', file]);
      expect(refused).toMatchObject({ exitCode: 3, message: expect.stringContaining('empty') });
    }
    expect(readdirSync(folder).filter((name) => name.startsWith('never'))).toEqual([]);
    const broken = writeTree(join(folder, 'broken'), { 'a/b.wav': wordWav(1).subarray(0, 9) });
    const outcome = await runEarmark(['import', broken, '--project', file, '--json']);
    expect(outcome.exitCode).toBe(3);
    expect(onlyDocument(outcome)).toMatchObject({ clips: 0, failed: [{ file: 'a/b.wav' }] });
  });
});

describe('a full disk', () => {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const isMounted =
    process.platform === 'linux' &&
    process.getuid?.() === 0 &&
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'earmark-test', disk]).status === 0;

  it.skipIf(!isMounted)(
    'is told in a sentence; what was saved before is whole, and goes on when there is room',
    async () => {
      try {
        const file = join(disk, 'p.earmark');
        await earmark(imported, ['import', dataset, '--project', file]);
        const many = writeTree(
          join(folder, 'many'),
          Object.fromEntries(
            Array.from({ length: 400 }, (_, at) => [`a/${at}.wav`, wordWav(100 + at, { seconds: 0.12 })]),
          ),
        );
        const filler = join(disk, 'filler');
        const free = Number(
          spawnSync('df', ['--output=avail', '-B1', disk], { encoding: 'utf8' }).stdout.split('\n')[1],
        );
        writeFileSync(filler, Buffer.alloc(free - 150_000));
        const refused = await earmarkError(['import', many, '--project', file]);
        expect(refused).toMatchObject({ exitCode: 4, code: 'project/disk-full' });
        expect(refused.message).toMatch(/is full.*nothing that was saved before is lost/);
        const out = ['export', '--format', 'table', '--out', join(disk, 'out'), '--project', file];
        expect((await earmarkError(out)).code).toBe('export/disk-full');
        expect(readdirSync(disk).filter((name) => name.startsWith('out'))).toEqual([]);
        rmSync(filler);
        const check = z.object({ ok: z.literal(true), missingFiles: z.literal(0) });
        await earmark(check, ['check', '--project', file]);
        expect(await earmark(imported, ['import', many, '--project', file])).toMatchObject({
          clips: 400,
          missing: 0,
        });
        expect(await earmark(clipsOf, ['info', '--project', file])).toEqual({ clips: clipsOfWords + 400 });
      } finally {
        spawnSync('umount', [disk]);
      }
    },
  );
});

describe('a port', () => {
  it('in use is told with the way out, and nothing is started', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const refused = await earmarkError(['serve', '--port', String(port)]);
    other.close();
    expect(refused).toMatchObject({ exitCode: 2, code: 'serve/port-in-use' });
    expect(refused.message).toMatch(new RegExp(`Port ${port}.*Nothing was started.*--port`));
  });
});

describe('Ctrl+C during an import', () => {
  const many = 3000;
  const source = writeTree(
    join(folder, 'long'),
    Object.fromEntries(
      Array.from({ length: many }, (_, at) => [`${at % 7}/${at}.wav`, wordWav(100 + at, { seconds: 0.3 })]),
    ),
  );
  const file = join(folder, 'long.earmark');
  /** Rows of a table, as another process sees them beside the import. */
  const committed = (table: 'clips' | 'datasets'): number => {
    if (!existsSync(file)) return 0;
    const database = new Database(file, { readonly: true });
    try {
      return database.prepare<[], number>(`SELECT COUNT(*) FROM ${table}`).pluck().get() ?? 0;
    } catch {
      return 0;
    } finally {
      database.close();
    }
  };

  it('ends with 130 and a whole project; a second import does the rest', async () => {
    const outcome = await runEarmark(['import', source, '--project', file, '--json'], {
      started: (child) => {
        const watch = setInterval(() => {
          if (committed('datasets') === 0) return;
          clearInterval(watch);
          child.kill('SIGINT');
        }, 5);
        child.once('exit', () => clearInterval(watch));
      },
    });
    expect(outcome.exitCode, outcome.stdout).toBe(130);
    expect(onlyDocument(outcome)).toMatchObject({ error: { code: 'job/cancelled' } });
    const kept = committed('clips');
    expect(kept).toBeLessThan(many);
    const check = z.object({ ok: z.literal(true), integrity: z.literal('ok') });
    await earmark(check, ['check', '--project', file]);
    const rest = await earmark(imported, ['import', source, '--project', file]);
    expect(rest).toEqual({ clips: many, added: many - kept, unchanged: kept, missing: 0 });
  });

  it('of the served studio ends it whole, and so does the end of its terminal', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, 'main.ts'), 'serve', '--project', whole, '--json', '--quiet'],
        { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, EARMARK_HOME: join(folder, 'home') } },
      );
      const errors: string[] = [];
      child.stderr.on('data', (text: Buffer) => errors.push(text.toString()));
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      expect(JSON.parse(line.toString())).toEqual({
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\?token=/),
      });
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([0, null]);
      expect(errors).toEqual([]);
    }
  });
});
