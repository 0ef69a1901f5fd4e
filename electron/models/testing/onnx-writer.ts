// Writes tiny ONNX files for tests and benches: just enough protobuf for graphs of a few operators.

type Bytes = readonly Uint8Array[];

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

function integer(field: number, value: number | bigint): Bytes {
  return [varint(field * 8), varint(value)];
}

function message(field: number, content: Bytes): Bytes {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return [varint(field * 8 + 2), varint(length), ...content];
}

function text(field: number, value: string): Bytes {
  return message(field, [Buffer.from(value, 'utf8')]);
}

export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  /** TensorProto.DataType: 1 float32, 7 int64. */
  readonly type?: number;
}

export interface OnnxWeights {
  readonly name: string;
  readonly shape: readonly (number | bigint)[];
  readonly data: Float32Array | BigInt64Array;
  /** Where the weights are said to lie instead. */
  readonly externalFile?: string;
}

type Attribute = number | readonly number[] | { readonly float: number } | { readonly text: string };

export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export interface OnnxModel {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly weights?: readonly OnnxWeights[];
  readonly opset?: number;
  readonly irVersion?: number;
  readonly domains?: Readonly<Record<string, number>>;
}

/** The bytes of a model file. */
export function onnxModel(model: OnnxModel): Uint8Array {
  const graph: Bytes = [
    ...model.nodes.flatMap((node) => message(1, nodeOf(node))),
    ...text(2, 'graph'),
    ...(model.weights ?? []).flatMap((weights) => message(5, weightsOf(weights))),
    ...model.inputs.flatMap((value) => message(11, valueInfo(value))),
    ...model.outputs.flatMap((value) => message(12, valueInfo(value))),
  ];
  const opsets = { '': model.opset ?? 13, ...model.domains };
  const bytes = Buffer.concat([
    ...integer(1, model.irVersion ?? 7),
    ...text(2, 'earmark-tests'),
    ...message(7, graph),
    ...Object.entries(opsets).flatMap(([domain, version]) =>
      message(8, [...text(1, domain), ...integer(2, version)]),
    ),
  ]);
  // No Buffer, whose `slice` would be the same memory.
  return new Uint8Array(bytes);
}

function nodeOf(node: OnnxNode): Bytes {
  return [
    ...node.inputs.flatMap((name) => text(1, name)),
    ...node.outputs.flatMap((name) => text(2, name)),
    ...text(4, node.operator),
    ...Object.entries(node.attributes ?? {}).flatMap(([name, value]) => message(5, attributeOf(name, value))),
    ...(node.domain === undefined ? [] : text(7, node.domain)),
  ];
}

function attributeOf(name: string, value: Attribute): Bytes {
  if (typeof value === 'number') return [...text(1, name), ...integer(3, value), ...integer(20, 2)];
  if ('float' in value) {
    const bytes = new Uint8Array(Float32Array.of(value.float).buffer);
    return [...text(1, name), varint(2 * 8 + 5), bytes, ...integer(20, 1)];
  }
  if ('text' in value) return [...text(1, name), ...text(4, value.text), ...integer(20, 3)];
  return [...text(1, name), ...value.flatMap((each) => integer(8, each)), ...integer(20, 7)];
}

function weightsOf({ name, shape, data, externalFile }: OnnxWeights): Bytes {
  const head = [
    ...shape.flatMap((size) => integer(1, size)),
    ...integer(2, data instanceof Float32Array ? 1 : 7),
    ...text(8, name),
  ];
  if (externalFile === undefined) {
    return [...head, ...message(9, [new Uint8Array(data.buffer, data.byteOffset, data.byteLength)])];
  }
  return [...head, ...message(13, [...text(1, 'location'), ...text(2, externalFile)]), ...integer(14, 1)];
}

function valueInfo({ name, shape, type = 1 }: OnnxValue): Bytes {
  const dimensions = shape.flatMap((size) =>
    message(1, typeof size === 'number' ? integer(1, size) : text(2, size)),
  );
  return [...text(1, name), ...message(2, message(1, [...integer(1, type), ...message(2, dimensions)]))];
}
