// The JSON beside a model that says how clips become its input and what its outputs mean. Written by hand or by the
// form in the window; read strictly: an unknown key is named, not ignored.
//
//   {
//     "format": "onnx",                          onnx, tfjs-layers or tfjs-graph
//     "name": "ds-cnn", "about": "...",
//     "sampleRate": 16000, "channels": "mono",   clips at other rates are resampled, channels are averaged
//     "clip": { "take": "windows", "samples": 16000, "hop": 8000, "pad": "centre" },
//     "frontEnd": { "kind": "mfcc", ... },       front-end.ts; its sampleRate may be left out
//     "stages": [{ "file": "ds-cnn.onnx", "input": { "layout": ["batch", "time", "feature", "channel"] } }],
//     "outputs": { "scores": { "kind": "logits" }, "embedding": { "name": "pool" } },
//     "labels": ["yes", "no"],                   or "labelsFile": "labels.txt", one a line
//     "pooling": "mean"
//   }
//
// With several stages the output of each, read by its `output.layout`, is the input of the next. Models that carry a
// state from window to window (voice activity) name it in `states`. resources/models/examples has whole files.
import { z } from 'zod';
import { frontEnd } from './front-end.ts';

export const modelFormats = ['onnx', 'tfjs-layers', 'tfjs-graph'] as const;
export type ModelFormat = (typeof modelFormats)[number];

/**
 * What the axes of a tensor count. `time`: samples, or frames after a front end; `feature`: bands or coefficients;
 * `flat`: frames x features in one axis, frame by frame; `channel`: always 1.
 */
export const tensorAxes = ['batch', 'time', 'feature', 'channel', 'flat'] as const;
export type TensorAxis = (typeof tensorAxes)[number];
const layout = z.array(z.enum(tensorAxes)).min(1).max(5);

/** Where a clip shorter than a window lies in it: at its start, in its middle, or over and over again. */
const pad = z.enum(['end', 'centre', 'repeat']);
/** The last window, where the clip does not end with one: moved back into the clip, padded, or left out. */
const tail = z.enum(['shift', 'pad', 'drop']);

const wholeClip = z.strictObject({
  take: z.literal('whole'),
  /** Shorter clips are padded with silence. */
  minSamples: z.number().int().min(1).max(10_000_000).default(1),
  pad: pad.default('end'),
  /** Longer clips are refused one by one: a model that takes the whole clip needs memory for all of it. */
  maxSeconds: z.number().positive().max(3600).default(60),
});

const windowsOfClip = z.strictObject({
  take: z.literal('windows'),
  samples: z.number().int().min(1).max(10_000_000),
  /** From window to window. Null: as long as a window. */
  hop: z.number().int().min(1).max(10_000_000).nullable().default(null),
  /** Samples of silence before the clip, for models that want to see what came before a window. */
  lead: z.number().int().min(0).max(10_000_000).default(0),
  pad: pad.default('end'),
  tail: tail.default('shift'),
});

const framesWindow = z.strictObject({
  length: z.number().int().min(1).max(1_000_000),
  hop: z.number().int().min(1).max(1_000_000).nullable().default(null),
  pad: pad.default('end'),
  tail: tail.default('shift'),
});

const stageInput = z.strictObject({
  /** May be left out where the model has one input (states and constants aside). */
  name: z.string().min(1).optional(),
  layout,
  /** The model sees value x scale + offset. */
  scale: z.number().default(1),
  offset: z.number().default(0),
  /** Cuts what comes in into windows of frames, each an item of the batch. */
  frames: framesWindow.nullable().default(null),
});

const stageState = z.strictObject({
  /** Zeros for the first window of a clip, then what `output` was. */
  input: z.string().min(1),
  output: z.string().min(1),
  shape: z.array(z.number().int().min(1).max(100_000)).max(6),
});

const stageConstant = z.strictObject({
  input: z.string().min(1),
  type: z.enum(['float32', 'int32', 'int64', 'bool']),
  value: z.number(),
  /** Every element is `value`; [] for a single number. */
  shape: z.array(z.number().int().min(1).max(100_000)).max(6).default([]),
});

const modelStage = z.strictObject({
  /** Relative to the description; of a TensorFlow.js model its model.json. */
  file: z.string().min(1).max(1000),
  input: stageInput,
  /** At most so many items at once; 1 where a model's numbers for one clip depend on the others of the batch. */
  batch: z.number().int().min(1).max(1024).default(32),
  /** For every stage but the last. */
  output: z.strictObject({ name: z.string().min(1).optional(), layout }).optional(),
  states: z.array(stageState).max(16).default([]),
  constants: z.array(stageConstant).max(16).default([]),
});

