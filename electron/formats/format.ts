// The interface of every dataset format: what it says about each clip before any audio is read.
// A format never opens audio; it lists files and reads manifests.
import type { DatasetFormat, FileFailure, ImportOptions } from '../../shared/domain/dataset.ts';

/** What a format says about one clip. Null = the dataset does not say. */
export interface ClipSource {
  /** Relative to the source's root, forward slashes, exactly as the file system spells it. */
  readonly path: string;
  /** `noise` for background recordings that are no class. */
  readonly kind: 'speech' | 'noise';
  readonly label: string | null;
  readonly transcript: string | null;
  /** `train`, `validation`, `test`, `other`, or a name of the dataset's own. */
  readonly split: string | null;
  readonly speaker: string | null;
  readonly gender: string | null;
  readonly age: string | null;
  readonly accent: string | null;
  readonly locale: string | null;
  /** Everything else the dataset says, by column or part name: votes, sentence ids, takes. */
  readonly extra: Readonly<Record<string, string>>;
}

/** A folder, or a folder with the one manifest in it that was pointed at. */
export interface DatasetSource {
  /** Absolute path of the folder that clip paths are relative to. */
  readonly root: string;
  /** Absolute path of the manifest when the source is a file. */
  readonly manifest: string | null;
}

/** A bounded look at a folder, shared by all detectors. Paths are relative to the root. */
export interface TreeSample {
  readonly audio: readonly string[];
  readonly tables: readonly string[];
  /** Other files, for names that give a format away. */
  readonly others: readonly string[];
  readonly folders: readonly string[];
  /** True when the folder holds more than was looked at. */
  readonly isTruncated: boolean;
}

export interface Detection {
  /** 0..1 */
  readonly confidence: number;
  /** A sentence for a person. */
  readonly why: string;
  /** Options that this reading of the folder needs: a suggested pattern. */
  readonly options?: ImportOptions;
}

export interface ReadReport {
  /** A file or row that could not be used. Called any number of times; the reading goes on. */
  failure(failure: FileFailure): void;
  /** Clips listed so far. */
  progress?(clips: number): void;
  readonly signal: AbortSignal;
}

export interface DatasetFormatReader {
  readonly name: DatasetFormat;
  /** A guess from the sample and a few kilobytes of its manifests. */
  detect(source: DatasetSource, sample: TreeSample): Promise<Detection | null>;
  /**
   * All clips in batches, in a stable order. Files and rows that cannot be used go to `report`.
   * @throws EarmarkError when nothing can be read at all: a wrong pattern, a manifest without a path column.
   */
  read(
    source: DatasetSource,
    options: ImportOptions,
    report: ReadReport,
  ): AsyncIterable<readonly ClipSource[]>;
}

/** Clips per batch: large enough to amortise a transaction, small enough to cancel quickly. */
export const BATCH_SIZE = 1000;

/** A clip of which only the path is known. */
export const unknownClip: Omit<ClipSource, 'path'> = {
  kind: 'speech',
  label: null,
  transcript: null,
  split: null,
  speaker: null,
  gender: null,
  age: null,
  accent: null,
  locale: null,
  extra: {},
};
