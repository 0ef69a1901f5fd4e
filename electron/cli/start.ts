// `npm start [-- PATH]`: builds what is not built yet, then opens the studio in a window where Electron can be had,
// else in the browser. Runs from a checkout only.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EarmarkError, toErrorData } from '../../shared/errors.ts';
import { startServe } from '../serve/serve.ts';
import { buildPart, isStale } from './build.ts';
import { electronBinary, whyNoWindow } from './electron-binary.ts';
import { openBrowser } from './open-browser.ts';

const checkout = resolve(import.meta.dirname, '../..');

const usage = `npm start -- [PATH] [--browser] [--port N] [--host H] [--root FOLDER]...

  PATH       a project (.earmark) or a dataset folder to open
  --browser  in the browser, also where there could be a window
  --port N   the browser's port; a free one when left out
  --host H   the address to listen on; this machine only when left out
  --root F   what the folder picker of the browser may show; may be given again
`;

/** A window that ends so soon has not been seen: the browser takes its place. */
const SEEN_MS = 3000;

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        browser: { type: 'boolean', default: false },
        port: { type: 'string' },
        host: { type: 'string' },
        root: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
      throw new EarmarkError(
        'cli/usage',
        `--port ${values.port} is no port number: it goes from 0 to 65535.`,
      );
    }
    if (positionals.length > 1)
      throw new EarmarkError('cli/usage', 'Only one project or folder can be opened at a time.');
    // npm runs scripts in the checkout; INIT_CWD is where the person is.
    const path =
      positionals[0] === undefined ? undefined : resolve(process.env.INIT_CWD ?? '.', positionals[0]);
    if (path !== undefined && !existsSync(path)) {
      throw new EarmarkError(
        'cli/no-such-path',
        `${path}: there is no such file or folder. Nothing was started.`,
      );
    }
    return { ...values, port, path };
  } catch (error) {
    if (error instanceof EarmarkError) throw error;
    throw new EarmarkError('cli/usage', `${(error as Error).message.split('. ')[0]}.\n\n${usage}`);
  }
}

type Arguments = ReturnType<typeof readArguments>;

async function start(): Promise<void> {
  const wanted = readArguments();
  if (wanted.help) {
    process.stdout.write(usage);
    return;
  }
  if (isStale('renderer')) {
    say('Building the interface ...');
    await buildPart('renderer');
  }
  const whyBrowser = await openWindow(wanted);
  if (whyBrowser !== null) await openInBrowser(wanted, whyBrowser);
}

/** Runs the window until it is closed and returns null; or returns at once why there is none. */
async function openWindow(wanted: Arguments): Promise<string | null> {
  if (wanted.browser || wanted.port !== undefined || wanted.host !== undefined) return 'as asked for';
  const why = whyNoWindow();
  if (why !== null) return why;
  const binary = await electronBinary(say);
  if ('whyNot' in binary) return binary.whyNot;
  if (isStale('electron')) {
    say('Building the window ...');
    await buildPart('electron');
  }
  const startedAt = performance.now();
  const child = spawn(binary.path, [checkout, ...(wanted.path === undefined ? [] : [wanted.path])], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((settle) => {
    child.on('error', (error) => settle(`Electron does not start here: ${error.message}`));
    child.on('exit', (code, signal) => {
      const hasFailed = code !== 0 && signal !== 'SIGINT' && signal !== 'SIGTERM';
      if (hasFailed && performance.now() - startedAt < SEEN_MS)
        settle(`Electron does not start here (${signal ?? `exit code ${code}`})`);
      else {
        process.exitCode = code ?? 0;
        settle(null);
      }
    });
  });
}

async function openInBrowser(wanted: Arguments, why: string): Promise<void> {
  const server = await startServe({
    projectOrFolder: wanted.path,
    port: wanted.port,
    host: wanted.host,
    allowedRoots: wanted.root?.map((root) => resolve(process.env.INIT_CWD ?? '.', root)),
  });
  say(`No window of its own (${why}): the studio runs in the browser. Ctrl+C ends it.`);
  process.stdout.write(`${server.url}\n`);
  server.opened.catch((error: unknown) => say(toErrorData(error).message));
  openBrowser(server.url);
  await new Promise<void>((ended) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ended());
  });
  await server.close();
}

start().catch((error: unknown) => {
  const { code, message } = toErrorData(error);
  say(message);
  process.exitCode = code === 'cli/usage' ? 2 : code === 'cli/no-such-path' ? 3 : 1;
});
