// Sound for tests: tones made by code, WAV files of every sample format with every defect, and small encoded files
// (README.md beside this file says how they were made).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WavEncoding } from '../wav.ts';

/** A sine with 10 ms fades, rounded to int16 steps: 16-bit formats hold it exactly. */
export function tone(sampleRate: number, seconds: number, hz = 440, amplitude = 0.5): Float32Array {
  const frames = Math.round(sampleRate * seconds);
  const fade = sampleRate / 100;
  return Float32Array.from({ length: frames }, (_, i) => {
    const level = amplitude * Math.min(1, i / fade, (frames - 1 - i) / fade);
    const value = Math.round(32_767 * level * Math.sin((2 * Math.PI * hz * i) / sampleRate));
    return (value + 0) / 32_768; // no -0, which files cannot hold
  });
}

/** What the encoded files beside this one hold: 0.6 s at 16 kHz. */
export const fixtureTone = (): Float32Array => tone(16_000, 0.6);
/** The right channel of the stereo files; the left is fixtureTone. */
export const fixtureRight = (): Float32Array => tone(16_000, 0.6, 660, 0.25);

export type FixtureName =
  | 'tone.flac'
  | 'stereo24.flac'
  | 'tone.mp3'
  | 'stereo-untagged.mp3'
  | 'tone.opus'
  | 'stereo.opus'
  | 'tone.ogg';

export function fixture(name: FixtureName): Uint8Array {
  return new Uint8Array(readFileSync(join(import.meta.dirname, name)));
}

export interface WavOptions {
  readonly encoding?: WavEncoding;
  readonly sampleRate?: number;
  readonly isBigEndian?: boolean;
  readonly isExtensible?: boolean;
  /** RF64 with the sizes in a ds64 chunk. */
  readonly isRf64?: boolean;
  readonly isFormatLast?: boolean;
  /** Chunks between the header and the data. */
  readonly junk?: readonly { readonly id: string; readonly bytes: number }[];
  /** Written instead of the true value. */
  readonly dataSize?: number;
  readonly headerChannels?: number;
  readonly headerRate?: number;
  readonly blockAlign?: number;
  readonly formatTag?: number;
  readonly bits?: number;
  /** Bytes of a LIST chunk behind the data. */
  readonly listBytes?: number;
}

const sampleBytes: Readonly<Record<WavEncoding, number>> = {
  pcm_u8: 1,
  pcm_s16: 2,
  pcm_s24: 3,
  pcm_s32: 4,
  pcm_f32: 4,
  pcm_f64: 8,
  alaw: 1,
  mulaw: 1,
};
const tags: Readonly<Record<WavEncoding, number>> = {
  pcm_u8: 1,
  pcm_s16: 1,
  pcm_s24: 1,
  pcm_s32: 1,
  pcm_f32: 3,
  pcm_f64: 3,
  alaw: 6,
  mulaw: 7,
};

