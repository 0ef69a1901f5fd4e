// Confusion matrix and per-class figures of 1,000,000 clips beside scikit-learn (PERFORMANCE 8).
import { join } from 'node:path';
import {
  bootstrapF1Intervals,
  classificationReport,
  confusionMatrix,
  orderClasses,
  probabilityMetrics,
} from '../electron/compute/index.ts';
import { createRandom } from '../electron/compute/random.ts';
import { writeNpyFile } from '../electron/formats/npy.ts';
import {
  type Bench,
  interleave,
  type Leg,
  runProgram,
  systemPython,
  timeCalls,
  withTemporaryFolder,
} from './lib/harness.ts';

const K = 35;
const rival = join(import.meta.dirname, 'rivals', 'metrics_sklearn.py');

interface RivalAnswer {
  readonly seconds: number;
  readonly version: string;
  readonly matrix?: number[];
  readonly macroF1?: number;
}

export const bench: Bench = async ({ isQuick }) => {
  const n = isQuick ? 50_000 : 1_000_000;
  const rounds = isQuick ? 1 : 3;
  const random = createRandom(3);
  const given = Int32Array.from({ length: n }, () => Math.floor(random() * K));
  const predicted = given.map((label) => (random() < 0.9 ? label : Math.floor(random() * K)));
  const half = new Uint32Array(Math.ceil(n / 32)).map(() => random() * 2 ** 32);
  const count = () => confusionMatrix(given, predicted, K);
  const report = () => classificationReport(count().matrix, K);
  const reslice = () => classificationReport(confusionMatrix(given, predicted, K, half).matrix, K);
  const { matrix } = count();
  const ours = report();
  for (const work of [count, report, reslice]) for (let i = 0; i < 20; i++) work();

  return withTemporaryFolder(async (folder) => {
    const [givenFile, predictedFile] = [join(folder, 'given.npy'), join(folder, 'predicted.npy')];
    await writeNpyFile(givenFile, given);
    await writeNpyFile(predictedFile, predicted);
    const answers: Record<string, RivalAnswer | undefined> = {};
    const ask = (what: string) => async (): Promise<number> => {
      const output = await runProgram(systemPython, [rival, what, givenFile, predictedFile]);
      answers[what] = output === undefined ? undefined : (JSON.parse(output) as RivalAnswer);
      return answers[what]?.seconds ?? Number.NaN;
    };
    const legs = await interleave(
      [
        { name: 'Earmark: matrix', run: () => timeCalls(count, 20) },
        { name: 'scikit-learn: confusion_matrix', run: ask('matrix') },
        { name: 'Earmark: matrix and all figures', run: () => timeCalls(report, 20) },
        { name: 'scikit-learn: classification_report', run: ask('report') },
        { name: 'Earmark: all figures of a filtered half', run: () => timeCalls(reslice, 20) },
      ],
      rounds,
    );
    const [matrixLeg, theirMatrix, reportLeg, theirReport, resliceLeg] = legs.map((leg) => leg.median);
    const isSame = answers.matrix?.matrix?.every((cell, at) => cell === matrix[at]) ?? false;
    const difference = Math.abs((answers.report?.macroF1 ?? Number.NaN) - (ours.macroF1 ?? Number.NaN));
    return [
      {
        name: 'confusion matrix and per-class figures',
        size: { n, k: K },
        legs,
        // The fixed cost of a call weighs too much in small inputs.
        goals: isQuick
          ? []
          : [
              {
                what: 'matrix: times faster than scikit-learn',
                value: theirMatrix! / matrixLeg!,
                atLeast: 50,
              },
              {
                what: 'report: times faster than scikit-learn',
                value: theirReport! / reportLeg!,
                atLeast: 300,
              },
              { what: 'a filter re-sliced, ms', value: resliceLeg! * 1000, atMost: 16 },
            ],
        notes: [
          answers.matrix === undefined
            ? 'scikit-learn is not installed here: apt-get install python3-sklearn.'
            : `scikit-learn ${answers.matrix.version}. Same matrix: ${isSame ? 'yes' : 'NO'}; macro F1 differs by ${difference.toExponential(1)}.`,
        ],
      },
      {
        name: 'figures without a rival',
        size: { n, k: K },
        legs: await slowFigures(matrix, n, rounds),
        goals: [],
        notes: [],
      },
    ];
  });
};

async function slowFigures(matrix: Int32Array, n: number, rounds: number) {
  const random = createRandom(5);
  const rows = Math.min(n, 105_829);
  const given = Int32Array.from({ length: rows }, () => Math.floor(random() * K));
  const probs = Float32Array.from({ length: rows * K }, random);
  const wide = 1000;
  const confusions = Int32Array.from({ length: wide * wide }, (_, cell) =>
    cell % (wide + 1) === 0 ? 500 : random() < 0.02 ? Math.floor(random() * 20) : 0,
  );
  const works: [string, () => unknown][] = [
    ['bootstrap intervals of F1, 1,000 resamples', () => bootstrapF1Intervals(matrix, K)],
    [
      `log loss, AUC, AP, ECE of ${rows.toLocaleString('en')} x ${K}`,
      () => probabilityMetrics(given, probs, K),
    ],
    ['order of 1,000 labels by similarity', () => orderClasses(confusions, wide, 'similarity')],
  ];
  const legs: Leg[] = works.map(([name, work]) => ({ name, run: () => timeCalls(work) }));
  for (const [, work] of works) work();
  return interleave(legs, rounds);
}
