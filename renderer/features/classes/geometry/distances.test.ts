import { describe, expect, it } from 'vitest';
import { bySimilarity, cellInWords, closenessAt, distancesOf, distanceText } from './distances.ts';

const classes = [
  { label: '10', n: 5 },
  { label: 'b', n: 9 },
  { label: '9', n: 7 },
];
const rows = [
  [0, 4, 1],
  [4, 0, 3],
  [1, 3, 0],
];

describe('the order of the matrix', () => {
  it('puts the nearest classes side by side, and the others where they are nearest', () => {
    expect(distancesOf(classes, rows, 'similarity').labels).toEqual(['10', '9', 'b']);
  });

  it('is by clips, or by name with numbers by value', () => {
    expect(distancesOf(classes, rows, 'support').labels).toEqual(['b', '9', '10']);
    expect(distancesOf(classes, rows, 'name').labels).toEqual(['9', '10', 'b']);
  });

  it('holds every class once, also those without distances', () => {
    expect(bySimilarity(3, () => null).toSorted()).toEqual([0, 1, 2]);
    expect(bySimilarity(0, () => null)).toEqual([]);
    expect(bySimilarity(3, (i, j) => (i === 2 || j === 2 ? null : 1)).at(-1)).toBe(2);
  });
});

describe('a cell', () => {
  const distances = distancesOf(classes, rows, 'similarity');

  it('stands out the more, the nearer its classes are', () => {
    expect(closenessAt(distances, 0, 1)).toBe(1);
    expect(closenessAt(distances, 0, 2)).toBe(0);
    expect(closenessAt(distances, 1, 2)).toBeCloseTo(1 / 3);
    expect(closenessAt(distances, 1, 1)).toBeNull();
  });

  it('follows its classes into another order', () => {
    const byName = distancesOf(classes, rows, 'name');
    expect(cellInWords(byName, () => 0.5, 0, 1)).toBe(
      '9 and 10: centres 1.00 apart, clips lie 0.50 and 0.50 from their own',
    );
  });

  it('says when a class has no clips, and what the diagonal is', () => {
    const gap = distancesOf(
      classes,
      rows.map((row) => row.map((value, j) => (j === 1 ? null : value))),
      'name',
    );
    expect(cellInWords(gap, () => null, 0, 2)).toContain('has no clips');
    expect(cellInWords(gap, () => 2, 0, 0)).toBe('9: clips lie 2.00 from its centre in the mean');
  });

  it('has digits that suit the size of the distance', () => {
    expect([0.1234, 12.34, 1234, null].map(distanceText)).toEqual(['0.12', '12.3', '1234', '–']);
  });
});

it('two classes alone are the nearest and the farthest at once', () => {
  const two = distancesOf(
    classes.slice(0, 2),
    [
      [0, 2],
      [2, 0],
    ],
    'support',
  );
  expect(closenessAt(two, 0, 1)).toBe(1);
});
