import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { npyToFloat32, readNpyFile } from '../formats/npy.ts';
import { hasShared, sharedPath } from '../testing/shared-data.ts';
import { probabilityMetrics } from './calibration.ts';
import { classCurve, sortKeys, toKey } from './curves.ts';
import { bootstrapF1Intervals, wilsonInterval } from './intervals.ts';
import { classificationReport, confusionMatrix } from './metrics.ts';
import { createRandom } from './random.ts';

interface Reference {
  confusion_matrix: number[][];
  precision: number[];
  recall: number[];
  f1: number[];
  support: number[];
  accuracy: number;
  balanced_accuracy: number;
  macro_f1: number;
  weighted_f1: number;
  cohen_kappa: number;
  matthews_corrcoef: number;
  log_loss: number;
  roc_auc_ovr_per_class: number[];
  average_precision_per_class: number[];
  ece_15_equal_width_bins: number;
}

function argmax(probs: Float32Array, n: number, k: number): Int32Array {
  return Int32Array.from({ length: n }, (_, row) => {
    const values = probs.subarray(row * k, (row + 1) * k);
    return values.indexOf(values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY));
  });
}

describe.skipIf(!hasShared)('metrics of 3,000 spoken digits equal the reference outputs', async () => {
  const folder = (name: string): string => sharedPath('golden', 'fsdd-noisy', name);
  const load = async () => {
    const reference = JSON.parse(readFileSync(folder('metrics.json'), 'utf8')) as Reference;
    const lines = readFileSync(folder('clips.csv'), 'utf8').trim().split('\n').slice(1);
    const given = Int32Array.from(lines, (line) => Number(line.split(',')[1]));
    const probs = npyToFloat32(await readNpyFile(folder('pred_probs.npy')));
    return { reference, given, probs, predicted: argmax(probs, given.length, 10) };
  };

  it('the figures from counts', async () => {
    const { reference, given, predicted } = await load();
    const { matrix, counted, missing } = confusionMatrix(given, predicted, 10);
    expect([[...matrix], counted, missing]).toEqual([reference.confusion_matrix.flat(), 3000, 0]);
    const report = classificationReport(matrix, 10);
    expect(report.accuracy).toBeCloseTo(reference.accuracy, 9);
    expect(report.balancedAccuracy).toBeCloseTo(reference.balanced_accuracy, 9);
    expect(report.macroF1).toBeCloseTo(reference.macro_f1, 9);
    expect(report.weightedF1).toBeCloseTo(reference.weighted_f1, 9);
    expect(report.kappa).toBeCloseTo(reference.cohen_kappa, 9);
    expect(report.mcc).toBeCloseTo(reference.matthews_corrcoef, 9);
    report.classes.forEach((figures, label) => {
      expect(figures.support).toBe(reference.support[label]);
      expect(figures.precision).toBeCloseTo(reference.precision[label]!, 9);
      expect(figures.recall).toBeCloseTo(reference.recall[label]!, 9);
      expect(figures.f1).toBeCloseTo(reference.f1[label]!, 9);
    });
  });

  it('the figures from probabilities', async () => {
    const { reference, given, probs } = await load();
    const figures = probabilityMetrics(given, probs, 10);
    expect(figures.logLoss).toBeCloseTo(reference.log_loss, 6);
    expect(figures.ece).toBeCloseTo(reference.ece_15_equal_width_bins, 6);
    figures.classes.forEach(({ rocAuc, averagePrecision }, label) => {
      expect(rocAuc).toBeCloseTo(reference.roc_auc_ovr_per_class[label]!, 6);
      expect(averagePrecision).toBeCloseTo(reference.average_precision_per_class[label]!, 6);
    });
    expect(figures.reliability).toHaveLength(15);
    expect(figures.reliability.reduce((sum, bin) => sum + bin.n, 0)).toBe(3000);
  });

  it('bootstrap intervals of F1 hold the figure and narrow with the class', async () => {
    const { reference, given, predicted } = await load();
    const { matrix } = confusionMatrix(given, predicted, 10);
    const { f1, macroF1, weightedF1, balancedAccuracy } = bootstrapF1Intervals(matrix, 10);
    f1.forEach((interval, label) => {
      expect(interval![0]).toBeLessThan(reference.f1[label]!);
      expect(interval![1]).toBeGreaterThan(reference.f1[label]!);
      expect(interval![1] - interval![0]).toBeLessThan(0.07);
    });
    for (const [interval, figure] of [
      [macroF1, reference.macro_f1],
      [weightedF1, reference.weighted_f1],
      [balancedAccuracy, reference.balanced_accuracy],
    ] as const) {
      expect(Math.abs((interval![0] + interval![1]) / 2 - figure)).toBeLessThan(0.002);
      // 1.96 standard errors of a mean of 3,000 with 91% right, either side.
      expect(interval![1] - interval![0]).toBeCloseTo(2 * 1.96 * Math.sqrt((0.913 * 0.087) / 3000), 2);
    }
  });
});

