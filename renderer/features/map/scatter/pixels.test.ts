import { describe, expect, it } from 'vitest';
import { DIMMED, type Ground, MATCHED, SELECTED, SLOTS, type SlotPalette } from './painter.ts';
import { type PointSet, paintPoints, type Raster } from './pixels.ts';
import { shapes } from './shapes.ts';

const ground: Ground = { ground: [255, 255, 255], context: [200, 200, 200], ring: [0, 0, 0] };
const red = 0xff0000ff;
const grey = 0xffc8c8c8;
const white = 0xffffffff;
const black = 0xff000000;
const size = { width: 41, height: 31 };
const camera = { x: 0, y: 0, scale: 1 };

function paletteWith(look: number): SlotPalette {
  const palette = new Uint8Array(4 * SLOTS) as SlotPalette;
  palette.set([255, 0, 0, look], 4);
  palette.set([0, 0, 255, look], 8);
  return palette;
}

function painted(points: Partial<PointSet>, pointSize = 9, ratio = 1): Raster {
  const width = size.width * ratio;
  const height = size.height * ratio;
  const raster = { pixels: new Uint32Array(width * height), width, height };
  const n = (points.xy?.length ?? 2) / 2;
  paintPoints(
    raster,
    {
      xy: new Float32Array([0, 0]),
      slots: new Uint8Array(n).fill(1),
      states: new Uint8Array(n).fill(MATCHED),
      palette: paletteWith(0),
      ground,
      ...points,
    },
    camera,
    size,
    ratio,
    pointSize,
  );
  return raster;
}

const at = ({ pixels, width }: Raster, x: number, y: number) => pixels[y * width + x];
const countOf = ({ pixels }: Raster, colour: number) => pixels.filter((pixel) => pixel === colour).length;

describe('points written as pixels', () => {
  it('draws a point of the filter in its colour, at its place, with the map’s y upwards', () => {
    const raster = painted({ xy: new Float32Array([10, 8]) });
    expect(at(raster, 30, 7)).toBe(red);
    expect(at(raster, 20, 15)).toBe(white);
    expect(countOf(raster, red)).toBeGreaterThan(40);
    expect(countOf(raster, red)).toBeLessThan(70);
  });

  it('draws points outside the filter in grey beneath the others', () => {
    const xy = new Float32Array([0, 0, 3, 0]);
    const raster = painted({ xy, states: new Uint8Array([MATCHED, 0]) });
    expect(at(raster, 20, 15)).toBe(red);
    expect(at(raster, 26, 15)).toBe(grey);
    expect(countOf(raster, red)).toBe(countOf(painted({}), red));
  });

  it('draws a dimmed slot as context', () => {
    const raster = painted({ palette: paletteWith(DIMMED) });
    expect(at(raster, 20, 15)).toBe(grey);
    expect(countOf(raster, red)).toBe(0);
  });

  it('draws selected points above all, larger and with a ring, whether the filter has them or not', () => {
    const raster = painted({ states: new Uint8Array([SELECTED]) });
    expect(at(raster, 20, 15)).toBe(red);
    expect(countOf(raster, red)).toBeGreaterThan(countOf(painted({}), red));
    expect(countOf(raster, black)).toBeGreaterThan(8);
  });

  it('gives shapes of about the same area', () => {
    const areas = shapes.map((_, shape) => countOf(painted({ palette: paletteWith(shape) }, 20), red));
    for (const [shape, area] of areas.entries()) {
      const isLine = shapes[shape] === 'cross' || shapes[shape] === 'plus';
      expect(area / (areas[0] ?? 1), shapes[shape]).toBeGreaterThan(isLine ? 0.55 : 0.8);
      expect(area / (areas[0] ?? 1), shapes[shape]).toBeLessThan(1.2);
    }
  });

  it('cuts points at the edges of the picture and leaves out those beyond it', () => {
    const raster = painted({ xy: new Float32Array([-20.5, 15.5, 1e6, 1e6]) });
    expect(at(raster, 0, 0)).toBe(red);
    expect(countOf(raster, red)).toBeLessThan(30);
  });

  it('draws the same picture with more pixels on a dense screen', () => {
    const once = countOf(painted({}), red);
    const thrice = countOf(painted({}, 9, 3), red);
    expect(thrice / once).toBeGreaterThan(8);
    expect(thrice / once).toBeLessThan(12);
  });

  it('draws tiny points as single pixels', () => {
    expect(countOf(painted({}, 1), red)).toBe(1);
  });
});
