// The scale of the distance matrix: from the nearest classes, which stand out, to the farthest.
import { useLayout } from '../../../lib/state/layout.ts';
import { type Distances, distanceText } from './distances.ts';
import { closenessColour } from './draw-distances.ts';

const STEPS = 12;

export function DistanceLegend({ distances }: { readonly distances: Distances }) {
  const theme = useLayout((layout) => layout.theme);
  const isDark =
    theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  const stops = Array.from({ length: STEPS }, (_, at) => {
    const place = (step: number) => `${((100 * step) / STEPS).toFixed(1)}%`;
    return `${closenessColour(1 - at / (STEPS - 1), isDark)} ${place(at)} ${place(at + 1)}`;
  });
  if (distances.farthest === 0) return null;
  return (
    <span className="geometry-legend secondary small">
      near {distanceText(distances.nearest)}
      <span
        className="geometry-scale"
        style={{ backgroundImage: `linear-gradient(to right, ${stops.join(', ')})` }}
      />
      {distanceText(distances.farthest)} far
    </span>
  );
}