/**
 * What the numbers of the scores are. `probabilities` as they are; `logits` get a softmax; `sigmoid-logits` a sigmoid
 * each; `binary`: one number, the probability of the second of two labels; `binary-logit` the same before its sigmoid.
 */
export const scoreKinds = ['probabilities', 'logits', 'sigmoid-logits', 'binary', 'binary-logit'] as const;
export type ScoreKind = (typeof scoreKinds)[number];

/** Over the windows of a clip (and over frames where the output has an axis for them). */
export const poolings = ['mean', 'max', 'first', 'loudest'] as const;
export type Pooling = (typeof poolings)[number];

const label = z.string().min(1).max(1000);

const description = z
  .strictObject({
    format: z.enum(modelFormats),
    name: z.string().min(1).max(200),
    /** Source, licence, remarks; shown to people. */
    about: z.string().max(10_000).optional(),
    sampleRate: z.number().int().min(1000).max(384_000),
    channels: z.literal('mono').default('mono'),
    clip: z.discriminatedUnion('take', [wholeClip, windowsOfClip]).prefault({ take: 'whole' }),
    frontEnd: frontEnd.prefault({ kind: 'raw' }),
    stages: z.array(modelStage).min(1).max(8),
    outputs: z.strictObject({
      scores: z.strictObject({ name: z.string().min(1).optional(), kind: z.enum(scoreKinds) }).optional(),
      embedding: z.strictObject({ name: z.string().min(1).optional() }).optional(),
    }),
    labels: z.array(label).min(1).max(100_000).optional(),
    labelsFile: z.string().min(1).max(1000).optional(),
    pooling: z.enum(poolings).default('mean'),
  })
  .superRefine(check);

/** Fills in the front end's sample rate, which can only be the model's. */
export const modelDescription = z.preprocess((value) => {
  if (!isRecord(value) || !isRecord(value.frontEnd)) return value;
  const front = value.frontEnd;
  if (front.kind === 'raw' || front.sampleRate !== undefined) return value;
  return { ...value, frontEnd: { ...front, sampleRate: value.sampleRate } };
}, description);

/** As a person writes it: whatever is left out has its default. */
export type ModelDescriptionInput = z.input<typeof description>;
/** Complete. */
export type ModelDescription = z.infer<typeof description>;
export type ModelStage = z.infer<typeof modelStage>;
export type ClipCut = ModelDescription['clip'];
export type FramesWindow = z.infer<typeof framesWindow>;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What one field needs beside the others. Checks of the model's files are made when it is loaded. */
function check(model: z.infer<typeof description>, context: z.RefinementCtx): void {
  const complain = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: 'custom', path, message });
  const { clip, frontEnd: front, stages, outputs, labels, labelsFile } = model;
  if (front.kind !== 'raw' && front.sampleRate !== model.sampleRate) {
    complain(
      ['frontEnd', 'sampleRate'],
      `${front.sampleRate} Hz differs from the model's ${model.sampleRate} Hz`,
    );
  }
  if (clip.take === 'windows' && front.kind !== 'raw' && clip.samples < front.windowSamples) {
    complain(['clip', 'samples'], `${clip.samples} samples are fewer than one frame of the front end needs`);
  }
  for (const [at, stage] of stages.entries()) {
    const problem = layoutProblem(stage.input.layout);
    if (problem !== null) complain(['stages', at, 'input', 'layout'], problem);
    if (at === 0 && front.kind === 'raw' && stage.input.frames !== null) {
      complain(
        ['stages', at, 'input', 'frames'],
        'without a front end there are no frames; cut samples with "clip"',
      );
    }
    const isLast = at === stages.length - 1;
    if (!isLast && stage.output === undefined) {
      complain(
        ['stages', at, 'output'],
        'needed, since another stage follows: its layout says how to read it',
      );
    }
    if (isLast && stage.output !== undefined) {
      complain(['stages', at, 'output'], 'not for the last stage, whose outputs are named in "outputs"');
    }
    const outputProblem = stage.output === undefined ? null : layoutProblem(stage.output.layout);
    if (outputProblem !== null) complain(['stages', at, 'output', 'layout'], outputProblem);
    if (stage.output?.layout.includes('flat')) {
      complain(['stages', at, 'output', 'layout'], '"flat" does not say how many features a frame has');
    }
    if (stage.states.length > 0 && stages.length > 1) {
      complain(['stages', at, 'states'], 'a model with a state can have one stage only');
    }
  }
  if (stages[0]?.states.length && clip.take !== 'windows') {
    complain(['clip'], 'a model with a state takes a clip window by window: "take" should be "windows"');
  }
  if (outputs.scores === undefined && outputs.embedding === undefined) {
    complain(['outputs'], 'at least one of "scores" and "embedding" is needed');
  }
  if (outputs.scores !== undefined && (labels === undefined) === (labelsFile === undefined)) {
    complain(['labels'], 'a model with scores needs either "labels" or "labelsFile"');
  }
  if (outputs.scores === undefined && (labels !== undefined || labelsFile !== undefined)) {
    complain([labels === undefined ? 'labelsFile' : 'labels'], 'only for a model with "outputs.scores"');
  }
  if (labels !== undefined) {
    const twice = labels.find((name, at) => labels.indexOf(name) !== at);
    if (twice !== undefined) complain(['labels'], `"${twice}" stands there twice`);
    if (outputs.scores?.kind.startsWith('binary') && labels.length !== 2) {
      complain(
        ['labels'],
        'scores of the kind "binary" have two labels, the second is what the number is for',
      );
    }
  }
}

