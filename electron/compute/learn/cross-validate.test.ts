import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readNpyFile } from '../../formats/npy.ts';
import { hasShared, sharedPath } from '../../testing/shared-data.ts';
import { findLabelIssues } from '../label-issues.ts';
import { createRandom } from '../random.ts';
import { type CrossValidation, type CrossValidationInput, crossValidate } from './cross-validate.ts';
import { dealFolds } from './folds.ts';
import { fitSoftmax } from './softmax.ts';
import { softmaxLoss } from './softmax-loss.ts';

function finish<T>(steps: Generator<unknown, T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

const run = (input: CrossValidationInput): CrossValidation => finish(crossValidate(input));

/** Three clumps of 20 points in 4 dimensions, the last column constant. */
function clumps(): CrossValidationInput {
  const random = createRandom(2);
  const n = 60;
  const labels = Int32Array.from({ length: n }, (_, row) => row % 3);
  const features = Float32Array.from({ length: n * 4 }, (_, at) => {
    const label = labels[at >> 2]!;
    return at % 4 === 3 ? 5 : random() + (at % 4 === label ? 1.5 : 0);
  });
  return { features, n, d: 4, labels, classes: 3 };
}

describe.skipIf(!hasShared)('on 3,000 spoken digits with 210 wrong labels', () => {
  const folder = (name: string): string => sharedPath('golden', 'fsdd-noisy', name);
  const column = (at: number): string[] =>
    readFileSync(folder('clips.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(',')[at]!);

  it('probabilities are as good as those of scikit-learn, and find as many planted errors', async () => {
    const features = (await readNpyFile(folder('features.npy'))).data as Float32Array;
    const probs = (await readNpyFile(folder('pred_probs.npy'))).data as Float32Array;
    const labels = Int32Array.from(column(1), Number);
    const truth = Int32Array.from(column(2), Number);
    const found = run({ features, n: 3000, d: 96, labels, classes: 10 });
    // 0.913 with scikit-learn.
    expect(found.accuracy).toBeGreaterThan(0.908);
    expect([...found.missing, ...found.scarce]).toEqual([]);
    const planted = (p: Float32Array) => {
      const { issues } = findLabelIssues({ labels, probs: p, n: 3000, k: 10 });
      return { flagged: issues.length, right: issues.filter((row) => labels[row] !== truth[row]).length };
    };
    const [ours, theirs] = [planted(found.probabilities), planted(probs)];
    expect(ours.right).toBeGreaterThanOrEqual(theirs.right - 2);
    expect(ours.right / ours.flagged).toBeGreaterThan(theirs.right / theirs.flagged - 0.02);
  });

  it('by speaker, no speaker is predicted by a layer that heard them', async () => {
    const features = (await readNpyFile(folder('features.npy'))).data as Float32Array;
    const names = column(3);
    const speakers = [...new Set(names)];
    const groups = Int32Array.from(names, (name) => speakers.indexOf(name));
    const found = run({
      features,
      n: 3000,
      d: 96,
      labels: Int32Array.from(column(2), Number),
      classes: 10,
      groups,
    });
    for (const speaker of speakers.keys()) {
      expect(new Set(found.foldOf.filter((_, row) => groups[row] === speaker)).size).toBe(1);
    }
    expect(found.accuracy).toBeGreaterThan(0.9);
    expect(found.accuracy).toBeLessThan(0.97);
  });
});

describe('out-of-sample probabilities', () => {
  it('are right on clumps, sum to 1 and are the same again with the same seed', () => {
    const input = clumps();
    const found = run(input);
    expect(found.accuracy).toBe(1);
    for (let row = 0; row < input.n; row++) {
      const sum = found.probabilities.subarray(row * 3, row * 3 + 3).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(1, 5);
    }
    expect(run(input).probabilities).toEqual(found.probabilities);
    expect(run({ ...input, seed: 1 }).foldOf).not.toEqual(found.foldOf);
  });

  it('progress rises from step to step and can be stopped', () => {
    const shares = [...crossValidate(clumps())].map(({ done }) => done);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
  });

  it('a clip without a label is predicted but not learnt from', () => {
    const input = clumps();
    const labels = input.labels.slice();
    labels[0] = -1;
    const found = run({ ...input, labels });
    expect(found.probabilities.subarray(0, 3).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    expect(found.probabilities[0]).toBeGreaterThan(0.6);
  });

  it('a class with fewer clips than folds is named, and one that a training fold lacks gets 0 there', () => {
    const input = clumps();
    const labels = input.labels.slice();
    labels[0] = 3;
    const found = run({ ...input, labels, classes: 5 });
    expect(found.scarce).toEqual([3]);
    expect(found.missing).toEqual([{ label: 3, fold: found.foldOf[0] }]);
    expect(found.probabilities[3]).toBe(0);
  });

  it('one label, too few clips, too few speakers and folds of one label are refused in words', () => {
    const input = clumps();
    expect(() => run({ ...input, labels: new Int32Array(60) })).toThrow(
      /two labels or more, but there is one/,
    );
    expect(() => run({ ...input, labels: new Int32Array(60).fill(-1) })).toThrow(/there are no labels/);
    expect(() => run({ ...input, folds: 61 })).toThrow(/at least 61 clips, but there are 60/);
    expect(() => run({ ...input, folds: 1 })).toThrow(/two folds or more/);
    expect(() => run({ ...input, groups: new Int32Array(60) })).toThrow(
      /at least 5 speakers, but there are 1/,
    );
    const two = { features: Float32Array.of(1, 2), n: 2, d: 1, labels: Int32Array.of(0, 1), classes: 2 };
    expect(() => run({ ...two, folds: 2 })).toThrow(/Without fold 1 of 2 there is only one label/);
  });

  it('equal points and constant columns give the shares of the classes', () => {
    const input = clumps();
    const found = run({ ...input, features: new Float32Array(240).fill(0.1) });
    expect(found.probabilities[0]).toBeCloseTo(1 / 3, 1);
    expect(found.probabilities.every(Number.isFinite)).toBe(true);
  });
});

describe('folds', () => {
  it('differ by one row at most, in all and in every class', () => {
    const labels = Int32Array.from({ length: 103 }, (_, row) => (row < 50 ? 0 : row < 90 ? 1 : -1));
    const foldOf = dealFolds(labels, 2, 4, null, createRandom(0));
    for (const label of [0, 1, -1]) {
      const counts = [0, 1, 2, 3].map(
        (fold) => foldOf.filter((at, row) => at === fold && labels[row] === label).length,
      );
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });

  it('of speakers with unlike words still hold every word', () => {
    // Speakers 0..9 say word 0, speakers 10..19 word 1.
    const groups = Int32Array.from({ length: 200 }, (_, row) => Math.floor(row / 10));
    const labels = groups.map((speaker) => (speaker < 10 ? 0 : 1));
    const foldOf = dealFolds(labels, 2, 5, groups, createRandom(0));
    for (let fold = 0; fold < 5; fold++) {
      const words = [0, 1].map(
        (word) => foldOf.filter((at, row) => at === fold && labels[row] === word).length,
      );
      expect(words).toEqual([20, 20]);
    }
  });
});

describe('the softmax layer', () => {
  it('its gradient is that of the loss', () => {
    const random = createRandom(5);
    const [n, d, k] = [7, 3, 3];
    const problem = {
      features: Float32Array.from({ length: n * d }, () => random() * 2 - 1),
      n,
      d,
      scaling: { mean: Float64Array.of(0.1, 0, -0.2), scale: Float64Array.of(2, 1, 0) },
      rows: Int32Array.of(6, 1, 2, 3, 5),
      labels: Int32Array.of(0, 1, 2, 1, 0),
      k,
      rowWeights: Float64Array.of(1, 0.5, 2, 1, 0),
      l2: 0.3,
    };
    const at = Float64Array.from({ length: k * (d + 1) }, () => random() - 0.5);
    const gradient = new Float64Array(at.length);
    softmaxLoss(problem, at, gradient);
    const scratch = new Float64Array(at.length);
    for (let i = 0; i < at.length; i++) {
      const [up, down] = [1e-5, -1e-5].map((by) => softmaxLoss(problem, at.with(i, at[i]! + by), scratch));
      expect(gradient[i]).toBeCloseTo((up! - down!) / 2e-5, 6);
    }
  });

  it('with constant columns only, the biases are the logarithms of the class shares', () => {
    const layer = finish(
      fitSoftmax({
        features: new Float32Array(8).fill(4),
        n: 8,
        d: 1,
        rows: Int32Array.from({ length: 8 }, (_, row) => row),
        labels: Int32Array.of(0, 0, 0, 0, 0, 0, 1, 1),
        k: 2,
        l2: 1,
      }),
    );
    expect([...layer.parameters.subarray(0, 2)]).toEqual([0, 0]);
    expect(layer.parameters[2]! - layer.parameters[3]!).toBeCloseTo(Math.log(3), 1);
  });
});
