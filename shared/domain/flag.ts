// Flags: what may be wrong with a clip, each with its reason in a sentence and its numbers.
import { z } from 'zod';

export const flagKinds = [
  'label-issue',
  'unreadable',
  'silent',
  'too-quiet',
  'clipped',
  'cut-edge',
  'too-short',
  'too-long',
  'duplicate',
  'duplicate-conflict',
  'neighbour-issue',
  'outlier',
  'near-duplicate',
] as const;
export const flagKind = z.enum(flagKinds);
export type FlagKind = (typeof flagKinds)[number];

export const flagTitles: Readonly<Record<FlagKind, string>> = {
  'label-issue': 'Likely wrong label',
  unreadable: 'Unreadable file',
  silent: 'Silent',
  'too-quiet': 'Too quiet',
  clipped: 'Clipped',
  'cut-edge': 'Cut at an edge',
  'too-short': 'Too short',
  'too-long': 'Too long',
  duplicate: 'Exact duplicate',
  'duplicate-conflict': 'Duplicate with another label or transcript',
  'neighbour-issue': 'Neighbours have another label',
  outlier: 'Unlike every other clip',
  'near-duplicate': 'Near duplicate',
};

/** open: to be looked at; accepted: the finding is right, nothing changed yet; fixed: a decision settled it; dismissed: the finding is wrong. */
export const flagStatuses = ['open', 'accepted', 'fixed', 'dismissed'] as const;
export const flagStatus = z.enum(flagStatuses);
export type FlagStatus = (typeof flagStatuses)[number];

export const flagRow = z.object({
  id: z.number().int().positive(),
  /** Null for files that are no clip (unreadable). */
  clipId: z.number().int().positive().nullable(),
  path: z.string(),
  kind: flagKind,
  /** 0..1, low = bad (cleanlab's direction). */
  score: z.number(),
  /** A sentence with its numbers. */
  reason: z.string(),
  evidence: z.record(z.string(), z.unknown()),
  /** A label, for label issues and duplicate conflicts. */
  proposed: z.string().nullable(),
  status: flagStatus,
  label: z.string().nullable(),
});
export type FlagRow = z.infer<typeof flagRow>;

/** Named thresholds of the audio flags. Units in the names. */
export const flagSettings = z.object({
  /** Peak below this is silent, dBFS. */
  silentPeakDbfs: z.number().min(-120).max(0).default(-60),
  /** RMS below this is too quiet, dBFS. */
  quietRmsDbfs: z.number().min(-120).max(0).default(-45),
  /** At least this many samples in clipped runs. */
  clippedSamples: z.number().int().min(1).default(10),
  /** First or last 20 ms louder than this, relative to the clip's RMS, dB. */
  cutEdgeDb: z.number().min(-60).max(20).default(-3),
  minDurationSec: z.number().min(0).default(0.3),
  maxDurationSec: z.number().min(0).default(17),
  /** At least this share of a clip's 15 nearest neighbours has one other label. */
  neighbourShare: z.number().min(0.1).max(1).default(0.6),
  /** Only neighbours of other speakers have a say about a label. */
  isOtherSpeakersOnly: z.boolean().default(false),
  /** Mean distance to the 10 nearest clips, in multiples of what is usual in the dataset. */
  outlierDistance: z.number().min(1).max(100).default(2.5),
});
export type FlagSettings = z.infer<typeof flagSettings>;
export const defaultFlagSettings: FlagSettings = flagSettings.parse({});

/** cleanlab's filters by name; ALGORITHMS 3. */
export const labelIssueMethods = [
  'prune_by_noise_rate',
  'prune_by_class',
  'both',
  'confident_learning',
  'predicted_neq_given',
] as const;
export type LabelIssueMethod = (typeof labelIssueMethods)[number];
