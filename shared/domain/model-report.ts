// What is found in a model file, and what three clips give, before a description is saved or a long run starts.
import { z } from 'zod';
import { modelFormats } from './model.ts';

export const tensorSummary = z.object({
  name: z.string(),
  /** As the model names it: `float32`. */
  type: z.string(),
  /** A size, a name for one that is free, or null; null: nothing is known of its axes. */
  shape: z.array(z.union([z.number(), z.string(), z.null()])).nullable(),
});
export type TensorSummary = z.infer<typeof tensorSummary>;

export const modelInspection = z.object({
  format: z.enum(modelFormats),
  /** Absolute path of the model's own file, or of its first stage. */
  file: z.string(),
  /** Of the description that is there; else where to write one. */
  descriptionPath: z.string(),
  isDescribed: z.boolean(),
  /** SHA-256 by which it is trusted; null while it has no description that holds. */
  hash: z.string().nullable(),
  /** What is wrong with the description that is there, a sentence each. */
  problems: z.array(z.string()),
  inputs: z.array(tensorSummary),
  outputs: z.array(tensorSummary),
  /** A description as far as it can be guessed (ModelDescriptionInput), or the one that is there. */
  suggestion: z.record(z.string(), z.unknown()),
  /** What was guessed and why, a sentence each: to be checked by a person. */
  guesses: z.array(z.string()),
});
export type ModelInspection = z.infer<typeof modelInspection>;

export const dryRunReport = z.object({
  hash: z.string(),
  backend: z.string(),
  threads: z.number().int(),
  labels: z.array(z.string()).nullable(),
  dimensions: z.number().int().nullable(),
  /** What would spoil a run, worst first: it should not start while there are any. */
  problems: z.array(z.object({ code: z.string(), message: z.string() })),
  clips: z.array(
    z.object({
      path: z.string(),
      /** Windows of the clip, and the shape of each as the first stage gets it. */
      windows: z.number().int(),
      shape: z.array(z.number().int()),
      /** Best labels with their scores, at most five. */
      top: z.array(z.object({ label: z.string(), score: z.number() })),
      /** The first numbers of the embedding. */
      embedding: z.array(z.number()),
      problem: z.string().nullable(),
    }),
  ),
});
export type DryRunReport = z.infer<typeof dryRunReport>;
