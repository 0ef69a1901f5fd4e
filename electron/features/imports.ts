// Bringing datasets in: detect and preview through the worker, import as a job. Import again = update.
import { randomUUID } from 'node:crypto';
import { basename, dirname, extname } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { ImportResult } from '../../shared/contract/imports.ts';
import type { DatasetFormat, FileFailure, ImportOptions } from '../../shared/domain/dataset.ts';
import { EarmarkError } from '../../shared/errors.ts';
import {
  type ClipInput,
  type DatasetRecord,
  finishImport,
  importClips,
  knownFiles,
  listDatasets,
  readClips,
  replaceUnreadable,
  setDatasetRoot,
  upsertDataset,
} from '../catalog/index.ts';
import { unpackClips } from '../ipc/clip-columns.ts';
import type { KnownFiles } from '../ipc/worker-tasks.ts';
import type { JobControl, Studio } from './context.ts';
import { findFlags } from './flags.ts';
import type { OpenProject } from './open-project.ts';

export interface ImportRequest {
  /** Absolute path of a folder or manifest. */
  readonly source: string;
  readonly format: DatasetFormat;
  readonly options: ImportOptions;
  readonly name: string;
}

/** A dataset's name from its folder or file. */
export function suggestedName(source: string): string {
  return basename(source, extname(source)) || 'dataset';
}

/** Folder names that say nothing of what is in them. */
const plainFolders = new Set(['audio', 'clips', 'data', 'dataset', 'recordings', 'wav', 'wavs']);

/** A name to offer a person: `fsdd` for `fsdd/recordings`. */
function offeredName(source: string): string {
  const name = suggestedName(source);
  const parent = basename(dirname(source));
  return plainFolders.has(name.toLowerCase()) && parent !== '' ? parent : name;
}

export async function detectDataset(studio: Studio, source: string) {
  const { candidates, suggestedPattern } = await studio.worker.run('detect', { source });
  return { candidates: [...candidates], suggestedName: offeredName(source), suggestedPattern };
}

export async function previewImport(studio: Studio, request: Omit<ImportRequest, 'name'>) {
  const preview = await studio.worker.run('preview', request);
  return {
    ...preview,
    rows: preview.rows.map((row) => ({ ...row, extra: { ...row.extra } })),
    problems: [...preview.problems],
    columns: preview.columns === null ? null : [...preview.columns],
    unmatchedExamples: [...preview.unmatchedExamples],
  };
}

function knownFilesOf(project: OpenProject, dataset: DatasetRecord | undefined): KnownFiles {
  if (!dataset) return { paths: [], bytes: new Float64Array(), modifiedMs: new Float64Array() };
  const known = knownFiles(project.catalog, dataset.id);
  const paths: string[] = [];
  const bytes = new Float64Array(known.size);
  const modifiedMs = new Float64Array(known.size);
  for (const [path, file] of known) {
    bytes[paths.length] = file.fileBytes;
    modifiedMs[paths.length] = file.fileModifiedMs;
    paths.push(path);
  }
  return { paths, bytes, modifiedMs };
}

/**
 * A commit waits for the disk, so it takes many clips, but no more than this time's work: what a crash undoes is read
 * again by the next import.
 */
const CLIPS_PER_COMMIT = 2048;
const MS_PER_COMMIT = 1000;

