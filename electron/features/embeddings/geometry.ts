// How the classes lie in an embedding: how wide each is, which is nearest, and which mingle (ALGORITHMS 7).
import { join } from 'node:path';
import type { ClassGeometry } from '../../../shared/contract/embeddings.ts';
import type { Metric } from '../../../shared/domain/embedding.ts';
import { neighbourGraphsOf } from '../../catalog/index.ts';
import type { Studio } from '../context.ts';
import type { OpenProject } from '../open-project.ts';
import { clipsOf, embeddingOf } from './arrays.ts';
import { labelsOfRows } from './labels.ts';

interface Overlap {
  readonly a: string;
  readonly b: string;
  /** Mean of the two shares: of each class's neighbours, those of the other class. */
  readonly share: number;
  readonly sentence: string;
}

interface Geometry {
  readonly embedding: string;
  readonly classes: ClassGeometry[];
  readonly distances: (number | null)[][];
  readonly overlaps: Overlap[];
}

/** The last answer, while labels and embeddings are the same. */
const kept = new WeakMap<OpenProject, { key: string; geometry: Promise<Geometry> }>();

export function classGeometryOf(
  studio: Studio,
  input: { embedding: string | null; metric: Metric },
): Promise<Geometry> {
  const project = studio.project();
  const embedding = embeddingOf(project, input.embedding);
  const key = JSON.stringify([embedding.file, input.metric, project.revision]);
  const known = kept.get(project);
  if (known?.key === key) return known.geometry;
  const geometry = compute(studio, project, embedding.name, input.metric);
  kept.set(project, { key, geometry });
  geometry.catch(() => kept.delete(project));
  return geometry;
}

async function compute(
  studio: Studio,
  project: OpenProject,
  name: string,
  metric: Metric,
): Promise<Geometry> {
  const embedding = embeddingOf(project, name);
  const clips = clipsOf(project, embedding);
  const { codes, names } = labelsOfRows(project, clips);
  const [record] = neighbourGraphsOf(project.catalog, embedding.id);
  const { dataFolder } = project.catalog;
  const found = await studio.analysis.run('classGeometry', {
    features: join(dataFolder, embedding.file),
    labels: codes,
    classes: names.length,
    metric,
    neighbours: record ? join(dataFolder, record.indicesFile) : null,
    seed: 0,
  });
  const nameOf = (code: number | null): string | null => (code === null ? null : (names[code] ?? null));
  const classes = found.classes.map(({ code, nearestClass, ...figures }) => ({
    ...figures,
    label: names[code] ?? '',
    nearestClass: nameOf(nearestClass),
  }));
  const distances = names.map((_, i) =>
    names.map((__, j) => {
      const distance = found.distances[i * names.length + j] ?? Number.NaN;
      return Number.isFinite(distance) ? distance : null;
    }),
  );
  const overlaps = overlapsOf(found.overlaps, names);
  return { embedding: embedding.name, classes, distances, overlaps };
}

const MOST_OVERLAPS = 50;
const LEAST_SHARE = 0.02;

/** The pairs of classes that mingle, in words. */
function overlapsOf(
  pairs: readonly { a: number; b: number; shareOfA: number | null; shareOfB: number | null }[],
  names: readonly string[],
): Overlap[] {
  const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
  const overlaps: Overlap[] = [];
  for (const pair of pairs) {
    if (pair.shareOfA === null || pair.shareOfB === null) continue;
    const share = (pair.shareOfA + pair.shareOfB) / 2;
    if (!(share >= LEAST_SHARE)) continue;
    const a = names[pair.a] ?? '';
    const b = names[pair.b] ?? '';
    overlaps.push({
      a,
      b,
      share,
      sentence:
        `${percent(pair.shareOfA)} of the clips nearest to ${a} are ${b}, ` +
        `and ${percent(pair.shareOfB)} of those nearest to ${b} are ${a}.`,
    });
  }
  return overlaps.sort((x, y) => y.share - x.share).slice(0, MOST_OVERLAPS);
}