describe.skipIf(!hasShared)('systems of MLPerf Tiny', () => {
  const folder = (name: string): string => sharedPath('data', 'mlperf-tiny-kws', name);
  const table = (name: string): string[][] =>
    readFileSync(folder(name), 'utf8')
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(','));
  const published = (): [string, number][] =>
    Object.entries(JSON.parse(readFileSync(folder('published_top1.json'), 'utf8')) as Record<string, number>);

  it('each has its published accuracy', () => {
    const [, ...clips] = table('clips.csv');
    const labelOf = new Map(clips.map(([clip, label]) => [clip, label]));
    expect(published().length).toBe(6);
    for (const [system, accuracy] of published()) {
      const [header, ...rows] = table(`${system}.csv`);
      const labels = header!.slice(2);
      const given = Int32Array.from(rows, ([clip]) => labels.indexOf(labelOf.get(clip!)!));
      const predicted = Int32Array.from(rows, ([, label]) => labels.indexOf(label!));
      const { matrix, counted } = confusionMatrix(given, predicted, labels.length);
      expect(counted).toBe(1000);
      expect(classificationReport(matrix, labels.length).accuracy).toBeCloseTo(accuracy, 9);
    }
  });

  it('scores that are no probabilities rank, but have no log loss and no calibration', () => {
    const [, ...clips] = table('clips.csv');
    const labelOf = new Map(clips.map(([clip, label]) => [clip, label]));
    for (const [system] of published()) {
      const [header, ...rows] = table(`${system}.csv`);
      const labels = header!.slice(2);
      const given = Int32Array.from(rows, ([clip]) => labels.indexOf(labelOf.get(clip!)!));
      const figures = probabilityMetrics(
        given,
        Float32Array.from(rows.flatMap((row) => row.slice(2).map(Number))),
        12,
      );
      const areScores = system.startsWith('alibaba');
      expect([figures.isProbability, figures.logLoss === null, figures.ece === null]).toEqual([
        !areScores,
        areScores,
        areScores,
      ]);
      for (const { rocAuc } of figures.classes) expect(rocAuc).toBeGreaterThan(0.9);
    }
  });
});

describe('confusion matrix', () => {
  it('leaves out clips without a label or a prediction, and counts them', () => {
    const given = Int32Array.of(0, 1, -1, 2, 2);
    const predicted = Int32Array.of(0, 0, 1, -1, 2);
    expect(confusionMatrix(given, predicted, 3)).toEqual({
      matrix: Int32Array.of(1, 0, 0, 1, 0, 0, 0, 0, 1),
      counted: 3,
      missing: 2,
    });
  });

  it('is of the chosen rows only, listed or as bits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -1, max: 4 }), fc.integer({ min: -1, max: 4 }), fc.boolean())),
        (list) => {
          const given = Int32Array.from(list, ([label]) => label);
          const predicted = Int32Array.from(list, ([, label]) => label);
          const rows = Int32Array.from(list.flatMap(([, , isIn], row) => (isIn ? [row] : [])));
          const bits = new Uint32Array(Math.ceil(list.length / 32));
          for (const row of rows) bits[row >> 5]! |= 1 << (row & 31);
          const expected = confusionMatrix(
            given.filter((_, i) => list[i]![2]),
            predicted.filter((_, i) => list[i]![2]),
            5,
          );
          expect(confusionMatrix(given, predicted, 5, rows)).toEqual(expected);
          expect(confusionMatrix(given, predicted, 5, bits)).toEqual(expected);
        },
      ),
    );
  });

  it('any negative number means missing', () => {
    const given = Int32Array.of(-7, 1, 0, -2147483648);
    expect(confusionMatrix(given, Int32Array.of(0, 1, -3, 1), 2)).toMatchObject({ counted: 1, missing: 3 });
  });

  it('refuses labels and rows that are not there', () => {
    expect(() => confusionMatrix(Int32Array.of(0, 2147483647), new Int32Array(2), 3)).toThrow(
      /Row 1 has the label/,
    );
    expect(() => confusionMatrix(Int32Array.of(3), Int32Array.of(0), 3)).toThrow(
      /Row 0 has the label number 3/,
    );
    expect(() => confusionMatrix(Int32Array.of(0), Int32Array.of(0), 1, Int32Array.of(1))).toThrow(
      /Row 1 was asked/,
    );
    expect(() => confusionMatrix(Int32Array.of(0), new Int32Array(2), 1)).toThrow(/same clips/);
  });
});

