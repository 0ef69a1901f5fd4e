import { describe, expect, it } from 'vitest';
import { between, colouringOf, lookOf, paletteOf, type Rgb, type SlotMemory, type Theme } from './colours.ts';
import { DIMMED } from './scatter/painter.ts';

const theme: Theme = {
  ground: [255, 255, 255],
  text: [0, 0, 0],
  secondary: [90, 90, 90],
  accent: [30, 110, 235],
  context: [210, 210, 210],
  classes: Array.from({ length: 8 }, (_, at): Rgb => [at, at, at]),
  rest: [160, 160, 160],
  isDark: false,
  font: 'sans-serif',
};
const scale = (intensity: number): Rgb => [Math.round(intensity * 255), 0, 0];

function legendOf(...values: readonly (string | null)[]) {
  return { kind: 'category' as const, values: values.map((value, at) => ({ value, count: 100 - at })) };
}

describe('the colours of a map', () => {
  it('gives the eight most frequent classes eight colours, the next eight other shapes, and the rest grey', () => {
    const names = Array.from({ length: 60 }, (_, at) => `w${at}`);
    const column = Uint16Array.from(names, (_, at) => at);
    const { slots } = colouringOf(legendOf(...names), column, new Map());
    const looks = [...slots].map(lookOf);
    expect(looks.slice(0, 8).map(({ colour, shape }) => `${colour} ${shape}`)).toEqual(
      Array.from({ length: 8 }, (_, at) => `${at} circle`),
    );
    expect(looks[8]).toEqual({ colour: 0, shape: 'square' });
    expect(new Set(looks.slice(0, 48).map((look) => JSON.stringify(look))).size).toBe(48);
    expect(looks.slice(48).every(({ colour }) => colour === null)).toBe(true);
  });

  it('keeps a class’s colour when relabelling changes which class is the most frequent', () => {
    const memory: SlotMemory = new Map();
    const before = colouringOf(legendOf('yes', 'no'), new Uint16Array([0, 1]), memory);
    const after = colouringOf(legendOf('no', 'yes', 'up'), new Uint16Array([1, 0, 2]), memory);
    expect([...after.slots.slice(0, 2)]).toEqual([...before.slots]);
    expect(lookOf(after.slots[2] ?? 0)).toEqual({ colour: 2, shape: 'circle' });
  });

  it('shows clips without a value in grey', () => {
    const { slots } = colouringOf(legendOf('a', null), new Uint16Array([0, 1]), new Map());
    expect(lookOf(slots[1] ?? 9).colour).toBeNull();
  });

  it('tells right from wrong by shape as well as by colour', () => {
    const { slots } = colouringOf(legendOf('yes', 'no', null), new Uint16Array([0, 1, 2]), new Map(), true);
    const [right, wrong, none] = [...slots].map(lookOf);
    expect(right?.shape).not.toBe(wrong?.shape);
    expect(right?.colour).not.toBe(wrong?.colour);
    expect(none?.colour).toBeNull();
  });

  it('spreads numbers over the whole scale, and clips without a number are grey', () => {
    const legend = { kind: 'number' as const, from: 2, to: 4, missing: 1 };
    const { slots } = colouringOf(legend, new Float32Array([2, 3, 4, Number.NaN]), new Map());
    const palette = paletteOf('number', theme, scale);
    const reds = [...slots].map((slot) => palette[4 * slot]);
    expect(reds[2]).toBe(255);
    expect(reds[1]).toBeGreaterThan(reds[0] ?? 0);
    expect(reds[0]).toBeGreaterThan(20);
    expect(reds[3]).toBe(160);
  });

  it('survives a number that all clips share', () => {
    const legend = { kind: 'number' as const, from: 1, to: 1, missing: 0 };
    expect([...colouringOf(legend, new Float32Array([1, 1]), new Map()).slots]).toEqual([1, 1]);
  });

  it('highlights one value by dimming the others in the palette alone', () => {
    const palette = paletteOf('category', theme, scale, 3);
    expect((palette[4 * 3 + 3] ?? 0) & DIMMED).toBe(0);
    expect((palette[4 * 4 + 3] ?? 0) & DIMMED).toBe(DIMMED);
  });

  it('mixes two colours', () => {
    expect(between([0, 100, 255], [100, 100, 55], 0.5)).toEqual([50, 100, 155]);
  });
});
