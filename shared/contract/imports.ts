// Bringing a dataset in: detect, preview, start; and what could not be used.
import { z } from 'zod';
import { datasetFormat, fileFailure, importOptions, mappableFields } from '../domain/dataset.ts';
import { jobStarted, oc, place } from './common.ts';

export const previewRow = z.object({
  path: z.string(),
  kind: z.enum(['speech', 'noise']),
  label: z.string().nullable(),
  transcript: z.string().nullable(),
  split: z.string().nullable(),
  speaker: z.string().nullable(),
  gender: z.string().nullable(),
  age: z.string().nullable(),
  accent: z.string().nullable(),
  locale: z.string().nullable(),
  extra: z.record(z.string(), z.string()),
});

export const importResult = z.object({
  project: z.string(),
  dataset: z.string(),
  format: z.string(),
  clips: z.number().int(),
  added: z.number().int(),
  changed: z.number().int(),
  unchanged: z.number().int(),
  missing: z.number().int(),
  failed: z.array(fileFailure),
  labels: z.number().int(),
  speakers: z.number().int(),
  hours: z.number(),
  seconds: z.number(),
});
export type ImportResult = z.infer<typeof importResult>;

export const importsContract = {
  detect: oc.input(z.object({ place })).output(
    z.object({
      candidates: z.array(z.object({ format: datasetFormat, confidence: z.number(), why: z.string() })),
      suggestedName: z.string(),
      suggestedPattern: z.string().nullable(),
    }),
  ),
  preview: oc.input(z.object({ place, format: datasetFormat, options: importOptions })).output(
    z.object({
      rows: z.array(previewRow),
      problems: z.array(fileFailure),
      columns: z.array(z.string()).nullable(),
      suggestedMapping: z.partialRecord(z.enum(mappableFields), z.string()).nullable(),
      /** Files that do not fit the pattern. */
      unmatched: z.number().int(),
      unmatchedExamples: z.array(z.string()),
      /** Clips that would be imported, and the distinct labels and speakers among them. */
      clips: z.number().int(),
      labels: z.number().int(),
      speakers: z.number().int(),
      /** Files or rows seen. It and the counts above are at least so many unless isComplete. */
      total: z.number().int(),
      isComplete: z.boolean(),
    }),
  ),
  start: oc
    .input(
      z.object({ place, format: datasetFormat, options: importOptions, name: z.string().min(1).max(120) }),
    )
    .output(jobStarted),
  /** Import again everything that this project imported before. */
  update: oc.input(z.object({ dataset: z.string() })).output(jobStarted),
  relink: oc
    .input(z.object({ dataset: z.string(), place }))
    .output(z.object({ found: z.number().int(), missing: z.number().int(), changed: z.number().int() })),
};
