// The theme's colours as a canvas takes them, read again when the theme changes.
import { type RefObject, useEffect, useState } from 'react';
import { useLayout } from '../../lib/state/layout.ts';
import type { Palette } from './matrix-frame.ts';

const tokens = ['ground', 'hover', 'hairline', 'text', 'secondary', 'accent'] as const;

function readPalette(element: HTMLElement): Palette {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  // light-dark() is resolved only in a real property, not in the custom one.
  const colours = Object.fromEntries(
    tokens.map((token) => {
      probe.style.color = `var(--${token})`;
      return [token, getComputedStyle(probe).color];
    }),
  ) as Record<(typeof tokens)[number], string>;
  probe.remove();
  const [r = 255, g = 255, b = 255] = (colours.ground.match(/[\d.]+/g) ?? []).map(Number);
  const { fontFamily } = getComputedStyle(element);
  return { ...colours, isDark: r + g + b < 384, font: fontFamily };
}

export function usePalette(element: RefObject<HTMLElement | null>): Palette | null {
  const theme = useLayout((layout) => layout.theme);
  const [palette, setPalette] = useState<Palette | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is what changes the colours
  useEffect(() => {
    const read = () => {
      if (element.current) setPalette(readPalette(element.current));
    };
    read();
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', read);
    return () => system.removeEventListener('change', read);
  }, [element, theme]);
  return palette;
}
