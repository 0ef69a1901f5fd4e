// The desktop shell put together: one instance, the supervised studio, windows, menu, files from the system.
import { join, resolve } from 'node:path';
import { app, BrowserWindow, dialog, Menu, session, shell } from 'electron';
import { toErrorData } from '../../shared/errors.ts';
import type { ProcessKind } from '../host/children.ts';
import { makeFolder, userDataFolder } from '../host/paths.ts';
import { createStudio, type HostedStudio } from '../host/studio.ts';
import { bridgeChannels } from '../ipc/bridge-channels.ts';
import { readShellArguments } from './arguments.ts';
import { choosePath, connectBridge, datasetChoice, projectChoice } from './bridge.ts';
import { lockContents, lockSession } from './lockdown.ts';
import { type Log, openLog } from './log.ts';
import { menuTemplate } from './menu.ts';
import { mountScheme, registerScheme } from './scheme.ts';
import { utilityChildren } from './utility-children.ts';
import { openWindow, type WindowOptions } from './windows.ts';

/** Chromium starts its GPU process again by itself; only when that does not help a person is asked. */
const GPU_CRASHES_TO_ASK = 2;

/** Starts the shell. Resolves when the first window is open; false when another instance has taken over. */
export async function startShell(): Promise<boolean> {
  const own = readShellArguments(process.argv, app.isPackaged);
  const givenPath = own.path === null ? null : resolve(own.path);
  app.setName('Earmark');
  const home = process.env.EARMARK_HOME;
  if (home) app.setPath('userData', join(home, 'window'));
  if (!app.requestSingleInstanceLock({ path: givenPath })) {
    app.quit();
    return false;
  }
  if (own.isWithoutAcceleration) app.disableHardwareAcceleration();
  app.enableSandbox();
  registerScheme();
  lockContents();

  // Files from the system may come before the app is ready.
  let openPath = (path: string): void => {
    earlyPaths.push(path);
  };
  const earlyPaths: string[] = givenPath === null ? [] : [givenPath];
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openPath(path);
  });
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const path = (data as { path?: string | null } | undefined)?.path ?? null;
    if (path !== null) openPath(path);
    toFront();
  });

  await app.whenReady();
  const log = openLog(app.getPath('logs'));
  const root = app.getAppPath();
  const dataFolder = makeFolder(userDataFolder());
  const windows: WindowOptions = {
    preloadFile: join(root, 'dist/preload/preload.cjs'),
    stateFile: join(dataFolder, 'window-state.json'),
    isPackaged: app.isPackaged,
  };
  const studio = createStudio({
    spawnChild: utilityChildren(
      {
        engine: join(root, 'dist/engine/entry.js'),
        worker: join(root, 'dist/worker/entry.js'),
        analysis: join(root, 'dist/analysis/entry.js'),
      },
      log,
    ),
    rendererFolder: join(root, 'dist/renderer'),
    samplePath: app.isPackaged ? join(process.resourcesPath, 'sample') : join(root, 'resources/sample'),
    dataFolder,
    allowedRoots: null,
    version: app.getVersion(),
  });
  lockSession(session.defaultSession);
  mountScheme(studio.handle);
  connectBridge(studio);
  offerRestartOnGpuCrashes(log);
  closeBeforeQuit(studio);
  openPath = (path) => void open(studio, path, log);
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate(
        {
          openProject: () => void chooseAndOpen(projectChoice, openPath),
          openDataset: () => void chooseAndOpen(datasetChoice, openPath),
          newWindow: () => void openWindow(windows),
          openLogs: () => void shell.openPath(app.getPath('logs')),
          restartWithoutAcceleration,
          sendCommand: (id) =>
            BrowserWindow.getFocusedWindow()?.webContents.send(bridgeChannels.menuCommand, id),
        },
        { platform: process.platform, isPackaged: app.isPackaged },
      ),
    ),
  );
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow(windows);
  });
  // The window does not wait for the engine: it shows itself and says what is missing.
  openWindow(windows);
  void runStudio(studio, log).then((isUp) => {
    if (isUp) for (const path of earlyPaths.splice(0)) openPath(path);
  });
  return true;
}

function toFront(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window === undefined) return;
  if (window.isMinimized()) window.restore();
  window.focus();
}

/** Starts the processes, and asks the person when they cannot be kept running. */
async function runStudio(studio: HostedStudio, log: Log): Promise<boolean> {
  studio.supervisor.onProcess((event) => {
    log(event.message);
    if (
      event.state === 'down' &&
      studio.supervisor.status(event.which) === 'given-up' &&
      studio.supervisor.hasBeenUp
    ) {
      void askToRetry(studio, event.which, event.message);
    }
  });
  try {
    await studio.start();
    return true;
  } catch (error) {
    const { message } = toErrorData(error);
    log(message);
    return askToRetry(studio, 'engine', message);
  }
}

const notRunning: Readonly<Record<ProcessKind, string>> = {
  engine: 'The engine does not run',
  worker: 'Recordings cannot be read',
  analysis: 'Models and maps cannot be computed',
};

async function askToRetry(studio: HostedStudio, which: ProcessKind, message: string): Promise<boolean> {
  // Stopped because the person quits is no trouble.
  if (studio.supervisor.status(which) !== 'given-up') return false;
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message: notRunning[which],
    detail: message,
    buttons: ['Try Again', 'Go On without It'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response !== 0) return false;
  studio.supervisor.retry(which);
  try {
    await studio.supervisor.untilReady();
    return true;
  } catch (error) {
    return which === 'engine' ? askToRetry(studio, which, toErrorData(error).message) : false;
  }
}

async function open(studio: HostedStudio, path: string, log: Log): Promise<void> {
  try {
    await studio.open(path);
    app.addRecentDocument(path);
    toFront();
  } catch (error) {
    const { message } = toErrorData(error);
    log(message);
    await dialog.showMessageBox({ type: 'error', message: 'This cannot be opened', detail: message });
  }
}

async function chooseAndOpen(choice: typeof projectChoice, openPath: (path: string) => void): Promise<void> {
  const path = await choosePath(BrowserWindow.getFocusedWindow(), choice);
  if (path !== null) openPath(path);
}

function offerRestartOnGpuCrashes(log: Log): void {
  let crashes = 0;
  app.on('child-process-gone', async (_event, { type, reason }) => {
    if (type !== 'GPU' || reason === 'clean-exit') return;
    log(`The graphics process stopped (${reason}).`);
    crashes++;
    if (crashes !== GPU_CRASHES_TO_ASK) return;
    const { response } = await dialog.showMessageBox({
      type: 'warning',
      message: 'The graphics process stopped several times',
      detail:
        'Earmark can be started again without hardware acceleration. Decisions that were shown as saved are on disk.',
      buttons: ['Restart without Acceleration', 'Go On'],
      defaultId: 0,
      cancelId: 1,
    });
    if (response === 0) restartWithoutAcceleration();
  });
}

function restartWithoutAcceleration(): void {
  const rest = process.argv.slice(1).filter((word) => word !== '--disable-gpu');
  app.relaunch({ args: [...rest, '--disable-gpu'] });
  app.quit();
}

/** Quitting waits for the engine to close the project; the supervisor bounds how long that may take. */
function closeBeforeQuit(studio: HostedStudio): void {
  let isClosing = false;
  let isClosed = false;
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    if (isClosing) return;
    isClosing = true;
    void studio.close().finally(() => {
      isClosed = true;
      app.quit();
    });
  });
}
