// Jobs: list, cancel, resume, what failed in them.
import { z } from 'zod';
import { fileFailure } from '../domain/dataset.ts';
import { job } from '../domain/job.ts';
import { oc } from './common.ts';

export const jobsContract = {
  list: oc.output(z.array(job)),
  get: oc.input(z.object({ id: z.string() })).output(job),
  cancel: oc.input(z.object({ id: z.string() })).output(job),
  /** Ends a job that can be ended early with what it has. */
  finish: oc.input(z.object({ id: z.string() })).output(job),
  resume: oc.input(z.object({ id: z.string() })).output(z.object({ jobId: z.string() })),
  dismiss: oc.input(z.object({ id: z.string() })).output(z.object({ dismissed: z.boolean() })),
  failures: oc
    .input(
      z.object({
        id: z.string(),
        offset: z.number().int().nonnegative(),
        limit: z.number().int().min(1).max(1000),
      }),
    )
    .output(z.object({ total: z.number().int(), failures: z.array(fileFailure) })),
};
