// The map as a picture to keep: what is on the screen, on white paper, with names, legend and how it was made. Points
// are shapes up to twenty thousand, beyond that one embedded image. Pure but for that image, which the caller makes.
import { valueInWords } from './colour-terms.ts';
import { type Colouring, lookOf, type Rgb, rgbOf, type Scale, stepColour, type Theme } from './colours.ts';
import type { MapPoints } from './map-points.ts';
import { type Anchor, placedNames } from './names-layout.ts';
import { numberInWords } from './numbers.ts';
import { type Camera, type Size, toScreen } from './scatter/camera.ts';
import { NAME_HEIGHT, shortName } from './scatter/overlay.ts';
import { CONTEXT_SIZE, MATCHED, RING, SELECTED, selectedSize } from './scatter/painter.ts';
import { shapePath } from './scatter/shapes.ts';

export const MOST_SHAPES = 20_000;
const MARGIN = 16;
const HEAD = 48;
const LEGEND = 190;
const LEGEND_LINES = 48;
const LINE = 17;

export interface MapPicture {
  readonly points: MapPoints;
  readonly colouring: Colouring;
  readonly states: Uint8Array;
  /** Empty = no names. */
  readonly anchors: readonly Anchor[];
  readonly nameOf: (category: number) => string;
  readonly camera: Camera;
  readonly size: Size;
  readonly pointSize: number;
  readonly theme: Theme;
  readonly scale: Scale;
  readonly by: string;
  readonly byTitle: string;
  /** What the picture shows, and how it was made. */
  readonly title: string;
  readonly subtitle: string;
  readonly widthOf: (text: string) => number;
}

