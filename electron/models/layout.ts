// Between a matrix of frames x features, which is how clips and stages are thought of here, and the layouts that models
// want their tensors in.
import type { FramesWindow, TensorAxis } from '../../shared/domain/model.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { shapeText } from './tensors.ts';

/** The shape of a tensor of `count` items of frames x features. */
export function shapeFor(
  layout: readonly TensorAxis[],
  count: number,
  frames: number,
  features: number,
): number[] {
  const sizes: Record<TensorAxis, number> = {
    batch: count,
    time: frames,
    feature: features,
    flat: frames * features,
    channel: 1,
  };
  return layout.map((axis) => sizes[axis]);
}

function isTransposed(layout: readonly TensorAxis[]): boolean {
  const feature = layout.indexOf('feature');
  return feature >= 0 && feature < layout.indexOf('time');
}

/**
 * Writes one frames x features matrix as an item of a tensor: value x scale + offset, features before frames where the
 * layout wants it. `source` and `target` may be the same memory unless the layout turns the matrix.
 */
export function writeItem(
  source: Float32Array,
  target: Float32Array,
  frames: number,
  features: number,
  input: { readonly layout: readonly TensorAxis[]; readonly scale: number; readonly offset: number },
): void {
  const { scale, offset } = input;
  const size = frames * features;
  if (isTransposed(input.layout) && features > 1) {
    for (let frame = 0; frame < frames; frame++) {
      for (let feature = 0; feature < features; feature++) {
        target[feature * frames + frame] = source[frame * features + feature]! * scale + offset;
      }
    }
  } else if (scale === 1 && offset === 0) {
    if (source !== target) target.set(source.subarray(0, size));
  } else for (let i = 0; i < size; i++) target[i] = source[i]! * scale + offset;
}

/** Whether `writeItem` would change nothing. */
export function isPlain(input: {
  readonly layout: readonly TensorAxis[];
  readonly scale: number;
  readonly offset: number;
}): boolean {
  return input.scale === 1 && input.offset === 0 && !isTransposed(input.layout);
}

export interface Matrices {
  /** count x frames x features. */
  readonly data: Float32Array;
  readonly count: number;
  readonly frames: number;
  readonly features: number;
}

/**
 * A tensor as matrices of frames x features.
 * @throws EarmarkError `model/layout` where the tensor has other axes than the layout.
 */
export function readMatrices(
  tensor: { readonly shape: readonly number[]; readonly data: Float32Array },
  layout: readonly TensorAxis[],
  where: string,
): Matrices {
  const sizes: Record<TensorAxis, number> = { batch: 1, time: 1, feature: 1, channel: 1, flat: 1 };
  const fits =
    tensor.shape.length === layout.length &&
    layout.every((axis, at) => {
      sizes[axis] = tensor.shape[at]!;
      return axis !== 'channel' || tensor.shape[at] === 1;
    });
  if (!fits) {
    throw new EarmarkError(
      'model/layout',
      `${where} has the shape ${shapeText(tensor.shape)}, which is not the layout ${JSON.stringify(layout)} of its description ("channel" is always 1). Correct "output.layout".`,
      { shape: tensor.shape },
    );
  }
  const { batch: count, time: frames, feature: features } = sizes;
  if (!isTransposed(layout) || features === 1) return { data: tensor.data, count, frames, features };
  const data = new Float32Array(tensor.data.length);
  const size = frames * features;
  for (let item = 0; item < count; item++) {
    for (let frame = 0; frame < frames; frame++) {
      for (let feature = 0; feature < features; feature++) {
        data[item * size + frame * features + feature] = tensor.data[item * size + feature * frames + frame]!;
      }
    }
  }
  return { data, count, frames, features };
}

/**
 * Where windows of `length` start in something of `available` (samples or frames), by the rule for the last one: moved
 * back so that it ends where the clip ends, padded, or left out. One window at 0 where there is less than a window.
 */
export function windowStarts(
  available: number,
  window: { readonly length: number; readonly hop: number | null; readonly tail: FramesWindow['tail'] },
): number[] {
  const { length, tail } = window;
  const hop = window.hop ?? length;
  const starts: number[] = [];
  for (let at = 0; at === 0 || at + length <= available; at += hop) starts.push(at);
  const covered = starts.at(-1)! + length;
  if (covered < available && tail !== 'drop') {
    starts.push(tail === 'shift' ? available - length : starts.at(-1)! + hop);
  }
  return starts;
}

/**
 * Copies a window that begins at row `from` of `rows` rows; where the window is longer than what is there, it is laid at
 * the start or in the middle, or repeated. What is beyond is zero.
 * @param width Numbers of a row: 1 for samples, features for frames.
 */
export function copyWindow(
  source: Float32Array,
  rows: number,
  from: number,
  target: Float32Array,
  window: { readonly length: number; readonly pad: FramesWindow['pad'] },
  width: number,
): void {
  const { length, pad } = window;
  const present = Math.max(0, Math.min(length, rows - from));
  const part = source.subarray(from * width, (from + present) * width);
  if (present === length) {
    target.set(part);
    return;
  }
  target.fill(0, 0, length * width);
  // Only a clip shorter than a window is laid in the middle or repeated; the rest of a longer one stays in its place.
  if (present === 0) return;
  if (rows >= length || pad === 'end') target.set(part);
  else if (pad === 'centre') target.set(part, Math.floor((length - present) / 2) * width);
  else {
    for (let at = 0; at < length; at += present) {
      target.set(part.subarray(0, Math.min(present, length - at) * width), at * width);
    }
  }
}
