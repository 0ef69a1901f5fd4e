// Runs the real `earmark` command: `runEarmark` in a process of its own, `earmark` and `earmarkError` in one that the
// commands of a test file share.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import type { z } from 'zod';

const main = join(import.meta.dirname, '../cli/main.ts');
const hostFile = join(import.meta.dirname, 'command-host.ts');

export interface CommandOutcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  /** Given the process as soon as it runs. */
  readonly started?: (child: ChildProcess) => void;
  readonly env?: Readonly<Record<string, string>>;
  /** Runs it as another user. */
  readonly uid?: number;
}

export function runEarmark(args: readonly string[], options: CommandOptions = {}): Promise<CommandOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: options.cwd ?? process.cwd(),
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
    options.started?.(child);
  });
}

interface Reply {
  readonly id: number;
  readonly outcome?: CommandOutcome;
  readonly error?: string;
}

let host: ChildProcess | null = null;
let nextId = 0;
const waiting = new Map<number, (reply: Reply) => void>();
afterAll(() => host?.disconnect());

function startHost(): ChildProcess {
  const child = fork(hostFile, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  child.on('message', (reply: Reply) => waiting.get(reply.id)?.(reply));
  child.on('exit', (code) => {
    host = null;
    for (const [id, settle] of waiting) settle({ id, error: `the commands' process ended with ${code}` });
  });
  return child;
}

function runInHost(args: readonly string[]): Promise<CommandOutcome> {
  host ??= startHost();
  const id = nextId++;
  return new Promise((resolve, reject) => {
    waiting.set(id, ({ outcome, error }) => {
      waiting.delete(id);
      if (outcome) resolve(outcome);
      else reject(new Error(error));
    });
    host?.send({ id, args });
  });
}

/** In a process of its own when anything is asked of that process. */
function run(args: readonly string[], options: CommandOptions): Promise<CommandOutcome> {
  return Object.keys(options).length === 0 ? runInHost(args) : runEarmark(args, options);
}

/** The one document that `--json` printed; anything beside it on stdout fails the test. */
export function onlyDocument({ stdout, stderr }: CommandOutcome): unknown {
  expect(stdout.split('\n'), stderr).toHaveLength(2);
  expect(stdout.endsWith('\n')).toBe(true);
  return JSON.parse(stdout);
}

/** Runs a command with `--json`; its document, which must have exactly the shape, and exit code 0. */
export async function earmark<Shape extends z.ZodType>(
  shape: Shape,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<z.infer<Shape>> {
  const outcome = await run([...args, '--json'], options);
  const document = onlyDocument(outcome);
  expect(outcome.exitCode, JSON.stringify(document).slice(0, 500)).toBe(0);
  return shape.parse(document);
}

export interface CommandError {
  readonly exitCode: number | null;
  readonly code: string;
  readonly message: string;
  readonly details: unknown;
}

/** Runs a command with `--json` that must end with the error document. */
export async function earmarkError(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandError> {
  const outcome = await run([...args, '--json'], options);
  const document = onlyDocument(outcome) as { error: Omit<CommandError, 'exitCode'> };
  expect(Object.keys(document)).toEqual(['error']);
  expect(Object.keys(document.error)).toEqual(['code', 'message', 'details']);
  return { exitCode: outcome.exitCode, ...document.error };
}
