// The catalogue of fields: the one source for the parser, completion, table columns, facets and the documentation.
import { containers } from '../domain/audio.ts';
import { reviewStates } from '../domain/clip.ts';
import { flagKinds } from '../domain/flag.ts';

/**
 * `label`: a class name, all in one dictionary. `flags`: a set of flag kinds per clip. `column`: text as a table had it,
 * compared in order where it reads as a number.
 */
export type FieldType = 'id' | 'number' | 'label' | 'category' | 'text' | 'boolean' | 'flags' | 'column';

/** What can be said of a term. */
export interface TermInfo {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: FieldType;
  /** Column heading. */
  readonly title: string;
  readonly unit: string | null;
  readonly description: string;
  /** Its value in a clip row; null for fields that only filters and sorting know. */
  readonly column: string | null;
  /** True: `field("run")` names a run; without it the run in use is meant. */
  readonly isOfRun: boolean;
  /** The only values there can be; null = any. */
  readonly values: readonly string[] | null;
  /** `is changed` works: the imported value is kept. */
  readonly hasOriginal: boolean;
  /** Fields of one group can be compared with each other. */
  readonly group: 'label' | 'transcript' | 'number' | null;
  /** Few enough values to be counted beside the table. */
  readonly isFacet: boolean;
}

export interface FieldInfo extends TermInfo {
  readonly name: FieldName;
}

interface Extras {
  readonly aliases?: readonly string[];
  readonly unit?: string;
  readonly column?: string | null;
  readonly isOfRun?: boolean;
  readonly values?: readonly string[];
  readonly hasOriginal?: boolean;
  readonly group?: FieldInfo['group'];
  readonly isFacet?: boolean;
}

export const fieldNames = [
  'id',
  'path',
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
  'durationSec',
  'sampleRate',
  'channels',
  'container',
  'encoding',
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
  'sampleHash',
  'review',
  'reviewReason',
  'note',
  'present',
  'flag',
  'predicted',
  'confidence',
  'correct',
  'hypothesis',
  'latencyMs',
] as const;
export type FieldName = (typeof fieldNames)[number];
export type RunFieldName = 'predicted' | 'confidence' | 'correct' | 'hypothesis' | 'latencyMs';

function field(
  name: FieldName,
  type: FieldType,
  title: string,
  description: string,
  extras: Extras = {},
): FieldInfo {
  const numeric = type === 'number' || type === 'id';
  return {
    name,
    aliases: extras.aliases ?? [],
    type,
    title,
    unit: extras.unit ?? null,
    description,
    column: extras.column === undefined ? name : extras.column,
    isOfRun: extras.isOfRun ?? false,
    values: extras.values ?? null,
    hasOriginal: extras.hasOriginal ?? false,
    group: extras.group ?? (numeric ? 'number' : null),
    isFacet: extras.isFacet ?? false,
  };
}

const facet = { isFacet: true };

