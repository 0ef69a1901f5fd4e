// t-SNE from the embeddings on, beside scikit-learn and Rtsne at 5,000, 20,000 and 105,829 x 64, with what each map
// kept (PERFORMANCE 1 to 3). With --full only: the rivals at 105,829, which take half an hour each on a slow machine, and a million x 32
// without any.
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { writeNpyFile } from '../electron/formats/npy.ts';
import { usualIterations } from '../shared/domain/embedding.ts';
import {
  type Bench,
  type BenchOptions,
  type BenchResult,
  type Goal,
  interleave,
  runNpmRival,
  runProgram,
  systemPython,
  withTemporaryFolder,
} from './lib/harness.ts';
import { mixture } from './lib/mixture.ts';

const D = 64;
/** As many as a map of 5,000 points takes here. */
const ITERATIONS = usualIterations('tsne', 5_000);
const leg = join(import.meta.dirname, 'tsne-leg.ts');
const sklearn = join(import.meta.dirname, 'rivals', 'tsne_sklearn.py');
const rtsne = join(import.meta.dirname, 'rivals', 'tsne_rtsne.R');

interface Size {
  readonly n: number;
  /** Seconds on two idle Zen 5 cores. */
  readonly recorded: { readonly sklearn?: number; readonly rtsne?: number };
  /** Times faster than each. */
  readonly goals: { readonly sklearn: number; readonly rtsne?: number; readonly druid?: number };
  readonly rounds: number;
  /** Rivals take part with --full only. */
  readonly isLarge: boolean;
}

const sizes: readonly Size[] = [
  { n: 5_000, recorded: { sklearn: 10.1 }, goals: { sklearn: 2, druid: 50 }, rounds: 3, isLarge: false },
  {
    n: 20_000,
    recorded: { sklearn: 55.9, rtsne: 30.2 },
    goals: { sklearn: 4, rtsne: 2 },
    rounds: 3,
    isLarge: false,
  },
  {
    n: 105_829,
    recorded: { sklearn: 572, rtsne: 357 },
    goals: { sklearn: 10, rtsne: 6 },
    rounds: 1,
    isLarge: true,
  },
];

interface Answer {
  readonly seconds: number;
  readonly mebibytes: number;
}

interface OwnAnswer extends Answer {
  readonly phases: Readonly<Record<string, number>>;
  readonly method: string;
  readonly threads: number;
}

interface RivalAnswer extends Answer {
  readonly version: string;
}

interface Quality {
  readonly trustworthiness: readonly number[];
  readonly recall: readonly number[];
  readonly kl: readonly number[];
}

export const bench: Bench = async (options) => {
  if (options.isQuick) return [await measure({ ...sizes[0]!, n: 1_500, rounds: 1 }, options)];
  const results: BenchResult[] = [];
  for (const size of sizes) results.push(await measure(size, options));
  if (options.isFull) results.push(await alone(1_000_000, 32));
  return results;
};

/** A size that no rival here gets through in half an hour. */
async function alone(n: number, d: number): Promise<BenchResult> {
  return withTemporaryFolder(async (folder) => {
    const points = join(folder, 'points.npy');
    await writeNpyFile(points, mixture(n, d), [n, d]);
    const output = await runProgram(process.execPath, [leg, points, join(folder, 'earmark.npy')]);
    const own = JSON.parse(output ?? '') as OwnAnswer;
    const notes = [`${own.seconds.toFixed(1)} s.`, phasesNote(own)];
    return { name: 't-SNE, Earmark alone', size: { n, d }, legs: [], goals: [], notes };
  });
}

