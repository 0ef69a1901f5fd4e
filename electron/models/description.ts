// A model on disk: its description, the files that belong to it, what can be checked without running it, and the hash
// by which a person trusts it.
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, relative, sep } from 'node:path';
import { describeModelProblems, type ModelDescription, modelDescription } from '../../shared/domain/model.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { readJsonFile } from './json-file.ts';
import { readOnnxFile } from './onnx/onnx-file.ts';
import { readTfjsFile, type TfjsFile } from './tfjs/tfjs-file.ts';

const MAX_JSON_BYTES = 64 * 2 ** 20;
const MAX_LABELS_BYTES = 16 * 2 ** 20;

export interface StageFile {
  /** Absolute. */
  readonly path: string;
  /** Of a TensorFlow.js model. */
  readonly tfjs: TfjsFile | null;
}

export interface ModelOnDisk {
  readonly description: ModelDescription;
  /** Absolute path of the description. */
  readonly path: string;
  /** Of the scores; null when the model has none. */
  readonly labels: readonly string[] | null;
  readonly stages: readonly StageFile[];
  /** SHA-256 over the description and every file it takes, hexadecimal. */
  readonly hash: string;
}

/**
 * Reads a description and checks the files it names.
 * @param path A description, or a model file with its description beside it (`findDescription`).
 * @throws EarmarkError `model/no-description`, `model/description` with every problem in `details.problems`,
 *   `model/outside`, and what `readOnnxFile` and `readTfjsFile` throw.
 */
export function readModel(path: string): ModelOnDisk {
  const file = isDescription(path) ? path : findDescription(path);
  if (file === null) {
    throw new EarmarkError(
      'model/no-description',
      `${basename(path)} has no description beside it (${descriptionNames(path).join(' or ')}), so that its sample rate, front end and labels are not known. Describe it first.`,
      { path },
    );
  }
  return checkModel(readJson(file), file);
}

/** As `readModel`, for a description that is not written yet; `path` is where it is going to be. */
export function checkModel(input: unknown, path: string): ModelOnDisk {
  const parsed = modelDescription.safeParse(input);
  if (!parsed.success) {
    const problems = describeModelProblems(parsed.error, input);
    throw new EarmarkError(
      'model/description',
      `${basename(path)} is no complete description of a model. ${problems.slice(0, 3).join(' ')}${problems.length > 3 ? ` And ${problems.length - 3} more.` : ''}`,
      { problems },
    );
  }
  const description = parsed.data;
  const folder = dirname(path);
  const files: string[] = [];
  const stages = description.stages.map(({ file }, at): StageFile => {
    const stage = containedFile(folder, file, `stages.${at}.file`);
    files.push(stage);
    if (description.format === 'onnx') {
      for (const name of readOnnxFile(stage).externalFiles) {
        files.push(containedFile(dirname(stage), name, basename(stage)));
      }
      return { path: stage, tfjs: null };
    }
    const tfjs = readTfjsFile(stage);
    if (tfjs.format !== description.format) {
      throw new EarmarkError(
        'model/format',
        `${file} is a ${tfjs.format === 'tfjs-graph' ? 'graph' : 'layers'} model of TensorFlow.js; its description says "${description.format}". Set "format" to "${tfjs.format}".`,
      );
    }
    files.push(...tfjs.weightFiles);
    return { path: stage, tfjs };
  });
  let labels = description.labels ?? null;
  if (description.labelsFile !== undefined) {
    const file = containedFile(folder, description.labelsFile, 'labelsFile');
    files.push(file);
    labels = readLabels(file);
  }
  return { description, path, labels, stages, hash: hashFiles(JSON.stringify(input), files) };
}

/** Where a description of this model file is looked for. */
export function descriptionNames(path: string): readonly string[] {
  const stem = basename(path, extname(path));
  // Beside a TensorFlow.js model, `model.json` is the model itself.
  return extname(path).toLowerCase() === '.json'
    ? [`${stem}.earmark.json`, 'earmark.json']
    : [`${stem}.json`];
}

export function findDescription(path: string): string | null {
  return (
    descriptionNames(path)
      .map((name) => join(dirname(path), name))
      .find((file) => existsSync(file) && isDescription(file)) ?? null
  );
}

/** JSON that is not itself the topology of a TensorFlow.js model. */
export function isDescription(path: string): boolean {
  if (extname(path).toLowerCase() !== '.json') return false;
  const value = readJson(path);
  return !(typeof value === 'object' && value !== null && 'modelTopology' in value);
}

function readJson(path: string): unknown {
  const refused = (why: string) => new EarmarkError('model/description', `${basename(path)} ${why}`);
  return readJsonFile(path, {
    atMost: MAX_JSON_BYTES,
    tooLarge: (bytes) => refused(`has ${bytes} bytes; a description of a model is a small JSON file.`),
    notJson: (why) => refused(`is not JSON (${why}). No model was loaded.`),
  });
}

function readLabels(file: string): string[] {
  if (statSync(file).size > MAX_LABELS_BYTES) {
    throw new EarmarkError('model/labels', `${basename(file)} is too large for a list of class names.`);
  }
  const lines = readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  while (lines.at(-1) === '') lines.pop();
  const empty = lines.indexOf('');
  const twice = lines.findIndex((line, at) => lines.indexOf(line) !== at);
  if (lines.length === 0 || empty >= 0 || twice >= 0) {
    const problem =
      lines.length === 0
        ? 'is empty'
        : empty >= 0
          ? `has an empty line ${empty + 1}`
          : `names "${lines[twice]}" twice`;
    throw new EarmarkError(
      'model/labels',
      `The list of class names ${basename(file)} ${problem}; expected one name a line, in the order of the scores.`,
    );
  }
  return lines;
}

/** The one way from a name in a description to a file: below the description's folder, links included. */
function containedFile(folder: string, name: string, field: string): string {
  const path = join(folder, name);
  const leadsOut = (inside: string): boolean =>
    inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  const refuse = (): EarmarkError =>
    new EarmarkError(
      'model/outside',
      `${field} names ${JSON.stringify(name)}, which leads out of the model's folder. Only files beside the description or below are read.`,
      { file: name },
    );
  if (
    isAbsolute(name) ||
    /^([\\/]|[A-Za-z]:)/.test(name) ||
    name.includes('\0') ||
    leadsOut(relative(folder, path))
  ) {
    throw refuse();
  }
  let real: string;
  try {
    real = realpathSync(path);
    if (!statSync(real).isFile()) throw new Error('it is no file');
  } catch (error) {
    throw new EarmarkError(
      'model/missing',
      `${field} names ${JSON.stringify(name)}, which could not be opened (${error instanceof Error ? error.message : String(error)}). Copy all files of the model into one folder.`,
      { file: name },
    );
  }
  if (leadsOut(relative(realpathSync(folder), real))) throw refuse();
  return path;
}

function hashFiles(description: string, files: readonly string[]): string {
  const hash = createHash('sha256').update(description);
  const buffer = Buffer.allocUnsafe(1 << 20);
  for (const file of files) {
    const descriptor = openSync(file, 'r');
    try {
      let size = 0;
      for (;;) {
        const got = readSync(descriptor, buffer, 0, buffer.length, null);
        if (got === 0) break;
        size += got;
        hash.update(buffer.subarray(0, got));
      }
      // Where one file ends and the next begins is part of what was trusted.
      hash.update(`\0${size}\0`);
    } finally {
      closeSync(descriptor);
    }
  }
  return hash.digest('hex');
}
