// The cividis scale (Nunez, Anderton, Renslow 2018): even steps of lightness, alike for colour-blind people.
// Low values lie next to the ground: dark first on a dark ground, light first on a light one.

/** Ten points of the published scale, evenly spaced, dark to light. */
const points: readonly (readonly [number, number, number])[] = [
  [0, 34, 78],
  [18, 53, 112],
  [59, 73, 108],
  [87, 93, 109],
  [112, 113, 115],
  [138, 134, 120],
  [165, 156, 116],
  [195, 179, 105],
  [225, 204, 85],
  [254, 232, 56],
];

export type Rgb = readonly [number, number, number];

/** The colour at `t`, 0 (dark) to 1 (light). */
export function cividis(t: number): Rgb {
  const place = Math.max(0, Math.min(1, t)) * (points.length - 1);
  const low = Math.min(points.length - 2, Math.floor(place));
  const part = place - low;
  const a = points[low] ?? [0, 0, 0];
  const b = points[low + 1] ?? a;
  return [
    Math.round(a[0] + (b[0] - a[0]) * part),
    Math.round(a[1] + (b[1] - a[1]) * part),
    Math.round(a[2] + (b[2] - a[2]) * part),
  ];
}

/** The colour of a value's intensity 0..1 on a dark or light ground. */
export function colourOf(intensity: number, isDark: boolean): Rgb {
  return cividis(isDark ? intensity : 1 - intensity);
}

export function css([r, g, b]: Rgb): string {
  return `rgb(${r} ${g} ${b})`;
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const c = part / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two colours, 1 to 21 (WCAG 2). */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

// Pure black: one of the two then has 4.5:1 on any colour.
const ink: Rgb = [0, 0, 0];
const paper: Rgb = [255, 255, 255];

/** Black or white, whichever can be read better on the colour. */
export function inkOn(colour: Rgb): Rgb {
  return contrast(colour, ink) >= contrast(colour, paper) ? ink : paper;
}
