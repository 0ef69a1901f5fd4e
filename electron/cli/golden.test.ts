// The command line on real recordings: the spoken digits with 210 labels replaced at random, against what
// scikit-learn and cleanlab say of them; and the counts of the other datasets.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type LabelIssueMethod, labelIssueMethods } from '../../shared/domain/flag.ts';
import { earmark } from '../testing/command.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { hasShared, sharedPath } from '../testing/shared-data.ts';

const folder = temporaryFolder();
const digits = join(folder, 'digits.earmark');
const golden = (name: string): string => sharedPath('golden', 'fsdd-noisy', name);

interface Figures {
  readonly confusion_matrix: number[][];
  readonly precision: number[];
  readonly recall: number[];
  readonly f1: number[];
  readonly support: number[];
  readonly accuracy: number;
  readonly balanced_accuracy: number;
  readonly macro_f1: number;
  readonly weighted_f1: number;
  readonly cohen_kappa: number;
  readonly matthews_corrcoef: number;
  readonly log_loss: number;
  readonly roc_auc_ovr_per_class: number[];
  readonly average_precision_per_class: number[];
  readonly ece_15_equal_width_bins: number;
}

interface Issues {
  readonly confident_thresholds: number[];
  readonly confident_joint: number[][];
  readonly filter_by: Record<LabelIssueMethod, { indices: number[] }>;
  readonly ranked_by_self_confidence: number[];
}

const readGolden = <Value>(name: string): Value => JSON.parse(readFileSync(golden(name), 'utf8')) as Value;

const metricsShape = z.object({
  n: z.number(),
  accuracy: z.number(),
  balancedAccuracy: z.number(),
  macroF1: z.number(),
  weightedF1: z.number(),
  kappa: z.number(),
  mcc: z.number(),
  logLoss: z.number(),
  ece: z.number(),
  labels: z.array(z.string()),
  matrix: z.array(z.array(z.number())),
  classes: z.array(
    z.object({
      support: z.number(),
      precision: z.number(),
      recall: z.number(),
      f1: z.number(),
      rocAuc: z.number(),
      averagePrecision: z.number(),
    }),
  ),
});

function expectFigures(found: z.infer<typeof metricsShape>): void {
  const reference = readGolden<Figures>('metrics.json');
  expect(found.n).toBe(3000);
  expect(found.labels).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  expect(found.matrix).toEqual(reference.confusion_matrix);
  expect(found.classes.map(({ support }) => support)).toEqual(reference.support);
  const pairs: [string, readonly number[], readonly number[]][] = [
    ['precision', found.classes.map(({ precision }) => precision), reference.precision],
    ['recall', found.classes.map(({ recall }) => recall), reference.recall],
    ['F1', found.classes.map(({ f1 }) => f1), reference.f1],
    ['ROC AUC', found.classes.map(({ rocAuc }) => rocAuc), reference.roc_auc_ovr_per_class],
    [
      'average precision',
      found.classes.map(({ averagePrecision }) => averagePrecision),
      reference.average_precision_per_class,
    ],
    [
      'overall',
      [
        found.accuracy,
        found.balancedAccuracy,
        found.macroF1,
        found.weightedF1,
        found.kappa,
        found.mcc,
        found.logLoss,
        found.ece,
      ],
      [
        reference.accuracy,
        reference.balanced_accuracy,
        reference.macro_f1,
        reference.weighted_f1,
        reference.cohen_kappa,
        reference.matthews_corrcoef,
        reference.log_loss,
        reference.ece_15_equal_width_bins,
      ],
    ],
  ];
  for (const [name, values, expected] of pairs) {
    expect(values, name).toHaveLength(expected.length);
    values.forEach((value, index) => {
      expect(Math.abs(value - (expected[index] ?? Number.NaN)), `${name} ${index}`).toBeLessThan(1e-9);
    });
  }
}

