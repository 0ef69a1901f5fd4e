// Dataset formats as a person names them, their options, and what an import found.
import { z } from 'zod';

export const datasetFormats = ['speech-commands', 'common-voice', 'pattern', 'folder', 'table'] as const;
export const datasetFormat = z.enum(datasetFormats);
export type DatasetFormat = (typeof datasetFormats)[number];

export const datasetFormatTitles: Readonly<Record<DatasetFormat, string>> = {
  'speech-commands': 'Speech Commands',
  'common-voice': 'Common Voice',
  pattern: 'File-name pattern',
  folder: 'Folder per label',
  table: 'Table (CSV, TSV, JSONL)',
};

/** Clip fields that a table column or a pattern part can fill. */
export const mappableFields = [
  'path',
  'label',
  'transcript',
  'split',
  'speaker',
  'gender',
  'age',
  'accent',
  'locale',
] as const;
export type MappableField = (typeof mappableFields)[number];

export const importOptions = z.object({
  /** `{label}_{speaker}_{take}.wav`; parts that are no clip field are kept as extra fields. */
  pattern: z.string().optional(),
  /** Clip field -> column name. */
  mapping: z.partialRecord(z.enum(mappableFields), z.string()).optional(),
});
export type ImportOptions = z.infer<typeof importOptions>;

/** One file (or row) that could not be used, with its reason. */
export const fileFailure = z.object({
  file: z.string(),
  /** 1-based line in `file`'s manifest when the problem is there. */
  line: z.number().int().positive().optional(),
  code: z.string(),
  message: z.string(),
});
export type FileFailure = z.infer<typeof fileFailure>;
