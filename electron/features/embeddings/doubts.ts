// What an embedding says against clips: neighbours with another label, clips like no other, near duplicates
// (ALGORITHMS 4, 5). Judged from the stored neighbours; thresholds are the person's.
import type { FlagSettings } from '../../../shared/domain/flag.ts';
import type { FlagInput } from '../../catalog/index.ts';
import {
  NEAR_DUPLICATE_CORRELATION,
  nearDuplicateCandidates,
} from '../../compute/embeddings/near-duplicates.ts';
import { type NeighbourLabels, neighbourLabels } from '../../compute/embeddings/neighbour-labels.ts';
import { type OutlierScores, outlierScores } from '../../compute/embeddings/outliers.ts';
import type { JobControl, Studio } from '../context.ts';
import type { OpenProject } from '../open-project.ts';
import { clipsOf, embeddingOf, type Graph, graphOf } from './arrays.ts';
import { labelsOfRows, speakersOfRows } from './labels.ts';
import { locator } from './rows.ts';

/** Neighbours of a clip that vote about its label, and that say how alone it is. */
const VOTERS = 15;
const OUTLIER_NEIGHBOURS = 10;
/** Fewer voters than this say nothing. */
const LEAST_VOTERS = 5;

export interface Doubts {
  readonly embedding: string;
  readonly clips: Int32Array;
  readonly graph: Graph;
  readonly names: readonly string[];
  readonly codes: Int32Array;
  readonly labels: NeighbourLabels;
  readonly outliers: OutlierScores;
}

const kept = new WeakMap<OpenProject, { readonly key: string; readonly doubts: Doubts | null }>();

/** Null when the embedding's neighbours were not found. Kept while labels and embeddings are the same. */
export function doubtsOf(project: OpenProject, name: string, hasOtherSpeakersOnly: boolean): Doubts | null {
  const embedding = embeddingOf(project, name);
  const key = JSON.stringify([embedding.file, project.revision, hasOtherSpeakersOnly]);
  const known = kept.get(project);
  if (known?.key === key) return known.doubts;
  const graph = graphOf(project, embedding);
  const doubts = graph === null ? null : judge(project, embedding.name, graph, hasOtherSpeakersOnly);
  kept.set(project, { key, doubts });
  return doubts;
}

function judge(project: OpenProject, name: string, graph: Graph, hasOtherSpeakersOnly: boolean): Doubts {
  const embedding = embeddingOf(project, name);
  const clips = clipsOf(project, embedding);
  const { codes, names } = labelsOfRows(project, clips);
  return {
    embedding: name,
    clips,
    graph,
    names,
    codes,
    labels: neighbourLabels({
      graph,
      labels: codes,
      classes: names.length,
      k: VOTERS,
      speakers: hasOtherSpeakersOnly ? speakersOfRows(project, clips) : null,
      copies: copiesOfRows(project, clips),
    }),
    outliers: outlierScores(graph, OUTLIER_NEIGHBOURS),
  };
}

/** The same number for clips with the same samples: they are no witnesses for each other. */
function copiesOfRows(project: OpenProject, clips: Int32Array): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(clips, (id) => {
    const row = project.rowOf(id);
    const hash = row < 0 ? '' : (project.set.sampleHash.texts[row] ?? '');
    if (hash === '') return -1;
    const number = numbers.get(hash) ?? numbers.size;
    numbers.set(hash, number);
    return number;
  });
}

function isContradicted(doubts: Doubts, row: number, settings: FlagSettings): boolean {
  const { labels, codes } = doubts;
  const proposed = labels.proposed[row] ?? -1;
  const voters = labels.voters[row] ?? 0;
  if ((codes[row] ?? -1) < 0 || proposed < 0 || proposed === codes[row] || voters < LEAST_VOTERS)
    return false;
  return (labels.agreeing[row] ?? 0) / voters >= settings.neighbourShare;
}

function isOutlier(project: OpenProject, doubts: Doubts, row: number, settings: FlagSettings): boolean {
  const { meanDistance, typicalDistance } = doubts.outliers;
  const at = project.rowOf(doubts.clips[row] ?? -1);
  // A noise recording is meant to be unlike the words.
  if (at < 0 || project.isNoise(at)) return false;
  return (meanDistance[row] ?? 0) > settings.outlierDistance * typicalDistance && typicalDistance > 0;
}

/** How many clips each kind would name. */
export function countDoubts(project: OpenProject, doubts: Doubts, settings: FlagSettings) {
  const counts = { 'neighbour-issue': 0, outlier: 0 };
  for (const [row, clipId] of doubts.clips.entries()) {
    if (project.rowOf(clipId) < 0 || !project.isPresent(clipId)) continue;
    if (isContradicted(doubts, row, settings)) counts['neighbour-issue'] += 1;
    if (isOutlier(project, doubts, row, settings)) counts.outlier += 1;
  }
  return counts;
}

