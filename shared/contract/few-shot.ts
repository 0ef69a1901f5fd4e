// Few-shot keyword: a few examples of a word, a head trained on an embedding, candidates to listen through.
import { z } from 'zod';
import { jobStarted, oc } from './common.ts';

export const fewShotCandidate = z.object({
  clipId: z.number().int(),
  path: z.string(),
  label: z.string().nullable(),
  /** Probability of the new word, 0..1. */
  score: z.number(),
});

export const fewShotResult = z.object({
  embedding: z.string(),
  label: z.string(),
  examples: z.number().int(),
  /** Best first, without the examples. */
  candidates: z.array(fewShotCandidate),
  /** Clips with a score from here on count as found. */
  threshold: z.number(),
  /** How many candidates that is. */
  found: z.number().int(),
  /** Share of held-out clips with other words that the threshold lets through, and how many clips were held out. */
  falseAcceptRate: z.number(),
  heldOut: z.number().int(),
  /** Each example when the head was trained without it. */
  leaveOneOut: z.array(z.object({ path: z.string(), score: z.number(), isFound: z.boolean() })),
  seconds: z.number(),
  notes: z.array(z.string()),
});
export type FewShotResult = z.infer<typeof fewShotResult>;

export const fewShotContract = {
  /** Trains and ranks; the job's result is a `fewShotResult`. With `run` the scores are kept as a run of that name. */
  train: oc
    .input(
      z.object({
        embedding: z.string().nullable(),
        label: z.string().min(1).max(200),
        clips: z.array(z.number().int().positive()).min(2).max(200),
        falseAcceptRate: z.number().min(0.0001).max(0.5),
        limit: z.number().int().min(1).max(10_000),
        seed: z.number().int().min(0),
        run: z.string().min(1).max(120).nullable(),
      }),
    )
    .output(jobStarted),
};
