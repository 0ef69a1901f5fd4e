// Guesses at a description from the names and shapes of a model's inputs and outputs. Every guess is said in a sentence,
// since only a person knows how the model was trained.
import type { ModelDescriptionInput, ModelStage, ScoreKind, TensorAxis } from '../../shared/domain/model.ts';
import { shapeText, type TensorInfo } from './tensors.ts';

export interface InputGuess {
  readonly name: string;
  readonly layout: readonly TensorAxis[];
  readonly sampleRate: number;
  readonly clip: NonNullable<ModelDescriptionInput['clip']>;
  readonly frontEnd: NonNullable<ModelDescriptionInput['frontEnd']>;
  readonly states: ModelStage['states'];
  readonly constants: ModelStage['constants'];
}

const SAMPLE_RATE = 16_000;
/** Window and hop of the front ends one meets, in samples at 16 kHz, the commonest first. */
const framings: readonly (readonly [number, number])[] = [
  [400, 160],
  [480, 160],
  [640, 320],
  [480, 320],
  [512, 160],
  [640, 160],
  [512, 256],
  [1024, 512],
];
/** Feature counts of flattened fingerprints. */
const flatFeatures = [40, 13, 10, 64, 32, 20];

export function guessInput(
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  guesses: string[],
): InputGuess {
  const states: ModelStage['states'] = [];
  const constants: ModelStage['constants'] = [];
  const candidates: TensorInfo[] = [];
  for (const input of inputs) {
    const twin = outputs.find(
      (output) =>
        output.name.startsWith(input.name) &&
        input.shape?.length === output.shape?.length &&
        (input.shape ?? []).filter((size) => typeof size === 'number').length > 1,
    );
    if (inputs.length > 1 && twin !== undefined && input.type === 'float32') {
      const shape = (input.shape ?? []).map((size) => (typeof size === 'number' ? size : 1));
      states.push({ input: input.name, output: twin.name, shape });
      guesses.push(`"${input.name}" looks like a state that "${twin.name}" carries on to the next window.`);
    } else if (inputs.length > 1 && (input.shape?.length === 0 || /^(sr|sample_?rate)$/i.test(input.name))) {
      const type = input.type === 'int64' || input.type === 'int32' ? input.type : 'float32';
      const shape = (input.shape ?? []).map(() => 1);
      constants.push({ input: input.name, type, value: SAMPLE_RATE, shape });
      guesses.push(`"${input.name}" looks like the sample rate.`);
    } else candidates.push(input);
  }
  const main = candidates.find(({ type }) => type === 'float32') ?? candidates[0] ?? inputs[0];
  guesses.push(`The sample rate is taken to be ${SAMPLE_RATE} Hz: no model file says it.`);
  return {
    name: main?.name ?? '',
    sampleRate: SAMPLE_RATE,
    ...guessShape(main, states.length > 0, guesses),
    states,
    constants,
  };
}

type ShapeGuess = Pick<InputGuess, 'layout' | 'clip' | 'frontEnd'>;

function guessShape(input: TensorInfo | undefined, hasState: boolean, guesses: string[]): ShapeGuess {
  const shape = input?.shape ?? null;
  const raw = (layout: readonly TensorAxis[], samples: number | null): ShapeGuess => {
    guesses.push(
      `"${input?.name ?? ''}" ${shapeText(shape)} looks like raw samples${samples === null ? '' : `, ${samples} of them`}; models raised on 16-bit integers want "frontEnd": { "kind": "raw", "scale": 32768 }.`,
    );
    const length = samples ?? (hasState ? 512 : null);
    return {
      layout,
      frontEnd: { kind: 'raw' },
      clip:
        length === null
          ? { take: 'whole' }
          : { take: 'windows', samples: length, ...(hasState ? { tail: 'pad' as const } : {}) },
    };
  };
  if (shape === null || shape.length === 0 || shape.length > 5) return raw(['batch', 'time'], null);
  const sizes = shape.map((size) => (typeof size === 'number' ? size : null));
  // The first axis is the batch unless it is far too long for one.
  const hasBatch = shape.length > 1 && (sizes[0] === null || sizes[0]! <= 64);
  const rest = hasBatch ? sizes.slice(1) : sizes;
  const head: TensorAxis[] = hasBatch ? ['batch'] : [];
  const wide = rest.filter((size) => size !== 1);
  const fill = (axes: readonly TensorAxis[]): TensorAxis[] => {
    let next = 0;
    return [
      ...head,
      ...rest.map((size): TensorAxis => (size === 1 ? 'channel' : (axes[next++] ?? 'channel'))),
    ];
  };
  if (wide.length === 1) {
    const [size] = wide as [number | null];
    const features =
      size !== null && size < 4000 ? flatFeatures.find((count) => size % count === 0) : undefined;
    if (size !== null && features !== undefined) {
      guesses.push(
        `"${input?.name}" ${shapeText(shape)} looks like ${size / features} frames of ${features} features in one axis.`,
      );
      return { layout: fill(['flat']), ...framesOf(size / features, features, guesses) };
    }
    return raw(fill(['time']), size);
  }
  if (wide.length !== 2) return raw(['batch', 'time'], null);
  const [a, b] = wide as [number | null, number | null];
  // The axis of features has a fixed size, as a rule the smaller one.
  const isFeatureFirst = b === null || (a !== null && a < b);
  const frames = isFeatureFirst ? b : a;
  const features = (isFeatureFirst ? a : b) ?? 40;
  return {
    layout: fill(isFeatureFirst ? ['feature', 'time'] : ['time', 'feature']),
    ...framesOf(frames, features, guesses),
  };
}

