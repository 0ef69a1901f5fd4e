import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsOf, bringIntoView, type Camera, fitted, panned, toMap, toScreen, zoomed } from './camera.ts';

const size = { width: 800, height: 600 };
const whole: Camera = { x: 3, y: -2, scale: 10 };

describe('the camera', () => {
  it('shows every point of the map when it is fitted', () => {
    const xy = new Float32Array([-30, 4, 12, 90, 55, -17]);
    const camera = fitted(boundsOf(xy), size);
    for (let i = 0; i < xy.length; i += 2) {
      const at = toScreen(camera, size, xy[i] ?? 0, xy[i + 1] ?? 0);
      expect(at.x).toBeGreaterThanOrEqual(0);
      expect(at.x).toBeLessThanOrEqual(800);
      expect(at.y).toBeGreaterThanOrEqual(0);
      expect(at.y).toBeLessThanOrEqual(600);
    }
  });

  it('shows points that all lie in one place in the middle, and survives a map without points', () => {
    const camera = fitted(boundsOf(new Float32Array([7, 7, 7, 7])), size);
    expect(toScreen(camera, size, 7, 7)).toEqual({ x: 400, y: 300 });
    expect(Number.isFinite(camera.scale)).toBe(true);
    expect(Number.isFinite(fitted(boundsOf(new Float32Array(0)), size).scale)).toBe(true);
  });

  it('has the map’s y upwards', () => {
    expect(toScreen(whole, size, 3, 8).y).toBeLessThan(toScreen(whole, size, 3, -2).y);
  });

  it('comes back from the screen to the same place', () => {
    fc.assert(
      fc.property(fc.integer({ min: -500, max: 500 }), fc.integer({ min: -500, max: 500 }), (x, y) => {
        const at = toScreen(whole, size, x, y);
        const back = toMap(whole, size, at.x, at.y);
        expect(back.x).toBeCloseTo(x, 6);
        expect(back.y).toBeCloseTo(y, 6);
      }),
    );
  });

  it('zooms around the pointer: what lies under it stays under it', () => {
    const pixel = fc.record({ x: fc.integer({ min: 0, max: 800 }), y: fc.integer({ min: 0, max: 600 }) });
    fc.assert(
      fc.property(pixel, fc.double({ min: 0.5, max: 20, noNaN: true }), (at, factor) => {
        const before = toMap(whole, size, at.x, at.y);
        const camera = zoomed(whole, size, at, factor, whole);
        const after = toMap(camera, size, at.x, at.y);
        expect(after.x).toBeCloseTo(before.x, 6);
        expect(after.y).toBeCloseTo(before.y, 6);
      }),
    );
  });

  it('does not zoom out of sight of the map, nor in beyond what its coordinates tell apart', () => {
    expect(zoomed(whole, size, { x: 0, y: 0 }, 1e-9, whole).scale).toBeCloseTo(4);
    expect(zoomed(whole, size, { x: 0, y: 0 }, 1e12, whole).scale).toBeCloseTo(40_000);
  });

  it('pans by pixels', () => {
    const before = toScreen(whole, size, 0, 0);
    const after = toScreen(panned(whole, 25, -40), size, 0, 0);
    expect(after.x - before.x).toBeCloseTo(25);
    expect(after.y - before.y).toBeCloseTo(-40);
  });

  it('moves as little as brings a place into the view, and not at all when it is there', () => {
    expect(bringIntoView(whole, size, 3, -2, 40)).toEqual(whole);
    const moved = bringIntoView(whole, size, 103, -2, 40);
    expect(toScreen(moved, size, 103, -2)).toEqual({ x: 760, y: 300 });
  });
});
