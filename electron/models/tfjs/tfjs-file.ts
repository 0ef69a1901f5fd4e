// What a TensorFlow.js model.json says of itself, checked before TensorFlow.js sees it: its layers or operations, and
// that the weights it announces lie in files of its own folder.
import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { EarmarkError } from '../../../shared/errors.ts';
import { readJsonFile } from '../json-file.ts';
import { elements, shapeText } from '../tensors.ts';
import { graphOperations } from './graph-operations.ts';

/** Larger ones are no topology: weights do not lie in this file. */
const MAX_JSON_BYTES = 256 * 2 ** 20;
const MAX_DEPTH = 64;

const itemBytes = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2, complex64: 8 } as const;

const weightSpec = z.object({
  name: z.string(),
  shape: z.array(z.number().int().min(0)),
  dtype: z.string(),
  quantization: z.object({ dtype: z.string() }).loose().optional(),
});

const modelJson = z.object({
  format: z.string().nullish(),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z
    .array(z.object({ paths: z.array(z.string()), weights: z.array(weightSpec) }))
    .default([]),
  signature: z.record(z.string(), z.unknown()).optional(),
  userDefinedMetadata: z.record(z.string(), z.unknown()).optional(),
  modelInitializer: z.unknown().optional(),
});

export interface TfjsFile {
  readonly format: 'tfjs-layers' | 'tfjs-graph';
  readonly topology: Readonly<Record<string, unknown>>;
  readonly signature: Readonly<Record<string, unknown>> | undefined;
  readonly weights: readonly z.infer<typeof weightSpec>[];
  /** Absolute, in the order of the weights. */
  readonly weightFiles: readonly string[];
  /** Class names of the layers; empty for graphs. */
  readonly layers: readonly string[];
}

/**
 * Reads and checks a model.json; the weights are looked for, not read.
 * @throws EarmarkError `model/missing`, `model/not-tfjs`, `model/lambda`, `model/custom-operators`,
 *   `model/external-data`, `model/damaged`.
 */
export function readTfjsFile(path: string): TfjsFile {
  const name = basename(path);
  const json = readJsonFile(path, {
    atMost: MAX_JSON_BYTES,
    tooLarge: (bytes) => notTfjs(name, `it has ${bytes} bytes, more than any topology needs`),
    notJson: () => notTfjs(name, 'it is not JSON, or only a part of it was copied'),
  });
  const parsed = modelJson.safeParse(json);
  if (!parsed.success) throw notTfjs(name, 'it has no "modelTopology" with a "weightsManifest" beside it');
  const { modelTopology: topology, weightsManifest, signature } = parsed.data;
  const isGraph = parsed.data.format === 'graph-model' || Array.isArray(topology.node);
  const layers = isGraph ? [] : layersOf(topology, name);
  if (isGraph) checkOperations(topology, name);
  if (parsed.data.modelInitializer !== undefined) {
    throw new EarmarkError(
      'model/custom-operators',
      `${name} wants to run an initializer of its own (hash tables), which Earmark does not load.`,
    );
  }
  const folder = realpathSync(dirname(path));
  const weightFiles: string[] = [];
  for (const group of weightsManifest) {
    const files = group.paths.map((file) => containedFile(folder, file, name));
    checkSizes(group.weights, files, name);
    weightFiles.push(...files);
  }
  return {
    format: isGraph ? 'tfjs-graph' : 'tfjs-layers',
    topology,
    signature,
    weights: weightsManifest.flatMap((group) => group.weights),
    weightFiles,
    layers,
  };
}

function notTfjs(name: string, why: string): EarmarkError {
  return new EarmarkError(
    'model/not-tfjs',
    `${name} is no TensorFlow.js model: ${why}. Expected the model.json that tensorflowjs_converter or model.save() writes. It was not loaded.`,
  );
}

