// What the engine may ask of the worker process: for each task its parameters, the items it streams back while it
// runs, and its result. Plain data and typed arrays only. Paths here are absolute and already contained.

import type { Problem } from '../../shared/contract/common.ts';
import type { SpectrogramScale } from '../../shared/contract/routes.ts';
import type {
  DatasetFormat,
  FileFailure,
  ImportOptions,
  MappableField,
} from '../../shared/domain/dataset.ts';
import type { FileColumns, SourceColumns } from './clip-columns.ts';

/** Where a clip's sound lies. */
export interface AudioLocation {
  readonly root: string;
  /** Relative to the root. */
  readonly path: string;
}

/** The files of the last import, as parallel columns: unchanged ones are not decoded again. */
export interface KnownFiles {
  readonly paths: readonly string[];
  readonly bytes: Float64Array;
  readonly modifiedMs: Float64Array;
}

export interface PreviewResult {
  readonly rows: readonly {
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
  }[];
  readonly problems: readonly FileFailure[];
  readonly columns: readonly string[] | null;
  readonly suggestedMapping: Partial<Record<MappableField, string>> | null;
  readonly unmatchedExamples: readonly string[];
  readonly unmatched: number;
  readonly clips: number;
  readonly labels: number;
  readonly speakers: number;
  readonly total: number;
  readonly isComplete: boolean;
}

export interface PredictionsRead {
  readonly form: 'table' | 'array';
  readonly labels: readonly string[] | null;
  readonly rows: number;
  readonly problems: readonly Problem[];
  readonly looksLikeLogits: boolean;
  readonly hasProbabilities: boolean;
}

/** A run of prediction rows as parallel columns, in file order. */
export interface PredictionRows {
  readonly clips: readonly string[];
  readonly predicted: readonly (string | null)[];
  readonly confidence: readonly (number | null)[];
  readonly hypothesis: readonly (string | null)[];
  readonly latencyMs: readonly (number | null)[];
}

export interface WorkerTasks {
  detect: {
    params: { source: string };
    item: never;
    result: {
      candidates: readonly { format: DatasetFormat; confidence: number; why: string }[];
      suggestedPattern: string | null;
    };
  };
  /** Absolute folder that the clip paths of this import are relative to. */
  resolveRoot: {
    params: { source: string; format: DatasetFormat; options: ImportOptions };
    item: never;
    result: string;
  };
  preview: {
    params: { source: string; format: DatasetFormat; options: ImportOptions };
    item: never;
    result: PreviewResult;
  };
  import: {
    params: { source: string; format: DatasetFormat; options: ImportOptions; known: KnownFiles };
    item: {
      readonly sources: SourceColumns;
      readonly files: FileColumns;
      readonly failures: readonly FileFailure[];
      /** Files named so far by the format's lists, and whether that is all of them. */
      readonly listed: number;
      readonly isListingComplete: boolean;
    };
    result: { readonly files: number };
  };
  predictions: {
    params: {
      source: string;
      labelsFile: string | null;
      clipsFile: string | null;
      softmax: boolean;
      /** Class names to use when the source names none and their number fits. */
      fallbackLabels: readonly string[];
      /** Where to write the N x K float32 array; null = do not (a preview). */
      probabilitiesOut: string | null;
      /** Stop after so many rows; null = all. */
      limit: number | null;
    };
    item: PredictionRows;
    result: PredictionsRead;
  };
  /** Labels by clip path, from a table that a person wrote. */
  labels: {
    params: { source: string };
    item: readonly { readonly path: string; readonly label: string | null; readonly reason: string | null }[];
    result: { readonly rows: number };
  };
  /** The clip as 16-bit WAV. */
  wav: { params: AudioLocation; item: never; result: { readonly bytes: Uint8Array } };
  peaks: {
    params: AudioLocation & { columns: number; from: number | null; to: number | null };
    item: never;
    result: { readonly peaks: Float32Array };
  };
  spectrogram: {
    params: AudioLocation & {
      columns: number;
      bins: number;
      scale: SpectrogramScale;
      from: number | null;
      to: number | null;
    };
    item: never;
    result: {
      readonly data: Uint8Array;
      readonly columns: number;
      readonly bins: number;
      readonly maxHz: number;
    };
  };
}
