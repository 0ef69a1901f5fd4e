import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naturalKey, naturalRanks } from './natural-order.ts';

describe('natural order', () => {
  it('puts clip2 before clip10 and letters without regard to case', () => {
    expect([...naturalRanks(['clip10', 'Clip2', 'alpha', 'zeta', 'été'])]).toEqual([2, 1, 0, 4, 3]);
  });

  it('is the same for numbers in a name when there are too many names for the collator', () => {
    const numbers = Array.from({ length: 6000 }, (_, i) => (i * 7919) % 6007);
    const ranks = naturalRanks(numbers.map((number) => `take_${number}_b.wav`));
    const expected = [...numbers].sort((a, b) => a - b);
    numbers.forEach((number, i) => {
      expect(expected[ranks[i] ?? -1]).toBe(number);
    });
  });

  it('by key compares whole numbers by size, with or without leading zeros', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(3), (a, b, zeros) => {
        const left = naturalKey(`x${'0'.repeat(zeros)}${a}y`);
        const right = naturalKey(`x${b}y`);
        expect(Math.sign(Number(left > right) - Number(left < right))).toBe(Math.sign(a - b));
      }),
    );
  });
});
