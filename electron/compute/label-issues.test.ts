import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelIssueMethod } from '../../shared/domain/flag.ts';
import { labelIssueMethods } from '../../shared/domain/flag.ts';
import { npyToFloat32, readNpyFile } from '../formats/npy.ts';
import { hasShared, sharedPath } from '../testing/shared-data.ts';
import { classLabelQuality, overallLabelHealth, overlappingClasses } from './label-health.ts';
import {
  confidentJoint,
  confidentThresholds,
  findLabelIssues,
  type LabelIssueInput,
  labelIssueEvidence,
  labelQuality,
  labelQualityMethods,
  roundKeepingSum,
} from './label-issues.ts';
import { createRandom } from './random.ts';

interface Reference {
  confident_thresholds: number[];
  confident_joint: number[][];
  num_label_issues: number;
  filter_by: Record<LabelIssueMethod, { indices: number[] }>;
  ranked_by_self_confidence: number[];
  overall_label_health: number;
  overlapping_classes: {
    'Class Index A': number;
    'Class Index B': number;
    'Num Overlapping Examples': number;
  }[];
  class_quality: {
    'Class Index': number;
    'Label Issues': number;
    'Inverse Label Issues': number;
    'Label Noise': number;
    'Inverse Label Noise': number;
  }[];
}

const folder = (name: string): string => sharedPath('golden', 'fsdd-noisy', name);

async function spokenDigits(): Promise<LabelIssueInput> {
  const lines = readFileSync(folder('clips.csv'), 'utf8').trim().split('\n').slice(1);
  const labels = Int32Array.from(lines, (line) => Number(line.split(',')[1]));
  return {
    labels,
    probs: npyToFloat32(await readNpyFile(folder('pred_probs.npy'))),
    n: labels.length,
    k: 10,
  };
}

describe.skipIf(!hasShared)('label issues of 3,000 spoken digits equal the reference outputs', () => {
  const reference = (): Reference =>
    JSON.parse(readFileSync(folder('label_issues.json'), 'utf8')) as Reference;

  it('the same thresholds and the same confident joint, to the last bit', async () => {
    const input = await spokenDigits();
    expect([...confidentThresholds(input)]).toEqual(reference().confident_thresholds);
    expect([...confidentJoint(input)]).toEqual(reference().confident_joint.flat());
  });

  it.each(labelIssueMethods)('%s flags exactly the same clips', async (filterBy) => {
    const found = findLabelIssues(await spokenDigits(), { filterBy });
    expect([...found.issues]).toEqual(reference().filter_by[filterBy].indices);
    expect(found.confidentIssueCount).toBe(reference().num_label_issues);
  });

  it('the worst label comes first, in the same order', async () => {
    const found = findLabelIssues(await spokenDigits());
    expect([...found.ranked]).toEqual(reference().ranked_by_self_confidence);
    expect([...found.rankedScores]).toEqual([...found.rankedScores].sort((a, b) => a - b));
  });

  it.each(labelQualityMethods)('%s scores every clip the same', async (method) => {
    const scores = labelQuality(await spokenDigits(), method);
    const expected = (await readNpyFile(folder(`score_${method}.npy`))).data as Float64Array;
    const furthest = scores.reduce(
      (worst, score, row) => Math.max(worst, Math.abs(score - expected[row]!)),
      0,
    );
    expect(scores.length).toBe(expected.length);
    expect(furthest).toBeLessThan(1e-9);
  });

  it('float64 probabilities give the same answer as float32 ones of the same value', async () => {
    const input = await spokenDigits();
    const found = findLabelIssues({ ...input, probs: Float64Array.from(input.probs) });
    expect([...found.ranked]).toEqual(reference().ranked_by_self_confidence);
  });

  it('the overview names the same classes', async () => {
    const found = findLabelIssues(await spokenDigits());
    const { overall_label_health, overlapping_classes, class_quality } = reference();
    expect(overallLabelHealth(found)).toBeCloseTo(overall_label_health, 12);
    const overlaps = overlappingClasses(found).slice(0, overlapping_classes.length);
    expect(overlaps.map(({ count }) => count)).toEqual(
      overlapping_classes.map((row) => row['Num Overlapping Examples']),
    );
    for (const row of overlapping_classes.slice(0, 2)) {
      expect(overlaps.slice(0, 2)).toContainEqual(
        expect.objectContaining({ a: row['Class Index A'], b: row['Class Index B'] }),
      );
    }
    expect(
      classLabelQuality(found).map(({ label, issues, inverseIssues }) => [label, issues, inverseIssues]),
    ).toEqual(
      class_quality.map((row) => [row['Class Index'], row['Label Issues'], row['Inverse Label Issues']]),
    );
    classLabelQuality(found).forEach(({ noise, inverseNoise }, at) => {
      expect(noise).toBeCloseTo(class_quality[at]!['Label Noise'], 9);
      expect(inverseNoise).toBeCloseTo(class_quality[at]!['Inverse Label Noise'], 9);
    });
  });
});

