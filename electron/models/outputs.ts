// What a model's outputs mean: rows of scores as probabilities, rows of an embedding, and one row for a clip out of
// those of its windows.
import type { Pooling, ScoreKind } from '../../shared/domain/model.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { elements, type FloatTensor, shapeText } from './tensors.ts';

/** Rows x width numbers; item i of the batch has the rows i x perItem to (i + 1) x perItem. */
export interface OutputRows {
  readonly data: Float32Array;
  readonly width: number;
  readonly perItem: number;
}

/**
 * An output as rows: [batch, width], or [batch, time, width], where every frame is a row. Axes of size 1 do not count.
 * @param width Of a row where it is known, else null: then the last axis longer than 1.
 * @throws EarmarkError `model/output-shape`.
 */
export function outputRows(
  tensor: FloatTensor,
  items: number,
  hasBatchAxis: boolean,
  width: number | null,
  where: string,
): OutputRows {
  const { shape, data } = tensor;
  const rest = (hasBatchAxis ? shape.slice(1) : shape).filter((size) => size !== 1);
  const count = elements(shape);
  const found = width ?? rest.at(-1) ?? 1;
  const isLast = found === 1 || rest.at(-1) === found;
  if (
    (hasBatchAxis && shape[0] !== items) ||
    rest.length > 2 ||
    !isLast ||
    count === 0 ||
    count % (items * found) !== 0
  ) {
    const wanted = `[${items}, ${width ?? 'numbers'}]`;
    throw new EarmarkError(
      'model/output-shape',
      `${where} has the shape ${shapeText(shape)} for ${items} window${items === 1 ? '' : 's'}; ${wanted} or [${items}, time, ${width ?? 'numbers'}] was expected${width === null ? '' : `, since it should give ${width} numbers`}. Check "labels", "outputs" and the layout in the description.`,
      { shape, items, width },
    );
  }
  return { data, width: found, perItem: count / (items * found) };
}

/** Numbers of a row that the model gives for so many labels. */
export function rawWidth(kind: ScoreKind, labels: number): number {
  return kind === 'binary' || kind === 'binary-logit' ? 1 : labels;
}

/** Rows of scores as probabilities, rows x labels. */
export function toProbabilities(rows: Float32Array, kind: ScoreKind, labels: number): Float32Array {
  const width = rawWidth(kind, labels);
  const count = rows.length / width;
  if (kind === 'probabilities') return rows;
  if (kind === 'sigmoid-logits') return rows.map(sigmoid);
  const result = new Float32Array(count * labels);
  for (let row = 0; row < count; row++) {
    if (kind === 'logits') {
      softmax(
        rows.subarray(row * width, (row + 1) * width),
        result.subarray(row * labels, (row + 1) * labels),
      );
    } else {
      const second = kind === 'binary' ? rows[row]! : sigmoid(rows[row]!);
      result[row * 2] = 1 - second;
      result[row * 2 + 1] = second;
    }
  }
  return result;
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function softmax(logits: Float32Array, target: Float32Array): void {
  let max = Number.NEGATIVE_INFINITY;
  for (const value of logits) if (value > max) max = value;
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    const value = Math.exp(logits[i]! - max);
    target[i] = value;
    sum += value;
  }
  for (let i = 0; i < logits.length; i++) target[i]! /= sum;
}

/** Gathers the rows of one clip, window by window. */
export class RowPool {
  private readonly pooling: Pooling;
  private readonly sums: Float64Array;
  private rows = 0;

  constructor(pooling: Pooling, width: number) {
    this.pooling = pooling;
    this.sums = new Float64Array(width);
  }

  /** @param rows Some whole rows. */
  add(rows: Float32Array): void {
    const { sums } = this;
    for (let from = 0; from < rows.length; from += sums.length) {
      if (this.pooling === 'first' && this.rows > 0) return;
      for (let i = 0; i < sums.length; i++) {
        const value = rows[from + i]!;
        // Written so that a NaN stays one.
        if (this.pooling === 'max') sums[i] = this.rows === 0 || !(value <= sums[i]!) ? value : sums[i]!;
        else sums[i]! += value;
      }
      this.rows++;
    }
  }

  finish(): Float32Array {
    const divisor = this.pooling === 'max' ? 1 : Math.max(1, this.rows);
    return Float32Array.from(this.sums, (value) => value / divisor);
  }
}