/** Neighbours with another label, and outliers. */
export function doubtFlags(project: OpenProject, doubts: Doubts, settings: FlagSettings): FlagInput[] {
  const flags: FlagInput[] = [];
  const { labels, outliers, names, codes, embedding } = doubts;
  for (const [row, clipId] of doubts.clips.entries()) {
    const at = project.rowOf(clipId);
    if (at < 0 || !project.isPresent(clipId)) continue;
    const path = project.clipPaths()[at] ?? '';
    if (isContradicted(doubts, row, settings)) {
      const proposed = names[labels.proposed[row] ?? -1] ?? '';
      const agreeing = labels.agreeing[row] ?? 0;
      const voters = labels.voters[row] ?? 0;
      flags.push({
        clipId,
        path,
        kind: 'neighbour-issue',
        score: labels.scores[row] ?? 0,
        reason: `${agreeing} of ${voters} neighbours say ${proposed}.`,
        evidence: { embedding, given: names[codes[row] ?? -1] ?? null, proposed, agreeing, voters },
        proposed,
      });
    }
    if (isOutlier(project, doubts, row, settings)) {
      const times = (outliers.meanDistance[row] ?? 0) / outliers.typicalDistance;
      flags.push({
        clipId,
        path,
        kind: 'outlier',
        score: outliers.scores[row] ?? 0,
        reason: `Its ${OUTLIER_NEIGHBOURS} nearest clips are ${times.toFixed(1)} times as far away as is usual here.`,
        evidence: {
          embedding,
          times,
          meanDistance: outliers.meanDistance[row] ?? null,
          typical: outliers.typicalDistance,
        },
        proposed: null,
      });
    }
  }
  return flags;
}

/** More candidates than this are a dataset of one sound; the nearest are looked at. */
const MOST_PAIRS = 50_000;

/** Clips that are nearly the same recording: near each other in the embedding, and confirmed by their envelopes. */
export async function nearDuplicateFlags(
  studio: Studio,
  project: OpenProject,
  doubts: Doubts,
  control: JobControl,
): Promise<FlagInput[]> {
  const locate = locator(project);
  const pairs: { a: number; b: number; distance: number }[] = [];
  for (const pair of nearDuplicateCandidates(doubts.graph).pairs) {
    const [a, b] = [pair.a, pair.b].map((row) => project.rowOf(doubts.clips[row] ?? -1)) as [number, number];
    const { texts } = project.set.sampleHash;
    // Exact duplicates are flagged as such.
    if (a < 0 || b < 0 || texts[a] === texts[b] || project.isNoise(a) || project.isNoise(b)) continue;
    if (!project.isPresent(project.clipIdAt(a)) || !project.isPresent(project.clipIdAt(b))) continue;
    pairs.push({ a, b, distance: pair.distance });
    if (pairs.length >= MOST_PAIRS) break;
  }
  if (pairs.length === 0) return [];
  control.phase('near duplicates');
  const { similarity } = await studio.analysis.run(
    'compareEnvelopes',
    { pairs: pairs.map(({ a, b }) => [locate(a), locate(b)] as const) },
    {
      signal: control.signal,
      killOnCancel: true,
      onItem: ({ done, total }) => control.progress(done, total),
    },
  );
  const others = new Map<number, { row: number; correlation: number; distance: number }[]>();
  for (const [at, { a, b, distance }] of pairs.entries()) {
    const correlation = similarity[at] ?? Number.NaN;
    if (!(correlation >= NEAR_DUPLICATE_CORRELATION)) continue;
    for (const [own, row] of [
      [a, b],
      [b, a],
    ] as const) {
      const known = others.get(own) ?? [];
      known.push({ row, correlation, distance });
      others.set(own, known);
    }
  }
  return [...others].map(([row, alike]) => {
    const best = alike.reduce((one, other) => (other.correlation > one.correlation ? other : one));
    const labels = [...new Set([row, ...alike.map((one) => one.row)].map((one) => project.set.labelAt(one)))];
    const more = alike.length > 1 ? ` and ${alike.length - 1} more` : '';
    const differ = labels.length > 1 ? `, with other labels (${labels.join(', ')})` : '';
    return {
      clipId: project.clipIdAt(row),
      path: project.clipPaths()[row] ?? '',
      kind: 'near-duplicate' as const,
      score: Math.max(0, 1 - best.correlation) / (1 - NEAR_DUPLICATE_CORRELATION),
      reason: `Nearly the same recording as ${project.clipPaths()[best.row]}${more}${differ} (envelopes correlate by ${best.correlation.toFixed(3)}).`,
      evidence: {
        clips: [row, ...alike.map((one) => one.row)].map((one) => project.clipIdAt(one)),
        labels,
        correlation: best.correlation,
        distance: best.distance,
      },
      proposed: null,
    };
  });
}
