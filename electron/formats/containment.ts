// The one door for every path that a manifest names: it must lie inside the dataset's folder, links included.
// Folders are resolved and listed once, so that a hundred thousand rows cost a hundred thousand map look-ups.
import { type Dirent, promises as fs } from 'node:fs';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import { EarmarkError } from '../../shared/errors.ts';
import { readingError } from './text-file.ts';

/** Where a path was read, for the sentence of its error. */
export interface PathOrigin {
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
}

type EntryKind = 'file' | 'folder' | 'link' | 'other';
type Listing = ReadonlyMap<string, EntryKind>;

export class Containment {
  readonly root: string;
  readonly #realRoot: string;
  readonly #listings = new Map<string, Promise<Listing | null>>();
  readonly #realFolders = new Map<string, Promise<string | null>>();

  private constructor(root: string, realRoot: string) {
    this.root = root;
    this.#realRoot = realRoot;
  }

  /** @throws EarmarkError `file/unreadable` when the root is no folder that can be read. */
  static async open(root: string): Promise<Containment> {
    try {
      return new Containment(root, await fs.realpath(root));
    } catch (error) {
      throw readingError(error, root);
    }
  }

  /**
   * The path below the root, with forward slashes, of the file that `path` names: relative to the root, or absolute
   * inside it. Backslashes of Windows manifests and other Unicode normal forms are understood when no file has the
   * very name.
   * @throws EarmarkError `path/outside` when it leads out of the root (`..`, absolute, drive letter, zero byte, link),
   *   `path/missing` when there is no such file, `path/not-a-file` for a folder or device.
   */
  async locate(path: string, origin: PathOrigin): Promise<string> {
    if (path === '') throw pathError('path/missing', path, origin, 'names no file');
    if (path.includes('\0')) throw outside(path, origin, 'holds a zero byte');
    for (const form of spellings(path)) {
      const inside = await this.#below(form, origin);
      const found = await this.#find(inside, path, origin);
      if (found !== null) return found;
    }
    throw pathError('path/missing', path, origin, 'is not there');
  }

  /** As `locate`, for one file of a folder that need not be listed. */
  async locateOne(path: string, origin: PathOrigin): Promise<string> {
    if (path === '') throw pathError('path/missing', path, origin, 'names no file');
    if (path.includes('\0')) throw outside(path, origin, 'holds a zero byte');
    const inside = await this.#below(path, origin);
    await this.#followLink(inside, path, origin);
    return inside;
  }

  /** Absolute path of something below the root. Only for paths that `locate` or a walk gave. */
  absolute(inside: string): string {
    return join(this.#realRoot, inside);
  }

  /** The path relative to the root by its letters alone; links are judged in `#find`. */
  async #below(path: string, origin: PathOrigin): Promise<string> {
    if (process.platform !== 'win32' && /^([A-Za-z]:[\\/]|\\\\)/.test(path)) {
      throw outside(path, origin, 'is a path of another computer');
    }
    let inside = path;
    if (isAbsolute(path)) {
      inside = relative(this.root, path);
      if (leadsOut(inside)) inside = relative(this.#realRoot, path);
      if (leadsOut(inside)) {
        const folder = await this.#realFolder(join(path, '..'));
        if (folder !== null) inside = relative(this.#realRoot, join(folder, posix.basename(path)));
      }
    }
    const normal = posix.normalize(inside.split(sep).join('/'));
    if (leadsOut(normal)) throw outside(path, origin, "lies outside the dataset's folder");
    return normal;
  }

  async #find(inside: string, path: string, origin: PathOrigin): Promise<string | null> {
    const slash = inside.lastIndexOf('/');
    const folder = slash < 0 ? '' : inside.slice(0, slash);
    const name = inside.slice(slash + 1);
    const listing = await this.#listing(folder, path, origin);
    if (listing === null) return null;
    for (const spelling of [name, name.normalize('NFC'), name.normalize('NFD')]) {
      const kind = listing.get(spelling);
      if (kind === undefined) continue;
      const found = folder === '' ? spelling : `${folder}/${spelling}`;
      if (kind === 'link') await this.#followLink(found, path, origin);
      else if (kind !== 'file') throw pathError('path/not-a-file', path, origin, 'is not a file');
      return found;
    }
    // A file system that ignores case opens what its listing spells otherwise.
    try {
      await this.#followLink(inside, path, origin);
      return inside;
    } catch (error) {
      if (error instanceof EarmarkError && error.code === 'path/missing') return null;
      throw error;
    }
  }

  async #followLink(inside: string, path: string, origin: PathOrigin): Promise<void> {
    let real: string;
    let isFile: boolean;
    try {
      real = await fs.realpath(join(this.#realRoot, inside));
      isFile = (await fs.stat(real)).isFile();
    } catch {
      throw pathError('path/missing', path, origin, 'is not there');
    }
    if (leadsOut(relative(this.#realRoot, real))) {
      throw outside(path, origin, "is a link that leads out of the dataset's folder");
    }
    if (!isFile) throw pathError('path/not-a-file', path, origin, 'is not a file');
  }

  async #listing(folder: string, path: string, origin: PathOrigin): Promise<Listing | null> {
    const real = await this.#realFolder(join(this.#realRoot, folder));
    if (real === null) return null;
    if (leadsOut(relative(this.#realRoot, real))) {
      throw outside(path, origin, "goes through a link that leads out of the dataset's folder");
    }
    let listing = this.#listings.get(real);
    if (listing === undefined) {
      listing = list(real);
      this.#listings.set(real, listing);
    }
    return listing;
  }

  #realFolder(folder: string): Promise<string | null> {
    let real = this.#realFolders.get(folder);
    if (real === undefined) {
      real = fs.realpath(folder).catch(() => null);
      this.#realFolders.set(folder, real);
    }
    return real;
  }
}

/**
 * The path below `root`, with forward slashes, of the file that `path` names there; for a single look-up, without
 * listing its folder. See `Containment.locate`.
 * @throws EarmarkError `path/outside`, `path/missing`, `path/not-a-file`, `file/unreadable`.
 */
export async function containedPath(root: string, path: string, origin?: PathOrigin): Promise<string> {
  const containment = await Containment.open(root);
  return containment.locateOne(path, origin ?? { file: 'The project' });
}

/** True when a relative path climbs out of where it starts, or is not relative at all. */
export function leadsOut(path: string): boolean {
  return path === '..' || path.startsWith('../') || path.startsWith(`..${sep}`) || isAbsolute(path);
}

function spellings(path: string): readonly string[] {
  return process.platform === 'win32' || !path.includes('\\') ? [path] : [path, path.replaceAll('\\', '/')];
}

async function list(folder: string): Promise<Listing | null> {
  let entries: Dirent[];
  try {
    entries = await fs.readdir(folder, { withFileTypes: true });
  } catch {
    return null;
  }
  return new Map(entries.map((entry) => [entry.name, kindOf(entry)]));
}

function kindOf(entry: Dirent): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

function outside(path: string, origin: PathOrigin, reason: string): EarmarkError {
  return pathError('path/outside', path, origin, reason);
}

function pathError(code: string, path: string, origin: PathOrigin, reason: string): EarmarkError {
  const place = origin.line === undefined ? origin.file : `Line ${origin.line} of ${origin.file}`;
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  const advice =
    code === 'path/outside' ? " Only files inside the dataset's folder are read; the row was left out." : '';
  return new EarmarkError(code, `${place} names ${JSON.stringify(shown)}, which ${reason}.${advice}`, {
    file: origin.file,
    ...(origin.line === undefined ? {} : { line: origin.line }),
    path: shown,
  });
}
