// A model description while a person fills it in: plain JSON, read and written by field, checked as the engine checks it.
import {
  describeModelProblems,
  type ModelDescription,
  type ModelDescriptionInput,
  modelDescription,
} from '../../../shared/domain/model.ts';

export type Draft = Readonly<Record<string, unknown>>;

export interface FieldProblem {
  /** `stages.0.input.layout`; empty for the description as a whole. */
  readonly path: string;
  readonly sentence: string;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The value of a field, such as `stages.0.input.layout`; undefined where there is none. */
export function valueAt(draft: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), draft);
}

/** A copy with another value of a field; undefined takes the field out. Objects on the way are made. */
export function withValue(draft: Draft, path: string, value: unknown): Draft {
  const [key = '', ...rest] = path.split('.');
  return changed(draft, key, rest, value) as Draft;
}

function changed(at: unknown, key: string, rest: readonly string[], value: unknown): unknown {
  const [next, ...further] = rest;
  const child = isObject(at) ? at[key] : undefined;
  const inner = next === undefined ? value : changed(child, next, further, value);
  if (Array.isArray(at)) return at.map((item: unknown, index) => (String(index) === key ? inner : item));
  const before = isObject(at) ? at : {};
  // A field that is there keeps its place in the file.
  if (inner !== undefined) return { ...before, [key]: inner };
  const { [key]: _, ...others } = before;
  return others;
}

/** Everything that does not hold, by field, and the whole description once all of it does. */
export function checkDraft(draft: Draft): {
  readonly problems: readonly FieldProblem[];
  readonly complete: ModelDescription | null;
} {
  const parsed = modelDescription.safeParse(draft);
  if (parsed.success) return { problems: [], complete: parsed.data };
  const sentences = describeModelProblems(parsed.error, draft);
  return {
    problems: parsed.error.issues.map(({ path }, at) => ({
      path: path.map(String).join('.'),
      sentence: sentences[at] ?? '',
    })),
    complete: null,
  };
}

/** The first problem of a field or of what is inside it. */
export function problemAt(problems: readonly FieldProblem[], path: string): string | null {
  return (
    problems.find((problem) => problem.path === path || problem.path.startsWith(`${path}.`))?.sentence ?? null
  );
}

/** Equal as JSON, whatever the order of fields. */
export function isSame(a: unknown, b: unknown): boolean {
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Array.isArray(a) === Array.isArray(b) && [...keys].every((key) => isSame(a[key], b[key]));
}

function template(clip: NonNullable<ModelDescriptionInput['clip']>): ModelDescription {
  const layout = ['batch' as const, 'time' as const];
  return modelDescription.parse({
    format: 'onnx',
    name: 'defaults',
    sampleRate: 16_000,
    clip,
    frontEnd: { kind: 'mfcc' },
    stages: [{ file: 'defaults', input: { layout, frames: { length: 1 } } }],
    outputs: { embedding: {} },
  });
}

const templates = {
  whole: template({ take: 'whole' }),
  windows: template({ take: 'windows', samples: 16_000 }),
};

/** What a field means while it is left out; undefined where it has no default. */
export function defaultAt(draft: Draft, path: string): unknown {
  if (!/^(clip|frontEnd|stages|pooling)\b/.test(path)) return undefined;
  const ofTake = valueAt(draft, 'clip.take') === 'windows' ? templates.windows : templates.whole;
  const found = valueAt(ofTake, path.replace(/^stages\.\d+/, 'stages.0'));
  return /(\.(file|name|layout|length|output)|clip\.samples)$/.test(path) ? undefined : found;
}

/** The value of a field as it counts: the one written, else its default. */
export function shownAt(draft: Draft, path: string): unknown {
  const value = valueAt(draft, path);
  return value === undefined ? defaultAt(draft, path) : value;
}

/** Another kind of front end: what both kinds have is kept. */
export function withFrontEnd(draft: Draft, kind: string): Draft {
  const before = valueAt(draft, 'frontEnd');
  const kept = isObject(before) ? before : {};
  const { coefficients, dct, lifter, ...common } = kept;
  const next =
    kind === 'raw'
      ? { ...(kept.scale === undefined ? {} : { scale: kept.scale }) }
      : kind === 'mfcc'
        ? { ...kept }
        : common;
  return withValue(draft, 'frontEnd', { ...next, kind });
}

function stagesOf(draft: Draft): readonly unknown[] {
  return Array.isArray(draft.stages) ? draft.stages : [];
}

/** Names of the files that run, in their order. */
export function stageFiles(draft: Draft): string[] {
  return stagesOf(draft).map((stage) => String(valueAt(stage, 'file') ?? ''));
}

/**
 * Another file after the last one, which takes what that one gives.
 * @param added What is suggested for that file alone: how it takes its numbers, and what it gives.
 * @param between Axes of what the file before it gives.
 * @param frames Frames that it takes at once where that is fixed, else null.
 */
export function withStage(
  draft: Draft,
  added: Draft,
  between: readonly string[],
  frames: number | null,
): Draft {
  const stages = stagesOf(draft).map((stage, at, all) =>
    at === all.length - 1 && isObject(stage) ? { ...stage, output: { layout: [...between] } } : stage,
  );
  const { labels: _, labelsFile: __, ...rest } = draft;
  const results = Object.entries(added).filter(([field]) => /^(outputs|labels|labelsFile)$/.test(field));
  const joined = { ...rest, stages: [...stages, stagesOf(added)[0]], ...Object.fromEntries(results) };
  return frames === null
    ? joined
    : withValue(joined, `stages.${stages.length}.input.frames`, { length: frames });
}

/** Without one of several files; what is the last then gives the results. */
export function withoutStage(draft: Draft, at: number): Draft {
  const stages = stagesOf(draft).filter((_, index) => index !== at);
  const last = stages.length - 1;
  return withValue({ ...draft, stages }, `stages.${last}.output`, undefined);
}

/** After a change: the front end's own copy of the sample rate goes when the model's is another, since both are one. */
export function withOneRate(before: Draft, after: Draft): Draft {
  return before.sampleRate === after.sampleRate ? after : withValue(after, 'frontEnd.sampleRate', undefined);
}

/**
 * As it is written to disk: every convention of the front end by name, so that the file says all that a person needs
 * to make the same numbers elsewhere.
 */
export function asSaved(draft: Draft, complete: ModelDescription): Draft {
  return withValue(draft, 'frontEnd', complete.frontEnd);
}
