// The desktop shell against a stand-in for `electron`; engine and worker are real processes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { brokenEntry, fixtureEntries } from '../host/testing/fixture-studio.ts';
import { bridgeChannels } from '../ipc/bridge-channels.ts';
import { startShell } from './shell.ts';
import * as electron from './testing/electron-stand-in.ts';

// Real processes start as fast as the machine lets them.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
const eventually = (check: () => unknown): Promise<unknown> =>
  vi.waitFor(check, { timeout: 20_000, interval: 20 });

vi.mock('electron', () => import('./testing/electron-stand-in.ts'));

const { app, BrowserWindow, record, session } = electron;
const { argv } = process;
let home = '';

beforeEach(() => {
  electron.reset();
  home = mkdtempSync(join(tmpdir(), 'earmark-shell-'));
  process.env.EARMARK_HOME = home;
  record.appPath = home;
  record.logs = join(home, 'logs');
  record.entryFor = (path) => (path.includes('engine') ? fixtureEntries.engine : fixtureEntries.worker);
  process.argv = ['electron', '.'];
});

afterEach(async () => {
  if (record.protocols.size > 0) {
    const before = record.quits;
    app.quit();
    await eventually(() => expect(record.quits).toBe(before + 1));
  }
  process.argv = argv;
  delete process.env.EARMARK_HOME;
  rmSync(home, { recursive: true, force: true });
});

async function start(): Promise<InstanceType<typeof BrowserWindow>> {
  const starting = startShell();
  electron.ready();
  expect(await starting).toBe(true);
  return BrowserWindow.all[0] as InstanceType<typeof BrowserWindow>;
}

function request(path: string, body?: unknown): Promise<Response> {
  const handler = record.protocols.get('earmark');
  if (handler === undefined) throw new Error('no scheme');
  const init =
    body === undefined ? {} : { method: 'POST', headers: { 'x-earmark': '1' }, body: JSON.stringify(body) };
  return handler(new Request(`earmark://studio${path}`, init));
}

function menuItem(label: string): MenuItemConstructorOptions {
  const found = record.menu
    .flatMap((top) => (Array.isArray(top.submenu) ? top.submenu : []))
    .find((item) => item.label === label);
  if (found === undefined) throw new Error(`no menu item ${label}`);
  return found;
}

const click = (item: MenuItemConstructorOptions, window?: unknown, event: unknown = {}): void => {
  (item.click as unknown as (item: unknown, window: unknown, event: unknown) => void)(item, window, event);
};

/** The studio's page asks through the bridge. */
function ask(
  channel: string,
  window: InstanceType<typeof BrowserWindow>,
  ...input: unknown[]
): Promise<unknown> {
  const senderFrame = { url: 'earmark://studio/#/clips', parent: null };
  return record.ipc.get(channel)?.({ sender: window.webContents, senderFrame }, ...input) as Promise<unknown>;
}

