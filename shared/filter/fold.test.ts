import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foldText } from './fold.ts';

it.each([
  ['Café', 'cafe'],
  ['CAFE\u0301', 'cafe'],
  ['Žluťoučký KŮŇ', 'zlutoucky kun'],
  ['مَرْحَبًا', 'مرحبا'],
  ['שָׁלוֹם', 'שלום'],
  ['Ｆｕｌｌ', 'full'],
  ['हिन्दी', 'हिनदी'],
  ['', ''],
])('%s is searched as %s', (text, folded) => {
  expect(foldText(text)).toBe(folded);
});

it('searching what was folded finds it again: folding twice changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(foldText(foldText(text))).toBe(foldText(text));
    }),
  );
});
