import { describe, expect, it } from 'vitest';
import { EarmarkError } from '../../shared/errors.ts';
import { requireContainer, sniffContainer } from './container.ts';
import { concat, fixture, jpegStart, tone, wavFile } from './testing/fixtures.ts';

const text = (content: string) => new TextEncoder().encode(content);
const latin = (content: string) => Uint8Array.from(content, (letter) => letter.charCodeAt(0));

function refusal(bytes: Uint8Array, name = 'clip.wav'): EarmarkError {
  try {
    requireContainer(bytes, name);
  } catch (error) {
    if (error instanceof EarmarkError) return error;
    throw error;
  }
  throw new Error('the bytes were accepted');
}

describe('sniffContainer', () => {
  it('knows every supported kind by its content', () => {
    expect(sniffContainer(wavFile([tone(8000, 0.1)]))).toBe('wav');
    expect(sniffContainer(wavFile([tone(8000, 0.1)], { isBigEndian: true }))).toBe('wav');
    expect(sniffContainer(wavFile([tone(8000, 0.1)], { isRf64: true }))).toBe('wav');
    expect(sniffContainer(fixture('tone.flac'))).toBe('flac');
    expect(sniffContainer(fixture('tone.mp3'))).toBe('mp3');
    expect(sniffContainer(fixture('stereo-untagged.mp3'))).toBe('mp3');
    expect(sniffContainer(fixture('tone.opus'))).toBe('opus');
    expect(sniffContainer(fixture('tone.ogg'))).toBe('vorbis');
  });

  it('looks behind an ID3v2 tag, which may stand before FLAC as well as MP3', () => {
    const tag = concat([latin('ID3\x04\0\0\0\0\0\x14'), new Uint8Array(20)]);
    expect(sniffContainer(concat([tag, fixture('tone.flac')]))).toBe('flac');
    expect(sniffContainer(concat([tag, fixture('stereo-untagged.mp3')]))).toBe('mp3');
  });

  it('finds the first MPEG frame behind leading rubbish', () => {
    expect(sniffContainer(concat([text('some words first '), fixture('stereo-untagged.mp3')]))).toBe('mp3');
  });

  it('does not take UTF-16 text for MPEG audio, though its byte order mark looks like a frame', () => {
    const utf16 = Buffer.from('\ufeffhello, this is a list of clips\r\n'.repeat(40), 'utf16le');
    expect(sniffContainer(new Uint8Array(utf16))).toBeNull();
  });

  it('knows nothing in no bytes', () => {
    expect(sniffContainer(new Uint8Array(0))).toBeNull();
  });
});

describe('requireContainer', () => {
  it('says that a file of 0 bytes is empty', () => {
    const error = refusal(new Uint8Array(0));
    expect(error.code).toBe('audio/empty');
    expect(error.message).toContain('"clip.wav" is a file of 0 bytes');
  });

  it.each([
    ['a JPEG picture', jpegStart],
    ['a PNG picture', latin('\x89PNG\r\n\x1a\n0000')],
    ['a ZIP archive', latin('PK\x03\x04rest of it')],
    ['a PDF document', latin('%PDF-1.7 ')],
    ['a WebP picture', latin('RIFF\x10\0\0\0WEBPVP8 ')],
    ['a web page', text('<!DOCTYPE html><html><body>404</body></html>')],
    ['a Git LFS pointer', text('version https://git-lfs.github.com/spec/v1\noid sha256:00')],
    ['a text document', text('path,label\nfour.wav,four\n')],
    ['nothing but zero bytes', new Uint8Array(2000)],
  ])('names %s that is called clip.wav', (what, bytes) => {
    const error = refusal(bytes);
    expect(error.code).toBe('audio/not-audio');
    expect(error.message).toContain(`looks like ${what}`);
    expect(error.message).toContain('not changed');
  });

  it.each([
    ['an MP4 or M4A file', latin('\0\0\0\x20ftypM4A ')],
    ['a WebM or Matroska file', latin('\x1a\x45\xdf\xa3\x01\0\0\0')],
    ['an AIFF file', latin('FORM\0\0\0\x10AIFFCOMM')],
    ['an AAC stream', latin('\xff\xf1\x50\x80\x02\x1f\xfc')],
    ['FLAC inside Ogg', concat([latin('OggS'), new Uint8Array(22), latin('\x01\x33\x7fFLAC\x01')])],
  ])('says that %s is sound, but not of a kind read here', (what, bytes) => {
    const error = refusal(bytes);
    expect(error.code).toBe('audio/unsupported');
    expect(error.message).toContain(what);
    expect(error.message).toContain('Convert it');
  });
});
