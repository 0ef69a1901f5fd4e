// Runs TensorFlow.js models: with @tensorflow/tfjs-node where somebody has installed and built it, else with the WASM
// backend, else in plain JavaScript. TensorFlow.js is loaded when the first model is.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, sep } from 'node:path';
import util from 'node:util';
import type * as TfConverter from '@tensorflow/tfjs-converter';
import type * as Tf from '@tensorflow/tfjs-core';
import type * as TfLayers from '@tensorflow/tfjs-layers';
import { EarmarkError } from '../../../shared/errors.ts';
import { type FloatTensor, type ModelSession, shapeText, type Tensor, type TensorInfo } from '../tensors.ts';
import type { TfjsFile } from './tfjs-file.ts';

export type TfjsBackend = 'auto' | 'node' | 'wasm' | 'cpu';

interface Runtime {
  readonly tf: typeof Tf;
  readonly layers: typeof TfLayers;
  readonly converter: typeof TfConverter;
}

let runtime: Promise<Runtime> | null = null;

async function loadRuntime(): Promise<Runtime> {
  runtime ??= (async () => {
    const [tf, layers, converter] = await Promise.all([
      import('@tensorflow/tfjs-core'),
      import('@tensorflow/tfjs-layers'),
      import('@tensorflow/tfjs-converter'),
    ]);
    // Without it every start advises to install another package.
    tf.enableProdMode();
    await Promise.all([import('@tensorflow/tfjs-backend-cpu'), import('@tensorflow/tfjs-backend-wasm')]);
    return { tf, layers, converter };
  })();
  return runtime;
}

/** Makes one backend current. Models keep to the backend they were loaded for. */
async function chooseBackend(tf: typeof Tf, wanted: TfjsBackend): Promise<string> {
  if (
    (wanted === 'auto' || wanted === 'node') &&
    (await loadNative()) &&
    (await tf.setBackend('tensorflow'))
  ) {
    return 'tfjs-node';
  }
  if (wanted === 'node') {
    throw new EarmarkError(
      'model/no-runtime',
      '@tensorflow/tfjs-node is not installed here, or does not load.',
    );
  }
  if (wanted !== 'cpu') {
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    const files = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
    try {
      wasm.setWasmPaths(files + sep);
    } catch {
      // Only before the first model may it be said where the files lie.
    }
    if (await tf.setBackend('wasm')) {
      const hasSimd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
      return `tfjs wasm${hasSimd ? ' simd' : ''}`;
    }
  }
  await tf.setBackend('cpu');
  return 'tfjs plain JavaScript';
}

