// The studio's windows: made locked, shown within three seconds whatever happens, brought back when their page dies.
import { BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import { studioUrl } from './scheme.ts';
import { fittingBounds, MIN_SIZE, readWindowState, writeWindowState } from './window-state.ts';

const SHOW_AT_LATEST_MS = 2500;
/** A page that dies so often in a minute is not loaded again by itself. */
const MAX_RELOADS = 3;
const RELOAD_WINDOW_MS = 60_000;

export interface WindowOptions {
  readonly preloadFile: string;
  readonly stateFile: string;
  readonly isPackaged: boolean;
}

export function openWindow(options: WindowOptions): BrowserWindow {
  const kept = readWindowState(options.stateFile);
  const { id } = screen.getPrimaryDisplay();
  const displays = screen.getAllDisplays().sort((a, b) => Number(b.id === id) - Number(a.id === id));
  const isFirst = BrowserWindow.getAllWindows().length === 0;
  const bounds = fittingBounds(
    kept?.bounds ?? null,
    displays.map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...(isFirst ? bounds : { width: bounds.width, height: bounds.height }),
    minWidth: MIN_SIZE.width,
    minHeight: MIN_SIZE.height,
    show: false,
    title: 'Earmark',
    // The ground of the page, so that nothing flashes before it is drawn.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#141517' : '#fbfbfa',
    webPreferences: {
      preload: options.preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
      devTools: !options.isPackaged,
      // Playing is always asked for by a key or a switch of the studio.
      autoplayPolicy: 'no-user-gesture-required',
    },
  });
  showSoon(window, isFirst && (kept?.isMaximized ?? false));
  keepState(window, options.stateFile);
  surviveCrashes(window);
  void window.loadURL(studioUrl).catch(() => {
    // 'did-fail-load' shows why.
  });
  return window;
}

function showSoon(window: BrowserWindow, isMaximized: boolean): void {
  const show = (): void => {
    clearTimeout(timer);
    if (window.isDestroyed() || window.isVisible()) return;
    if (isMaximized) window.maximize();
    window.show();
  };
  const timer = setTimeout(show, SHOW_AT_LATEST_MS);
  window.once('ready-to-show', show);
  window.once('closed', () => clearTimeout(timer));
}

function keepState(window: BrowserWindow, file: string): void {
  window.on('close', () => {
    writeWindowState(file, { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
  });
}

function surviveCrashes(window: BrowserWindow): void {
  let reloads: number[] = [];
  window.webContents.on('did-fail-load', (_event, errorCode, description, _url, isMainFrame) => {
    // -3: superseded by another load.
    if (isMainFrame && errorCode !== -3) void window.loadURL(failurePage(description));
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const now = performance.now();
    reloads = [...reloads.filter((at) => now - at < RELOAD_WINDOW_MS), now];
    if (reloads.length > MAX_RELOADS) {
      void window.loadURL(failurePage(`The page stopped again and again (${reason}).`));
      return;
    }
    void window.loadURL(studioUrl).catch(() => {});
    void dialog.showMessageBox(window, {
      type: 'warning',
      message: 'The window stopped and was loaded again',
      detail: `Its page ended unexpectedly (${reason}). Decisions that were shown as saved are on disk.`,
    });
  });
  window.on('unresponsive', async () => {
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      message: 'The window does not answer',
      detail: 'Decisions that were shown as saved are on disk.',
      buttons: ['Wait', 'Load It Again'],
      defaultId: 0,
      cancelId: 0,
    });
    if (response === 1 && !window.isDestroyed()) window.webContents.forcefullyCrashRenderer();
  });
}

/** Shown when the studio's page cannot be: never a blank window. Plain, because nothing else may be there. */
function failurePage(reason: string): string {
  const safe = reason.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Earmark</title>
<meta name="color-scheme" content="light dark">
<body style="font: 13px/20px system-ui, sans-serif; margin: 10vh auto; max-width: 36em; padding: 0 2em">
<h1 style="font-size: 16px">The studio cannot show its page</h1>
<p>${safe}</p><p>Your projects are unharmed. Close Earmark and start it again; the logs are in the Help menu.</p></body></html>`;
  return `data:text/html;charset=utf-8,${encodeURIComponent(page)}`;
}
