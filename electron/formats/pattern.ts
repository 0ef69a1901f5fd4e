// Datasets whose file names say everything: `{label}_{speaker}_{take}.wav` (FORMATS 13). Files that do not fit are
// reported, one by one.
import { type MappableField, mappableFields } from '../../shared/domain/dataset.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { compilePattern, type FilePattern, suggestPatternFor } from './file-pattern.ts';
import { BATCH_SIZE, type ClipSource, type DatasetFormatReader, unknownClip } from './format.ts';
import { NOISE_FOLDER, splitFrom } from './names.ts';
import { sampleTree, walkAudio } from './walk.ts';

/** The code of a file that does not fit the pattern. */
export const NO_MATCH = 'pattern/no-match';

const clipFields: ReadonlySet<string> = new Set(mappableFields);

export const fileNamePattern: DatasetFormatReader = {
  name: 'pattern',

  async detect({ manifest }, sample) {
    if (manifest !== null) return null;
    const pattern = suggestPatternFor(sample.audio);
    if (pattern === null) return null;
    return {
      confidence: pattern.includes('/') ? 0.4 : 0.75,
      why: `Its file names fit ${pattern}.`,
      options: { pattern },
    };
  },

  async *read({ root }, options, report) {
    const pattern = compilePattern(options.pattern ?? (await suggestionFor(root)));
    let batch: ClipSource[] = [];
    let count = 0;
    for await (const paths of walkAudio(root, report)) {
      for (const path of paths) {
        const clip = clipOf(path, pattern);
        if (clip === null) {
          report.failure({
            file: path,
            code: NO_MATCH,
            message: `${path} does not fit the pattern ${pattern.text}; it was left out.`,
          });
          continue;
        }
        batch.push(clip);
        if (batch.length === BATCH_SIZE) {
          count += batch.length;
          report.progress?.(count);
          yield batch;
          batch = [];
        }
      }
    }
    if (batch.length > 0) yield batch;
  },
};

async function suggestionFor(root: string): Promise<string> {
  const pattern = suggestPatternFor((await sampleTree(root)).audio);
  if (pattern === null) {
    throw new EarmarkError(
      'pattern/missing',
      'The file names show no pattern by themselves. Give one, such as {label}_{speaker}_{take}.wav.',
    );
  }
  return pattern;
}

function clipOf(path: string, pattern: FilePattern): ClipSource | null {
  if (path.startsWith(`${NOISE_FOLDER}/`) || path.includes(`/${NOISE_FOLDER}/`)) {
    return { ...unknownClip, path, kind: 'noise' };
  }
  const parts = pattern.match(path);
  if (parts === null) return null;
  const known: Partial<Record<MappableField, string>> = {};
  const extra: Record<string, string> = {};
  for (const [name, value] of Object.entries(parts)) {
    if (clipFields.has(name)) known[name as MappableField] = value;
    else extra[name] = value;
  }
  const { split, path: _, ...rest } = known;
  return { ...unknownClip, ...rest, path, split: splitFrom(split ?? null), extra };
}
