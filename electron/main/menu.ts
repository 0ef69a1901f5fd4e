// The native menu, built from the shared list of commands. Items that a page knows are sent to it by id; their keys
// are shown here and handled by the page, which knows whether somebody is typing.
import type { BrowserWindow, KeyboardEvent, MenuItemConstructorOptions } from 'electron';
import {
  fileCommands,
  helpCommands,
  type MenuCommand,
  type MenuEntry,
  redoCommand,
  undoCommand,
  viewCommands,
} from '../../shared/commands.ts';

export interface MenuActions {
  openProject(): void;
  openDataset(): void;
  newWindow(): void;
  openLogs(): void;
  restartWithoutAcceleration(): void;
  /** To the page in front. */
  sendCommand(commandId: string): void;
}

type Item = MenuItemConstructorOptions;

const separator: Item = { type: 'separator' };

export function menuTemplate(
  actions: MenuActions,
  options: { platform: NodeJS.Platform; isPackaged: boolean },
): Item[] {
  const isMac = options.platform === 'darwin';
  const send = (commandId: string) => () => actions.sendCommand(commandId);
  const items = (entries: readonly MenuEntry[]): Item[] =>
    entries.map((entry) => (entry === 'separator' ? separator : commandItem(entry, send(entry.id))));
  return [
    ...(isMac ? [{ role: 'appMenu' } satisfies Item] : []),
    {
      label: 'File',
      submenu: [
        { label: 'Open Project...', accelerator: 'CmdOrCtrl+O', click: actions.openProject },
        { label: 'Open Dataset Folder...', accelerator: 'CmdOrCtrl+Shift+O', click: actions.openDataset },
        ...(isMac
          ? [
              {
                label: 'Open Recent',
                role: 'recentDocuments',
                submenu: [{ role: 'clearRecentDocuments' }],
              } satisfies Item,
            ]
          : []),
        separator,
        ...items(fileCommands),
        separator,
        { label: 'New Window', accelerator: 'CmdOrCtrl+Shift+N', click: actions.newWindow },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: 'Edit',
      submenu: [
        editItem(undoCommand, send(undoCommand.id), (window) => window.webContents.undo()),
        editItem(redoCommand, send(redoCommand.id), (window) => window.webContents.redo()),
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: 'View',
      submenu: [
        ...items(viewCommands),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(options.isPackaged
          ? []
          : [separator, { role: 'reload' } as Item, { role: 'toggleDevTools' } as Item]),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        ...items(helpCommands),
        separator,
        { label: 'Open the Logs Folder', click: actions.openLogs },
        { label: 'Restart without Hardware Acceleration', click: actions.restartWithoutAcceleration },
      ],
    },
  ];
}

/** `Mod+Shift+Z` in Electron's words. */
function acceleratorOf(keys: string): string {
  return keys.replace(/\bMod\b/, 'CmdOrCtrl');
}

function commandItem({ id, title, keys }: MenuCommand, click: () => void): Item {
  return {
    id,
    label: title,
    click,
    ...(keys === undefined ? {} : { accelerator: acceleratorOf(keys), registerAccelerator: false }),
  };
}

/**
 * Undo and redo are the studio's, but the text field's while somebody types. The page takes the keys first and keeps
 * them unless the focus is in a field, so keys that come through to the menu (on a Mac) are the field's.
 */
function editItem(command: MenuCommand, send: () => void, ofField: (window: BrowserWindow) => void): Item {
  return {
    ...commandItem(command, send),
    click: (_item, window, event: KeyboardEvent) => {
      if (event.triggeredByAccelerator && window !== undefined && 'webContents' in window) {
        ofField(window as BrowserWindow);
      } else {
        send();
      }
    },
  };
}
