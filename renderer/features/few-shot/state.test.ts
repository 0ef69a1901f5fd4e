import { beforeEach, expect, it } from 'vitest';
import {
  acceptedOf,
  judge,
  noteRelabelled,
  setExamples,
  startOver,
  takeVerdicts,
  undoVerdict,
  useFewShot,
} from './state.ts';

const state = () => useFewShot.getState();

beforeEach(startOver);

it('a verdict given twice is taken back, and undo takes the last one back', () => {
  judge(7, 'accepted');
  judge(8, 'rejected');
  judge(7, 'accepted');
  expect([...state().verdicts]).toEqual([[8, 'rejected']]);
  expect(undoVerdict()).toBe(7);
  expect(state().verdicts.get(7)).toBe('accepted');
  judge(7, 'rejected');
  undoVerdict();
  expect(state().verdicts.get(7)).toBe('accepted');
});

it('accepted candidates become examples once, the others are not shown again', () => {
  setExamples([1, 2, 2], 'four');
  judge(3, 'accepted');
  judge(4, 'rejected');
  noteRelabelled(5);
  expect(acceptedOf(state())).toEqual([3, 5]);
  takeVerdicts();
  expect(state()).toMatchObject({ examples: [1, 2, 3, 5], word: 'four', past: [] });
  expect([...state().leftOut]).toEqual([4]);
  expect(state().verdicts.size).toBe(0);
});

it('undo leaves a relabelled clip to the history of decisions', () => {
  judge(3, 'accepted');
  noteRelabelled(5);
  expect(undoVerdict()).toBeNull();
  expect(state().verdicts.get(3)).toBe('accepted');
});

it('there are at most two hundred examples', () => {
  setExamples(Array.from({ length: 300 }, (_, id) => id + 1));
  expect(state().examples.length).toBe(200);
});