function layoutProblem(axes: readonly TensorAxis[]): string | null {
  const twice = axes.find((axis, at) => axis !== 'channel' && axes.indexOf(axis) !== at);
  if (twice !== undefined) return `"${twice}" stands there twice`;
  if (axes.indexOf('batch') > 0) return '"batch" can only be the first axis';
  const hasFlat = axes.includes('flat');
  if (hasFlat && (axes.includes('time') || axes.includes('feature'))) {
    return '"flat" already counts frames and features';
  }
  return hasFlat || axes.includes('time') ? null : 'one axis has to be "time" (or "flat")';
}

/** What each field should be, in plain words, for errors and for the form; `*` stands for a position in a list. */
export const modelFieldWords: Readonly<Record<string, string>> = {
  '': 'an object with the fields of a model description',
  format: '"onnx", "tfjs-layers" or "tfjs-graph"',
  name: 'the name of the model, 1 to 200 characters',
  about: 'a text about the model',
  sampleRate: 'the sample rate the model wants, in Hz, a whole number such as 16000',
  channels: '"mono": channels are averaged',
  clip: 'what of a clip the model sees: { "take": "whole" } or { "take": "windows", "samples": ... }',
  'clip.take': '"whole" or "windows"',
  'clip.samples': "the length of a window in samples at the model's rate",
  'clip.hop': 'the samples from the start of one window to the next',
  'clip.lead': 'the samples of silence put before the clip, 0 or more',
  'clip.pad': '"end", "centre" or "repeat"',
  'clip.tail': '"shift", "pad" or "drop"',
  'clip.minSamples': 'the length to which shorter clips are padded, in samples, 1 or more',
  'clip.maxSeconds': 'the longest clip the model gets, in seconds, at most 3600',
  frontEnd: 'what is made of the samples: { "kind": "raw" }, "log-mel" or "mfcc" with its conventions',
  'frontEnd.kind': '"raw", "log-mel" or "mfcc"',
  'frontEnd.sampleRate': "the model's sample rate in Hz; it may be left out",
  'frontEnd.scale': '1 or 32768, the full scale of the samples',
  'frontEnd.preEmphasis': 'a number from 0 to 1; 0 for none',
  'frontEnd.window':
    '"hann-periodic", "hann-symmetric", "hamming-periodic", "hamming-symmetric" or "rectangular"',
  'frontEnd.windowSamples': 'the length of the window of a frame in samples, 2 to 16384',
  'frontEnd.hopSamples': 'the samples from one frame to the next, 1 to 16384',
  'frontEnd.fftSize': 'the length of the FFT in samples, 8 to 16384',
  'frontEnd.frameLength': '"window" or "fft"',
  'frontEnd.padding': '"none", "center-reflect" or "center-zero"',
  'frontEnd.spectrum': '"power" or "magnitude"',
  'frontEnd.melScale': '"htk" or "slaney"',
  'frontEnd.melNorm': '"none" or "slaney"',
  'frontEnd.triangles': '"hz" or "mel"',
  'frontEnd.bands': 'the number of mel bands, 1 to 512',
  'frontEnd.fMinHz': 'the lowest frequency in Hz, 0 or more',
  'frontEnd.fMaxHz': 'the highest frequency in Hz, or null for half the sample rate',
  'frontEnd.lowestBin': 'the number of the lowest FFT bin that counts, 0 or more',
  'frontEnd.log': 'an object with the conventions of the logarithm',
  'frontEnd.log.kind': '"ln", "log10", "db" or "none"',
  'frontEnd.log.floor': 'a number above 0 that keeps silence finite',
  'frontEnd.log.floorMode': '"add" or "clamp"',
  'frontEnd.log.reference': '"one" or "clip-maximum"',
  'frontEnd.log.range': 'a number above 0, or null for no limit',
  'frontEnd.normalization': '"none", "mean" or "mean-variance"',
  'frontEnd.coefficients': 'the number of coefficients, 1 to 512, at most as many as there are bands',
  'frontEnd.dct': '"orthonormal" or "htk"',
  'frontEnd.lifter': 'a number, 0 for none',
  stages: 'a list of one or more stages, each with a "file" and an "input"',
  'stages.*': 'a stage with a "file" and an "input"',
  'stages.*.file': 'the path of the model file, relative to this description',
  'stages.*.input': 'an object with the "layout" of the input',
  'stages.*.input.name': 'the name of an input of the model',
  'stages.*.input.layout': 'a list of axes such as ["batch", "time", "feature"]',
  'stages.*.input.layout.*': '"batch", "time", "feature", "channel" or "flat"',
  'stages.*.input.scale': 'a number by which values are multiplied',
  'stages.*.input.offset': 'a number that is added after the scale',
  'stages.*.input.frames': 'windows of frames: { "length": ..., "hop": ... }, or null',
  'stages.*.input.frames.length': 'the frames of a window, 1 or more',
  'stages.*.input.frames.hop': 'the frames from the start of one window to the next',
  'stages.*.input.frames.pad': '"end", "centre" or "repeat"',
  'stages.*.input.frames.tail': '"shift", "pad" or "drop"',
  'stages.*.batch': 'how many windows are run at once, 1 to 1024',
  'stages.*.output': 'an object with the "layout" of the output',
  'stages.*.output.name': 'the name of an output of the model',
  'stages.*.output.layout': 'a list of axes such as ["batch", "channel", "time", "feature"]',
  'stages.*.output.layout.*': '"batch", "time", "feature" or "channel"',
  'stages.*.states': 'a list of { "input", "output", "shape" }',
  'stages.*.constants': 'a list of { "input", "type", "value" }',
  'stages.*.constants.*.type': '"float32", "int32", "int64" or "bool"',
  outputs: 'an object with "scores", "embedding" or both',
  'outputs.scores': 'an object with the "kind" of the scores',
  'outputs.scores.kind': '"probabilities", "logits", "sigmoid-logits", "binary" or "binary-logit"',
  'outputs.embedding': 'an object, with the "name" of the output where there are several',
  labels: 'a list of class names in the order of the scores',
  'labels.*': 'the name of a class, 1 to 1000 characters',
  labelsFile: 'the path of a text file with one class name a line, relative to this description',
  pooling: '"mean", "max", "first" or "loudest"',
};

/**
 * Every problem of a description that did not parse, as a sentence each: the field, what it should be, what was found.
 */
export function describeModelProblems(error: z.ZodError, input: unknown): string[] {
  return error.issues.map((issue) => {
    const path = issue.path.map(String);
    const field = path.length === 0 ? 'The description' : `"${path.join('.')}"`;
    if (issue.code === 'unrecognized_keys') {
      const keys = issue.keys.map((key) => `"${[...path, key].join('.')}"`).join(', ');
      return `${keys} is no field of a model description; is it misspelt?`;
    }
    if (issue.code === 'custom') return `${field}: ${issue.message}.`;
    const words = modelFieldWords[path.map((part) => (/^\d+$/.test(part) ? '*' : part)).join('.')];
    const found = issue.path.reduce<unknown>(
      (at, part) =>
        typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined,
      input,
    );
    if (found === undefined && path.length > 0) return `${field} is missing: ${words ?? issue.message}.`;
    return `${field} should be ${words ?? issue.message}; found ${shorten(found)}.`;
  });
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