function framesOf(
  frames: number | null,
  features: number,
  guesses: string[],
): Pick<InputGuess, 'clip' | 'frontEnd'> {
  const isSecond = ([window, hop]: readonly [number, number]): boolean =>
    1 + Math.floor((SAMPLE_RATE - window) / hop) === frames;
  const [window, hop] = framings.find(isSecond) ?? framings[0]!;
  const samples =
    frames === null ? null : framings.some(isSecond) ? SAMPLE_RATE : window + Math.max(0, frames - 1) * hop;
  const fftSize = 2 ** Math.ceil(Math.log2(window));
  const common = { windowSamples: window, hopSamples: hop, fftSize };
  const isMfcc = features <= 20;
  guesses.push(
    `${features} features${frames === null ? '' : ` in ${frames} frames`} look like ${isMfcc ? 'MFCC' : 'a log-mel spectrum'} with windows of ${window} samples every ${hop}; take the conventions the model was trained with.`,
  );
  return {
    clip: samples === null ? { take: 'whole', minSamples: window } : { take: 'windows', samples },
    frontEnd: isMfcc
      ? { kind: 'mfcc', ...common, coefficients: features }
      : { kind: 'log-mel', ...common, bands: features },
  };
}

type OutputGuess = Pick<ModelDescriptionInput, 'outputs' | 'labels' | 'labelsFile'>;

/** Which output holds scores and which an embedding: by the operation before it, its name, and its width. */
export function guessOutputs(
  outputs: readonly TensorInfo[],
  producers: ReadonlyMap<string, string>,
  knownLabels: readonly string[],
  labelsFile: string | null,
  guesses: string[],
): OutputGuess {
  const widthOf = ({ shape }: TensorInfo): number | null => {
    const last = (shape ?? []).slice(1).findLast((size) => size !== 1) ?? (shape?.length ? 1 : null);
    return typeof last === 'number' ? last : null;
  };
  const isEmbedding = ({ name }: TensorInfo): boolean =>
    /embed|feat|pool|hidden|latent|bottleneck/i.test(name);
  const isScores = (output: TensorInfo): boolean =>
    /^(Softmax|LogSoftmax|Sigmoid)$/.test(producers.get(output.name) ?? '') ||
    /logit|prob|score|softmax|class/i.test(output.name) ||
    (widthOf(output) !== null && widthOf(output) === knownLabels.length);
  const scores =
    outputs.find(isScores) ??
    outputs.find((output) => !isEmbedding(output) && (widthOf(output) ?? 1000) <= 64);
  const embedding = outputs.find(
    (output) => output !== scores && (isEmbedding(output) || scores === undefined),
  );
  const named = outputs.length > 1;
  const result: OutputGuess = { outputs: {} };
  if (embedding !== undefined) {
    guesses.push(`"${embedding.name}" ${shapeText(embedding.shape)} looks like an embedding.`);
    result.outputs.embedding = named ? { name: embedding.name } : {};
  }
  if (scores === undefined) return result;
  const width = widthOf(scores);
  const kind = scoreKind(producers.get(scores.name) ?? '', scores.name, width);
  guesses.push(`"${scores.name}" ${shapeText(scores.shape)} looks like scores of the kind "${kind}".`);
  result.outputs.scores = { ...(named ? { name: scores.name } : {}), kind };
  const count = kind.startsWith('binary') ? 2 : width;
  if (labelsFile !== null) result.labelsFile = labelsFile;
  else if (count === knownLabels.length) {
    result.labels = [...knownLabels];
    guesses.push("The labels are the project's; their order has to be that of the model's training.");
  } else {
    result.labels = Array.from({ length: count ?? 2 }, (_, at) => `class ${at}`);
    guesses.push('The names of the classes are not in the file: put them in, in the order of the scores.');
  }
  return result;
}

function scoreKind(producer: string, name: string, width: number | null): ScoreKind {
  if (width === 1) return producer === 'Sigmoid' || /prob|output/i.test(name) ? 'binary' : 'binary-logit';
  if (producer === 'Softmax' || producer === 'Sigmoid' || /prob|softmax/i.test(name)) return 'probabilities';
  return 'logits';
}
