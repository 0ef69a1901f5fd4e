// Writes what an import found: clips are added or brought up to date by dataset and path, decisions survive, and what
// the import did not meet is marked missing. An interrupted import is simply run again.
import { THUMBNAIL_BYTES } from './clips.ts';
import { keepColumnNames } from './dataset-columns.ts';
import {
  count,
  hot,
  type RawStatement,
  type ReadableCatalog,
  sql,
  transaction,
  type WritableCatalog,
} from './handle.ts';
import type { ClipInput, ImportTally } from './records.ts';

/** Columns that hold what the format says, in the order of `metadataOf`. */
const metadataColumns = [
  'kind',
  'original_label',
  'original_transcript',
  'split',
  'speaker',
  'gender',
  'age',
  'accent',
  'locale',
  'extra',
  'file_bytes',
  'file_modified_ms',
] as const;

/** Columns that hold what the audio shows, in the order of `audioOf`. */
const audioColumns = [
  'container',
  'encoding',
  'sample_rate',
  'channels',
  'frames',
  'peak_dbfs',
  'rms_dbfs',
  'dc_offset',
  'clipped_samples',
  'clipped_runs',
  'leading_silence_sec',
  'trailing_silence_sec',
  'start_edge_db',
  'end_edge_db',
  'sample_hash',
  'thumbnail',
] as const;

const allColumns = ['dataset_id', 'path', 'label', 'transcript', ...metadataColumns, ...audioColumns];
const insertText = `INSERT INTO clips (${allColumns.join(', ')}) VALUES (${allColumns.map(() => '?').join(', ')})
  ON CONFLICT (dataset_id, path) DO NOTHING`;
const selectText = `SELECT id, is_present, sample_hash, ${metadataColumns.join(', ')} FROM clips
  WHERE dataset_id = ? AND path = ?`;
// The current label and transcript follow the import unless a person decided them.
const updateMetadataText = `UPDATE clips SET label = IIF(decided & 1, label, ?), transcript = IIF(decided & 2, transcript, ?),
  is_present = 1, ${metadataColumns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`;
const updateAudioText = `UPDATE clips SET ${audioColumns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`;

type Metadata = readonly (string | number | null)[];

/**
 * Adds or updates one batch of clips in one transaction. `importId` names the import: all batches of it, also after an
 * interruption, carry the same one. Batches of some thousand clips keep the cost of the commit small.
 * `changed` counts clips whose metadata, file or presence differs from what was stored.
 */
export function importClips(
  catalog: WritableCatalog,
  datasetId: number,
  importId: string,
  batch: readonly ClipInput[],
): ImportTally {
  return transaction(catalog, () => {
    const known = importRow(catalog, datasetId, importId);
    keepColumnNames(catalog, datasetId, batch);
    const statements = {
      insert: hot(catalog, insertText),
      select: hot(catalog, selectText),
      updateMetadata: hot(catalog, updateMetadataText),
      updateAudio: hot(catalog, updateAudioText),
      see: hot(catalog, 'INSERT OR IGNORE INTO import_seen (import_id, clip_id) VALUES (?, ?)'),
    };
    const tally = { added: 0, changed: 0, unchanged: 0 };
    // Known clips come in runs: look first for what the last clip was, so that each costs one statement.
    let expectsKnown = known.lastKnownId > 0;
    for (const clip of batch) {
      let row = expectsKnown ? statements.select.get(datasetId, clip.path) : undefined;
      if (row === undefined) {
        if (insert(statements.insert, datasetId, clip)) {
          tally.added += 1;
          expectsKnown = false;
          continue;
        }
        row = statements.select.get(datasetId, clip.path);
        if (row === undefined) throw missingAudio(clip.path);
      }
      expectsKnown = true;
      const id = row[0] as number;
      if (id <= known.lastKnownId) statements.see.run(known.id, id);
      if (update(statements, id, row, clip)) tally.changed += 1;
      else tally.unchanged += 1;
    }
    return tally;
  });
}

function insert(statement: RawStatement, datasetId: number, clip: ClipInput): boolean {
  if (clip.audio === null) return false;
  const { measures, thumbnail } = clip.audio;
  checkThumbnail(thumbnail);
  // Spelled out in the order of `allColumns`: joining arrays here costs a tenth of a large import.
  const { changes } = statement.run(
    datasetId,
    clip.path,
    clip.label,
    clip.transcript,
    clip.kind,
    clip.label,
    clip.transcript,
    clip.split,
    clip.speaker,
    clip.gender,
    clip.age,
    clip.accent,
    clip.locale,
    extraText(clip.extra),
    clip.fileBytes,
    clip.fileModifiedMs,
    measures.container,
    measures.encoding,
    measures.sampleRate,
    measures.channels,
    measures.frames,
    measures.peakDbfs,
    measures.rmsDbfs,
    measures.dcOffset,
    measures.clippedSamples,
    measures.clippedRuns,
    measures.leadingSilenceSec,
    measures.trailingSilenceSec,
    measures.startEdgeDb,
    measures.endEdgeDb,
    measures.sampleHash,
    thumbnail,
  );
  return changes === 1;
}

function update(
  statements: { readonly updateMetadata: RawStatement; readonly updateAudio: RawStatement },
  id: number,
  row: readonly unknown[],
  clip: ClipInput,
): boolean {
  const metadata = metadataOf(clip);
  const [, isPresent, sampleHash, ...stored] = row;
  const hasOtherAudio = clip.audio !== null && clip.audio.measures.sampleHash !== sampleHash;
  let hasOtherMetadata = isPresent !== 1;
  let hasOtherStamps = false;
  for (let index = 0; index < metadata.length; index += 1) {
    if (metadata[index] === stored[index]) continue;
    if (index < FILE_STAMPS) hasOtherMetadata = true;
    else hasOtherStamps = true;
  }
  if (hasOtherMetadata || hasOtherStamps)
    statements.updateMetadata.run(clip.label, clip.transcript, ...metadata, id);
  // Read again though its samples are the same: the container or the way of measuring may differ, so it is kept.
  if (clip.audio !== null) statements.updateAudio.run(...audioOf(clip.audio), id);
  return hasOtherMetadata || hasOtherAudio;
}

