// Which clips an embedding or a run of a model goes over, and in which order: that of the dataset's import, then of the
// path. The order is the same on every machine that imported the same dataset, so that shards fit together.
import { createHash } from 'node:crypto';
import { listDatasets } from '../../catalog/index.ts';
import type { AudioLocation } from '../../ipc/worker-tasks.ts';
import type { OpenProject } from '../open-project.ts';

export interface ClipRows {
  readonly ids: Int32Array;
  /** Relative to the dataset's root, with forward slashes. */
  readonly paths: readonly string[];
  readonly locations: readonly AudioLocation[];
}

/** All present clips; `except` leaves out those with these ids. */
export function clipRows(project: OpenProject, except: ReadonlySet<number> = new Set()): ClipRows {
  const { set } = project;
  const datasets = listDatasets(project.catalog);
  const { codes, dictionary } = set.codes.dataset;
  const rows: number[] = [];
  for (let row = 0; row < set.size; row++) {
    if (set.present.values[row] === 1 && !except.has(project.clipIdAt(row))) rows.push(row);
  }
  const order = new Map(datasets.map(({ name }, place) => [name, place]));
  const place = (row: number): number => order.get(dictionary.valueOf(codes[row] ?? -1) ?? '') ?? 0;
  const path = (row: number): string => set.path.texts[row] ?? '';
  rows.sort((a, b) => place(a) - place(b) || (path(a) < path(b) ? -1 : path(a) > path(b) ? 1 : 0));
  return {
    ids: Int32Array.from(rows, (row) => project.clipIdAt(row)),
    paths: rows.map(path),
    locations: rows.map(locator(project)),
  };
}

/** Tells where the file of a row of the working set lies. */
export function locator(project: OpenProject): (row: number) => AudioLocation {
  const roots = new Map(listDatasets(project.catalog).map(({ name, root }) => [name, root]));
  const { codes, dictionary } = project.set.codes.dataset;
  return (row) => ({
    root: roots.get(dictionary.valueOf(codes[row] ?? -1) ?? '') ?? '',
    path: project.set.path.texts[row] ?? '',
  });
}

/** Tells lists of clips apart; hexadecimal. */
export function digestOfPaths(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(path).update('\n');
  return hash.digest('hex');
}
