import { expect, it } from 'vitest';
import { figuresOf, wilson } from './figures.ts';

it('the interval of a share is Wilson’s, also at its ends', () => {
  expect(wilson(0.5, 100)?.map((x) => x.toFixed(4))).toEqual(['0.4038', '0.5962']);
  expect(wilson(0, 20)?.map((x) => x.toFixed(4))).toEqual(['0.0000', '0.1611']);
  expect(wilson(0, 0)).toBeNull();
});

it('the figures say how many clips they are from', () => {
  const figures = figuresOf({
    embedding: 'e',
    label: 'four',
    examples: 3,
    candidates: [],
    threshold: 0.8,
    found: 1200,
    falseAcceptRate: 0.01,
    heldOut: 1000,
    leaveOneOut: [true, true, false].map((isFound) => ({ path: 'a', score: 0.5, isFound })),
    seconds: 1,
    notes: [],
  });
  expect(figures.map(({ value }) => value)).toEqual(['1,200 clips', '1.0%', '2 of 3']);
  expect(figures[1]?.note).toContain('n=1,000');
});
