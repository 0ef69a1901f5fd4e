import { describe, expect, it } from 'vitest';
import { panned, wholeClip, within, zoomed } from './view-span.ts';

describe('zooming into a clip', () => {
  it('keeps the second under the pointer where it is', () => {
    const span = zoomed(wholeClip(10), 2, 4, 10);
    expect(span.toSec - span.fromSec).toBeCloseTo(5);
    expect((4 - span.fromSec) / 5).toBeCloseTo(0.4);
  });

  it('never shows more than the clip nor time outside of it', () => {
    expect(zoomed({ fromSec: 8, toSec: 10 }, 0.1, 9, 10)).toEqual({ fromSec: 0, toSec: 10 });
    expect(panned({ fromSec: 8, toSec: 10 }, 5, 10)).toEqual({ fromSec: 8, toSec: 10 });
    expect(panned({ fromSec: 1, toSec: 3 }, -5, 10)).toEqual({ fromSec: 0, toSec: 2 });
  });

  it('works on a clip shorter than the deepest zoom', () => {
    expect(within({ fromSec: 0, toSec: 1 }, 0.004)).toEqual({ fromSec: 0, toSec: 0.004 });
  });
});
