// What other folders may use of the formats: datasets in, predictions in, datasets out.
export { containedPath, leadsOut } from './containment.ts';
export { runExport } from './export/run.ts';
export type {
  ExportClip,
  ExportControl,
  ExportFormat,
  ExportRequest,
  ExportSummary,
} from './export/types.ts';
export type { FilePattern } from './file-pattern.ts';
export type { ClipSource, DatasetSource, ReadReport } from './format.ts';
export { type MapPoint, mapCsv, mapNpy, mapProjector } from './map-file.ts';
export {
  npyHeader,
  npyToFloat32,
  npyToInt32,
  parseNpy,
  parseNpyHeader,
  readNpyFile,
  writeNpyFile,
} from './npy.ts';
export { type ClipMatch, type ClipMatcher, createClipMatcher } from './predictions/match.ts';
export { type PredictionOptions, type PredictionSource, readPredictions } from './predictions/read.ts';
export type { PredictionRows, PredictionSet } from './predictions/rows.ts';
export { type DatasetPreview, previewDataset } from './preview.ts';
export { detectFormat, type FormatCandidate, readerFor, rootOf, suggestPattern } from './registry.ts';
export { openTable, type TableFile, type TableRow } from './table-file.ts';
