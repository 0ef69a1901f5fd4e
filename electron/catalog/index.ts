// The catalog's public side: one project file, its clips, decisions, flags, runs, and jobs. SQL is written in this
// folder only.
export * from './backup.ts';
export * from './check.ts';
export {
  clipCount,
  clipExtra,
  clipIdsByPath,
  clipLocation,
  clipPage,
  importedAt,
  readClips,
  readClipsByIds,
  THUMBNAIL_BYTES,
  thumbnails,
} from './clips.ts';
export {
  closeCatalog,
  createCatalog,
  dataVersion,
  type OpenOptions,
  openCatalog,
  revision,
} from './connection.ts';
export { columnNames, columnValues } from './dataset-columns.ts';
export { listDatasets, setDatasetRoot, upsertDataset } from './datasets.ts';
export {
  createEmbedding,
  createMap,
  findEmbedding,
  growEmbedding,
  listEmbeddings,
  mapsOf,
  neighbourGraphsOf,
  removeEmbedding,
  removeMap,
  renameEmbedding,
  setNeighbourGraph,
  unknownEmbedding,
} from './embeddings.ts';
export { type ApplyResult, applyChanges, redo, type TakeBackResult, undoBatch } from './events.ts';
export {
  flagCounts,
  flagsOfClips,
  listUnreadable,
  readFlags,
  replaceFlags,
  replaceUnreadable,
} from './flags.ts';
export { folderWarnings } from './folder-warnings.ts';
export { type ReadableCatalog, transaction, type WritableCatalog } from './handle.ts';
export { batchEvents, eventCount, history, readEvents } from './history.ts';
export { finishImport, importClips, knownFiles } from './import.ts';
export { deleteJob, listJobs, markInterrupted, saveJob } from './jobs.ts';
export { SCHEMA_VERSION } from './migrations.ts';
export { getSetting, projectId, projectName, setSetting } from './project.ts';
export * from './records.ts';
export {
  createRun,
  findRun,
  listRuns,
  type NewRun,
  predictionsOfClip,
  readPredictions,
  removeRun,
  renameRun,
} from './runs.ts';
export { type BatchRow, batches, undoState } from './undo-stack.ts';
