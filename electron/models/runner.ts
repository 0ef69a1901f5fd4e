// A model ready to run: its stages loaded, its description checked against what they say of themselves. Takes windows as
// `prepare.ts` makes them, gives rows of scores and of the embedding.
import { basename } from 'node:path';
import type { ModelDescription, ModelStage } from '../../shared/domain/model.ts';
import { EarmarkError } from '../../shared/errors.ts';
import type { ModelOnDisk } from './description.ts';
import { copyWindow, type Matrices, readMatrices, shapeFor, windowStarts, writeItem } from './layout.ts';
import { createOnnxSession } from './onnx/onnx-session.ts';
import { type OutputRows, outputRows, rawWidth, toProbabilities } from './outputs.ts';
import { type Blocks, blockSize, type PreparePlan, planOf } from './prepare.ts';
import {
  elements,
  type FloatTensor,
  type ModelSession,
  shapeText,
  type Tensor,
  type TensorInfo,
} from './tensors.ts';
import { createTfjsSession, type TfjsBackend } from './tfjs/tfjs-session.ts';

/** Of a state or a constant. */
const MAX_FED_NUMBERS = 10_000_000;

export interface RunnerOptions {
  readonly threads: number;
  /** Of TensorFlow.js models; the best that loads by default. */
  readonly tfjs?: TfjsBackend;
}

export interface WindowOutputs {
  /** Probabilities; null where the model has no scores. */
  readonly scores: OutputRows | null;
  readonly embedding: OutputRows | null;
}

/** A model that can be run, whatever it is made of. */
export interface ModelRunner {
  readonly backend: string;
  readonly threads: number;
  readonly labels: readonly string[] | null;
  readonly pooling: ModelDescription['pooling'];
  readonly plan: PreparePlan;
  /**
   * @param clips For each block the clip it belongs to; blocks of a clip come in order.
   * @throws EarmarkError `model/run`, `model/input-shape`, `model/layout`, `model/output-shape`.
   */
  run(blocks: Blocks, clips: readonly number[]): Promise<WindowOutputs>;
  /** A clip is over: its state is not needed any more. */
  forget(clip: number): void;
  close(): Promise<void>;
}

interface LoadedStage {
  readonly stage: ModelStage;
  readonly file: string;
  readonly session: ModelSession;
  readonly input: TensorInfo;
  /** Items of a run where the model fixes them, else null. */
  readonly fixedBatch: number | null;
  readonly constants: Readonly<Record<string, Tensor>>;
  /** The outputs taken: of the last stage scores and embedding, of the others the next one's input. */
  readonly wanted: readonly string[];
}

/**
 * Loads the files of a model and checks that its description fits them.
 * @throws EarmarkError `model/load`, `model/no-runtime`, `model/inputs`, `model/outputs`, `model/input-type`,
 *   `model/input-shape`, `model/description` where a state or a constant is too large.
 */
export async function openModel(model: ModelOnDisk, options: RunnerOptions): Promise<ModelRunner> {
  const { description } = model;
  const stages: LoadedStage[] = [];
  try {
    for (const [at, stage] of description.stages.entries()) {
      const { path, tfjs } = model.stages[at]!;
      const file = basename(path);
      const session =
        tfjs === null
          ? await createOnnxSession(path, file, options.threads)
          : await createTfjsSession(path, tfjs, options.tfjs);
      stages.push(fitStage(stage, file, session, description, at === description.stages.length - 1));
    }
    return new StageRunner(description, model.labels, stages);
  } catch (error) {
    await Promise.all(stages.map(({ session }) => session.close()));
    throw error;
  }
}

