// What the studio says about what was just done. One line at a time; errors stay until they are closed.
import { create } from 'zustand';
import type { ErrorData } from '../../../shared/errors.ts';

export interface Notice {
  readonly id: number;
  readonly kind: 'done' | 'error';
  /** A short lead word, such as `saved`. */
  readonly lead?: string;
  readonly text: string;
  readonly error?: ErrorData;
  readonly action?: { readonly title: string; readonly keys?: string; readonly run: () => void };
}

export const useNotices = create<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }));

let lastId = 0;
const SHOWN_MS = 8000;

/** Shows a notice. One of kind `done` takes the place of the one before it and leaves by itself. */
export function notify(notice: Omit<Notice, 'id'>): number {
  const id = ++lastId;
  useNotices.setState(({ notices }) => ({
    notices: [...notices.filter((other) => other.kind === 'error'), { ...notice, id }].slice(-4),
  }));
  if (notice.kind === 'done') setTimeout(() => closeNotice(id), SHOWN_MS);
  return id;
}

export function notifyError(error: ErrorData, action?: Notice['action']): number {
  return notify({ kind: 'error', text: error.message, error, ...(action ? { action } : {}) });
}

export function closeNotice(id: number): void {
  useNotices.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}