/** Registers the native backend. False where the package is not installed or not built, which is usual. */
async function loadNative(): Promise<boolean> {
  // Gone from Node 23 on, and the package calls it.
  const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean };
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
  try {
    // Its name in a variable: nobody needs the package to build or check Earmark.
    const name = '@tensorflow/tfjs-node';
    await import(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Loads a model that `readTfjsFile` has let pass.
 * @throws EarmarkError `model/custom-operators`, `model/load`, `model/no-runtime`.
 */
export async function createTfjsSession(
  path: string,
  file: TfjsFile,
  backend: TfjsBackend = 'auto',
): Promise<ModelSession> {
  const { tf, layers, converter } = await loadRuntime();
  const name = basename(path);
  const known = tf.serialization.SerializationMap.getMap().classNameMap;
  const unknown = file.layers.filter((layer) => !Object.hasOwn(known, layer));
  if (unknown.length > 0) {
    throw new EarmarkError(
      'model/custom-operators',
      `${name} has layers that TensorFlow.js does not know: ${unknown.slice(0, 5).join(', ')}. They would need code of their own, which Earmark does not load.`,
      { operators: unknown.slice(0, 100) },
    );
  }
  const backendName = await chooseBackend(tf, backend);
  const parts = file.weightFiles.map((weights) => readFileSync(weights));
  const artifacts: Tf.io.ModelArtifacts = {
    modelTopology: file.topology,
    weightSpecs: file.weights as Tf.io.WeightsManifestEntry[],
    weightData: new Uint8Array(Buffer.concat(parts)).buffer,
    ...(file.signature === undefined ? {} : { signature: file.signature }),
  };
  const source: Tf.io.IOHandler = { load: () => Promise.resolve(artifacts) };
  try {
    const model =
      file.format === 'tfjs-layers'
        ? layersModel(await layers.loadLayersModel(source, { strict: true }))
        : graphModel(await converter.loadGraphModel(source));
    return new TfjsSession(tf, model, name, backendName);
  } catch (error) {
    throw new EarmarkError(
      'model/load',
      `${name} was refused by TensorFlow.js: ${messageOf(error)}. Nothing was changed.`,
    );
  }
}

/** Layers and graph models behind one face. */
interface LoadedModel {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  predict(
    feeds: Readonly<Record<string, Tf.Tensor>>,
    wanted: readonly string[],
  ): Promise<readonly Tf.Tensor[]>;
  dispose(): void;
}

function layersModel(model: TfLayers.LayersModel): LoadedModel {
  // A sequential model keeps no list of names, but its layers have them.
  const info = (values: readonly TfLayers.SymbolicTensor[], names: readonly string[]): TensorInfo[] =>
    values.map(({ sourceLayer, shape, dtype }, at) => ({
      name: names[at] ?? sourceLayer.name,
      type: dtype,
      shape,
    }));
  const inputs = info(model.inputs, model.inputNames ?? []);
  const outputs = info(model.outputs, model.outputNames ?? []);
  return {
    inputs,
    outputs,
    predict: async (feeds, wanted) => {
      const given = inputs.map(({ name }) => feeds[name] as Tf.Tensor);
      const made = model.predict(given.length === 1 ? (given[0] as Tf.Tensor) : given);
      const all = Array.isArray(made) ? made : [made];
      for (const [at, { name }] of outputs.entries()) if (!wanted.includes(name)) all[at]?.dispose();
      return wanted.map((name) => all[outputs.findIndex((output) => output.name === name)] as Tf.Tensor);
    },
    dispose: () => model.dispose(),
  };
}

/** What the converter says of a graph's inputs and outputs; its own types leave the name out. */
interface GraphTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape?: readonly number[];
}

function graphModel(model: TfConverter.GraphModel): LoadedModel {
  const info = (values: readonly GraphTensor[]): TensorInfo[] =>
    values.map(({ name, shape, dtype }) => ({
      name,
      type: dtype,
      shape: shape === undefined ? null : shape.map((size) => (size < 0 ? null : size)),
    }));
  const listOf = (made: Tf.Tensor | Tf.Tensor[]): Tf.Tensor[] => (Array.isArray(made) ? made : [made]);
  /** Loops and outputs of free size need the other way of running, which warns where it is not needed. */
  let isDynamic = false;
  return {
    inputs: info(model.inputs as unknown as readonly GraphTensor[]),
    outputs: info(model.outputs as unknown as readonly GraphTensor[]),
    predict: async (feeds, wanted) => {
      if (!isDynamic) {
        try {
          return listOf(model.execute({ ...feeds }, [...wanted]));
        } catch (error) {
          if (!messageOf(error).includes('executeAsync')) throw error;
          isDynamic = true;
        }
      }
      return listOf(await model.executeAsync({ ...feeds }, [...wanted]));
    },
    dispose: () => model.dispose(),
  };
}

class TfjsSession implements ModelSession {
  readonly backend: string;
  readonly threads = 1;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  private readonly tf: typeof Tf;
  private readonly model: LoadedModel;
  private readonly name: string;
  private readonly registered: string;

  constructor(tf: typeof Tf, model: LoadedModel, name: string, backend: string) {
    this.registered = tf.getBackend();
    this.tf = tf;
    this.model = model;
    this.name = name;
    this.backend = `${backend} ${tf.version_core}, ${backend === 'tfjs-node' ? 'its own threads' : '1 thread'}`;
    this.inputs = model.inputs;
    this.outputs = model.outputs;
  }

  async run(
    feeds: Readonly<Record<string, Tensor>>,
    wanted: readonly string[],
  ): Promise<Record<string, FloatTensor>> {
    if (this.tf.getBackend() !== this.registered) await this.tf.setBackend(this.registered);
    const inputs: Record<string, Tf.Tensor> = {};
    const result: Record<string, FloatTensor> = {};
    try {
      for (const [name, { data, shape, type }] of Object.entries(feeds)) {
        const isInteger = type === 'int32' || type === 'int64';
        inputs[name] = this.tf.tensor(
          data instanceof BigInt64Array ? Int32Array.from(data, Number) : (data as Float32Array),
          [...shape],
          type === 'bool' ? 'bool' : isInteger ? 'int32' : 'float32',
        );
      }
      const outputs = await this.model.predict(inputs, wanted);
      for (const [at, name] of wanted.entries()) {
        const output = outputs[at] as Tf.Tensor;
        const data = await output.data();
        result[name] = {
          shape: output.shape,
          data: data instanceof Float32Array ? data : Float32Array.from(data as Int32Array),
        };
        output.dispose();
      }
    } catch (error) {
      const given = Object.entries(feeds).map(([name, { shape }]) => `${name} ${shapeText(shape)}`);
      throw new EarmarkError(
        'model/run',
        `${this.name} could not be run on ${given.join(', ')}: ${messageOf(error)}. Check the layout and the window in its description.`,
      );
    } finally {
      for (const tensor of Object.values(inputs)) tensor.dispose();
    }
    return result;
  }

  async close(): Promise<void> {
    this.model.dispose();
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().replace(/\.$/, '').slice(0, 500);
}
