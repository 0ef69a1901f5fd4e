// Maps of an embedding: made as a job that shows itself while it runs, kept with settings and report; their points,
// colours and files.
import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MapLegend, MapSummary } from '../../../shared/contract/maps.ts';
import { type MapReport, type MapSettings, mapTitles } from '../../../shared/domain/embedding.ts';
import { createMap, listEmbeddings, mapsOf, removeMap } from '../../catalog/index.ts';
import type { JobControl, Studio } from '../context.ts';
import type { OpenProject } from '../open-project.ts';
import { clipsOf, dropArrays, embeddingOf, finitePoints, pointsOf } from './arrays.ts';
import { type ColumnOfClips, columnOfClips } from './columns-of-clips.ts';
import { tellPhase } from './infer.ts';

export function mapSummaries(project: OpenProject): MapSummary[] {
  return listEmbeddings(project.catalog)
    .flatMap((embedding) =>
      mapsOf(project.catalog, embedding.id).map((map) => ({
        id: map.id,
        embedding: embedding.name,
        createdAt: map.createdAt,
        settings: map.settings,
        report: map.report,
      })),
    )
    .sort((a, b) => b.id - a.id);
}

/** The picture of a map that is being made. */
export interface MapPreview {
  readonly step: number;
  readonly clipIds: Int32Array;
  readonly coordinates: Float32Array;
}

const previews = new Map<string, MapPreview>();

/** @returns null while there is none after `afterStep`, and when the job has ended. */
export function mapPreview(jobId: string, afterStep: number): MapPreview | null {
  const preview = previews.get(jobId);
  return preview !== undefined && preview.step > afterStep ? preview : null;
}

export interface MapResult extends MapReport {
  readonly map: number;
  readonly embedding: string;
  readonly method: MapSettings['method'];
  readonly seed: number;
}

/** `show` gets each picture on the way. */
export async function makeMap(
  studio: Studio,
  input: { readonly embedding: string | null; readonly settings: MapSettings },
  control: JobControl,
  show: (preview: MapPreview) => void = () => {},
): Promise<MapResult> {
  const project = studio.project();
  const embedding = embeddingOf(project, input.embedding);
  const clips = clipsOf(project, embedding);
  const file = `map-${randomUUID()}.npy`;
  const finalFile = join(project.catalog.dataFolder, file);
  const partial = `${finalFile}.partial`;
  let step = 0;
  let isKept = false;
  try {
    control.phase('neighbours');
    const report = await studio.analysis.run(
      'project',
      {
        ...input.settings,
        features: join(project.catalog.dataFolder, embedding.file),
        threads: null,
        out: partial,
      },
      {
        signal: control.signal,
        finish: control.finish,
        killOnCancel: true,
        onItem({ phase, done, total, coordinates }) {
          tellPhase(control, phase);
          control.progress(done, total);
          if (coordinates !== null) show({ step: ++step, ...finitePoints(coordinates, clips) });
        },
      },
    );
    await rename(partial, finalFile);
    const { method, seed } = input.settings;
    const map = createMap(project.catalog, {
      embeddingId: embedding.id,
      createdAt: new Date().toISOString(),
      method,
      settings: input.settings,
      report: { ...report, notes: [...report.notes] },
      file,
    });
    isKept = true;
    project.embeddingsChanged();
    return { ...report, map: map.id, embedding: embedding.name, method, seed };
  } finally {
    await rm(partial, { force: true });
    if (!isKept) await rm(finalFile, { force: true });
  }
}

export function startMap(
  studio: Studio,
  input: { readonly embedding: string | null; readonly settings: MapSettings },
) {
  const { name } = embeddingOf(studio.project(), input.embedding);
  let id = '';
  const job = studio.jobs.start({
    kind: 'map',
    title: `${mapTitles[input.settings.method]} map of ${name}`,
    params: input,
    canFinish: true,
    async run(control) {
      try {
        const result = await makeMap(studio, input, control, (preview) => previews.set(id, preview));
        return { result, summary: summaryOf(result) };
      } finally {
        previews.delete(id);
      }
    },
  });
  id = job.id;
  return job;
}

function summaryOf({ n, trustworthiness, knnRecall, isStopped, seconds }: MapResult): string {
  const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
  const kept = knnRecall === null ? '' : `, ${percent(knnRecall)} of 15 neighbours kept`;
  const trust = trustworthiness === null ? '' : `, trustworthiness ${trustworthiness.toFixed(3)}`;
  return `${n} points in ${seconds.toFixed(1)} s${trust}${kept}${isStopped ? '. Ended early on request' : ''}.`;
}

export async function removeMapOf(project: OpenProject, id: number): Promise<{ removed: boolean }> {
  const file = removeMap(project.catalog, id);
  if (file === null) return { removed: false };
  project.embeddingsChanged();
  await dropArrays(project, [file]);
  return { removed: true };
}

/** One value for each point of a map. @throws EarmarkError `clips/unknown-field`, and those of a term that is not understood. */
export function mapColumn(project: OpenProject, id: number, by: string): ColumnOfClips {
  return columnOfClips(project, pointsOf(project, id).clipIds, by);
}

export function mapLegendOf(project: OpenProject, id: number, by: string): MapLegend {
  return mapColumn(project, id, by).legend;
}
