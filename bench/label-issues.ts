// Label issues at 1,000,000 x 35 and 105,829 x 35 beside a plain NumPy implementation of the same definition,
// which must flag the same rows. cleanlab itself is compared by its recorded figures (PERFORMANCE 6 and 7).
import { join } from 'node:path';
import { findLabelIssues, type LabelIssueInput, type LabelIssues } from '../electron/compute/index.ts';
import { createRandom } from '../electron/compute/random.ts';
import { writeNpyFile } from '../electron/formats/npy.ts';
import {
  type Bench,
  type BenchResult,
  interleave,
  runProgram,
  systemPython,
  timeCalls,
  withTemporaryFolder,
} from './lib/harness.ts';

const K = 35;
const reference = join(import.meta.dirname, 'rivals', 'label_issues_numpy.py');

/** cleanlab 2.9 on an idle machine of two Zen 5 cores: seconds of the whole, and of its batched approximation. */
const recorded = [
  { n: 1_000_000, cleanlab: 1.8, batched: 0.42, goal: 10, batchedGoal: 2 },
  { n: 105_829, cleanlab: 0.25, batched: 0.05, goal: 15, batchedGoal: undefined },
];

interface ReferenceAnswer {
  readonly seconds: number[];
  readonly issues: number[];
  readonly ranked: number[];
}

export const bench: Bench = async ({ isQuick }) => {
  const results: BenchResult[] = [];
  for (const anchor of recorded) results.push(await measure(anchor, isQuick));
  return results;
};

async function measure(anchor: (typeof recorded)[number], isQuick: boolean): Promise<BenchResult> {
  const n = isQuick ? Math.round(anchor.n / 20) : anchor.n;
  const input = makeInput(n);
  let found = findLabelIssues(input);
  const first = timeCalls(() => {
    found = findLabelIssues(input);
  });
  for (let i = 0; i < 8; i++) findLabelIssues(input);
  return withTemporaryFolder(async (folder) => {
    const [labels, probs] = [join(folder, 'labels.npy'), join(folder, 'probs.npy')];
    await writeNpyFile(labels, input.labels);
    await writeNpyFile(probs, input.probs, [n, K]);
    let answer: ReferenceAnswer | undefined;
    const askReference = async (): Promise<number> => {
      const output = await runProgram(systemPython, [reference, labels, probs]);
      answer = output === undefined ? undefined : (JSON.parse(output) as ReferenceAnswer);
      return answer?.seconds[0] ?? Number.NaN;
    };
    const legs = await interleave(
      [
        { name: 'Earmark', run: () => timeCalls(() => findLabelIssues(input), 3) },
        { name: 'the definition in NumPy, float64', run: askReference },
      ],
      isQuick ? 1 : 3,
    );
    const [ours, theirs] = [legs[0]!.median, legs[1]!.median];
    return {
      name: 'label issues, prune_by_noise_rate, ranked by self-confidence',
      size: { n, k: K, issues: found.issues.length },
      legs,
      goals: [
        { what: 'times faster than NumPy here', value: theirs / ours },
        ...(isQuick ? [] : recordedGoals(anchor, ours)),
      ],
      notes: [
        agreement(found, answer),
        `The second call, before the compiler has settled: ${(first * 1000).toFixed(1)} ms.`,
        'cleanlab is not installed here: its figures are recorded on two idle Zen 5 cores, not measured here.',
      ],
    };
  });
}

function recordedGoals(anchor: (typeof recorded)[number], ours: number) {
  const { batchedGoal } = anchor;
  return [
    {
      what: 'times faster than cleanlab',
      value: anchor.cleanlab / ours,
      atLeast: anchor.goal,
      isRecorded: true,
    },
    ...(batchedGoal === undefined
      ? []
      : [
          {
            what: 'times faster than cleanlab batched',
            value: anchor.batched / ours,
            atLeast: batchedGoal,
            isRecorded: true,
          },
        ]),
  ];
}

function agreement(found: LabelIssues, answer: ReferenceAnswer | undefined): string {
  if (answer === undefined) return 'NumPy is not installed here: apt-get install python3-numpy.';
  const same = (a: Int32Array, b: readonly number[]): boolean =>
    a.length === b.length && a.every((row, i) => row === b[i]);
  return `Same rows flagged as the reference: ${same(found.issues, answer.issues) ? 'yes' : 'NO'}; same ranking: ${same(found.ranked, answer.ranked) ? 'yes' : 'NO'}.`;
}

/** Softmax-like rows whose most probable class is mostly the true one; 8% of the labels drawn at random. */
function makeInput(n: number): LabelIssueInput {
  const random = createRandom(7);
  const probs = new Float32Array(n * K);
  const labels = new Int32Array(n);
  const weights = new Float64Array(K);
  for (let row = 0; row < n; row++) {
    const truth = Math.floor(random() * K);
    let total = 0;
    for (let j = 0; j < K; j++) {
      const weight = Math.exp(2 * (random() + random() + random()) + (j === truth ? 4 * random() + 3 : 0));
      weights[j] = weight;
      total += weight;
    }
    for (let j = 0; j < K; j++) probs[row * K + j] = weights[j]! / total;
    labels[row] = random() < 0.08 ? Math.floor(random() * K) : truth;
  }
  return { labels, probs, n, k: K };
}