/** The work of the `import` job. What was imported before a cancel or crash stays and is not read again. */
export async function importDataset(
  studio: Studio,
  request: ImportRequest,
  control: JobControl,
): Promise<ImportResult> {
  const project = studio.project();
  const { catalog } = project;
  const startedMs = performance.now();
  const existing = listDatasets(catalog).find(({ name }) => name === request.name);
  const importId = randomUUID();
  const failures: FileFailure[] = [];
  let dataset: DatasetRecord | null = null;
  const tally = { added: 0, changed: 0, unchanged: 0 };
  let waiting: ClipInput[] = [];
  let committedMs = performance.now();
  let done = 0;
  const commit = (datasetId: number): void => {
    if (waiting.length === 0) return;
    const { added, changed, unchanged } = importClips(catalog, datasetId, importId, waiting);
    tally.added += added;
    tally.changed += changed;
    tally.unchanged += unchanged;
    waiting = [];
    committedMs = performance.now();
  };

  control.phase('reading audio');
  const known = knownFilesOf(project, existing);
  const root = await studio.worker.run('resolveRoot', request);
  dataset = upsertDataset(catalog, { ...request, root });
  const { id } = dataset;
  try {
    const { files } = await studio.worker.run(
      'import',
      { source: request.source, format: request.format, options: request.options, known },
      {
        signal: control.signal,
        killOnCancel: true,
        onItem(item) {
          const clips = unpackClips(item.sources, item.files);
          for (const clip of clips) waiting.push(clip);
          if (waiting.length >= CLIPS_PER_COMMIT || performance.now() - committedMs >= MS_PER_COMMIT)
            commit(id);
          for (const failure of item.failures) {
            failures.push(failure);
            control.failure(failure);
          }
          done += clips.length + item.failures.length;
          control.progress(done, item.isListingComplete ? Math.max(done, item.listed) : null);
        },
      },
    );
    commit(id);
    if (files === 0 && failures.length === 0) {
      throw new EarmarkError(
        'dataset/no-audio',
        `${basename(request.source)} holds no audio file (WAV, FLAC, MP3, Opus or Vorbis). Nothing was imported.`,
      );
    }
  } catch (error) {
    // Cancelled, or the worker process died: what was read until then is kept. A project that failed takes nothing.
    if (!isProjectError(error)) commit(id);
    project.clipsChanged();
    throw error;
  }
  const { missing } = finishImport(catalog, id, importId);
  replaceUnreadable(catalog, id, failures);
  const clips = [...readClips(catalog)];
  project.clipsChanged(clips);
  await findFlags(studio, project, {}, control, clips);
  const summary = project.datasetSummary(request.name);
  return {
    project: catalog.file,
    dataset: request.name,
    format: request.format,
    clips: summary.clips,
    ...tally,
    missing,
    failed: failures,
    labels: summary.labels,
    speakers: summary.speakers,
    hours: summary.hours,
    seconds: (performance.now() - startedMs) / 1000,
  };
}

function isProjectError(error: unknown): boolean {
  return error instanceof EarmarkError && error.code.startsWith('project/');
}

function summarise(result: ImportResult): string {
  const parts = [`${result.clips} clips`];
  if (result.added > 0 && result.added < result.clips) parts.push(`${result.added} new`);
  if (result.changed > 0) parts.push(`${result.changed} changed`);
  if (result.missing > 0) parts.push(`${result.missing} no longer there`);
  if (result.failed.length > 0)
    parts.push(`${result.failed.length} ${result.failed.length === 1 ? 'file' : 'files'} could not be used`);
  return `${parts.join(', ')}.`;
}

export function startImport(studio: Studio, request: ImportRequest) {
  studio.project();
  return studio.jobs.start({
    kind: 'import',
    title: `Import ${request.name}`,
    params: request,
    async run(control) {
      const result = await importDataset(studio, request, control);
      return { result, summary: summarise(result) };
    },
  });
}

export function datasetNamed(project: OpenProject, name: string): DatasetRecord {
  const dataset = listDatasets(project.catalog).find((candidate) => candidate.name === name);
  if (!dataset) throw new EarmarkError('dataset/unknown', `There is no dataset "${name}" in this project.`);
  return dataset;
}

export function startUpdate(studio: Studio, name: string) {
  const { source, format, options } = datasetNamed(studio.project(), name);
  return startImport(studio, { source, format, options, name });
}

/** Points a dataset at a moved folder and counts which clips are there. Nothing else changes. */
export async function relinkDataset(studio: Studio, name: string, root: string) {
  const project = studio.project();
  const dataset = datasetNamed(project, name);
  const counts = await project.countFiles(dataset.id, root);
  if (counts.found === 0) {
    throw new EarmarkError(
      'dataset/nothing-there',
      `None of the clips of "${name}" lies in ${basename(root)}. The dataset was left as it was.`,
    );
  }
  setDatasetRoot(project.catalog, dataset.id, root);
  project.clipsChanged();
  return counts;
}
