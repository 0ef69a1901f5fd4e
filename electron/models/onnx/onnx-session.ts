// Runs ONNX models with onnxruntime-node on the CPU. The runtime is loaded when the first model is: where its native
// part is missing, everything else goes on working.
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { EarmarkError } from '../../../shared/errors.ts';
import { type FloatTensor, type ModelSession, shapeText, type Tensor, type TensorInfo } from '../tensors.ts';

type Runtime = typeof import('onnxruntime-node');
let runtime: Promise<Runtime> | null = null;

async function loadRuntime(): Promise<Runtime> {
  runtime ??= import('onnxruntime-node');
  try {
    const loaded = await runtime;
    // Its own lines on standard error would say a second time what the errors here say.
    loaded.env.logLevel = 'fatal';
    return loaded;
  } catch (error) {
    runtime = null;
    throw new EarmarkError(
      'model/no-runtime',
      `ONNX models cannot be run here: onnxruntime-node has no binary that loads on ${process.platform} ${process.arch} (${messageOf(error)}). The built-in acoustic embedding and TensorFlow.js models still run.`,
    );
  }
}

/**
 * Loads a model that `readOnnxFile` has let pass.
 * @param path Of the file itself, so that weights beside it are found.
 * @throws EarmarkError `model/no-runtime`, `model/load`.
 */
export async function createOnnxSession(path: string, name: string, threads: number): Promise<ModelSession> {
  const ort = await loadRuntime();
  let session: InferenceSession;
  try {
    session = await ort.InferenceSession.create(path, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 4,
      // Idle threads would otherwise turn on the cores that decode the next clips.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (error) {
    throw new EarmarkError(
      'model/load',
      `${name} was refused by onnxruntime: ${messageOf(error)}. Nothing was changed.`,
    );
  }
  return new OnnxSession(ort, session, name, threads);
}

class OnnxSession implements ModelSession {
  readonly backend: string;
  readonly threads: number;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  private readonly ort: Runtime;
  private readonly session: InferenceSession;
  private readonly name: string;

  constructor(ort: Runtime, session: InferenceSession, name: string, threads: number) {
    this.ort = ort;
    this.session = session;
    this.name = name;
    this.threads = threads;
    const version = ort.env.versions.node ?? ort.env.versions.common;
    this.backend = `onnxruntime-node ${version} CPU, ${threads} thread${threads === 1 ? '' : 's'}`;
    this.inputs = session.inputMetadata.map(infoOf);
    this.outputs = session.outputMetadata.map(infoOf);
  }

  async run(
    feeds: Readonly<Record<string, Tensor>>,
    wanted: readonly string[],
  ): Promise<Record<string, FloatTensor>> {
    const inputs: Record<string, OrtTensor> = {};
    for (const [name, { type, data, shape }] of Object.entries(feeds)) {
      inputs[name] = new this.ort.Tensor(type, data as Float32Array, shape) as OrtTensor;
    }
    let outputs: InferenceSession.OnnxValueMapType;
    try {
      outputs = await this.session.run(inputs, wanted);
    } catch (error) {
      const given = Object.entries(feeds).map(([name, { shape }]) => `${name} ${shapeText(shape)}`);
      throw new EarmarkError(
        'model/run',
        `${this.name} could not be run on ${given.join(', ')}: ${messageOf(error)}. Check the layout and the window in its description.`,
      );
    }
    const result: Record<string, FloatTensor> = {};
    for (const name of wanted) result[name] = floatTensor(this.name, name, outputs[name]);
    return result;
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

function infoOf(metadata: InferenceSession.ValueMetadata): TensorInfo {
  return metadata.isTensor
    ? { name: metadata.name, type: metadata.type, shape: metadata.shape }
    : { name: metadata.name, type: 'no tensor', shape: null };
}

function floatTensor(model: string, name: string, value: unknown): FloatTensor {
  const { type, dims, data } = value as OrtTensor;
  if (data instanceof Float32Array) return { shape: dims, data };
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return { shape: dims, data: Float32Array.from(data as BigInt64Array, Number) };
  }
  if (ArrayBuffer.isView(data) && type !== 'float16') {
    return { shape: dims, data: Float32Array.from(data as Float64Array) };
  }
  throw new EarmarkError(
    'model/output-type',
    `The output "${name}" of ${model} holds values of type ${type}; numbers of 32 bits were expected. Export the model with float32 outputs.`,
  );
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // Places in the runtime's own sources help nobody here.
  return message
    .replace(/\/\S*onnxruntime_src\S*\s.*?\)\s/s, '')
    .trim()
    .replace(/\.$/, '')
    .slice(0, 500);
}