async function measure(
  { n, recorded, goals, rounds, isLarge }: Size,
  options: BenchOptions,
): Promise<BenchResult> {
  return withTemporaryFolder(async (folder) => {
    const file = (name: string): string => join(folder, name);
    const features = mixture(n, D);
    await writeNpyFile(file('points.npy'), features, [n, D]);
    await writeFile(file('points.bin'), features);
    let own: OwnAnswer | undefined;
    const rivals: Record<string, RivalAnswer> = {};
    const ask = async (name: string, command: string, args: readonly string[]): Promise<number> => {
      const output = await runProgram(command, args);
      if (output === undefined) return Number.NaN;
      const answer = JSON.parse(output) as RivalAnswer;
      rivals[name] = answer;
      return answer.seconds;
    };
    const theirs = [
      {
        name: 'scikit-learn',
        run: () =>
          ask('scikit-learn', systemPython, [sklearn, 'fit', file('points.npy'), file('sklearn.npy')]),
      },
      {
        name: 'Rtsne',
        run: () =>
          ask('Rtsne', 'Rscript', [
            ...[rtsne, file('points.bin'), `${n}`, `${D}`, file('rtsne.bin'), `${availableParallelism()}`],
          ]),
      },
    ];
    const legs = await interleave(
      [
        {
          name: 'Earmark: axes, neighbours, map',
          run: async () => {
            const output = await runProgram(process.execPath, [leg, file('points.npy'), file('earmark.npy')]);
            own = JSON.parse(output ?? '') as OwnAnswer;
            return own.seconds;
          },
        },
        ...(isLarge && !options.isFull ? [] : theirs),
      ],
      isLarge && !options.isFull ? 1 : rounds,
    );
    const druid = goals.druid === undefined ? null : await druidIteration(file('points.npy'));
    const maps = ['earmark'];
    if (rivals['scikit-learn'] !== undefined) maps.push('sklearn');
    if (rivals.Rtsne !== undefined) {
      const bytes = await readFile(file('rtsne.bin'));
      await writeNpyFile(file('rtsne.npy'), new Float32Array(new Uint8Array(bytes).buffer), [n, 2]);
      maps.push('rtsne');
    }
    const judged = await runProgram(systemPython, [
      ...[sklearn, 'quality', file('points.npy'), ...maps.map((map) => file(`${map}.npy`))],
    ]);
    const quality = judged === undefined ? undefined : (JSON.parse(judged) as Quality);
    return {
      name: 't-SNE',
      size: { n, d: D },
      legs,
      goals: [
        ...legs.slice(1).map(({ name, median }): Goal => {
          const goal = name === 'Rtsne' ? goals.rtsne : goals.sklearn;
          return {
            what: `times faster than ${name} here`,
            value: median / legs[0]!.median,
            ...(goal === undefined || options.isQuick ? {} : { atLeast: goal }),
          };
        }),
        ...(druid === null || Number.isNaN(druid)
          ? []
          : [
              {
                what: `times faster than ${ITERATIONS} iterations of druidjs`,
                value: (druid * ITERATIONS) / legs[0]!.median,
                ...(options.isQuick ? {} : { atLeast: goals.druid ?? 0 }),
              },
            ]),
        ...(options.isQuick ? [] : recordedGoals(recorded, goals, legs[0]!.median)),
        ...(quality === undefined || maps[1] !== 'sklearn' || options.isQuick ? [] : qualityGoals(quality)),
      ],
      notes: [
        ...(druid === null ? [] : [druidNote(druid)]),
        ...(own === undefined ? [] : [phasesNote(own)]),
        ...(quality === undefined ? [] : maps.map((map, at) => qualityNote(map, quality, at))),
        ...Object.entries(rivals).map(
          ([name, { version, mebibytes }]) => `${name} ${version}: ${mebibytes.toFixed(0)} MiB at most.`,
        ),
        ...(isLarge && !options.isFull
          ? ['Rivals were left out: --full runs them.']
          : theirs
              .filter(({ name }) => rivals[name] === undefined)
              .map(
                ({ name }) => `${name} is not installed here: apt-get install python3-sklearn r-cran-rtsne.`,
              )),
      ],
    };
  });
}

/** Seconds of an iteration, which are all alike; NaN where druidjs is not installed. */
async function druidIteration(points: string): Promise<number> {
  const output = await runNpmRival('druidjs', points, '12');
  return output === undefined ? Number.NaN : (JSON.parse(output) as { seconds: number }).seconds;
}

function druidNote(seconds: number): string {
  return Number.isNaN(seconds)
    ? 'druidjs is not installed here: see bench/rivals/npm.ts.'
    : `druidjs: ${(seconds * 1000).toFixed(0)} ms an iteration, beside its table of all distances.`;
}

function recordedGoals(recorded: Size['recorded'], goals: Size['goals'], ours: number): Goal[] {
  const of = (what: string, seconds: number | undefined, atLeast: number | undefined): Goal[] =>
    seconds === undefined || atLeast === undefined
      ? []
      : [{ what: `times faster than ${what}, recorded`, value: seconds / ours, atLeast, isRecorded: true }];
  return [
    ...of('scikit-learn', recorded.sklearn, goals.sklearn),
    ...of('Rtsne', recorded.rtsne, goals.rtsne),
  ];
}

function qualityGoals({ trustworthiness, recall, kl }: Quality): Goal[] {
  return [
    {
      what: 'trustworthiness above scikit-learn',
      value: trustworthiness[0]! - trustworthiness[1]!,
      atLeast: -0.001,
    },
    { what: '15-NN recall / scikit-learn', value: recall[0]! / recall[1]!, atLeast: 0.98 },
    { what: 'divergence / scikit-learn', value: kl[0]! / kl[1]!, atMost: 1.02 },
  ];
}

function phasesNote({ phases, mebibytes, threads, method }: OwnAnswer): string {
  const parts = Object.entries(phases).map(([phase, seconds]) => `${phase} ${seconds.toFixed(2)} s`);
  return `Earmark on ${threads} threads: ${parts.join(', ')}; ${method} neighbours; ${mebibytes.toFixed(0)} MiB at most.`;
}

function qualityNote(map: string, { trustworthiness, recall, kl }: Quality, at: number): string {
  return `Map of ${map}: trustworthiness ${trustworthiness[at]!.toFixed(4)}, 15-NN recall ${recall[at]!.toFixed(4)}, KL ${kl[at]!.toFixed(4)}.`;
}
