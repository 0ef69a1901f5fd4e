// The shapes in which models take sound, in words, and how a shape that is none of them is typed.
import { type TensorAxis, tensorAxes } from '../../../shared/domain/model.ts';
import type { TensorSummary } from '../../../shared/domain/model-report.ts';

interface NamedLayout {
  readonly id: string;
  readonly title: string;
  readonly axes: readonly TensorAxis[];
}

function named(time: string, ...all: readonly (readonly TensorAxis[])[]): NamedLayout[] {
  const words: Readonly<Record<TensorAxis, string>> = {
    batch: 'batch',
    time,
    feature: 'features',
    channel: '1',
    flat: 'frames x features',
  };
  return all.map((axes) => ({
    id: axes.join(', '),
    title: `[${axes.map((axis) => words[axis]).join(', ')}]`,
    axes,
  }));
}

const ofSamples = named(
  'samples',
  ['batch', 'time'],
  ['batch', 'channel', 'time'],
  ['batch', 'time', 'channel'],
  ['time'],
);

const ofFrames = named(
  'frames',
  ['batch', 'time', 'feature'],
  ['batch', 'feature', 'time'],
  ['batch', 'channel', 'time', 'feature'],
  ['batch', 'channel', 'feature', 'time'],
  ['batch', 'time', 'feature', 'channel'],
  ['batch', 'feature', 'time', 'channel'],
  ['batch', 'flat'],
  ['time', 'feature'],
  ['feature', 'time'],
);

/** Layouts that fit: of samples or of frames, with as many axes as the model's input has where that is known. */
export function layoutsFor(isSamples: boolean, rank: number | null): readonly NamedLayout[] {
  return (isSamples ? ofSamples : ofFrames).filter(({ axes }) => rank === null || axes.length === rank);
}

/** Of an output that another file takes: its frames have to be told from its features. */
export function outputLayouts(rank: number | null): readonly NamedLayout[] {
  return layoutsFor(false, rank).filter(({ axes }) => !axes.includes('flat'));
}

/** Axes as typed, by commas or spaces. Words that are no axis stay, so that the check can name them. */
export function axesOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[\s,[\]"]+/)
    .filter((word) => word !== '');
}

export function layoutText(axes: unknown): string {
  return Array.isArray(axes) ? axes.map(String).join(', ') : '';
}

export const axisWords = tensorAxes.join(', ');

/** `[batch, 98, 40]`, with `?` for what is not known. */
export function shapeText(shape: TensorSummary['shape'] | readonly number[]): string {
  return shape === null ? '[…]' : `[${shape.map((size) => size ?? '?').join(', ')}]`;
}

/** Numbers that a tensor has for one window, as its last axis that is not 1 says; null where that is not fixed. */
export function widthOf({ shape }: TensorSummary): number | null {
  if (shape === null || shape.length === 0) return null;
  const last = shape.slice(1).findLast((size) => size !== 1) ?? 1;
  return typeof last === 'number' ? last : null;
}
