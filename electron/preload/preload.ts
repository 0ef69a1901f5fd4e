// The only code between the page and the system: exposes `window.earmark` with what a web page cannot do. Sandboxed,
// so bundled into one CommonJS file; no path ever reaches the page.
import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import type { Place } from '../../shared/contract/common.ts';
import type { HostBridge } from '../../shared/contract/host.ts';
import { type BridgeReply, bridgeChannels } from '../ipc/bridge-channels.ts';

async function ask<Value>(channel: string, ...input: readonly unknown[]): Promise<Value> {
  const reply = (await ipcRenderer.invoke(channel, ...input)) as BridgeReply<Value>;
  if ('error' in reply) throw new Error(reply.error.message);
  return reply.value;
}

const bridge: HostBridge = {
  platform: process.platform,
  chooseFolder: () => ask<Place | null>(bridgeChannels.chooseFolder),
  chooseFile: (kinds) => ask<Place | null>(bridgeChannels.chooseFile, [...kinds]),
  chooseProject: () => ask<Place | null>(bridgeChannels.chooseProject),
  async placeOfDroppedFile(file) {
    const path = webUtils.getPathForFile(file as File);
    return path === '' ? null : ask<Place | null>(bridgeChannels.grantDropped, path);
  },
  revealClip: (clipId) => ask<void>(bridgeChannels.revealClip, clipId),
  setTitle: (title) => ipcRenderer.send(bridgeChannels.setTitle, title),
  onMenuCommand(callback) {
    // The event itself stays here: it would hand the page Electron's sender.
    const listener = (_event: IpcRendererEvent, commandId: string): void => callback(commandId);
    ipcRenderer.on(bridgeChannels.menuCommand, listener);
    return () => ipcRenderer.off(bridgeChannels.menuCommand, listener);
  },
};

contextBridge.exposeInMainWorld('earmark', bridge);
