// UMAP of 105,829 x 64 from the embeddings on, beside umap-learn, with the trustworthiness of both (PERFORMANCE 3).
import { join } from 'node:path';
import { createTeam } from '../electron/analysis/team-threads.ts';
import { neighbourKernels, neighbours } from '../electron/compute/neighbours/index.ts';
import { umap } from '../electron/compute/projection/umap.ts';
import { writeNpyFile } from '../electron/formats/npy.ts';
import {
  type Bench,
  interleave,
  runProgram,
  systemPython,
  timeCalls,
  withTemporaryFolder,
} from './lib/harness.ts';
import { mixture } from './lib/mixture.ts';

const D = 64;
const K = 15;
const rival = join(import.meta.dirname, 'rivals', 'umap_learn.py');
/** umap-learn 0.5.3 on an idle machine of two Zen 5 cores. */
const RECORDED_SECONDS = 40.7;

export const bench: Bench = async ({ isQuick }) => {
  const n = isQuick ? 5000 : 105_829;
  const features = mixture(n, D);
  const team = await createTeam(neighbourKernels());
  try {
    return await withTemporaryFolder(async (folder) => {
      const files = ['points', 'ours', 'theirs'].map((name) => join(folder, `${name}.npy`));
      const [points, ours, theirs] = files as [string, string, string];
      await writeNpyFile(points, features, [n, D]);
      let [searching, layingOut] = [0, 0];
      let plane: Float32Array = new Float32Array(0);
      const run = (): number => {
        let graph: ReturnType<typeof neighbours> | undefined;
        searching = timeCalls(() => {
          graph = neighbours({ features, n, d: D, k: K, metric: 'euclidean' }, team);
        });
        layingOut = timeCalls(() => {
          for (const { coordinates } of umap(graph!, null)) plane = coordinates;
        });
        return searching + layingOut;
      };
      let version: string | undefined;
      const ask = async (): Promise<number> => {
        const output = await runProgram(systemPython, [rival, 'fit', points, theirs]);
        if (output === undefined) return Number.NaN;
        const answer = JSON.parse(output) as { seconds: number; version: string };
        version = answer.version;
        return answer.seconds;
      };
      const legs = await interleave(
        [
          { name: 'Earmark: neighbours and layout', run },
          { name: 'umap-learn, compiled before', run: ask },
        ],
        isQuick ? 1 : 3,
      );
      await writeNpyFile(ours, plane, [n, 2]);
      const trust = version === undefined ? [] : await trustworthiness(points, [ours, theirs]);
      const [mine, others] = legs.map((leg) => leg.median) as [number, number];
      return [
        {
          name: 'UMAP',
          size: { n, d: D, k: K },
          legs,
          goals: [
            {
              what: 'times faster than umap-learn here',
              value: others / mine,
              ...(isQuick ? {} : { atLeast: 1 }),
            },
            ...(isQuick
              ? []
              : [
                  {
                    what: 'times faster than umap-learn, recorded',
                    value: RECORDED_SECONDS / mine,
                    atLeast: 1,
                    isRecorded: true,
                  },
                ]),
            ...(trust.length === 2
              ? [{ what: 'trustworthiness above umap-learn', value: trust[0]! - trust[1]!, atLeast: -0.001 }]
              : []),
          ],
          notes: [
            `Neighbours ${searching.toFixed(2)} s on ${team.threads} threads, layout ${layingOut.toFixed(2)} s on one.`,
            version === undefined
              ? 'umap-learn is not installed here: apt-get install umap-learn.'
              : `umap-learn ${version}. Trustworthiness: Earmark ${trust[0]?.toFixed(4)}, umap-learn ${trust[1]?.toFixed(4)}.`,
          ],
        },
      ];
    });
  } finally {
    await team.close();
  }
};

async function trustworthiness(points: string, layouts: readonly string[]): Promise<number[]> {
  const output = await runProgram(systemPython, [rival, 'quality', points, ...layouts]);
  return output === undefined ? [] : (JSON.parse(output) as { trustworthiness: number[] }).trustworthiness;
}
