import { describe, expect, it } from 'vitest';
import { splitFilter } from './matrix-filter.ts';

describe('the cell in the filter', () => {
  it('is the pair of a label and a prediction of the run; the rest stays', () => {
    expect(splitFilter('label = four AND split = test AND predicted = seven', 'm', true)).toEqual({
      context: 'split = test',
      given: 'four',
      predicted: 'seven',
    });
    expect(splitFilter('label = 4 AND predicted("m") = "to and fro"', 'm', false)).toEqual({
      context: '',
      given: '4',
      predicted: 'to and fro',
    });
  });

  it('is not there when only one side is named, or the run is another', () => {
    expect(splitFilter('label = four', 'm', true).context).toBe('label = four');
    expect(splitFilter('label = four AND predicted("other") = seven', 'm', true).given).toBeNull();
    expect(splitFilter('label = four AND predicted = seven', 'm', false).given).toBeNull();
  });

  it('keeps an OR together and survives a text that cannot be read', () => {
    expect(
      splitFilter('(split = test OR split = train) AND label = a AND predicted = b', 'm', true).context,
    ).toBe('(split = test OR split = train)');
    expect(splitFilter('label = = x', 'm', true).context).toBe('label = = x');
  });
});
