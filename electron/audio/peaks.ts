// Waveform overviews: the lowest and highest sample of each column. Pure numbers; drawing happens elsewhere.
import { THUMBNAIL_COLUMNS } from '../../shared/domain/audio.ts';

/** First frame of column `column` when `frames` are spread over `columns`; column `columns` gives the end. */
export function columnStart(column: number, columns: number, frames: number): number {
  return Math.floor((column * frames) / columns);
}

/**
 * Lowest and highest sample of each column, over all given channels.
 *
 * Column c covers the frames from floor(c N / columns) to floor((c + 1) N / columns), at least one. Pass one channel
 * for that channel's waveform, all for their common envelope.
 * @param channelData One array per channel, all of one length.
 * @param startFrame First frame shown; @param endFrame the one behind the last; both are clamped to the sound.
 * @returns `columns * 2` values, min and max interleaved, in the samples' own range (full scale at -1 and 1); zeros
 *   where there is no sound.
 */
export function peaks(
  channelData: readonly Float32Array[],
  columns: number,
  startFrame = 0,
  endFrame = channelData[0]?.length ?? 0,
): Float32Array {
  const out = new Float32Array(columns * 2);
  const length = channelData[0]?.length ?? 0;
  const start = Math.max(0, Math.min(length, Math.floor(startFrame)));
  const end = Math.max(start, Math.min(length, Math.floor(endFrame)));
  const frames = end - start;
  if (frames === 0) return out;
  for (let column = 0; column < columns; column++) {
    const from = start + columnStart(column, columns, frames);
    const to = Math.max(from + 1, start + columnStart(column + 1, columns, frames));
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (const data of channelData) {
      for (let i = from; i < to; i++) {
        const value = data[i]!;
        if (value < min) min = value;
        if (value > max) max = value;
      }
    }
    out[column * 2] = min;
    out[column * 2 + 1] = max;
  }
  return out;
}

/** A sample of -1..1 as int8: round(127 x), values beyond full scale clamped. */
export function toInt8(sample: number): number {
  return Math.max(-127, Math.min(127, Math.round(sample * 127)));
}

/** The waveform kept with each clip: THUMBNAIL_COLUMNS pairs of min and max over all channels, int8 (full scale 127). */
export function thumbnail(channelData: readonly Float32Array[]): Int8Array<ArrayBuffer> {
  return Int8Array.from(peaks(channelData, THUMBNAIL_COLUMNS), toInt8);
}
