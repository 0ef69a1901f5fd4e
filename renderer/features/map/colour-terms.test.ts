import { describe, expect, it } from 'vitest';
import { flagTitles } from '../../../shared/domain/flag.ts';
import { chosenInFilter, filterByValue, termProblem, valueInWords } from './colour-terms.ts';

describe('a click on the legend', () => {
  it('filters by the value alone, and again takes it out', () => {
    const once = filterByValue('split = train', 'label', 'four', false);
    expect(once).toBe('split = train AND label = four');
    expect(filterByValue(once, 'label', 'seven', false)).toBe('split = train AND label = seven');
    expect(filterByValue(once, 'label', 'four', false)).toBe('split = train');
  });

  it('with a modifier adds the value to those chosen', () => {
    const both = filterByValue('label = four', 'label', 'seven', true);
    expect(chosenInFilter(both, 'label')).toEqual(['four', 'seven']);
    expect(filterByValue(both, 'label', 'four', true)).toBe('label = seven');
  });

  it('speaks of right and wrong, flags, missing values and named runs as the filter does', () => {
    expect(filterByValue('', 'correct', 'no', false)).toBe('correct = false');
    expect(chosenInFilter('correct = false', 'correct')).toEqual(['no']);
    expect(filterByValue('', 'flag', flagTitles['label-issue'], false)).toBe('flag = label-issue');
    expect(chosenInFilter('flag = label-issue', 'flag')).toEqual([flagTitles['label-issue']]);
    expect(filterByValue('', 'speaker', null, false)).toBe('speaker is empty');
    expect(filterByValue('', 'predicted("run 2")', 'bed', false)).toBe('predicted("run 2") = bed');
    expect(valueInWords('correct', 'no')).toBe('wrong');
    expect(valueInWords('label', null)).toBe('none');
  });

  it('chooses values of a column of the imported table', () => {
    const by = 'column("device")';
    const once = filterByValue('', by, 'head set', false);
    expect(once).toBe('column("device") = "head set"');
    expect(chosenInFilter(filterByValue(once, by, 'phone', true), by)).toEqual(['head set', 'phone']);
    expect(filterByValue(once, by, null, false)).toBe('column("device") is empty');
  });

  it('leaves the filter alone for a score, and replaces one that cannot be read', () => {
    expect(filterByValue('label = a', 'p(given)', 'x', false)).toBe('label = a');
    expect(filterByValue('label = = a', 'label', 'b', false)).toBe('label = b');
  });

  it('says what is wrong with a typed term', () => {
    expect(termProblem('p("run", four)')).toBeNull();
    expect(termProblem('lable')).toMatch(/lable/);
  });
});
