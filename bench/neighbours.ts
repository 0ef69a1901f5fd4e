// Neighbour graphs of 105,829 x 64, exact and approximate, and of 1,000,000 x 32; the nearest of one clip among
// 100,000 x 128. Beside scikit-learn, faiss, hnswlib, pynndescent and sqlite-vec, with the recall of all (PERFORMANCE 4
// and 5).
// The slowest rivals of the million with --full only.
import { join } from 'node:path';
import { createTeam } from '../electron/analysis/team-threads.ts';
import {
  loadNearest,
  type Neighbours,
  neighbourKernels,
  neighbours,
} from '../electron/compute/neighbours/index.ts';
import { createRandom } from '../electron/compute/random.ts';
import type { Team } from '../electron/compute/team.ts';
import { npyToInt32, readNpyFile, writeNpyFile } from '../electron/formats/npy.ts';
import {
  type Bench,
  type BenchResult,
  type Goal,
  interleave,
  type Leg,
  runNpmRival,
  runProgram,
  systemPython,
  timeCalls,
  withTemporaryFolder,
} from './lib/harness.ts';
import { mixture } from './lib/mixture.ts';

const rival = join(import.meta.dirname, 'rivals', 'neighbours.py');
const JUDGED_ROWS = 300;

interface Data {
  readonly features: Float32Array;
  readonly n: number;
  readonly d: number;
}

interface Recorded {
  /** Whose seconds, on two idle Zen 5 cores. */
  readonly what: string;
  readonly seconds: number;
  readonly atLeast: number;
}

interface Setting {
  readonly name: string;
  readonly n: number;
  readonly d: number;
  readonly k: number;
  /** What is asked of an approximate search; undefined: exact. */
  readonly recall?: number;
  readonly rivals: readonly string[];
  readonly rounds: number;
  readonly recorded: readonly Recorded[];
  /** Times faster than the first rival. */
  readonly atLeast?: number;
}

const exact: Setting = {
  name: 'exact neighbour graph',
  ...{ n: 105_829, d: 64, k: 90, rounds: 3, atLeast: 1.3 },
  rivals: ['scikit-learn', 'faiss'],
  recorded: [{ what: 'scikit-learn', seconds: 23.8, atLeast: 1.3 }],
};
const approximate: Setting = {
  name: 'neighbour graph with recall 0.99',
  ...{ n: 105_829, d: 64, k: 15, recall: 0.99, rounds: 3 },
  rivals: ['hnswlib-node', 'hnswlib', 'pynndescent'],
  recorded: [{ what: 'hnswlib-node (16 + 6 s)', seconds: 22, atLeast: 4 }],
  atLeast: 4,
};
const million: Setting = {
  name: 'neighbour graph of a million with recall 0.95',
  ...{ n: 1_000_000, d: 32, k: 15, recall: 0.95, rounds: 1 },
  rivals: ['pynndescent', 'hnswlib'],
  recorded: [],
};

export const bench: Bench = async ({ isQuick, isFull }) => {
  const team = await createTeam(neighbourKernels());
  try {
    const results: BenchResult[] = [];
    for (const setting of [exact, approximate, million]) {
      if (isQuick) {
        const { n: _, atLeast: __, ...rest } = setting;
        // Compiling pynndescent once is enough.
        const rivals = setting === million ? ['hnswlib'] : setting.rivals;
        results.push(await graphs({ ...rest, n: 3_000, rivals, rounds: 1, recorded: [] }, team));
      } else if (setting === million && !isFull) {
        results.push(await graphs({ ...setting, rivals: [] }, team));
      } else {
        results.push(await graphs(setting, team));
      }
    }
    results.push(await nearestOfOne(isQuick ? 5_000 : 100_000, team, isQuick));
    return results;
  } finally {
    await team.close();
  }
};

async function graphs(setting: Setting, team: Team): Promise<BenchResult> {
  const { name, n, d, k, recall, rivals, rounds, recorded, atLeast } = setting;
  const data = { features: mixture(n, d), n, d };
  return withTemporaryFolder(async (folder) => {
    const [points, out] = [join(folder, 'points.npy'), join(folder, 'found.npy')];
    await writeNpyFile(points, data.features, [n, d]);
    const versions: Record<string, string> = {};
    const recalls: Record<string, number> = {};
    const truth = truthOfSome(data, k, team);
    let ours: Neighbours | undefined;
    const legs = await interleave(
      [
        {
          name: 'Earmark',
          run: () =>
            timeCalls(() => {
              const method = recall === undefined ? 'exact' : 'auto';
              ours = neighbours({ ...data, k, metric: 'euclidean', method, recall: recall ?? 1 }, team);
            }),
        },
        ...rivals.map(
          (library): Leg => ({
            name: library,
            run: async () => {
              const args = [library, points, `${k}`, out];
              const output =
                library === 'hnswlib-node'
                  ? await runNpmRival(...args)
                  : await runProgram(systemPython, [rival, ...args]);
              if (output === undefined) return Number.NaN;
              const answer = JSON.parse(output) as { seconds: number; version: string };
              versions[library] = answer.version;
              recalls[library] = recallOf(npyToInt32(await readNpyFile(out), 'the neighbours'), truth, k);
              return answer.seconds;
            },
          }),
        ),
      ],
      rounds,
    );
    const seconds = legs[0]!.median;
    const own = ours === undefined ? 0 : recallOf(ours.indices, truth, k);
    return {
      name,
      size: { n, d, k },
      legs,
      goals: [
        ...legs.slice(1).map(
          (leg, at): Goal => ({
            what: `times faster than ${leg.name} here`,
            value: leg.median / seconds,
            ...(at === 0 && atLeast !== undefined ? { atLeast } : {}),
          }),
        ),
        ...recorded.map(
          (rivalry): Goal => ({
            what: `times faster than ${rivalry.what}, recorded`,
            value: rivalry.seconds / seconds,
            ...{ atLeast: rivalry.atLeast, isRecorded: true },
          }),
        ),
        { what: 'recall', value: own, atLeast: (recall ?? 1) - 0.005 },
      ],
      notes: [
        ...(ours === undefined ? [] : [ours.note]),
        ...rivals.map((library) =>
          versions[library] === undefined
            ? `${library} is not installed here: ${installing(library)}.`
            : `${library} (${versions[library]}): recall ${recalls[library]!.toFixed(4)}.`,
        ),
      ],
    };
  });
}

