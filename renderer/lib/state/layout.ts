// Where panels stand and how wide they are; theme and row height. Remembered on this machine.
import { create } from 'zustand';
import { remember, remembered } from '../storage.ts';

export type Theme = 'system' | 'light' | 'dark';

interface LayoutState {
  readonly theme: Theme;
  readonly isCompact: boolean;
  readonly isRailNarrow: boolean;
  readonly isInspectorOpen: boolean;
  readonly inspectorWidth: number;
  readonly areFacetsOpen: boolean;
  readonly facetsWidth: number;
  change(part: Partial<Omit<LayoutState, 'change'>>): void;
}

const initial = {
  theme: 'system' as Theme,
  isCompact: false,
  isRailNarrow: false,
  isInspectorOpen: true,
  inspectorWidth: 344,
  areFacetsOpen: true,
  facetsWidth: 184,
};

export const useLayout = create<LayoutState>((set, get) => ({
  ...initial,
  ...remembered<Partial<typeof initial>>(
    'layout',
    {},
    (value) => typeof value === 'object' && value !== null,
  ),
  theme: remembered<Theme>('theme', 'system', (v) => v === 'system' || v === 'light' || v === 'dark'),
  change(part) {
    set(part);
    const { change: _change, theme, ...rest } = get();
    remember('layout', rest);
    remember('theme', theme);
    applyTheme(theme);
  },
}));

/** Light or dark by hand, or as the system has it. */
function applyTheme(theme: Theme): void {
  const root = globalThis.document?.documentElement;
  if (!root) return;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
}

/** Row height in px of every table. */
export function useRowHeight(): number {
  return useLayout((layout) => (layout.isCompact ? 24 : 28));
}
