// What `npm start` says before anything is started.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { downloadFailure, whyNoWindow } from './electron-binary.ts';

const requireNode = join(import.meta.dirname, 'require-node.cjs');
const startFile = join(import.meta.dirname, 'start.ts');

function startWith(...words: readonly string[]): { status: number | null; stderr: string; stdout: string } {
  return spawnSync(process.execPath, ['--require', requireNode, startFile, ...words], {
    encoding: 'utf8',
    env: { ...process.env, EARMARK_BROWSER: '1', INIT_CWD: '/' },
  });
}

describe('an old Node', () => {
  it.each(['12.22.0', '18.20.8', '20.20.2', '22.11.0', '22.12.0', '23.5.0'])(
    '%s is told what is needed, in a sentence',
    (version) => {
      const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' }); require(${JSON.stringify(requireNode)}); console.log('went on')`;
      const { status, stderr, stdout } = spawnSync(process.execPath, ['-e', pretend], { encoding: 'utf8' });
      expect(status).toBe(2);
      expect(stderr).toContain(`Earmark needs Node 24 and this is Node ${version}`);
      expect(stdout).toBe('');
    },
  );

  it('is not taken for one when it runs TypeScript', () => {
    for (const version of ['22.18.0', '23.6.0', '24.0.0', '26.1.0']) {
      const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' }); require(${JSON.stringify(requireNode)})`;
      expect(spawnSync(process.execPath, ['-e', pretend]).status).toBe(0);
    }
  });
});

describe('npm start', () => {
  it('names a path that is not there, and starts nothing', () => {
    const { status, stderr } = startWith('no/such folder');
    expect(status).toBe(3);
    expect(stderr).toBe('/no/such folder: there is no such file or folder. Nothing was started.\n');
  });

  it('explains wrong usage', () => {
    expect(startWith('--port', '70000')).toMatchObject({ status: 2 });
    expect(startWith('--port', '70000').stderr).toContain('it goes from 0 to 65535');
    const unknown = startWith('--prot', '8080');
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain("Unknown option '--prot'");
    expect(unknown.stderr).toContain('--port N');
  });
});

describe('a window of its own', () => {
  it('is not tried where there can be none, and the reason is named', () => {
    expect(whyNoWindow({ EARMARK_BROWSER: '1', DISPLAY: ':0' }, 'linux', false)).toContain('EARMARK_BROWSER');
    expect(whyNoWindow({ CI: 'true', DISPLAY: ':0' }, 'linux', false)).toContain('CI');
    expect(whyNoWindow({}, 'linux', false)).toContain('no screen');
    expect(whyNoWindow({ DISPLAY: ':0' }, 'linux', true)).toContain('root');
    expect(whyNoWindow({ DISPLAY: ':0' }, 'linux', false)).toBe(null);
    expect(whyNoWindow({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', false)).toBe(null);
    expect(whyNoWindow({}, 'darwin', false)).toBe(null);
    expect(whyNoWindow({ EARMARK_BROWSER: '0', CI: 'false' }, 'win32', false)).toBe(null);
  });

  it('that cannot be downloaded is explained in one clause', () => {
    expect(downloadFailure('TypeError: fetch failed\n  cause: Error: getaddrinfo ENOTFOUND github.com')).toBe(
      'Electron could not be downloaded, GitHub cannot be reached (ENOTFOUND)',
    );
    expect(downloadFailure('HTTPError: Response code 404 (Not Found) for https://...')).toContain(
      'answered 404',
    );
    expect(downloadFailure('Error: ENOSPC: no space left on device')).toContain('disk is full');
    expect(downloadFailure('')).toBe('Electron could not be downloaded');
  });
});
