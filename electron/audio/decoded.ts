// The shape of decoded sound, and the buffer that decoders fill without keeping the sound twice.
import type { Container } from '../../shared/domain/audio.ts';
import { unsupportedAudio } from './problems.ts';

export interface DecodedAudio {
  readonly container: Container;
  /** As AudioMeasures names it: `pcm_s16`, `pcm_f32`, `alaw`, `flac_s16`, `mp3`, `opus`, `vorbis`... */
  readonly encoding: string;
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples per channel. */
  readonly frames: number;
  /** One array per channel, each `frames` long, full scale at -1 and 1; lossy formats may go beyond. */
  readonly channelData: readonly Float32Array[];
}

/** 2 GiB of 32-bit samples: what one file may decode to, since a few bytes of a lossy format can ask for minutes. */
const MAX_DECODED_SAMPLES = 2 ** 29;

/** Arrays longer than this are shortened by a view instead of a copy. */
const LARGE_FRAMES = 1 << 20;

/** @throws EarmarkError `audio/unsupported` when a file would decode to more than MAX_DECODED_SAMPLES. */
export function checkDecodedSize(name: string, frames: number, channels: number): void {
  if (frames * channels > MAX_DECODED_SAMPLES) {
    throw unsupportedAudio(name, 'a recording that takes more than 2 GiB once decoded');
  }
}

/**
 * Collects decoded pieces into one array per channel. `expectedFrames` sets the first allocation: callers derive it
 * from packets or frames that really lie in the file, never from a header's word.
 */
export class SampleSink {
  private readonly channelData: Float32Array[];
  private toSkip: number;
  private filled = 0;

  /** @param skipFrames Leading frames to drop (a codec's delay). */
  constructor(channels: number, expectedFrames: number, skipFrames = 0) {
    this.channelData = Array.from({ length: channels }, () => new Float32Array(expectedFrames));
    this.toSkip = skipFrames;
  }

  /** Appends a piece: one array per channel, all of one length; further channels of the piece are ignored. */
  push(piece: readonly Float32Array[]): void {
    const length = piece[0]?.length ?? 0;
    const skipped = Math.min(this.toSkip, length);
    this.toSkip -= skipped;
    const end = this.filled + length - skipped;
    for (let channel = 0; channel < this.channelData.length; channel++) {
      let target = this.channelData[channel]!;
      if (end > target.length) {
        const grown = new Float32Array(Math.max(end, Math.ceil(target.length * 1.5)));
        grown.set(target.subarray(0, this.filled));
        this.channelData[channel] = target = grown;
      }
      const source = piece[channel] ?? piece[0]!;
      target.set(skipped === 0 ? source : source.subarray(skipped), this.filled);
    }
    this.filled = end;
  }

  get frames(): number {
    return this.filled;
  }

  /** The arrays at their final length, at most `maxFrames`; of long recordings views, so that nothing is held twice. */
  finish(maxFrames = this.filled): Float32Array[] {
    const frames = Math.min(this.filled, Math.max(0, maxFrames));
    for (let channel = 0; channel < this.channelData.length; channel++) {
      const data = this.channelData[channel]!;
      if (data.length === frames) continue;
      const isNearlyFull = data.length > LARGE_FRAMES && data.length - frames < data.length / 16;
      this.channelData[channel] = isNearlyFull ? data.subarray(0, frames) : data.slice(0, frames);
    }
    return this.channelData;
  }
}
