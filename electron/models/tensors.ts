// The words all backends share: tensors, what a model says of its inputs and outputs, and a loaded model.

export type TensorType = 'float32' | 'float64' | 'int32' | 'int64' | 'bool';

export interface Tensor {
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;
}

/** What a model says of one input or output. */
export interface TensorInfo {
  readonly name: string;
  /** As the model names it: `float32`, `int64`, `float16`, ... */
  readonly type: string;
  /** A size, a name for a size that is free, or null where nothing is known. Null: not even how many axes. */
  readonly shape: readonly (number | string | null)[] | null;
}

/** A model that is loaded and can be run, one call at a time. */
export interface ModelSession {
  /** As people name it: `onnxruntime-node 1.30.0 CPU, 2 threads`. */
  readonly backend: string;
  readonly threads: number;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /**
   * @param wanted Names of outputs. Each comes back as numbers, whatever its type was.
   * @throws EarmarkError `model/run` with what the runtime says.
   */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    wanted: readonly string[],
  ): Promise<Record<string, FloatTensor>>;
  close(): Promise<void>;
}

export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** `[batch, 98, 40]`, with `?` for what is not known. */
export function shapeText(shape: TensorInfo['shape'] | readonly number[]): string {
  return shape === null ? '[...]' : `[${shape.map((size) => size ?? '?').join(', ')}]`;
}

export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