/** Class names of all layers, nested models included. Which of them exist is known to the backend. */
function layersOf(topology: Readonly<Record<string, unknown>>, name: string): string[] {
  const found = new Set<string>();
  const walk = (value: unknown, depth: number): void => {
    if (depth > MAX_DEPTH) throw notTfjs(name, 'its layers are nested too deeply');
    if (Array.isArray(value)) {
      for (const each of value) walk(each, depth + 1);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const entry = value as Record<string, unknown>;
    const className = entry.class_name ?? entry.className;
    if (typeof className === 'string') found.add(className);
    for (const key of ['model_config', 'modelConfig', 'config', 'layers', 'layer', 'cell', 'cells']) {
      if (entry[key] !== undefined) walk(entry[key], depth + 1);
    }
  };
  walk(topology, 0);
  if (found.size === 0) throw notTfjs(name, 'its topology has no layers');
  for (const layer of ['Lambda', 'TFOpLambda', 'SlicingOpLambda']) {
    if (!found.has(layer)) continue;
    throw new EarmarkError(
      'model/lambda',
      `${name} has a ${layer} layer, which carries program code. Earmark does not run code out of a model; replace the layer by standard ones and save the model again.`,
      { layer },
    );
  }
  return [...found];
}

function checkOperations(topology: Readonly<Record<string, unknown>>, name: string): void {
  const library = topology.library as { function?: { nodeDef?: unknown }[] } | undefined;
  const lists = [
    topology.node,
    ...(Array.isArray(library?.function) ? library.function : []).map((f) => f?.nodeDef),
  ];
  const unknown = new Set<string>();
  for (const node of lists.flatMap((list) => (Array.isArray(list) ? list : []))) {
    const operation = typeof node === 'object' && node !== null ? (node as { op?: unknown }).op : undefined;
    if (typeof operation !== 'string') throw notTfjs(name, 'its graph has a node without an operation');
    if (!graphOperations.has(operation)) unknown.add(operation);
  }
  if (unknown.size === 0) return;
  const names = [...unknown];
  throw new EarmarkError(
    'model/custom-operators',
    `${name} uses operations that Earmark does not run: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}. Convert the model with standard operations only.`,
    { operators: names.slice(0, 100) },
  );
}

function containedFile(folder: string, file: string, name: string): string {
  const parts = file.split(/[\\/]/);
  const path = join(folder, file);
  let leadsOut =
    file === '' || /^([\\/]|[A-Za-z]:)/.test(file) || parts.includes('..') || file.includes('\0');
  if (!leadsOut) {
    try {
      leadsOut = lstatSync(path).isSymbolicLink() && relative(folder, realpathSync(path)).startsWith('..');
    } catch {
      throw new EarmarkError(
        'model/missing',
        `${name} keeps weights in ${JSON.stringify(file)}, which is not there. Copy all files of the model into one folder.`,
        { file },
      );
    }
  }
  if (leadsOut) {
    throw new EarmarkError(
      'model/external-data',
      `${name} keeps weights in ${JSON.stringify(file)}, which leads out of the model's folder. Only files beside the model or below are read. It was not loaded.`,
      { file },
    );
  }
  return path;
}

function checkSizes(
  weights: readonly z.infer<typeof weightSpec>[],
  files: readonly string[],
  name: string,
): void {
  const present = files.reduce((sum, file) => sum + statSync(file).size, 0);
  let announced = 0;
  for (const { name: weight, shape, dtype, quantization } of weights) {
    const type = quantization?.dtype ?? dtype;
    if (!Object.hasOwn(itemBytes, type)) {
      throw new EarmarkError(
        'model/weights',
        `${name} has weights "${weight}" of the type ${type}; ${Object.keys(itemBytes).join(', ')} can be read. It was not loaded.`,
      );
    }
    announced += elements(shape) * itemBytes[type as keyof typeof itemBytes];
    if (announced <= present) continue;
    throw new EarmarkError(
      'model/damaged',
      `${name} announces weights "${weight}" of the shape ${shapeText(shape)}, but its weight files hold only ${present} bytes. They are damaged or were not copied whole. It was not loaded.`,
      { announced, present },
    );
  }
}
