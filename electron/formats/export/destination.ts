// Where an export is written. Everything goes into `<out>.partial`, marked as unfinished, and gets its final name in
// one rename at the end: a cancelled or killed export never looks like a finished one.
import { constants, promises as fs } from 'node:fs';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { EarmarkError } from '../../../shared/errors.ts';
import { leadsOut } from '../containment.ts';
import { TextOut } from './text-out.ts';

export const MARKER = 'EARMARK-PARTIAL.txt';

const MARKER_TEXT = `This export is not finished: it is under way, was cancelled, or was interrupted.
The folder can be deleted. Exporting again to the same place deletes it too.
`;

export class Destination {
  readonly out: string;
  /** Where files are written until `finish`. */
  readonly folder: string;
  readonly notes: string[] = [];
  files = 0;
  bytes = 0;
  readonly #overwrite: boolean;
  readonly #texts: TextOut[] = [];
  readonly #made = new Map<string, Promise<unknown>>();
  #copiedInstead = 0;

  private constructor(out: string, overwrite: boolean) {
    this.out = out;
    this.folder = `${out}.partial`;
    this.#overwrite = overwrite;
  }

  /**
   * @throws EarmarkError `export/exists` when something is at `out` (and replacing it was not asked for) or a folder
   *   `<out>.partial` that is not ours is in the way; `export/out` when the place cannot be written.
   */
  static async open(out: string, overwrite: boolean): Promise<Destination> {
    const destination = new Destination(out, overwrite);
    if (!overwrite) await refuseExisting(out);
    await clearPartial(destination.folder);
    try {
      await fs.mkdir(dirname(out), { recursive: true });
      await fs.mkdir(destination.folder);
      await fs.writeFile(join(destination.folder, MARKER), MARKER_TEXT);
    } catch (error) {
      throw writingError(error, out);
    }
    return destination;
  }

  /** True when `out` names one file, by its extension. */
  get isFile(): boolean {
    return isFileName(this.out);
  }

  /** A text file in the export. Closed by `finish`. */
  async text(name: string): Promise<TextOut> {
    try {
      const text = await TextOut.open(join(this.folder, name));
      this.#texts.push(text);
      return text;
    } catch (error) {
      throw writingError(error, this.out);
    }
  }

