import { describe, expect, it } from 'vitest';
import {
  asSaved,
  checkDraft,
  defaultAt,
  isSame,
  problemAt,
  shownAt,
  stageFiles,
  valueAt,
  withFrontEnd,
  withOneRate,
  withoutStage,
  withStage,
  withValue,
} from './draft.ts';

const draft = {
  format: 'onnx',
  name: 'bands',
  sampleRate: 16_000,
  clip: { take: 'windows', samples: 16_000 },
  frontEnd: { kind: 'log-mel', bands: 40 },
  stages: [{ file: 'bands.onnx', input: { layout: ['batch', 'time', 'feature'] } }],
  outputs: { scores: { name: 'scores', kind: 'probabilities' }, embedding: { name: 'pool' } },
  labels: ['low', 'high'],
};

describe('a field of a description', () => {
  it('is read and written by its path, and the rest is left as it is', () => {
    const next = withValue(draft, 'stages.0.input.scale', 0.5);
    expect(valueAt(next, 'stages.0.input.scale')).toBe(0.5);
    expect(valueAt(next, 'stages.0.input.layout')).toEqual(['batch', 'time', 'feature']);
    expect(valueAt(draft, 'stages.0.input.scale')).toBeUndefined();
  });

  it('keeps its place in the file when it changes, and leaves when it has no value', () => {
    expect(Object.keys(withValue(draft, 'name', 'other'))).toEqual(Object.keys(draft));
    expect(withValue(draft, 'outputs.embedding', undefined).outputs).toEqual({
      scores: { name: 'scores', kind: 'probabilities' },
    });
  });

  it('makes the objects on its way', () => {
    expect(withValue({}, 'outputs.scores.kind', 'logits')).toEqual({
      outputs: { scores: { kind: 'logits' } },
    });
  });

  it('shows what it means while it is left out', () => {
    expect(shownAt(draft, 'frontEnd.bands')).toBe(40);
    expect(shownAt(draft, 'frontEnd.log.floor')).toBe(1e-6);
    expect(shownAt(draft, 'clip.tail')).toBe('shift');
    expect(shownAt(withValue(draft, 'clip', { take: 'whole' }), 'clip.maxSeconds')).toBe(60);
    expect(shownAt(draft, 'stages.7.batch')).toBe(32);
  });

  it('has no default where only a person can know it', () => {
    for (const path of [
      'name',
      'clip.samples',
      'stages.0.file',
      'stages.0.input.layout',
      'stages.0.input.name',
    ])
      expect(defaultAt(draft, path), path).toBeUndefined();
  });
});

describe('the check of a description', () => {
  it('finds nothing in one that holds', () => {
    expect(checkDraft(draft).problems).toEqual([]);
    expect(checkDraft(draft).complete?.pooling).toBe('mean');
  });

  it('names the field, what it should be and what stands there', () => {
    const { problems, complete } = checkDraft(
      withValue(withValue(draft, 'sampleRate', 'fast'), 'labels', []),
    );
    expect(complete).toBeNull();
    expect(problemAt(problems, 'sampleRate')).toMatch(
      /"sampleRate" should be the sample rate .* found "fast"/,
    );
    expect(problemAt(problems, 'labels')).toMatch(/^"labels"/);
    expect(problemAt(problems, 'name')).toBeNull();
  });

  it('finds what is inside a field, too', () => {
    const { problems } = checkDraft(withValue(draft, 'labels', ['low', '']));
    expect(problemAt(problems, 'labels')).toContain('labels.1');
  });
});

describe('a front end of another kind', () => {
  it('keeps the conventions that both have', () => {
    const mfcc = withFrontEnd(withValue(draft, 'frontEnd.hopSamples', 200), 'mfcc');
    expect(mfcc.frontEnd).toEqual({ kind: 'mfcc', bands: 40, hopSamples: 200 });
    const back = withFrontEnd(withValue(mfcc, 'frontEnd.coefficients', 20), 'log-mel');
    expect(back.frontEnd).toEqual({ kind: 'log-mel', bands: 40, hopSamples: 200 });
    expect(withFrontEnd(back, 'raw').frontEnd).toEqual({ kind: 'raw' });
  });

  it('has the sample rate of the model, whatever it was before', () => {
    const both = withValue(draft, 'frontEnd.sampleRate', 16_000);
    const changed = withOneRate(both, withValue(both, 'sampleRate', 8000));
    expect(checkDraft(withValue(changed, 'frontEnd.fMaxHz', null)).complete?.frontEnd).toMatchObject({
      sampleRate: 8000,
    });
    expect(withOneRate(both, withValue(both, 'name', 'x'))).toMatchObject({
      frontEnd: { sampleRate: 16_000 },
    });
  });

  it('is saved with every convention by name, and means the same', () => {
    const { complete } = checkDraft(draft);
    if (complete === null) throw new Error('the draft should hold');
    const saved = asSaved(draft, complete);
    expect(saved.frontEnd).toMatchObject({ melScale: 'htk', triangles: 'hz', log: { kind: 'ln' } });
    expect(checkDraft(saved).complete).toEqual(complete);
  });
});

describe('files one after the other', () => {
  const head = {
    ...draft,
    stages: [{ file: 'head.onnx', input: { layout: ['batch', 'flat'] } }],
    outputs: { embedding: {} },
    labels: undefined,
  };

  it('are joined by a shape between them; the results are the last one’s', () => {
    const chain = withStage(draft, head, ['batch', 'time', 'feature'], 76);
    expect(valueAt(chain, 'stages.1.input.frames')).toEqual({ length: 76 });
    expect(stageFiles(chain)).toEqual(['bands.onnx', 'head.onnx']);
    expect(valueAt(chain, 'stages.0.output.layout')).toEqual(['batch', 'time', 'feature']);
    expect(chain.outputs).toEqual({ embedding: {} });
    expect(checkDraft(chain).problems).toEqual([]);
  });

  it('hold again when one is taken out', () => {
    const chain = withStage(draft, head, ['batch', 'time', 'feature'], null);
    expect(checkDraft(withoutStage(chain, 1)).problems).toEqual([]);
    expect(stageFiles(withoutStage(chain, 0))).toEqual(['head.onnx']);
  });
});

describe('two descriptions', () => {
  it('are the same whatever the order of their fields', () => {
    expect(isSame({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true);
    expect(isSame([1, 2], [2, 1])).toBe(false);
    expect(isSame({ a: 1 }, { a: 1, b: undefined })).toBe(true);
    expect(isSame([], {})).toBe(false);
  });
});
