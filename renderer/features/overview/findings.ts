// What is wrong with the dataset, and what to do next, in words. Pure: from the project's figures to sentences.
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import type { FlagKind } from '../../../shared/domain/flag.ts';
import { count, counted } from '../../lib/format.ts';

export interface Finding {
  readonly kinds: readonly FlagKind[];
  readonly count: number;
  /** The words after the number: `likely wrong labels`. */
  readonly words: string;
  readonly note: string | null;
}

const words: Readonly<Record<FlagKind, readonly [one: string, many: string]>> = {
  'label-issue': ['likely wrong label', 'likely wrong labels'],
  unreadable: ['unreadable file', 'unreadable files'],
  silent: ['silent clip', 'silent clips'],
  'too-quiet': ['clip too quiet', 'clips too quiet'],
  clipped: ['clipped clip', 'clipped clips'],
  'cut-edge': ['clip cut at an edge', 'clips cut at an edge'],
  'too-short': ['clip too short', 'clips too short'],
  'too-long': ['clip too long', 'clips too long'],
  duplicate: ['exact duplicate', 'exact duplicates'],
  'duplicate-conflict': ['duplicate with another label', 'duplicates with different labels'],
  'neighbour-issue': ['label that neighbours contradict', 'labels that neighbours contradict'],
  outlier: ['clip unlike every other', 'clips unlike every other'],
  'near-duplicate': ['near duplicate', 'near duplicates'],
};

const order: readonly FlagKind[] = [
  'label-issue',
  'neighbour-issue',
  'duplicate',
  'near-duplicate',
  'outlier',
  'silent',
  'clipped',
  'cut-edge',
  'too-quiet',
  'too-short',
  'too-long',
  'unreadable',
];

export const audioKinds: readonly FlagKind[] = [
  'silent',
  'clipped',
  'cut-edge',
  'too-quiet',
  'too-short',
  'too-long',
];

export function openFlags(project: ProjectInfo, kinds: readonly FlagKind[]): number {
  return kinds.reduce((sum, kind) => sum + (project.flags[kind]?.open ?? 0), 0);
}

/** Open findings, the most useful first; kinds without any are left out. */
export function findingsOf(project: ProjectInfo): readonly Finding[] {
  return order.flatMap((kind) => {
    const n = openFlags(project, [kind]);
    if (n === 0) return [];
    const conflicts = kind === 'duplicate' ? openFlags(project, ['duplicate-conflict']) : 0;
    const [one, many] = words[kind];
    return [
      {
        kinds: [kind],
        count: n,
        words: n === 1 ? one : many,
        note: conflicts > 0 ? `${count(conflicts)} with different labels` : null,
      },
    ];
  });
}

/** How many flags were settled, of all. */
export function settledOf(project: ProjectInfo): { readonly settled: number; readonly all: number } {
  let settled = 0;
  let all = 0;
  for (const { open, accepted, fixed, dismissed } of Object.values(project.flags)) {
    settled += accepted + fixed + dismissed;
    all += open + accepted + fixed + dismissed;
  }
  return { settled, all };
}

export type StepAction =
  | { readonly do: 'command'; readonly id: string }
  | { readonly do: 'review'; readonly kinds: readonly FlagKind[] }
  | { readonly do: 'find-flags' }
  | { readonly do: 'go'; readonly view: string };

export interface Step {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly button: string;
  readonly action: StepAction;
}

/** What to do next, the most useful first. */
export function nextSteps(
  project: ProjectInfo,
  accuracy: { readonly run: string; readonly words: string } | null,
): readonly Step[] {
  const steps: Step[] = [];
  const labelIssues = openFlags(project, ['label-issue', 'duplicate-conflict']);
  const audio = openFlags(project, audioKinds);
  const run = project.runInUse ?? project.runs[0]?.name ?? null;
  const canJudge = project.runs.some(({ name, hasProbabilities }) => name === run && hasProbabilities);
  const isFirstSearch = settledOf(project).all === 0;
  const hasLabelFlags = project.flags['label-issue'] !== undefined;
  if (project.clips === 0)
    steps.push({
      id: 'import',
      title: 'Bring a dataset in',
      why: 'A folder of recordings, or a table that lists them.',
      button: 'Import a dataset…',
      action: { do: 'command', id: 'dataset.import' },
    });
  if (labelIssues > 0)
    steps.push({
      id: 'labels',
      title: `Review ${counted(labelIssues, 'label')} in doubt`,
      why: 'Worst first, from the keyboard; every decision can be undone.',
      button: 'Review',
      action: { do: 'review', kinds: ['label-issue', 'duplicate-conflict'] },
    });
  if (project.clips > 0 && (isFirstSearch || (canJudge && !hasLabelFlags)))
    steps.push({
      id: 'find',
      title: canJudge ? `Find likely wrong labels with ${run}` : 'Look for clips that may be wrong',
      why: canJudge
        ? 'Confident learning over the probabilities of the run.'
        : 'Silent, clipped, cut and duplicate clips.',
      button: 'Find flags',
      action: { do: 'find-flags' },
    });
  if (audio > 0)
    steps.push({
      id: 'audio',
      title: `Listen to ${counted(audio, 'sound problem')}`,
      why: 'Silent, clipped, cut, quiet, too short or too long.',
      button: 'Review',
      action: { do: 'review', kinds: audioKinds },
    });
  if (project.clips > 0 && run === null)
    steps.push({
      id: 'predictions',
      title: 'Bring the predictions of a model',
      why: 'They show confusions, figures per label, and likely wrong labels.',
      button: 'Import predictions…',
      action: { do: 'command', id: 'runs.import' },
    });
  if (run === null && project.labels.length > 1)
    steps.push({
      id: 'own-probabilities',
      title: 'No model? Learn from the clips themselves',
      why: 'An embedding and cross-validation give the same figures and flags.',
      button: 'Make probabilities…',
      action: { do: 'command', id: 'embeddings.probabilities' },
    });
  if (run !== null)
    steps.push({
      id: 'confusions',
      title: `See where ${run} fails`,
      why: accuracy?.run === run ? accuracy.words : 'Which labels it takes for which.',
      button: 'Confusions',
      action: { do: 'go', view: 'confusions' },
    });
  if (project.decisions > 0)
    steps.push({
      id: 'export',
      title: 'Give the corrected dataset out',
      why: `${counted(project.decisions, 'decision')} so far; your recordings stay as they are.`,
      button: 'Export…',
      action: { do: 'go', view: 'export' },
    });
  return steps;
}
