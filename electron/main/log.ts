// The log: one file in the system's folder for logs, with one older generation. What is logged holds no transcript
// and no label, only what the processes say about themselves.
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MAX_BYTES = 2_000_000;

export type Log = (text: string) => void;

export function openLog(folder: string, now: () => Date = () => new Date()): Log {
  const file = join(folder, 'earmark.log');
  try {
    mkdirSync(folder, { recursive: true });
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) {
      renameSync(file, join(folder, 'earmark.old.log'));
    }
  } catch {
    // Without a log the studio works all the same.
  }
  return (text) => {
    try {
      appendFileSync(file, `${now().toISOString()} ${text.trimEnd()}\n`);
    } catch {
      // As above: a full disk must not stop the studio, least of all here.
    }
  };
}
