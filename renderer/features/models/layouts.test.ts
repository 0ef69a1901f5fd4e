import { describe, expect, it } from 'vitest';
import { modelDescription } from '../../../shared/domain/model.ts';
import { axesOf, layoutsFor, layoutText, shapeText, widthOf } from './layouts.ts';

const tensor = (shape: (number | string | null)[] | null) => ({ name: 'x', type: 'float32', shape });

describe('the shapes to choose from', () => {
  it('are those of samples or of frames, with as many axes as the model wants', () => {
    expect(layoutsFor(true, 2).map(({ title }) => title)).toEqual(['[batch, samples]']);
    expect(layoutsFor(false, 4).every(({ axes }) => axes.length === 4)).toBe(true);
    expect(layoutsFor(false, null).length).toBeGreaterThan(layoutsFor(false, 3).length);
  });

  it('all hold in a description', () => {
    for (const isSamples of [true, false]) {
      for (const { axes } of layoutsFor(isSamples, null)) {
        const model = {
          format: 'onnx',
          name: 'x',
          sampleRate: 16_000,
          ...(isSamples ? {} : { frontEnd: { kind: 'log-mel' } }),
          stages: [{ file: 'x.onnx', input: { layout: axes } }],
          outputs: { embedding: {} },
        };
        expect(modelDescription.safeParse(model).success, layoutText(axes)).toBe(true);
      }
    }
  });

  it('can be typed as lists are written anywhere', () => {
    expect(axesOf('["batch", "Time", feature]')).toEqual(['batch', 'time', 'feature']);
    expect(axesOf('batch time')).toEqual(['batch', 'time']);
    expect(axesOf(' ')).toEqual([]);
  });
});

describe('a tensor in words', () => {
  it('shows free and unknown sizes', () => {
    expect(shapeText(['batch', 98, null])).toBe('[batch, 98, ?]');
    expect(shapeText(null)).toBe('[…]');
  });

  it('has the width of its last axis that counts', () => {
    expect(widthOf(tensor(['batch', 6]))).toBe(6);
    expect(widthOf(tensor([1, 12, 1]))).toBe(12);
    expect(widthOf(tensor(['batch', 1]))).toBe(1);
    expect(widthOf(tensor(['batch', 'classes']))).toBeNull();
    expect(widthOf(tensor(null))).toBeNull();
  });
});
