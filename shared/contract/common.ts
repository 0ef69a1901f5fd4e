// Shapes that several features' calls share.
import { oc } from '@orpc/contract';
import { z } from 'zod';

export { oc };

/**
 * An opaque handle of a file or folder that the person chose. Handles are given out by the engine (folder
 * picker) or by the shell (native dialog, dropped file); the renderer never sees a path.
 */
export const place = z.object({ handle: z.string(), name: z.string() });
export type Place = z.infer<typeof place>;

/** The expression of the filter bar; empty = every clip. */
export const filterText = z.string().max(20_000);

export const sortKey = z.object({ field: z.string(), descending: z.boolean() });
export type SortKey = z.infer<typeof sortKey>;

/** A share with its Wilson 95% interval; null = undefined (zero denominator). */
export const interval = z.tuple([z.number(), z.number()]).nullable();

/** A message that stands for `count` problems of one kind, with examples. */
export const problem = z.object({
  code: z.string(),
  message: z.string(),
  count: z.number().int(),
  examples: z.array(z.string()).optional(),
});
export type Problem = z.infer<typeof problem>;

export const countedExamples = z.object({ count: z.number().int(), examples: z.array(z.string()) });

export const jobStarted = z.object({ jobId: z.string() });

/** Which clips an action is about: named ones, or all that a filter matches. */
export const clipSelection = z.union([
  z.object({ ids: z.array(z.number().int().positive()).max(2_000_000) }),
  z.object({ filter: filterText }),
]);
export type ClipSelection = z.infer<typeof clipSelection>;
