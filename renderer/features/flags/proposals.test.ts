import { describe, expect, it } from 'vitest';
import type { FlagRow } from '../../../shared/domain/flag.ts';
import { evidenceOf } from './evidence.ts';
import { clipsByKind, clipsByProposal, filesAmong, proposalGroups } from './proposals.ts';

let lastId = 0;
function flag(clipId: number | null, label: string | null, proposed: string | null): FlagRow {
  return {
    id: ++lastId,
    clipId,
    path: `${clipId}.wav`,
    kind: clipId === null ? 'unreadable' : 'label-issue',
    score: 0,
    reason: '',
    evidence: {},
    proposed,
    status: 'open',
    label,
  };
}

describe('several proposals at once', () => {
  const flags = [
    flag(1, 'four', 'seven'),
    flag(2, 'five', 'seven'),
    flag(3, 'five', 'seven'),
    flag(3, 'five', 'nine'),
    flag(4, 'two', 'two'),
    flag(5, 'two', null),
    flag(null, null, null),
  ];

  it('are counted by what they change, and never twice for one clip', () => {
    expect(proposalGroups(flags).map(({ from, to, clipIds }) => [from, to, clipIds])).toEqual([
      ['five', 'seven', [2, 3]],
      ['four', 'seven', [1]],
    ]);
  });

  it('become one decision for each label', () => {
    expect([...clipsByProposal(proposalGroups(flags))]).toEqual([['seven', [2, 3, 1]]]);
  });

  it('tell files, which are settled by their flags, from clips', () => {
    expect([...clipsByKind(flags).keys()]).toEqual(['label-issue']);
    expect(filesAmong(flags)).toEqual([flags.at(-1)?.id]);
  });
});

describe('the numbers behind a flag', () => {
  it('have names and units, and silence is no number', () => {
    expect(evidenceOf({ evidence: { peakDbfs: null, silentPeakDbfs: -60 } })).toEqual([
      { name: 'peak', value: '-∞ dB' },
      { name: 'silent below', value: '−60.0 dB' },
    ]);
  });

  it('leave out what the row says already and keep what is new', () => {
    expect(evidenceOf({ evidence: { given: 'four', pGiven: 0.03, method: 'prune_by_class' } })).toEqual([
      { name: 'p(label)', value: '0.03' },
      { name: 'method', value: 'prune by class' },
    ]);
  });
});
