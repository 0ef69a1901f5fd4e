// Reads clips: all of them for the working set, a few by id, and what is fetched one by one (thumbnails, extra fields,
// the place on disk). Writing is import.ts; decisions are events.ts.
import { type AudioMeasures, THUMBNAIL_COLUMNS } from '../../shared/domain/audio.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { count, guarded, hot, type ReadableCatalog, sql } from './handle.ts';
import type { ClipRecord } from './records.ts';

/** Bytes of one thumbnail: min and max, int8, interleaved. */
export const THUMBNAIL_BYTES = 2 * THUMBNAIL_COLUMNS;

const columns = `id, dataset_id, path, kind, label, original_label, transcript, original_transcript, split, speaker,
  gender, age, accent, locale, review, review_reason, note, is_present, file_bytes, file_modified_ms, container, encoding,
  sample_rate, channels, frames, peak_dbfs, rms_dbfs, dc_offset, clipped_samples, clipped_runs, leading_silence_sec,
  trailing_silence_sec, start_edge_db, end_edge_db, sample_hash`;

type Text = string | null;
type ClipRow = [
  id: number,
  datasetId: number,
  path: string,
  kind: 'speech' | 'noise',
  label: Text,
  originalLabel: Text,
  transcript: Text,
  originalTranscript: Text,
  split: Text,
  speaker: Text,
  gender: Text,
  age: Text,
  accent: Text,
  locale: Text,
  review: Text,
  reviewReason: Text,
  note: Text,
  isPresent: number,
  fileBytes: number,
  fileModifiedMs: number,
  container: AudioMeasures['container'],
  encoding: string,
  sampleRate: number,
  channels: number,
  frames: number,
  peakDbfs: number | null,
  rmsDbfs: number | null,
  dcOffset: number,
  clippedSamples: number,
  clippedRuns: number,
  leadingSilenceSec: number,
  trailingSilenceSec: number,
  startEdgeDb: number | null,
  endEdgeDb: number | null,
  sampleHash: string,
];

function toClip(row: ClipRow): ClipRecord {
  return {
    id: row[0],
    datasetId: row[1],
    path: row[2],
    kind: row[3],
    label: row[4],
    originalLabel: row[5],
    transcript: row[6],
    originalTranscript: row[7],
    split: row[8],
    speaker: row[9],
    gender: row[10],
    age: row[11],
    accent: row[12],
    locale: row[13],
    review: row[14],
    reviewReason: row[15],
    note: row[16],
    isPresent: row[17] === 1,
    fileBytes: row[18],
    fileModifiedMs: row[19],
    measures: {
      container: row[20],
      encoding: row[21],
      sampleRate: row[22],
      channels: row[23],
      frames: row[24],
      peakDbfs: row[25],
      rmsDbfs: row[26],
      dcOffset: row[27],
      clippedSamples: row[28],
      clippedRuns: row[29],
      leadingSilenceSec: row[30],
      trailingSilenceSec: row[31],
      startEdgeDb: row[32],
      endEdgeDb: row[33],
      sampleHash: row[34],
    },
  };
}

/** Rows fetched at a time; between two fetches the catalog is free for other work. */
const rowsPerFetch = 5000;

export function clipCount(catalog: ReadableCatalog): number {
  return count(catalog, 'SELECT COUNT(*) FROM clips');
}

/** Every clip, by id. Writing while reading is allowed; clips ahead are then seen as written. */
export function* readClips(catalog: ReadableCatalog): IterableIterator<ClipRecord> {
  let last = 0;
  while (true) {
    const rows = clipPage(catalog, last, rowsPerFetch);
    yield* rows;
    if (rows.length < rowsPerFetch) return;
    last = rows[rows.length - 1]?.id ?? last;
  }
}

/** At most `limit` clips with ids above `afterId`, by id. */
export function clipPage(catalog: ReadableCatalog, afterId: number, limit: number): ClipRecord[] {
  const rows = sql(catalog, `SELECT ${columns} FROM clips WHERE id > ? ORDER BY id LIMIT ?`).all(
    afterId,
    limit,
  );
  return (rows as ClipRow[]).map(toClip);
}

/** These clips, in the order asked for; ids that do not exist are left out. */
export function readClipsByIds(catalog: ReadableCatalog, ids: readonly number[]): ClipRecord[] {
  return guarded(catalog.file, () => {
    const byId = hot(catalog, `SELECT ${columns} FROM clips WHERE id = ?`);
    const found: ClipRecord[] = [];
    for (const id of ids) {
      const row = byId.get(id);
      if (row !== undefined) found.push(toClip(row as ClipRow));
    }
    return found;
  });
}

/** Fields of the source that are no clip field, by name. */
export function clipExtra(catalog: ReadableCatalog, id: number): Readonly<Record<string, string>> {
  const row = sql(catalog, 'SELECT extra FROM clips WHERE id = ?').get(id);
  if (row === undefined) throw unknownClip(id);
  return row[0] === null ? {} : (JSON.parse(row[0] as string) as Record<string, string>);
}

/** The thumbnails of these clips, one after the other, `THUMBNAIL_BYTES` each; zeros for ids that do not exist. */
export function thumbnails(catalog: ReadableCatalog, ids: readonly number[]): Uint8Array {
  return guarded(catalog.file, () => {
    const all = new Uint8Array(ids.length * THUMBNAIL_BYTES);
    const byId = hot(catalog, 'SELECT thumbnail FROM clips WHERE id = ?');
    ids.forEach((id, index) => {
      const bytes = byId.get(id)?.[0] as Uint8Array | undefined;
      if (bytes !== undefined) all.set(bytes.subarray(0, THUMBNAIL_BYTES), index * THUMBNAIL_BYTES);
    });
    return all;
  });
}

/** Where a clip's file lies, and the time of change that its measures belong to. Throws `clip/unknown`. */
export function clipLocation(
  catalog: ReadableCatalog,
  id: number,
): { readonly root: string; readonly path: string; readonly fileModifiedMs: number } {
  const row = sql(
    catalog,
    `SELECT d.root, c.path, c.file_modified_ms FROM clips c JOIN datasets d ON d.id = c.dataset_id WHERE c.id = ?`,
  ).get(id);
  if (row === undefined) throw unknownClip(id);
  const [root, path, fileModifiedMs] = row as [string, string, number];
  return { root, path, fileModifiedMs };
}

/** When a clip's dataset was last imported, ISO 8601 UTC. Throws `clip/unknown`. */
export function importedAt(catalog: ReadableCatalog, id: number): string {
  const row = sql(
    catalog,
    'SELECT d.imported_at FROM clips c JOIN datasets d ON d.id = c.dataset_id WHERE c.id = ?',
  ).get(id);
  if (row === undefined) throw unknownClip(id);
  return row[0] as string;
}

/** Clip ids by path; of one dataset, or of all (then the first clip of a path that several datasets have). */
export function clipIdsByPath(catalog: ReadableCatalog, datasetId?: number): Map<string, number> {
  const rows =
    datasetId === undefined
      ? sql(catalog, 'SELECT path, id FROM clips ORDER BY id DESC').all()
      : sql(catalog, 'SELECT path, id FROM clips WHERE dataset_id = ?').all(datasetId);
  return new Map(rows as [string, number][]);
}

export function unknownClip(id: number): EarmarkError {
  return new EarmarkError('clip/unknown', `The project has no clip number ${id}.`, { id });
}
