// Which kind of sound file some bytes are, judged by content alone: names and extensions never count.
import type { Container } from '../../shared/domain/audio.ts';
import { findMpegStart, skipId3 } from './mpegFrames.ts';
import { emptyAudio, notAudio, unsupportedAudio } from './problems.ts';

/**
 * The container of a file's bytes: RIFF, RIFX, RF64 or BW64 with WAVE inside, fLaC (also behind an ID3v2 tag), MPEG
 * audio (ID3v2 or frame sync), Ogg with Opus or Vorbis. Null for anything else. A start too short to tell counts as
 * what it starts like, so that the reader can say where it ends.
 */
export function sniffContainer(bytes: Uint8Array): Container | null {
  if (
    startsWith(bytes, 'RIFF') ||
    startsWith(bytes, 'RIFX') ||
    startsWith(bytes, 'RF64') ||
    startsWith(bytes, 'BW64')
  ) {
    return bytes.length < 12 || matches(bytes, 8, 'WAVE') ? 'wav' : null;
  }
  if (startsWith(bytes, 'OggS')) {
    const payload = oggPayloadStart(bytes);
    if (matches(bytes, payload, 'OpusHead')) return 'opus';
    return matches(bytes, payload, '\x01vorbis') ? 'vorbis' : null;
  }
  const behindTags = skipId3(bytes);
  if (matches(bytes, behindTags, 'fLaC')) return 'flac';
  if (findMpegStart(bytes) >= 0) return 'mp3';
  return behindTags > 0 && !isAdts(bytes, behindTags) ? 'mp3' : null;
}

/**
 * The container, or the reason why there is none.
 * @throws EarmarkError `audio/empty`, `audio/not-audio` (names what it looks like) or `audio/unsupported`.
 */
export function requireContainer(bytes: Uint8Array, name: string): Container {
  if (bytes.length === 0) throw emptyAudio(name, 'is a file of 0 bytes');
  const container = sniffContainer(bytes);
  if (container !== null) return container;
  const sound = otherSound(bytes);
  if (sound !== null) throw unsupportedAudio(name, sound);
  throw notAudio(name, lookAlike(bytes));
}

function otherSound(bytes: Uint8Array): string | null {
  if (startsWith(bytes, 'OggS')) {
    const payload = oggPayloadStart(bytes);
    if (matches(bytes, payload, '\x7fFLAC')) return 'FLAC inside Ogg';
    if (matches(bytes, payload, 'Speex')) return 'Ogg Speex';
    return 'an Ogg file without Opus or Vorbis';
  }
  if (startsWith(bytes, 'FORM') && (matches(bytes, 8, 'AIFF') || matches(bytes, 8, 'AIFC')))
    return 'an AIFF file';
  if (startsWith(bytes, 'caff')) return 'an Apple CAF file';
  if (startsWith(bytes, '#!AMR')) return 'an AMR file';
  if (startsWith(bytes, 'NIST_1A')) return 'a NIST SPHERE file';
  if (startsWith(bytes, '.snd')) return 'a Sun AU file';
  if (startsWith(bytes, 'riff\x2e\x91\xcf\x11')) return 'a Wave64 file';
  if (startsWith(bytes, '\x30\x26\xb2\x75\x8e\x66\xcf\x11')) return 'a Windows Media file';
  if (matches(bytes, 4, 'ftyp')) return 'an MP4 or M4A file';
  if (startsWith(bytes, '\x1a\x45\xdf\xa3')) return 'a WebM or Matroska file';
  return isAdts(bytes, skipId3(bytes)) ? 'an AAC stream' : null;
}

const signatures: readonly (readonly [string, string])[] = [
  ['\xff\xd8\xff', 'a JPEG picture'],
  ['\x89PNG', 'a PNG picture'],
  ['GIF8', 'a GIF picture'],
  ['BM', 'a BMP picture'],
  ['%PDF', 'a PDF document'],
  ['PK\x03\x04', 'a ZIP archive'],
  ['\x1f\x8b', 'a gzip archive'],
  ['BZh', 'a bzip2 archive'],
  ['\xfd7zXZ', 'an XZ archive'],
  ['7z\xbc\xaf', 'a 7-Zip archive'],
  ['SQLite format 3', 'an SQLite database'],
  ['\x7fELF', 'a program'],
  ['MZ', 'a Windows program'],
  ['\x93NUMPY', 'a NumPy array'],
  ['version https://git-lfs', 'a Git LFS pointer: the recording itself was not downloaded'],
];

function lookAlike(bytes: Uint8Array): string {
  for (const [signature, what] of signatures) if (startsWith(bytes, signature)) return what;
  if (startsWith(bytes, 'RIFF')) {
    if (matches(bytes, 8, 'WEBP')) return 'a WebP picture';
    return matches(bytes, 8, 'AVI ') ? 'an AVI video' : 'a RIFF file without WAVE inside';
  }
  const head = bytes.subarray(0, 512);
  if (head.every((byte) => byte === 0)) return 'nothing but zero bytes';
  const text = new TextDecoder('utf-8').decode(head).trimStart().toLowerCase();
  if (text.startsWith('<!doctype html') || text.startsWith('<html')) return 'a web page';
  if (text.startsWith('<?xml') || text.startsWith('<svg')) return 'an XML document';
  if (head.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13)) {
    return text.startsWith('{') || text.startsWith('[') ? 'a JSON or text document' : 'a text document';
  }
  return 'data of an unknown kind';
}

function isAdts(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xff && ((bytes[at + 1] ?? 0) & 0xf6) === 0xf0;
}

/** Where the first packet of the first Ogg page begins. */
function oggPayloadStart(bytes: Uint8Array): number {
  return 27 + (bytes[26] ?? 0);
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return matches(bytes, 0, text);
}

function matches(bytes: Uint8Array, at: number, text: string): boolean {
  if (at < 0 || at + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}
