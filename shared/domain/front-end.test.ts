import { describe, expect, it } from 'vitest';
import { type FrontEndInput, frontEnd, frontEndPresets } from './front-end.ts';

/** `path: message` of everything that is wrong. */
function complaints(input: unknown): string[] {
  const issues = frontEnd.safeParse(input).error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('A front end', () => {
  it('written with its kind only has the conventions of the preset', () => {
    expect(frontEnd.parse({ kind: 'log-mel' })).toEqual(frontEndPresets['earmark-log-mel-40']);
    expect(frontEnd.parse({ kind: 'raw' })).toEqual({ kind: 'raw', scale: 1 });
  });

  it('is complete once parsed: parsing it again changes nothing', () => {
    for (const preset of Object.values(frontEndPresets)) expect(frontEnd.parse(preset)).toEqual(preset);
  });

  it('names keys it does not know', () => {
    expect(complaints({ kind: 'log-mel', nMels: 40 })).toEqual([expect.stringContaining('nMels')]);
    expect(complaints({ kind: 'raw', bands: 40 })).toEqual([expect.stringContaining('bands')]);
  });

  it.each<[Partial<FrontEndInput>, string]>([
    [
      { fftSize: 511 },
      'fftSize: 511 is no FFT size Earmark knows: even, with half of it made of factors 2, 3 and 5',
    ],
    [
      { fftSize: 448 },
      'fftSize: 448 is no FFT size Earmark knows: even, with half of it made of factors 2, 3 and 5',
    ],
    [{ windowSamples: 600 }, 'windowSamples: a window of 600 samples does not fit an FFT of 512'],
    [{ sampleRate: 8000 }, 'fMaxHz: 7600 Hz lies above half the sample rate, 4000 Hz'],
    [{ fMinHz: 7600 }, 'fMinHz: 7600 Hz is not below the highest frequency, 7600 Hz'],
    [{ lowestBin: 257 }, 'lowestBin: an FFT of 512 has no bin 257'],
    [{ coefficients: 41 }, 'coefficients: 41 coefficients cannot be made of 40 bands'],
    [{ log: { kind: 'none', range: 80 } }, 'log: a range or a reference needs a logarithm; its kind is none'],
  ])('%j is refused in words', (change, message) => {
    expect(complaints({ kind: 'mfcc', ...change })).toEqual([message]);
  });
});
