import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { THUMBNAIL_COLUMNS } from '../../shared/domain/audio.ts';
import { peaks, thumbnail } from './peaks.ts';
import { tone } from './testing/fixtures.ts';

describe('peaks', () => {
  it('shows the lowest and highest sample of each column', () => {
    const ramp = Float32Array.of(0, 0.5, -0.25, 0.25, 1, -1, 0, 0.125);
    expect([...peaks([ramp], 4)]).toEqual([0, 0.5, -0.25, 0.25, -1, 1, 0, 0.125]);
  });

  it('leaves no sample out, however the columns fall', () => {
    fc.assert(
      fc.property(
        fc.float32Array({ minLength: 1, maxLength: 300, min: -1, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 500 }),
        (data, columns) => {
          const shown = peaks([data], columns);
          expect(Math.max(...shown)).toBe(Math.max(...data));
          expect(Math.min(...shown)).toBe(Math.min(...data));
          for (let c = 0; c < columns; c++) expect(shown[2 * c]!).toBeLessThanOrEqual(shown[2 * c + 1]!);
        },
      ),
    );
  });

  it('zooms into a part exactly as if the part were the whole', () => {
    const sound = tone(16_000, 0.5);
    expect(peaks([sound], 40, 1000, 3000)).toEqual(peaks([sound.slice(1000, 3000)], 40));
  });

  it('clamps a part that reaches beyond the sound, and shows nothing outside it', () => {
    const sound = tone(16_000, 0.1);
    expect(peaks([sound], 10, -500, 99_999)).toEqual(peaks([sound], 10));
    expect(peaks([sound], 10, 5000, 6000)).toEqual(new Float32Array(20));
    expect(peaks([], 10)).toEqual(new Float32Array(20));
  });

  it('wraps all channels in one envelope', () => {
    expect([...peaks([Float32Array.of(0.5, 0), Float32Array.of(-0.5, 0.25)], 2)]).toEqual([
      -0.5, 0.5, 0, 0.25,
    ]);
  });
});

describe('thumbnail', () => {
  it('is the envelope in 8 bits, with samples beyond full scale clamped', () => {
    const columns = thumbnail([tone(16_000, 1, 440, 1).map((x) => x * 3)]);
    expect(columns).toHaveLength(THUMBNAIL_COLUMNS * 2);
    expect(Math.max(...columns)).toBe(127);
    expect(Math.min(...columns)).toBe(-127);
  });
});
