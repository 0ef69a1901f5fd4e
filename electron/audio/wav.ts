// Reads WAV: RIFF, RIFX (big-endian), RF64 and BW64; PCM of 8 to 32 bits, float, A-law and mu-law. Headers are only
// believed as far as the bytes go: nothing is allocated from a size in a header.
import type { DecodedAudio } from './decoded.ts';
import { count, damagedAudio, emptyAudio, unreadableAudio, unsupportedAudio } from './problems.ts';

export const wavEncodings = [
  'pcm_u8',
  'pcm_s16',
  'pcm_s24',
  'pcm_s32',
  'pcm_f32',
  'pcm_f64',
  'alaw',
  'mulaw',
] as const;
export type WavEncoding = (typeof wavEncodings)[number];

export interface WavLayout {
  readonly encoding: WavEncoding;
  readonly sampleRate: number;
  readonly channels: number;
  /** Bytes of one sample of one channel. */
  readonly sampleBytes: number;
  readonly isBigEndian: boolean;
  /** Offset of the first sample. */
  readonly dataStart: number;
  /** Whole frames (one sample of each channel) that lie in the file. */
  readonly frames: number;
}

interface Format {
  readonly tag: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly blockAlign: number;
  readonly bits: number;
}

/** A size from here on up in a 32-bit field means that the writer could not know it (streamed output). */
const UNKNOWN_SIZE = 0x7fff_0000;
const MAX_CHANNELS = 64;
const MIN_RATE = 100;
const MAX_RATE = 768_000;

/**
 * Where the samples of a WAV lie and what they are (Microsoft RIFF; EBU Tech 3306 for RF64).
 *
 * Chunks may come in any order and unknown ones are passed over. A data size of 0 with bytes behind it, or of about
 * 2^31 or 2^32, is a streamed header: the samples go to the end of the file. A file that ends before its declared
 * data is damaged; one that holds every whole frame it declares is not, whatever its padding.
 * @throws EarmarkError `audio/empty`, `audio/unreadable`, `audio/unsupported`, `audio/damaged`.
 */
export function readWavLayout(bytes: Uint8Array, name: string): WavLayout {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = bytes[3] !== 0x58; // RIF'X'
  let format: Format | null = null;
  let dataStart = -1;
  let declared = 0;
  let largeDataSize: number | null = null;
  let at = 12;
  while (at + 8 <= bytes.length) {
    const id = view.getUint32(at);
    const size = view.getUint32(at + 4, isLittle);
    const body = at + 8;
    if (id === 0x666d7420 && format === null) {
      if (body + Math.min(size, 16) > bytes.length) break;
      format = readFormat(view, body, Math.min(size, bytes.length - body), isLittle, name);
    } else if (id === 0x64733634 && size >= 16 && body + 16 <= bytes.length) {
      largeDataSize = Number(view.getBigUint64(body + 8, isLittle));
    } else if (id === 0x64617461 && dataStart < 0) {
      dataStart = body;
      declared = size === 0xffff_ffff && largeDataSize !== null ? largeDataSize : size;
      if (isUnknownSize(view, body, declared, largeDataSize !== null)) declared = Number.POSITIVE_INFINITY;
    }
    // Sizes are unsigned and the offset is a plain number, so a huge size only ends the walk.
    at = body + (dataStart === body ? declared : size) + (size & 1);
    if (format !== null && dataStart >= 0) break;
  }
  if (format === null || dataStart < 0) throw missingChunk(bytes, name, format === null ? 'fmt' : 'data');
  return layoutOf(format, dataStart, declared, bytes.length - dataStart, !isLittle, name);
}

/**
 * Decodes a WAV. Integers are divided by their full scale (`int16 / 32768`), 32-bit integers and 64-bit floats are
 * rounded to float32.
 * @throws EarmarkError as readWavLayout; `audio/damaged` when a float sample is not a finite number.
 */
export function decodeWav(
  bytes: Uint8Array,
  name: string,
  layout = readWavLayout(bytes, name),
): DecodedAudio {
  const { encoding, sampleRate, channels, frames } = layout;
  const channelData = Array.from({ length: channels }, () => new Float32Array(frames));
  for (let channel = 0; channel < channels; channel++)
    readChannel(bytes, layout, channel, channelData[channel]!, name);
  return { container: 'wav', encoding, sampleRate, channels, frames, channelData };
}

