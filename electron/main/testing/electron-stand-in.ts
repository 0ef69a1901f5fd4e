// Stands in for the module `electron`, which cannot run everywhere: records what the shell asks for, and lets tests
// play the system. Its utility processes are real child processes.
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions, CustomScheme, MenuItemConstructorOptions } from 'electron';

type Handler = (request: Request) => Promise<Response>;

/** What happened, for tests to look at; `reset` before each. */
export const record = {
  userData: '',
  logs: '',
  appPath: '',
  hasLock: true,
  quits: 0,
  exits: [] as number[],
  relaunches: [] as (readonly string[])[],
  recentDocuments: [] as string[],
  isSandboxed: false,
  isAccelerated: true,
  schemes: [] as CustomScheme[],
  /** Whether the app was ready when the schemes were registered. */
  wasReadyAtSchemes: false,
  protocols: new Map<string, Handler>(),
  menu: [] as MenuItemConstructorOptions[],
  ipc: new Map<string, (event: unknown, ...input: unknown[]) => unknown>(),
  dialogs: [] as { message?: string; detail?: string; buttons?: string[]; properties?: string[] }[],
  /** What the person answers: paths for choosing, a button for messages. */
  chosenPath: null as string | null,
  chosenButton: 1,
  shown: [] as string[],
  opened: [] as string[],
  children: [] as ChildProcess[],
  /** Which file a utility process really runs. */
  entryFor: (path: string): string => path,
};

let isReady = false;
let becomeReady: () => void = () => {};
let whenReady: Promise<void> = Promise.resolve();

export function reset(): void {
  isReady = false;
  whenReady = new Promise((resolve) => {
    becomeReady = () => {
      isReady = true;
      resolve();
    };
  });
  app.removeAllListeners();
  ipcMain.removeAllListeners();
  BrowserWindow.all = [];
  Object.assign(record, {
    hasLock: true,
    quits: 0,
    exits: [],
    relaunches: [],
    recentDocuments: [],
    isSandboxed: false,
    isAccelerated: true,
    schemes: [],
    wasReadyAtSchemes: false,
    protocols: new Map(),
    menu: [],
    ipc: new Map(),
    dialogs: [],
    chosenPath: null,
    chosenButton: 1,
    shown: [],
    opened: [],
    children: [],
  });
}

class App extends EventEmitter {
  isPackaged = false;
  setName(): void {}
  getVersion(): string {
    return '0.1.0';
  }
  getAppPath(): string {
    return record.appPath;
  }
  getPath(name: string): string {
    return name === 'logs' ? record.logs : record.userData;
  }
  setPath(name: string, path: string): void {
    if (name === 'userData') record.userData = path;
  }
  requestSingleInstanceLock(): boolean {
    return record.hasLock;
  }
  disableHardwareAcceleration(): void {
    record.isAccelerated = false;
  }
  enableSandbox(): void {
    record.isSandboxed = !isReady;
  }
  whenReady(): Promise<void> {
    return whenReady;
  }
  relaunch(options: { args: readonly string[] }): void {
    record.relaunches.push(options.args);
  }
  addRecentDocument(path: string): void {
    record.recentDocuments.push(path);
  }
  exit(code: number): void {
    record.exits.push(code);
  }
  /** As Electron: `will-quit` may prevent it. */
  quit(): void {
    let isPrevented = false;
    this.emit('will-quit', { preventDefault: () => (isPrevented = true) });
    if (!isPrevented) record.quits++;
  }
}

export const app = new App();

export function ready(): void {
  becomeReady();
}

export const protocol = {
  registerSchemesAsPrivileged(schemes: CustomScheme[]): void {
    record.schemes = schemes;
    record.wasReadyAtSchemes = isReady;
  },
  handle(scheme: string, handler: Handler): void {
    record.protocols.set(scheme, handler);
  },
};

export class WebContents extends EventEmitter {
  windowOpenHandler: (() => { action: string }) | null = null;
  readonly sent: unknown[][] = [];
  readonly fieldCommands: string[] = [];
  url = '';
  getURL(): string {
    return this.url;
  }
  setWindowOpenHandler(handler: () => { action: string }): void {
    this.windowOpenHandler = handler;
  }
  send(...message: unknown[]): void {
    this.sent.push(message);
  }
  undo(): void {
    this.fieldCommands.push('undo');
  }
  redo(): void {
    this.fieldCommands.push('redo');
  }
}

