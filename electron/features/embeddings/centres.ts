// A second opinion about labels that neighbours doubt: the nearest class centre (ALGORITHMS 4). It flags nothing by
// itself, since centres are coarse; it raises in the common order what it names too.
import { join } from 'node:path';
import type { Studio } from '../context.ts';
import type { OpenProject } from '../open-project.ts';
import { embeddingOf } from './arrays.ts';
import type { Doubts } from './doubts.ts';

interface CentreOpinion {
  /** Clips whose label is not that of the nearest centre, worst first. */
  readonly ranked: Int32Array;
  /** The label of the nearest centre, by clip. */
  readonly proposed: ReadonlyMap<number, string>;
}

export async function centreOpinion(
  studio: Studio,
  project: OpenProject,
  { embedding: name, clips, codes, names, graph }: Doubts,
  signal: AbortSignal,
): Promise<CentreOpinion | null> {
  // With one class every clip lies nearest to it.
  if (names.length < 2) return null;
  const embedding = embeddingOf(project, name);
  const { proposed, ranked } = await studio.analysis.run(
    'classCentres',
    {
      features: join(project.catalog.dataFolder, embedding.file),
      labels: codes,
      classes: names.length,
      metric: graph.metric,
      seed: 0,
    },
    { signal, killOnCancel: true },
  );
  const clipOf = (row: number): number => clips[row] ?? -1;
  return {
    ranked: ranked.map(clipOf),
    proposed: new Map(Array.from(ranked, (row) => [clipOf(row), names[proposed[row] ?? -1] ?? ''])),
  };
}
