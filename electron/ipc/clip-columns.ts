// Clips on their way from the scanning threads to the catalog, as columns: a message of a few arrays costs a tenth of
// one object per clip, and goes through both process borders unchanged. Null numbers travel as NaN.
import type { AudioMeasures } from '../../shared/domain/audio.ts';
import { THUMBNAIL_COLUMNS } from '../../shared/domain/audio.ts';
import type { ClipInput } from '../catalog/records.ts';

const THUMBNAIL_BYTES = 2 * THUMBNAIL_COLUMNS;

/** What became of a file: it could not be used, it is as the last import left it, or it was read. */
export const FILE_FAILED = 0;
export const FILE_UNCHANGED = 1;
export const FILE_READ = 2;

/** What the files of a batch are and sound like; one row per file, in the order asked for. */
export interface FileColumns {
  /** FILE_FAILED, FILE_UNCHANGED or FILE_READ. Measures and thumbnails count only for FILE_READ. */
  readonly states: Uint8Array<ArrayBuffer>;
  readonly bytes: Float64Array<ArrayBuffer>;
  readonly modifiedMs: Float64Array<ArrayBuffer>;
  readonly containers: AudioMeasures['container'][];
  readonly encodings: string[];
  readonly sampleHashes: string[];
  /** Rows of MEASURES numbers, in the order that `setAudio` writes. */
  readonly measures: Float64Array<ArrayBuffer>;
  /** Rows of THUMBNAIL_BYTES bytes. */
  readonly thumbnails: Uint8Array<ArrayBuffer>;
}

/** Numbers per row of `measures`. */
const MEASURES = 12;

/** Columns for `rows` files, all FILE_FAILED. */
export function fileColumns(rows: number): FileColumns {
  return {
    states: new Uint8Array(rows),
    bytes: new Float64Array(rows),
    modifiedMs: new Float64Array(rows),
    containers: new Array<AudioMeasures['container']>(rows).fill('wav'),
    encodings: new Array<string>(rows).fill(''),
    sampleHashes: new Array<string>(rows).fill(''),
    measures: new Float64Array(rows * MEASURES),
    thumbnails: new Uint8Array(rows * THUMBNAIL_BYTES),
  };
}

/** The arrays' memory, to be handed over with a message instead of copied. */
export function memoryOf(columns: FileColumns): ArrayBuffer[] {
  const { states, bytes, modifiedMs, measures, thumbnails } = columns;
  return [states.buffer, bytes.buffer, modifiedMs.buffer, measures.buffer, thumbnails.buffer];
}

/** Writes what was read of the file of a row. `thumbnail` is int8, THUMBNAIL_BYTES long. */
export function setAudio(
  columns: FileColumns,
  row: number,
  measures: AudioMeasures,
  thumbnail: Int8Array,
): void {
  columns.states[row] = FILE_READ;
  columns.containers[row] = measures.container;
  columns.encodings[row] = measures.encoding;
  columns.sampleHashes[row] = measures.sampleHash;
  const numbers = columns.measures;
  let at = row * MEASURES;
  numbers[at++] = measures.sampleRate;
  numbers[at++] = measures.channels;
  numbers[at++] = measures.frames;
  numbers[at++] = measures.peakDbfs ?? Number.NaN;
  numbers[at++] = measures.rmsDbfs ?? Number.NaN;
  numbers[at++] = measures.dcOffset;
  numbers[at++] = measures.clippedSamples;
  numbers[at++] = measures.clippedRuns;
  numbers[at++] = measures.leadingSilenceSec;
  numbers[at++] = measures.trailingSilenceSec;
  numbers[at++] = measures.startEdgeDb ?? Number.NaN;
  numbers[at++] = measures.endEdgeDb ?? Number.NaN;
  columns.thumbnails.set(
    new Uint8Array(thumbnail.buffer, thumbnail.byteOffset, thumbnail.byteLength),
    row * THUMBNAIL_BYTES,
  );
}

