// What a person records in the window: kept as WAV files beside the project, a folder for each word, and imported as a
// small dataset of their own.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { EarmarkError } from '../../shared/errors.ts';
import { listDatasets } from '../catalog/index.ts';
import type { JobControl, Studio } from './context.ts';
import { importDataset } from './imports.ts';

export const RECORDINGS = 'Recordings';

/** Ten minutes at 48 kHz, 16 bit, mono. */
export const MAX_RECORDING_BYTES = 58_000_000;

/** One recording after the other: each is an import. */
let queue: Promise<unknown> = Promise.resolve();

/** The word as the name of a folder, which every system takes. */
function folderOf(label: string): string {
  const name = [...label.normalize('NFC').trim()]
    .map((sign) => (/[\p{L}\p{M}\p{N} _-]/u.test(sign) ? sign : '_'))
    .join('')
    .slice(0, 60)
    .trim();
  if (name === '' || name.startsWith('.')) {
    throw new EarmarkError('recording/label', `"${label}" is no word that recordings could be kept under.`);
  }
  return name;
}

const quiet: JobControl = {
  signal: new AbortController().signal,
  finish: new AbortController().signal,
  phase: () => {},
  progress: () => {},
  failure: () => {},
};

/**
 * Keeps a WAV file as a clip with the label. @returns where it lies in the dataset "Recordings", and the clip.
 * @throws EarmarkError `recording/label`, `recording/size`, `recording/unreadable`, `project/read-only`.
 */
export function keepRecording(
  studio: Studio,
  label: string,
  wav: Uint8Array,
): Promise<{ path: string; clipId: number }> {
  const kept = queue.then(() => keep(studio, label, wav));
  queue = kept.catch(() => {});
  return kept;
}

async function keep(
  studio: Studio,
  label: string,
  wav: Uint8Array,
): Promise<{ path: string; clipId: number }> {
  const project = studio.project();
  const { catalog } = project;
  if (catalog.isReadOnly)
    throw new EarmarkError(
      'project/read-only',
      'This project cannot be written to, so nothing was recorded.',
    );
  if (wav.length === 0 || wav.length > MAX_RECORDING_BYTES) {
    throw new EarmarkError('recording/size', `A recording of ${wav.length} bytes cannot be kept.`);
  }
  const source = `${catalog.file}.recordings`;
  const taken = listDatasets(catalog).find(({ name }) => name === RECORDINGS);
  if (taken && taken.source !== source) {
    throw new EarmarkError(
      'recording/dataset',
      `The project has a dataset "${RECORDINGS}" of other files. Recordings would be mixed with them, so nothing was kept.`,
    );
  }
  const path = `${folderOf(label)}/${ulid()}.wav`;
  const file = join(source, path);
  await mkdir(join(source, folderOf(label)), { recursive: true });
  try {
    await writeFile(file, wav, { flag: 'wx', flush: true });
    // An import would list it as an unreadable file of the dataset.
    await studio.worker.run('peaks', { root: source, path, columns: 1, from: null, to: null }).catch(() => {
      throw new EarmarkError(
        'recording/unreadable',
        'What was recorded is no sound that can be read. It was not kept.',
      );
    });
    await importDataset(
      studio,
      { source, format: 'pattern', options: { pattern: '{label}/{take}.wav' }, name: RECORDINGS },
      quiet,
    );
    const clipId = project.findClip(path);
    if (clipId === null) throw new Error(`${path} was imported and is no clip`);
    return { path, clipId };
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}
