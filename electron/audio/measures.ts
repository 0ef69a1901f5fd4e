// The measures of one clip over its decoded samples, all channels together: level, clipping, silence, edges.
// Levels are of samples as decoded; loudness by BS.1770 is another matter.
import type { AudioMeasures } from '../../shared/domain/audio.ts';
import type { DecodedAudio } from './decoded.ts';
import { sampleHash } from './sampleHash.ts';

/** A 10 ms frame is silent when its RMS is this far below the clip's loudest frame, dB ... */
export const SILENCE_GATE_DB = -60;
/** ... or below this level whatever the clip's loudest frame is, dBFS. */
export const SILENCE_FLOOR_DBFS = -80;
/** The least edge level reported, dB relative to the clip's RMS; digital silence would be minus infinity. */
export const EDGE_FLOOR_DB = -120;
/** From this absolute value on a sample is at full scale: 32767 of int16, on either side. */
export const FULL_SCALE = 32_767 / 32_768;
/** Shortest run of samples at full scale that counts as clipped. */
export const CLIP_RUN = 3;

/** What one pass over a clip collects; squares and sums over all channels, full scale at 1. */
interface Sums {
  readonly frames: number;
  readonly channels: number;
  readonly sampleRate: number;
  /** Sum of the samples. */
  readonly sum: number;
  readonly peak: number;
  /** Sum of squares per 10 ms frame (`silenceHop` frames each, the last may be shorter); may be longer than needed. */
  readonly frameEnergy: Float64Array;
  /** Sum of squares over the first and the last 20 ms (or the clip, if shorter). */
  readonly startEnergy: number;
  readonly endEnergy: number;
  readonly clippedSamples: number;
  readonly clippedRuns: number;
}

type LevelMeasures = Omit<AudioMeasures, 'container' | 'encoding' | 'sampleHash'>;

/** Frames in 10 ms, at least one. */
export function silenceHop(sampleRate: number): number {
  return Math.max(1, Math.round(sampleRate / 100));
}

/**
 * All measures of a decoded clip.
 *
 * - Peak, RMS: over all samples of all channels, dBFS with full scale at 1 (a full-scale sine is -3.01 dBFS RMS).
 * - Clipped: runs of >= 3 consecutive samples of one channel at or beyond full scale on the same side (|x| >=
 *   32767/32768, or the largest code of a coarser encoding), counted over all channels.
 * - Silence: before the first and behind the last 10 ms frame whose mean square over all channels lies above
 *   SILENCE_GATE_DB below the loudest frame's and above SILENCE_FLOOR_DBFS. With no such frame both are the duration.
 * - Edges: mean square of the first and last 20 ms relative to the whole clip's, at least EDGE_FLOOR_DB.
 */
export function measureAudio(audio: DecodedAudio): AudioMeasures {
  return {
    container: audio.container,
    encoding: audio.encoding,
    ...finishMeasures(sumsOf(audio)),
    sampleHash: sampleHash(audio.channelData, audio.sampleRate),
  };
}

/** The levels that follow from the sums of a clip. */
export function finishMeasures(sums: Sums): LevelMeasures {
  const { frames, channels, sampleRate, peak, frameEnergy } = sums;
  const hop = silenceHop(sampleRate);
  const hops = Math.ceil(frames / hop);
  let energy = 0;
  let loudest = 0;
  for (let i = 0; i < hops; i++) {
    energy += frameEnergy[i]!;
    loudest = Math.max(loudest, meanSquare(sums, i, hop));
  }
  const samples = frames * channels;
  const meanEnergy = samples === 0 ? 0 : energy / samples;
  const gate = Math.max(loudest * 10 ** (SILENCE_GATE_DB / 10), 10 ** (SILENCE_FLOOR_DBFS / 10));
  let first = 0;
  while (first < hops && meanSquare(sums, first, hop) <= gate) first++;
  let last = hops - 1;
  while (last > first && meanSquare(sums, last, hop) <= gate) last--;
  const isSilent = first >= hops;
  const edgeSamples = Math.min(frames, 2 * hop) * channels;
  return {
    sampleRate,
    channels,
    frames,
    peakDbfs: peak > 0 ? 20 * Math.log10(peak) : null,
    rmsDbfs: meanEnergy > 0 ? 10 * Math.log10(meanEnergy) : null,
    dcOffset: samples === 0 ? 0 : sums.sum / samples,
    clippedSamples: sums.clippedSamples,
    clippedRuns: sums.clippedRuns,
    leadingSilenceSec: (isSilent ? frames : first * hop) / sampleRate,
    trailingSilenceSec: (isSilent ? frames : frames - Math.min(frames, (last + 1) * hop)) / sampleRate,
    startEdgeDb: edgeDb(sums.startEnergy / edgeSamples, meanEnergy),
    endEdgeDb: edgeDb(sums.endEnergy / edgeSamples, meanEnergy),
  };
}

