// What the tests of this folder share: projects in a folder that is removed afterwards, and clips to fill them with.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { THUMBNAIL_BYTES } from './clips.ts';
import type { DatasetRecord } from './index.ts';
import {
  type ChangeInput,
  type ClipInput,
  closeCatalog,
  createCatalog,
  importClips,
  readClips,
  upsertDataset,
  type WritableCatalog,
} from './index.ts';

/** A folder that is removed when the tests of the file are over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'earmark-catalog-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let number = 0;

export interface Fixture {
  readonly catalog: WritableCatalog;
  readonly dataset: DatasetRecord;
  readonly ids: readonly number[];
}

/** A project with one dataset of `clips` clips, labelled `four`; clip n is `four/n.wav`. */
export function makeProject(folder: string, clips: number): Fixture {
  number += 1;
  const catalog = createCatalog(join(folder, `project-${number}.earmark`), `project ${number}`);
  afterAll(() => closeCatalog(catalog));
  const dataset = addDataset(catalog, 'digits', join(folder, 'digits'));
  importClips(
    catalog,
    dataset.id,
    'first',
    Array.from({ length: clips }, (_, index) =>
      clipInput(`four/${index}.wav`, { label: 'four', transcript: 'Four.' }),
    ),
  );
  return { catalog, dataset, ids: [...readClips(catalog)].map((clip) => clip.id) };
}

export function addDataset(catalog: WritableCatalog, name: string, root: string): DatasetRecord {
  return upsertDataset(catalog, { name, root, source: root, format: 'folder', options: {} });
}

export function clipInput(path: string, fields: Partial<ClipInput> = {}): ClipInput {
  return {
    path,
    kind: 'speech',
    label: null,
    transcript: null,
    split: 'train',
    speaker: 'ann',
    gender: null,
    age: null,
    accent: null,
    locale: null,
    extra: {},
    fileBytes: 32_044,
    fileModifiedMs: 1_700_000_000_000.25,
    audio: audio(path),
    ...fields,
  };
}

/** Measures of a second of sound whose hash is made of `content`. */
export function audio(content: string): NonNullable<ClipInput['audio']> {
  return {
    measures: {
      container: 'wav',
      encoding: 'pcm_s16',
      sampleRate: 16_000,
      channels: 1,
      frames: 16_000,
      peakDbfs: -1.5,
      rmsDbfs: -20.25,
      dcOffset: 0.000_123,
      clippedSamples: 0,
      clippedRuns: 0,
      leadingSilenceSec: 0.12,
      trailingSilenceSec: 0.2,
      startEdgeDb: -30.5,
      endEdgeDb: null,
      sampleHash: Buffer.from(content.slice(-16).padEnd(16, '.')).toString('hex').slice(0, 32),
    },
    thumbnail: new Uint8Array(THUMBNAIL_BYTES).fill(content.length),
  };
}

export function change(clipId: number, fields: Partial<ChangeInput>): ChangeInput {
  return { clipId, field: 'label', subject: null, to: null, reason: null, ...fields };
}
