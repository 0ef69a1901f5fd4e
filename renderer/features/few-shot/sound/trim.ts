// Where the word is in a recording: silence before and after is cut, with a little room left.

export interface Spoken {
  /** Samples, `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** False: nothing stands out from the background; the span is then the whole recording. */
  readonly isHeard: boolean;
  /** Largest sample, 0..1. */
  readonly peak: number;
  /** The word runs into the end of the recording and is probably cut. */
  readonly isCut: boolean;
}

const FRAME_SEC = 0.01;
const ROOM_SEC = 0.1;
/** A frame is speech when it is within this of the loudest frame... */
const BELOW_LOUDEST_DB = 30;
/** ...and this much above the background (the quietest tenth of the frames). */
const ABOVE_BACKGROUND_DB = 8;
/** Quieter than this is silence whatever the background, dB of full scale. */
const SILENCE_DB = -60;

/** Energy gate over frames of 10 ms. @param samples -1..1. @param sampleRate in Hz. */
export function spokenPart(samples: Float32Array, sampleRate: number): Spoken {
  const frame = Math.max(1, Math.round(sampleRate * FRAME_SEC));
  const levels: number[] = [];
  let peak = 0;
  for (let start = 0; start < samples.length; start += frame) {
    let sum = 0;
    const end = Math.min(samples.length, start + frame);
    for (let at = start; at < end; at++) {
      const sample = samples[at] ?? 0;
      sum += sample * sample;
      peak = Math.max(peak, Math.abs(sample));
    }
    levels.push(10 * Math.log10(sum / (end - start) + 1e-12));
  }
  const sorted = levels.toSorted((a, b) => a - b);
  const background = sorted[Math.floor(sorted.length / 10)] ?? SILENCE_DB;
  const gate = Math.max(
    (sorted.at(-1) ?? SILENCE_DB) - BELOW_LOUDEST_DB,
    background + ABOVE_BACKGROUND_DB,
    SILENCE_DB,
  );
  const first = levels.findIndex((level) => level > gate);
  const last = levels.findLastIndex((level) => level > gate);
  if (first < 0) return { from: 0, to: samples.length, isHeard: false, peak, isCut: false };
  const room = Math.round(sampleRate * ROOM_SEC);
  return {
    from: Math.max(0, first * frame - room),
    to: Math.min(samples.length, (last + 1) * frame + room),
    isHeard: true,
    peak,
    isCut: last >= levels.length - 2,
  };
}
