import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedPath } from '../testing/shared-data.ts';
import { whichSet, whichSetPercent } from './which-set.ts';

describe('the split by name', () => {
  it('gives the published percentages', () => {
    const vectors: Readonly<Record<string, number>> = {
      'bobby_nohash_0.wav': 94.174787,
      'foo.wav': 35.580487,
      'a40c62f1_nohash_0.wav': 32.948752,
      '00000000_nohash_0.wav': 9.55573,
      '00000007_nohash_0.wav': 3.159378,
      '00000002_nohash_0.wav': 16.414388,
      '00000018_nohash_0.wav': 15.097942,
      '00000001_nohash_0.wav': 50.968676,
    };
    for (const [name, percent] of Object.entries(vectors))
      expect(whichSetPercent(name)).toBeCloseTo(percent, 5);
  });

  it('keeps all takes of a speaker together, under any word', () => {
    expect(whichSetPercent('yes/a40c62f1_nohash_0.wav')).toBe(whichSetPercent('no\\a40c62f1_nohash_17.wav'));
  });

  it.skipIf(!hasShared)('agrees with the original on 1,000 names and two proportions', () => {
    const [, ...rows] = readFileSync(sharedPath('golden', 'which_set.csv'), 'utf8').trim().split(/\r?\n/);
    expect(rows.length).toBe(1000);
    for (const row of rows) {
      const [file = '', at10, at5] = row.split(',');
      expect([whichSet(file, 10, 10), whichSet(file, 5, 20)], file).toEqual([at10, at5]);
    }
  });
});