describe('classification report', () => {
  // Label 1 is given but never predicted, label 2 predicted but never given, label 3 neither.
  const gaps = Int32Array.of(3, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  it('an undefined figure is a gap, named and left out of the averages', () => {
    const report = classificationReport(gaps, 4);
    expect(report.classes.map(({ precision }) => precision)).toEqual([0.6, null, 0, null]);
    expect(report.classes.map(({ recall }) => recall)).toEqual([0.75, 0, null, null]);
    expect(report.classes.map(({ f1 }) => f1)).toEqual([6 / 9, 0, 0, null]);
    expect(report.undefinedIn).toEqual({ precision: [1, 3], recall: [2, 3], f1: [3] });
    expect(report.macroPrecision).toBeCloseTo(0.3, 12);
    expect(report.macroRecall).toBeCloseTo(0.375, 12);
    expect(report.macroF1).toBeCloseTo(2 / 9, 12);
    expect(report.balancedAccuracy).toBeCloseTo(0.375, 12);
    expect(report.classes[1]!.precisionInterval).toBeNull();
  });

  it('counts undefined figures as 0 on request, as scikit-learn does', () => {
    const report = classificationReport(gaps, 4, { zeroDivision: 0 });
    // precision_recall_fscore_support(average='macro', zero_division=0) of the same six clips: labels 0, 1, 2 occur.
    expect(report.macroPrecision).toBeCloseTo(0.2, 12);
    expect(report.macroRecall).toBeCloseTo(0.25, 12);
    expect(report.macroF1).toBeCloseTo(2 / 9, 12);
    expect(report.weightedPrecision).toBeCloseTo(0.4, 12);
    expect(report.weightedF1).toBeCloseTo(4 / 9, 12);
    expect(report.classes.map(({ precision }) => precision)).toEqual([0.6, 0, 0, 0]);
  });

  it('no clips: nothing is known', () => {
    const report = classificationReport(new Int32Array(4), 2);
    const { accuracy, accuracyInterval, balancedAccuracy, macroF1, weightedF1, kappa, mcc } = report;
    expect([accuracy, accuracyInterval, balancedAccuracy, macroF1, weightedF1, kappa, mcc]).toEqual(
      Array(7).fill(null),
    );
    expect(bootstrapF1Intervals(new Int32Array(4), 2)).toMatchObject({ f1: [null, null], macroF1: null });
  });

  it('a single label: agreement beyond chance is undefined', () => {
    const report = classificationReport(Int32Array.of(5, 0, 0, 0), 2);
    expect([report.accuracy, report.kappa, report.mcc]).toEqual([1, null, null]);
  });
});

describe('intervals', () => {
  it("Wilson's interval has its textbook values and never leaves 0 to 1", () => {
    // Agresti & Coull 1998, table of the score interval; closed form for 0 of 10: z^2 / (10 + z^2).
    expect(wilsonInterval(0, 10)![1]).toBeCloseTo(3.841458820694124 / 13.841458820694124, 12);
    const half = wilsonInterval(50, 100)!;
    expect(half[0]).toBeCloseTo(0.4038315, 6);
    expect(half[1]).toBeCloseTo(0.5961685, 6);
    expect(wilsonInterval(0, 0)).toBeNull();
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), (a, b) => {
        const [successes, trials] = [Math.min(a, b), Math.max(a, b, 1)];
        const [low, high] = wilsonInterval(successes, trials)!;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / trials);
        expect(high).toBeGreaterThanOrEqual(successes / trials);
      }),
    );
  });

  it('the bootstrap is the same for a seed, and as wide as drawing the clips themselves', () => {
    const matrix = Int32Array.of(180, 15, 5, 40, 50, 10, 2, 3, 15);
    const fast = bootstrapF1Intervals(matrix, 3, { resamples: 4000, seed: 1 });
    expect(bootstrapF1Intervals(matrix, 3, { resamples: 4000, seed: 1 })).toEqual(fast);
    expect(bootstrapF1Intervals(matrix, 3, { resamples: 4000, seed: 2 }).macroF1).not.toEqual(fast.macroF1);

    const clips: number[][] = [[], [], []];
    matrix.forEach((count, cell) => {
      for (let i = 0; i < count; i++) clips[Math.floor(cell / 3)]!.push(cell % 3);
    });
    const random = createRandom(9);
    const macro = new Float64Array(4000);
    for (let round = 0; round < macro.length; round++) {
      const drawn = new Int32Array(9);
      clips.forEach((row, given) => {
        for (let i = 0; i < row.length; i++) drawn[given * 3 + row[Math.floor(random() * row.length)]!]!++;
      });
      macro[round] = classificationReport(drawn, 3).macroF1!;
    }
    macro.sort();
    expect(Math.abs(fast.macroF1![0] - macro[100]!)).toBeLessThan(0.008);
    expect(Math.abs(fast.macroF1![1] - macro[3900]!)).toBeLessThan(0.008);
  });
});

