// Model runs: bringing predictions in, and what they say about the data.
import { z } from 'zod';
import { countedExamples, filterText, interval, jobStarted, oc, place, problem } from './common.ts';

export const predictionsSource = z.object({
  place,
  /** For a probability array: its labels and clips files, when they are not found beside it. */
  labels: place.optional(),
  clips: place.optional(),
  softmax: z.boolean().optional(),
});

export const predictionsResult = z.object({
  run: z.string(),
  rows: z.number().int(),
  matched: z.number().int(),
  unmatchedRows: countedExamples,
  clipsWithout: countedExamples,
  problems: z.array(problem),
});
export type PredictionsResult = z.infer<typeof predictionsResult>;

export const runSummary = z.object({
  name: z.string(),
  createdAt: z.string(),
  source: z.string(),
  rows: z.number().int(),
  matched: z.number().int(),
  labels: z.array(z.string()),
  hasProbabilities: z.boolean(),
  hasHypotheses: z.boolean(),
  accuracy: z.number().nullable(),
  problems: z.array(problem),
});

export const classFigures = z.object({
  label: z.string(),
  support: z.number().int(),
  predicted: z.number().int(),
  correct: z.number().int(),
  precision: z.number().nullable(),
  precisionInterval: interval,
  recall: z.number().nullable(),
  recallInterval: interval,
  f1: z.number().nullable(),
  f1Interval: interval,
  rocAuc: z.number().nullable(),
  averagePrecision: z.number().nullable(),
});

export const metricsResult = z.object({
  run: z.string(),
  n: z.number().int(),
  /** Clips of the filter without a label or without a prediction. */
  leftOut: z.number().int(),
  accuracy: z.number().nullable(),
  accuracyInterval: interval,
  balancedAccuracy: z.number().nullable(),
  macroF1: z.number().nullable(),
  macroF1Interval: interval,
  weightedF1: z.number().nullable(),
  kappa: z.number().nullable(),
  mcc: z.number().nullable(),
  logLoss: z.number().nullable(),
  ece: z.number().nullable(),
  labels: z.array(z.string()),
  /** matrix[i][j] = given labels[i], predicted labels[j]. */
  matrix: z.array(z.array(z.number().int())),
  classes: z.array(classFigures),
  notes: z.array(z.string()),
});
export type MetricsResult = z.infer<typeof metricsResult>;

export const matrixOrders = ['name', 'support', 'error', 'similarity'] as const;

export const runsContract = {
  list: oc.output(z.array(runSummary)),
  preview: oc.input(predictionsSource).output(
    z.object({
      /** `table` or `array`. */
      form: z.string(),
      suggestedName: z.string(),
      labels: z.array(z.string()),
      unknownLabels: z.array(z.string()),
      result: predictionsResult,
      offersSoftmax: z.boolean(),
      rows: z.array(
        z.object({
          clip: z.string(),
          predicted: z.string().nullable(),
          confidence: z.number().nullable(),
          isMatched: z.boolean(),
        }),
      ),
    }),
  ),
  start: oc.input(predictionsSource.extend({ run: z.string().min(1).max(120) })).output(jobStarted),
  rename: oc
    .input(z.object({ run: z.string(), to: z.string().min(1).max(120) }))
    .output(z.object({ run: z.string() })),
  remove: oc.input(z.object({ run: z.string() })).output(z.object({ removed: z.boolean() })),
};

export const metricsContract = {
  /** Everything the Confusions and Classes views show, for one run over one filter. */
  get: oc
    .input(
      z.object({
        run: z.string(),
        filter: filterText,
        order: z.enum(matrixOrders),
        zeroDivision: z.literal(0).optional(),
      }),
    )
    .output(
      metricsResult.extend({
        topConfusions: z.array(
          z.object({
            given: z.string(),
            predicted: z.string(),
            count: z.number().int(),
            shareOfGiven: z.number(),
          }),
        ),
        reliability: z.array(
          z.object({
            from: z.number(),
            to: z.number(),
            n: z.number().int(),
            confidence: z.number().nullable(),
            accuracy: z.number().nullable(),
          }),
        ),
      }),
    ),
};