/** A WAV file of the samples, right or wrong in whatever way the options ask for. */
export function wavFile(channelData: readonly Float32Array[], options: WavOptions = {}): Uint8Array {
  const { encoding = 'pcm_s16', sampleRate = 16_000, isBigEndian = false } = options;
  const little = !isBigEndian;
  const channels = channelData.length;
  const frames = channelData[0]?.length ?? 0;
  const width = sampleBytes[encoding];
  const data = new DataView(new ArrayBuffer(frames * channels * width));
  for (let frame = 0; frame < frames; frame++) {
    for (let channel = 0; channel < channels; channel++) {
      writeSample(
        data,
        (frame * channels + channel) * width,
        channelData[channel]![frame]!,
        encoding,
        little,
      );
    }
  }
  const format = new DataView(new ArrayBuffer(options.isExtensible ? 40 : 16));
  const tag = options.formatTag ?? tags[encoding];
  format.setUint16(0, options.isExtensible ? 0xfffe : tag, little);
  format.setUint16(2, options.headerChannels ?? channels, little);
  format.setUint32(4, options.headerRate ?? sampleRate, little);
  format.setUint32(8, sampleRate * channels * width, little);
  format.setUint16(12, options.blockAlign ?? channels * width, little);
  format.setUint16(14, options.bits ?? width * 8, little);
  if (options.isExtensible) {
    format.setUint16(16, 22, little);
    format.setUint16(18, width * 8, little);
    format.setUint16(24, tag, little);
    new Uint8Array(format.buffer).set([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71], 26);
  }
  const chunk = (id: string, body: ArrayBufferLike, size = body.byteLength) => {
    const head = new DataView(new ArrayBuffer(8));
    for (let i = 0; i < 4; i++) head.setUint8(i, id.charCodeAt(i));
    head.setUint32(4, size, little);
    return [new Uint8Array(head.buffer), new Uint8Array(body), new Uint8Array(body.byteLength % 2)];
  };
  const large = new DataView(new ArrayBuffer(28));
  large.setBigUint64(8, BigInt(options.dataSize ?? data.byteLength), little);
  const dataSize = options.isRf64 ? 0xffff_ffff : options.dataSize;
  const formatChunk = chunk('fmt ', format.buffer);
  const parts = [
    ...(options.isRf64 ? chunk('ds64', large.buffer) : []),
    ...(options.isFormatLast ? [] : formatChunk),
    ...(options.junk ?? []).flatMap((junk) => chunk(junk.id, new ArrayBuffer(junk.bytes))),
    ...chunk('data', data.buffer, dataSize),
    ...(options.isFormatLast ? formatChunk : []),
    ...(options.listBytes === undefined ? [] : chunk('LIST', new ArrayBuffer(options.listBytes))),
  ];
  const id = options.isRf64 ? 'RF64' : isBigEndian ? 'RIFX' : 'RIFF';
  return concat([...chunk(id, new TextEncoder().encode('WAVE').buffer, 0).slice(0, 2), ...parts]);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A copy with one byte turned over. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = copy[at]! ^ 0xff;
  return copy;
}

/** The first bytes of a JPEG file. */
export const jpegStart = Uint8Array.from([
  0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 72,
]);

function writeSample(
  out: DataView,
  at: number,
  sample: number,
  encoding: WavEncoding,
  little: boolean,
): void {
  const whole = (scale: number) => Math.max(-scale, Math.min(scale - 1, Math.round(sample * scale)));
  switch (encoding) {
    case 'pcm_u8':
      out.setUint8(at, whole(128) + 128);
      return;
    case 'pcm_s16':
      out.setInt16(at, whole(32_768), little);
      return;
    case 'pcm_s24': {
      const value = whole(8_388_608);
      out.setUint8(little ? at : at + 2, value & 255);
      out.setUint8(at + 1, (value >> 8) & 255);
      out.setUint8(little ? at + 2 : at, (value >> 16) & 255);
      return;
    }
    case 'pcm_s32':
      out.setInt32(at, whole(2_147_483_648), little);
      return;
    case 'pcm_f32':
      out.setFloat32(at, sample, little);
      return;
    case 'pcm_f64':
      out.setFloat64(at, sample, little);
      return;
    case 'alaw':
      out.setUint8(at, toAlaw(whole(32_768)));
      return;
    case 'mulaw':
      out.setUint8(at, toMulaw(whole(32_768)));
      return;
  }
}

/** G.711: the segment is the highest set bit, four more bits follow it. */
function toAlaw(sample: number): number {
  const magnitude = sample < 0 ? -sample - 1 : sample;
  const size = Math.min(32_767, magnitude) >> 4;
  const segment = size < 16 ? 0 : 28 - Math.clz32(size);
  const mantissa = segment < 2 ? size & 15 : (size >> (segment - 1)) & 15;
  return ((sample < 0 ? 0 : 0x80) | (segment << 4) | mantissa) ^ 0x55;
}

function toMulaw(sample: number): number {
  const size = Math.min(32_635, Math.abs(sample)) + 0x84;
  const segment = 24 - Math.clz32(size);
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | ((size >> (segment + 3)) & 15)) & 0xff;
}