export interface Svg {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function hex([r, g, b]: Rgb): string {
  return `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

const n = (value: number) => String(Math.round(value * 100) / 100);

function isInside(at: { readonly x: number; readonly y: number }, size: Size): boolean {
  return at.x >= -8 && at.y >= -8 && at.x <= size.width + 8 && at.y <= size.height + 8;
}

function colourOfSlot(slot: number, { colouring, theme, scale }: MapPicture): Rgb {
  if (colouring.kind === 'category' || slot === 0) return rgbOf(lookOf(slot), theme);
  return stepColour(Math.min(1, (slot - 1) / 249), theme.isDark, scale);
}

function pointShapes(picture: MapPicture): string {
  const { points, colouring, states, camera, size, pointSize, theme } = picture;
  const layers: [string[], string[], string[]] = [[], [], []];
  for (let i = 0; i < points.ids.length; i++) {
    const at = toScreen(camera, size, points.xy[2 * i] as number, points.xy[2 * i + 1] as number);
    if (!isInside(at, size)) continue;
    const state = states[i] ?? 0;
    const slot = colouring.slots[i] ?? 0;
    const isSelected = (state & SELECTED) !== 0;
    const layer = isSelected ? 2 : (state & MATCHED) !== 0 ? 1 : 0;
    const { shape } =
      layer === 0 || colouring.kind === 'number' ? { shape: 'circle' as const } : lookOf(slot);
    const radius =
      (isSelected ? selectedSize(pointSize) : layer === 0 ? pointSize * CONTEXT_SIZE : pointSize) / 2;
    const fill = layer === 0 ? '' : ` fill="${hex(colourOfSlot(slot, picture))}"`;
    const form =
      shape === 'circle'
        ? `<circle cx="${n(at.x)}" cy="${n(at.y)}" r="${n(radius)}"${fill}/>`
        : `<path transform="translate(${n(at.x)} ${n(at.y)})" d="${shapePath(shape, radius)}"${fill}/>`;
    layers[layer].push(form);
  }
  return `<g fill="${hex(theme.context)}">${layers[0].join('')}</g>
<g>${layers[1].join('')}</g>
<g stroke="${hex(theme.text)}" stroke-width="${n(RING * 0.75)}">${layers[2].join('')}</g>`;
}

function names(picture: MapPicture): string {
  const { anchors, nameOf, camera, size, theme, widthOf } = picture;
  const placed = placedNames(
    anchors,
    (x, y) => toScreen(camera, size, x, y),
    (category) => widthOf(shortName(nameOf(category))),
    size,
    NAME_HEIGHT,
  );
  const texts = placed.map(
    ({ category, x, y }) =>
      `<text x="${n(x)}" y="${n(y + 4.2)}">${escaped(shortName(nameOf(category)))}</text>`,
  );
  return `<g font-size="12" font-weight="600" text-anchor="middle" paint-order="stroke" stroke="${hex(theme.ground)}" stroke-opacity="0.85" stroke-width="4" stroke-linejoin="round">${texts.join('')}</g>`;
}

function legend(
  picture: MapPicture,
  x: number,
  y: number,
): { readonly svg: string; readonly height: number } {
  const { colouring, by, byTitle, theme } = picture;
  const parts = [`<text x="${x}" y="${y + 10}" font-weight="600">${escaped(byTitle)}</text>`];
  let line = y + 10 + LINE + 4;
  if (colouring.kind === 'number') {
    const steps = 60;
    for (let at = 0; at < steps; at++) {
      const colour = hex(stepColour(at / (steps - 1), theme.isDark, picture.scale));
      parts.push(`<rect x="${n(x + at * 2.5)}" y="${line - 10}" width="2.6" height="10" fill="${colour}"/>`);
    }
    line += 14;
    parts.push(
      `<text x="${x}" y="${line}">${escaped(numberInWords(by, colouring.from))}</text>`,
      `<text x="${x + 150}" y="${line}" text-anchor="end">${escaped(numberInWords(by, colouring.to))}</text>`,
    );
    return { svg: parts.join('\n'), height: line + 8 - y };
  }
  const told = colouring.categories.slice(0, LEGEND_LINES);
  for (const { value, count, slot } of told) {
    const { shape } = lookOf(slot);
    parts.push(
      `<path transform="translate(${x + 6} ${line - 4})" d="${shapePath(shape, 5)}" fill="${hex(colourOfSlot(slot, picture))}"/>`,
      `<text x="${x + 18}" y="${line}">${escaped(shortName(valueInWords(by, value)))} <tspan fill="${hex(theme.secondary)}">${count}</tspan></text>`,
    );
    line += LINE;
  }
  const rest = colouring.categories.length - told.length;
  if (rest > 0) {
    parts.push(
      `<text x="${x + 18}" y="${line}" fill="${hex(theme.secondary)}">and ${rest} more, in grey</text>`,
    );
    line += LINE;
  }
  return { svg: parts.join('\n'), height: line - y };
}

/** @param pointsImage the points as a PNG data address, instead of a shape for each */
export function mapAsSvg(picture: MapPicture, pointsImage: string | null): Svg {
  const { size, theme } = picture;
  const left = MARGIN;
  const top = HEAD;
  const key = legend(picture, left + size.width + MARGIN, top);
  const width = Math.ceil(left + size.width + MARGIN + LEGEND);
  const height = Math.ceil(top + Math.max(size.height, key.height) + MARGIN);
  const points =
    pointsImage === null
      ? pointShapes(picture)
      : `<image href="${pointsImage}" width="${size.width}" height="${size.height}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11" fill="${hex(theme.text)}">
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="${left}" y="20" font-size="13" font-weight="600">${escaped(picture.title)}</text>
<text x="${left}" y="37" fill="${hex(theme.secondary)}">${escaped(picture.subtitle)}</text>
<clipPath id="map"><rect width="${size.width}" height="${size.height}"/></clipPath>
<g transform="translate(${left} ${top})" clip-path="url(#map)">
${points}
${names(picture)}
</g>
<rect x="${left - 0.5}" y="${top - 0.5}" width="${size.width + 1}" height="${size.height + 1}" fill="none" stroke="#e3e3e0"/>
${key.svg}
</svg>
`;
  return { svg, width, height };
}
