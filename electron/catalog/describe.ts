// What a batch of decisions did, in words: `four -> seven on 12 clips`.
import type { DecisionField } from '../../shared/domain/decision.ts';
import { type FlagKind, flagTitles } from '../../shared/domain/flag.ts';
import { assertNever } from '../../shared/errors.ts';
import { fileFlagKind } from './file-decisions.ts';
import { type ReadableCatalog, sql } from './handle.ts';

/** Of an event: what tells its file from others; null when it is about a clip. */
export const fileOfEvent = `IIF(clip_id IS NULL, dataset_id || ' ' || COALESCE(finding, clip), NULL)`;

/** What the events of one field (and, for flags, one kind) of a batch have in common. */
interface Part {
  readonly field: DecisionField;
  readonly subject: string | null;
  /** Clips, or files that are none. */
  readonly clips: number;
  /** The one value they share, or undefined when they differ. */
  readonly from: string | null | undefined;
  readonly to: string | null | undefined;
  readonly reason: string | null | undefined;
}

const order: readonly DecisionField[] = ['label', 'transcript', 'review', 'note', 'flag'];

/**
 * Describes a batch by its events. What a relabelling brings with it goes without saying: that its flags are settled
 * and that the clips were looked at.
 */
export function describeBatch(catalog: ReadableCatalog, batch: string): string {
  const parts = readParts(catalog, batch);
  const isRelabelling = parts.some((part) => part.field === 'label');
  const hasValues = parts.some((part) => part.field !== 'flag');
  const named = parts.filter((part) => {
    // No value of a clip settles the flag of a file.
    if (part.field === 'flag') return !hasValues || part.subject === fileFlagKind;
    return !(isRelabelling && part.field === 'review' && part.to === 'accepted');
  });
  const words = named.slice(0, 2).map(describePart);
  if (named.length > 2) words.push(`and ${named.length - 2} more`);
  return words.join(', ');
}

function readParts(catalog: ReadableCatalog, batch: string): Part[] {
  const rows = sql(
    catalog,
    `SELECT field, subject, COUNT(DISTINCT COALESCE(clip_id, ${fileOfEvent})), COUNT(*),
       COUNT(from_value), MIN(from_value), MAX(from_value), COUNT(to_value), MIN(to_value), MAX(to_value),
       COUNT(reason), MIN(reason), MAX(reason)
     FROM events WHERE batch = ? GROUP BY field, subject`,
  ).all(batch);
  const parts = rows.map((row): Part => {
    const [field, subject, clips, all] = row as [DecisionField, string | null, number, number];
    const shared = (start: number): string | null | undefined => {
      const [filled, least, greatest] = row.slice(start, start + 3) as [number, string | null, string | null];
      if (filled === 0) return null;
      return filled === all && least === greatest ? least : undefined;
    };
    return { field, subject, clips, from: shared(4), to: shared(7), reason: shared(10) };
  });
  return parts.sort((a, b) => order.indexOf(a.field) - order.indexOf(b.field));
}

function describePart(part: Part): string {
  const clips = part.clips === 1 ? '1 clip' : `${part.clips} clips`;
  switch (part.field) {
    case 'label': {
      if (part.to === undefined) return `${clips} relabelled`;
      if (part.from === undefined)
        return part.to === null ? `label removed from ${clips}` : `${clips} relabelled ${part.to}`;
      const change = `${part.from ?? 'no label'} -> ${part.to ?? 'no label'}`;
      return part.clips === 1 ? change : `${change} on ${clips}`;
    }
    case 'transcript':
      return part.clips === 1 ? 'transcript changed' : `${part.clips} transcripts changed`;
    case 'review':
      return describeReview(part, clips);
    case 'note':
      return part.to === null ? `note removed from ${clips}` : `note on ${clips}`;
    case 'flag': {
      const title = flagTitles[part.subject as FlagKind] ?? part.subject;
      const verb = part.to === undefined ? 'settled' : part.to === 'open' ? 'reopened' : part.to;
      if (part.subject === fileFlagKind)
        return `${part.clips} unreadable ${part.clips === 1 ? 'file' : 'files'} ${verb}`;
      return part.clips === 1 ? `${verb} ${title}` : `${verb} ${title} on ${clips}`;
    }
    default:
      return assertNever(part.field);
  }
}

function describeReview(part: Part, clips: string): string {
  switch (part.to) {
    case undefined:
      return `${clips} reviewed`;
    case null:
      return `review of ${clips} taken back`;
    case 'accepted':
      return `${clips} accepted`;
    case 'skipped':
      return `${clips} skipped`;
    default:
      return typeof part.reason === 'string'
        ? `${clips} marked ${part.to} (${part.reason})`
        : `${clips} marked ${part.to}`;
  }
}
