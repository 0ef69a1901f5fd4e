// Where things lie on this machine: the user's own folder, the engine's socket, what comes with the studio.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The user's own folder for recent projects, the sample's project and logs; the same for the window, the browser
 * and the command line. `EARMARK_HOME` puts it elsewhere.
 */
export function userDataFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment.EARMARK_HOME;
  if (own) return own;
  const home = homedir();
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'Earmark');
  if (process.platform === 'win32')
    return join(environment.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Earmark');
  return join(environment.XDG_DATA_HOME || join(home, '.local', 'share'), 'earmark');
}

export interface SocketPlace {
  readonly path: string;
  remove(): void;
}

/**
 * A fresh place for the engine's socket that only this user can reach. Short, because a Unix socket's path may
 * have about 100 bytes.
 */
export function makeSocketPlace(): SocketPlace {
  if (process.platform === 'win32') {
    return { path: `\\\\.\\pipe\\earmark-${randomBytes(12).toString('hex')}`, remove: () => {} };
  }
  const folder = mkdtempSync(join(tmpdir(), 'earmark-'));
  chmodSync(folder, 0o700);
  return { path: join(folder, 'engine'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function makeFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}
