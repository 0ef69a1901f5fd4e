// FLAC framing without decoding (RFC 9639): STREAMINFO and the byte range of every frame, each checked against the
// checksums of its header (CRC-8) and its whole (CRC-16).
import { skipId3 } from './mpegFrames.ts';
import { count, damagedAudio, unreadableAudio } from './problems.ts';

export interface FlacStream {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitsPerSample: number;
  /** Samples per channel that STREAMINFO promises, null where the encoder did not know. */
  readonly totalFrames: number | null;
  /** MD5 of the unencoded samples, null where the encoder left it out. */
  readonly md5: Uint8Array | null;
  /** The frames' bytes, in order. */
  readonly frames: readonly Uint8Array[];
  /** Samples per channel in all frames. */
  readonly frameSamples: number;
}

const crc8Table = Uint8Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = ((value << 1) ^ ((value & 0x80) !== 0 ? 0x07 : 0)) & 0xff;
  return value;
});
const crc16Table = Uint16Array.from({ length: 256 }, (_, index) => {
  let value = index << 8;
  for (let bit = 0; bit < 8; bit++) value = ((value << 1) ^ ((value & 0x8000) !== 0 ? 0x8005 : 0)) & 0xffff;
  return value;
});

/** @throws EarmarkError `audio/damaged` (cut, or a frame that does not match its checksum), `audio/unreadable`. */
export function readFlacStream(bytes: Uint8Array, name: string): FlacStream {
  const start = skipId3(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cut = () => damagedAudio(name, `it ends after ${count(bytes.length)} bytes, inside its metadata`);
  let at = start + 4;
  let info = -1;
  for (let isLast = false; !isLast; ) {
    if (at + 4 > bytes.length) throw cut();
    isLast = (bytes[at]! & 0x80) !== 0;
    const length = view.getUint32(at) & 0xff_ffff;
    if ((bytes[at]! & 0x7f) === 0 && info < 0 && length >= 34) info = at + 4;
    at += 4 + length;
  }
  if (at > bytes.length) throw cut();
  if (info < 0) throw unreadableAudio(name, 'it has no STREAMINFO block');
  const packed = view.getUint32(info + 10);
  const sampleRate = packed >>> 12;
  const total = (view.getUint8(info + 13) & 15) * 2 ** 32 + view.getUint32(info + 14);
  const md5 = bytes.subarray(info + 18, info + 34);
  if (sampleRate === 0) throw unreadableAudio(name, 'its header names a sample rate of 0 Hz');
  return {
    sampleRate,
    channels: ((packed >> 9) & 7) + 1,
    bitsPerSample: ((packed >> 4) & 31) + 1,
    totalFrames: total === 0 ? null : total,
    md5: md5.every((byte) => byte === 0) ? null : md5,
    ...splitFrames(bytes, at, name),
  };
}

/**
 * A frame ends where the CRC-16 over it, its own checksum included, comes to 0 and either the file ends or a header
 * with a right CRC-8 follows.
 */
function splitFrames(
  bytes: Uint8Array,
  from: number,
  name: string,
): Pick<FlacStream, 'frames' | 'frameSamples'> {
  const frames: Uint8Array[] = [];
  let frameSamples = 0;
  let start = from;
  while (start < bytes.length && !isTag(bytes, start)) {
    const samples = frameHeaderSamples(bytes, start);
    const end = samples > 0 ? frameEnd(bytes, start) : -1;
    if (end < 0) throw brokenFrame(bytes, start, frames.length, name);
    frames.push(bytes.subarray(start, end));
    frameSamples += samples;
    start = end;
  }
  return { frames, frameSamples };
}

function frameEnd(bytes: Uint8Array, start: number): number {
  let crc = 0;
  for (let i = start; i < bytes.length; i++) {
    if (crc === 0 && i > start + 5) {
      if (bytes[i] === 0xff && frameHeaderSamples(bytes, i) > 0) return i;
      if (bytes[i] === 0x54 && isTag(bytes, i)) return i;
    }
    crc = ((crc << 8) & 0xffff) ^ crc16Table[(crc >> 8) ^ bytes[i]!]!;
  }
  return crc === 0 ? bytes.length : -1;
}

/** An ID3v1 tag that ends the file. */
function isTag(bytes: Uint8Array, at: number): boolean {
  return bytes.length - at === 128 && bytes[at] === 0x54 && bytes[at + 1] === 0x41 && bytes[at + 2] === 0x47;
}

function brokenFrame(bytes: Uint8Array, start: number, index: number, name: string): Error {
  let next = start + 6;
  while (next < bytes.length && frameHeaderSamples(bytes, next) <= 0) next++;
  const where = `FLAC frame ${count(index + 1)}, at byte ${count(start)},`;
  const details = { byte: start, frame: index, availableBytes: bytes.length };
  return next < bytes.length
    ? damagedAudio(name, `${where} does not match its checksum`, details)
    : damagedAudio(
        name,
        `${where} does not match its checksum or is cut off: no whole frame follows`,
        details,
      );
}

/** Samples per channel of the frame whose header begins at `at`, or 0 when none does. */
function frameHeaderSamples(bytes: Uint8Array, at: number): number {
  if (at + 6 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1]! & 0xfe) !== 0xf8) return 0;
  const sizeCode = bytes[at + 2]! >> 4;
  const rateCode = bytes[at + 2]! & 15;
  const depthCode = (bytes[at + 3]! >> 1) & 7;
  if (
    sizeCode === 0 ||
    rateCode === 15 ||
    depthCode === 3 ||
    bytes[at + 3]! >> 4 > 10 ||
    (bytes[at + 3]! & 1) !== 0
  ) {
    return 0;
  }
  // The frame's number is coded as UTF-8 codes a character, up to 7 bytes long.
  const lead = bytes[at + 4]!;
  const leadOnes = Math.clz32(~(lead << 24));
  if (leadOnes === 1 || leadOnes > 7) return 0;
  let end = at + 4 + Math.max(1, leadOnes);
  let samples: number;
  if (sizeCode === 1) samples = 192;
  else if (sizeCode <= 5) samples = 144 << sizeCode;
  else if (sizeCode === 6) samples = (bytes[end] ?? 0) + 1;
  else if (sizeCode === 7) samples = ((bytes[end] ?? 0) << 8) + (bytes[end + 1] ?? 0) + 1;
  else samples = 1 << sizeCode;
  end += sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0;
  end += rateCode === 12 ? 1 : rateCode >= 13 ? 2 : 0;
  if (end >= bytes.length) return 0;
  let crc = 0;
  for (let i = at; i < end; i++) crc = crc8Table[crc ^ bytes[i]!]!;
  return crc === bytes[end] ? samples : 0;
}