/** Where size and time of the file begin in what `metadataOf` gives: they alone make no clip another one. */
const FILE_STAMPS = 10;

function metadataOf(clip: ClipInput): Metadata {
  return [
    clip.kind,
    clip.label,
    clip.transcript,
    clip.split,
    clip.speaker,
    clip.gender,
    clip.age,
    clip.accent,
    clip.locale,
    extraText(clip.extra),
    clip.fileBytes,
    clip.fileModifiedMs,
  ];
}

function audioOf(audio: NonNullable<ClipInput['audio']>): (string | number | null | Uint8Array)[] {
  const { measures, thumbnail } = audio;
  checkThumbnail(thumbnail);
  return [
    measures.container,
    measures.encoding,
    measures.sampleRate,
    measures.channels,
    measures.frames,
    measures.peakDbfs,
    measures.rmsDbfs,
    measures.dcOffset,
    measures.clippedSamples,
    measures.clippedRuns,
    measures.leadingSilenceSec,
    measures.trailingSilenceSec,
    measures.startEdgeDb,
    measures.endEdgeDb,
    measures.sampleHash,
    thumbnail,
  ];
}

function extraText(extra: ClipInput['extra']): string | null {
  for (const _ in extra) return JSON.stringify(extra);
  return null;
}

function checkThumbnail(thumbnail: Uint8Array): void {
  if (thumbnail.length !== THUMBNAIL_BYTES) {
    throw new Error(`a thumbnail has ${THUMBNAIL_BYTES} bytes, not ${thumbnail.length}`);
  }
}

function missingAudio(path: string): Error {
  return new Error(`${path} came without audio measures, but the catalog does not know it`);
}

/** The record of a running import; made on its first batch. */
function importRow(
  catalog: WritableCatalog,
  datasetId: number,
  importId: string,
): { readonly id: number; readonly lastKnownId: number } {
  const find = sql(catalog, 'SELECT id, last_known_id FROM imports WHERE dataset_id = ? AND key = ?');
  let row = find.get(datasetId, importId);
  if (row === undefined) {
    forgetAbandoned(catalog, datasetId);
    const lastKnownId = count(catalog, 'SELECT COALESCE(MAX(id), 0) FROM clips');
    sql(catalog, 'INSERT INTO imports (key, dataset_id, last_known_id, started_at) VALUES (?, ?, ?, ?)').run(
      importId,
      datasetId,
      lastKnownId,
      new Date().toISOString(),
    );
    row = find.get(datasetId, importId);
  }
  const [id, lastKnownId] = row as [number, number];
  return { id, lastKnownId };
}

const abandonedAfterMs = 7 * 24 * 3600 * 1000;

/** Drops the marks of imports that were given up long ago; a younger one may be running in another process. */
function forgetAbandoned(catalog: WritableCatalog, datasetId: number): void {
  const limit = new Date(Date.now() - abandonedAfterMs).toISOString();
  const rows = sql(catalog, 'SELECT id FROM imports WHERE dataset_id = ? AND started_at < ?').all(
    datasetId,
    limit,
  );
  for (const [id] of rows as [number][]) removeImport(catalog, id);
}

function removeImport(catalog: WritableCatalog, id: number): void {
  sql(catalog, 'DELETE FROM import_seen WHERE import_id = ?').run(id);
  sql(catalog, 'DELETE FROM imports WHERE id = ?').run(id);
}

/**
 * Ends an import that walked over the whole dataset: clips it did not meet are marked as not present. They keep their
 * decisions and come back when their file does. Not to be called for an import that was cancelled or failed.
 */
export function finishImport(
  catalog: WritableCatalog,
  datasetId: number,
  importId: string,
): { readonly missing: number } {
  return transaction(catalog, () => {
    // An import that met no file at all has no record yet, and then every clip is missing.
    const { id, lastKnownId } = importRow(catalog, datasetId, importId);
    if (lastKnownId > 0) {
      sql(
        catalog,
        `UPDATE clips SET is_present = 0 WHERE dataset_id = ? AND is_present = 1 AND id <= ?
         AND id NOT IN (SELECT clip_id FROM import_seen WHERE import_id = ?)`,
      ).run(datasetId, lastKnownId, id);
    }
    removeImport(catalog, id);
    sql(catalog, 'UPDATE datasets SET imported_at = ? WHERE id = ?').run(new Date().toISOString(), datasetId);
    return {
      missing: count(
        catalog,
        'SELECT COUNT(*) FROM clips WHERE dataset_id = ? AND is_present = 0',
        datasetId,
      ),
    };
  });
}

/** Files of a dataset that need not be read again while their size and time are the same, by path. */
export function knownFiles(
  catalog: ReadableCatalog,
  datasetId: number,
): Map<string, { readonly id: number; readonly fileBytes: number; readonly fileModifiedMs: number }> {
  const rows = sql(
    catalog,
    'SELECT path, id, file_bytes, file_modified_ms FROM clips WHERE dataset_id = ?',
  ).all(datasetId);
  return new Map(
    (rows as [string, number, number, number][]).map(([path, id, fileBytes, fileModifiedMs]) => [
      path,
      { id, fileBytes, fileModifiedMs },
    ]),
  );
}
