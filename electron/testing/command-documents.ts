// What the tests of commands share: a project of words to be made, and the documents of the commands by the names that
// scripts rely on. Strict where a document has these names and no others.
import { join } from 'node:path';
import { z } from 'zod';
import { flagKinds } from '../../shared/domain/flag.ts';
import { writeTree } from './folders.ts';
import { wordFiles } from './words.ts';

/** The words as a dataset in `folder`, and the project that they are to be imported into. */
export function wordsIn(folder: string) {
  const project = join(folder, 'words.earmark');
  return {
    dataset: writeTree(join(folder, 'words'), wordFiles()),
    project,
    on: ['--project', project],
  } as const;
}

export const text = z.string();
export const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1).nullable();
const interval = z.tuple([z.number(), z.number()]).nullable();
const examples = z.strictObject({ count, examples: z.array(text) });
const problem = z.strictObject({ code: text, message: text, count, examples: z.array(text).optional() });
const byStatus = z.strictObject({ open: count, accepted: count, fixed: count, dismissed: count });
const flagCounts = z.record(z.enum(flagKinds), byStatus);

export const imported = z.strictObject({
  project: text,
  dataset: text,
  format: text,
  clips: count,
  added: count,
  changed: count,
  unchanged: count,
  missing: count,
  failed: z.array(z.strictObject({ file: text, line: z.number().optional(), code: text, message: text })),
  labels: count,
  speakers: count,
  hours: z.number(),
  seconds: z.number(),
});

export const info = z.strictObject({
  project: text,
  schema: count,
  clips: count,
  labels: z.array(z.strictObject({ label: text, count })),
  splits: z.array(z.strictObject({ split: text, count })),
  speakers: count,
  hours: z.number(),
  runs: z.array(
    z.strictObject({
      name: text,
      createdAt: text,
      clips: count,
      labels: count,
      hasProbabilities: z.boolean(),
    }),
  ),
  embeddings: z.array(
    z.strictObject({
      name: z.string(),
      createdAt: z.string(),
      clips: count,
      failed: count,
      dimensions: count,
      maps: count,
    }),
  ),
  columns: z.array(z.string()),
  flags: flagCounts,
  decisions: count,
  datasets: z.array(z.strictObject({ name: text, format: text, clips: count, isRootPresent: z.boolean() })),
  runInUse: text.nullable(),
  warnings: z.array(problem),
});

/** Fields of a clip that scripts rely on; the other columns of the clips table come with them. */
const clip = z.looseObject({
  path: text,
  label: text.nullable(),
  originalLabel: text.nullable(),
  transcript: text.nullable(),
  split: text.nullable(),
  speaker: text.nullable(),
  durationSec: z.number(),
  sampleRate: count,
  channels: count,
});
export const clips = z.strictObject({ total: count, clips: z.array(clip) });

export const checked = z.strictObject({
  ok: z.boolean(),
  integrity: text,
  foreignKeys: count,
  events: count,
  missingFiles: count,
  problems: z.array(problem),
});

export const backup = z.strictObject({
  file: text,
  name: text,
  createdAt: text,
  bytes: count,
  label: text.nullable(),
});

export const predictions = z.strictObject({
  run: text,
  rows: count,
  matched: count,
  unmatchedRows: examples,
  clipsWithout: examples,
  problems: z.array(problem),
});

export const figures = {
  n: count,
  leftOut: count,
  accuracy: share,
  accuracyInterval: interval,
  balancedAccuracy: share,
  macroF1: share,
  macroF1Interval: interval,
  weightedF1: share,
  kappa: z.number().nullable(),
  mcc: z.number().nullable(),
  logLoss: z.number().nullable(),
  ece: share,
  labels: z.array(text),
  matrix: z.array(z.array(count)),
  classes: z.array(
    z.strictObject({
      label: text,
      support: count,
      predicted: count,
      correct: count,
      precision: share,
      precisionInterval: interval,
      recall: share,
      recallInterval: interval,
      f1: share,
      f1Interval: interval,
      rocAuc: share,
      averagePrecision: share,
    }),
  ),
  notes: z.array(text),
  topConfusions: z.array(z.strictObject({ given: text, predicted: text, count, shareOfGiven: z.number() })),
  reliability: z.array(
    z.strictObject({ from: z.number(), to: z.number(), n: count, confidence: share, accuracy: share }),
  ),
};
export const metrics = z.strictObject({ ...figures, run: text });

export const flags = z.strictObject({
  counts: flagCounts,
  total: count,
  flags: z.array(
    z.strictObject({
      path: text,
      kind: z.enum(flagKinds),
      score: z.number(),
      reason: text,
      evidence: z.record(text, z.unknown()),
      proposed: text.nullable(),
      status: text,
    }),
  ),
});

export const relabelled = z.strictObject({
  applied: count,
  unchanged: count,
  failed: z.array(z.strictObject({ path: text, code: text, message: text })),
  batch: text.nullable(),
});

const event = z.strictObject({
  id: text,
  clipId: count.nullable(),
  clip: text,
  field: text,
  subject: text.nullable(),
  from: text.nullable(),
  to: text.nullable(),
  by: text,
  at: text,
  reason: text.nullable(),
  batch: text,
  undoes: text.nullable(),
  finding: text.nullable(),
});
export const takenBack = z.strictObject({
  batch: text.nullable(),
  events: z.array(event),
  leftAlone: count,
  revision: count,
  description: text,
  clipIds: z.array(count),
  state: z.strictObject({ undo: text.nullable(), redo: text.nullable() }),
});
export const history = z.strictObject({ events: z.array(event), total: count });
export const exported = z.strictObject({
  files: count,
  clips: count,
  bytes: count,
  seconds: z.number(),
  notes: z.array(text),
  failed: z.array(z.unknown()),
});
