// Flags: find, adjust thresholds with the count first, settle.
import { z } from 'zod';
import { flagKind, flagRow, flagSettings, flagStatus, labelIssueMethods } from '../domain/flag.ts';
import { filterText, jobStarted, oc } from './common.ts';

export const flagsContract = {
  summary: oc.output(
    z.array(
      z.object({
        kind: flagKind,
        open: z.number().int(),
        accepted: z.number().int(),
        fixed: z.number().int(),
        dismissed: z.number().int(),
      }),
    ),
  ),
  page: oc
    .input(
      z.object({
        kinds: z.array(flagKind),
        status: flagStatus.nullable(),
        filter: filterText,
        offset: z.number().int().nonnegative(),
        limit: z.number().int().min(1).max(1000),
      }),
    )
    .output(z.object({ total: z.number().int(), rows: z.array(flagRow) })),
  settings: oc.output(
    z.object({
      settings: flagSettings,
      method: z.enum(labelIssueMethods),
      run: z.string().nullable(),
      isStale: z.boolean(),
    }),
  ),
  /** How many clips each audio flag would name with these settings; nothing is changed. */
  preview: oc.input(flagSettings).output(z.record(z.string(), z.number().int())),
  /** Find all flags again. Decisions about flags survive. */
  find: oc
    .input(
      z.object({
        settings: flagSettings.optional(),
        run: z.string().nullable().optional(),
        method: z.enum(labelIssueMethods).optional(),
      }),
    )
    .output(jobStarted),
};
