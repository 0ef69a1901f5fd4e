// The clips that sound like a clip, from the neighbours that were found when the embedding was made.
import type { Neighbour } from '../../../shared/contract/embeddings.ts';
import type { OpenProject } from '../open-project.ts';
import { clipsOf, embeddingOf, requireGraph } from './arrays.ts';

/** Row of each clip id; the array is searched once per embedding and project. */
const rowsByClip = new WeakMap<Int32Array, ReadonlyMap<number, number>>();

export function rowOfClip(clips: Int32Array, clipId: number): number {
  const rows = rowsByClip.get(clips) ?? new Map(Array.from(clips, (id, row) => [id, row]));
  rowsByClip.set(clips, rows);
  return rows.get(clipId) ?? -1;
}

/** Nearest first; clips that are no longer there are left out. Empty when the clip has no row or could not be embedded. */
export function neighboursOf(
  project: OpenProject,
  input: { clip: number; embedding: string | null; k: number },
): { embedding: string; neighbours: Neighbour[] } {
  const embedding = embeddingOf(project, input.embedding);
  const clips = clipsOf(project, embedding);
  const graph = requireGraph(project, embedding);
  const row = rowOfClip(clips, input.clip);
  const neighbours: Neighbour[] = [];
  const { speaker } = project.set.codes;
  for (let at = 0; row >= 0 && at < graph.k && neighbours.length < input.k; at++) {
    const other = graph.indices[row * graph.k + at] ?? -1;
    const clipId = clips[other] ?? -1;
    const here = other < 0 ? -1 : project.rowOf(clipId);
    if (here < 0 || !project.isPresent(clipId)) continue;
    neighbours.push({
      clipId,
      path: project.clipPaths()[here] ?? '',
      label: project.labelOf(clipId),
      speaker: speaker.dictionary.valueOf(speaker.codes[here] ?? -1),
      distance: graph.distances[row * graph.k + at] ?? 0,
    });
  }
  return { embedding: embedding.name, neighbours };
}

/**
 * The clips nearest to any clip of a selection that are not in it, nearest first; ties go to the clip that more of the
 * selection is near to.
 */
export function growSelection(
  project: OpenProject,
  input: { embedding: string | null; ids: readonly number[]; count: number },
): { added: number[] } {
  const embedding = embeddingOf(project, input.embedding);
  const clips = clipsOf(project, embedding);
  const graph = requireGraph(project, embedding);
  const selected = new Set(input.ids);
  const found = new Map<number, { distance: number; votes: number }>();
  for (const id of input.ids) {
    const row = rowOfClip(clips, id);
    if (row < 0) continue;
    for (let at = row * graph.k; at < (row + 1) * graph.k; at++) {
      const clipId = clips[graph.indices[at] ?? -1] ?? -1;
      if (clipId < 0 || selected.has(clipId) || project.rowOf(clipId) < 0) continue;
      const distance = graph.distances[at] ?? 0;
      const known = found.get(clipId);
      if (!known) found.set(clipId, { distance, votes: 1 });
      else {
        known.distance = Math.min(known.distance, distance);
        known.votes += 1;
      }
    }
  }
  const added = [...found]
    .filter(([id]) => project.isPresent(id))
    .sort(([idA, a], [idB, b]) => a.distance - b.distance || b.votes - a.votes || idA - idB)
    .slice(0, input.count)
    .map(([id]) => id);
  return { added };
}
