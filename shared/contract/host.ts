// What a web page cannot do by itself. The desktop's preload exposes this as `window.earmark`; in the browser the
// renderer stands in with the in-app picker.
import type { Place } from './common.ts';

/** What a file chooser is asked for; `file` = any. */
export const fileKinds = ['project', 'table', 'array', 'audio', 'file'] as const;
export type FileKind = (typeof fileKinds)[number];

/** The DOM's `File`, which shared code does not know. */
export interface DroppedFile {
  readonly name: string;
  readonly size: number;
}

export interface HostBridge {
  /** Node's name of the platform (`darwin`, `linux`, `win32`), or `browser`. */
  readonly platform: string;
  /** Each resolves to null when the person closes the dialog without choosing. */
  chooseFolder(): Promise<Place | null>;
  chooseFile(kinds: readonly FileKind[]): Promise<Place | null>;
  chooseProject(): Promise<Place | null>;
  /** Null where the host cannot tell (browser) or the file is not on disk. */
  placeOfDroppedFile(file: DroppedFile): Promise<Place | null>;
  /** Shows the clip's file in the system's file manager. */
  revealClip(clipId: number): Promise<void>;
  setTitle(title: string): void;
  /** Calls back with the command id of a native menu item; returns the function that stops it. */
  onMenuCommand(callback: (commandId: string) => void): () => void;
}