describe.skipIf(!hasShared)('3,000 spoken digits with planted label mistakes', () => {
  /** Rows of the golden clips.csv, as clips of the imported folder. */
  let rows: { path: string; given: string }[] = [];
  const numbers = join(folder, 'labels.csv');

  beforeAll(async () => {
    rows = readFileSync(golden('clips.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .map(([path = '', given = '']) => ({ path: path.replace(/^fsdd\//, ''), given }));
    const imported = await earmark(
      z.object({ clips: z.number(), labels: z.number(), speakers: z.number(), failed: z.array(z.unknown()) }),
      [
        'import',
        sharedPath('data', 'fsdd'),
        '--pattern',
        '{label}_{speaker}_{take}.wav',
        '--project',
        digits,
      ],
    );
    expect(imported).toEqual({ clips: 3000, labels: 10, speakers: 6, failed: [] });
    const decisions = join(folder, 'decisions.csv');
    writeFileSync(
      decisions,
      ['path,label', ...rows.map(({ path, given }) => `fsdd/${path},${given}`), ''].join('\n'),
    );
    const relabelled = await earmark(
      z.object({ applied: z.number(), unchanged: z.number(), failed: z.array(z.unknown()) }),
      ['relabel', '--decisions', decisions, '--by', 'golden', '--project', digits],
    );
    expect(relabelled).toEqual({ applied: 210, unchanged: 2790, failed: [] });
    const predicted = await earmark(
      z.object({
        matched: z.number(),
        unmatchedRows: z.object({ count: z.number() }),
        clipsWithout: z.object({ count: z.number() }),
        problems: z.array(z.unknown()),
      }),
      [
        'predictions',
        golden('pred_probs.npy'),
        '--clips',
        golden('clips.csv'),
        '--run',
        'logreg',
        '--project',
        digits,
      ],
    );
    expect(predicted).toEqual({
      matched: 3000,
      unmatchedRows: { count: 0 },
      clipsWithout: { count: 0 },
      problems: [],
    });
    writeFileSync(numbers, ['label', ...rows.map(({ given }) => given), ''].join('\n'));
  });

  it('the figures of the run are those of scikit-learn', async () => {
    expectFigures(await earmark(metricsShape, ['metrics', '--run', 'logreg', '--project', digits]));
  });

  it('the figures of the bare arrays are the same', async () => {
    expectFigures(
      await earmark(metricsShape, [
        'arrays',
        'metrics',
        '--labels',
        numbers,
        '--probs',
        golden('pred_probs.npy'),
      ]),
    );
  });

  it.each(labelIssueMethods)('flags by %s are the very clips that cleanlab names', async (method) => {
    const { flags } = await earmark(
      z.object({ flags: z.array(z.object({ path: z.string(), proposed: z.string() })) }),
      ['flags', '--kind', 'label-issue', '--method', method, '--project', digits],
    );
    const rowOf = new Map(rows.map(({ path }, row) => [path, row]));
    const found = flags.map(({ path }) => rowOf.get(path) ?? -1);
    const reference = readGolden<Issues>('label_issues.json');
    expect(found.toSorted((a, b) => a - b)).toEqual(reference.filter_by[method].indices);
    if (method === 'prune_by_noise_rate') expect(found).toEqual(reference.ranked_by_self_confidence);
  });

  it.each(['prune_by_noise_rate', 'both'] as const)(
    'label issues of the bare arrays by %s are the same',
    async (method) => {
      const found = await earmark(
        z.strictObject({
          n: z.literal(3000),
          k: z.literal(10),
          thresholds: z.array(z.number()),
          confidentJoint: z.array(z.array(z.number())),
          issues: z.array(z.number()),
          ranked: z.array(z.number()),
        }),
        [
          'arrays',
          'label-issues',
          '--labels',
          numbers,
          '--probs',
          golden('pred_probs.npy'),
          '--filter-by',
          method,
        ],
      );
      const reference = readGolden<Issues>('label_issues.json');
      expect(found.issues).toEqual(reference.filter_by[method].indices);
      expect(found.confidentJoint).toEqual(reference.confident_joint);
      found.thresholds.forEach((threshold, label) => {
        expect(threshold).toBeCloseTo(reference.confident_thresholds[label] ?? Number.NaN, 6);
      });
      if (method === 'prune_by_noise_rate') expect(found.ranked).toEqual(reference.ranked_by_self_confidence);
    },
  );
});

describe.skipIf(!hasShared)('other real datasets, imported without a word about their format', () => {
  const counts = z.object({
    format: z.string(),
    clips: z.number(),
    labels: z.number(),
    speakers: z.number(),
    failed: z.array(z.unknown()),
  });

  it('1,200 Arabic commands of 20 words, into a project with blanks in its path', async () => {
    mkdirSync(join(folder, 'with blanks'), { recursive: true });
    const project = join(folder, 'with blanks', 'arabic commands.earmark');
    const source = sharedPath('data', 'arabic-commands');
    expect(await earmark(counts, ['import', source, '--project', project])).toEqual({
      format: 'folder',
      clips: 1200,
      labels: 20,
      speakers: 0,
      failed: [],
    });
  });

  it('315 Persian sentences of Common Voice', async () => {
    const source = sharedPath('data', 'common-voice-fa');
    const imported = await earmark(counts, ['import', source, '--project', join(folder, 'fa.earmark')]);
    expect(imported).toEqual({ format: 'common-voice', clips: 315, labels: 0, speakers: 42, failed: [] });
  });
});
