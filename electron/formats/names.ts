// What names of files, folders and splits mean.

const AUDIO = /\.(wav|wave|flac|mp3|opus|ogg|oga)$/i;
const UNREAD_AUDIO = /\.(m4a|aac|wma|aiff?|amr|sph|mp4|webm|3gp|caf|au|ape|wv)$/i;

/** True for extensions Earmark reads; the content decides later what the file really is. */
export function isAudioName(name: string): boolean {
  return AUDIO.test(name);
}

/** True for audio containers Earmark knows of and does not read. */
export function isUnreadAudioName(name: string): boolean {
  return UNREAD_AUDIO.test(name);
}

/** Files that are never part of a dataset: dotfiles, resource forks, thumbnails. */
export function isHiddenName(name: string): boolean {
  return name.startsWith('.') || name === '__MACOSX' || name === 'Thumbs.db';
}

/** The folder of long background recordings in the Speech Commands layout. */
export const NOISE_FOLDER = '_background_noise_';

const SPLITS: Readonly<Record<string, string>> = {
  train: 'train',
  training: 'train',
  valid: 'validation',
  validation: 'validation',
  val: 'validation',
  dev: 'validation',
  devel: 'validation',
  development: 'validation',
  test: 'test',
  testing: 'test',
  eval: 'test',
  evaluation: 'test',
  other: 'other',
};

/** `train`, `validation`, `test` or `other` for the usual spellings; null for any other word. */
export function knownSplit(word: string): string | null {
  const key = word.trim().toLowerCase();
  return Object.hasOwn(SPLITS, key) ? (SPLITS[key] ?? null) : null;
}

/** The split a dataset names, in our spelling where it is a usual one, else as it stands. */
export function splitFrom(value: string | null): string | null {
  return value === null ? null : (knownSplit(value) ?? value);
}

/** The last part of a path with forward slashes. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A name without its last extension. */
export function stemOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** Order of code units: the same on every machine and locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
