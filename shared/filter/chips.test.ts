import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addCondition,
  chipsOf,
  chosenValues,
  conditionFor,
  confusionCondition,
  negateChip,
  rangeCondition,
  removeChip,
  replaceChip,
  replaceField,
  toggleCondition,
  toggleValue,
} from './chips.ts';
import { parseFilter, parseTerm } from './parse.ts';

describe('filter chips', () => {
  const text = 'label=bed AND (split = train OR split = test) AND NOT note is empty';

  it('are the parts of the top-level AND as they were typed', () => {
    expect(chipsOf(text).map((chip) => chip.text)).toEqual([
      'label=bed',
      '(split = train OR split = test)',
      'NOT note is empty',
    ]);
    expect(chipsOf('')).toEqual([]);
    expect(chipsOf('label = a OR label = b')).toHaveLength(1);
    expect(chipsOf('(label = a AND split = b)').map((chip) => chip.text)).toEqual(['label = a', 'split = b']);
  });

  it('can be removed, replaced and turned into their opposite without touching the others', () => {
    expect(removeChip(text, 1)).toBe('label=bed AND NOT note is empty');
    expect(removeChip('label = a', 0)).toBe('');
    expect(replaceChip(text, 0, 'label = a OR label = b')).toBe(
      '(label = a OR label = b) AND (split = train OR split = test) AND NOT note is empty',
    );
    expect(negateChip(text, 0)).toBe(
      'label != bed AND (split = train OR split = test) AND NOT note is empty',
    );
    expect(negateChip(text, 1)).toBe(
      'label=bed AND NOT (split = train OR split = test) AND NOT note is empty',
    );
    expect(negateChip('durationSec < 1', 0)).toBe('NOT durationSec < 1');
  });

  it('grow by a click, once', () => {
    expect(addCondition('', 'label = a')).toBe('label = a');
    expect(addCondition('label = a OR label = b', 'split = test')).toBe(
      '(label = a OR label = b) AND split = test',
    );
    expect(addCondition('label="a"', 'label = a')).toBe('label="a"');
    expect(toggleCondition('label="a" AND split = test', 'label = a')).toBe('split = test');
    expect(
      replaceField('durationSec > 1 AND label = a AND duration < 2', 'durationSec', 'durationSec >= 3'),
    ).toBe('label = a AND durationSec >= 3');
  });

  it('of a confusion cell come and go together', () => {
    const cell = confusionCondition('run "7"', 'bed', 'label');
    expect(cell).toBe('label = bed AND predicted("run \\"7\\"") = "label"');
    const filtered = addCondition('split = test', cell);
    expect(filtered).toBe(`split = test AND ${cell}`);
    expect(addCondition(filtered, cell)).toBe(filtered);
    expect(toggleCondition(filtered, cell)).toBe('split = test');
  });

  it('gather the values clicked in one facet', () => {
    const one = toggleValue('split = test', 'label', 'yes');
    const two = toggleValue(one, 'label', 'no');
    expect(two).toBe('split = test AND label in (yes, no)');
    expect(chosenValues(two, 'label')).toEqual(['yes', 'no']);
    expect(toggleValue(two, 'label', 'yes')).toBe('split = test AND label = no');
    expect(toggleValue('split = test AND label = no', 'label', 'no')).toBe('split = test');
    const none = toggleValue(two, 'label', null);
    expect(none).toBe('split = test AND label is empty');
    expect(chosenValues(none, 'label')).toEqual([null]);
    expect(toggleValue(none, 'label', 'yes')).toBe('split = test AND label = yes');
    expect(toggleValue('', 'present', 'false')).toBe('present = false');
    expect(toggleValue('', 'sampleRate', '16000')).toBe('sampleRate = 16000');
  });

  it('hold any value, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(parseFilter(conditionFor('label', value))).toMatchObject({
          type: 'compare',
          term: { field: 'label' },
          value: { type: 'text', text: value },
        });
      }),
    );
  });

  it('of a brushed histogram are a half-open range', () => {
    expect(rangeCondition(parseTerm('durationSec'), 0.5, 1)).toBe('durationSec >= 0.5 AND durationSec < 1');
    expect(rangeCondition(parseTerm('p(given)'), null, 0.3, true)).toBe('p(given) <= 0.3');
    expect(parseFilter(rangeCondition(parseTerm('fileBytes'), 1e21, 1e22))).not.toBeNull();
  });
});
