import { describe, expect, it } from 'vitest';
import { mixDown, resample } from './resample.ts';

const sine = (hz: number, rate: number, length = rate): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rate + 0.3));

/** Leaves out the ends, where the filter sees the silence around the clip. */
const EDGE_SEC = 0.03;

function inner(samples: Float32Array, rate: number): Float32Array {
  const edge = Math.ceil(EDGE_SEC * rate);
  return samples.subarray(edge, samples.length - edge);
}

/** dB of the root mean square, relative to a full-scale sine. */
function levelDb(samples: Float32Array): number {
  let sum = 0;
  for (const x of samples) sum += x * x;
  return 10 * Math.log10((2 * sum) / samples.length);
}

const ratios = [
  [8000, 16_000],
  [11_025, 16_000],
  [22_050, 16_000],
  [32_000, 16_000],
  [44_100, 16_000],
  [48_000, 16_000],
  [11_111, 16_000],
  [16_000, 8000],
  [16_000, 44_100],
] as const;

describe('Resampling', () => {
  it.each(ratios)(
    '%i Hz to %i Hz keeps tones to 0.9 of the lower Nyquist frequency, in place',
    (from, to) => {
      for (const share of [0.01, 0.4, 0.9]) {
        const hz = (share * Math.min(from, to)) / 2;
        const found = resample(sine(hz, from), from, to);
        const expected = sine(hz, to, found.length);
        const difference = found.map((x, i) => x - expected[i]!);
        expect(levelDb(inner(difference, to)), `${hz} Hz`).toBeLessThan(-80);
      }
    },
  );

  it.each(ratios.filter(([from, to]) => from > to))(
    '%i Hz to %i Hz removes what lies above the new Nyquist frequency',
    (from, to) => {
      for (const hz of [to / 2, to / 2 + 50, (to / 2 + from / 2) / 2, from / 2 - 50])
        expect(levelDb(inner(resample(sine(hz, from), from, to), to)), `${hz} Hz`).toBeLessThan(-80);
    },
  );

  it('A constant stays what it is, so there is no tone at the rate of the phases', () => {
    const found = inner(resample(new Float32Array(44_100).fill(0.5), 44_100, 16_000), 16_000);
    expect(found.every((x) => Math.abs(x - 0.5) < 1e-6)).toBe(true);
  });

  it('The length is the next whole sample, from nothing on', () => {
    for (const [length, from, to] of [
      [0, 8000, 16_000],
      [1, 48_000, 16_000],
      [3, 48_000, 16_000],
      [4, 48_000, 16_000],
      [12_345, 44_100, 16_000],
      [100_000, 8000, 11_025],
    ] as const)
      expect(resample(new Float32Array(length), from, to)).toHaveLength(Math.ceil((length * to) / from));
  });

  it('A long clip has no seams between blocks', () => {
    const from = 22_050;
    const found = resample(sine(5000, from, 4 * from), from, 16_000);
    const expected = sine(5000, 16_000, found.length);
    const worst = inner(
      found.map((x, i) => Math.abs(x - expected[i]!)),
      16_000,
    ).reduce((a, b) => Math.max(a, b));
    expect(worst).toBeLessThan(1e-4);
  });

  it('An odd high rate is met closely by a filter of bounded size', () => {
    const found = resample(sine(1000, 96_001), 96_001, 16_000);
    const expected = sine(1000, 16_000, found.length);
    expect(
      levelDb(
        inner(
          found.map((x, i) => x - expected[i]!),
          16_000,
        ),
      ),
    ).toBeLessThan(-20);
  });

  it('Equal rates give the very same array; a rate that is none is refused', () => {
    const samples = sine(100, 8000);
    expect(resample(samples, 8000, 8000)).toBe(samples);
    for (const rate of [0, -1, 8000.5, Number.NaN, 1e9])
      expect(() => resample(samples, rate, 16_000)).toThrow(RangeError);
  });
});

describe('Mixing down', () => {
  it('is the mean of the channels', () => {
    const mono = mixDown([Float32Array.of(1, 0, -0.5), Float32Array.of(0, 0.5, -0.5)]);
    expect([...mono]).toEqual([0.5, 0.25, -0.5]);
  });

  it('One channel stays the very same array, no channel is no sound', () => {
    const only = Float32Array.of(1, 2);
    expect(mixDown([only])).toBe(only);
    expect(mixDown([])).toHaveLength(0);
  });
});
