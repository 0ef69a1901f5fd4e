// Several flags at once: what accepting their proposals, or settling them, would do.
import type { FlagKind, FlagRow } from '../../../shared/domain/flag.ts';

export interface ProposalGroup {
  readonly from: string | null;
  readonly to: string;
  readonly clipIds: readonly number[];
}

/** The proposals by label they change from and to, most clips first. A clip with two proposals counts once, by the first. */
export function proposalGroups(flags: readonly FlagRow[]): readonly ProposalGroup[] {
  const groups = new Map<string, { from: string | null; to: string; clipIds: number[] }>();
  const seen = new Set<number>();
  for (const { clipId, label, proposed } of flags) {
    if (clipId === null || proposed === null || proposed === label || seen.has(clipId)) continue;
    seen.add(clipId);
    const key = JSON.stringify([label, proposed]);
    const group = groups.get(key) ?? { from: label, to: proposed, clipIds: [] };
    group.clipIds.push(clipId);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.clipIds.length - a.clipIds.length);
}

/** Clip ids by the label they would get: one decision each. */
export function clipsByProposal(groups: readonly ProposalGroup[]): ReadonlyMap<string, readonly number[]> {
  const byLabel = new Map<string, number[]>();
  for (const { to, clipIds } of groups) byLabel.set(to, [...(byLabel.get(to) ?? []), ...clipIds]);
  return byLabel;
}

/** Clip ids by kind of flag, for settling the flags themselves. Files that are no clip are in `filesAmong`. */
export function clipsByKind(flags: readonly FlagRow[]): ReadonlyMap<FlagKind, readonly number[]> {
  const byKind = new Map<FlagKind, number[]>();
  for (const { kind, clipId } of flags)
    if (clipId !== null) byKind.set(kind, [...(byKind.get(kind) ?? []), clipId]);
  return byKind;
}

/** Ids of the flags about files that are no clip: those are settled by flag. */
export function filesAmong(flags: readonly FlagRow[]): readonly number[] {
  return flags.filter(({ clipId }) => clipId === null).map(({ id }) => id);
}