/** Copies one file's row to a row of other columns. */
export function copyRow(from: FileColumns, row: number, to: FileColumns, toRow: number): void {
  to.states[toRow] = from.states[row]!;
  to.bytes[toRow] = from.bytes[row]!;
  to.modifiedMs[toRow] = from.modifiedMs[row]!;
  to.containers[toRow] = from.containers[row]!;
  to.encodings[toRow] = from.encodings[row]!;
  to.sampleHashes[toRow] = from.sampleHashes[row]!;
  to.measures.set(from.measures.subarray(row * MEASURES, (row + 1) * MEASURES), toRow * MEASURES);
  to.thumbnails.set(
    from.thumbnails.subarray(row * THUMBNAIL_BYTES, (row + 1) * THUMBNAIL_BYTES),
    toRow * THUMBNAIL_BYTES,
  );
}

function audioAt(columns: FileColumns, row: number): NonNullable<ClipInput['audio']> {
  const numbers = columns.measures;
  const at = row * MEASURES;
  const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
  return {
    measures: {
      container: columns.containers[row]!,
      encoding: columns.encodings[row]!,
      sampleRate: numbers[at]!,
      channels: numbers[at + 1]!,
      frames: numbers[at + 2]!,
      peakDbfs: orNull(numbers[at + 3]!),
      rmsDbfs: orNull(numbers[at + 4]!),
      dcOffset: numbers[at + 5]!,
      clippedSamples: numbers[at + 6]!,
      clippedRuns: numbers[at + 7]!,
      leadingSilenceSec: numbers[at + 8]!,
      trailingSilenceSec: numbers[at + 9]!,
      startEdgeDb: orNull(numbers[at + 10]!),
      endEdgeDb: orNull(numbers[at + 11]!),
      sampleHash: columns.sampleHashes[row]!,
    },
    thumbnail: columns.thumbnails.subarray(row * THUMBNAIL_BYTES, (row + 1) * THUMBNAIL_BYTES),
  };
}

type Source = Omit<ClipInput, 'fileBytes' | 'fileModifiedMs' | 'audio'>;

const textFields = [
  'label',
  'transcript',
  'split',
  'speaker',
  'gender',
  'age',
  'accent',
  'locale',
] as const satisfies readonly (keyof Source)[];

/** What a format says about the clips of a batch. A field that no clip has is null as a whole. */
export interface SourceColumns {
  readonly paths: readonly string[];
  /** Rows that are noise; all others are speech. */
  readonly noiseRows: readonly number[];
  readonly texts: Readonly<Record<(typeof textFields)[number], readonly (string | null)[] | null>>;
  readonly extras: readonly Readonly<Record<string, string>>[];
}

export function packSources(sources: readonly Source[]): SourceColumns {
  const texts = {} as Record<(typeof textFields)[number], readonly (string | null)[] | null>;
  for (const field of textFields) {
    const isUsed = sources.some((source) => source[field] !== null);
    texts[field] = isUsed ? sources.map((source) => source[field]) : null;
  }
  return {
    paths: sources.map(({ path }) => path),
    noiseRows: sources.flatMap(({ kind }, row) => (kind === 'noise' ? [row] : [])),
    texts,
    extras: sources.map(({ extra }) => extra),
  };
}

/** The clips of a batch, without the files that could not be used. */
export function unpackClips(sources: SourceColumns, files: FileColumns): ClipInput[] {
  const { label, transcript, split, speaker, gender, age, accent, locale } = sources.texts;
  const noise = new Set(sources.noiseRows);
  const clips: ClipInput[] = [];
  for (let row = 0; row < sources.paths.length; row++) {
    const state = files.states[row];
    if (state === FILE_FAILED) continue;
    clips.push({
      path: sources.paths[row]!,
      kind: noise.has(row) ? 'noise' : 'speech',
      label: label?.[row] ?? null,
      transcript: transcript?.[row] ?? null,
      split: split?.[row] ?? null,
      speaker: speaker?.[row] ?? null,
      gender: gender?.[row] ?? null,
      age: age?.[row] ?? null,
      accent: accent?.[row] ?? null,
      locale: locale?.[row] ?? null,
      extra: sources.extras[row]!,
      fileBytes: files.bytes[row]!,
      fileModifiedMs: files.modifiedMs[row]!,
      audio: state === FILE_READ ? audioAt(files, row) : null,
    });
  }
  return clips;
}
