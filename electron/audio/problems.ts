// The expected failures of reading sound: one function per stable code, so that every reader words them alike.
// Each sentence names the file, what was found and what to do; the file itself is never changed by reading it.
import { EarmarkError } from '../../shared/errors.ts';

const unharmed = 'The file was not changed.';

/** A number with thousands marks, as the sentences show it. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `audio/empty`: a file of 0 bytes, or one whose header promises no sample. */
export function emptyAudio(name: string, what: string): EarmarkError {
  return new EarmarkError('audio/empty', `"${name}" ${what}. ${unharmed} Record it again or leave it out.`, {
    name,
  });
}

/** `audio/not-audio`: the content is something else, whatever the name says. */
export function notAudio(name: string, looksLike: string): EarmarkError {
  return new EarmarkError(
    'audio/not-audio',
    `"${name}" is not a sound file: it looks like ${looksLike}. ${unharmed} Remove it from the dataset or put the recording in its place.`,
    { name, looksLike },
  );
}

/** `audio/unsupported`: sound, but of a kind that is not read here. */
export function unsupportedAudio(name: string, what: string): EarmarkError {
  return new EarmarkError(
    'audio/unsupported',
    `"${name}" is ${what}, which is not read here. ${unharmed} Convert it to WAV, FLAC, MP3, Ogg Opus or Ogg Vorbis.`,
    { name, what },
  );
}

/** `audio/unreadable`: the header contradicts itself or is out of any sensible range. */
export function unreadableAudio(
  name: string,
  what: string,
  details: Readonly<Record<string, unknown>> = {},
): EarmarkError {
  return new EarmarkError(
    'audio/unreadable',
    `"${name}" cannot be read: ${what}. ${unharmed} Export it again.`,
    {
      name,
      ...details,
    },
  );
}

/** `audio/damaged`: a sound file of a known kind of which a part is missing or altered. */
export function damagedAudio(
  name: string,
  what: string,
  details: Readonly<Record<string, unknown>> = {},
): EarmarkError {
  return new EarmarkError(
    'audio/damaged',
    `"${name}" is damaged: ${what}. ${unharmed} Fetch the recording again from its source.`,
    { name, ...details },
  );
}