function meanSquare(sums: Sums, index: number, hop: number): number {
  const length = Math.min(hop, sums.frames - index * hop);
  return sums.frameEnergy[index]! / (length * sums.channels);
}

function edgeDb(edge: number, whole: number): number | null {
  if (!(whole > 0)) return null;
  return edge > 0 ? Math.max(EDGE_FLOOR_DB, 10 * Math.log10(edge / whole)) : EDGE_FLOOR_DB;
}

function sumsOf(audio: DecodedAudio): Sums {
  const { channelData, frames, channels, sampleRate } = audio;
  const hop = silenceHop(sampleRate);
  const frameEnergy = new Float64Array(Math.ceil(frames / hop));
  const edge = Math.min(frames, 2 * hop);
  let sum = 0;
  let peak = 0;
  let startEnergy = 0;
  let endEnergy = 0;
  for (const data of channelData) {
    for (let index = 0, from = 0; from < frames; index++, from += hop) {
      const to = Math.min(frames, from + hop);
      let energy = 0;
      for (let i = from; i < to; i++) {
        const sample = data[i]!;
        sum += sample;
        energy += sample * sample;
        peak = Math.max(peak, Math.abs(sample));
      }
      frameEnergy[index]! += energy;
    }
    for (let i = 0; i < edge; i++) startEnergy += data[i]! * data[i]!;
    for (let i = frames - edge; i < frames; i++) endEnergy += data[i]! * data[i]!;
  }
  let clippedSamples = 0;
  let clippedRuns = 0;
  const fullScale = fullScaleOf(audio.encoding);
  for (const data of peak >= fullScale ? channelData : []) {
    const clipped = countClipped(data, 0, 1, fullScale);
    clippedSamples += clipped.samples;
    clippedRuns += clipped.runs;
  }
  return {
    frames,
    channels,
    sampleRate,
    sum,
    peak,
    frameEnergy,
    startEnergy,
    endEnergy,
    clippedSamples,
    clippedRuns,
  };
}

/**
 * Runs of CLIP_RUN or more consecutive samples at or beyond full scale on the same side, in one channel of interleaved
 * samples: those at `first`, `first + step`, ...
 */
export function countClipped(
  samples: Float32Array | Int16Array,
  first: number,
  step: number,
  fullScale: number,
): { readonly samples: number; readonly runs: number } {
  let clippedSamples = 0;
  let runs = 0;
  let run = 0;
  let runSide = 0;
  for (let i = first; i < samples.length + step; i += step) {
    const sample = samples[i] ?? 0; // one step behind the end, to close the last run
    const side = Math.abs(sample) < fullScale ? 0 : sample > 0 ? 1 : -1;
    if (side === runSide) {
      run++;
      continue;
    }
    if (runSide !== 0 && run >= CLIP_RUN) {
      clippedSamples += run;
      runs++;
    }
    run = 1;
    runSide = side;
  }
  return { samples: clippedSamples, runs };
}

/** Where full scale begins for an encoding: its own largest code where that lies below int16's. */
function fullScaleOf(encoding: string): number {
  if (encoding === 'pcm_u8') return 127 / 128;
  if (encoding === 'alaw') return 32_256 / 32_768;
  if (encoding === 'mulaw') return 32_124 / 32_768;
  const bits = /^flac_s(\d+)$/.exec(encoding)?.[1];
  return bits !== undefined && Number(bits) < 16 ? 1 - 2 ** (1 - Number(bits)) : FULL_SCALE;
}
