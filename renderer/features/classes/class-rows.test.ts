import { describe, expect, it } from 'vitest';
import type { ClassFigures } from '../metrics/index.ts';
import { sortedRows } from './class-rows.ts';

function figures(label: string, support: number, precision: number | null): ClassFigures {
  return {
    label,
    support,
    predicted: 0,
    correct: 0,
    precision,
    precisionInterval: null,
    recall: null,
    recallInterval: null,
    f1: null,
    f1Interval: null,
    rocAuc: null,
    averagePrecision: null,
  };
}

describe('the order of classes', () => {
  const classes = [
    figures('10', 5, 0.5),
    figures('never', 0, null),
    figures('9', 7, 0.9),
    figures('b', 5, 0.5),
  ];
  const labels = (field: string, descending: boolean) =>
    sortedRows(classes, { field, descending }).map(({ label }) => label);

  it('sorts names with numbers by value', () => {
    expect(labels('label', false)).toEqual(['9', '10', 'b', 'never']);
  });

  it('puts undefined figures last whichever way it sorts, and ties in order of names', () => {
    expect(labels('precision', true)).toEqual(['9', '10', 'b', 'never']);
    expect(labels('precision', false)).toEqual(['10', 'b', '9', 'never']);
  });
});
