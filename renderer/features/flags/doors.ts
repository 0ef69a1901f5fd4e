// From elsewhere to the flags: the view with some kinds chosen, and the review queue of some kinds.
import { create } from 'zustand';
import { type FlagKind, type FlagStatus, flagKinds, flagTitles } from '../../../shared/domain/flag.ts';
import { goTo } from '../../lib/state/route.ts';

/** Titles for narrow columns; the whole title stands in the tooltip. */
export const shortTitles: Readonly<Record<FlagKind, string>> = {
  ...flagTitles,
  'label-issue': 'Wrong label',
  unreadable: 'Unreadable',
  duplicate: 'Duplicate',
  'duplicate-conflict': 'Duplicate, differs',
  'neighbour-issue': 'Neighbours differ',
  outlier: 'Outlier',
};

/** Which flags the view shows. No kind = all kinds; no status = every status. */
export const useFlagChoice = create<{
  readonly kind: FlagKind | null;
  readonly status: FlagStatus | null;
}>(() => ({ kind: null, status: 'open' }));

export function openFlagsView(kinds: readonly FlagKind[], status: FlagStatus | null = 'open'): void {
  const [only] = kinds;
  useFlagChoice.setState({ kind: kinds.length === 1 && only ? only : null, status });
  goTo('flags');
}

/** The review of open flags of these kinds, worst first; the review reads the kinds from its address. */
export function openReview(kinds: readonly FlagKind[]): void {
  // A file that cannot be read is no clip and cannot be heard.
  const named = (kinds.length === 0 ? flagKinds : kinds).filter((kind) => kind !== 'unreadable');
  location.hash = `#/review?kinds=${named.join(',')}`;
}
