// What is in a model file that nobody has described yet, and a first description guessed from its shapes and names. Reads
// files only: nothing of the model runs before a person trusts it.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import type { ModelDescriptionInput, ModelFormat } from '../../shared/domain/model.ts';
import type { ModelInspection, TensorSummary } from '../../shared/domain/model-report.ts';
import { toErrorData } from '../../shared/errors.ts';
import { checkModel, descriptionNames, findDescription, isDescription } from './description.ts';
import { guessInput, guessOutputs } from './guess.ts';
import { readOnnxFile } from './onnx/onnx-file.ts';
import type { TensorInfo } from './tensors.ts';
import { readTfjsFile } from './tfjs/tfjs-file.ts';
import { tfjsTensors } from './tfjs/tfjs-tensors.ts';

/**
 * @param path A model file, or a description.
 * @param knownLabels Classes of the project, to guess by their number which output holds scores.
 * @throws EarmarkError what `readOnnxFile` and `readTfjsFile` throw.
 */
export function inspectModel(path: string, knownLabels: readonly string[]): ModelInspection {
  const described = isDescription(path) ? path : findDescription(path);
  if (described !== null) return inspectDescribed(described, path, knownLabels);
  const found = look(path);
  const draft = draftOf(path, found, knownLabels);
  return {
    format: found.format,
    file: path,
    descriptionPath: join(dirname(path), descriptionNames(path)[0]!),
    isDescribed: false,
    hash: null,
    problems: [],
    ...summaries(found),
    ...draft,
  };
}

function inspectDescribed(
  descriptionPath: string,
  path: string,
  knownLabels: readonly string[],
): ModelInspection {
  const content: unknown = JSON.parse(readFileSync(descriptionPath, 'utf8'));
  const input = isRecord(content) ? content : {};
  let hash: string | null = null;
  let problems: string[] = [];
  let file = path;
  try {
    const model = checkModel(content, descriptionPath);
    hash = model.hash;
    file = model.stages[0]?.path ?? path;
  } catch (error) {
    const { message, details } = toErrorData(error);
    problems = Array.isArray(details?.problems) ? details.problems.map(String) : [message];
    const [stage] = Array.isArray(input.stages) ? (input.stages as { file?: unknown }[]) : [];
    const named = typeof stage?.file === 'string' ? join(dirname(descriptionPath), stage.file) : null;
    // Only a file beside the description is looked into: it holds nobody's permission to look elsewhere.
    if (
      file === descriptionPath &&
      named !== null &&
      !relative(dirname(descriptionPath), named).startsWith('..')
    ) {
      file = named;
    }
  }
  const found: Found =
    file === descriptionPath || !existsSync(file)
      ? { format: 'onnx', inputs: [], outputs: [], producers: new Map() }
      : look(file);
  return {
    format: found.format,
    file,
    descriptionPath,
    isDescribed: true,
    hash,
    problems,
    ...summaries(found),
    suggestion: problems.length === 0 ? input : { ...draftOf(file, found, knownLabels).suggestion, ...input },
    guesses: [],
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Found {
  readonly format: ModelFormat;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** By output, the operation it comes from where that is known. */
  readonly producers: ReadonlyMap<string, string>;
}

function look(path: string): Found {
  if (extname(path).toLowerCase() === '.json') {
    const file = readTfjsFile(path);
    return { format: file.format, ...tfjsTensors(file) };
  }
  const { inputs, outputs, producers } = readOnnxFile(path);
  return { format: 'onnx', inputs, outputs, producers };
}

function summaries({ inputs, outputs }: Found): { inputs: TensorSummary[]; outputs: TensorSummary[] } {
  const summary = ({ name, type, shape }: TensorInfo): TensorSummary => ({
    name,
    type,
    shape: shape === null ? null : [...shape],
  });
  return { inputs: inputs.map(summary), outputs: outputs.map(summary) };
}

function draftOf(
  path: string,
  found: Found,
  knownLabels: readonly string[],
): { suggestion: Record<string, unknown>; guesses: string[] } {
  const guesses: string[] = [];
  const input = guessInput(found.inputs, found.outputs, guesses);
  const labelsFile = ['labels.txt', 'conv_actions_labels.txt'].find((name) =>
    existsSync(join(dirname(path), name)),
  );
  const stateOutputs = input.states.map(({ output }) => output);
  const results = found.outputs.filter(({ name }) => !stateOutputs.includes(name));
  const output = guessOutputs(results, found.producers, knownLabels, labelsFile ?? null, guesses);
  const suggestion: ModelDescriptionInput = {
    format: found.format,
    name: basename(path) === 'model.json' ? basename(dirname(path)) : basename(path, extname(path)),
    sampleRate: input.sampleRate,
    clip: input.clip,
    frontEnd: input.frontEnd,
    stages: [
      {
        file: basename(path),
        input: { ...(found.inputs.length > 1 ? { name: input.name } : {}), layout: [...input.layout] },
        ...(input.states.length > 0 ? { states: input.states } : {}),
        ...(input.constants.length > 0 ? { constants: input.constants } : {}),
      },
    ],
    ...output,
    pooling: 'mean',
  };
  return { suggestion, guesses };
}
