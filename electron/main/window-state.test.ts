import { describe, expect, it } from 'vitest';
import { fittingBounds } from './window-state.ts';

const main = { x: 0, y: 25, width: 1920, height: 1015 };
const second = { x: 1920, y: 0, width: 1280, height: 1000 };

describe('where a window opens', () => {
  it('is the middle of the main screen the first time', () => {
    expect(fittingBounds(null, [main, second])).toEqual({ x: 280, y: 103, width: 1360, height: 860 });
  });

  it('is where it was, also on a second screen', () => {
    const kept = { x: 2000, y: 100, width: 1000, height: 700 };
    expect(fittingBounds(kept, [main, second])).toEqual(kept);
  });

  it('is the main screen when the second one is gone', () => {
    const kept = { x: 2000, y: 100, width: 1000, height: 700 };
    expect(fittingBounds(kept, [main])).toMatchObject({ x: 280, y: 103 });
  });

  it('is never where its title bar cannot be reached', () => {
    for (const kept of [
      { x: 100, y: -400, width: 1000, height: 700 },
      { x: -990, y: 100, width: 1000, height: 700 },
      { x: 100, y: 1030, width: 1000, height: 700 },
    ]) {
      expect(fittingBounds(kept, [main])).toMatchObject({ x: 280, y: 103 });
    }
  });

  it('is no larger than a screen that shrank, and no smaller than the studio can use', () => {
    const area = { x: 0, y: 0, width: 1280, height: 760 };
    expect(fittingBounds({ x: 10, y: 10, width: 3000, height: 2000 }, [area])).toMatchObject({
      width: 1280,
      height: 760,
    });
    expect(fittingBounds({ x: 10, y: 10, width: 200, height: 100 }, [area])).toMatchObject({
      width: 900,
      height: 600,
    });
  });

  it('fits a screen smaller than the default size', () => {
    expect(fittingBounds(null, [{ x: 0, y: 0, width: 1024, height: 740 }])).toEqual({
      x: 0,
      y: 0,
      width: 1024,
      height: 740,
    });
  });
});
