// Decisions: relabel, review, settle flags, undo and redo, history. A reply means: committed to disk.
import { z } from 'zod';
import { clipId, reviewStates } from '../domain/clip.ts';
import { decisionEvent } from '../domain/decision.ts';
import { flagKind, flagStatus } from '../domain/flag.ts';
import { clipSelection, oc } from './common.ts';

export const change = z.discriminatedUnion('field', [
  z.object({ field: z.literal('label'), to: z.string().min(1).max(200).nullable() }),
  z.object({ field: z.literal('transcript'), to: z.string().max(20_000).nullable() }),
  z.object({
    field: z.literal('review'),
    to: z.enum(reviewStates).nullable(),
    reason: z.string().max(2000).optional(),
  }),
  z.object({ field: z.literal('note'), to: z.string().max(20_000).nullable() }),
  z.object({ field: z.literal('flag'), kind: flagKind, to: flagStatus }),
]);
export type Change = z.infer<typeof change>;

/** A file that could not be used has nothing to fix in the project, so `fixed` is not offered. */
export const fileStatus = z.object({
  flagIds: z.array(z.number().int().positive()).min(1).max(100_000),
  to: flagStatus.exclude(['fixed']),
});
export type FileStatus = z.infer<typeof fileStatus>;

/** What one press of undo (or redo) would do, in words: `four -> seven on 12 clips`. */
export const undoState = z.object({ undo: z.string().nullable(), redo: z.string().nullable() });

export const decisionResult = z.object({
  batch: z.string().nullable(),
  /** Clips (and files that could not be used) that changed, and those that were so already. */
  applied: z.number().int(),
  unchanged: z.number().int(),
  revision: z.number().int(),
  /** `four -> seven`. */
  description: z.string(),
  state: undoState,
});
export type DecisionResult = z.infer<typeof decisionResult>;

export const undoResult = z.object({
  batch: z.string().nullable(),
  events: z.array(decisionEvent),
  /** Clips (and unusable files) whose value was changed again since and so was left alone. */
  leftAlone: z.number().int(),
  revision: z.number().int(),
  description: z.string(),
  clipIds: z.array(clipId),
  state: undoState,
});

export const decisionsContract = {
  /** Applies every change to every clip of the selection, as one batch in one transaction. */
  apply: oc
    .input(
      z.object({
        selection: clipSelection,
        changes: z.array(change).min(1),
        why: z.string().max(2000).optional(),
      }),
    )
    .output(decisionResult),
  /**
   * Different changes for different clips, still one batch in one transaction: several proposals accepted at once.
   * `files`: a status for files that are no clip, named by their flags of kind `unreadable`.
   */
  applyMany: oc
    .input(
      z
        .object({
          steps: z.array(z.object({ selection: clipSelection, changes: z.array(change).min(1) })).max(10_000),
          files: fileStatus.optional(),
          why: z.string().max(2000).optional(),
        })
        .refine(
          ({ steps, files }) => steps.length > 0 || files !== undefined,
          'steps or files must name something',
        ),
    )
    .output(decisionResult),
  preview: oc.input(z.object({ selection: clipSelection, changes: z.array(change).min(1) })).output(
    z.object({
      clips: z.number().int(),
      applied: z.number().int(),
      unchanged: z.number().int(),
      /** From -> to with counts, most frequent first. */
      groups: z.array(
        z.object({
          field: z.string(),
          from: z.string().nullable(),
          to: z.string().nullable(),
          count: z.number().int(),
        }),
      ),
      examples: z.array(
        z.object({ id: clipId, path: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
      ),
    }),
  ),
  undo: oc.input(z.object({ batch: z.string().optional() })).output(undoResult),
  redo: oc.output(undoResult),
  state: oc.output(undoState),
  /** Newest first; of one clip, of one batch, or all. */
  history: oc
    .input(
      z.object({
        clipId: clipId.optional(),
        batch: z.string().optional(),
        before: z.string().optional(),
        limit: z.number().int().min(1).max(1000),
      }),
    )
    .output(z.object({ total: z.number().int(), events: z.array(decisionEvent) })),
  /** One row per batch, newest first, for the History view. */
  batches: oc
    .input(z.object({ offset: z.number().int().nonnegative(), limit: z.number().int().min(1).max(500) }))
    .output(
      z.object({
        total: z.number().int(),
        batches: z.array(
          z.object({
            batch: z.string(),
            at: z.string(),
            by: z.string(),
            description: z.string(),
            clips: z.number().int(),
            /** Files that are no clip (unreadable). */
            files: z.number().int(),
            exampleClipId: clipId.nullable(),
            isUndone: z.boolean(),
            kind: z.enum(['decision', 'undo', 'redo']),
          }),
        ),
      }),
    ),
};

export const reviewContract = {
  /**
   * The queue: clip ids in the order to hear them. With flag kinds: worst open flag first; otherwise the filter's
   * clips in table order. Fixed when made: decisions do not reorder it.
   */
  queue: oc
    .input(
      z.object({
        filter: z.string(),
        kinds: z.array(flagKind),
        includeReviewed: z.boolean(),
        limit: z.number().int().min(1).max(1_000_000),
      }),
    )
    .output(
      z.object({ ids: z.array(clipId), proposed: z.array(z.string().nullable()), total: z.number().int() }),
    ),
};
