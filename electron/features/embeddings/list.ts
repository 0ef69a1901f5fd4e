// What embeddings there are, which one is in use, renaming and removing.
import type { EmbeddingSummary } from '../../../shared/contract/embeddings.ts';
import {
  type EmbeddingRecord,
  listEmbeddings,
  mapsOf,
  neighbourGraphsOf,
  removeEmbedding,
  renameEmbedding,
  setSetting,
  transaction,
} from '../../catalog/index.ts';
import type { OpenProject } from '../open-project.ts';
import { clipsOf, dropArrays, embeddingInUse, embeddingOf, IN_USE_KEY } from './arrays.ts';

/** Present clips that the embedding has no row for. */
export function missingClips(project: OpenProject, embedding: EmbeddingRecord): number {
  const known = new Set(clipsOf(project, embedding));
  const { set } = project;
  let missing = 0;
  for (let row = 0; row < set.size; row++) {
    if (set.present.values[row] === 1 && !known.has(project.clipIdAt(row))) missing += 1;
  }
  return missing;
}

export function embeddingSummaries(project: OpenProject): EmbeddingSummary[] {
  const inUse = embeddingInUse(project)?.name;
  return listEmbeddings(project.catalog).map((embedding) => {
    const [graph] = neighbourGraphsOf(project.catalog, embedding.id);
    return {
      name: embedding.name,
      createdAt: embedding.createdAt,
      model: embedding.model,
      rows: embedding.rows,
      failed: embedding.failed,
      dimensions: embedding.dimensions,
      computed: embedding.details,
      missing: missingClips(project, embedding),
      neighbours: graph
        ? { metric: graph.metric, k: graph.k, method: graph.method, recall: graph.recall }
        : null,
      maps: mapsOf(project.catalog, embedding.id).length,
      isInUse: embedding.name === inUse,
    };
  });
}

export function useEmbedding(project: OpenProject, name: string): { name: string } {
  embeddingOf(project, name);
  setSetting(project.catalog, IN_USE_KEY, name);
  project.embeddingsChanged();
  return { name };
}

export function renameEmbeddingOf(project: OpenProject, name: string, to: string): { name: string } {
  transaction(project.catalog, () => {
    const isInUse = embeddingInUse(project)?.name === name;
    renameEmbedding(project.catalog, name, to);
    if (isInUse) setSetting(project.catalog, IN_USE_KEY, to);
  });
  project.embeddingsChanged();
  return { name: to };
}

export async function removeEmbeddingOf(project: OpenProject, name: string): Promise<{ removed: boolean }> {
  const files = removeEmbedding(project.catalog, name);
  project.embeddingsChanged();
  await dropArrays(project, files);
  return { removed: files.length > 0 };
}