function fitStage(
  stage: ModelStage,
  file: string,
  session: ModelSession,
  description: ModelDescription,
  isLast: boolean,
): LoadedStage {
  const fed = new Set([...stage.states, ...stage.constants].map(({ input }) => input));
  const input = chooseTensor(
    session.inputs.filter(({ name }) => !fed.has(name)),
    stage.input.name,
    `${file}: the input that takes the clip`,
    'inputs',
  );
  const missing = session.inputs.filter(({ name }) => name !== input.name && !fed.has(name));
  const surplus = [...fed].filter((name) => !session.inputs.some((each) => each.name === name));
  if (missing.length > 0 || surplus.length > 0) {
    throw new EarmarkError(
      'model/inputs',
      missing.length > 0
        ? `${file} has further inputs: ${missing.map(describeTensor).join(', ')}. Name them in "states" or "constants" of its description.`
        : `The description names the input "${surplus[0]}", which ${file} has not; it has ${session.inputs.map(describeTensor).join(', ')}.`,
    );
  }
  if (input.type !== 'float32') {
    throw new EarmarkError(
      'model/input-type',
      `The input ${describeTensor(input)} of ${file} takes ${input.type}; Earmark feeds float32. Export the model with a float32 input.`,
    );
  }
  for (const { output, shape } of stage.states) {
    findTensor(session.outputs, output, file, 'outputs');
    fedElements('state', shape);
  }
  const { scores, embedding } = description.outputs;
  const results = session.outputs.filter(({ name }) => !stage.states.some(({ output }) => output === name));
  const choose = (name: string | undefined, what: string): string =>
    chooseTensor(results, name, `${file}: ${what}`, 'outputs').name;
  const wanted = isLast
    ? [
        ...(scores === undefined ? [] : [choose(scores.name, 'the output with the scores')]),
        ...(embedding === undefined ? [] : [choose(embedding.name, 'the output with the embedding')]),
      ]
    : [choose(stage.output?.name, 'the output for the next stage')];
  const first = input.shape?.[0];
  const hasBatch = stage.input.layout[0] === 'batch';
  return {
    stage,
    file,
    session,
    input,
    fixedBatch: !hasBatch ? 1 : typeof first === 'number' ? first : null,
    constants: Object.fromEntries(
      stage.constants.map((constant) => [constant.input, constantTensor(constant)]),
    ),
    wanted,
  };
}

function describeTensor({ name, shape }: TensorInfo): string {
  return `"${name}" ${shapeText(shape)}`;
}

function findTensor(
  tensors: readonly TensorInfo[],
  name: string,
  file: string,
  kind: 'inputs' | 'outputs',
): TensorInfo {
  const found = tensors.find((tensor) => tensor.name === name);
  if (found !== undefined) return found;
  throw new EarmarkError(
    `model/${kind}`,
    `${file} has no ${kind.slice(0, -1)} "${name}"; it has ${tensors.map(describeTensor).join(', ') || 'none'}.`,
  );
}

function chooseTensor(
  tensors: readonly TensorInfo[],
  name: string | undefined,
  what: string,
  kind: 'inputs' | 'outputs',
): TensorInfo {
  if (name !== undefined) return findTensor(tensors, name, what, kind);
  const [only, second] = tensors;
  if (only !== undefined && second === undefined) return only;
  throw new EarmarkError(
    `model/${kind}`,
    `${what} has to be named, since there are ${tensors.length}: ${tensors.map(describeTensor).join(', ') || 'none'}.`,
  );
}

/** Elements of what the description feeds besides the clip. */
function fedElements(what: 'state' | 'constant', shape: readonly number[]): number {
  const count = elements(shape);
  if (count <= MAX_FED_NUMBERS) return count;
  throw new EarmarkError(
    'model/description',
    `A ${what} of the shape ${shapeText(shape)} is too large: at most ${MAX_FED_NUMBERS} numbers can be fed. Correct its "shape".`,
  );
}

function constantTensor({ type, value, shape }: ModelStage['constants'][number]): Tensor {
  const count = fedElements('constant', shape);
  switch (type) {
    case 'float32':
      return { type, shape, data: new Float32Array(count).fill(value) };
    case 'int32':
      return { type, shape, data: new Int32Array(count).fill(value) };
    case 'int64':
      return { type, shape, data: new BigInt64Array(count).fill(BigInt(Math.round(value))) };
    case 'bool':
      return { type, shape, data: new Uint8Array(count).fill(value === 0 ? 0 : 1) };
  }
}

class StageRunner implements ModelRunner {
  readonly backend: string;
  readonly threads: number;
  readonly labels: readonly string[] | null;
  readonly pooling: ModelDescription['pooling'];
  readonly plan: PreparePlan;
  private readonly description: ModelDescription;
  private readonly stages: readonly LoadedStage[];
  /** By clip, what its model carries on to the next window. */
  private readonly states = new Map<number, Readonly<Record<string, Tensor>>>();

