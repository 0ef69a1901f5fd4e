// A folder per label, with any names; also `<split>/<label>/x.wav` as Hugging Face's AudioFolder has it, and a plain
// folder of recordings without labels.
import { join } from 'node:path';
import { BATCH_SIZE, type ClipSource, type DatasetFormatReader, unknownClip } from './format.ts';
import { knownSplit, NOISE_FOLDER } from './names.ts';
import { belowBase, firstFolder, sampleTree, unwrapFolder, walkAudio } from './walk.ts';

export const folderPerLabel: DatasetFormatReader = {
  name: 'folder',

  async detect({ root, manifest }, sample) {
    if (manifest !== null || sample.audio.length === 0) return null;
    const base = await unwrapFolder(root);
    const inside = sample.audio.flatMap((path) => belowBase(path, base) ?? []);
    const firsts = new Set(inside.map(firstFolder));
    firsts.delete(null);
    const hasSplits = isSplitLevel(firsts);
    const labels = hasSplits ? new Set(inside.map(secondFolder)) : firsts;
    labels.delete(null);
    if (labels.size >= 2) {
      const layout = hasSplits ? 'folders of splits with a folder per label' : 'a folder per label';
      return {
        confidence: 0.7,
        why: `It has ${layout} (${labels.size}${sample.isTruncated ? ' or more' : ''}).`,
      };
    }
    return { confidence: 0.2, why: 'It is a folder of recordings.' };
  },

  async *read({ root }, _options, report) {
    const base = await unwrapFolder(root);
    let batch: ClipSource[] = [];
    let count = 0;
    const hasSplits = await hasSplitFolders(root, base);
    for await (const paths of walkAudio(root, report)) {
      for (const path of paths) {
        batch.push(clipOf(path, base, hasSplits));
        if (batch.length === BATCH_SIZE) {
          count += batch.length;
          report.progress?.(count);
          yield batch;
          batch = [];
        }
      }
    }
    if (batch.length > 0) yield batch;
  },
};

/** True when the first folders are all names of splits. */
function isSplitLevel(firsts: ReadonlySet<string | null>): boolean {
  if (firsts.size === 0) return false;
  for (const name of firsts) if (name === null || knownSplit(name) === null) return false;
  return true;
}

async function hasSplitFolders(root: string, base: string): Promise<boolean> {
  const sample = await sampleTree(join(root, base));
  const tops = new Set(sample.folders.filter((path) => !path.includes('/')));
  const hasLabels = sample.folders.some((path) => path.includes('/'));
  return hasLabels && isSplitLevel(tops) && !sample.audio.some((path) => !path.includes('/'));
}

function secondFolder(path: string): string | null {
  const first = firstFolder(path);
  return first === null ? null : firstFolder(path.slice(first.length + 1));
}

function clipOf(path: string, base: string, hasSplits: boolean): ClipSource {
  let below = belowBase(path, base) ?? path;
  let split: string | null = null;
  if (hasSplits) {
    const first = firstFolder(below);
    if (first !== null) {
      split = knownSplit(first);
      below = below.slice(first.length + 1);
    }
  }
  const label = firstFolder(below);
  if (label === NOISE_FOLDER) return { ...unknownClip, path, kind: 'noise' };
  if (label === null) return { ...unknownClip, path, split };
  const rest = below.slice(label.length + 1);
  const slash = rest.lastIndexOf('/');
  return { ...unknownClip, path, label, split, extra: slash < 0 ? {} : { folder: rest.slice(0, slash) } };
}
