import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { variantsOf } from './variants.ts';

const sampleRate = 8000;

/** A short burst in the middle of a second. */
const burst = Float32Array.from({ length: sampleRate }, (_, at) =>
  Math.abs(at - 4000) < 400 ? 0.5 * Math.sin(at / 3) * Math.cos(((at - 4000) * Math.PI) / 800) : 0,
);

const make = (seed: number, count = 40, noises: readonly Float32Array[] = []): Float32Array[] =>
  variantsOf({ samples: burst, sampleRate, count, noises, random: createRandom(seed) });

function correlation(a: Float32Array, b: Float32Array, shift: number): number {
  let product = 0;
  let ofA = 0;
  let ofB = 0;
  for (let at = 0; at < a.length; at++) {
    const other = b[at + shift] ?? 0;
    product += a[at]! * other;
    ofA += a[at]! ** 2;
    ofB += other ** 2;
  }
  return product / Math.sqrt(ofA * ofB);
}

/** The shift at which the variant is most like the burst. */
function shiftOf(variant: Float32Array): number {
  let best = 0;
  // The burst's carrier repeats every 19 samples.
  for (let shift = -900; shift <= 900; shift += 2)
    if (correlation(burst, variant, shift) > correlation(burst, variant, best)) best = shift;
  return best;
}

describe('variants of a recording', () => {
  it('are as long as it, no two alike, and the same for the same seed', () => {
    const variants = make(1, 6);
    expect(variants.map(({ length }) => length)).toEqual(Array(6).fill(sampleRate));
    expect(new Set(variants.map((variant) => variant.join())).size).toBe(6);
    expect(make(1, 6)).toEqual(variants);
    expect(make(2, 6)).not.toEqual(variants);
  });

  it('come up to a tenth of a second earlier or later, under noise that leaves the word audible', () => {
    const shifts: number[] = [];
    for (const variant of make(3, 12)) {
      const shift = shiftOf(variant);
      shifts.push(shift);
      // At 10 to 30 dB the word makes up 91 to 99.9% of the power.
      expect(correlation(burst, variant, shift)).toBeGreaterThan(0.94);
    }
    expect(Math.max(...shifts.map(Math.abs))).toBeLessThanOrEqual(800);
    expect(Math.max(...shifts)).toBeGreaterThan(100);
    expect(Math.min(...shifts)).toBeLessThan(-100);
  });

  it('take background noise every second time, over again where it is shorter, and never clip', () => {
    const hum = Float32Array.from({ length: 1600 }, (_, at) => 0.01 * Math.sin((2 * Math.PI * at) / 160));
    const variants = make(4, 40, [new Float32Array(100), hum]);
    const humOf = (variant: Float32Array): number => {
      // The last tenth of a second holds no word, whatever the shift.
      const end = variant.subarray(-800);
      let [sine, cosine, all] = [0, 0, 0];
      for (const [at, value] of end.entries()) {
        sine += value * Math.sin((2 * Math.PI * at) / 160);
        cosine += value * Math.cos((2 * Math.PI * at) / 160);
        all += value * value;
      }
      return (sine * sine + cosine * cosine) / (400 * all);
    };
    for (const [at, variant] of variants.entries()) {
      if (at % 2 === 1) expect(humOf(variant)).toBeGreaterThan(0.99);
      else expect(humOf(variant)).toBeLessThan(0.1);
      expect(variant.every((value) => Math.abs(value) <= 1)).toBe(true);
    }
    const peaks = variants.map((variant) => Math.max(...variant));
    expect(Math.max(...peaks) / Math.min(...peaks)).toBeGreaterThan(1.8);
  });

  it('of silence are silence, and of nothing nothing', () => {
    const random = createRandom(5);
    const silence = variantsOf({
      samples: new Float32Array(100),
      sampleRate,
      count: 2,
      noises: [burst],
      random,
    });
    expect(silence).toEqual([new Float32Array(100), new Float32Array(100)]);
    expect(variantsOf({ samples: new Float32Array(0), sampleRate, count: 1, noises: [], random })).toEqual([
      new Float32Array(0),
    ]);
  });
});
