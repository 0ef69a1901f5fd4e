// What the preload and the main process call each other's messages.
import type { ErrorData } from '../../shared/errors.ts';

export const bridgeChannels = {
  chooseFolder: 'earmark:choose-folder',
  chooseFile: 'earmark:choose-file',
  chooseProject: 'earmark:choose-project',
  grantDropped: 'earmark:grant-dropped',
  revealClip: 'earmark:reveal-clip',
  setTitle: 'earmark:set-title',
  menuCommand: 'earmark:menu-command',
} as const;

/** Errors cross Electron's IPC as data: it would wrap thrown ones in words of its own. */
export type BridgeReply<Value> = { readonly value: Value } | { readonly error: ErrorData };
