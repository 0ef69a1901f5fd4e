// Listing the audio files of a folder: sorted, without a stat per file, never following a link out of the folder.
import { type Dirent, promises as fs } from 'node:fs';
import { join, relative } from 'node:path';
import { cancelledError } from '../../shared/errors.ts';
import { leadsOut } from './containment.ts';
import type { ReadReport, TreeSample } from './format.ts';
import { byCodeUnit, isAudioName, isHiddenName, isUnreadAudioName } from './names.ts';
import { readingError } from './text-file.ts';

const MAX_DEPTH = 32;

/**
 * The audio files below `root`, relative, with forward slashes, sorted folder by folder in code-unit order; one batch
 * per folder. Links to files inside the root count as files; links that lead out, links to folders, unreadable
 * folders and audio of kinds that are not read are reported.
 * @throws EarmarkError `file/unreadable` when the root itself cannot be listed.
 */
export async function* walkAudio(root: string, report: ReadReport): AsyncGenerator<readonly string[]> {
  const realRoot = await fs.realpath(root).catch((error: unknown) => {
    throw readingError(error, root);
  });
  yield* walk(realRoot, '', 0, report);
}

async function* walk(
  root: string,
  folder: string,
  depth: number,
  report: ReadReport,
): AsyncGenerator<readonly string[]> {
  if (report.signal.aborted) throw cancelledError();
  let entries: Dirent[];
  try {
    entries = await fs.readdir(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (depth === 0) throw readingError(error, root);
    report.failure({
      file: folder,
      code: 'path/unreadable',
      message: `The folder ${folder} could not be listed; its files were left out.`,
    });
    return;
  }
  entries.sort((a, b) => byCodeUnit(a.name, b.name));
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of entries) {
    if (isHiddenName(entry.name)) continue;
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      folders.push(path);
    } else if (entry.isSymbolicLink()) {
      const problem = await judgeLink(root, path);
      if (problem === null) files.push(path);
      else if (problem !== 'ignore') report.failure({ file: path, ...problem });
    } else if (!entry.isFile()) {
      // A socket, pipe or device is no recording.
    } else if (isAudioName(entry.name)) {
      files.push(path);
    } else if (isUnreadAudioName(entry.name)) {
      report.failure({
        file: path,
        code: 'audio/unsupported',
        message: `${entry.name} is a kind of audio that is not read. Convert it to WAV or FLAC.`,
      });
    }
  }
  if (files.length > 0) yield files;
  for (const next of folders) {
    if (depth + 1 < MAX_DEPTH) yield* walk(root, next, depth + 1, report);
    else {
      report.failure({
        file: next,
        code: 'path/too-deep',
        message: `${next} lies more than ${MAX_DEPTH} folders deep; its files were left out.`,
      });
    }
  }
}

async function judgeLink(
  root: string,
  path: string,
): Promise<null | 'ignore' | { code: string; message: string }> {
  let real: string;
  let isFile: boolean;
  try {
    real = await fs.realpath(join(root, path));
    isFile = (await fs.stat(real)).isFile();
  } catch {
    if (!isAudioName(path)) return 'ignore';
    return { code: 'path/missing', message: `${path} is a link to a file that is not there.` };
  }
  if (isFile && !isAudioName(path)) return 'ignore';
  if (leadsOut(relative(root, real))) {
    return {
      code: 'path/outside',
      message: `${path} is a link that leads out of the dataset's folder; it was not followed.`,
    };
  }
  if (isFile) return null;
  return { code: 'path/link', message: `${path} is a link to a folder; it was not followed.` };
}

const SAMPLE_ENTRIES = 6000;
const SAMPLE_PER_FOLDER = 400;
const SAMPLE_FOLDERS = 250;
const TABLE = /\.(csv|tsv|jsonl|ndjson)$/i;

/** A breadth-first look at a folder of any size: at most 6,000 entries, 400 of each folder below the root. */
export async function sampleTree(root: string): Promise<TreeSample> {
  const audio: string[] = [];
  const tables: string[] = [];
  const others: string[] = [];
  const folders: string[] = [];
  const queue: string[] = [''];
  let seen = 0;
  let isTruncated = false;
  while (queue.length > 0) {
    const folder = queue.shift() ?? '';
    let inFolder = 0;
    const found: Dirent[] = [];
    try {
      for await (const entry of await fs.opendir(join(root, folder), { bufferSize: 256 })) {
        if (
          inFolder >= (folder === '' ? 5 * SAMPLE_PER_FOLDER : SAMPLE_PER_FOLDER) ||
          seen >= SAMPLE_ENTRIES
        ) {
          isTruncated = true;
          break;
        }
        seen++;
        inFolder++;
        if (!isHiddenName(entry.name)) found.push(entry);
      }
    } catch (error) {
      if (folder === '') throw readingError(error, root);
      continue;
    }
    found.sort((a, b) => byCodeUnit(a.name, b.name));
    for (const entry of found) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        folders.push(path);
        if (folders.length <= SAMPLE_FOLDERS) queue.push(path);
        else isTruncated = true;
      } else if (isAudioName(path)) audio.push(path);
      else if (TABLE.test(path)) tables.push(path);
      else others.push(path);
    }
  }
  return { audio, tables, others, folders, isTruncated };
}

/**
 * The folder below `root` in which a dataset really begins: folders that hold no audio and exactly one folder are
 * entered (`archive/dataset/...`), at most three deep. Returns '' or a relative path. `isBase` can stop the descent;
 * with `keepsLabel` a folder of nothing but files is not entered, because its name is a label.
 */
export async function unwrapFolder(
  root: string,
  {
    isBase,
    keepsLabel = false,
  }: { isBase?: (names: readonly string[]) => boolean; keepsLabel?: boolean } = {},
): Promise<string> {
  let base = '';
  let { names, folders, hasAudio } = await glance(join(root, base));
  for (let depth = 0; depth < 3; depth++) {
    const only = folders[0];
    if (hasAudio || only === undefined || folders.length > 1 || isBase?.(names)) break;
    const inner = base === '' ? only : `${base}/${only}`;
    const inside = await glance(join(root, inner));
    if (keepsLabel && inside.folders.length === 0) break;
    if (!inside.hasAudio && inside.folders.length === 0) break;
    base = inner;
    ({ names, folders, hasAudio } = inside);
  }
  return base;
}

interface Glance {
  readonly names: string[];
  readonly folders: string[];
  readonly hasAudio: boolean;
}

/** The names in a folder, up to the first recording or second folder: enough to tell a wrapping. */
async function glance(folder: string): Promise<Glance> {
  const names: string[] = [];
  const folders: string[] = [];
  try {
    for await (const entry of await fs.opendir(folder)) {
      if (isHiddenName(entry.name)) continue;
      names.push(entry.name);
      if (entry.isDirectory()) folders.push(entry.name);
      else if (isAudioName(entry.name)) return { names, folders, hasAudio: true };
      if (folders.length > 1) break;
    }
  } catch (error) {
    throw readingError(error, folder);
  }
  return { names, folders, hasAudio: false };
}

/** `path` without the base folder in front; null when it lies elsewhere. */
export function belowBase(path: string, base: string): string | null {
  if (base === '') return path;
  return path.startsWith(`${base}/`) ? path.slice(base.length + 1) : null;
}

/** The first folder of a path, or null for a bare file name. */
export function firstFolder(path: string): string | null {
  const slash = path.indexOf('/');
  return slash < 0 ? null : path.slice(0, slash);
}
