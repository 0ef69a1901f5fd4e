// MPEG audio framing (layers I to III, MPEG 1, 2 and 2.5) without decoding: where the frames lie, what the Xing, Info
// or VBRI tag promises, and whether the stream was cut. ISO/IEC 11172-3 and 13818-3; free-format streams are not read.

export interface MpegHeader {
  readonly layer: 1 | 2 | 3;
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  readonly samplesPerFrame: number;
  readonly frameBytes: number;
  /** Version, layer and rate as bits: equal for all frames of one stream. */
  readonly family: number;
}

export interface MpegStream {
  /** Byte range of whole frames, the tag frame included. */
  readonly start: number;
  readonly end: number;
  readonly layer: 1 | 2 | 3;
  readonly sampleRate: number;
  /** 2 as soon as one frame is not mono. */
  readonly channels: 1 | 2;
  /** Whole frames that carry sound (the Xing/Info/VBRI frame is not one). */
  readonly frames: number;
  readonly samplesPerFrame: number;
  /** Frames the tag promises, null without a tag. */
  readonly promisedFrames: number | null;
  /** The last frame's header asks for more bytes than the file has. */
  readonly cutFrame: { readonly at: number; readonly needBytes: number; readonly haveBytes: number } | null;
  /** Bytes between frames that belong to no frame. */
  readonly strayBytes: { readonly at: number; readonly bytes: number } | null;
}

