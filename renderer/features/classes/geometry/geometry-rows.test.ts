import { expect, it } from 'vitest';
import { sortedRows } from '../class-rows.ts';
import { rowsOf } from './geometry-rows.ts';

const one = (label: string, n: number, intra: number | null, inter: number | null) => ({
  label,
  n,
  intra,
  nearestClass: 'x',
  inter,
  silhouette: null,
  knnPurity: null,
});
const rows = rowsOf([
  one('10', 5, 0.5, 1),
  one('once', 1, 0, 1),
  one('9', 7, 0.25, 1),
  one('none', 0, null, null),
]);

it('the ratio is undefined for a class of one clip, whose width is no width', () => {
  expect(rows.map(({ ratio }) => ratio)).toEqual([2, null, 4, null]);
});

it('undefined figures come last whichever way the table is sorted, names with numbers by value', () => {
  const labels = (field: string, descending: boolean) =>
    sortedRows(rows, { field, descending }).map(({ label }) => label);
  expect(labels('ratio', false)).toEqual(['10', '9', 'none', 'once']);
  expect(labels('ratio', true)).toEqual(['9', '10', 'none', 'once']);
  expect(labels('label', false)).toEqual(['9', '10', 'none', 'once']);
  expect(labels('n', true)).toEqual(['9', '10', 'once', 'none']);
});
