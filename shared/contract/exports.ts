// Giving out: preview, start. Existing files are never written over without being asked.
import { z } from 'zod';
import { clipSelection, jobStarted, oc, place, problem } from './common.ts';

export const exportFormats = ['speech-commands', 'table', 'jsonl', 'nemo', 'decisions'] as const;

export const exportRequest = z.object({
  format: z.enum(exportFormats),
  /** The folder that will hold the new folder `name`. */
  place,
  name: z.string().min(1).max(200),
  selection: clipSelection,
  audio: z.enum(['copy', 'link', 'none']),
  /** Leave out clips marked unusable. */
  leaveOutUnusable: z.boolean(),
  overwrite: z.boolean(),
});

export const exportsContract = {
  preview: oc.input(exportRequest).output(
    z.object({
      clips: z.number().int(),
      leftOut: z.number().int(),
      bytes: z.number(),
      alreadyExists: z.boolean(),
      problems: z.array(problem),
    }),
  ),
  start: oc.input(exportRequest).output(jobStarted),
};