  constructor(
    description: ModelDescription,
    labels: readonly string[] | null,
    stages: readonly LoadedStage[],
  ) {
    this.description = description;
    this.labels = labels;
    this.stages = stages;
    const [{ session }] = stages as [LoadedStage];
    this.backend = session.backend;
    this.threads = session.threads;
    this.pooling = description.pooling;
    this.plan = planOf(description);
    const { frames, features } = blockSize(this.plan);
    checkShape(stages[0]!, frames, features);
  }

  async run(blocks: Blocks, clips: readonly number[]): Promise<WindowOutputs> {
    let items: Matrices = blocks;
    let perBlock = 1;
    for (const [at, loaded] of this.stages.entries()) {
      if (at > 0) {
        const cut = cutFrames(items, loaded.stage.input);
        perBlock *= cut.count / items.count;
        items = cut;
      }
      checkShape(loaded, items.frames, items.features);
      const outputs = await this.runStage(loaded, items, clips);
      if (at === this.stages.length - 1) return this.meaning(loaded, outputs, items.count, perBlock);
      const name = loaded.wanted[0]!;
      const layout = loaded.stage.output?.layout ?? [];
      items = readMatrices(
        outputs[name]!,
        // Items that were run one by one were joined by an axis of their own.
        layout[0] === 'batch' || items.count === 1 ? layout : ['batch', ...layout],
        `The output "${name}" of ${loaded.file}`,
      );
    }
    throw new Error('a model without stages');
  }

  forget(clip: number): void {
    this.states.delete(clip);
  }

  async close(): Promise<void> {
    await Promise.all(this.stages.map(({ session }) => session.close()));
  }

  /** All items through one stage, a batch at a time; the outputs of the batches in one tensor each. */
  private async runStage(
    loaded: LoadedStage,
    items: Matrices,
    clips: readonly number[],
  ): Promise<Record<string, FloatTensor>> {
    const { stage, fixedBatch, wanted } = loaded;
    const isStateful = stage.states.length > 0;
    const most = isStateful ? 1 : (fixedBatch ?? stage.batch);
    const hasBatch = (stage.output ?? stage.input).layout[0] === 'batch';
    const size = items.frames * items.features;
    const parts: Record<string, FloatTensor>[] = [];
    for (let from = 0; from < items.count; from += most) {
      const here = Math.min(most, items.count - from);
      const given = fixedBatch !== null && !isStateful ? fixedBatch : here;
      let data = items.data.subarray(from * size, (from + here) * size);
      if (given > here) {
        const padded = new Float32Array(given * size);
        padded.set(data);
        data = padded;
      }
      const clip = clips[from] ?? 0;
      const feeds = {
        [loaded.input.name]: {
          type: 'float32' as const,
          shape: shapeFor(stage.input.layout, given, items.frames, items.features),
          data,
        },
        ...loaded.constants,
        ...(isStateful ? this.stateOf(loaded, clip) : {}),
      };
      const names = [...new Set([...wanted, ...stage.states.map(({ output }) => output)])];
      const outputs = await loaded.session.run(feeds, names);
      if (isStateful) this.keepState(loaded, clip, outputs);
      if (given > here) {
        for (const name of names) outputs[name] = firstItems(outputs[name]!, here);
      }
      parts.push(outputs);
    }
    if (parts.length === 1) return parts[0]!;
    return Object.fromEntries(
      wanted.map((name) => [
        name,
        joinTensors(
          parts.map((part) => part[name]!),
          hasBatch,
          name,
          loaded.file,
        ),
      ]),
    );
  }

  private stateOf({ stage }: LoadedStage, clip: number): Readonly<Record<string, Tensor>> {
    const kept = this.states.get(clip);
    if (kept !== undefined) return kept;
    return Object.fromEntries(
      stage.states.map(({ input, shape }) => [
        input,
        { type: 'float32' as const, shape, data: new Float32Array(elements(shape)) },
      ]),
    );
  }

  private keepState({ stage }: LoadedStage, clip: number, outputs: Record<string, FloatTensor>): void {
    this.states.set(
      clip,
      Object.fromEntries(
        stage.states.map(({ input, output }) => [input, { type: 'float32' as const, ...outputs[output]! }]),
      ),
    );
  }

