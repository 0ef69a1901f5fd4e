// How the classes lie in an embedding: how wide each is, which is nearest, and which mingle (ALGORITHMS 7).
import { join } from 'node:path';
import type { ClassGeometry } from '../../../shared/contract/embeddings.ts';
import type { Metric } from '../../../shared/domain/embedding.ts';
import { neighbourGraphsOf } from '../../catalog/index.ts';
import type { Studio } from '../context.ts';
import type { OpenProject } from '../open-project.ts';
import { clipsOf, embeddingOf, graphOf } from './arrays.ts';
import { labelsOfRows } from './labels.ts';

interface Overlap {
  readonly a: string;
  readonly b: string;
  /** Of the neighbours of both classes' clips, the share that belongs to the other of the two. */
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
  const graph = graphOf(project, embedding);
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
  const overlaps = graph === null ? [] : overlapsOf(codes, names, graph.indices, graph.k);
  return { embedding: embedding.name, classes, distances, overlaps };
}

const OVERLAP_NEIGHBOURS = 15;
const MOST_OVERLAPS = 50;
const LEAST_SHARE = 0.02;

/** Pairs of classes whose clips are among each other's nearest neighbours. */
function overlapsOf(codes: Int32Array, names: readonly string[], indices: Int32Array, k: number): Overlap[] {
  const classes = names.length;
  const mingled = new Map<number, number>();
  const all = new Float64Array(classes);
  for (let row = 0; row < codes.length; row++) {
    const own = codes[row] ?? -1;
    if (own < 0) continue;
    for (let at = 0; at < Math.min(k, OVERLAP_NEIGHBOURS); at++) {
      const other = codes[indices[row * k + at] ?? -1] ?? -1;
      if (other < 0) continue;
      all[own] = (all[own] ?? 0) + 1;
      if (other === own) continue;
      const pair = own * classes + other;
      mingled.set(pair, (mingled.get(pair) ?? 0) + 1);
    }
  }
  const overlaps: Overlap[] = [];
  for (const [pair, count] of mingled) {
    const a = Math.floor(pair / classes);
    const b = pair % classes;
    const back = mingled.get(b * classes + a) ?? 0;
    // Each pair once, from its first class, or from the one side that mingles.
    if (a > b && back > 0) continue;
    const share = (count + back) / ((all[a] ?? 0) + (all[b] ?? 0));
    if (share < LEAST_SHARE) continue;
    const of = (part: number, total: number): string => `${((100 * part) / Math.max(1, total)).toFixed(1)}%`;
    overlaps.push({
      a: names[a] ?? '',
      b: names[b] ?? '',
      share,
      sentence:
        `${of(count, all[a] ?? 0)} of the clips nearest to ${names[a]} are ${names[b]}, ` +
        `and ${of(back, all[b] ?? 0)} of those nearest to ${names[b]} are ${names[a]}.`,
    });
  }
  return overlaps.sort((x, y) => y.share - x.share).slice(0, MOST_OVERLAPS);
}
