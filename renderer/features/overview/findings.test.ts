import { describe, expect, it } from 'vitest';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { findingsOf, nextSteps, settledOf } from './findings.ts';

const flags = (open: number, rest = 0) => ({ open, accepted: rest, fixed: rest, dismissed: rest });

const project: ProjectInfo = {
  id: 'a',
  name: 'digits',
  revision: 1,
  isReadOnly: false,
  datasets: [],
  clips: 3000,
  noiseClips: 0,
  labels: [],
  columns: [],
  splits: [],
  speakers: 6,
  hours: 0.36,
  runs: [],
  runInUse: null,
  flags: {},
  decisions: 0,
  by: 'me',
  favouriteLabels: [],
  warnings: [],
};
const run = { name: 'm', rows: 3000, labels: [], hasProbabilities: true };

describe('what is wrong', () => {
  it('names open findings only, and says how many duplicates disagree', () => {
    const found = findingsOf({
      ...project,
      flags: {
        'label-issue': flags(199),
        clipped: flags(0, 4),
        duplicate: flags(12),
        'duplicate-conflict': flags(3),
        silent: flags(1),
      },
    });
    expect(found.map(({ count, words, note }) => [count, words, note])).toEqual([
      [199, 'likely wrong labels', null],
      [12, 'exact duplicates', '3 with different labels'],
      [1, 'silent clip', null],
    ]);
  });

  it('counts what was settled of all that was found', () => {
    expect(settledOf({ ...project, flags: { silent: flags(2, 1), clipped: flags(1) } })).toEqual({
      settled: 3,
      all: 6,
    });
  });
});

describe('what to do next', () => {
  const ids = (given: ProjectInfo) => nextSteps(given, null).map(({ id }) => id);

  it('begins with a dataset, then flags and predictions', () => {
    expect(ids({ ...project, clips: 0 })).toEqual(['import']);
    expect(ids(project)).toEqual(['find', 'predictions']);
    const labels = ['yes', 'no'].map((label) => ({ label, count: 9 }));
    expect(ids({ ...project, labels })).toEqual(['find', 'predictions', 'own-probabilities']);
  });

  it('puts the likely wrong labels first once there are any, and export after decisions', () => {
    const given = {
      ...project,
      runs: [run],
      runInUse: 'm',
      decisions: 2,
      flags: { 'label-issue': flags(9), silent: flags(2) },
    };
    expect(ids(given)).toEqual(['labels', 'audio', 'confusions', 'export']);
  });

  it('proposes to search for wrong labels when a run came after the last search', () => {
    expect(ids({ ...project, runs: [run], runInUse: 'm', flags: { silent: flags(1) } })[0]).toBe('find');
  });
});