/** Sample value, int16, of each A-law code (ITU-T G.711). */
const alawTable = Int16Array.from({ length: 256 }, (_, code) => {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = ((bits & 15) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return (bits & 0x80) !== 0 ? magnitude : -magnitude;
});

/** Sample value, int16, of each mu-law code (ITU-T G.711). */
const mulawTable = Int16Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 15) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return (bits & 0x80) !== 0 ? -magnitude : magnitude;
});

function readChannel(
  bytes: Uint8Array,
  layout: WavLayout,
  channel: number,
  out: Float32Array,
  name: string,
): void {
  const { encoding, sampleBytes, channels, dataStart, isBigEndian } = layout;
  const step = sampleBytes * channels;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = !isBigEndian;
  let at = dataStart + channel * sampleBytes;
  const length = out.length;
  switch (encoding) {
    case 'pcm_u8':
      for (let i = 0; i < length; i++, at += step) out[i] = (bytes[at]! - 128) / 128;
      return;
    case 'pcm_s16':
      for (let i = 0; i < length; i++, at += step) out[i] = view.getInt16(at, little) / 32_768;
      return;
    case 'pcm_s24': {
      const high = little ? 2 : 0;
      const low = 2 - high;
      for (let i = 0; i < length; i++, at += step) {
        const value = (bytes[at + high]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + low]! << 8);
        out[i] = value / 2_147_483_648;
      }
      return;
    }
    case 'pcm_s32':
      for (let i = 0; i < length; i++, at += step) out[i] = view.getInt32(at, little) / 2_147_483_648;
      return;
    case 'pcm_f32':
    case 'pcm_f64':
      for (let i = 0; i < length; i++, at += step) {
        const value = sampleBytes === 4 ? view.getFloat32(at, little) : view.getFloat64(at, little);
        out[i] = value;
        if (!Number.isFinite(out[i])) {
          throw damagedAudio(name, `sample ${count(i)} of channel ${channel + 1} is not a finite number`, {
            frame: i,
            channel,
          });
        }
      }
      return;
    case 'alaw':
    case 'mulaw': {
      const table = encoding === 'alaw' ? alawTable : mulawTable;
      for (let i = 0; i < length; i++, at += step) out[i] = table[bytes[at]!]! / 32_768;
      return;
    }
  }
}

function readFormat(view: DataView, at: number, size: number, isLittle: boolean, name: string): Format {
  if (size < 16) throw unreadableAudio(name, `its fmt chunk has ${size} bytes instead of at least 16`);
  let tag = view.getUint16(at, isLittle);
  const isExtensible = tag === 0xfffe;
  if (isExtensible && size < 40)
    throw unreadableAudio(name, `its extensible fmt chunk has ${size} bytes instead of 40`);
  if (isExtensible) tag = view.getUint16(at + 24, isLittle); // the first two bytes of the sub-format's GUID
  return {
    tag,
    channels: view.getUint16(at + 2, isLittle),
    sampleRate: view.getUint32(at + 4, isLittle),
    blockAlign: view.getUint16(at + 12, isLittle),
    bits: view.getUint16(at + 14, isLittle),
  };
}

function layoutOf(
  format: Format,
  dataStart: number,
  declared: number,
  available: number,
  isBigEndian: boolean,
  name: string,
): WavLayout {
  const { channels, sampleRate } = format;
  if (channels < 1 || channels > MAX_CHANNELS) {
    throw unreadableAudio(
      name,
      `its header names ${count(channels)} channels (1 to ${MAX_CHANNELS} are possible)`,
    );
  }
  if (sampleRate < MIN_RATE || sampleRate > MAX_RATE) {
    throw unreadableAudio(
      name,
      `its header names a sample rate of ${count(sampleRate)} Hz (${MIN_RATE} to ${count(MAX_RATE)} are possible)`,
    );
  }
  checkCodec(format.tag, name);
  const sampleBytes = sampleBytesOf(format, name);
  const encoding = encodingOf(format, sampleBytes, name);
  const frameBytes = sampleBytes * channels;
  const declaredFrames = Math.floor(declared / frameBytes);
  const presentFrames = Math.floor(available / frameBytes);
  if (Number.isFinite(declared) && declaredFrames > presentFrames) {
    throw damagedAudio(
      name,
      `it ends early: its header promises ${count(declaredFrames)} samples per channel (${count(declared)} bytes), the file holds ${count(presentFrames)} (${count(available)} bytes)`,
      {
        expectedBytes: declared,
        availableBytes: available,
        expectedFrames: declaredFrames,
        availableFrames: presentFrames,
      },
    );
  }
  const frames = Math.min(declaredFrames, presentFrames);
  if (frames === 0) throw emptyAudio(name, 'has a header but no samples');
  return { encoding, sampleRate, channels, sampleBytes, isBigEndian, dataStart, frames };
}

