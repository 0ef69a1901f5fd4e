// Takes an Ogg file apart into the packets of its one Opus or Vorbis stream (RFC 3533), checking every page's
// checksum and number, so that a damaged file is known before a decoder sees it.
import { count, damagedAudio, unsupportedAudio } from './problems.ts';

export interface OggStream {
  /** Header packets and sound packets, in order. A packet within one page is a view of the file's bytes. */
  readonly packets: readonly Uint8Array[];
  /** For the first page that ends a sound packet: how many packets end by then, and its granule position. */
  readonly firstSoundPage: {
    readonly packetsEnded: number;
    readonly granule: number;
    readonly isLast: boolean;
  };
  /** Granule position of the last page: the stream's end in samples. */
  readonly lastGranule: number;
}

interface Page {
  readonly at: number;
  readonly flags: number;
  /** -1 when no packet ends on the page. */
  readonly granule: number;
  readonly serial: number;
  readonly sequence: number;
  readonly segments: Uint8Array;
  readonly bodyStart: number;
  readonly end: number;
}

const CONTINUED = 1;
const FIRST = 2;
const LAST = 4;

/** The Ogg checksum: CRC-32 with polynomial 0x04c11db7, not reflected, from 0. */
const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ 0x04c1_1db7 : value << 1;
  return value >>> 0;
});

/**
 * @param headerPackets How many packets come before the sound: 2 for Opus, 3 for Vorbis.
 * @throws EarmarkError `audio/damaged`: a page cut off, missing or altered, or no page that ends the stream;
 *   `audio/unsupported`: several streams one after the other.
 */
export function readOggStream(bytes: Uint8Array, headerPackets: number, name: string): OggStream {
  const packets: Uint8Array[] = [];
  let serial: number | null = null;
  let sequence = 0;
  let pieces: Uint8Array[] = [];
  let firstSoundPage: OggStream['firstSoundPage'] | null = null;
  let lastGranule = -1;
  let hasEnd = false;
  for (let at = 0; at < bytes.length; ) {
    const page = readPage(bytes, at, name);
    at = page.end;
    if (serial === null) {
      serial = page.serial;
      sequence = page.sequence;
    } else if (page.serial !== serial) {
      if ((page.flags & FIRST) !== 0 && hasEnd) {
        throw unsupportedAudio(name, 'an Ogg file with several recordings one after the other');
      }
      continue; // a stream beside it: video, text
    } else if (page.sequence !== ++sequence) {
      throw damagedAudio(name, `Ogg page ${count(sequence)} is missing before byte ${count(page.at)}`, {
        byte: page.at,
      });
    }
    if ((page.flags & CONTINUED) === 0) pieces = [];
    for (let segment = 0, start = page.bodyStart, end = start; segment < page.segments.length; segment++) {
      const length = page.segments[segment]!;
      end += length;
      const isPacketEnd = length < 255;
      if (!isPacketEnd && segment < page.segments.length - 1) continue;
      const part = bytes.subarray(start, end);
      start = end;
      if (!isPacketEnd) {
        pieces.push(part);
        continue;
      }
      packets.push(pieces.length === 0 ? part : joined([...pieces, part]));
      pieces = [];
    }
    if (page.granule >= 0) lastGranule = page.granule;
    hasEnd ||= (page.flags & LAST) !== 0;
    if (firstSoundPage === null && packets.length > headerPackets && page.granule >= 0) {
      firstSoundPage = {
        packetsEnded: packets.length,
        granule: page.granule,
        isLast: (page.flags & LAST) !== 0,
      };
    }
  }
  if (!hasEnd) {
    throw damagedAudio(
      name,
      `it was cut: its ${count(bytes.length)} bytes stop before the page that ends the stream`,
      {
        availableBytes: bytes.length,
      },
    );
  }
  if (firstSoundPage === null) throw damagedAudio(name, 'it has no sound behind its headers');
  return { packets, firstSoundPage, lastGranule };
}

function readPage(bytes: Uint8Array, at: number, name: string): Page {
  const cut = () =>
    damagedAudio(name, `it was cut: the Ogg page at byte ${count(at)} goes beyond the end of the file`, {
      byte: at,
      availableBytes: bytes.length,
    });
  if (at + 27 > bytes.length) throw cut();
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
  if (view.getUint32(0) !== 0x4f676753) {
    throw damagedAudio(name, `at byte ${count(at)} an Ogg page should begin and does not`, { byte: at });
  }
  const bodyStart = at + 27 + bytes[at + 26]!;
  if (bodyStart > bytes.length) throw cut();
  const segments = bytes.subarray(at + 27, bodyStart);
  let end = bodyStart;
  for (const length of segments) end += length;
  if (end > bytes.length) throw cut();
  if (pageChecksum(bytes, at, end) !== view.getUint32(22, true)) {
    throw damagedAudio(name, `the Ogg page at byte ${count(at)} does not match its checksum`, { byte: at });
  }
  return {
    at,
    flags: bytes[at + 5]!,
    granule: Number(view.getBigInt64(6, true)),
    serial: view.getUint32(14, true),
    sequence: view.getUint32(18, true),
    segments,
    bodyStart,
    end,
  };
}

/** CRC of a page with its checksum field taken as zero. */
function pageChecksum(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0;
  for (let i = start; i < end; i++) {
    const byte = i >= start + 22 && i < start + 26 ? 0 : bytes[i]!;
    crc = (crc << 8) ^ crcTable[(crc >>> 24) ^ byte]!;
  }
  return crc >>> 0;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
