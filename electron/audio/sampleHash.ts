// The fingerprint of decoded sound: equal for equal samples, rate and channels, whatever file they came from.
import { createHash, hash } from 'node:crypto';

// Canonical form, hashed with SHA-256: 16 bytes of header ("EMK1", kind, sample rate, channels; uint32 little-endian),
// then the samples, interleaved, little-endian, in the first kind that holds all of them exactly:
//   1  int16    x * 32768 is a whole number in range (any 8- or 16-bit source, A-law and mu-law too)
//   2  int32    x * 2^23 is a whole number in range (24-bit sources)
//   3  float32  anything else; -0 is written as 0
// Typed arrays are little-endian on every platform Node and Electron run on.
const INT16 = 1;
const INT24 = 2;
const FLOAT32 = 3;
const HEADER_BYTES = 16;
const HEX_DIGITS = 32;
/** Up to here header and samples are copied together and hashed in one call, which is faster for short clips. */
const ONE_SHOT_BYTES = 1 << 20;
const BLOCK_FRAMES = 16_384;

let scratch = new Uint8Array(1 << 16);

/**
 * Hash of decoded samples, -1..1, one array per channel.
 * @returns The first 32 hex digits of the SHA-256.
 */
export function sampleHash(channelData: readonly Float32Array[], sampleRate: number): string {
  const kind = kindOf(channelData);
  const channels = channelData.length;
  const frames = channelData[0]?.length ?? 0;
  const digest = createHash('sha256').update(header(kind, sampleRate, channels));
  const length = Math.min(BLOCK_FRAMES, frames) * channels;
  const block =
    kind === INT16
      ? new Int16Array(length)
      : kind === INT24
        ? new Int32Array(length)
        : new Float32Array(length);
  const scale = kind === INT16 ? 32_768 : kind === INT24 ? 8_388_608 : 1;
  for (let from = 0; from < frames; from += BLOCK_FRAMES) {
    const to = Math.min(frames, from + BLOCK_FRAMES);
    for (let channel = 0; channel < channels; channel++) {
      const data = channelData[channel]!;
      for (let i = from, at = channel; i < to; i++, at += channels) block[at] = data[i]! * scale + 0; // -0 + 0 is 0
    }
    digest.update(block.subarray(0, (to - from) * channels));
  }
  return digest.digest('hex').slice(0, HEX_DIGITS);
}

/**
 * The same hash straight from little-endian int16 PCM.
 * @param pcm The interleaved samples' bytes, whole frames only.
 */
export function pcm16Hash(pcm: Uint8Array, sampleRate: number, channels: number): string {
  const head = header(INT16, sampleRate, channels);
  if (pcm.length > ONE_SHOT_BYTES) {
    return createHash('sha256').update(head).update(pcm).digest('hex').slice(0, HEX_DIGITS);
  }
  const length = HEADER_BYTES + pcm.length;
  if (scratch.length < length) scratch = new Uint8Array(length * 2);
  scratch.set(head);
  scratch.set(pcm, HEADER_BYTES);
  return hash('sha256', scratch.subarray(0, length), 'hex').slice(0, HEX_DIGITS);
}

const headerWords = new Uint32Array(HEADER_BYTES / 4);
const headerBytes = new Uint8Array(headerWords.buffer);

function header(kind: number, sampleRate: number, channels: number): Uint8Array {
  headerWords[0] = 0x314b4d45; // "EMK1"
  headerWords[1] = kind;
  headerWords[2] = sampleRate;
  headerWords[3] = channels;
  return headerBytes;
}

function kindOf(channelData: readonly Float32Array[]): number {
  let isInt16 = true;
  for (const data of channelData) {
    for (let i = 0; i < data.length; i++) {
      const sample = data[i]!;
      if (isInt16 && isWholeIn(sample, 32_768)) continue;
      isInt16 = false;
      if (!isWholeIn(sample, 8_388_608)) return FLOAT32;
    }
  }
  return isInt16 ? INT16 : INT24;
}

function isWholeIn(sample: number, scale: number): boolean {
  const value = sample * scale;
  return value === Math.floor(value) && value >= -scale && value < scale;
}
