import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRealFft } from './realFft.ts';
import { type FrequencyScale, spectrogram } from './spectrogram.ts';
import { tone } from './testing/fixtures.ts';

describe('createRealFft', () => {
  it('agrees with the definition of the discrete Fourier transform', () => {
    fc.assert(
      fc.property(fc.constantFrom(8, 16, 64, 256), fc.integer({ min: 1, max: 1000 }), (size, seed) => {
        const samples = Float64Array.from({ length: size }, (_, i) => Math.sin(seed * (i + 1) ** 2));
        const fft = createRealFft(size);
        fft.input.set(samples);
        const power = new Float64Array(size / 2 + 1);
        fft.power(power);
        for (let k = 0; k <= size / 2; k++) {
          let re = 0;
          let im = 0;
          for (let n = 0; n < size; n++) {
            re += samples[n]! * Math.cos((2 * Math.PI * k * n) / size);
            im -= samples[n]! * Math.sin((2 * Math.PI * k * n) / size);
          }
          expect(Math.abs(power[k]! - (re * re + im * im))).toBeLessThan(1e-9 * size * size);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('refuses a size that is no power of two', () => {
    for (const size of [0, 4, 100, 513, 8.5]) expect(() => createRealFft(size)).toThrow(RangeError);
  });
});

describe('spectrogram', () => {
  const strongestRow = (picture: ReturnType<typeof spectrogram>, column: number) => {
    const rows = picture.data.subarray(column * picture.bins, (column + 1) * picture.bins);
    return rows.indexOf(Math.max(...rows));
  };

  it.each([
    ['linear', 1000 / 8000],
    ['log', Math.log(1000 / 50) / Math.log(8000 / 50)],
    ['mel', Math.log10(1 + 1000 / 700) / Math.log10(1 + 8000 / 700)],
  ] satisfies readonly (readonly [FrequencyScale, number])[])(
    'shows a tone of 1000 Hz at its height on the %s scale',
    (scale, share) => {
      for (const bins of [64, 256, 400]) {
        const picture = spectrogram(tone(16_000, 1, 1000), 16_000, { columns: 50, bins, scale });
        expect(Math.abs(strongestRow(picture, 25) + 0.5 - share * bins)).toBeLessThanOrEqual(bins / 128 + 1);
        expect(Math.max(...picture.data)).toBe(255);
      }
    },
  );

  it('names the level of a full-scale sine as 0 dB', () => {
    const sine = Float32Array.from({ length: 16_000 }, (_, i) => Math.sin((2 * Math.PI * 1000 * i) / 16_000));
    expect(spectrogram(sine, 16_000, { columns: 20 }).topDb).toBeCloseTo(0, 3);
    expect(
      spectrogram(
        sine.map((x) => x / 10),
        16_000,
        { columns: 20 },
      ).topDb,
    ).toBeCloseTo(-20, 3);
  });

  it('maps 90 dB to 0..255: a tone 45 dB weaker is half as bright', () => {
    const strong = Float32Array.from({ length: 16_000 }, (_, i) =>
      Math.sin((2 * Math.PI * 1000 * i) / 16_000),
    );
    const mixed = strong.map(
      (x, i) => x / 2 + (10 ** (-45 / 20) / 2) * Math.sin((2 * Math.PI * 4000 * i) / 16_000),
    );
    const picture = spectrogram(mixed, 16_000, { columns: 10, fftSize: 512, bins: 256 });
    const column = picture.data.subarray(5 * 256, 6 * 256);
    expect(column[32]).toBe(255);
    expect(Math.abs(column[128]! - 127.5)).toBeLessThanOrEqual(1);
  });

  it('shows where in time a sound is, and silence outside the recording', () => {
    const sound = new Float32Array(16_000);
    sound.set(tone(16_000, 0.2), 8000);
    const picture = spectrogram(sound, 16_000, { columns: 100, startSec: 0, endSec: 2 });
    const brightness = Array.from({ length: 100 }, (_, c) =>
      Math.max(...picture.data.subarray(c * picture.bins, (c + 1) * picture.bins)),
    );
    expect(brightness.slice(0, 23).every((value) => value === 0)).toBe(true);
    expect(brightness.slice(28, 33).every((value) => value > 240)).toBe(true);
    expect(brightness.slice(40).every((value) => value === 0)).toBe(true);
  });

  it('draws tiles alike when they share a top level', () => {
    const sound = tone(16_000, 1);
    const whole = spectrogram(sound, 16_000, { columns: 40 });
    const options = whole.topDb === null ? {} : { topDb: whole.topDb };
    const tile = spectrogram(sound, 16_000, { columns: 10, startSec: 0.5, endSec: 0.75, ...options });
    expect(tile.data).toEqual(whole.data.slice(20 * whole.bins, 30 * whole.bins));
  });

  it('is black for digital silence', () => {
    const picture = spectrogram(new Float32Array(1000), 8000, { columns: 5 });
    expect(picture.topDb).toBeNull();
    expect(picture.data.every((value) => value === 0)).toBe(true);
  });

  it('refuses a picture without columns', () => {
    expect(() => spectrogram(new Float32Array(10), 8000, { columns: 0 })).toThrow(RangeError);
  });
});