describe('figures from probabilities', () => {
  it('ties count half in the area under the curve', () => {
    const given = Int32Array.of(0, 0, 1, 1);
    // Scores of class 0: positives 0.5, 0.75; negatives 0.5, 0.25.
    const probs = Float32Array.of(0.5, 0.5, 0.75, 0.25, 0.5, 0.5, 0.25, 0.75);
    const [first] = probabilityMetrics(given, probs, 2).classes;
    expect(first!.rocAuc).toBe(3.5 / 4);
    // Thresholds 0.75 (precision 1, recall 1/2) and 0.5 (precision 2/3, recall 1).
    expect(first!.averagePrecision).toBeCloseTo(0.5 * 1 + 0.5 * (2 / 3), 12);
  });

  it('ranking figures equal counting every pair', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -1, max: 2 }), fc.integer({ min: -6, max: 6 })), {
          maxLength: 80,
        }),
        (list) => {
          const given = Int32Array.from(list, ([label]) => label);
          const probs = Float32Array.from(list.flatMap(([, score]) => [score / 3, 0, -score]));
          const scores = list.filter(([label]) => label >= 0);
          const [first] = probabilityMetrics(given, probs, 3).classes;
          const positives = scores.filter(([label]) => label === 0).map(([, score]) => score);
          const negatives = scores.filter(([label]) => label !== 0).map(([, score]) => score);
          let wins = 0;
          for (const p of positives) for (const q of negatives) wins += p > q ? 1 : p === q ? 0.5 : 0;
          const pairs = positives.length * negatives.length;
          if (pairs === 0) expect(first!.rocAuc).toBeNull();
          else expect(first!.rocAuc).toBeCloseTo(wins / pairs, 12);
        },
      ),
    );
  });

  it('labels unknown to the model and clips without a label are told apart', () => {
    const probs = Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.5, 0.5);
    const figures = probabilityMetrics(Int32Array.of(0, 5, -1), probs, 2);
    expect([figures.n, figures.missing]).toEqual([2, 1]);
    expect(figures.logLoss).toBeCloseTo((-Math.log(0.9) - Math.log(2 ** -23)) / 2, 5);
    expect(figures.classes[1]).toEqual({ rocAuc: null, averagePrecision: null });
  });

  it('certainty falls into the last bin, and a row without numbers is named', () => {
    const figures = probabilityMetrics(Int32Array.of(0, 0), Float32Array.of(1, 0, 1, 0), 2, { bins: 10 });
    expect(figures.reliability.at(-1)).toEqual({ from: 0.9, to: 1, n: 2, confidence: 1, accuracy: 1 });
    expect(figures.ece).toBe(0);
    const broken = Float32Array.of(1, 0, Number.NaN, 0);
    expect(() => probabilityMetrics(Int32Array.of(0, 0), broken, 2)).toThrow(
      /class 0 in row 1 is not a number/,
    );
    expect(probabilityMetrics(Int32Array.of(0, 0), broken, 2, { rows: Int32Array.of(0) }).n).toBe(1);
  });

  it('a curve runs from the highest score to everything', () => {
    const given = Int32Array.of(0, 1, 0, 1, 0);
    const probs = Float32Array.of(0.75, 0.25, 0.5, 0.5, 0.5, 0.5, 0.25, 0.75, 1, 0);
    expect(classCurve(given, probs, 2, 0)).toEqual({
      positives: 3,
      negatives: 2,
      thresholds: Float64Array.of(1, 0.75, 0.5, 0.25),
      truePositives: Int32Array.of(1, 2, 3, 3),
      falsePositives: Int32Array.of(0, 0, 1, 2),
    });
    const many = Float32Array.from({ length: 5000 }, (_, i) => i / 5000);
    const curve = classCurve(new Int32Array(5000), many, 1, 0, { maxPoints: 11 });
    expect([curve.thresholds.length, curve.thresholds[0], curve.truePositives.at(-1)]).toEqual([
      11,
      many[4999],
      5000,
    ]);
  });

  it('scores of any sign and number sort in the order of the floats', () => {
    const bits = new Uint32Array(1);
    const keyOf = (value: number): number => {
      new Float32Array(bits.buffer)[0] = value;
      return toKey(bits[0]!);
    };
    expect(keyOf(-0)).toBe(keyOf(0));
    fc.assert(
      fc.property(fc.float({ noNaN: true }), fc.float({ noNaN: true }), (a, b) => {
        expect(Math.sign(keyOf(a) - keyOf(b))).toBe(Math.sign(a === b ? 0 : a < b ? -1 : 1));
      }),
    );
    const random = createRandom(4);
    const keys = Uint32Array.from({ length: 5000 }, () => random() * 2 ** 32);
    const sorted = keys.slice();
    sortKeys(sorted, new Uint32Array(5000));
    expect(sorted).toEqual(keys.slice().sort());
  });
});
