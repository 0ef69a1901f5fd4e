// The dataset formats: one line each. What can be asked of them by a path alone: which one it is, and all its clips.
import { basename } from 'node:path';
import type { DatasetFormat, ImportOptions } from '../../shared/domain/dataset.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { commonVoice } from './common-voice.ts';
import { suggestPatternFor } from './file-pattern.ts';
import { folderPerLabel } from './folder.ts';
import type { ClipSource, DatasetFormatReader, DatasetSource, ReadReport, TreeSample } from './format.ts';
import { fileNamePattern } from './pattern.ts';
import { openSource } from './source.ts';
import { speechCommands } from './speech-commands.ts';
import { tableManifest } from './table.ts';
import { sampleTree } from './walk.ts';

export const formats: Readonly<Record<DatasetFormat, DatasetFormatReader>> = {
  'speech-commands': speechCommands,
  'common-voice': commonVoice,
  pattern: fileNamePattern,
  folder: folderPerLabel,
  table: tableManifest,
};

export interface FormatCandidate {
  readonly format: DatasetFormat;
  /** 0..1 */
  readonly confidence: number;
  readonly why: string;
  readonly options: ImportOptions;
}

/**
 * The formats a source could be, likeliest first; empty when it holds no recordings. Looks at a bounded number of
 * directory entries.
 * @throws EarmarkError `import/not-found`, `import/not-a-dataset`, `file/unreadable`.
 */
export async function detectFormat(path: string): Promise<FormatCandidate[]> {
  const source = await openSource(path);
  const sample = await lookAt(source);
  const candidates: FormatCandidate[] = [];
  for (const reader of Object.values(formats)) {
    const found = await reader.detect(source, sample);
    if (found !== null) {
      const { confidence, why, options = {} } = found;
      candidates.push({ format: reader.name, confidence, why, options });
    }
  }
  return candidates.sort((a, b) => b.confidence - a.confidence);
}

/** A file-name pattern that most recordings of a folder fit; null when there is none, or for a table. */
export async function suggestPattern(path: string): Promise<string | null> {
  const source = await openSource(path);
  return source.manifest === null ? suggestPatternFor((await lookAt(source)).audio) : null;
}

/** The folder that the clip paths of a source are relative to. @throws EarmarkError as `openSource`. */
export async function rootOf(
  path: string,
  _format?: DatasetFormat,
  options: ImportOptions = {},
): Promise<string> {
  return (await openSource(path, options)).root;
}

export interface DatasetReader {
  /**
   * All clips of a dataset in batches, in a stable order. Files and rows that cannot be used go to `report`.
   * @throws EarmarkError `import/empty` when there is nothing to import and no failure that says why, and what
   *   `openSource` and the format throw.
   */
  read(path: string, options: ImportOptions, report: ReadReport): AsyncGenerator<readonly ClipSource[]>;
}

/** The reader of a format. */
export function readerFor(format: DatasetFormat): DatasetReader {
  return {
    async *read(path, options, report) {
      const source = await openSource(path, options);
      let isAnything = false;
      const watched: ReadReport = {
        failure(failure) {
          isAnything = true;
          report.failure(failure);
        },
        progress: (clips) => report.progress?.(clips),
        signal: report.signal,
      };
      for await (const batch of formats[format].read(source, options, watched)) {
        isAnything = true;
        yield batch;
      }
      if (!isAnything) throw await emptyError(source);
    },
  };
}

/** Says in what way a source holds nothing to import. */
export async function emptyError(source: DatasetSource): Promise<EarmarkError> {
  if (source.manifest !== null) {
    const name = basename(source.manifest);
    return new EarmarkError('import/empty', `${name} has a header and no rows. Nothing was imported.`, {});
  }
  const { audio, tables, others } = await sampleTree(source.root);
  const name = basename(source.root) || source.root;
  if (audio.length > 0) {
    return new EarmarkError(
      'import/empty',
      `Nothing in ${name} could be read in this format. Nothing was imported.`,
    );
  }
  const files = tables.length + others.length;
  const sentence =
    files === 0
      ? `The folder ${name} is empty. Choose a folder that holds recordings.`
      : `The folder ${name} holds no recordings (WAV, FLAC, MP3, Ogg or Opus), only other files such as ${[...others, ...tables][0]}.`;
  return new EarmarkError('import/empty', `${sentence} Nothing was imported.`, { files });
}

async function lookAt(source: DatasetSource): Promise<TreeSample> {
  if (source.manifest === null) return sampleTree(source.root);
  return { audio: [], tables: [basename(source.manifest)], others: [], folders: [], isTruncated: false };
}