  /**
   * Copies or links one file under a name below the export's folder.
   * @throws EarmarkError `export/unreadable` when the source cannot be read, others when the destination cannot be
   *   written.
   */
  async file(source: string, name: string, mode: 'copy' | 'link'): Promise<void> {
    const target = join(this.folder, name);
    if (leadsOut(relative(this.folder, target)))
      throw leftOut(name, "its name leads out of the export's folder");
    try {
      await this.#folderFor(dirname(target));
      const isLinked = mode === 'link' && (await this.#link(source, target));
      if (!isLinked) {
        // Cloned where the file system can, else copied; never over a file that is there.
        await fs.copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
        this.bytes += (await fs.stat(target)).size;
      }
      this.files++;
    } catch (error) {
      if (isSourceError(error, source))
        throw leftOut(name, `its recording could not be read (${codeOf(error)})`);
      throw writingError(error, this.out);
    }
  }

  async #link(source: string, target: string): Promise<boolean> {
    try {
      await fs.link(source, target);
      return true;
    } catch (error) {
      if (!['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'EACCES'].includes(codeOf(error)))
        throw error;
      this.#copiedInstead++;
      return false;
    }
  }

  #folderFor(folder: string): Promise<unknown> {
    let made = this.#made.get(folder);
    if (made === undefined) {
      made = fs.mkdir(folder, { recursive: true });
      this.#made.set(folder, made);
    }
    return made;
  }

  /** True when the file system takes `A` and `a` for one name. */
  async ignoresCase(): Promise<boolean> {
    return fs.access(join(this.folder, MARKER.toLowerCase())).then(
      () => true,
      () => false,
    );
  }

  /** Closes everything and gives the export its final name. @throws EarmarkError as `open`. */
  async finish(): Promise<void> {
    try {
      for (const text of this.#texts) {
        this.bytes += await text.close();
        this.files++;
      }
      if (this.#copiedInstead > 0) {
        this.notes.push(
          `${this.#copiedInstead} files were copied, because links to them cannot be made at this place.`,
        );
      }
      if (this.isFile) await this.#finishFile();
      else await this.#finishFolder();
    } catch (error) {
      throw writingError(error, this.out);
    }
  }

  async #finishFile(): Promise<void> {
    if (!this.#overwrite) await refuseExisting(this.out);
    await fs.rename(join(this.folder, basename(this.out)), this.out);
    await fs.rm(this.folder, { recursive: true });
  }

  async #finishFolder(): Promise<void> {
    if (!this.#overwrite) await refuseExisting(this.out);
    if (await isThere(this.out)) {
      if (await isEmptyFolder(this.out)) await fs.rmdir(this.out);
      else {
        const stamp = new Date().toISOString().replaceAll(/[-:.Z]/g, '');
        const kept = `${this.out}.replaced-${stamp}`;
        await fs.rename(this.out, kept);
        this.notes.push(`What was there before is kept as ${basename(kept)}.`);
      }
    }
    await fs.rm(join(this.folder, MARKER));
    await fs.rename(this.folder, this.out);
  }

  /** Closes files and leaves the marked folder, with the reason in its marker. */
  async abandon(reason: string): Promise<void> {
    await this.#closeQuietly();
    await fs.writeFile(join(this.folder, MARKER), `${MARKER_TEXT}\n${reason}\n`).catch(() => {});
  }

  /** Closes files and takes back all that was written. */
  async remove(): Promise<void> {
    await this.#closeQuietly();
    await fs.rm(this.folder, { recursive: true, force: true }).catch(() => {});
  }

  async #closeQuietly(): Promise<void> {
    for (const text of this.#texts) await text.close().catch(() => 0);
  }

  /** @throws EarmarkError `export/out` when replacing `out` would move a dataset's own folder away. */
  refuseSource(root: string): void {
    if (root !== this.out && !root.startsWith(`${this.out}${sep}`)) return;
    throw new EarmarkError(
      'export/out',
      `${this.out} holds the dataset itself. Choose another folder for the export. Nothing was changed.`,
      { out: this.out },
    );
  }
}

/** True for names that mean one text file rather than a folder. */
export function isFileName(out: string): boolean {
  return ['.csv', '.jsonl', '.json'].includes(extname(out).toLowerCase());
}

async function refuseExisting(out: string): Promise<void> {
  const info = await fs.lstat(out).catch(() => null);
  if (info === null) return;
  const names = info.isDirectory() ? await fs.readdir(out).catch(() => []) : [];
  if (info.isDirectory() && names.length === 0) return;
  const shown = names.slice(0, 5).join(', ');
  const holding =
    names.length > 0 ? ` (it holds ${shown}${names.length > 5 ? ` and ${names.length - 5} more` : ''})` : '';
  throw new EarmarkError(
    'export/exists',
    `${out} is there already${holding}. Choose another name, or say that it may be replaced. Nothing was written.`,
    { out, holds: names.slice(0, 10) },
  );
}

async function clearPartial(partial: string): Promise<void> {
  if (!(await isThere(partial))) return;
  if (!(await isThere(join(partial, MARKER)))) {
    throw new EarmarkError(
      'export/exists',
      `${partial} is in the way and was not made by an export. Move it away, or choose another name. Nothing was written.`,
      { out: partial },
    );
  }
  await fs.rm(partial, { recursive: true });
}

async function isThere(path: string): Promise<boolean> {
  return fs.lstat(path).then(
    () => true,
    () => false,
  );
}

async function isEmptyFolder(path: string): Promise<boolean> {
  return fs.readdir(path).then(
    (names) => names.length === 0,
    () => false,
  );
}

function leftOut(name: string, reason: string): EarmarkError {
  return new EarmarkError('export/unreadable', `${name} was left out: ${reason}.`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function isSourceError(error: unknown, source: string): boolean {
  const isReading = ['ENOENT', 'EACCES', 'EISDIR', 'EIO', 'ENOTDIR'].includes(codeOf(error));
  return isReading && error instanceof Error && 'path' in error && error.path === source;
}

/** Errors of the destination as sentences; any other error as it is. */
export function writingError(error: unknown, out: string): unknown {
  const reasons: Readonly<Record<string, [code: string, sentence: string]>> = {
    ENOSPC: ['export/disk-full', `The disk of ${out} is full.`],
    EDQUOT: ['export/disk-full', `The space allowed to you on the disk of ${out} is used up.`],
    EACCES: ['export/out', `${out} cannot be written: its folder's permissions forbid it.`],
    EPERM: ['export/out', `${out} cannot be written: its folder's permissions forbid it.`],
    EROFS: ['export/out', `${out} cannot be written: its disk is read-only.`],
    ENAMETOOLONG: ['export/out', `A name in ${out} is too long for this disk.`],
    ENOTDIR: ['export/out', `${out} cannot be made: something above it is a file, not a folder.`],
  };
  const reason = reasons[codeOf(error)];
  if (reason === undefined) return error;
  const rest = 'What had been written was taken back; the project and the recordings are unharmed.';
  return new EarmarkError(reason[0], `${reason[1]} ${rest}`, { out });
}
