// Whether the studio can have a window of its own here: a screen, and Electron's binary, which its package downloads
// on first use. The download is given up when it does not move.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Without a byte for so long, the download is given up. */
const STALL_MS = 15_000;

export type ElectronAnswer = { readonly path: string } | { readonly whyNot: string };

/** Why there can be no window here whatever is installed, or null. */
export function whyNoWindow(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  isRoot: boolean = process.getuid?.() === 0,
): string | null {
  if (environment.EARMARK_BROWSER && environment.EARMARK_BROWSER !== '0') return 'EARMARK_BROWSER is set';
  if (environment.CI && environment.CI !== 'false') return 'this is a CI machine';
  if (platform === 'linux') {
    if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY)
      return 'there is no screen (DISPLAY is not set)';
    if (isRoot) return 'Electron does not run as root';
  }
  return null;
}

/** Electron's binary: found, or downloaded now, or why neither. `notice` is told when a download begins. */
export async function electronBinary(notice: (sentence: string) => void): Promise<ElectronAnswer> {
  let folder: string;
  try {
    folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return { whyNot: 'the package electron is not installed' };
  }
  const installed = installedBinary(folder);
  if (installed !== null) return { path: installed };
  notice('Downloading the window (Electron, about 120 MB, once) ...');
  const whyNot = await download(folder);
  const downloaded = installedBinary(folder);
  if (downloaded !== null) return { path: downloaded };
  return { whyNot: whyNot ?? 'Electron could not be downloaded' };
}

/** Electron's own layout: `path.txt` names the binary below `dist`. */
function installedBinary(folder: string): string | null {
  try {
    const path = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/** Runs the package's own installer; returns why it did not work, or null. */
function download(folder: string): Promise<string | null> {
  const temporary = mkdtempSync(join(tmpdir(), 'earmark-electron-'));
  const child = spawn(process.execPath, [join(folder, 'install.js')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // Downloads go to the temporary folder first: what grows there is the progress.
    env: {
      ...process.env,
      TMPDIR: temporary,
      TEMP: temporary,
      TMP: temporary,
      ELECTRON_GET_NO_PROGRESS: '1',
    },
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  return new Promise((resolve) => {
    const stopWatching = endWhenStalled(child, temporary);
    const finish = (whyNot: string | null): void => {
      const hasStalled = stopWatching();
      rmSync(temporary, { recursive: true, force: true });
      resolve(hasStalled ? 'the download of Electron does not get on' : whyNot);
    };
    child.on('error', (error) => finish(error.message));
    child.on('exit', (code) => finish(code === 0 ? null : downloadFailure(errors)));
  });
}

/** Ends the child when nothing has grown for a while; returns what stops watching and tells whether it had to. */
function endWhenStalled(child: ChildProcess, folder: string): () => boolean {
  let bytes = -1;
  let movedAt = performance.now();
  let hasStalled = false;
  const timer = setInterval(() => {
    const now = bytesBelow(folder);
    if (now !== bytes) {
      bytes = now;
      movedAt = performance.now();
    } else if (performance.now() - movedAt > STALL_MS) {
      hasStalled = true;
      child.kill('SIGKILL');
    }
  }, 500);
  return () => {
    clearInterval(timer);
    return hasStalled;
  };
}

function bytesBelow(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).reduce(
      (sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 1),
      0,
    );
  } catch {
    // A file was moved away while we looked: that is progress too, and the next look will see it.
    return -1;
  }
}

/** The telling part of the installer's error output, in one clause. */
export function downloadFailure(errors: string): string {
  const cause = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|UND_ERR_\w+)\b/.exec(
    errors,
  )?.[1];
  if (cause !== undefined) return `Electron could not be downloaded, GitHub cannot be reached (${cause})`;
  const status = /Response code (\d+)/.exec(errors)?.[1];
  if (status !== undefined) return `Electron could not be downloaded, the server answered ${status}`;
  if (/fetch failed/.test(errors)) return 'Electron could not be downloaded, GitHub cannot be reached';
  if (/ENOSPC/.test(errors)) return 'Electron could not be unpacked, the disk is full';
  return 'Electron could not be downloaded';
}
