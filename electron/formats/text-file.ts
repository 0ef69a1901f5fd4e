// Text files of unknown origin: byte order marks, UTF-16, UTF-8, line ends. Invalid bytes are an error that names
// the place, never replaced or guessed from another code page.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { cancelledError, EarmarkError } from '../../shared/errors.ts';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const CHUNK_BYTES = 256 * 1024;

/** No table or manifest has such a line; without a limit, a file without line ends would fill the memory. */
export const MAX_LINE_CHARACTERS = 2 ** 24;

/**
 * The encoding of a text that begins with `head`, and how many bytes its byte order mark takes. Without a mark,
 * UTF-16 is recognised by zero bytes at every other place; anything else is UTF-8.
 */
export function detectEncoding(head: Uint8Array): { encoding: TextEncoding; markBytes: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', markBytes: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', markBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', markBytes: 2 };
  const length = Math.min(head.length, 1024) & ~1;
  let evenZeros = 0;
  let oddZeros = 0;
  for (let i = 0; i < length; i += 2) {
    if (head[i] === 0) evenZeros++;
    if (head[i + 1] === 0) oddZeros++;
  }
  if (length >= 4 && oddZeros > length / 6 && evenZeros * 4 < oddZeros)
    return { encoding: 'utf-16le', markBytes: 0 };
  if (length >= 4 && evenZeros > length / 6 && oddZeros * 4 < evenZeros)
    return { encoding: 'utf-16be', markBytes: 0 };
  return { encoding: 'utf-8', markBytes: 0 };
}

/**
 * Decodes a whole text.
 * @throws EarmarkError `text/encoding` naming the first byte that is not valid.
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  const { encoding, markBytes } = detectEncoding(bytes);
  return decodeComplete(bytes.subarray(markBytes), encoding, file, markBytes, 1);
}

/**
 * The text of a file in pieces of about 256 KiB.
 * @throws EarmarkError `text/encoding` for invalid bytes, `text/binary` for a file that is no text,
 *   `file/unreadable` when it cannot be opened.
 */
export async function* textChunks(path: string, signal?: AbortSignal): AsyncGenerator<string> {
  let encoding: TextEncoding | null = null;
  let carry: Uint8Array = new Uint8Array(0);
  let offset = 0;
  let line = 1;
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      if (signal?.aborted) throw cancelledError();
      let bytes = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk;
      if (encoding === null) {
        const found = detectEncoding(bytes);
        encoding = found.encoding;
        bytes = bytes.subarray(found.markBytes);
        offset = found.markBytes;
      }
      const end = completeLength(bytes, encoding);
      const text = decodeComplete(bytes.subarray(0, end), encoding, path, offset, line);
      line += countNewlines(text);
      offset += end;
      carry = bytes.slice(end);
      if (text.length > 0) yield text;
    }
  } catch (error) {
    throw readingError(error, path);
  }
  if (carry.length > 0) decodeComplete(carry, encoding ?? 'utf-8', path, offset, line);
}

/** The whole text of a file. @throws as `textChunks`. */
export async function readTextFile(path: string, signal?: AbortSignal): Promise<string> {
  const parts: string[] = [];
  for await (const chunk of textChunks(path, signal)) parts.push(chunk);
  return parts.join('');
}

/** The first `bytes` bytes of a file as text, cut at a complete character. @throws as `textChunks`. */
export async function readTextHead(path: string, bytes = 64 * 1024): Promise<string> {
  let head: Buffer;
  try {
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(bytes);
      const { bytesRead } = await file.read(buffer, 0, bytes, 0);
      head = buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw readingError(error, path);
  }
  const { encoding, markBytes } = detectEncoding(head);
  const body = head.subarray(markBytes);
  const end = head.length < bytes ? body.length : completeLength(body, encoding);
  return decodeComplete(body.subarray(0, end), encoding, path, markBytes, 1);
}

export interface LineBatch {
  /** 1-based number of the first line of the batch. */
  readonly firstLine: number;
  readonly lines: readonly string[];
}

/**
 * The lines of a file, without their ends (LF, CRLF). A last empty line is not a line.
 * @throws EarmarkError `text/long-line` for a line above `MAX_LINE_CHARACTERS`, and as `textChunks`.
 */