export const fields: readonly FieldInfo[] = [
  field('label', 'label', 'Label', 'The class the clip is in now, after all decisions.', {
    aliases: ['given', 'class'],
    hasOriginal: true,
    group: 'label',
    ...facet,
  }),
  field('originalLabel', 'label', 'Original label', 'The class as imported.', {
    aliases: ['original'],
    group: 'label',
    ...facet,
  }),
  field('predicted', 'label', 'Predicted', 'The label a run gives the clip.', {
    isOfRun: true,
    group: 'label',
    ...facet,
  }),
  field(
    'correct',
    'boolean',
    'Correct',
    'Whether a run predicts the label. Empty without a label or a prediction.',
    {
      isOfRun: true,
      column: null,
      ...facet,
    },
  ),
  field('confidence', 'number', 'Confidence', 'The probability a run gives its own prediction.', {
    isOfRun: true,
  }),
  field('hypothesis', 'text', 'Hypothesis', 'The transcript a run heard.', {
    isOfRun: true,
    column: null,
    group: 'transcript',
  }),
  field('latencyMs', 'number', 'Latency', 'How long a run took for the clip.', {
    aliases: ['latency'],
    unit: 'ms',
    isOfRun: true,
    column: null,
  }),
  field('flag', 'flags', 'Flags', 'Kinds of the open flags on the clip.', {
    aliases: ['flags'],
    column: 'flags',
    values: flagKinds,
    ...facet,
  }),
  field('review', 'category', 'Review', 'What a person decided about the clip as a whole.', {
    values: reviewStates,
    ...facet,
  }),
  field('reviewReason', 'category', 'Reason', 'Why the clip is unusable.', { aliases: ['reason'], ...facet }),
  field('note', 'text', 'Note', 'What a person wrote about the clip.', { aliases: ['notes'] }),
  field('transcript', 'text', 'Transcript', 'The sentence spoken, after all decisions.', {
    aliases: ['text', 'sentence'],
    hasOriginal: true,
    group: 'transcript',
  }),
  field('originalTranscript', 'text', 'Original transcript', 'The sentence as imported.', {
    group: 'transcript',
  }),
  field('split', 'category', 'Split', 'train, validation, test or other.', facet),
  field('speaker', 'category', 'Speaker', 'Who speaks, as the dataset names them.', {
    aliases: ['spk'],
    ...facet,
  }),
  field('gender', 'category', 'Gender', 'As the dataset names it.', facet),
  field('age', 'category', 'Age', 'As the dataset names it.', facet),
  field('accent', 'category', 'Accent', 'As the dataset names it.', facet),
  field('locale', 'category', 'Locale', 'Language and region, as the dataset names it.', {
    aliases: ['language'],
    ...facet,
  }),
  field('durationSec', 'number', 'Duration', 'Length of the decoded sound.', {
    aliases: ['duration'],
    unit: 's',
  }),
  field('path', 'text', 'Path', "Relative to the dataset's root, with forward slashes.", {
    aliases: ['file'],
  }),
  field('dataset', 'category', 'Dataset', 'The dataset the clip came with.', facet),
  field('kind', 'category', 'Kind', 'speech, or noise for background recordings that are no class.', {
    values: ['speech', 'noise'],
    ...facet,
  }),
  field('peakDbfs', 'number', 'Peak', 'Largest sample. Digital silence is empty and below every number.', {
    aliases: ['peak'],
    unit: 'dBFS',
  }),
  field('rmsDbfs', 'number', 'Level', 'Root mean square. Digital silence is empty and below every number.', {
    aliases: ['rms', 'level'],
    unit: 'dBFS',
  }),
  field('clippedSamples', 'number', 'Clipped', 'Samples in runs of three or more at full scale.', {
    aliases: ['clipped'],
    unit: 'samples',
  }),
  field('clippedRuns', 'number', 'Clipped runs', 'Runs of three or more samples at full scale.', {
    column: null,
  }),
  field('dcOffset', 'number', 'DC offset', 'Mean sample, -1 to 1.', { column: null }),
  field('leadingSilenceSec', 'number', 'Silence before', 'Silence before the first sound.', { unit: 's' }),
  field('trailingSilenceSec', 'number', 'Silence after', 'Silence after the last sound.', { unit: 's' }),
  field('startEdgeDb', 'number', 'Start edge', 'Level of the first 20 ms against the whole clip.', {
    unit: 'dB',
    column: null,
  }),
  field('endEdgeDb', 'number', 'End edge', 'Level of the last 20 ms against the whole clip.', {
    unit: 'dB',
    column: null,
  }),
  field('sampleRate', 'number', 'Sample rate', 'Of the file.', { unit: 'Hz', ...facet }),
  field('channels', 'number', 'Channels', 'Of the file.', facet),
  field('container', 'category', 'Container', 'File type.', { values: containers, ...facet }),
  field('encoding', 'category', 'Encoding', 'How the file stores samples: pcm_s16, alaw, mp3...', {
    column: null,
    ...facet,
  }),
  field('fileBytes', 'number', 'File size', 'Size of the file.', { unit: 'bytes', column: null }),
  field('sampleHash', 'text', 'Sample hash', 'Equal for clips with exactly the same sound.', {
    aliases: ['hash'],
    column: null,
  }),
  field('present', 'boolean', 'Present', 'Whether the last import found the file.', {
    aliases: ['isPresent'],
    column: 'isPresent',
    ...facet,
  }),
  field('id', 'id', 'Id', 'Number of the clip in this project.'),
];

/** Functions beside `field("run")`. */
export const filterFunctions = [
  {
    name: 'p',
    usage: 'p(label), p("run", label)',
    description: "Probability of a label; p(given) = of the clip's current label.",
  },
  {
    name: 'given',
    usage: 'given("run")',
    description: 'The label a run gives; the same as predicted("run").',
  },
  {
    name: 'column',
    usage: 'column("name")',
    description: 'A column of the imported table that is no field of its own.',
  },
] as const;

/** Words that are never a bare value; as values they need quotes. */
export const joinWords = ['and', 'or', 'not', 'in', 'is'] as const;
/** Words with a meaning after IS or as truth values. */
export const stateWords = ['empty', 'none', 'changed', 'true', 'false'] as const;

const byWord = new Map<string, FieldInfo>();
const byName = new Map<FieldName, FieldInfo>();
for (const info of fields) {
  byName.set(info.name, info);
  for (const word of [info.name, ...info.aliases]) byWord.set(word.toLowerCase(), info);
}

/** The field of a name or alias, upper or lower case. */
export function findField(word: string): FieldInfo | null {
  return byWord.get(word.toLowerCase()) ?? null;
}

export function fieldInfo(name: FieldName): FieldInfo {
  const info = byName.get(name);
  if (info === undefined) throw new Error(`the field catalogue lacks ${name}`);
  return info;
}

const reserved: ReadonlySet<string> = new Set([
  ...joinWords,
  ...stateWords,
  ...byWord.keys(),
  'p',
  'column',
  'givenprobability',
]);

/** True for words that stand for something in the language: as values they are printed in quotes. */
export function isReserved(word: string): boolean {
  return reserved.has(word.toLowerCase());
}
