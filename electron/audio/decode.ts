// One door to all decoders: bytes in, samples out, whatever the container.

import { assertNever } from '../../shared/errors.ts';
import { requireContainer } from './container.ts';
import type { DecodedAudio } from './decoded.ts';
import { decodeFlac } from './flac.ts';
import { decodeMp3 } from './mp3.ts';
import { decodeOpus } from './opus.ts';
import { decodeVorbis } from './vorbis.ts';
import { decodeWav } from './wav.ts';

/**
 * Decodes a whole file of any supported kind, found by content. Encoder delay and padding are dropped where the file
 * names them (Opus and Vorbis always, MP3 with a LAME or Lavc tag), so the length is the original recording's.
 * Calls may overlap; decoders are kept and shared within the thread, and a broken file leaves no trace in them.
 * @param name Only for the sentences of errors.
 * @throws EarmarkError `audio/empty`, `audio/not-audio`, `audio/unsupported`, `audio/unreadable`, `audio/damaged`.
 */
export async function decodeAudio(bytes: Uint8Array, name: string): Promise<DecodedAudio> {
  const container = requireContainer(bytes, name);
  switch (container) {
    case 'wav':
      return decodeWav(bytes, name);
    case 'flac':
      return decodeFlac(bytes, name);
    case 'mp3':
      return decodeMp3(bytes, name);
    case 'opus':
      return decodeOpus(bytes, name);
    case 'vorbis':
      return decodeVorbis(bytes, name);
    default:
      return assertNever(container);
  }
}