/** Bytes per sample: the block size decides where it fits the bits, since 20 bits may lie in 3 or in 4 bytes. */
function sampleBytesOf(format: Format, name: string): number {
  const { blockAlign, channels, bits } = format;
  const isCompanded = format.tag === 6 || format.tag === 7;
  const needed = Math.ceil((isCompanded ? 8 : bits) / 8);
  const fromBlock = blockAlign / channels;
  if (Number.isInteger(fromBlock) && fromBlock >= needed && fromBlock <= 8) return fromBlock;
  if (blockAlign === 0) return needed; // left out by some writers, implied by the bits
  throw unreadableAudio(
    name,
    `its header contradicts itself: ${bits} bits x ${channels} channels in blocks of ${blockAlign} bytes`,
  );
}

function encodingOf(format: Format, sampleBytes: number, name: string): WavEncoding {
  const { tag, bits } = format;
  if (tag === 6 && sampleBytes === 1) return 'alaw';
  if (tag === 7 && sampleBytes === 1) return 'mulaw';
  if (tag === 3) {
    if (sampleBytes === 4 && bits === 32) return 'pcm_f32';
    if (sampleBytes === 8 && bits === 64) return 'pcm_f64';
  }
  if (tag === 1 && bits >= 1) {
    if (sampleBytes === 1) return 'pcm_u8';
    if (sampleBytes === 2) return 'pcm_s16';
    if (sampleBytes === 3) return 'pcm_s24';
    if (sampleBytes === 4) return 'pcm_s32';
  }
  throw unreadableAudio(name, `its header names samples of ${bits} bits in ${sampleBytes} bytes`);
}

function checkCodec(tag: number, name: string): void {
  if (tag === 1 || tag === 3 || tag === 6 || tag === 7) return;
  const hex = `0x${tag.toString(16).padStart(4, '0')}`;
  throw unsupportedAudio(
    name,
    `a WAV with the codec ${codecNames.get(tag) ?? 'of an unknown kind'} (${hex}) inside`,
  );
}

const codecNames: ReadonlyMap<number, string> = new Map([
  [0x02, 'Microsoft ADPCM'],
  [0x11, 'IMA ADPCM'],
  [0x31, 'GSM 6.10'],
  [0x50, 'MPEG layer II'],
  [0x55, 'MP3'],
  [0xff, 'AAC'],
  [0x161, 'Windows Media Audio'],
]);

/** Whether the size of the data chunk is a streaming writer's stand-in for "not known". */
function isUnknownSize(view: DataView, dataStart: number, declared: number, isLarge: boolean): boolean {
  if (declared === 0) return !isChunkChain(view, dataStart);
  return declared > view.byteLength - dataStart && declared >= (isLarge ? 2 ** 62 : UNKNOWN_SIZE);
}

/** Whether chunk headers follow each other from `at` exactly to the end: then a data size of 0 is meant. */
function isChunkChain(view: DataView, at: number): boolean {
  while (at + 8 <= view.byteLength) {
    for (let i = 0; i < 4; i++) {
      const letter = view.getUint8(at + i);
      if (letter < 0x20 || letter > 0x7e) return false;
    }
    const size = view.getUint32(at + 4, view.getUint8(3) !== 0x58);
    at += 8 + size + (size & 1);
  }
  return at === view.byteLength || at === view.byteLength + 1;
}

function missingChunk(bytes: Uint8Array, name: string, chunk: 'fmt' | 'data'): Error {
  if (bytes.length < 44) {
    return damagedAudio(name, `it ends after ${bytes.length} bytes, inside its header`, {
      availableBytes: bytes.length,
    });
  }
  return unreadableAudio(name, `it has no ${chunk} chunk`);
}
