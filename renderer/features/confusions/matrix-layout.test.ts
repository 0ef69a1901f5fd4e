import { describe, expect, it } from 'vitest';
import { hitAt, layoutOf, scrollTo, visibleRange, zoomStep } from './matrix-layout.ts';

const view = { viewWidth: 800, viewHeight: 500, left: 60, top: 50 };

describe('the size of cells', () => {
  it('shows a small matrix whole and not too large', () => {
    expect(layoutOf({ ...view, n: 2, zoom: 'fit' }).cell).toBe(56);
    const twelve = layoutOf({ ...view, n: 12, zoom: 'fit' });
    expect(twelve.cell).toBe(37);
    expect(twelve.contentHeight).toBeLessThanOrEqual(500);
  });

  it('scrolls a thousand classes and never divides by nothing', () => {
    const thousand = layoutOf({ ...view, n: 1000, zoom: 'fit' });
    expect(thousand.cell).toBe(1);
    expect(thousand.contentHeight).toBe(1050);
    expect(thousand.gridHeight).toBe(450);
    expect(layoutOf({ ...view, n: 0, zoom: 'fit' }).gridWidth).toBe(0);
  });

  it('leaves recall and precision out where they would take the room of the cells', () => {
    expect(layoutOf({ ...view, viewWidth: 400, n: 12, zoom: 'fit' }).strip).toBe(0);
    expect(layoutOf({ ...view, n: 12, zoom: 'fit' }).strip).toBeGreaterThan(0);
  });

  it('steps between sizes and stops at both ends', () => {
    expect(zoomStep(14, 1)).toBe(18);
    expect(zoomStep(37, -1)).toBe(36);
    expect(zoomStep(56, 1)).toBe(56);
    expect(zoomStep(1, -1)).toBe(1);
  });
});

describe('what lies under the pointer', () => {
  const layout = layoutOf({ ...view, n: 100, zoom: 20 });
  it('is a cell, also after scrolling', () => {
    expect(hitAt(layout, { x: 0, y: 0 }, 60, 50)).toEqual({ at: 'cell', row: 0, column: 0 });
    expect(hitAt(layout, { x: 400, y: 20 }, 81, 50)).toEqual({ at: 'cell', row: 1, column: 21 });
  });

  it('is a label or a figure beside the cells', () => {
    expect(hitAt(layout, { x: 0, y: 0 }, 10, 75)).toEqual({ at: 'row', row: 1 });
    expect(hitAt(layout, { x: 0, y: 0 }, 100, 10)).toEqual({ at: 'column', column: 2 });
    const right = layout.left + layout.gridWidth;
    expect(hitAt(layout, { x: 0, y: 0 }, right + 20, 50)).toEqual({ at: 'recall', row: 0 });
    expect(hitAt(layout, { x: 0, y: 0 }, right + 14 + layout.stripColumn + 4, 50)).toEqual({
      at: 'precision',
      row: 0,
    });
    expect(hitAt(layout, { x: 0, y: 0 }, 10, 10)).toBeNull();
  });
});

describe('scrolling', () => {
  it('draws only what is in sight', () => {
    expect(visibleRange(25, 100, 10, 1000)).toEqual({ from: 2, to: 13 });
    expect(visibleRange(0, 100, 10, 4)).toEqual({ from: 0, to: 4 });
  });

  it('moves as little as brings the cell into sight', () => {
    expect(scrollTo(3, 0, 100, 10)).toBe(0);
    expect(scrollTo(12, 0, 100, 10)).toBe(30);
    expect(scrollTo(1, 50, 100, 10)).toBe(10);
  });
});
