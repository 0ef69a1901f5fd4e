import { beforeEach, describe, expect, it } from 'vitest';
import { nextOpen, noteOutcome, noteTakenBack, remainingOf, secondsLeft, useReview } from './queue.ts';

beforeEach(() => {
  useReview.setState({
    ids: [11, 12, 13, 14],
    index: 0,
    isInFront: true,
    outcomes: new Map(),
    takenBack: new Map(),
    decidedAt: [],
  });
});

describe('where the review goes after a decision', () => {
  it('goes to the next clip that is not decided, and round to those that were passed over', () => {
    const done = new Map([
      [12, 'kept'],
      [13, 'kept'],
    ] as const);
    expect(nextOpen([11, 12, 13, 14], done, 0)).toBe(3);
    expect(nextOpen([11, 12, 13, 14], done, 3)).toBe(0);
  });

  it('goes on from the clip in front, and ends when every clip is decided', () => {
    for (const id of [11, 12, 13]) noteOutcome([id], 'kept', 0, true);
    expect(useReview.getState().index).toBe(3);
    noteOutcome([14], 'relabelled', 0, true);
    expect(useReview.getState().index).toBe(-1);
    expect(remainingOf(useReview.getState())).toBe(0);
  });

  it('stays on the clip when auto-advance is off, until the last one is decided', () => {
    noteOutcome([11], 'kept', 0, false);
    expect(useReview.getState().index).toBe(0);
    noteOutcome([12, 13], 'kept', 0, false);
    noteOutcome([11], 'unclear', 0, false);
    expect(useReview.getState().index).toBe(0);
  });

  it('counts decisions made in other views without going on', () => {
    useReview.setState({ isInFront: false });
    noteOutcome([11, 12], 'unusable', 0, true);
    expect(useReview.getState().index).toBe(0);
    expect(remainingOf(useReview.getState())).toBe(2);
  });
});

describe('undo in a review', () => {
  it('opens the clip again, and redo settles it as it was', () => {
    noteOutcome([11], 'unusable', 0, true);
    noteTakenBack('undo', [11]);
    expect(remainingOf(useReview.getState())).toBe(4);
    noteTakenBack('redo', [11]);
    expect(useReview.getState().outcomes.get(11)).toBe('unusable');
  });

  it('comes back from the end to the first of several clips that are open again', () => {
    noteOutcome([11, 12, 13, 14], 'kept', 0, true);
    expect(useReview.getState().index).toBe(-1);
    noteTakenBack('undo', [12, 13]);
    expect(useReview.getState().index).toBe(1);
  });

  it('leaves the counts alone when the undone clip is not of this queue', () => {
    noteOutcome([11], 'kept', 0, true);
    noteTakenBack('undo', [99]);
    expect(remainingOf(useReview.getState())).toBe(3);
  });
});

describe('the pace', () => {
  it('says nothing before there are enough decisions', () => {
    expect(secondsLeft([0, 1000, 2000], 100)).toBeNull();
  });

  it('takes the usual time between two decisions and leaves breaks out', () => {
    const at = [0, 2000, 4000, 6000, 3_600_000, 3_602_000];
    expect(secondsLeft(at, 30)).toBe(60);
  });
});
