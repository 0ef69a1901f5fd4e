import { expect, it } from 'vitest';
import { sameLabelInWords } from './neighbour-words.ts';

const of = (...labels: (string | null)[]) => labels.map((label) => ({ label }));

it('neighbours that agree are counted', () => {
  expect(sameLabelInWords(of('four', 'four', 'seven'), 'four')).toBe('2 of 3 say four too.');
  expect(sameLabelInWords(of('four'), 'four')).toBe('1 of 1 says four too.');
});

it('neighbours that contradict are named', () => {
  expect(sameLabelInWords(of('seven', 'seven', 'four'), 'four')).toBe('Only 1 of 3 says four; 2 say seven.');
  expect(sameLabelInWords(of('seven', 'seven'), 'four')).toBe('None of 2 says four; 2 say seven.');
});

it('a tie is not held against the label', () => {
  expect(sameLabelInWords(of('seven', 'four'), 'four')).toBe('1 of 2 says four too.');
});

it('a clip without a label hears what its neighbours are', () => {
  expect(sameLabelInWords(of('seven', 'seven', null), null)).toBe('2 of 3 say seven.');
  expect(sameLabelInWords(of(null), 'four')).toBe('None of the nearest clips has a label.');
});
