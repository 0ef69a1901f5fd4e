// Small remembered things (layout, theme, key map) in localStorage. Never throws: storage may be full or closed.

const PREFIX = 'earmark.';

/** The remembered value, or `fallback` when there is none, it is unreadable, or `isValid` refuses it. */
export function remembered<T>(
  key: string,
  fallback: T,
  isValid: (value: unknown) => boolean = () => true,
): T {
  try {
    const text = globalThis.localStorage?.getItem(PREFIX + key);
    if (text === null || text === undefined) return fallback;
    const value: unknown = JSON.parse(text);
    return isValid(value) ? (value as T) : fallback;
  } catch {
    return fallback;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    globalThis.localStorage?.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Remembering is a comfort; the studio works without it.
  }
}
