// Which column of a table means what, by the names that the field's tools use and by what the cells look like.
import type { ImportOptions, MappableField } from '../../shared/domain/dataset.ts';
import { isAudioName } from './names.ts';
import type { TableRow } from './table-file.ts';

export type Mapping = NonNullable<ImportOptions['mapping']>;

/** Lower-case, without blanks, dashes and underscores; the first that a table has wins. */
const SYNONYMS: Readonly<Record<MappableField, readonly string[]>> = {
  path: [
    'path',
    'audiofilepath',
    'filename',
    'file',
    'filepath',
    'audiopath',
    'audiofile',
    'audio',
    'clip',
    'wavfilename',
    'wavpath',
    'wav',
    'link',
    'clippath',
  ],
  label: ['label', 'class', 'keyword', 'word', 'command', 'givenlabel', 'category', 'target', 'intent'],
  transcript: ['transcript', 'transcription', 'text', 'sentence', 'rawtext', 'normalizedtext'],
  split: ['split', 'set', 'subset', 'partition'],
  speaker: ['speaker', 'speakerid', 'clientid', 'spk', 'spkid', 'voice'],
  gender: ['gender', 'sex'],
  age: ['age', 'agegroup'],
  accent: ['accent', 'accents', 'dialect'],
  locale: ['locale', 'lang', 'language'],
};

const fields = Object.keys(SYNONYMS) as readonly MappableField[];

/** A column name reduced to what synonyms are compared by. */
export function columnKey(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '');
}

/**
 * Clip fields and the columns that seem to hold them. When no name says which column holds the paths, the one whose
 * cells in `rows` mostly end like audio files is taken; in a table without header, a second column is the label.
 */
export function suggestMapping(columns: readonly string[], rows: readonly TableRow[] = []): Mapping {
  const byKey = new Map<string, string>();
  for (const column of columns) if (!byKey.has(columnKey(column))) byKey.set(columnKey(column), column);
  const mapping: Mapping = {};
  for (const field of fields) {
    const column = SYNONYMS[field].map((key) => byKey.get(key)).find((found) => found !== undefined);
    if (column !== undefined) mapping[field] = column;
  }
  const byCells = columns.find((_, index) => mostlyAudio(rows, index));
  const named = mapping.path === undefined ? -1 : columns.indexOf(mapping.path);
  if (byCells !== undefined && (named < 0 || !mostlyAudio(rows, named))) mapping.path = byCells;
  if (columns.length === 2 && columns[0] === 'column_1' && columns[1] === 'column_2') {
    mapping.label = mapping.path === 'column_1' ? 'column_2' : 'column_1';
  }
  return mapping;
}

function mostlyAudio(rows: readonly TableRow[], index: number): boolean {
  let audio = 0;
  for (const row of rows) if (isAudioName((row.values[index] ?? '').trim())) audio++;
  return audio > 0 && audio * 2 > rows.length;
}

/**
 * The suggestion with what the person chose in its place. A column given to one field is taken from every other; a
 * field given '' is left empty.
 */
export function mergeMapping(suggested: Mapping, chosen: Mapping | undefined): Mapping {
  const taken = new Set(Object.values(chosen ?? {}));
  const merged: Mapping = {};
  for (const field of fields) {
    const own = chosen?.[field];
    const offered = suggested[field];
    if (own !== undefined) {
      if (own !== '') merged[field] = own;
    } else if (offered !== undefined && !taken.has(offered)) merged[field] = offered;
  }
  return merged;
}
