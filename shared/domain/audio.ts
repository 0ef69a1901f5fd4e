// What is stored of a recording's sound. Levels in dBFS (0 = full scale), times in samples or seconds as named.
import { z } from 'zod';

export const containers = ['wav', 'flac', 'mp3', 'opus', 'vorbis'] as const;
export type Container = (typeof containers)[number];

/** Measures made once, at import, over the decoded samples of one clip: all channels together, never mixed, so that opposite channels do not cancel out. */
export const audioMeasures = z.object({
  container: z.enum(containers),
  /** As the file names it: `pcm_s16`, `pcm_f32`, `alaw`, `mp3`... */
  encoding: z.string(),
  sampleRate: z.number().int().positive(),
  channels: z.number().int().positive(),
  /** Frames (samples per channel) really decoded. */
  frames: z.number().int().nonnegative(),
  /** Largest absolute sample of any channel, dBFS; null for digital silence. */
  peakDbfs: z.number().nullable(),
  /** Root mean square over all channels, dBFS; null for digital silence. */
  rmsDbfs: z.number().nullable(),
  /** Mean sample, -1..1. */
  dcOffset: z.number(),
  /** Samples that lie in runs of 3 or more at full scale, any channel. */
  clippedSamples: z.number().int().nonnegative(),
  clippedRuns: z.number().int().nonnegative(),
  /** Silence before the first and after the last 10 ms frame above the gate; both the whole length where none is. */
  leadingSilenceSec: z.number().nonnegative(),
  trailingSilenceSec: z.number().nonnegative(),
  /** RMS of the first and last 20 ms, dB relative to the clip's RMS, -120 at least; null for digital silence. */
  startEdgeDb: z.number().nullable(),
  endEdgeDb: z.number().nullable(),
  /** SHA-256 (hex, first 32 digits) of the decoded samples, sample rate and channel count; containers and headers do not matter. */
  sampleHash: z.string(),
});
export type AudioMeasures = z.infer<typeof audioMeasures>;

/** Columns of the waveform thumbnail kept with each clip: min and max per column, int8, interleaved. */
export const THUMBNAIL_COLUMNS = 96;
