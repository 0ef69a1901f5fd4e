// The current values of a clip: what they are, and setting them. They are derived from the log of decisions; only
// events.ts (which writes the log in the same transaction) and check.ts (which repairs) set them.
import type { DecisionField } from '../../shared/domain/decision.ts';
import { assertNever } from '../../shared/errors.ts';
import { unknownClip } from './clips.ts';
import { hot, type ReadableCatalog, type WritableCatalog } from './handle.ts';

export interface CurrentValue {
  readonly value: string | null;
  /** Of a review; null for other fields. */
  readonly reason: string | null;
  /** True when no decision stands: the value is the import's (for flags: open). */
  readonly isOriginal: boolean;
}

export interface CurrentClip {
  readonly id: number;
  readonly path: string;
  readonly label: CurrentValue;
  readonly transcript: CurrentValue;
  readonly review: CurrentValue;
  readonly note: CurrentValue;
  readonly originalLabel: string | null;
  readonly originalTranscript: string | null;
}

export const decidedLabel = 1;
export const decidedTranscript = 2;

/** Throws `clip/unknown`. */
export function readCurrentClip(catalog: ReadableCatalog, id: number): CurrentClip {
  const row = hot(
    catalog,
    `SELECT path, label, original_label, transcript, original_transcript, decided, review, review_reason, note
     FROM clips WHERE id = ?`,
  ).get(id);
  if (row === undefined) throw unknownClip(id);
  type Text = string | null;
  const [path, label, originalLabel, transcript, originalTranscript, decided, review, reason, note] = row as [
    string,
    Text,
    Text,
    Text,
    Text,
    number,
    Text,
    Text,
    Text,
  ];
  return {
    id,
    path,
    label: { value: label, reason: null, isOriginal: (decided & decidedLabel) === 0 },
    transcript: { value: transcript, reason: null, isOriginal: (decided & decidedTranscript) === 0 },
    review: { value: review, reason, isOriginal: review === null },
    note: { value: note, reason: null, isOriginal: note === null },
    originalLabel,
    originalTranscript,
  };
}

/** Null when the clip has no flag of that kind and none was ever decided: there is nothing to settle. */
export function readFlagStatus(catalog: ReadableCatalog, clipId: number, kind: string): CurrentValue | null {
  const status = hot(catalog, 'SELECT status FROM flag_decisions WHERE clip_id = ? AND kind = ?').get(
    clipId,
    kind,
  );
  if (status !== undefined) return { value: status[0] as string, reason: null, isOriginal: false };
  const flag = hot(catalog, 'SELECT 1 FROM flags WHERE clip_id = ? AND kind = ? LIMIT 1').get(clipId, kind);
  return flag === undefined ? null : { value: 'open', reason: null, isOriginal: true };
}

/** What the field would be without any decision. */
export function originalValue(clip: CurrentClip, field: DecisionField): string | null {
  if (field === 'label') return clip.originalLabel;
  if (field === 'transcript') return clip.originalTranscript;
  return field === 'flag' ? 'open' : null;
}

/** Sets the derived value. With `isOriginal`, later imports may change it again. */
export function setCurrent(
  catalog: WritableCatalog,
  clipId: number,
  field: DecisionField,
  subject: string | null,
  to: CurrentValue,
): void {
  switch (field) {
    case 'label':
      hot(catalog, `UPDATE clips SET label = ?, decided = ${setBit(to, decidedLabel)} WHERE id = ?`).run(
        to.value,
        clipId,
      );
      return;
    case 'transcript':
      hot(
        catalog,
        `UPDATE clips SET transcript = ?, decided = ${setBit(to, decidedTranscript)} WHERE id = ?`,
      ).run(to.value, clipId);
      return;
    case 'review':
      hot(catalog, 'UPDATE clips SET review = ?, review_reason = ? WHERE id = ?').run(
        to.value,
        to.reason,
        clipId,
      );
      return;
    case 'note':
      hot(catalog, 'UPDATE clips SET note = ? WHERE id = ?').run(to.value, clipId);
      return;
    case 'flag':
      if (to.isOriginal) {
        hot(catalog, 'DELETE FROM flag_decisions WHERE clip_id = ? AND kind = ?').run(clipId, subject ?? '');
      } else {
        hot(catalog, 'INSERT OR REPLACE INTO flag_decisions (clip_id, kind, status) VALUES (?, ?, ?)').run(
          clipId,
          subject ?? '',
          to.value,
        );
      }
      return;
    default:
      assertNever(field);
  }
}

function setBit(to: CurrentValue, bit: number): string {
  return to.isOriginal ? `decided & ~${bit}` : `decided | ${bit}`;
}
