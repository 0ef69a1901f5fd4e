import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { createSoloTeam } from '../team.ts';
import { type NeighbourInput, neighbourKernels, neighbourSteps, neighbours } from './index.ts';

const solo = () => createSoloTeam(neighbourKernels());

/** Points around 40 centres, each on a bent sheet of three dimensions. */
function sheets(n: number, d: number): Float32Array {
  const random = createRandom(11);
  const ways = Float64Array.from({ length: 40 * 4 * d }, () => random() * 4 - 2);
  const features = new Float32Array(n * d);
  for (let row = 0; row < n; row++) {
    const from = Math.floor(random() * 40) * 4 * d;
    const [x, y, z] = [random(), random(), random()];
    for (let i = 0; i < d; i++) {
      const at = from + i * 4;
      features[row * d + i] =
        2 * ways[at]! + Math.sin(3 * x * ways[at + 1]!) + y * ways[at + 2]! + z * z * ways[at + 3]!;
    }
  }
  return features;
}

function noise(n: number, d: number): Float32Array {
  const random = createRandom(5);
  return Float32Array.from({ length: n * d }, () => random() + random() + random() - 1.5);
}

function shareFound(input: NeighbourInput): { share: number; claimed: number | null; note: string } {
  const truth = neighbours({ ...input, method: 'exact' }, solo());
  const found = neighbours({ ...input, method: 'approximate' }, solo());
  const { k } = input;
  let hits = 0;
  for (let at = 0; at < found.distances.length; at++) {
    if (found.distances[at]! <= truth.distances[at - (at % k) + k - 1]!) hits++;
  }
  return { share: hits / found.distances.length, claimed: found.recall, note: found.note };
}

describe('an approximate search', () => {
  it.each(['cosine', 'euclidean'] as const)(
    'finds the share of neighbours that was asked for by %s',
    (metric) => {
      const input = { features: sheets(6_000, 24), n: 6_000, d: 24, k: 15, metric };
      for (const recall of [0.9, 0.99]) {
        const { share, claimed, note } = shareFound({ ...input, recall });
        expect(share).toBeGreaterThan(recall - 0.01);
        expect(Math.abs(share - claimed!)).toBeLessThan(0.02);
        expect(note).toMatch(/nearest to it\. 9\d\.\d% of the true neighbours were found \(9\d\.0% wanted\)/);
      }
    },
  );

  it('finds every neighbour when all are asked for, even where no cluster helps', () => {
    const { share, claimed } = shareFound({
      ...{ features: noise(1_500, 32), n: 1_500, d: 32, k: 5, metric: 'euclidean' },
      recall: 1,
    });
    expect(claimed).toBe(1);
    expect(share).toBeGreaterThan(0.999);
  });

  it('has k neighbours for every row, also where its clusters hold fewer', () => {
    const found = neighbours(
      {
        features: sheets(900, 8),
        n: 900,
        d: 8,
        k: 200,
        metric: 'cosine',
        method: 'approximate',
        recall: 0.1,
      },
      solo(),
    );
    expect(found.indices.every((row) => row >= 0 && row < 900)).toBe(true);
    for (let row = 0; row < 900; row++) {
      expect(new Set(found.indices.subarray(row * 200, (row + 1) * 200).values()).size).toBe(200);
    }
  });

  it('has the same answer each time for the same seed', () => {
    const input: NeighbourInput = {
      ...{ features: sheets(4_000, 12), n: 4_000, d: 12, k: 10, metric: 'cosine' },
      ...{ method: 'approximate', seed: 3 },
    };
    expect(neighbours(input, solo())).toEqual(neighbours(input, solo()));
  });

  it('copes with points that are all equal, and with very few', () => {
    for (const n of [2, 3, 50, 2_000]) {
      const features = new Float32Array(n * 6).fill(-2);
      const input = { features, n, d: 6, k: 5, metric: 'euclidean', method: 'approximate' } as const;
      const { k, indices, distances, recall } = neighbours(input, solo());
      expect(k).toBe(Math.min(5, n - 1));
      expect(indices.every((row) => row >= 0)).toBe(true);
      expect(distances.every((distance) => distance === 0)).toBe(true);
      expect(recall).toBe(1);
    }
  });

  it('is chosen above 20,000 rows where it is faster, and refused where it is not', () => {
    const input = { n: 20_500, k: 4, metric: 'euclidean' } as const;
    const sheet = neighbours({ ...input, features: sheets(20_500, 8), d: 8 }, solo());
    expect([sheet.method, sheet.recall! > 0.95]).toEqual(['approximate', true]);
    const shapeless = neighbours({ ...input, features: noise(20_500, 40), d: 40 }, solo());
    expect([shapeless.method, shapeless.recall]).toEqual(['exact', null]);
    expect(shapeless.note).toMatch(/no slower/);
  });

  it('tells how far it is, and can be left at any step', () => {
    const team = solo();
    const before = team.allocate(0);
    const input = { features: sheets(3_000, 8), n: 3_000, d: 8, k: 5, metric: 'cosine' } as const;
    const shares: number[] = [];
    for (const share of neighbourSteps({ ...input, method: 'approximate' }, team)) shares.push(share);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    for (const share of neighbourSteps({ ...input, method: 'approximate' }, team)) if (share > 0.3) break;
    expect(team.allocate(0)).toBe(before);
  });

  it('is refused for a share of neighbours that is none', () => {
    const input = { features: sheets(30, 4), n: 30, d: 4, k: 3, metric: 'cosine' } as const;
    expect(() => neighbours({ ...input, recall: 1.2 }, solo())).toThrow(
      /above 0 and at most 1, but it is 1\.2/,
    );
  });
});
