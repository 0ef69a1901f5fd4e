import { describe, expect, it } from 'vitest';
import { describeModelProblems, type ModelDescriptionInput, modelDescription } from './model.ts';

const minimal: ModelDescriptionInput = {
  format: 'onnx',
  name: 'tiny',
  sampleRate: 16_000,
  stages: [{ file: 'tiny.onnx', input: { layout: ['batch', 'time'] } }],
  outputs: { scores: { kind: 'logits' } },
  labels: ['yes', 'no'],
};

function problems(input: unknown): string[] {
  const parsed = modelDescription.safeParse(input);
  return parsed.success ? [] : describeModelProblems(parsed.error, input);
}

describe('the description of a model', () => {
  it('needs few words: the rest has defaults', () => {
    expect(modelDescription.parse(minimal)).toMatchObject({
      channels: 'mono',
      clip: { take: 'whole', minSamples: 1, pad: 'end', maxSeconds: 60 },
      frontEnd: { kind: 'raw', scale: 1 },
      stages: [{ batch: 32, states: [], constants: [], input: { scale: 1, offset: 0, frames: null } }],
      pooling: 'mean',
    });
  });

  it("takes the model's sample rate for the front end's", () => {
    const input = { ...minimal, sampleRate: 8000, frontEnd: { kind: 'log-mel', fMaxHz: 3800 } };
    expect(modelDescription.parse(input).frontEnd).toMatchObject({ sampleRate: 8000 });
    expect(problems({ ...input, frontEnd: { kind: 'log-mel', sampleRate: 16_000 } })).toEqual([
      '"frontEnd.sampleRate": 16000 Hz differs from the model\'s 8000 Hz.',
    ]);
  });

  it('names unknown keys, wherever they are', () => {
    const stages = [{ file: 'tiny.onnx', input: { layout: ['batch', 'time'], ofset: 3 } }];
    expect(problems({ ...minimal, stages, sample_rate: 8000 })).toEqual([
      '"stages.0.input.ofset" is no field of a model description; is it misspelt?',
      '"sample_rate" is no field of a model description; is it misspelt?',
    ]);
  });

  it('says of every field what it should be and what was found', () => {
    expect(problems({ ...minimal, sampleRate: '16k' })).toEqual([
      '"sampleRate" should be the sample rate the model wants, in Hz, a whole number such as 16000; found "16k".',
    ]);
    const { stages: _, ...incomplete } = minimal;
    expect(problems(incomplete)).toEqual([
      '"stages" is missing: a list of one or more stages, each with a "file" and an "input".',
    ]);
    expect(problems([])).toEqual([
      'The description should be an object with the fields of a model description; found [].',
    ]);
    expect(problems({ ...minimal, stages: [{ file: 'a', input: { layout: ['time', 'mel'] } }] })).toEqual([
      '"stages.0.input.layout.1" should be "batch", "time", "feature", "channel" or "flat"; found "mel".',
    ]);
  });

  it('refuses what does not fit together', () => {
    const { labels: _, ...unlabelled } = minimal;
    const stage = { file: 'tiny.onnx', input: { layout: ['batch', 'time'] } };
    const cases: readonly (readonly [unknown, RegExp])[] = [
      [unlabelled, /"labels": a model with scores needs either/],
      [{ ...minimal, labelsFile: 'labels.txt' }, /"labels": a model with scores needs either/],
      [{ ...minimal, labels: ['a', 'b', 'a'] }, /"a" stands there twice/],
      [{ ...minimal, labels: ['a', 'b', 'c'], outputs: { scores: { kind: 'binary' } } }, /two labels/],
      [{ ...unlabelled, outputs: {} }, /at least one of "scores" and "embedding"/],
      [{ ...minimal, stages: [stage, stage] }, /"stages.0.output": needed/],
      [
        { ...minimal, stages: [{ ...stage, output: { layout: ['time'] } }] },
        /"stages.0.output": not for the last/,
      ],
      [
        { ...minimal, stages: [{ ...stage, states: [{ input: 'h', output: 'hn', shape: [1] }] }] },
        /window by window/,
      ],
      [
        { ...minimal, stages: [{ ...stage, input: { layout: ['time', 'batch'] } }] },
        /only be the first axis/,
      ],
      [{ ...minimal, stages: [{ ...stage, input: { layout: ['batch', 'feature'] } }] }, /has to be "time"/],
      [
        { ...minimal, stages: [{ ...stage, input: { layout: ['time'], frames: { length: 3 } } }] },
        /without a front end there are no frames/,
      ],
      [
        { ...minimal, frontEnd: { kind: 'log-mel' }, clip: { take: 'windows', samples: 100 } },
        /fewer than one frame/,
      ],
    ];
    for (const [input, sentence] of cases) {
      expect(problems(input).join(' '), String(sentence)).toMatch(sentence);
    }
  });
});
