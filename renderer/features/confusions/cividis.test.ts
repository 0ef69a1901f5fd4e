import { describe, expect, it } from 'vitest';
import { cividis, colourOf, contrast, inkOn } from './cividis.ts';

describe('the scale of colours', () => {
  it('runs from dark blue to light yellow and gets lighter at every step', () => {
    expect(cividis(0)).toEqual([0, 34, 78]);
    expect(cividis(1)).toEqual([254, 232, 56]);
    const black = [0, 0, 0] as const;
    let before = 0;
    for (let step = 0; step <= 50; step++) {
      const now = contrast(cividis(step / 50), black);
      expect(now).toBeGreaterThan(before);
      before = now;
    }
  });

  it('puts small values next to the ground in both themes', () => {
    expect(colourOf(0, true)).toEqual(cividis(0));
    expect(colourOf(0, false)).toEqual(cividis(1));
  });

  it('keeps every printed number readable (4.5:1)', () => {
    for (let step = 0; step <= 100; step++) {
      const colour = cividis(step / 100);
      expect(contrast(colour, inkOn(colour))).toBeGreaterThanOrEqual(4.5);
    }
  });
});