function installing(library: string): string {
  if (library === 'hnswlib-node') return 'see bench/rivals/npm.ts';
  return `apt-get install python3-${library === 'scikit-learn' ? 'sklearn' : library}`;
}

interface Truth {
  readonly row: number;
  readonly rows: ReadonlySet<number>;
}

/** The true neighbours of some rows, one by one. */
function truthOfSome({ features, n, d }: Data, k: number, team: Team): Truth[] {
  const start = team.allocate(0);
  const search = loadNearest({ features, n, d }, 'euclidean', team);
  const random = createRandom(1);
  const truth = Array.from({ length: JUDGED_ROWS }, () => {
    const row = Math.floor(random() * n);
    return { row, rows: new Set(search.ofRow(row, k).rows) };
  });
  team.release(start);
  return truth;
}

function recallOf(found: Int32Array, truth: readonly Truth[], k: number): number {
  let hits = 0;
  for (const { row, rows } of truth) {
    for (const neighbour of found.subarray(row * k, (row + 1) * k)) if (rows.has(neighbour)) hits++;
  }
  return hits / (truth.length * k);
}

async function nearestOfOne(n: number, team: Team, isQuick: boolean): Promise<BenchResult> {
  const [d, k, queries] = [128, 15, 50];
  const features = mixture(n, d);
  return withTemporaryFolder(async (folder) => {
    const [points, out] = [join(folder, 'points.npy'), join(folder, 'found.npy')];
    await writeNpyFile(points, features, [n, d]);
    const start = team.allocate(0);
    const search = loadNearest({ features, n, d }, 'euclidean', team);
    let row = 0;
    let same = 0;
    const ask = async (output: string | undefined): Promise<number> => {
      if (output === undefined) return Number.NaN;
      const found = npyToInt32(await readNpyFile(out), 'the neighbours');
      same = 0;
      for (let query = 0; query < queries; query++) {
        const ours = new Set(search.ofRow(query, k).rows);
        for (const at of found.subarray(query * k, (query + 1) * k)) if (ours.has(at)) same++;
      }
      return (JSON.parse(output) as { seconds: number }).seconds;
    };
    const next = (): number => row++ % n;
    for (let i = 0; i < 20; i++) search.ofRow(next(), k);
    const legs = await interleave(
      [
        { name: 'Earmark', run: () => timeCalls(() => search.ofRow(next(), k), queries) },
        { name: 'plain JavaScript', run: () => timeCalls(() => plainNearest(features, n, d, next(), k), 10) },
        {
          name: 'faiss, flat',
          run: async () => ask(await runProgram(systemPython, [rival, 'faiss-one', points, `${k}`, out])),
        },
        { name: 'sqlite-vec', run: async () => ask(await runNpmRival('sqlite-vec', points, `${k}`, out)) },
      ],
      isQuick ? 1 : 3,
    );
    team.release(start);
    const [ours, plain, faiss, sqlite] = legs.map((leg) => leg.median) as [number, number, number, number];
    return {
      name: 'nearest clips of one clip, exact',
      size: { n, d, k },
      legs,
      goals: [
        { what: 'times faster than plain JavaScript here', value: plain / ours },
        { what: 'times faster than faiss here', value: faiss / ours },
        {
          what: 'times faster than sqlite-vec here',
          value: sqlite / ours,
          ...(isQuick ? {} : { atLeast: 5 }),
        },
        ...(isQuick ? [] : [{ what: 'milliseconds', value: ours * 1000, atMost: 2.5 }]),
      ],
      notes: [
        Number.isNaN(faiss)
          ? 'faiss is not installed here: apt-get install python3-faiss.'
          : `Of the last rival's neighbours ${((same / (queries * k)) * 100).toFixed(2)}% are ours.`,
        ...(Number.isNaN(sqlite) ? ['sqlite-vec is not installed here: see bench/rivals/npm.ts.'] : []),
      ],
    };
  });
}

/** What one would write first: all distances, then the k smallest. */
function plainNearest(features: Float32Array, n: number, d: number, query: number, k: number): Int32Array {
  const rows = new Int32Array(k).fill(-1);
  const squares = new Float64Array(k).fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row < n; row++) {
    if (row === query) continue;
    let sum = 0;
    for (let i = 0; i < d; i++) {
      const difference = features[row * d + i]! - features[query * d + i]!;
      sum += difference * difference;
    }
    if (sum >= squares[k - 1]!) continue;
    let to = k - 1;
    for (; to > 0 && squares[to - 1]! > sum; to--) {
      squares[to] = squares[to - 1]!;
      rows[to] = rows[to - 1]!;
    }
    squares[to] = sum;
    rows[to] = row;
  }
  return rows;
}
