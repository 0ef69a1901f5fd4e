// What an ONNX file says of itself, read without the runtime and before it: versions, operators, external files, inputs
// and outputs. Refuses what the runtime here cannot or should not load. Follows onnx.proto of ONNX 1.x.
import { closeSync, fstatSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import { EarmarkError } from '../../../shared/errors.ts';
import type { TensorInfo } from '../tensors.ts';
import { type Field, ProtobufFile } from './protobuf.ts';

/** What onnxruntime 1.30 loads: the newest opset of each set of operators, and of the file format itself. */
const newestOpsets: Readonly<Record<string, number>> = {
  'ai.onnx': 26,
  'ai.onnx.ml': 5,
  'com.microsoft': 1,
};
const NEWEST_IR = 13;

/** Loops in loops in loops; a damaged file could go on for ever. */
const MAX_DEPTH = 16;
const MAX_AXES = 32;
/** Beyond this a graph is no model any more. */
const MAX_ENTRIES = 20_000_000;

export interface OnnxFile {
  readonly irVersion: number;
  readonly opsets: Readonly<Record<string, number>>;
  readonly producer: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** By output, the operator it comes from. */
  readonly producers: ReadonlyMap<string, string>;
  /** Paths of files with weights, as the model names them: below its folder, but not yet looked for. */
  readonly externalFiles: readonly string[];
}

/**
 * Reads and checks an ONNX file. Memory does not grow with the file.
 * @throws EarmarkError `model/missing`, `model/damaged`, `model/not-onnx`, `model/opset`, `model/ir-version`,
 *   `model/custom-operators`, `model/external-data`.
 */
export function readOnnxFile(path: string): OnnxFile {
  const name = basename(path);
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw new EarmarkError(
      'model/missing',
      `${path} could not be opened (${error instanceof Error ? error.message : String(error)}). No model was loaded.`,
      { path },
    );
  }
  try {
    const info = fstatSync(descriptor);
    if (!info.isFile()) throw notOnnx(name, 'it is no regular file');
    if (info.size === 0) throw notOnnx(name, 'it is empty');
    return new Reader(new ProtobufFile(descriptor, info.size, name)).read();
  } finally {
    closeSync(descriptor);
  }
}

function notOnnx(name: string, why: string): EarmarkError {
  return new EarmarkError(
    'model/not-onnx',
    `${name} is no ONNX model: ${why}. Expected a file as torch.onnx.export or tf2onnx write it. It was not loaded.`,
  );
}

class Reader {
  private readonly file: ProtobufFile;
  private readonly opsets: Record<string, number> = {};
  /** Operators by `domain::name`, of domains that the runtime does not know. */
  private readonly foreign = new Set<string>();
  private readonly functions = new Set<string>();
  private readonly external = new Set<string>();
  private readonly initializers = new Set<string>();
  /** By the name of a value, the operator of the graph that makes it. */
  private readonly makers = new Map<string, string>();
  private entries = 0;

  constructor(file: ProtobufFile) {
    this.file = file;
  }

  read(): OnnxFile {
    let irVersion = 0;
    let producer = '';
    let graph: Field | null = null;
    for (const field of this.file.fields()) {
      if (field.number === 1 && field.wire === 0) irVersion = field.value;
      else if (field.number === 2 && field.wire === 2) producer = this.file.text(field, 200);
      else if (field.number === 7 && field.wire === 2) graph = field;
      else if (field.number === 8 && field.wire === 2) this.readOpset(field);
      else if (field.number === 25 && field.wire === 2) this.readFunction(field);
    }
    if (graph === null || irVersion === 0) {
      throw notOnnx(
        this.file.name,
        graph === null ? 'it holds no graph' : 'it names no version of the format',
      );
    }
    if (!(irVersion <= NEWEST_IR)) {
      throw new EarmarkError(
        'model/ir-version',
        `${this.file.name} is written in version ${irVersion} of the ONNX file format; the runtime here reads versions up to ${NEWEST_IR}. Export it with an older onnx package, or set its ir_version. It was not loaded.`,
        { irVersion, newest: NEWEST_IR },
      );
    }
    this.checkOpsets();
    const { inputs, outputs } = this.readGraph(graph, 0);
    const foreign = [...this.foreign].filter((operator) => !this.functions.has(operator));
    if (foreign.length > 0) {
      throw new EarmarkError(
        'model/custom-operators',
        `${this.file.name} uses operators that are no part of ONNX: ${foreign.slice(0, 5).join(', ')}${foreign.length > 5 ? ` and ${foreign.length - 5} more` : ''}. They would need code of their own, which Earmark does not load. Export the model with standard operators only.`,
        { operators: foreign.slice(0, 100) },
      );
    }
    return {
      irVersion,
      opsets: this.opsets,
      producer,
      // Older files name the weights among the inputs.
      inputs: inputs.filter((input) => !this.initializers.has(input.name)),
      outputs,
      producers: new Map(outputs.map(({ name }) => [name, this.makers.get(name) ?? ''])),
      externalFiles: [...this.external],
    };
  }

