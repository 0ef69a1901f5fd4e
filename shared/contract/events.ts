// The one event stream (server-sent events at `/events`). Events carry a revision, never rows: receivers read again.
import { z } from 'zod';
import { job } from '../domain/job.ts';

export const studioEvent = z.discriminatedUnion('type', [
  /** Sent on connection and whenever a project is opened, closed or changed (also by another process). `project` is its id. */
  z.object({ type: z.literal('revision'), project: z.string().nullable(), revision: z.number().int() }),
  z.object({ type: z.literal('job'), job }),
  /** From the host: the engine or one of its helper processes stopped, or is back. */
  z.object({
    type: z.literal('process'),
    which: z.enum(['engine', 'worker', 'analysis']),
    state: z.enum(['down', 'up']),
    message: z.string(),
  }),
]);
export type StudioEvent = z.infer<typeof studioEvent>;
