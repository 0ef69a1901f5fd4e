// The split of a Speech Commands file by the hash of its name (FORMATS 1), so that every take of a speaker and every
// later release falls into the same set.
import { hash } from 'node:crypto';
import { baseName } from './names.ts';

export type SpeechCommandsSet = 'training' | 'validation' | 'testing';

const MAX_FILES_PER_CLASS = 2 ** 27 - 1;

/**
 * Where a file's name falls, 0..100. Folders do not count, nor anything from `_nohash_` on; without `_nohash_` the
 * extension counts.
 */
export function whichSetPercent(path: string): number {
  const hashed = baseName(path.replaceAll('\\', '/')).replace(/_nohash_[^\n]*$/, '');
  const digest = hash('sha1', hashed, 'buffer');
  const low27 = digest.readUInt32BE(digest.length - 4) & MAX_FILES_PER_CLASS;
  return low27 * (100 / MAX_FILES_PER_CLASS);
}

/** The set of a file when `validationPercent` and `testingPercent` (0..100) of the names are to be held out. */
export function whichSet(path: string, validationPercent = 10, testingPercent = 10): SpeechCommandsSet {
  const percent = whichSetPercent(path);
  if (percent < validationPercent) return 'validation';
  return percent < validationPercent + testingPercent ? 'testing' : 'training';
}