export async function* textLines(path: string, signal?: AbortSignal): AsyncGenerator<LineBatch> {
  let firstLine = 1;
  let carry = '';
  for await (const chunk of textChunks(path, signal)) {
    const lines = (carry + chunk).split('\n');
    carry = lines.pop() ?? '';
    if (carry.length > MAX_LINE_CHARACTERS) throw longLine(path, firstLine + lines.length);
    for (let i = 0; i < lines.length; i++) {
      const text = lines[i] ?? '';
      if (text.endsWith('\r')) lines[i] = text.slice(0, -1);
    }
    if (lines.length > 0) yield { firstLine, lines };
    firstLine += lines.length;
  }
  if (carry !== '') yield { firstLine, lines: [carry.endsWith('\r') ? carry.slice(0, -1) : carry] };
}

function longLine(path: string, line: number): EarmarkError {
  return new EarmarkError(
    'text/long-line',
    `Line ${line} of ${basename(path)} has more than ${MAX_LINE_CHARACTERS} characters, so this is no table or manifest.`,
    { file: path, line },
  );
}

/** Any error of opening or reading a file, as a sentence; errors that are one already pass through. */
export function readingError(error: unknown, path: string): unknown {
  if (error instanceof EarmarkError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  if (code === null) return error;
  const name = basename(path);
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: `There is no file ${name}.`,
    EACCES: `${name} may not be read: its permissions forbid it.`,
    EPERM: `${name} may not be read: its permissions forbid it.`,
    EISDIR: `${name} is a folder, not a file.`,
    ENOTDIR: `${name} is not a folder.`,
    ENAMETOOLONG: `The name ${name.slice(0, 40)}… is too long for this file system.`,
  };
  const sentence = reasons[code] ?? `${name} could not be read (${code}).`;
  return new EarmarkError('file/unreadable', sentence, { file: path, system: code });
}

function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** How many bytes from the start end with a complete character. */
function completeLength(bytes: Uint8Array, encoding: TextEncoding): number {
  if (encoding === 'utf-8') {
    for (let back = 1; back <= 3 && back <= bytes.length; back++) {
      const byte = bytes[bytes.length - back] ?? 0;
      if (byte < 0x80) return bytes.length;
      if (byte >= 0xc0) {
        const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
        return needed > back ? bytes.length - back : bytes.length;
      }
    }
    return bytes.length;
  }
  const even = bytes.length & ~1;
  if (even < 2) return even;
  const high = encoding === 'utf-16le' ? bytes[even - 1] : bytes[even - 2];
  return ((high ?? 0) & 0xfc) === 0xd8 ? even - 2 : even;
}

function decodeComplete(
  bytes: Uint8Array,
  encoding: TextEncoding,
  file: string,
  offset: number,
  line: number,
): string {
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const at = firstInvalid(bytes, encoding);
    const name = basename(file);
    const before = new TextDecoder(encoding).decode(bytes.subarray(0, at));
    const atLine = line + countNewlines(before);
    const place = `byte ${offset + at} (line ${atLine})`;
    const title = encoding.toUpperCase();
    throw new EarmarkError(
      'text/encoding',
      `${name} is not valid ${title}: the first wrong byte is ${place}. Save the file as UTF-8 and try again.`,
      { file, byte: offset + at, line: atLine, encoding },
    );
  }
  const zero = text.indexOf('\0');
  if (zero >= 0) {
    throw new EarmarkError(
      'text/binary',
      `${basename(file)} is not a text file: it holds a zero byte near byte ${offset + zero}.`,
      { file, byte: offset + zero },
    );
  }
  return text;
}

/** Index of the first byte that begins no valid character. */
function firstInvalid(bytes: Uint8Array, encoding: TextEncoding): number {
  // Halving on "does this prefix decode?" needs prefixes cut at characters, which completeLength gives.
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (decodes(bytes.subarray(0, completeLength(bytes.subarray(0, middle), encoding)), encoding))
      low = middle;
    else high = middle - 1;
  }
  return completeLength(bytes.subarray(0, low), encoding);
}

function decodes(bytes: Uint8Array, encoding: TextEncoding): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
