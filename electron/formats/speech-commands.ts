// Google Speech Commands on disk (FORMATS 1): a folder per word, list files for the splits, speakers before `_nohash_`.
import { promises as fs } from 'node:fs';
import { basename, join } from 'node:path';
import {
  BATCH_SIZE,
  type ClipSource,
  type DatasetFormatReader,
  type ReadReport,
  unknownClip,
} from './format.ts';
import { baseName, NOISE_FOLDER, stemOf } from './names.ts';
import { textLines } from './text-file.ts';
import { belowBase, firstFolder, unwrapFolder, walkAudio } from './walk.ts';
import { whichSet } from './which-set.ts';

const VALIDATION_LIST = 'validation_list.txt';
const TESTING_LIST = 'testing_list.txt';

const splitOfSet = { training: 'train', validation: 'validation', testing: 'test' } as const;

export const speechCommands: DatasetFormatReader = {
  name: 'speech-commands',

  async detect({ manifest }, sample) {
    if (manifest !== null) return null;
    const lists = sample.others.filter((path) => [VALIDATION_LIST, TESTING_LIST].includes(baseName(path)));
    const hasNoise = sample.folders.some((path) => baseName(path) === NOISE_FOLDER);
    const inFolders = sample.audio.filter((path) => path.includes('/'));
    const hashed = inFolders.filter((path) => path.includes('_nohash_')).length;
    if (lists.length > 0 && inFolders.length > 0) {
      return {
        confidence: 0.97,
        why: `It has ${lists.map(baseName).join(' and ')}, as Speech Commands does.`,
      };
    }
    if (hashed > 0 && hashed * 2 > inFolders.length) {
      return {
        confidence: 0.95,
        why: 'Its files are named <speaker>_nohash_<number>, as in Speech Commands.',
      };
    }
    if (hasNoise && inFolders.length > 0) {
      return { confidence: 0.85, why: `It has a folder ${NOISE_FOLDER}, as Speech Commands does.` };
    }
    return null;
  },

  async *read({ root }, _options, report) {
    const base = await unwrapFolder(root, {
      isBase: (names) => names.includes(NOISE_FOLDER) || names.includes(VALIDATION_LIST),
      keepsLabel: true,
    });
    const lists = await readLists(root, base, report);
    let batch: ClipSource[] = [];
    let count = 0;
    for await (const paths of walkAudio(root, report)) {
      for (const path of paths) {
        batch.push(clipOf(path, base, lists));
        if (batch.length === BATCH_SIZE) {
          count += batch.length;
          report.progress?.(count);
          yield batch;
          batch = [];
        }
      }
    }
    if (batch.length > 0) yield batch;
    for (const [path, { file, line }] of lists?.pending ?? []) {
      report.failure({
        file: path,
        line,
        code: 'path/missing',
        message: `Line ${line} of ${file} names ${path}, which is not there.`,
      });
    }
  },
};

interface SplitLists {
  readonly splitOf: ReadonlyMap<string, 'validation' | 'test'>;
  /** Lines whose file has not been met yet. */
  readonly pending: Map<string, { file: string; line: number }>;
}

/** Null when there is no list: the hash of the names decides then. */
async function readLists(root: string, base: string, report: ReadReport): Promise<SplitLists | null> {
  const splitOf = new Map<string, 'validation' | 'test'>();
  const pending: SplitLists['pending'] = new Map();
  let isFound = false;
  for (const [file, split] of [
    [VALIDATION_LIST, 'validation'],
    [TESTING_LIST, 'test'],
  ] as const) {
    const path = join(root, base, file);
    if (!(await isFile(path))) continue;
    isFound = true;
    for await (const { firstLine, lines } of textLines(path, report.signal)) {
      for (const [index, text] of lines.entries()) {
        const named = text.trim().replaceAll('\\', '/').replace(/^\.\//, '');
        if (named === '') continue;
        const line = firstLine + index;
        const known = splitOf.get(named);
        if (known !== undefined && known !== split) {
          report.failure({
            file: basename(path),
            line,
            code: 'split/two',
            message: `Line ${line} of ${file} names ${named}, which ${VALIDATION_LIST} names too; it stays in validation.`,
          });
          continue;
        }
        splitOf.set(named, split);
        pending.set(named, { file, line });
      }
    }
  }
  return isFound ? { splitOf, pending } : null;
}

function clipOf(path: string, base: string, lists: SplitLists | null): ClipSource {
  const below = belowBase(path, base) ?? path;
  lists?.pending.delete(below);
  const label = firstFolder(below);
  if (label === NOISE_FOLDER) return { ...unknownClip, path, kind: 'noise' };
  const name = baseName(path);
  const cut = name.indexOf('_nohash_');
  const utterance = cut < 0 ? '' : stemOf(name.slice(cut + '_nohash_'.length));
  return {
    ...unknownClip,
    path,
    label,
    split: lists === null ? splitOfSet[whichSet(name)] : (lists.splitOf.get(below) ?? 'train'),
    speaker: cut > 0 ? name.slice(0, cut) : null,
    extra: utterance === '' ? {} : { utterance },
  };
}

async function isFile(path: string): Promise<boolean> {
  return fs.stat(path).then(
    (info) => info.isFile(),
    () => false,
  );
}
