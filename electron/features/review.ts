// The review queue: which clips, in which order, with which proposal. Made once; decisions do not reorder it.
import type { FlagKind } from '../../shared/domain/flag.ts';
import { orderedRows } from './clips.ts';
import { selectFlags } from './flags.ts';
import type { OpenProject } from './open-project.ts';

export function reviewQueue(
  project: OpenProject,
  input: { filter: string; kinds: readonly FlagKind[]; includeReviewed: boolean; limit: number },
): { ids: number[]; proposed: (string | null)[]; total: number } {
  const proposedByClip = new Map<number, string | null>();
  const isWanted = (clipId: number): boolean => input.includeReviewed || !project.isReviewed(clipId);
  if (input.kinds.length > 0) {
    for (const flag of selectFlags(project, { kinds: input.kinds, status: 'open', filter: input.filter })) {
      if (flag.clipId === null || !isWanted(flag.clipId)) continue;
      // Worst first: the first flag of a clip decides its place, the first proposal is the one shown.
      const known = proposedByClip.get(flag.clipId);
      if (known === undefined || known === null) proposedByClip.set(flag.clipId, flag.proposed);
    }
  } else {
    const proposals = new Map<number, string>();
    for (const flag of selectFlags(project, { kinds: [], status: 'open', filter: input.filter })) {
      if (flag.clipId !== null && flag.proposed !== null && !proposals.has(flag.clipId))
        proposals.set(flag.clipId, flag.proposed);
    }
    for (const row of orderedRows(project.set, input.filter, null)) {
      const id = project.clipIdAt(row);
      if (isWanted(id)) proposedByClip.set(id, proposals.get(id) ?? null);
    }
  }
  const all = [...proposedByClip];
  const taken = all.slice(0, input.limit);
  return { ids: taken.map(([id]) => id), proposed: taken.map(([, proposed]) => proposed), total: all.length };
}