/** The definition, without shortcuts: every class sorted for every pair of labels. */
function plainPruneByNoiseRate({ labels, probs, n, k }: LabelIssueInput): number[] {
  const joint = confidentJoint({ labels, probs, n, k });
  const flagged = new Set<number>();
  for (let given = 0; given < k; given++) {
    const rows = [...labels.keys()].filter((row) => labels[row] === given);
    if (rows.length <= 1) continue;
    const kept = joint[given * k + given]!;
    const filled = Math.max(joint.subarray(given * k, (given + 1) * k).filter((x) => x !== 0).length - 1, 1);
    for (let j = 0; j < k; j++) {
      const quota = Math.trunc(Math.max(joint[given * k + j]! - (Math.max(kept, 1) - kept) / filled, 0));
      if (j === given) continue;
      const margin = (row: number): number => probs[row * k + j]! - probs[row * k + given]!;
      for (const row of [...rows].sort((a, b) => margin(b) - margin(a)).slice(0, quota)) flagged.add(row);
    }
  }
  return [...flagged]
    .filter((row) => {
      const raised = Array.from(probs.subarray(row * k, (row + 1) * k));
      raised[labels[row]!]! += 1e-6;
      return raised.indexOf(Math.max(...raised)) !== labels[row];
    })
    .sort((a, b) => a - b);
}

function randomInput(seed: number, n: number, k: number): LabelIssueInput {
  const random = createRandom(seed);
  const probs = new Float32Array(n * k);
  const labels = new Int32Array(n);
  for (let row = 0; row < n; row++) {
    const truth = Math.floor(random() * k);
    const weights = Array.from({ length: k }, (_, j) => random() ** 4 + (j === truth ? 2 * random() : 0));
    const total = weights.reduce((sum, w) => sum + w, 0);
    for (let j = 0; j < k; j++) probs[row * k + j] = weights[j]! / total;
    labels[row] = random() < 0.2 ? Math.floor(random() * k) : truth;
  }
  return { labels, probs, n, k };
}