  private readOpset(field: Field): void {
    let domain = '';
    let version = 0;
    for (const part of this.parts(field)) {
      if (part.number === 1 && part.wire === 2) domain = this.file.text(part, 200);
      else if (part.number === 2 && part.wire === 0) version = part.value;
    }
    this.opsets[domain === '' ? 'ai.onnx' : domain] = version;
  }

  private checkOpsets(): void {
    for (const [domain, newest] of Object.entries(newestOpsets)) {
      const version = this.opsets[domain];
      if (version === undefined || version <= newest) continue;
      throw new EarmarkError(
        'model/opset',
        `${this.file.name} needs opset ${version} of ${domain}; the runtime here knows opsets up to ${newest}. Export it again with opset_version=${newest} or lower (17 is a safe choice). It was not loaded.`,
        { domain, version, newest },
      );
    }
    if (Object.keys(this.opsets).length === 0) throw notOnnx(this.file.name, 'it names no operator set');
  }

  /** A function of the model's own: made of other operators, so that its domain may be any. */
  private readFunction(field: Field): void {
    let name = '';
    let domain = '';
    const nodes: Field[] = [];
    for (const part of this.parts(field)) {
      if (part.number === 1 && part.wire === 2) name = this.file.text(part, 500);
      else if (part.number === 10 && part.wire === 2) domain = this.file.text(part, 200);
      else if (part.number === 7 && part.wire === 2) nodes.push(part);
    }
    this.functions.add(`${domain}::${name}`);
    for (const node of nodes) this.readNode(node, 1);
  }

  private readGraph(field: Field, depth: number): { inputs: TensorInfo[]; outputs: TensorInfo[] } {
    if (depth > MAX_DEPTH) throw this.file.damaged(field.start, `a graph within ${MAX_DEPTH} others`);
    const inputs: TensorInfo[] = [];
    const outputs: TensorInfo[] = [];
    for (const part of this.parts(field)) {
      if (part.wire !== 2) continue;
      if (part.number === 1) this.readNode(part, depth);
      else if (part.number === 5) this.readTensor(part, depth === 0);
      else if (part.number === 11 && depth === 0) inputs.push(this.readValueInfo(part));
      else if (part.number === 12 && depth === 0) outputs.push(this.readValueInfo(part));
      else if (part.number === 15) {
        for (const half of this.parts(part))
          if (half.number <= 2 && half.wire === 2) this.readTensor(half, false);
      }
    }
    return { inputs, outputs };
  }

  private readNode(field: Field, depth: number): void {
    let operator = '';
    let domain = '';
    const made: string[] = [];
    for (const part of this.parts(field)) {
      if (part.wire !== 2) continue;
      if (part.number === 2 && depth === 0) made.push(this.file.text(part, 500));
      else if (part.number === 4) operator = this.file.text(part, 500);
      else if (part.number === 7) domain = this.file.text(part, 200);
      else if (part.number === 5) this.readAttribute(part, depth);
    }
    for (const name of made) this.makers.set(name, operator);
    if (domain !== '' && !Object.hasOwn(newestOpsets, domain)) this.foreign.add(`${domain}::${operator}`);
  }

  private readAttribute(field: Field, depth: number): void {
    for (const part of this.parts(field)) {
      if (part.wire !== 2) continue;
      // t, tensors; g, graphs.
      if (part.number === 5 || part.number === 10) this.readTensor(part, false);
      else if (part.number === 6 || part.number === 11) this.readGraph(part, depth + 1);
    }
  }