export class BrowserWindow extends EventEmitter {
  static all: BrowserWindow[] = [];
  static getAllWindows(): BrowserWindow[] {
    return BrowserWindow.all;
  }
  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.all[0] ?? null;
  }
  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return BrowserWindow.all.find((window) => window.webContents === contents) ?? null;
  }
  readonly options: BrowserWindowConstructorOptions;
  readonly webContents = new WebContents();
  readonly loaded: string[] = [];
  title = '';
  visible = false;
  maximized = false;
  focused = 0;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    BrowserWindow.all.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    this.webContents.url = url;
  }
  show(): void {
    this.visible = true;
  }
  isVisible(): boolean {
    return this.visible;
  }
  isDestroyed(): boolean {
    return false;
  }
  maximize(): void {
    this.maximized = true;
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  isMinimized(): boolean {
    return false;
  }
  focus(): void {
    this.focused++;
  }
  setTitle(title: string): void {
    this.title = title;
  }
  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    return { x: 40, y: 50, width: 1000, height: 700 };
  }
}

export const screen = {
  getPrimaryDisplay: () => ({ id: 1 }),
  getAllDisplays: () => [{ id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } }],
};
export const nativeTheme = { shouldUseDarkColors: true };
export const shell = {
  showItemInFolder: (path: string) => void record.shown.push(path),
  openPath: async (path: string) => {
    record.opened.push(path);
    return '';
  },
};

export const Menu = {
  buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
  setApplicationMenu: (template: MenuItemConstructorOptions[]) => {
    record.menu = template;
  },
};

type DialogInput = (typeof record.dialogs)[number];
export const dialog = {
  async showMessageBox(...input: unknown[]) {
    record.dialogs.push(input.at(-1) as DialogInput);
    return { response: record.chosenButton };
  },
  async showOpenDialog(...input: unknown[]) {
    record.dialogs.push(input.at(-1) as DialogInput);
    const path = record.chosenPath;
    return { canceled: path === null, filePaths: path === null ? [] : [path] };
  },
};

class IpcMain extends EventEmitter {
  handle(channel: string, handler: (event: unknown, ...input: unknown[]) => unknown): void {
    record.ipc.set(channel, handler);
  }
}
export const ipcMain = new IpcMain();

type PermissionRequest = (
  contents: WebContents,
  permission: string,
  answer: (granted: boolean) => void,
  details: { mediaTypes?: readonly string[] },
) => void;
type PermissionCheck = (
  contents: WebContents | null,
  permission: string,
  origin: string,
  details: { mediaType?: string },
) => boolean;
type BeforeRequest = (details: { url: string }, answer: (reply: { cancel: boolean }) => void) => void;

export const session = {
  defaultSession: {
    permissionRequest: null as PermissionRequest | null,
    permissionCheck: null as PermissionCheck | null,
    device: null as (() => boolean) | null,
    beforeRequest: null as BeforeRequest | null,
    setPermissionRequestHandler(handler: PermissionRequest) {
      this.permissionRequest = handler;
    },
    setPermissionCheckHandler(handler: PermissionCheck) {
      this.permissionCheck = handler;
    },
    setDevicePermissionHandler(handler: () => boolean) {
      this.device = handler;
    },
    setDisplayMediaRequestHandler() {},
    webRequest: {
      onBeforeRequest: (handler: BeforeRequest) => {
        session.defaultSession.beforeRequest = handler;
      },
    },
  },
};

/** A utility process over a forked Node process: the same messages, the same events. */
class UtilityProcess extends EventEmitter {
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
  private readonly child: ChildProcess;

  constructor(path: string) {
    super();
    this.child = fork(record.entryFor(path), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    });
    record.children.push(this.child);
    this.stdout = this.child.stdout;
    this.stderr = this.child.stderr;
    this.child.on('message', (message) => this.emit('message', message));
    this.child.on('exit', (code) => this.emit('exit', code ?? 9));
  }
  get pid(): number | undefined {
    return this.child.exitCode === null ? this.child.pid : undefined;
  }
  postMessage(message: unknown): void {
    if (this.child.connected) this.child.send(message as object, () => {});
  }
  kill(): boolean {
    return this.child.kill();
  }
}

export const utilityProcess = {
  fork: (path: string, _args: readonly string[], _options: unknown) => new UtilityProcess(path),
};
