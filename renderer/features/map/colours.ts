// What the points are coloured by, as bytes: each point has a slot, each slot a colour and a shape. Classes keep their
// slot while the window is open, also when relabelling changes which is the most frequent. Pure.
import type { MapLegend } from '../../../shared/contract/maps.ts';
import { DIMMED, type Ground, SLOTS, type SlotPalette } from './scatter/painter.ts';
import { type Shape, shapes } from './scatter/shapes.ts';

export type Rgb = readonly [number, number, number];

/** The theme's colours as numbers. */
export interface Theme {
  readonly ground: Rgb;
  readonly text: Rgb;
  readonly secondary: Rgb;
  readonly accent: Rgb;
  readonly context: Rgb;
  /** Okabe-Ito, eight. */
  readonly classes: readonly Rgb[];
  readonly rest: Rgb;
  readonly isDark: boolean;
  readonly font: string;
}

/** `colour` counts from 0 in the theme's classes; null = the grey of the rest. */
export interface Look {
  readonly colour: number | null;
  readonly shape: Shape;
}

const COLOURS = 8;
/** Points without a value, then one slot for each look, then one for all values beyond. */
const NONE = 0;
const REST = COLOURS * shapes.length + 1;
const FIRST_STEP = 1;
const STEPS = 250;

/** What a value's look is by its slot: eight colours as circles, then as squares and so on, then grey. */
export function lookOf(slot: number): Look {
  if (slot === NONE || slot >= REST) return { colour: null, shape: 'circle' };
  return {
    colour: (slot - 1) % COLOURS,
    shape: shapes[Math.floor((slot - 1) / COLOURS)] ?? 'circle',
  };
}

export interface Category {
  readonly value: string | null;
  readonly count: number;
  readonly slot: number;
}

export type Colouring =
  | { readonly kind: 'category'; readonly slots: Uint8Array; readonly categories: readonly Category[] }
  | {
      readonly kind: 'number';
      readonly slots: Uint8Array;
      readonly from: number;
      readonly to: number;
      readonly missing: number;
    };

/** Values and their slots, kept between readings of one map by one term. */
export type SlotMemory = Map<string, number>;

/** Right and wrong differ in lightness and shape besides their hue. */
const rightAndWrong: Readonly<Record<string, number>> = { yes: 1, no: 2 * COLOURS + 6 };

/**
 * @param column places in the legend's values (category) or numbers, one for each point
 * @param memory what earlier readings gave; new values are added by frequency
 */
export function colouringOf(
  legend: MapLegend,
  column: Uint16Array | Float32Array,
  memory: SlotMemory,
  isCorrectness = false,
): Colouring {
  const slots = new Uint8Array(column.length);
  if (legend.kind === 'number') {
    const { from, to, missing } = legend;
    const perUnit = to > from ? (STEPS - 1) / (to - from) : 0;
    for (let i = 0; i < column.length; i++) {
      const value = column[i] as number;
      slots[i] = Number.isNaN(value) ? NONE : FIRST_STEP + Math.round((value - from) * perUnit);
    }
    return { kind: 'number', slots, from, to, missing };
  }
  const categories = legend.values.map(({ value, count }) => ({
    value,
    count,
    slot: slotOf(value, memory, isCorrectness),
  }));
  const byPlace = Uint8Array.from(categories, ({ slot }) => slot);
  for (let i = 0; i < column.length; i++) slots[i] = byPlace[column[i] as number] ?? REST;
  return { kind: 'category', slots, categories };
}

function slotOf(value: string | null, memory: SlotMemory, isCorrectness: boolean): number {
  if (value === null) return NONE;
  if (isCorrectness && rightAndWrong[value] !== undefined) return rightAndWrong[value];
  const known = memory.get(value);
  if (known !== undefined) return known;
  const slot = Math.min(REST, memory.size + 1);
  memory.set(value, slot);
  return slot;
}

/** The cividis scale as `lib` functions give it: intensity 0..1 to a colour on this ground. */
export type Scale = (intensity: number, isDark: boolean) => Rgb;

/** Intensities below this would melt into the ground. */
const FAINTEST = 0.12;

export function stepColour(share: number, isDark: boolean, scale: Scale): Rgb {
  return scale(FAINTEST + (1 - FAINTEST) * share, isDark);
}

/** The palette of a colouring. `highlight`: this slot keeps its colour, all others become context. */
export function paletteOf(
  kind: Colouring['kind'],
  theme: Theme,
  scale: Scale,
  highlight: number | null = null,
): SlotPalette {
  const palette = new Uint8Array(4 * SLOTS) as SlotPalette;
  for (let slot = 0; slot < SLOTS; slot++) {
    const isStep = kind === 'number' && slot >= FIRST_STEP;
    const look = isStep ? { colour: null, shape: 'circle' as const } : lookOf(slot);
    const [r, g, b] = isStep
      ? stepColour(Math.min(1, (slot - FIRST_STEP) / (STEPS - 1)), theme.isDark, scale)
      : rgbOf(look, theme);
    const dimmed = highlight !== null && slot !== highlight ? DIMMED : 0;
    palette.set([r, g, b, shapes.indexOf(look.shape) | dimmed], 4 * slot);
  }
  return palette;
}

export function rgbOf({ colour }: Look, theme: Theme): Rgb {
  return (colour === null ? undefined : theme.classes[colour]) ?? theme.rest;
}

export function groundOf(theme: Theme): Ground {
  return { ground: theme.ground, context: theme.context, ring: theme.text };
}

/** Part of the way from one colour to another. */
export function between(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (a: number, b: number) => Math.round(a + (b - a) * share);
  return [part(from[0], to[0]), part(from[1], to[1]), part(from[2], to[2])];
}