  /** Weights: what they announce has to lie in this file, or in another one of the model's folder. */
  private readTensor(field: Field, isInitializer: boolean): void {
    let name = '';
    let isExternal = false;
    let location: string | null = null;
    let type = 0;
    let present = 0;
    const shape: number[] = [];
    for (const part of this.parts(field)) {
      if (part.number === 1) shape.push(...this.file.integers(part, MAX_AXES));
      else if (part.number === 2 && part.wire === 0) type = part.value;
      else if (part.number === 8 && part.wire === 2) name = this.file.text(part, 500);
      else if (part.number === 14 && part.wire === 0) isExternal = part.value === 1;
      else if (part.number === 13 && part.wire === 2) location = this.readLocation(part) ?? location;
      // float_data, int32_data, string_data, int64_data, raw_data, double_data, uint64_data.
      else if ([4, 5, 6, 7, 9, 10, 11].includes(part.number)) present += Math.max(1, part.end - part.start);
    }
    if (isInitializer) this.initializers.add(name);
    const announced = shape.reduce((product, size) => product * size, 1);
    if (location !== null || isExternal) {
      if (location === null)
        throw this.file.damaged(field.start, `external weights "${name}" without a file`);
      this.checkLocation(location, name);
      this.external.add(location);
      return;
    }
    // Whatever the type, an element takes at least half a byte; type 8 are strings of any length.
    if (type !== 8 && !(announced / 2 <= present)) {
      throw new EarmarkError(
        'model/damaged',
        `${this.file.name} announces weights "${name}" of the shape [${shape.join(', ')}], but holds only ${present} bytes of them. The file is damaged or was changed. It was not loaded.`,
        { name, shape: shape.slice(0, MAX_AXES), present },
      );
    }
  }

  private readLocation(field: Field): string | null {
    let key = '';
    let value = '';
    for (const part of this.parts(field)) {
      if (part.number === 1 && part.wire === 2) key = this.file.text(part, 100);
      else if (part.number === 2 && part.wire === 2) value = this.file.text(part);
    }
    return key === 'location' ? value : null;
  }

  private checkLocation(location: string, weights: string): void {
    const parts = location.split(/[\\/]/);
    const isInside =
      location !== '' &&
      !/^([\\/]|[A-Za-z]:)/.test(location) &&
      !parts.includes('..') &&
      !location.includes('\0');
    if (isInside) return;
    throw new EarmarkError(
      'model/external-data',
      `${this.file.name} keeps the weights "${weights}" in ${JSON.stringify(location)}, which leads out of the model's folder. Only files beside the model or below are read. It was not loaded.`,
      { location: location.slice(0, 500), weights },
    );
  }

  private readValueInfo(field: Field): TensorInfo {
    let name = '';
    let type = 'unknown';
    let shape: (number | string | null)[] | null = null;
    for (const part of this.parts(field)) {
      if (part.number === 1 && part.wire === 2) name = this.file.text(part, 500);
      else if (part.number === 2 && part.wire === 2) {
        for (const kind of this.parts(part)) {
          if (kind.number !== 1 || kind.wire !== 2) continue;
          for (const tensor of this.parts(kind)) {
            if (tensor.number === 1 && tensor.wire === 0) type = elementTypes[tensor.value] ?? 'unknown';
            else if (tensor.number === 2 && tensor.wire === 2) shape = this.readShape(tensor);
          }
        }
      }
    }
    return { name, type, shape };
  }

  private readShape(field: Field): (number | string | null)[] {
    const shape: (number | string | null)[] = [];
    for (const dimension of this.parts(field)) {
      if (dimension.number !== 1 || dimension.wire !== 2) continue;
      if (shape.length >= MAX_AXES) throw this.file.damaged(field.start, `more than ${MAX_AXES} axes`);
      let size: number | string | null = null;
      for (const part of this.parts(dimension)) {
        // Some exporters write -1 for a free size, which arrives as NaN, as does what no size can be.
        if (part.number === 1 && part.wire === 0) size = Number.isNaN(part.value) ? null : part.value;
        else if (part.number === 2 && part.wire === 2) size = this.file.text(part, 200);
      }
      shape.push(size);
    }
    return shape;
  }

  private *parts(field: Field): Generator<Field> {
    for (const part of this.file.fields(field.start, field.end)) {
      this.entries++;
      if (this.entries > MAX_ENTRIES) throw this.file.damaged(part.start, 'more entries than any model has');
      yield part;
    }
  }
}

/** TensorProto.DataType. */
const elementTypes: readonly (string | undefined)[] = [
  undefined,
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
];
