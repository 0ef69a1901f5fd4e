import { expect, it } from 'vitest';
import { leadOf } from './lead.ts';

it('a history tells decisions, undo and redo apart, however often they alternate', () => {
  const byId = new Map([
    ['a', { undoes: null }],
    ['b', { undoes: 'a' }],
    ['c', { undoes: 'b' }],
    ['d', { undoes: 'c' }],
  ]);
  const leads = [...byId.values()].map((event) => leadOf(event, byId));
  expect(leads).toEqual([null, 'undone', 'redone', 'undone']);
});
