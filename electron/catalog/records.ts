// Rows as the catalog stores and gives them; plain data, no SQL. Query functions take a ReadableCatalog, changes a
// WritableCatalog, so that a reader cannot write by mistake.

import type { Problem } from '../../shared/contract/common.ts';
import type { AudioMeasures } from '../../shared/domain/audio.ts';
import type { DatasetFormat, FileFailure, ImportOptions } from '../../shared/domain/dataset.ts';
import type { DecisionField } from '../../shared/domain/decision.ts';
import type {
  ComputedWith,
  MadeBy,
  MapMethod,
  MapReport,
  MapSettings,
  Metric,
} from '../../shared/domain/embedding.ts';
import type { FlagKind, FlagStatus } from '../../shared/domain/flag.ts';

export interface DatasetRecord {
  readonly id: number;
  readonly uuid: string;
  readonly name: string;
  /** Absolute path of the folder that clip paths are relative to. */
  readonly root: string;
  /** Absolute path of what was imported: the root, or a manifest in it. */
  readonly source: string;
  readonly format: DatasetFormat;
  readonly options: ImportOptions;
  readonly importedAt: string;
}

/** What a format says about one clip (see formats), with what the audio shows. */
export interface ClipInput {
  readonly path: string;
  readonly kind: 'speech' | 'noise';
  readonly label: string | null;
  readonly transcript: string | null;
  readonly split: string | null;
  readonly speaker: string | null;
  readonly gender: string | null;
  readonly age: string | null;
  readonly accent: string | null;
  readonly locale: string | null;
  readonly extra: Readonly<Record<string, string>>;
  readonly fileBytes: number;
  /** Milliseconds, as the file system gives it. */
  readonly fileModifiedMs: number;
  /** Null: the audio was not read again because size and time are those of the last import. */
  readonly audio: { readonly measures: AudioMeasures; readonly thumbnail: Uint8Array } | null;
}

/** A stored clip. `label` and the like are the current values, derived from the event log. */
export interface ClipRecord {
  readonly id: number;
  readonly datasetId: number;
  readonly path: string;
  readonly kind: 'speech' | 'noise';
  readonly label: string | null;
  readonly originalLabel: string | null;
  readonly transcript: string | null;
  readonly originalTranscript: string | null;
  readonly split: string | null;
  readonly speaker: string | null;
  readonly gender: string | null;
  readonly age: string | null;
  readonly accent: string | null;
  readonly locale: string | null;
  readonly review: string | null;
  readonly reviewReason: string | null;
  readonly note: string | null;
  readonly isPresent: boolean;
  readonly fileBytes: number;
  readonly fileModifiedMs: number;
  readonly measures: AudioMeasures;
}

export interface ImportTally {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
}

export interface RunRecord {
  readonly id: number;
  readonly name: string;
  readonly createdAt: string;
  /** File name the predictions came from, for people. */
  readonly source: string;
  readonly labels: readonly string[];
  /** Rows of the source file; matched ones are in `predictions`. */
  readonly rows: number;
  readonly matched: number;
  /** File name in the data folder: N x K float32, row r = the prediction with `row` = r. Null without probabilities. */
  readonly probabilitiesFile: string | null;
  readonly problems: readonly Problem[];
  /** How it was made here; null when its predictions were brought. */
  readonly details: { readonly model: MadeBy; readonly computed: ComputedWith } | null;
}

export interface EmbeddingRecord {
  readonly id: number;
  readonly name: string;
  readonly createdAt: string;
  readonly model: MadeBy;
  readonly rows: number;
  /** Rows of NaN: clips that could not be embedded. */
  readonly failed: number;
  readonly dimensions: number;
  /** File names in the data folder: rows x dimensions float32, and the clip id of each row as int32. */
  readonly file: string;
  readonly clipsFile: string;
  readonly details: ComputedWith;
}

export interface NeighbourGraphRecord {
  readonly embeddingId: number;
  readonly metric: Metric;
  /** Neighbours of each row. */
  readonly k: number;
  readonly method: 'exact' | 'approximate';
  /** Share of the true neighbours found, measured on a sample; null when exact. */
  readonly recall: number | null;
  /** File names in the data folder: rows x k int32 row numbers (-1 = fewer) and float32 distances, nearest first. */
  readonly indicesFile: string;
  readonly distancesFile: string;
}

export interface MapRecord {
  readonly id: number;
  readonly embeddingId: number;
  readonly createdAt: string;
  readonly method: MapMethod;
  readonly settings: MapSettings;
  readonly report: MapReport;
  /** File name in the data folder: rows x 2 float32. */
  readonly file: string;
}

export interface PredictionRecord {
  readonly clipId: number;
  readonly predicted: string | null;
  readonly confidence: number | null;
  readonly hypothesis: string | null;
  readonly latencyMs: number | null;
  /** Row of the probability array; -1 without one. */
  readonly row: number;
}

export interface FlagInput {
  /** Null for files that are no clip; then `path` names the file. */
  readonly clipId: number | null;
  readonly path: string;
  readonly kind: FlagKind;
  readonly score: number;
  readonly reason: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly proposed: string | null;
}

export interface FlagRecord extends FlagInput {
  readonly id: number;
  readonly status: FlagStatus;
}

/** One wanted change of one clip. The catalog reads the present value itself. */
export interface ChangeInput {
  readonly clipId: number;
  readonly field: DecisionField;
  /** Flag kind, for field `flag`. */
  readonly subject: string | null;
  readonly to: string | null;
  readonly reason: string | null;
}

/** The wanted status of a file that could not be used, named by its flag. */
export interface FileChangeInput {
  readonly flagId: number;
  readonly to: FlagStatus;
}

export interface JobRecord {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly state: string;
  readonly params: unknown;
  readonly summary: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly result: unknown;
  readonly failures: readonly FileFailure[];
  readonly startedAt: string;
  readonly endedAt: string | null;
}
