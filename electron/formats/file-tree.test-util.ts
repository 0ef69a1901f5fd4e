// Makes a folder of files for one test and removes it afterwards.
import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { DatasetFormat, FileFailure, ImportOptions } from '../../shared/domain/dataset.ts';
import type { ClipSource } from './format.ts';
import { readerFor } from './registry.ts';

/** Absolute path of a new folder with these files; a path that ends with a slash is an empty folder. */
export async function fileTree(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const root = await fs.realpath(await fs.mkdtemp(join(tmpdir(), 'earmark-formats-')));
  onTestFinished(() => fs.rm(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    const target = join(root, path);
    if (path.endsWith('/')) await fs.mkdir(target, { recursive: true });
    else {
      await fs.mkdir(dirname(target), { recursive: true });
      await fs.writeFile(target, content);
    }
  }
  return root;
}

/** Everything a format reads from a source. */
export async function readAll(
  path: string,
  format: DatasetFormat,
  options: ImportOptions = {},
): Promise<{ clips: ClipSource[]; failures: FileFailure[] }> {
  const clips: ClipSource[] = [];
  const failures: FileFailure[] = [];
  const report = {
    failure: (failure: FileFailure) => void failures.push(failure),
    signal: new AbortController().signal,
  };
  for await (const batch of readerFor(format).read(path, options, report)) clips.push(...batch);
  return { clips, failures };
}

/** How many items have each value. */
export function countBy<Item>(
  items: Iterable<Item>,
  labelOf: (item: Item) => string | null,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) {
    const value = labelOf(item) ?? 'null';
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}
