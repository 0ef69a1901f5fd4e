import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readNpyFile } from '../../formats/npy.ts';
import { hasShared, sharedPath } from '../../testing/shared-data.ts';
import { createRandom } from '../random.ts';
import { type FewShotHead, type FewShotInput, scoreTargets, trainFewShot } from './few-shot.ts';

function train(input: FewShotInput): FewShotHead {
  const steps = trainFewShot(input);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

const rowsFrom = (start: number, end: number): Int32Array =>
  Int32Array.from({ length: end - start }, (_, at) => start + at);

/** Rows 0..9 say the word (column 0 is high), 10..209 others, 210..229 are noise (column 1 is high). */
function clips(): FewShotInput {
  const random = createRandom(3);
  const features = Float32Array.from({ length: 230 * 6 }, (_, at) => {
    const row = Math.floor(at / 6);
    const lift = at % 6 === 0 && row < 10 ? 3 : at % 6 === 1 && row >= 210 ? 3 : 0;
    return random() + random() + lift;
  });
  return {
    features,
    n: 230,
    d: 6,
    targets: rowsFrom(0, 5),
    unknowns: rowsFrom(10, 210),
    backgrounds: rowsFrom(210, 230),
  };
}

describe.skipIf(!hasShared)('five examples of a spoken digit', () => {
  it('rank a hundred clips of that digit first, at the wanted false-accept rate', async () => {
    const folder = (name: string): string => sharedPath('golden', 'fsdd-noisy', name);
    const features = (await readNpyFile(folder('features.npy'))).data as Float32Array;
    const lines = readFileSync(folder('clips.csv'), 'utf8').trim().split('\n').slice(1);
    const truth = Int32Array.from(lines, (line) => Number(line.split(',')[2]));
    const precisions: number[] = [];
    const falseAccepts: number[] = [];
    let found = 0;
    for (let digit = 0; digit < 10; digit++) {
      const said = rowsFrom(0, 3000).filter((row) => truth[row] === digit);
      // One clip of each of five speakers; every other row of other digits is the bank, the rest is ranked.
      const targets = Int32Array.from([0, 1, 2, 3, 4], (at) => said[at * 50 + digit]!);
      const unknowns = rowsFrom(0, 3000).filter((row) => truth[row] !== digit && row % 2 === 0);
      const head = train({ features, n: 3000, d: 96, targets, unknowns, backgrounds: new Int32Array(0) });
      const scores = scoreTargets(head, { features, n: 3000, d: 96 });
      const ranked = rowsFrom(0, 3000)
        .filter((row) => !targets.includes(row) && (truth[row] === digit || row % 2 === 1))
        .sort((a, b) => scores[b]! - scores[a]!);
      precisions.push(ranked.subarray(0, 100).filter((row) => truth[row] === digit).length / 100);
      falseAccepts.push(head.falseAcceptRate);
      found += head.leaveOneOut.filter(({ isFound }) => isFound).length;
    }
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    expect(mean(precisions)).toBeGreaterThan(0.98);
    expect(Math.min(...precisions)).toBeGreaterThan(0.9);
    expect(mean(falseAccepts)).toBeLessThan(0.02);
    expect(found).toBeGreaterThan(40);
  });
});

describe('a keyword from a few examples', () => {
  it('finds the clips of the word and lets the wanted share of others through', () => {
    const input = clips();
    const head = train({ ...input, falseAcceptRate: 0.04 });
    const scores = scoreTargets(head, input);
    const found = [...scores.keys()].filter((row) => scores[row]! >= head.threshold);
    expect(found.filter((row) => row < 10)).toHaveLength(10);
    expect(found.length).toBeLessThan(10 + 0.1 * 200);
    expect([head.calibration, head.heldOut]).toEqual([50, 50]);
    expect(head.falseAcceptRate).toBe(head.accepted / 50);
    expect(head.leaveOneOut.map(({ isFound }) => isFound)).toEqual([true, true, true, true, true]);
    expect(scoreTargets(train({ ...input, falseAcceptRate: 0.04 }), input)).toEqual(scores);
  });

  it('an example that is nothing like the others is not found without itself', () => {
    const head = train({ ...clips(), targets: Int32Array.of(0, 1, 2, 3, 220) });
    expect(head.leaveOneOut.map(({ isFound }) => isFound)).toEqual([true, true, true, true, false]);
  });

  it('variants go with the example they are made from', () => {
    const input = clips();
    // The last example is a noise clip, and so is its variant: left out, neither may speak for it.
    const variants = { data: input.features.slice(221 * 6, 222 * 6), of: Int32Array.of(2) };
    const head = train({ ...input, targets: Int32Array.of(0, 1, 220), variants });
    expect(head.leaveOneOut[2]?.isFound).toBe(false);
    const other = train({
      ...input,
      targets: Int32Array.of(0, 1, 220),
      variants: { ...variants, of: Int32Array.of(0) },
    });
    expect(other.leaveOneOut[2]!.score).toBeGreaterThan(head.leaveOneOut[2]!.score);
  });

  it('needs neither background nor a second example, and passes over broken rows', () => {
    const input = clips();
    const features = input.features.slice();
    features[9 * 6] = Number.NaN;
    const head = train({ ...input, features, targets: Int32Array.of(0), backgrounds: new Int32Array(0) });
    expect(head.leaveOneOut).toEqual([]);
    expect(scoreTargets(head, { ...input, features })[9]).toBeNaN();
  });

  it('equal clips, too few others and a rate out of range are answered in words or figures', () => {
    const input = clips();
    const equal = train({ ...input, features: new Float32Array(230 * 6).fill(2) });
    expect([equal.falseAcceptRate, equal.leaveOneOut.some(({ isFound }) => isFound)]).toEqual([0, false]);
    expect(() => train({ ...input, unknowns: Int32Array.of(10, 11) })).toThrow(/At least 4 clips/);
    expect(() => train({ ...input, targets: new Int32Array(0) })).toThrow(/at least one clip/);
    expect(() => train({ ...input, falseAcceptRate: 0 })).toThrow(/between 0 and 1/);
    const features = input.features.slice();
    features[0] = Number.NaN;
    expect(() => train({ ...input, features })).toThrow(/examples and the clips beside them hold NaN/);
  });
});
