// What exporters take and give: shapes only.

import type { FileFailure } from '../../../shared/domain/dataset.ts';
import type { DecisionEvent } from '../../../shared/domain/decision.ts';

export const exportFormats = ['speech-commands', 'table', 'jsonl', 'nemo', 'decisions'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** One clip with its current values. */
export interface ExportClip {
  /** Absolute path of the dataset's folder; null when it is not known where the audio lies. */
  readonly root: string | null;
  /** Relative to the root, forward slashes. */
  readonly path: string;
  readonly dataset: string;
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
  readonly durationSec: number;
  readonly sampleRate: number;
  readonly channels: number;
  readonly extra: Readonly<Record<string, string>>;
}

export interface ExportRequest {
  /** Absolute path of the folder to be made; for a table, JSONL, NeMo or decisions also of one file by its extension. */
  readonly out: string;
  /** `link` makes hard links, and copies where the file system has none. */
  readonly audio: 'copy' | 'link' | 'none';
  /** Whether something at `out` may be replaced. A replaced folder is kept beside under another name. */
  readonly overwrite: boolean;
  readonly clips: Iterable<ExportClip> | AsyncIterable<ExportClip>;
  readonly decisions: Iterable<DecisionEvent> | AsyncIterable<DecisionEvent>;
  /** Labels of the clips, when they are known beforehand: unusable ones are then refused before anything is written. */
  readonly labels?: readonly string[];
}

export interface ExportControl {
  readonly signal: AbortSignal;
  /** Clips done. */
  progress(clips: number): void;
  /** A clip that could not be exported; the others are. */
  failure(failure: FileFailure): void;
}

export interface ExportSummary {
  /** Files written, audio and text. */
  readonly files: number;
  readonly clips: number;
  readonly bytes: number;
  /** Sentences about what is not as one might expect. */
  readonly notes: readonly string[];
}
