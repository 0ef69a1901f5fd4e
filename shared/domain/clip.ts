// A clip: one recording (or one span of it) with what people and files say about it.
import { z } from 'zod';

/** Row id in one project; positive and never reused. */
export const clipId = z.number().int().positive();
export type ClipId = number;

/** What the person decided about the clip as a whole. */
export const reviewStates = ['accepted', 'unusable', 'unclear', 'skipped'] as const;
export type ReviewState = (typeof reviewStates)[number];

export const unusableReasons = [
  'silent',
  'noise',
  'cut',
  'clipped',
  'wrong-language',
  'several-words',
  'not-speech',
  'other',
] as const;
export type UnusableReason = (typeof unusableReasons)[number];

/** One row of the clips table, as every view shows it. Null = not known. */
export const clipRow = z.object({
  id: clipId,
  /** Relative to the dataset's root, forward slashes. Never a path of the file system. */
  path: z.string(),
  dataset: z.string(),
  /** `noise` for background recordings that are no class. */
  kind: z.enum(['speech', 'noise']),
  label: z.string().nullable(),
  originalLabel: z.string().nullable(),
  transcript: z.string().nullable(),
  originalTranscript: z.string().nullable(),
  split: z.string().nullable(),
  speaker: z.string().nullable(),
  gender: z.string().nullable(),
  age: z.string().nullable(),
  accent: z.string().nullable(),
  locale: z.string().nullable(),
  durationSec: z.number(),
  sampleRate: z.number().int(),
  channels: z.number().int(),
  container: z.string(),
  peakDbfs: z.number().nullable(),
  rmsDbfs: z.number().nullable(),
  clippedSamples: z.number().int(),
  leadingSilenceSec: z.number(),
  trailingSilenceSec: z.number(),
  review: z.enum(reviewStates).nullable(),
  reviewReason: z.string().nullable(),
  note: z.string().nullable(),
  /** False when the last import no longer found the file. */
  isPresent: z.boolean(),
  /** Open flags on the clip. */
  flags: z.array(z.string()),
  /** Of the run in use, when there is one. */
  predicted: z.string().nullable(),
  confidence: z.number().nullable(),
  /** Probability the run in use gives the clip's current label. */
  givenProbability: z.number().nullable(),
});
export type ClipRow = z.infer<typeof clipRow>;
