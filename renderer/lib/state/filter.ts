// The one filter expression that rules all views, with the way back. Editing of its text is shared/filter's work.
import { create } from 'zustand';

interface FilterState {
  /** Applied expression; empty = every clip. */
  readonly text: string;
  /** Earlier expressions, newest last. */
  readonly past: readonly string[];
  set(text: string): void;
  back(): void;
  clear(): void;
}

const DEPTH = 50;

export const useFilter = create<FilterState>((set, get) => ({
  text: '',
  past: [],
  set(text) {
    const next = text.trim();
    const { text: now, past } = get();
    if (next !== now) set({ text: next, past: [...past, now].slice(-DEPTH) });
  },
  back() {
    const { past } = get();
    const text = past.at(-1);
    if (text !== undefined) set({ text, past: past.slice(0, -1) });
  },
  clear() {
    get().set('');
  },
}));
