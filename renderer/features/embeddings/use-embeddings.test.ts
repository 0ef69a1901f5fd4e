import { expect, it } from 'vitest';
import { freeName } from './use-embeddings.ts';

it('a suggested name is never one that is taken', () => {
  expect(freeName('encoder-1', [])).toBe('encoder-1');
  expect(freeName('encoder-1', ['encoder-1'])).toBe('encoder-1 2');
  expect(freeName('encoder-1', ['encoder-1', 'encoder-1 2', 'other'])).toBe('encoder-1 3');
});
