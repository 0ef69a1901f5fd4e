// Colours of the tokens for canvases, read once per theme; and the two colour maps of the spectrogram.
import { useEffect, useState } from 'react';

export interface CanvasColours {
  readonly accent: string;
  readonly text: string;
  readonly secondary: string;
  readonly ground: string;
  readonly hairline: string;
  readonly wrong: string;
}

const names = ['accent', 'text', 'secondary', 'ground', 'hairline', 'wrong'] as const;

function read(): CanvasColours {
  // `light-dark()` is resolved by a real property of a real element only.
  const probe = document.createElement('span');
  document.body.append(probe);
  const found = Object.fromEntries(
    names.map((name) => {
      probe.style.color = `var(--${name})`;
      return [name, getComputedStyle(probe).color];
    }),
  );
  probe.remove();
  return found as Record<(typeof names)[number], string>;
}

let current: CanvasColours | null = null;
const listeners = new Set<() => void>();

function watch(): void {
  const changed = () => {
    current = null;
    for (const listener of listeners) listener();
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
  new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ['data-theme'] });
}

export function canvasColours(): CanvasColours {
  if (!current) {
    if (listeners.size === 0) watch();
    current = read();
  }
  return current;
}

/** The colours now; the component is drawn again when the theme changes. */
export function useCanvasColours(): CanvasColours {
  const [colours, setColours] = useState(canvasColours);
  useEffect(() => {
    const update = () => setColours(canvasColours());
    listeners.add(update);
    update();
    return () => {
      listeners.delete(update);
    };
  }, []);
  return colours;
}

// Support points of cividis and viridis (matplotlib), linearly interpolated.
const cividis = [
  '#00224e',
  '#123570',
  '#3b496c',
  '#575d6d',
  '#707173',
  '#8a8678',
  '#a59c74',
  '#c3b369',
  '#e1cc55',
  '#fee838',
];
const viridis = [
  '#440154',
  '#482878',
  '#3e4989',
  '#31688e',
  '#26828e',
  '#1f9e89',
  '#35b779',
  '#6ece58',
  '#b5de2b',
  '#fde725',
];

export type ColourMap = 'cividis' | 'viridis';

/** 256 x RGBA. */
export function colourTable(map: ColourMap): Uint8ClampedArray {
  const points = (map === 'cividis' ? cividis : viridis).map((hex) =>
    [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)),
  );
  const table = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i++) {
    const place = (i / 255) * (points.length - 1);
    const low = Math.min(points.length - 2, Math.floor(place));
    const share = place - low;
    for (let channel = 0; channel < 3; channel++) {
      const from = points[low]?.[channel] ?? 0;
      const to = points[low + 1]?.[channel] ?? 0;
      table[i * 4 + channel] = from + (to - from) * share;
    }
    table[i * 4 + 3] = 255;
  }
  return table;
}
