import { describe, expect, it } from 'vitest';
import { spokenPart } from './trim.ts';
import { wavOfSamples } from './wav.ts';

const RATE = 16_000;

/** A tone from `from` to `to` seconds over a background of noise of amplitude `noise`, two seconds long. */
function recording(from: number, to: number, noise = 0.001): Float32Array {
  let seed = 1;
  return Float32Array.from({ length: 2 * RATE }, (_, at) => {
    seed = (seed * 16_807) % 2_147_483_647;
    const second = at / RATE;
    const tone = second >= from && second < to ? 0.5 * Math.sin(2 * Math.PI * 300 * second) : 0;
    return tone + noise * (2 * (seed / 2_147_483_647) - 1);
  });
}

describe('silence around a recorded word', () => {
  it('is cut, with a tenth of a second left', () => {
    const { from, to, isHeard, isCut } = spokenPart(recording(0.7, 1.2), RATE);
    expect(isHeard).toBe(true);
    expect(isCut).toBe(false);
    expect(from / RATE).toBeCloseTo(0.6, 1);
    expect(to / RATE).toBeCloseTo(1.3, 1);
  });

  it('is cut over a loud background too', () => {
    const { from, to } = spokenPart(recording(0.7, 1.2, 0.05), RATE);
    expect(from / RATE).toBeCloseTo(0.6, 1);
    expect(to / RATE).toBeCloseTo(1.3, 1);
  });

  it('is all there is when nobody spoke: nothing is heard, nothing is cut', () => {
    for (const noise of [0, 0.0001, 0.2]) {
      expect(spokenPart(recording(0, 0, noise), RATE)).toMatchObject({
        from: 0,
        to: 2 * RATE,
        isHeard: false,
      });
    }
    expect(spokenPart(new Float32Array(0), RATE)).toMatchObject({ from: 0, to: 0, isHeard: false });
  });

  it('says when the word ran into the end', () => {
    expect(spokenPart(recording(1.5, 2), RATE).isCut).toBe(true);
  });
});

it('a WAV holds the samples at 16 bits, and clips what is too loud', () => {
  const buffer = wavOfSamples(Float32Array.from([0, 0.5, -1, 3]), 48_000);
  const view = new DataView(buffer);
  expect(new TextDecoder().decode(buffer.slice(0, 4))).toBe('RIFF');
  expect(view.getUint32(4, true)).toBe(buffer.byteLength - 8);
  expect(view.getUint32(24, true)).toBe(48_000);
  expect(view.getUint32(40, true)).toBe(8);
  expect(Array.from(new Int16Array(buffer.slice(44)))).toEqual([0, 16_384, -32_767, 32_767]);
});
