// A job: anything longer than a second. Progress is in items of the job's own unit.
import { z } from 'zod';

export const jobKinds = [
  'import',
  'predictions',
  'flags',
  'export',
  'embed',
  'map',
  'probabilities',
  'few-shot',
  'model-run',
] as const;
export const jobStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'interrupted'] as const;

export const job = z.object({
  id: z.string(),
  kind: z.enum(jobKinds),
  title: z.string(),
  state: z.enum(jobStates),
  phase: z.string(),
  done: z.number(),
  total: z.number().nullable(),
  ratePerSec: z.number().nullable(),
  etaSec: z.number().nullable(),
  failures: z.number().int(),
  /** One sentence once it has ended. */
  summary: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  isResumable: z.boolean(),
  /** `jobs.finish` ends it early with what it has. */
  canFinish: z.boolean(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** The CLI's JSON document, once succeeded. */
  result: z.unknown(),
});
export type Job = z.infer<typeof job>;
export type JobKind = (typeof jobKinds)[number];
export type JobState = (typeof jobStates)[number];
