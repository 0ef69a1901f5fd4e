// Which label is proposed for a clip: by an open flag, else by the run in use when it hears another one.
import type { ClipDetail } from '../../../shared/contract/clips.ts';

export interface Proposal {
  readonly label: string;
  readonly by: 'flag' | 'run';
}

export function proposalOf(detail: ClipDetail, runInUse: string | null): Proposal | null {
  const { label } = detail.row;
  const flagged = detail.flags.find(
    (flag) => flag.status === 'open' && flag.proposed !== null && flag.proposed !== label,
  );
  if (flagged?.proposed) return { label: flagged.proposed, by: 'flag' };
  const predicted = detail.predictions.find(({ run }) => run === runInUse)?.predicted ?? null;
  return predicted !== null && predicted !== label ? { label: predicted, by: 'run' } : null;
}
