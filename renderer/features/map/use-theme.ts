// The theme's colours as numbers, for canvases; read again when the theme changes. Exported pictures are on paper.
import { type RefObject, useEffect, useState } from 'react';
import { useMedia } from '../../lib/media.ts';
import { useLayout } from '../../lib/state/layout.ts';
import { between, type Rgb, type Theme } from './colours.ts';

function readTheme(element: HTMLElement, scheme: 'light' | null): Theme {
  const probe = document.createElement('span');
  probe.hidden = true;
  if (scheme) probe.style.colorScheme = scheme;
  element.append(probe);
  // light-dark() is resolved only in a real property, not in the custom one.
  const read = (token: string): Rgb => {
    probe.style.color = `var(--${token})`;
    const [r = 0, g = 0, b = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b];
  };
  const ground = scheme === 'light' ? ([255, 255, 255] as const) : read('ground');
  const rest = read('class-rest');
  const theme: Theme = {
    ground,
    text: read('text'),
    secondary: read('secondary'),
    accent: read('accent'),
    context: between(ground, rest, 0.55),
    classes: Array.from({ length: 8 }, (_, at) => read(`class-${at + 1}`)),
    rest,
    isDark: ground[0] + ground[1] + ground[2] < 384,
    font: getComputedStyle(element).fontFamily,
  };
  probe.remove();
  return theme;
}

/** The colours of a picture on white paper, whatever the window looks like. */
export function paperTheme(): Theme {
  return readTheme(document.body, 'light');
}

export function useTheme(element: RefObject<HTMLElement | null>): Theme | null {
  const chosen = useLayout((layout) => layout.theme);
  const [theme, setTheme] = useState<Theme | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the choice of theme is what changes the colours
  useEffect(() => {
    const read = () => {
      if (element.current) setTheme(readTheme(element.current, null));
    };
    read();
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', read);
    return () => system.removeEventListener('change', read);
  }, [element, chosen]);
  return theme;
}

/** Whether the window is dark now. */
export function useIsDark(): boolean {
  const chosen = useLayout((layout) => layout.theme);
  const isSystemDark = useMedia('(prefers-color-scheme: dark)');
  return chosen === 'system' ? isSystemDark : chosen === 'dark';
}
