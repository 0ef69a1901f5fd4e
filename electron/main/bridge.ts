// The main process's side of `window.earmark`: native dialogs, dropped files, "show in folder", the title. Each call
// is answered only to the studio's own page, and paths become handles before they reach it.
import {
  BrowserWindow,
  dialog,
  type FileFilter,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  ipcMain,
  shell,
} from 'electron';
import { z } from 'zod';
import type { Place } from '../../shared/contract/common.ts';
import { type FileKind, fileKinds } from '../../shared/contract/host.ts';
import { toErrorData } from '../../shared/errors.ts';
import type { HostedStudio } from '../host/studio.ts';
import { type BridgeReply, bridgeChannels } from '../ipc/bridge-channels.ts';
import { isOfStudio } from './scheme.ts';

const filters: Readonly<Record<Exclude<FileKind, 'file'>, FileFilter>> = {
  project: { name: 'Earmark projects', extensions: ['earmark'] },
  table: { name: 'Tables', extensions: ['csv', 'tsv', 'jsonl', 'json', 'txt'] },
  array: { name: 'Arrays', extensions: ['npy'] },
  audio: { name: 'Recordings', extensions: ['wav', 'flac', 'mp3', 'opus', 'ogg', 'oga'] },
};

function filtersFor(kinds: readonly FileKind[]): FileFilter[] {
  const named = kinds.filter((kind) => kind !== 'file').map((kind) => filters[kind]);
  const all = { name: 'All fitting files', extensions: named.flatMap(({ extensions }) => extensions) };
  const any = kinds.includes('file') || named.length === 0 ? [{ name: 'All files', extensions: ['*'] }] : [];
  return [...(named.length > 1 ? [all] : []), ...named, ...any];
}

type Choice = Pick<Electron.OpenDialogOptions, 'title' | 'properties' | 'filters'>;

const folderChoice: Choice = { title: 'Choose a Folder', properties: ['openDirectory', 'createDirectory'] };
export const datasetChoice: Choice = { title: 'Open a Dataset Folder', properties: ['openDirectory'] };
export const projectChoice: Choice = {
  title: 'Open a Project',
  properties: ['openFile'],
  filters: filtersFor(['project']),
};

/** The chosen path, or null. */
export async function choosePath(window: BrowserWindow | null, choice: Choice): Promise<string | null> {
  const { canceled, filePaths } = await (window === null
    ? dialog.showOpenDialog(choice)
    : dialog.showOpenDialog(window, choice));
  return canceled ? null : (filePaths[0] ?? null);
}

export function connectBridge(studio: HostedStudio): void {
  const grant = async (path: string | null): Promise<Place | null> =>
    path === null ? null : studio.grant(path);
  answer(bridgeChannels.chooseFolder, z.tuple([]), async (window) =>
    grant(await choosePath(window, folderChoice)),
  );
  answer(bridgeChannels.chooseProject, z.tuple([]), async (window) =>
    grant(await choosePath(window, projectChoice)),
  );
  answer(bridgeChannels.chooseFile, z.tuple([z.array(z.enum(fileKinds)).max(10)]), async (window, kinds) =>
    grant(
      await choosePath(window, {
        title: 'Choose a File',
        properties: ['openFile'],
        filters: filtersFor(kinds),
      }),
    ),
  );
  answer(bridgeChannels.grantDropped, z.tuple([z.string().min(1).max(32_768)]), (_window, path) =>
    grant(path),
  );
  answer(bridgeChannels.revealClip, z.tuple([z.number().int().positive()]), async (_window, clipId) => {
    shell.showItemInFolder(await studio.pathOfClip(clipId));
  });
  ipcMain.on(bridgeChannels.setTitle, (event: IpcMainEvent, title: unknown) => {
    const window = windowOf(event);
    if (window !== null && typeof title === 'string') window.setTitle(title.slice(0, 300));
  });
}

function answer<Input extends readonly unknown[], Value>(
  channel: string,
  input: z.ZodType<Input>,
  act: (window: BrowserWindow, ...input: Input) => Promise<Value>,
): void {
  ipcMain.handle(
    channel,
    async (event: IpcMainInvokeEvent, ...given: unknown[]): Promise<BridgeReply<Value>> => {
      const window = windowOf(event);
      if (window === null) {
        return { error: { code: 'host/foreign-page', message: 'Only the studio itself may ask for this.' } };
      }
      const parsed = input.safeParse(given);
      if (!parsed.success) {
        return {
          error: { code: 'host/wrong-input', message: 'The window asked for something it cannot have.' },
        };
      }
      try {
        return { value: await act(window, ...parsed.data) };
      } catch (error) {
        return { error: toErrorData(error) };
      }
    },
  );
}

/** The window that asks, or null when the asking page is not the studio's own main frame. */
function windowOf(event: IpcMainInvokeEvent | IpcMainEvent): BrowserWindow | null {
  const { senderFrame, sender } = event;
  if (senderFrame === null || senderFrame.parent !== null || !isOfStudio(senderFrame.url)) return null;
  return BrowserWindow.fromWebContents(sender);
}
