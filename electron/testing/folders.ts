// Folders of files for one test file, removed when its tests are over.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

export type FileTree = Readonly<Record<string, string | Uint8Array>>;

/** Absolute path of a new folder with these files. To be called at the top of a test file or in `describe`. */
export function temporaryFolder(files: FileTree = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'earmark-test-')));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return writeTree(folder, files);
}

/** Writes files below a folder, which it makes; a path that ends with a slash is an empty folder. Returns the folder. */
export function writeTree(folder: string, files: FileTree): string {
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    mkdirSync(path.endsWith('/') ? target : dirname(target), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(target, content);
  }
  return folder;
}
