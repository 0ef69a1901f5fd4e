// Whether a media query holds now.
import { useSyncExternalStore } from 'react';

export function useMedia(query: string): boolean {
  const media = globalThis.matchMedia?.(query);
  return useSyncExternalStore(
    (changed) => {
      media?.addEventListener('change', changed);
      return () => media?.removeEventListener('change', changed);
    },
    () => media?.matches ?? false,
  );
}

/** Too narrow for an inspector beside the view: it lies over it when asked for. */
export const NARROW_WINDOW = '(max-width: 900px)';
