// Decisions: an append-only log of events. Every current value is derived from it.
import { z } from 'zod';
import { clipId } from './clip.ts';

export const decisionFields = ['label', 'transcript', 'review', 'note', 'flag'] as const;
export const decisionField = z.enum(decisionFields);
export type DecisionField = (typeof decisionFields)[number];

export const decisionEvent = z.object({
  /** ULID: sorts by time, unique across laptops. */
  id: z.string(),
  /** Null for files that are no clip (unreadable). */
  clipId: clipId.nullable(),
  /** The path of the clip, or of the file that could not be used, in its dataset. */
  clip: z.string(),
  field: decisionField,
  /** For field `flag`: which flag kind. */
  subject: z.string().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  by: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
  reason: z.string().nullable(),
  /** Events of one action share a batch; undo works on batches. */
  batch: z.string(),
  /** The event this one takes back. */
  undoes: z.string().nullable(),
  /** Of a row of a table that could not be used: the sentence about it. */
  finding: z.string().nullable(),
});
export type DecisionEvent = z.infer<typeof decisionEvent>;
