// Columns of the working set: one value per row, held as numbers. Rows count from 0 in the order of clip ids.
import type { Dictionary } from './dictionary.ts';

/** Strings by dictionary code; -1 = null. */
export interface CodeColumn {
  readonly type: 'codes';
  readonly codes: Int32Array;
  readonly dictionary: Dictionary;
  /** Goes up with every change of a value. */
  version: number;
}

/** Numbers; NaN = null. Levels of digital silence are -Infinity and shown as null. */
export interface NumberColumn {
  readonly type: 'numbers';
  readonly values: Float64Array;
  version: number;
}

/** Strings that are nearly all different: paths, hashes. */
export interface TextColumn {
  readonly type: 'texts';
  readonly texts: readonly string[];
  version: number;
}

/** 1 = true, 0 = false, -1 = null. */
export interface BooleanColumn {
  readonly type: 'booleans';
  readonly values: Int8Array;
  version: number;
}

/** Open flags: bit i = flagKinds[i]. */
export interface FlagColumn {
  readonly type: 'flags';
  readonly masks: Uint32Array;
  version: number;
}

export type Column = CodeColumn | NumberColumn | TextColumn | BooleanColumn | FlagColumn;

export const codeColumnNames = [
  'dataset',
  'kind',
  'label',
  'originalLabel',
  'transcript',
  'originalTranscript',
  'split',
  'speaker',
  'gender',
  'age',
  'accent',
  'locale',
  'container',
  'encoding',
  'review',
  'reviewReason',
  'note',
] as const;
export type CodeColumnName = (typeof codeColumnNames)[number];

export const numberColumnNames = [
  'durationSec',
  'sampleRate',
  'channels',
  'peakDbfs',
  'rmsDbfs',
  'clippedSamples',
  'clippedRuns',
  'dcOffset',
  'leadingSilenceSec',
  'trailingSilenceSec',
  'startEdgeDb',
  'endEdgeDb',
  'fileBytes',
] as const;
export type NumberColumnName = (typeof numberColumnNames)[number];

export function codeColumn(rows: number, dictionary: Dictionary): CodeColumn {
  return { type: 'codes', codes: new Int32Array(rows).fill(-1), dictionary, version: 0 };
}

export function numberColumn(rows: number): NumberColumn {
  return { type: 'numbers', values: new Float64Array(rows).fill(Number.NaN), version: 0 };
}
