import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complete, type Vocabulary } from './complete.ts';

const vocabulary: Vocabulary = {
  runs: ['runA'],
  columns: ['device', 'snr dB'],
  values: (field) =>
    field.name === 'label'
      ? [
          { value: 'yes', count: 12 },
          { value: 'no', count: 1 },
          { value: 'ja nein', count: 0 },
          { value: 'Émile', count: 2 },
        ]
      : field.name === 'column("device")'
        ? [{ value: 'phone', count: 3 }]
        : [],
};

/** `|` marks the cursor. */
function at(marked: string) {
  const cursor = marked.indexOf('|');
  return complete(marked.replace('|', ''), cursor, vocabulary);
}

function textsAt(marked: string): string[] {
  return at(marked).suggestions.map(({ text }) => text);
}

describe('completion in the filter bar', () => {
  it('offers fields first, then what fits the field', () => {
    expect(textsAt('|').slice(0, 2)).toEqual(['label', 'originalLabel']);
    expect(textsAt('dur|')).toEqual(['durationSec']);
    expect(textsAt('label |')).toContain('is changed');
    expect(textsAt('durationSec |')).not.toContain('~');
    expect(textsAt('label !|')).toEqual(['!=', '!~']);
    expect(textsAt('label = yes |')).toEqual(['AND', 'OR']);
    expect(textsAt('(label = yes |')).toEqual(['AND', 'OR', ')']);
    expect(textsAt('label = yes AND |')).toContain('split');
    expect(textsAt('label is |')).toEqual(['empty', 'not empty', 'changed', 'not changed']);
    expect(textsAt('present = |')).toEqual(['true', 'false']);
    expect(textsAt('flag = lab|')).toEqual(['label-issue']);
    expect(textsAt('split |')).not.toContain('is changed');
  });

  it('offers values with their counts, in quotes where they need them', () => {
    expect(at('label = |').suggestions.slice(0, 3)).toEqual([
      { text: 'yes', kind: 'value', detail: '12 clips' },
      { text: 'no', kind: 'value', detail: '1 clip' },
      { text: '"ja nein"', kind: 'value', detail: '0 clips' },
    ]);
    expect(textsAt('label = emi|')).toEqual(['Émile']);
    expect(textsAt('label in (yes, n|')).toEqual(['no', '"ja nein"']);
    expect(textsAt('label != pre|')).toEqual(['predicted("runA")']);
    expect(textsAt('predicted(|')).toEqual(['"runA"']);
    expect(textsAt('p("runA", |')[0]).toBe('given');
  });

  it('offers the columns of the imported table by name', () => {
    expect(textsAt('dev|')).toEqual(['column("device")']);
    expect(textsAt('colu|')).toEqual(['column("device")', 'column("snr dB")', 'column(']);
    expect(textsAt('column(|')).toEqual(['"device"', '"snr dB"']);
    expect(at('column("snr|').suggestions).toEqual([{ text: '"snr dB"', kind: 'value', detail: 'column' }]);
    expect(textsAt('column("device") |')).toContain('>=');
    expect(textsAt('column("device") = |')).toEqual(['phone']);
  });

  it('replaces the whole word or string the cursor is in', () => {
    expect(at('lab|el = yes')).toMatchObject({ from: 0, to: 5 });
    expect(at('label = "ja n|ein" AND split = a')).toMatchObject({
      from: 8,
      to: 17,
      suggestions: [{ text: '"ja nein"' }],
    });
    expect(at('label = "ja n|')).toMatchObject({ from: 8, to: 13, suggestions: [{ text: '"ja nein"' }] });
    expect(at('label = yes |')).toMatchObject({ from: 12, to: 12 });
  });

  it('stays silent after a mistake', () => {
    expect(textsAt('lable = yes AND |')).toEqual([]);
  });

  it('gives a span inside the text for any text and cursor', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, cursor) => {
        const { from, to } = complete(text, cursor, vocabulary);
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeGreaterThanOrEqual(from);
        expect(to).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
