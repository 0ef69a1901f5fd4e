import { describe, expect, it } from 'vitest';
import type { ClipDetail } from '../../../shared/contract/clips.ts';
import { proposalOf } from './proposal.ts';

type Said = Pick<ClipDetail, 'flags' | 'predictions'> & { label: string | null };

function detail({ label, flags, predictions }: Said): ClipDetail {
  return { row: { label }, flags, predictions } as unknown as ClipDetail;
}

const flag = (proposed: string, status: 'open' | 'dismissed') =>
  ({ proposed, status }) as ClipDetail['flags'][number];
const heard = (run: string, predicted: string) => ({ run, predicted }) as ClipDetail['predictions'][number];

describe('the label that A accepts', () => {
  it('is what an open flag proposes', () => {
    const clip = detail({
      label: 'four',
      flags: [flag('seven', 'open')],
      predictions: [heard('m', 'five')],
    });
    expect(proposalOf(clip, 'm')).toEqual({ label: 'seven', by: 'flag' });
  });

  it('is what the run in use hears when no open flag proposes one', () => {
    const clip = detail({
      label: 'four',
      flags: [flag('seven', 'dismissed')],
      predictions: [heard('other', 'six'), heard('m', 'five')],
    });
    expect(proposalOf(clip, 'm')).toEqual({ label: 'five', by: 'run' });
  });

  it('is none when everything agrees with the label', () => {
    const clip = detail({
      label: 'four',
      flags: [flag('four', 'open')],
      predictions: [heard('m', 'four')],
    });
    expect(proposalOf(clip, 'm')).toBeNull();
  });
});
