// Inputs and outputs of a TensorFlow.js model as its topology names them, without loading it.
import type { TensorInfo } from '../tensors.ts';
import type { TfjsFile } from './tfjs-file.ts';

interface Tensors {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly producers: ReadonlyMap<string, string>;
}

export function tfjsTensors(file: TfjsFile): Tensors {
  return file.format === 'tfjs-graph' ? graphTensors(file) : layersTensors(file);
}

type Json = Readonly<Record<string, unknown>>;

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function shapeOf(value: unknown): TensorInfo['shape'] {
  return Array.isArray(value)
    ? value.map((size) => (typeof size === 'number' && size >= 0 ? size : null))
    : null;
}

/** First layer with a shape, and what the last ones say of their width; layers in between are not worked out. */
function layersTensors({ topology }: TfjsFile): Tensors {
  const config = object(object(topology.model_config ?? topology).config);
  const layers = (Array.isArray(config) ? config : list(config.layers)).map((layer) => {
    const { class_name: className, config: own, name } = object(layer);
    const settings = object(own);
    return { className: String(className ?? ''), name: String(settings.name ?? name ?? ''), settings };
  });
  const namesOf = (value: unknown): string[] => {
    const entries = list(value);
    return (typeof entries[0] === 'string' ? [entries] : entries).map((entry) =>
      String(list(entry)[0] ?? ''),
    );
  };
  const inputs = layers
    .filter(({ settings }) => settings.batch_input_shape !== undefined)
    .map(({ name, settings }) => ({
      name,
      type: String(settings.dtype ?? 'float32'),
      shape: shapeOf(settings.batch_input_shape),
    }));
  const named = namesOf(config.output_layers);
  const last = layers.at(-1);
  const ends = named.length > 0 ? layers.filter(({ name }) => named.includes(name)) : last ? [last] : [];
  const producers = new Map<string, string>();
  const outputs = ends.map(({ name, className, settings }): TensorInfo => {
    const activation = String(settings.activation ?? '').toLowerCase();
    if (activation === 'softmax' || className === 'Softmax') producers.set(name, 'Softmax');
    else if (activation === 'sigmoid') producers.set(name, 'Sigmoid');
    return {
      name,
      type: 'float32',
      shape: typeof settings.units === 'number' ? [null, settings.units] : null,
    };
  });
  return { inputs, outputs, producers };
}

/** From the signature where there is one, else placeholders and the nodes nobody takes up. */
function graphTensors({ topology, signature }: TfjsFile): Tensors {
  const nodes = list(topology.node).map((node) => {
    const { name, op, input, attr } = object(node);
    return { name: String(name), op: String(op), inputs: list(input).map(String), attr: object(attr) };
  });
  const producers = new Map(nodes.map(({ name, op }) => [name, op]));
  const signed = (value: unknown): TensorInfo[] =>
    Object.values(object(value)).map((entry) => {
      const { name, tensorShape } = object(entry);
      return { name: String(name).replace(/:0$/, ''), type: 'float32', shape: dimensions(tensorShape) };
    });
  const inputs = signed(signature?.inputs);
  const outputs = signed(signature?.outputs);
  const taken = new Set(nodes.flatMap((node) => node.inputs.map((name) => name.replace(/^\^|:\d+$/g, ''))));
  return {
    producers,
    inputs:
      inputs.length > 0
        ? inputs
        : nodes
            .filter(({ op }) => op === 'Placeholder')
            .map(({ name, attr }) => ({
              name,
              type: 'float32',
              shape: dimensions(object(attr.shape).shape),
            })),
    outputs:
      outputs.length > 0
        ? outputs
        : nodes
            .filter(({ name, op }) => !taken.has(name) && op !== 'Const' && op !== 'NoOp')
            .map(({ name }) => ({ name, type: 'float32', shape: null })),
  };
}

function dimensions(shape: unknown): TensorInfo['shape'] {
  const { dim } = object(shape);
  if (!Array.isArray(dim)) return null;
  return dim.map((entry) => {
    const size = Number(object(entry).size ?? -1);
    return size >= 0 ? size : null;
  });
}