  private meaning(
    loaded: LoadedStage,
    outputs: Record<string, FloatTensor>,
    items: number,
    perBlock: number,
  ): WindowOutputs {
    const { scores, embedding } = this.description.outputs;
    // Several batches without a batch axis were joined by one.
    const hasBatch = loaded.stage.input.layout[0] === 'batch' || items > 1;
    const rowsOf = (name: string, width: number | null): OutputRows => {
      const rows = outputRows(
        outputs[name]!,
        items,
        hasBatch,
        width,
        `The output "${name}" of ${loaded.file}`,
      );
      return { ...rows, perItem: rows.perItem * perBlock };
    };
    let scoreRows: OutputRows | null = null;
    if (scores !== undefined && this.labels !== null) {
      const raw = rowsOf(loaded.wanted[0]!, rawWidth(scores.kind, this.labels.length));
      scoreRows = {
        data: toProbabilities(raw.data, scores.kind, this.labels.length),
        width: this.labels.length,
        perItem: raw.perItem,
      };
    }
    return {
      scores: scoreRows,
      embedding: embedding === undefined ? null : rowsOf(loaded.wanted.at(-1)!, null),
    };
  }
}

/** @param frames Null where the clip's length decides. */
function checkShape(loaded: LoadedStage, frames: number | null, features: number): void {
  const { input, stage, file } = loaded;
  if (input.shape === null) return;
  const made = shapeFor(stage.input.layout, loaded.fixedBatch ?? 1, frames ?? 1, features);
  const isFree = (at: number): boolean => {
    const axis = stage.input.layout[at];
    return axis === 'batch' || ((axis === 'time' || axis === 'flat') && frames === null);
  };
  const fits =
    made.length === input.shape.length &&
    input.shape.every((size, at) => typeof size !== 'number' || isFree(at) || size === made[at]);
  if (fits) return;
  const shown = stage.input.layout.map((axis, at) => (isFree(at) ? axis : `${axis} ${made[at]}`));
  throw new EarmarkError(
    'model/input-shape',
    `The input "${input.name}" of ${file} wants ${shapeText(input.shape)}, but its description makes [${shown.join(', ')}] of a clip. Correct "layout", "clip" or "frontEnd".`,
    { wanted: input.shape, made },
  );
}

function firstItems({ shape, data }: FloatTensor, count: number): FloatTensor {
  const size = data.length / (shape[0] || 1);
  return { shape: [count, ...shape.slice(1)], data: data.subarray(0, count * size) };
}

/** Batches one after the other; without a batch axis they get one. */
function joinTensors(
  parts: readonly FloatTensor[],
  hasBatch: boolean,
  name: string,
  file: string,
): FloatTensor {
  const first = parts[0]!;
  const tail = hasBatch ? first.shape.slice(1) : first.shape;
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  let count = 0;
  for (const part of parts) {
    const own = hasBatch ? part.shape.slice(1) : part.shape;
    if (own.join() !== tail.join()) {
      throw new EarmarkError(
        'model/output-shape',
        `The output "${name}" of ${file} has the shape ${shapeText(part.shape)} for one batch and ${shapeText(first.shape)} for another.`,
      );
    }
    data.set(part.data, at);
    at += part.data.length;
    count += hasBatch ? part.shape[0]! : 1;
  }
  return { shape: [count, ...tail], data };
}

/** The items of a later stage: windows of frames where it wants them, scaled and in its layout. */
function cutFrames(items: Matrices, input: ModelStage['input']): Matrices {
  const { count, frames, features } = items;
  const window = input.frames;
  const length = window?.length ?? frames;
  const starts = window === null ? [0] : windowStarts(frames, window);
  const size = length * features;
  const data = new Float32Array(count * starts.length * size);
  const part = new Float32Array(size);
  for (let item = 0; item < count; item++) {
    const source = items.data.subarray(item * frames * features, (item + 1) * frames * features);
    for (const [at, start] of starts.entries()) {
      copyWindow(source, frames, start, part, { length, pad: window?.pad ?? 'end' }, features);
      const place = (item * starts.length + at) * size;
      writeItem(part, data.subarray(place, place + size), length, features, input);
    }
  }
  return { data, count: count * starts.length, frames: length, features };
}
