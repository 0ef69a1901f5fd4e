// `npm test`: unit tests, then end-to-end specs, then one line that counts all suites together. Exits non-zero when
// anything failed or a suite ran nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureChromium } from './chromium.ts';

const root = resolve(import.meta.dirname, '../..');
const results = join(root, 'test-results');

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): boolean {
  const outcome = spawnSync(join(root, 'node_modules/.bin', command), args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
    shell: process.platform === 'win32',
  });
  return outcome.status === 0;
}

function readJson(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

function unitTests(): Tally {
  const file = join(results, 'unit.json');
  const isFine = run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]);
  const report = readJson(file) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
  } | null;
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const failed = report.numFailedTests + (isFine || report.numFailedTests > 0 ? 0 : 1);
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests };
}

function endToEnd(): Tally {
  const chromium = ensureChromium();
  if (chromium === null) {
    process.stdout.write(
      'End-to-end specs were skipped: there is no Chromium or Chrome on this machine (EARMARK_CHROMIUM can name one).\n',
    );
    return { passed: 0, failed: 0, skipped: 1 };
  }
  if (!run('vite', ['build', '--logLevel', 'warn'])) return { passed: 0, failed: 1, skipped: 0 };
  const isFine = run('playwright', ['test'], { EARMARK_CHROMIUM: chromium });
  const report = readJson(join(results, 'e2e.json')) as {
    stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  } | null;
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const { expected, unexpected, flaky, skipped } = report.stats;
  if (flaky > 0)
    process.stdout.write(`${flaky} end-to-end tests passed at another attempt only; see above.\n`);
  return { passed: expected + flaky, failed: unexpected + (isFine || unexpected > 0 ? 0 : 1), skipped };
}

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const tallies = [unitTests(), endToEnd()];
const sum = (key: keyof Tally): number => tallies.reduce((total, tally) => total + tally[key], 0);
const skipped = sum('skipped');
process.stdout.write(
  `\n${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
);
process.exitCode = sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
