import { describe, expect, it } from 'vitest';
import {
  cellInWords,
  intensityAt,
  matrixAsCsv,
  matrixAsTsv,
  matrixOf,
  printedAt,
  valueAt,
} from './matrix-model.ts';

const matrix = matrixOf(
  ['four', 'seven', 'never'],
  [
    [88, 11, 0],
    [1, 99, 0],
    [0, 0, 0],
  ],
);

describe('the numbers of the matrix', () => {
  it('gives a count, a share of its row or a share of its column', () => {
    expect(valueAt(matrix, 0, 1, 'counts')).toBe(11);
    expect(valueAt(matrix, 0, 1, 'by-row')).toBeCloseTo(11 / 99);
    expect(valueAt(matrix, 0, 1, 'by-column')).toBe(0.1);
  });

  it('has no share where a class has no clips or was never predicted', () => {
    expect(valueAt(matrix, 2, 0, 'by-row')).toBeNull();
    expect(valueAt(matrix, 0, 2, 'by-column')).toBeNull();
    expect(printedAt(matrix, 2, 0, 'by-row')).toBe('·');
  });

  it('prints shares with one decimal and nothing as a dot', () => {
    expect(printedAt(matrix, 0, 1, 'by-row')).toBe('11.1');
    expect(printedAt(matrix, 0, 1, 'counts')).toBe('11');
    expect(printedAt(matrix, 1, 2, 'counts')).toBe('·');
  });

  it('gives the largest count the full colour and none no colour', () => {
    expect(intensityAt(matrix, 1, 1, 'counts')).toBe(1);
    expect(intensityAt(matrix, 0, 2, 'counts')).toBe(0);
    expect(intensityAt(matrixOf([], []), 0, 0, 'counts')).toBe(0);
  });

  it('says a cell in words with what it is a share of', () => {
    expect(cellInWords(matrix, 0, 1)).toBe(
      'four heard as seven: 11 clips, 11.1% of the 99 four, 10.0% of the 110 heard as seven',
    );
    expect(cellInWords(matrix, 1, 0)).toContain('1 clip,');
    expect(cellInWords(matrix, 2, 2)).toBe('never heard as never, right: 0 clips');
  });
});

describe('the matrix for other programs', () => {
  it('copies as a table with labels on both sides', () => {
    expect(matrixAsTsv(matrix, 'counts').split('\n')[1]).toBe('four\t88\t11\t0');
  });

  it('quotes labels in CSV where they need it and leaves undefined shares empty', () => {
    const csv = matrixAsCsv(
      matrixOf(
        ['a,b', 'c"d'],
        [
          [1, 0],
          [0, 0],
        ],
      ),
      'by-row',
    );
    expect(csv.split('\r\n').slice(0, 3)).toEqual([
      'given \\ predicted,"a,b","c""d"',
      '"a,b",1.0000,0.0000',
      '"c""d",,',
    ]);
  });
});