const kbps1 = [
  [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
] as const;
const kbps2 = [
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
const baseRates = [44_100, 48_000, 32_000] as const;

/** How far into the file the first frame is looked for, behind any ID3v2 tags. */
const SEARCH_BYTES = 65_536;

/** The frame header at `at`, or null when there is none. */
export function readMpegHeader(bytes: Uint8Array, at: number): MpegHeader | null {
  if (at < 0 || at + 4 > bytes.length) return null;
  const b1 = bytes[at + 1]!;
  if (bytes[at] !== 0xff || (b1 & 0xe0) !== 0xe0) return null;
  const b2 = bytes[at + 2]!;
  const version = (b1 >> 3) & 3; // 0: MPEG 2.5, 2: MPEG 2, 3: MPEG 1
  const layerBits = (b1 >> 1) & 3;
  const rateIndex = (b2 >> 2) & 3;
  const bitrateIndex = b2 >> 4;
  if (version === 1 || layerBits === 0 || rateIndex === 3 || bitrateIndex === 0 || bitrateIndex === 15)
    return null;
  const layer = (4 - layerBits) as 1 | 2 | 3;
  const isVersion1 = version === 3;
  const kbps = (isVersion1 ? kbps1 : kbps2)[layer - 1]![bitrateIndex]!;
  const sampleRate = baseRates[rateIndex]! / (isVersion1 ? 1 : version === 2 ? 2 : 4);
  const samplesPerFrame = layer === 1 ? 384 : layer === 3 && !isVersion1 ? 576 : 1152;
  const padding = (b2 >> 1) & 1;
  const frameBytes =
    layer === 1
      ? (Math.floor((12_000 * kbps) / sampleRate) + padding) * 4
      : Math.floor((samplesPerFrame * 125 * kbps) / sampleRate) + padding;
  return {
    layer,
    sampleRate,
    channels: bytes[at + 3]! >> 6 === 3 ? 1 : 2,
    samplesPerFrame,
    frameBytes,
    family: ((b1 & 0x1e) << 2) | rateIndex,
  };
}

/** The offset behind any ID3v2 tags at the start of the file; may lie behind its end when a tag is cut. */
export function skipId3(bytes: Uint8Array): number {
  let at = 0;
  while (at + 10 <= bytes.length && bytes[at] === 0x49 && bytes[at + 1] === 0x44 && bytes[at + 2] === 0x33) {
    const size =
      ((bytes[at + 6]! & 0x7f) << 21) |
      ((bytes[at + 7]! & 0x7f) << 14) |
      ((bytes[at + 8]! & 0x7f) << 7) |
      (bytes[at + 9]! & 0x7f);
    const footer = (bytes[at + 5]! & 0x10) !== 0 ? 10 : 0;
    at += 10 + size + footer;
  }
  return at;
}

/**
 * The offset of the first frame, or -1. A frame at the very start (behind ID3v2) counts when a second one follows, or
 * when it is layer III and the file ends in it; one found later needs two that follow, since two sync bits in a row
 * turn up in any data.
 */
export function findMpegStart(bytes: Uint8Array): number {
  const from = skipId3(bytes);
  const first = readMpegHeader(bytes, from);
  if (first !== null) {
    const next = from + first.frameBytes;
    if (sameFamily(bytes, next, first)) return from;
    if (first.layer === 3 && next > bytes.length - 4) return from;
    if (next === bytes.length) return from;
  }
  const until = Math.min(bytes.length - 4, from + SEARCH_BYTES);
  for (let at = from + 1; at < until; at++) {
    const header = bytes[at] === 0xff ? readMpegHeader(bytes, at) : null;
    if (header === null) continue;
    const second = readMpegHeader(bytes, at + header.frameBytes);
    if (second === null || second.family !== header.family) continue;
    if (sameFamily(bytes, at + header.frameBytes + second.frameBytes, header)) return at;
  }
  return -1;
}

/** Walks the frames of a file; null when it holds none. Tags behind the last frame (ID3v1, APE, Lyrics3) are ignored. */
export function walkMpegFrames(bytes: Uint8Array): MpegStream | null {
  const start = findMpegStart(bytes);
  const first = readMpegHeader(bytes, start);
  if (first === null) return null;
  const tag = readFrameTag(bytes, start, first);
  let frames = tag.isTag ? -1 : 0;
  let channels = first.channels;
  let cutFrame: MpegStream['cutFrame'] = null;
  let strayBytes: MpegStream['strayBytes'] = null;
  let at = start;
  for (;;) {
    const header = sameFamily(bytes, at, first) ? readMpegHeader(bytes, at) : null;
    if (header === null) {
      if (isPartialHeader(bytes, at, start)) {
        cutFrame = { at, needBytes: first.frameBytes, haveBytes: bytes.length - at };
        break;
      }
      const resumed = isTrailingTag(bytes, at) ? -1 : findNext(bytes, at, first);
      if (resumed < 0) break;
      strayBytes ??= { at, bytes: resumed - at };
      at = resumed;
      continue;
    }
    if (at + header.frameBytes > bytes.length) {
      cutFrame = { at, needBytes: header.frameBytes, haveBytes: bytes.length - at };
      break;
    }
    if (header.channels === 2) channels = 2;
    frames++;
    at += header.frameBytes;
  }
  return {
    start,
    end: at,
    layer: first.layer,
    sampleRate: first.sampleRate,
    channels,
    frames: Math.max(0, frames),
    samplesPerFrame: first.samplesPerFrame,
    promisedFrames: tag.frames,
    cutFrame,
    strayBytes,
  };
}

function sameFamily(bytes: Uint8Array, at: number, like: MpegHeader): boolean {
  return readMpegHeader(bytes, at)?.family === like.family;
}

/** One to three bytes left that begin as the stream's own frame headers do. */
function isPartialHeader(bytes: Uint8Array, at: number, start: number): boolean {
  const left = bytes.length - at;
  if (left < 1 || left > 3) return false;
  return bytes[at] === 0xff && (left < 2 || bytes[at + 1] === bytes[start + 1]);
}

function isTrailingTag(bytes: Uint8Array, at: number): boolean {
  const text = String.fromCharCode(...bytes.subarray(at, at + 11));
  return (
    text.startsWith('TAG') ||
    text.startsWith('APETAGEX') ||
    text.startsWith('LYRICSBEGIN') ||
    text.startsWith('ID3')
  );
}

/** The next place from `at` on where two frames of the family follow each other, or one that ends the file; else -1. */
function findNext(bytes: Uint8Array, at: number, like: MpegHeader): number {
  for (let next = at + 1; next + 4 <= bytes.length; next++) {
    if (bytes[next] !== 0xff) continue;
    const header = readMpegHeader(bytes, next);
    if (header === null || header.family !== like.family) continue;
    const behind = next + header.frameBytes;
    if (behind === bytes.length || sameFamily(bytes, behind, like)) return next;
  }
  return -1;
}

function readFrameTag(
  bytes: Uint8Array,
  start: number,
  first: MpegHeader,
): { readonly isTag: boolean; readonly frames: number | null } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isVersion1 = first.samplesPerFrame === 1152;
  const sideInfo = isVersion1 ? (first.channels === 1 ? 17 : 32) : first.channels === 1 ? 9 : 17;
  if (first.layer !== 3) return { isTag: false, frames: null };
  for (const at of [start + 4 + sideInfo, start + 6 + sideInfo]) {
    if (at + 12 > bytes.length) continue;
    const id = view.getUint32(at);
    if (id !== 0x58696e67 && id !== 0x496e666f) continue; // 'Xing', 'Info'
    return { isTag: true, frames: (view.getUint32(at + 4) & 1) !== 0 ? view.getUint32(at + 8) : null };
  }
  const vbri = start + 36;
  if (vbri + 18 <= bytes.length && view.getUint32(vbri) === 0x56425249) {
    return { isTag: true, frames: view.getUint32(vbri + 14) };
  }
  return { isTag: false, frames: null };
}
