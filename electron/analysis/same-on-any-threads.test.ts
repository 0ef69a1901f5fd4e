// What a person sees must not depend on the cores of the machine: the same bits from one thread and from several.
import { describe, expect, it } from 'vitest';
import { type NeighbourInput, neighbourKernels, neighbours } from '../compute/neighbours/index.ts';
import { mapQuality } from '../compute/projection/quality.ts';
import { tsne, tsneKernels } from '../compute/projection/tsne.ts';
import { createRandom } from '../compute/random.ts';
import { createSoloTeam, type Team } from '../compute/team.ts';
import { createTeam } from './team-threads.ts';

/** Clumps around 20 centres. */
function clumps(n: number, d: number): Float32Array {
  const random = createRandom(11);
  const centres = Float32Array.from({ length: 20 * d }, () => 3 * random());
  const features = new Float32Array(n * d);
  for (let row = 0; row < n; row++) {
    const centre = Math.floor(20 * random()) * d;
    for (let i = 0; i < d; i++) features[row * d + i] = centres[centre + i]! + random() - random();
  }
  return features;
}

async function withThreads<T>(
  module: Parameters<typeof createTeam>[0],
  work: (team: Team) => T,
): Promise<T[]> {
  const results = [work(createSoloTeam(module))];
  for (const threads of [2, 3]) {
    const team = await createTeam(module, threads);
    try {
      results.push(work(team));
    } finally {
      await team.close();
    }
  }
  return results;
}

describe('on one, two and three threads', () => {
  it.each(['exact', 'approximate'] as const)('the %s neighbours are the same', async (method) => {
    const n = 3_000;
    const input: NeighbourInput = {
      ...{ features: clumps(n, 12), n, d: 12, k: 12, metric: 'cosine', method, seed: 3 },
    };
    const [one, two, three] = await withThreads(neighbourKernels(), (team) => neighbours(input, team));
    expect(two).toEqual(one);
    expect(three).toEqual(one);
  });

  it.each([300, 2_500])('the t-SNE map of %i points and its figures are the same', async (n) => {
    const rows = { features: clumps(n, 8), n, d: 8 };
    const graph = neighbours({ ...rows, k: 30, metric: 'euclidean' }, createSoloTeam(neighbourKernels()));
    const [one, two, three] = await withThreads(tsneKernels(), (team) => {
      const steps = tsne(graph, { perplexity: 10, iterations: 170, seed: 5 }, team);
      let step = steps.next();
      while (!step.done) step = steps.next();
      const { coordinates, kl } = step.value;
      const quality = mapQuality(
        { ...rows, metric: 'euclidean', points: coordinates },
        { queries: 203 },
        team,
      );
      return { coordinates, kl, quality };
    });
    expect(two).toEqual(one);
    expect(three).toEqual(one);
  });
});
