// Places: opaque handles for files and folders that the person may use. The renderer names places by handle only;
// what a handle means never leaves the engine. Listing is confined to the allowed roots.
import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, extname, isAbsolute, join, relative, sep } from 'node:path';
import type { Place } from '../../shared/contract/common.ts';
import { EarmarkError } from '../../shared/errors.ts';

const MAX_ENTRIES = 2000;

const kindsByExtension: Readonly<Record<string, 'project' | 'table' | 'audio' | 'array'>> = {
  '.earmark': 'project',
  '.csv': 'table',
  '.tsv': 'table',
  '.jsonl': 'table',
  '.json': 'table',
  '.npy': 'array',
  '.wav': 'audio',
  '.flac': 'audio',
  '.mp3': 'audio',
  '.opus': 'audio',
  '.ogg': 'audio',
  '.oga': 'audio',
};

type EntryKind = 'folder' | 'project' | 'table' | 'audio' | 'array' | 'file';

export interface PlaceListing {
  place: Place;
  parent: Place | null;
  trail: Place[];
  entries: { place: Place; kind: EntryKind; bytes: number | null }[];
  truncated: boolean;
}

function isWithin(root: string, path: string): boolean {
  const below = relative(root, path);
  return below === '' || (!below.startsWith(`..${sep}`) && below !== '..' && !isAbsolute(below));
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

export class Places {
  private readonly pathByHandle = new Map<string, string>();
  private readonly handleByPath = new Map<string, string>();
  /** Null: everything may be listed. */
  private readonly allowedRoots: readonly string[] | null;

  constructor(allowedRoots: readonly string[] | null) {
    this.allowedRoots = allowedRoots?.map(real) ?? null;
  }

  /** A handle for a path that the person, the shell or the studio itself named. */
  grant(path: string): Place {
    let handle = this.handleByPath.get(path);
    if (handle === undefined) {
      handle = randomUUID();
      this.handleByPath.set(path, handle);
      this.pathByHandle.set(handle, path);
    }
    return { handle, name: basename(path) || path };
  }

  /** @throws EarmarkError `place/unknown` when the handle is of an earlier start or made up. */
  pathOf(handle: string): string {
    const path = this.pathByHandle.get(handle);
    if (path === undefined) {
      throw new EarmarkError(
        'place/unknown',
        'This file or folder is no longer known here. Choose it again.',
      );
    }
    return path;
  }

  /** Every path that has a handle. */
  known(): string[] {
    return [...this.handleByPath.keys()];
  }

  roots(): Place[] {
    const paths = this.allowedRoots ?? [homedir(), process.cwd(), '/'].filter((path) => existsSync(path));
    return [...new Set(paths)].map((path) => ({
      ...this.grant(path),
      name: path === homedir() ? 'Home' : basename(path) || 'Computer',
    }));
  }

  async list(handle: string): Promise<PlaceListing> {
    const path = this.pathOf(handle);
    this.checkAllowed(path);
    const all = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      throw new EarmarkError(
        'place/unreadable',
        `${basename(path)} cannot be listed: ${describeFileError(error)}.`,
      );
    });
    const visible = all.filter((entry) => !entry.name.startsWith('.'));
    const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
    visible.sort(
      (a, b) => Number(b.isDirectory()) - Number(a.isDirectory()) || collator.compare(a.name, b.name),
    );
    const entries: PlaceListing['entries'] = [];
    for (const entry of visible.slice(0, MAX_ENTRIES)) {
      const full = join(path, entry.name);
      const info = await stat(full).catch(() => null);
      if (!info || (entry.isSymbolicLink() && !this.isAllowed(full))) continue;
      entries.push({
        place: this.grant(full),
        kind: info.isDirectory() ? 'folder' : (kindsByExtension[extname(entry.name).toLowerCase()] ?? 'file'),
        bytes: info.isFile() ? info.size : null,
      });
    }
    const parent = dirname(path);
    return {
      place: this.grant(path),
      parent: parent !== path && this.isAllowed(parent) ? this.grant(parent) : null,
      trail: this.trailOf(path),
      entries,
      truncated: visible.length > MAX_ENTRIES,
    };
  }

  async makeFolder(handle: string, name: string): Promise<Place> {
    const parent = this.pathOf(handle);
    this.checkAllowed(parent);
    if (name === '.' || name === '..' || /[/\\\0]/.test(name)) {
      throw new EarmarkError('place/bad-name', `"${name}" cannot be the name of a folder.`);
    }
    const path = join(parent, name);
    await mkdir(path).catch((error: NodeJS.ErrnoException) => {
      throw new EarmarkError(
        'place/cannot-create',
        `The folder "${name}" could not be made: ${describeFileError(error)}.`,
      );
    });
    return this.grant(path);
  }

  private trailOf(path: string): Place[] {
    const trail: Place[] = [];
    for (let at = path; this.isAllowed(at); at = dirname(at)) {
      trail.unshift({ ...this.grant(at), name: at === homedir() ? 'Home' : basename(at) || 'Computer' });
      if (dirname(at) === at || at === homedir()) break;
    }
    return trail;
  }

  private isAllowed(path: string): boolean {
    if (this.allowedRoots === null) return true;
    const there = real(path);
    return this.allowedRoots.some((root) => isWithin(root, there));
  }

  private checkAllowed(path: string): void {
    if (!this.isAllowed(path)) {
      throw new EarmarkError(
        'place/not-allowed',
        'This folder lies outside the folders that the studio was allowed to show.',
      );
    }
  }
}

export function describeFileError(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return 'it is not there';
    case 'EACCES':
    case 'EPERM':
      return 'this account may not do that';
    case 'EEXIST':
      return 'it is there already';
    case 'ENOTDIR':
      return 'it is no folder';
    case 'ENOSPC':
      return 'the disk is full';
    case 'EROFS':
      return 'the disk is read-only';
    default:
      return error.message;
  }
}
