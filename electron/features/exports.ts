// Giving out: what an export would write, and the job that writes it. Audio is copied or linked, never changed.
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { z } from 'zod';
import type { ClipSelection } from '../../shared/contract/common.ts';
import type { exportRequest } from '../../shared/contract/exports.ts';
import type { FileFailure } from '../../shared/domain/dataset.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { clipExtra, listDatasets, readClipsByIds, readEvents } from '../catalog/index.ts';
import { type ExportClip, type ExportFormat, runExport } from '../formats/index.ts';
import { resolveSelection } from './clips.ts';
import type { JobControl, Studio } from './context.ts';
import type { OpenProject } from './open-project.ts';

export interface ExportInput {
  readonly format: z.infer<typeof exportRequest>['format'];
  /** Absolute path of the folder to be made. */
  readonly out: string;
  readonly selection: ClipSelection;
  readonly audio: 'copy' | 'link' | 'none';
  readonly leaveOutUnusable: boolean;
  readonly overwrite: boolean;
}

function selectedIds(
  project: OpenProject,
  input: Pick<ExportInput, 'selection' | 'leaveOutUnusable'>,
): { ids: number[]; leftOut: number } {
  const all = resolveSelection(project.set, input.selection);
  const ids: number[] = [];
  for (const id of all) {
    const isLeftOut =
      !project.isPresent(id) || (input.leaveOutUnusable && project.reviewOf(id) === 'unusable');
    if (!isLeftOut) ids.push(id);
  }
  return { ids, leftOut: all.length - ids.length };
}

/** Clips in the exporters' shape, read in slices so that a million rows do not lie in memory at once. */
function* exportClips(project: OpenProject, ids: readonly number[]): Generator<ExportClip> {
  const roots = new Map(listDatasets(project.catalog).map((dataset) => [dataset.id, dataset]));
  const SLICE = 2000;
  for (let from = 0; from < ids.length; from += SLICE) {
    for (const clip of readClipsByIds(project.catalog, ids.slice(from, from + SLICE))) {
      const dataset = roots.get(clip.datasetId);
      yield {
        root: dataset?.root ?? null,
        path: clip.path,
        dataset: dataset?.name ?? '',
        kind: clip.kind,
        label: clip.label,
        originalLabel: clip.originalLabel,
        transcript: clip.transcript,
        originalTranscript: clip.originalTranscript,
        split: clip.split,
        speaker: clip.speaker,
        gender: clip.gender,
        age: clip.age,
        accent: clip.accent,
        locale: clip.locale,
        review: clip.review,
        reviewReason: clip.reviewReason,
        note: clip.note,
        durationSec: clip.measures.frames / clip.measures.sampleRate,
        sampleRate: clip.measures.sampleRate,
        channels: clip.measures.channels,
        extra: clipExtra(project.catalog, clip.id),
      };
    }
  }
}

export function previewExport(project: OpenProject, input: ExportInput) {
  const { ids, leftOut } = selectedIds(project, input);
  const copiesAudio =
    input.format === 'speech-commands'
      ? input.audio === 'copy'
      : input.audio === 'copy' && input.format !== 'decisions';
  const bytes = copiesAudio ? project.fileBytes(ids) : 0;
  const problems = [];
  const unlabelled =
    input.format === 'speech-commands'
      ? ids.filter((id) => project.labelOf(id) === null && !project.isNoiseClip(id)).length
      : 0;
  if (unlabelled > 0) {
    problems.push({
      code: 'export/no-label',
      message: 'Clips without a label have no folder in this layout and are left out.',
      count: unlabelled,
    });
  }
  return { clips: ids.length, leftOut, bytes, alreadyExists: existsSync(input.out), problems };
}

export interface ExportResult {
  readonly files: number;
  readonly clips: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly notes: readonly string[];
  /** Clips that were left out because their recording could not be taken along. */
  readonly failed: readonly FileFailure[];
}

/** The path with links resolved, also where its last part is not there. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}

/** @throws EarmarkError `export/out` when replacing `out` would take away what the project is made of. */
function refuseOwnSources(project: OpenProject, out: string): void {
  const { file, dataFolder } = project.catalog;
  const sources = listDatasets(project.catalog).flatMap(({ root, source }) => [root, source]);
  const place = realPath(resolve(out));
  const held = [...sources, file, dataFolder].find((path) => {
    const real = realPath(path);
    return real === place || real.startsWith(place.endsWith(sep) ? place : `${place}${sep}`);
  });
  if (held === undefined) return;
  throw new EarmarkError(
    'export/out',
    `"${basename(out)}" is or holds ${basename(held)}, which this project is made of, so it cannot be replaced by an export. Choose another name. Nothing was changed.`,
    { out },
  );
}

/** The work of the `export` job. */
export async function exportProject(
  project: OpenProject,
  input: ExportInput,
  control: JobControl,
): Promise<ExportResult> {
  const startedMs = performance.now();
  const { ids } = selectedIds(project, input);
  if (ids.length === 0 && input.format !== 'decisions') {
    throw new EarmarkError('export/nothing', 'No clip is selected for this export. Nothing was written.');
  }
  if (input.overwrite) refuseOwnSources(project, input.out);
  const failed: FileFailure[] = [];
  control.phase('writing');
  const written = await runExport(
    input.format as ExportFormat,
    {
      out: input.out,
      audio: input.audio,
      overwrite: input.overwrite,
      clips: exportClips(project, ids),
      decisions: readEvents(project.catalog),
    },
    {
      signal: control.signal,
      progress: (done) => control.progress(done, ids.length),
      failure: (failure) => {
        failed.push(failure);
        control.failure(failure);
      },
    },
  );
  return { ...written, failed, seconds: (performance.now() - startedMs) / 1000 };
}

export function startExport(studio: Studio, input: ExportInput) {
  const project = studio.project();
  if (!input.overwrite && existsSync(input.out)) {
    throw new EarmarkError(
      'export/exists',
      `"${basename(input.out)}" is there already. Choose another name, or say that it may be replaced. Nothing was written.`,
    );
  }
  return studio.jobs.start({
    kind: 'export',
    title: `Export ${basename(input.out)}`,
    params: input,
    async run(control) {
      const result = await exportProject(project, input, control);
      const left = result.failed.length > 0 ? [`${result.failed.length} clips were left out.`] : [];
      const written = `${result.clips} clips, ${result.files} files written to ${basename(input.out)}.`;
      return {
        result,
        summary: [written, ...left, ...result.notes].join(' '),
      };
    },
  });
}

/** The folder an export with this name in this place would make. */
export function exportFolder(studio: Studio, handle: string, name: string): string {
  if (name === '.' || name === '..' || /[/\\\0]/.test(name)) {
    throw new EarmarkError('place/bad-name', `"${name}" cannot be the name of a folder.`);
  }
  return join(studio.places.pathOf(handle), name);
}
