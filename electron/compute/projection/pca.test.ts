import { describe, expect, it } from 'vitest';
import { readNpyFile } from '../../formats/npy.ts';
import { hasShared, sharedPath } from '../../testing/shared-data.ts';
import { createRandom } from '../random.ts';
import { type PcaInput, type PcaResult, pca } from './pca.ts';

function run(input: PcaInput): PcaResult {
  const steps = pca(input);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Rows of normal numbers whose columns have the deviations given. */
function normalRows(n: number, deviations: readonly number[]): Float32Array {
  const random = createRandom(5);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Float32Array.from({ length: n * deviations.length }, (_, at) => {
    return normal() * deviations[at % deviations.length]!;
  });
}

describe('principal components', () => {
  it('are the columns that vary most, and say what share of the variance they keep', () => {
    const features = normalRows(4000, [1, 5, 0.5, 3]);
    const { coordinates, varianceExplained } = run({ features, n: 4000, d: 4 });
    expect(varianceExplained[0]).toBeCloseTo(25 / 35.25, 1);
    expect(varianceExplained[1]).toBeCloseTo(9 / 35.25, 1);
    let along = 0;
    let square = 0;
    for (let row = 0; row < 4000; row++) {
      along += coordinates[2 * row]! * features[4 * row + 1]!;
      square += features[4 * row + 1]! ** 2;
    }
    expect(along / square).toBeCloseTo(1, 2);
  });

  it('keep all distances when there are as many axes as columns', () => {
    const features = normalRows(50, [1, 2, 3]);
    const { coordinates } = run({ features, n: 50, d: 3, components: 3 });
    const distance = (rows: Float32Array, a: number, b: number) =>
      Math.hypot(...[0, 1, 2].map((i) => rows[3 * a + i]! - rows[3 * b + i]!));
    for (let a = 0; a < 50; a++)
      expect(distance(coordinates, a, (a * 7) % 50)).toBeCloseTo(distance(features, a, (a * 7) % 50), 4);
  });

  it.each([
    ['no rows', 0, 3],
    ['one row', 1, 3],
    ['equal rows', 20, 3],
    ['one column', 20, 1],
  ])('of %s are zeros where nothing varies', (name, n, d) => {
    const features = new Float32Array(n * d).fill(2);
    if (name === 'one column') features.set([4], 0);
    const { coordinates, varianceExplained } = run({ features, n, d });
    expect(coordinates).toHaveLength(2 * n);
    expect(coordinates.every(Number.isFinite)).toBe(true);
    expect(varianceExplained).toEqual(name === 'one column' ? [1, 0] : [0, 0]);
  });

  it('of two rows lie on one axis', () => {
    const { coordinates } = run({ features: Float32Array.from([0, 0, 3, 4]), n: 2, d: 2 });
    expect([...coordinates].map(Math.abs)).toEqual([2.5, 0, 2.5, 0]);
  });

  it.skipIf(!hasShared)('of spoken digits are those that NumPy finds', async () => {
    const array = await readNpyFile(sharedPath('golden', 'fsdd-noisy', 'features.npy'));
    const features = array.data as Float32Array;
    const [n = 0, d = 0] = array.shape;
    const { varianceExplained, coordinates } = run({ features, n, d, components: 3 });
    // numpy.linalg.eigh of numpy.cov in float64, and the first row's coordinates with the largest loadings positive.
    expect(varianceExplained.map((share) => Number(share.toFixed(6)))).toEqual(EXPECTED_SHARES);
    for (const [c, value] of EXPECTED_FIRST.entries()) expect(coordinates[c]).toBeCloseTo(value, 3);
  });
});

const EXPECTED_SHARES = [0.141815, 0.108628, 0.092137];
const EXPECTED_FIRST = [-45.864972, 9.449958, 9.031865];
