import { describe, expect, it } from 'vitest';
import { columnOf, withColumn } from './mapping.ts';

const suggested = { path: 'file', label: 'class' };

describe('columns of a table and the fields they fill', () => {
  it('are as suggested until another is chosen', () => {
    expect(columnOf('label', suggested, {})).toBe('class');
    expect(columnOf('label', suggested, { label: 'word' })).toBe('word');
    expect(columnOf('speaker', suggested, {})).toBe('');
  });

  it('fill one field only: a column given to another field is taken from the suggestion', () => {
    const chosen = withColumn({}, 'transcript', 'class');
    expect(columnOf('transcript', suggested, chosen)).toBe('class');
    expect(columnOf('label', suggested, chosen)).toBe('');
  });

  it('move from a field chosen before', () => {
    const chosen = withColumn(withColumn({}, 'speaker', 'who'), 'accent', 'who');
    expect(chosen).toEqual({ accent: 'who' });
  });

  it('leave several fields empty when told so', () => {
    const chosen = withColumn(withColumn({}, 'label', ''), 'speaker', '');
    expect(columnOf('label', suggested, chosen)).toBe('');
    expect(chosen).toEqual({ label: '', speaker: '' });
  });
});
