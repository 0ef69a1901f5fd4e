// The scale of colours with the values at some of its places.
import { count } from '../../lib/format.ts';
import { useLayout } from '../../lib/state/layout.ts';
import { colourOf, css } from './cividis.ts';
import type { MatrixMode } from './matrix-model.ts';

const STEPS = 10;

function half(isDark: boolean, from: number): string {
  const stops = Array.from({ length: STEPS }, (_, at) => {
    const t = from + at / STEPS / 2;
    const place = (share: number) => `${(share * 100) / STEPS}%`;
    return `${css(colourOf(0.1 + 0.9 * t, isDark))} ${place(at)} ${place(at + 1)}`;
  });
  return `linear-gradient(to right, ${stops.join(', ')})`;
}

export function Legend({ mode, largest }: { readonly mode: MatrixMode; readonly largest: number }) {
  const theme = useLayout((layout) => layout.theme);
  const isDark =
    theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  const isCounts = mode === 'counts';
  return (
    <span className="confusions-legend secondary small" title="Square-root scale: small numbers stay visible">
      0
      <span className="confusions-scale" style={{ backgroundImage: half(isDark, 0) }} />
      {isCounts ? count(Math.round(largest / 4)) : '25%'}
      <span className="confusions-scale" style={{ backgroundImage: half(isDark, 0.5) }} />
      {isCounts ? count(largest) : '100%'}
    </span>
  );
}