describe('label issues', () => {
  it('partial selection flags the same clips as sorting every class for every pair of labels', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 2, max: 12 }),
        (seed, n, k) => {
          const input = randomInput(seed, n, k);
          expect([...findLabelIssues(input).issues]).toEqual(plainPruneByNoiseRate(input));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('ties of quantised probabilities fall as NumPy 1.24 lets them fall', () => {
    const [n, k, random] = [120, 3, createRandom(11)];
    const labels = new Int32Array(n);
    const probs = new Float32Array(n * k);
    for (let row = 0; row < n; row++) {
      const truth = Math.floor(random() * k);
      const left = Math.floor(random() * 7);
      const first = Math.floor(random() * (left + 1));
      probs[row * k + truth] = (16 - 2 * left) / 16;
      probs[row * k + ((truth + 1) % k)] = (2 * first) / 16;
      probs[row * k + ((truth + 2) % k)] = (2 * (left - first)) / 16;
      labels[row] = random() < 0.2 ? Math.floor(random() * k) : truth;
    }
    const ranked = (filterBy: LabelIssueMethod): number[] => [
      ...findLabelIssues({ labels, probs, n, k }, { filterBy }).ranked,
    ];
    // bench/rivals/label_issues_numpy.py on the same arrays, NumPy 1.24.2.
    expect(ranked('prune_by_noise_rate')).toEqual([
      104, 51, 105, 98, 1, 86, 85, 81, 77, 107, 75, 67, 62, 48, 46, 19, 16, 4, 2, 72, 108, 96, 100,
    ]);
    expect(ranked('prune_by_class')).toEqual([
      104, 51, 105, 98, 1, 107, 86, 85, 81, 77, 75, 72, 69, 67, 63, 62, 53, 49, 48, 46, 4, 108, 116,
    ]);
  });

  it('"both" flags what the two pruning filters agree on', () => {
    const input = randomInput(3, 2000, 6);
    const issues = (filterBy: LabelIssueMethod): number[] => [...findLabelIssues(input, { filterBy }).issues];
    const byClass = new Set(issues('prune_by_class'));
    expect(issues('both')).toEqual(issues('prune_by_noise_rate').filter((row) => byClass.has(row)));
    expect(issues('both').length).toBeGreaterThan(10);
  });

  it('rows of the joint add up to the clips given each label', () => {
    const input = randomInput(5, 3000, 20);
    const { confidentJoint: joint, classCounts } = findLabelIssues(input);
    for (let given = 0; given < 20; given++) {
      const row = joint.subarray(given * 20, (given + 1) * 20);
      expect(row.reduce((sum, x) => sum + x, 0)).toBe(classCounts[given]);
    }
  });

  it('says what the model believes instead of the given label', () => {
    const labels = Int32Array.of(0, 0, 0, 1, 1, 1);
    const probs = Float32Array.of(0.9, 0.1, 0.875, 0.125, 0.0625, 0.9375, 0.1, 0.9, 0.2, 0.8, 0.1, 0.9);
    const found = findLabelIssues({ labels, probs, n: 6, k: 2 }, { filterBy: 'predicted_neq_given' });
    expect([...found.issues]).toEqual([2]);
    expect(labelIssueEvidence(found, labels, 2)).toEqual({
      row: 2,
      given: 0,
      givenProbability: 0.0625,
      proposed: 1,
      proposedProbability: 0.9375,
    });
    expect(labelIssueEvidence(found, labels, 1)).toMatchObject({ proposed: 0, proposedProbability: 0.875 });
  });

  it('gives the annotator the benefit of a tie', () => {
    const labels = Int32Array.of(1, 0);
    const probs = Float32Array.of(0.5, 0.5, 0.4999999, 0.5000001);
    expect([
      ...findLabelIssues({ labels, probs, n: 2, k: 2 }, { filterBy: 'predicted_neq_given' }).issues,
    ]).toEqual([]);
  });

  it('a label nobody was given is never a reason to flag by confidence', () => {
    const labels = Int32Array.of(0, 0, 1, 1);
    const probs = Float32Array.of(0.8, 0.1, 0.1, 0.1, 0.1, 0.8, 0.1, 0.8, 0.1, 0.1, 0.8, 0.1);
    const found = findLabelIssues({ labels, probs, n: 4, k: 3 }, { filterBy: 'confident_learning' });
    expect(found.thresholds[2]).toBe(2);
    expect([...found.issues]).toEqual([]);
    expect([...found.confidentJoint.subarray(6)]).toEqual([0, 0, 0]);
  });

  it('keeps a class whole when it is as small as the smallest number of examples', () => {
    const input = randomInput(8, 300, 4);
    const all = findLabelIssues(input, { minExamplesPerClass: 1000 });
    expect(all.issues.length).toBe(0);
    expect(findLabelIssues(input).issues.length).toBeGreaterThan(0);
  });

  it('no clips and a single class have no issues', () => {
    const none = findLabelIssues({ labels: new Int32Array(0), probs: new Float32Array(0), n: 0, k: 3 });
    expect([none.issues.length, overallLabelHealth(none), [...none.thresholds]]).toEqual([
      0,
      null,
      [2, 2, 2],
    ]);
    const one = { labels: new Int32Array(3), probs: Float32Array.of(1, 0.5, 0.25), n: 3, k: 1 };
    for (const filterBy of labelIssueMethods)
      expect(findLabelIssues(one, { filterBy }).issues.length).toBe(0);
    for (const method of labelQualityMethods)
      expect([...labelQuality(one, method)].every(Number.isFinite)).toBe(true);
  });

  it.each([
    [Number.NaN, /class 1 in row 2 is not a number/],
    [1.5, /class 1 in row 2 is 1.5/],
    [-0.25, /class 1 in row 2 is -0.25/],
    [Number.POSITIVE_INFINITY, /class 1 in row 2 is Infinity/],
  ])('names the row of the probability %s', (value, sentence) => {
    for (const probs of [new Float32Array(12).fill(0.25), new Float64Array(12).fill(0.25)]) {
      probs[2 * 3 + 1] = value;
      expect(() => findLabelIssues({ labels: new Int32Array(4), probs, n: 4, k: 3 })).toThrow(sentence);
    }
  });

  it('a negative zero is a zero', () => {
    const labels = Int32Array.of(0, 1);
    const probs = Float32Array.of(1, -0, -0, 1);
    expect(findLabelIssues({ labels, probs, n: 2, k: 2 }).issues.length).toBe(0);
  });

  it('names the row of a label the probabilities do not have', () => {
    const probs = new Float32Array(6).fill(0.5);
    const of = (label: number) => () =>
      findLabelIssues({ labels: Int32Array.of(0, label, 1), probs, n: 3, k: 2 });
    expect(of(2)).toThrow(/Row 1 has the label 2/);
    expect(of(-1)).toThrow(/Row 1 has the label -1/);
    expect(() => findLabelIssues({ labels: new Int32Array(3), probs, n: 3, k: 3 })).toThrow(/same clips/);
  });

  it('rounding keeps the total, whatever the values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 1, maxLength: 60 }),
        (values) => {
          const rounded = roundKeepingSum(Float64Array.from(values));
          const sum = values.reduce((total, value) => total + value, 0);
          expect(Math.abs(rounded.reduce((total, value) => total + value, 0) - sum)).toBeLessThanOrEqual(
            0.5 + 1e-9,
          );
          rounded.forEach((value, i) => {
            expect(Math.abs(value - values[i]!)).toBeLessThanOrEqual(1.5);
          });
        },
      ),
    );
  });
});
