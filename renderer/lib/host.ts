// The one `host` object: the desktop's bridge where there is one, else the browser's stand-in over the in-app picker.
import type { Place } from '../../shared/contract/common.ts';
import type { FileKind, HostBridge } from '../../shared/contract/host.ts';

declare global {
  interface Window {
    readonly earmark?: HostBridge;
  }
}

export type PickerRequest =
  | { readonly choose: 'folder'; readonly kinds: readonly FileKind[] }
  | { readonly choose: 'file'; readonly kinds: readonly FileKind[] };

let openPicker: (request: PickerRequest) => Promise<Place | null> = async () => null;

/** The app hands in the picker dialog (features/places) once it is on the screen. */
export function setPicker(picker: (request: PickerRequest) => Promise<Place | null>): void {
  openPicker = picker;
}

const browserHost: HostBridge = {
  platform: 'browser',
  chooseFolder: () => openPicker({ choose: 'folder', kinds: [] }),
  chooseFile: (kinds) => openPicker({ choose: 'file', kinds }),
  chooseProject: () => openPicker({ choose: 'file', kinds: ['project'] }),
  placeOfDroppedFile: async () => null,
  revealClip: async () => {},
  setTitle: (title) => {
    document.title = title;
  },
  onMenuCommand: () => () => {},
};

export const host: HostBridge = globalThis.window?.earmark ?? browserHost;
export const isDesktop = host !== browserHost;