describe('the window', () => {
  it('is sandboxed, isolated and knows no Node', async () => {
    const window = await start();
    expect(window.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      allowRunningInsecureContent: false,
      preload: join(home, 'dist/preload/preload.cjs'),
    });
    expect(record.isSandboxed).toBe(true);
    expect(window.loaded).toEqual(['earmark://studio/']);
  });

  it('shows itself when its page is ready', async () => {
    const window = await start();
    expect(window.visible).toBe(false);
    window.emit('ready-to-show');
    expect(window.visible).toBe(true);
  });

  it('shows itself within three seconds also when its page never gets ready', async () => {
    const starting = startShell();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      electron.ready();
      await starting;
      vi.advanceTimersByTime(3000);
      expect(BrowserWindow.all[0]?.visible).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('says what is wrong when its page cannot be loaded, and is never blank', async () => {
    const window = await start();
    window.webContents.emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND <x>', 'earmark://studio/', true);
    const page = decodeURIComponent(window.loaded.at(-1) ?? '');
    expect(page).toContain('The studio cannot show its page');
    expect(page).toContain('&#60;x&#62;');
  });

  it('whose page was never built gets a page in words', async () => {
    await start();
    const answer = await request('/');
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('The interface is missing');
  });

  it('loads its page again when that crashes, with a notice, but not for ever', async () => {
    const window = await start();
    for (let crash = 1; crash <= 3; crash++) {
      window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
      expect(window.loaded.at(-1)).toBe('earmark://studio/');
    }
    expect(record.dialogs[0]?.message).toContain('loaded again');
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(window.loaded.at(-1)).toContain('data:text/html');
  });

  it('comes back where it was', async () => {
    const first = await start();
    first.emit('close');
    expect(JSON.parse(readFileSync(join(home, 'window-state.json'), 'utf8'))).toMatchObject({
      bounds: { x: 40, y: 50, width: 1000, height: 700 },
    });
    BrowserWindow.all = [];
    app.emit('activate');
    expect(BrowserWindow.all[0]?.options).toMatchObject({ x: 40, y: 50, width: 1000, height: 700 });
  });
});

describe('what a page may not do', () => {
  it('asks for permissions in vain, but for copying text and the microphone', async () => {
    const window = await start();
    const { defaultSession } = session;
    const isGranted = (permission: string, details: { mediaTypes?: string[] } = {}): boolean | null => {
      let answer: boolean | null = null;
      defaultSession.permissionRequest?.(
        window.webContents,
        permission,
        (granted) => {
          answer = granted;
        },
        details,
      );
      return answer;
    };
    const refused = ['geolocation', 'notifications', 'openExternal', 'hid', 'clipboard-read'];
    for (const permission of refused) {
      expect(isGranted(permission)).toBe(false);
      expect(defaultSession.permissionCheck?.(null, permission, 'earmark://studio/', {})).toBe(false);
    }
    expect(isGranted('media', { mediaTypes: ['audio'] })).toBe(true);
    expect(isGranted('media', { mediaTypes: ['audio', 'video'] })).toBe(false);
    expect(isGranted('media', { mediaTypes: ['video'] })).toBe(false);
    expect(isGranted('media')).toBe(false);
    const check = (permission: string, origin: string, mediaType?: string) =>
      defaultSession.permissionCheck?.(null, permission, origin, mediaType ? { mediaType } : {});
    expect(check('clipboard-sanitized-write', 'earmark://studio/')).toBe(true);
    expect(check('clipboard-sanitized-write', 'https://evil.example/')).toBe(false);
    expect(check('media', 'earmark://studio/', 'audio')).toBe(true);
    expect(check('media', 'earmark://studio/', 'video')).toBe(false);
    expect(check('media', 'earmark://studio/')).toBe(false);
    expect(check('media', 'https://evil.example/', 'audio')).toBe(false);
    expect(defaultSession.device?.()).toBe(false);
  });

  it('never navigates away, opens windows, embeds pages or is redirected', async () => {
    const { webContents } = await start();
    const isPrevented = (event: string, url: string, isMainFrame = true): boolean => {
      let prevented = false;
      webContents.emit(event, { url, isMainFrame, preventDefault: () => (prevented = true) });
      return prevented;
    };
    expect(isPrevented('will-navigate', 'https://evil.example/')).toBe(true);
    expect(isPrevented('will-navigate', 'file:///etc/passwd')).toBe(true);
    expect(isPrevented('will-navigate', 'earmark://elsewhere/')).toBe(true);
    expect(isPrevented('will-navigate', 'earmark://studio/')).toBe(false);
    expect(isPrevented('will-frame-navigate', 'earmark://studio/', false)).toBe(true);
    expect(isPrevented('will-redirect', 'earmark://studio/')).toBe(true);
    expect(isPrevented('will-attach-webview', '')).toBe(true);
    expect(webContents.windowOpenHandler?.()).toEqual({ action: 'deny' });
  });

  it('reaches no network', async () => {
    await start();
    const isCancelled = (url: string): boolean => {
      let cancelled = false;
      session.defaultSession.beforeRequest?.({ url }, ({ cancel }) => {
        cancelled = cancel;
      });
      return cancelled;
    };
    for (const url of [
      'https://example.com/',
      'http://127.0.0.1/',
      'ws://localhost/',
      'file:///etc/passwd',
    ]) {
      expect(isCancelled(url)).toBe(true);
    }
    expect(isCancelled('earmark://studio/')).toBe(false);
    expect(isCancelled('blob:earmark://studio/1')).toBe(false);
  });
});

describe('the scheme', () => {
  it('is registered before the app is ready, as a secure standard scheme that streams', async () => {
    await start();
    expect(record.wasReadyAtSchemes).toBe(false);
    expect(record.schemes).toMatchObject([
      {
        scheme: 'earmark',
        privileges: {
          standard: true,
          secure: true,
          supportFetchAPI: true,
          stream: true,
          codeCache: true,
          bypassCSP: false,
          allowServiceWorkers: false,
        },
      },
    ]);
  });

  it('reaches the engine, with byte ranges, and nothing that is the host’s own', async () => {
    await start();
    expect(await (await request('/rpc/echo', { a: 1 })).json()).toMatchObject({
      body: '{"a":1}',
      isSecretRight: true,
    });
    const ranged = await record.protocols.get('earmark')?.(
      new Request('earmark://studio/media/audio/1.wav', { headers: { range: 'bytes=2-5' } }),
    );
    expect(ranged?.status).toBe(206);
    expect(await ranged?.text()).toBe('2345');
    expect((await request('/internal/open', { path: '/' })).status).toBe(403);
    const elsewhere = await record.protocols.get('earmark')?.(new Request('earmark://elsewhere/rpc/echo'));
    expect(elsewhere?.status).toBe(404);
  });
});

describe('supervision', () => {
  it('starts a killed engine again', async () => {
    await start();
    const before = (await (await request('/rpc/echo', {})).json()) as { pid: number };
    process.kill(before.pid, 'SIGKILL');
    await eventually(async () => {
      const answer = await request('/rpc/echo', {});
      expect(answer.status).toBe(200);
      expect(((await answer.json()) as { pid: number }).pid).not.toBe(before.pid);
    });
  });

  it('ends a worker that hangs by force', async () => {
    await start();
    await request('/rpc/worker', { do: 'echo' });
    const hanging = request('/rpc/worker', { do: 'hang' });
    await request('/rpc/kill-worker', {});
    expect(await (await hanging).json()).toMatchObject({ lost: 'cancelled' });
    expect(await (await request('/rpc/worker', { do: 'echo' })).json()).toMatchObject({ samples: 2 });
  });

  it('asks the person when the engine cannot be kept running, and keeps the window open', async () => {
    record.entryFor = () => brokenEntry;
    const window = await start();
    await eventually(() => expect(record.dialogs[0]?.message).toBe('The engine does not run'));
    expect(record.dialogs[0]?.detail).toContain('again and again');
    expect(BrowserWindow.all).toContain(window);
    expect((await request('/rpc/echo', {})).status).toBe(503);
    expect(readFileSync(join(home, 'logs/earmark.log'), 'utf8')).toContain('again and again');
  });

  it('leaves no process behind', async () => {
    await start();
    await request('/rpc/echo', {});
    app.quit();
    await eventually(() => expect(record.quits).toBe(1));
    for (const child of record.children) expect(child.exitCode ?? child.signalCode).not.toBe(null);
    record.protocols.clear();
  });
});

describe('opening from the system', () => {
  it('opens what the command line names, and remembers it', async () => {
    process.argv = ['electron', '.', '--enable-x', join(home, 'words.earmark')];
    await start();
    await eventually(() => expect(record.recentDocuments).toEqual([join(home, 'words.earmark')]));
  });

  it('opens a file that the system names before the app is ready', async () => {
    const starting = startShell();
    let isPrevented = false;
    app.emit('open-file', { preventDefault: () => (isPrevented = true) }, '/data/early.earmark');
    electron.ready();
    await starting;
    expect(isPrevented).toBe(true);
    await eventually(() => expect(record.recentDocuments).toEqual(['/data/early.earmark']));
  });

  it('hands a second start over to the first', async () => {
    const window = await start();
    await request('/rpc/echo', {});
    app.emit('second-instance', {}, [], '/', { path: '/data/second.earmark' });
    await eventually(() => expect(record.recentDocuments).toEqual(['/data/second.earmark']));
    expect(window.focused).toBeGreaterThan(0);
  });

  it('is not done by a second instance, which ends', async () => {
    record.hasLock = false;
    expect(await startShell()).toBe(false);
    expect(record.quits).toBe(1);
    expect(BrowserWindow.all).toEqual([]);
  });

  it('says why something cannot be opened', async () => {
    await start();
    await request('/rpc/echo', {});
    app.emit('open-file', { preventDefault: () => {} }, '/data/notes.txt');
    await eventually(() =>
      expect(record.dialogs.at(-1)?.detail).toBe('/data/notes.txt: there is no such file.'),
    );
    expect(record.recentDocuments).toEqual([]);
  });
});

describe('the bridge', () => {
  it('gives the page a handle for what was chosen, never the path', async () => {
    const window = await start();
    record.chosenPath = '/data/words';
    const reply = await ask(bridgeChannels.chooseFolder, window);
    expect(reply).toEqual({ value: { handle: 'h1', name: 'words' } });
    expect(record.dialogs.at(-1)?.properties).toContain('openDirectory');
    record.chosenPath = null;
    expect(await ask(bridgeChannels.chooseFile, window, ['table', 'array'])).toEqual({ value: null });
  });

  it('answers only the studio’s own main page', async () => {
    const window = await start();
    record.chosenPath = '/data/words';
    const foreign = [
      { url: 'https://evil.example/', parent: null },
      { url: 'earmark://studio/', parent: {} },
      null,
    ];
    for (const senderFrame of foreign) {
      const reply = await record.ipc.get(bridgeChannels.chooseFolder)?.({
        sender: window.webContents,
        senderFrame,
      });
      expect(reply).toMatchObject({ error: { code: 'host/foreign-page' } });
    }
    expect(record.dialogs).toEqual([]);
  });

  it('refuses input that no page of ours sends', async () => {
    const window = await start();
    expect(await ask(bridgeChannels.revealClip, window, '../../etc/passwd')).toMatchObject({
      error: { code: 'host/wrong-input' },
    });
    expect(await ask(bridgeChannels.chooseFile, window, ['everything'])).toHaveProperty('error');
    expect(record.shown).toEqual([]);
  });

  it('shows a clip in its folder, and sets the title', async () => {
    const window = await start();
    expect(await ask(bridgeChannels.revealClip, window, 7)).toEqual({ value: undefined });
    expect(record.shown).toEqual(['/data/clip-7.wav']);
    const senderFrame = { url: 'earmark://studio/', parent: null };
    electron.ipcMain.emit(
      bridgeChannels.setTitle,
      { sender: window.webContents, senderFrame },
      'words - Earmark',
    );
    expect(window.title).toBe('words - Earmark');
  });
});

describe('the menu', () => {
  it('sends commands to the page by their id, and leaves their keys to it', async () => {
    const window = await start();
    const item = menuItem('Command Palette');
    expect(item).toMatchObject({ accelerator: 'CmdOrCtrl+K', registerAccelerator: false });
    click(item);
    expect(window.webContents.sent).toEqual([[bridgeChannels.menuCommand, 'app.palette']]);
  });

  it('undoes decisions when chosen, but typing when its keys come through from a field', async () => {
    const window = await start();
    click(menuItem('Undo'), window, { triggeredByAccelerator: false });
    expect(window.webContents.sent).toEqual([[bridgeChannels.menuCommand, 'decisions.undo']]);
    click(menuItem('Undo'), window, { triggeredByAccelerator: true });
    expect(window.webContents.fieldCommands).toEqual(['undo']);
    expect(window.webContents.sent).toHaveLength(1);
  });

  it('opens a chosen dataset folder', async () => {
    await start();
    await request('/rpc/echo', {});
    record.chosenPath = '/data/words.earmark';
    click(menuItem('Open Dataset Folder...'));
    await eventually(() => expect(record.recentDocuments).toEqual(['/data/words.earmark']));
  });

  it('opens the folder of the logs', async () => {
    await start();
    click(menuItem('Open the Logs Folder'));
    expect(record.opened).toEqual([join(home, 'logs')]);
  });
});

describe('graphics', () => {
  it('that fail repeatedly are answered with the offer to restart without acceleration', async () => {
    await start();
    record.chosenButton = 0;
    app.emit('child-process-gone', {}, { type: 'Utility', reason: 'crashed' });
    app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed' });
    expect(record.dialogs).toEqual([]);
    app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed' });
    await eventually(() => expect(record.relaunches).toEqual([['.', '--disable-gpu']]));
  });

  it('are off when the shell is started so', async () => {
    process.argv = ['electron', '.', '--disable-gpu'];
    await start();
    expect(record.isAccelerated).toBe(false);
  });
});

describe('a damaged window state', () => {
  it('is passed over', async () => {
    writeFileSync(join(home, 'window-state.json'), '{"bounds":{"x":"left"}}');
    const window = await start();
    expect(window.options).toMatchObject({ width: 1360, height: 860 });
  });
});
