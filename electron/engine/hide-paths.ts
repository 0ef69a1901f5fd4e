// The renderer never sees where a file lies: errors and reports that leave the engine name files without their folders.
import { dirname, sep } from 'node:path';
import { listDatasets } from '../catalog/index.ts';
import type { Studio } from '../features/context.ts';

/** Every path that a sentence of this engine may name. */
function knownPaths(studio: Studio): string[] {
  const project = studio.projectOrNull();
  const datasets = project ? listDatasets(project.catalog).flatMap(({ root, source }) => [root, source]) : [];
  return [
    ...(project ? [project.catalog.file] : []),
    ...datasets,
    ...datasets.map((path) => `${path}${sep}clip`),
    ...studio.places.known(),
    `${studio.userFolder}${sep}projects`,
    studio.samplePath,
  ];
}

/** The text with the folders of all known paths taken off: `/data/words/a.earmark` becomes `a.earmark`. */
export function withoutFolders(text: string, paths: Iterable<string>): string {
  if (!text.includes(sep)) return text;
  const folders = new Set<string>();
  // The folder itself too: what lies in a chosen folder is named from there.
  for (const path of paths)
    for (const folder of [dirname(path), path]) if (folder.length > 1) folders.add(`${folder}${sep}`);
  let hidden = text;
  for (const folder of [...folders].sort((a, b) => b.length - a.length))
    hidden = hidden.replaceAll(folder, '');
  for (const path of paths)
    if (path.length > 1)
      hidden = hidden.replaceAll(path, path.slice(dirname(path).length).replace(/^[/\\]/, ''));
  return hidden;
}

/** Plain data with the folders taken off in every string. */
export function hidePaths<Value>(studio: Studio, value: Value): Value {
  const paths = knownPaths(studio);
  const hide = (part: unknown): unknown => {
    if (typeof part === 'string') return withoutFolders(part, paths);
    if (Array.isArray(part)) return part.map(hide);
    if (part !== null && typeof part === 'object') {
      return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, hide(inner)]));
    }
    return part;
  };
  return hide(value) as Value;
}
