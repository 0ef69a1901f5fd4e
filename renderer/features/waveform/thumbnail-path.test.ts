// The shape of a thumbnail, followed step by step.
import { describe, expect, it } from 'vitest';
import { THUMBNAIL_COLUMNS } from '../../../shared/domain/audio.ts';
import { fullScalePath, outlinePath } from './thumbnail-path.ts';

function thumbnailOf(column: (at: number) => readonly [low: number, high: number]): Int8Array {
  return Int8Array.from({ length: 2 * THUMBNAIL_COLUMNS }, (_, at) => column(at >> 1)[at & 1] ?? 0);
}

/** The y values of a path, in the order in which it is drawn. */
function heightsOf(path: string): number[] {
  return [...path.matchAll(/(?:M\d+ |V)(-?[\d.]+)/g)].map(([, y]) => Number(y));
}

describe('a thumbnail as a path', () => {
  it('goes along the tops of the columns and comes back along their bottoms', () => {
    const path = outlinePath(
      thumbnailOf((at) => (at === 0 ? [-127, 127] : [-64, 32])),
      22,
    );
    const heights = heightsOf(path);
    expect(heights).toHaveLength(2 * THUMBNAIL_COLUMNS);
    expect(heights[0]).toBe(1);
    expect(heights[1]).toBeCloseTo(11 - (32 / 127) * 10, 2);
    expect(heights.at(-2)).toBeCloseTo(11 + (64 / 127) * 10, 2);
    expect(heights.at(-1)).toBe(21);
    expect(path).toMatch(/^M0 1H1.*H0Z$/);
  });

  it('leaves a thin line of silence', () => {
    const heights = heightsOf(
      outlinePath(
        thumbnailOf(() => [0, 0]),
        20,
      ),
    );
    expect(new Set(heights)).toEqual(new Set([10, 10.75]));
  });

  it('measures again for another height', () => {
    const thumbnail = thumbnailOf(() => [-127, 127]);
    expect(heightsOf(outlinePath(thumbnail, 20))[0]).toBe(1);
    expect(heightsOf(outlinePath(thumbnail, 40)).at(-1)).toBe(39);
  });

  it('marks the columns at full scale and no other', () => {
    const path = fullScalePath(
      thumbnailOf((at) => (at === 3 ? [-127, 20] : at === 7 ? [-5, 126] : [-120, 120])),
      20,
    );
    expect([...path.matchAll(/M(\d+)/g)].map(([, column]) => column)).toEqual(['3', '7']);
  });
});
