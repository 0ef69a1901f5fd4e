// What the few-shot view works on: the examples, the word, the last training, and what was decided about candidates.
// It stays while other views are in front; another project forgets it.
import { create } from 'zustand';
import type { FewShotResult } from '../../../shared/contract/few-shot.ts';
import type { ErrorData } from '../../../shared/errors.ts';
import { useConnection } from '../../lib/events.ts';
import { onDecided, onTakenBack } from '../decisions/index.ts';

export const FEWEST_EXAMPLES = 2;
export const MOST_EXAMPLES = 200;

/** What accepting a candidate does: it becomes an example; with `relabel` it gets the word as its label too. */
export type AcceptMode = 'collect' | 'relabel';
export type Verdict = 'accepted' | 'relabelled' | 'rejected';

interface FewShotState {
  readonly word: string;
  readonly examples: readonly number[];
  /** Clips that were recorded here and may have no row in the embedding yet. */
  readonly recorded: ReadonlySet<number>;
  /** Wanted share of other words that pass, in percent. */
  readonly wantedPercent: number;
  readonly mode: AcceptMode;
  readonly isTraining: boolean;
  /** The job under way. */
  readonly jobId: string | null;
  readonly result: FewShotResult | null;
  /** Examples of the last training, in the order of its leave-one-out. */
  readonly trainedOn: readonly number[];
  readonly error: ErrorData | null;
  readonly verdicts: ReadonlyMap<number, Verdict>;
  /** Candidates that an earlier list was told not to be the word. */
  readonly leftOut: ReadonlySet<number>;
  /** Verdicts of this view alone, newest last, for undo: the clip and what was said of it before. */
  readonly past: readonly { readonly id: number; readonly before: Verdict | null }[];
}

const empty: FewShotState = {
  word: '',
  examples: [],
  recorded: new Set(),
  wantedPercent: 1,
  mode: 'collect',
  isTraining: false,
  jobId: null,
  result: null,
  trainedOn: [],
  error: null,
  verdicts: new Map(),
  leftOut: new Set(),
  past: [],
};

export const useFewShot = create<FewShotState>(() => empty);

export function startOver(): void {
  useFewShot.setState(empty);
}

useConnection.subscribe(({ project }, before) => {
  // During a restart of the engine none is open for a moment.
  if (project !== null && before.project !== null && project !== before.project) startOver();
});

export function setExamples(ids: readonly number[], word?: string): void {
  const examples = [...new Set(ids)].slice(0, MOST_EXAMPLES);
  useFewShot.setState({ examples, error: null, ...(word === undefined ? {} : { word }) });
}

export function removeExample(id: number): void {
  setExamples(useFewShot.getState().examples.filter((other) => other !== id));
}

function withVerdict(
  verdicts: ReadonlyMap<number, Verdict>,
  id: number,
  verdict: Verdict | null,
): ReadonlyMap<number, Verdict> {
  const next = new Map(verdicts);
  if (verdict === null) next.delete(id);
  else next.set(id, verdict);
  return next;
}

/** Says something about a candidate; the same again takes it back. */
export function judge(id: number, verdict: Exclude<Verdict, 'relabelled'>): void {
  useFewShot.setState(({ verdicts, past }) => {
    const before = verdicts.get(id) ?? null;
    const next = before === verdict ? null : verdict;
    return { verdicts: withVerdict(verdicts, id, next), past: [...past, { id, before }] };
  });
}

/** The label is on disk: undo is the history's from here on. */
export function noteRelabelled(id: number): void {
  useFewShot.setState(({ verdicts }) => ({ verdicts: withVerdict(verdicts, id, 'relabelled'), past: [] }));
}

/** Takes the last verdict back. @returns its clip; null when there is none. */
export function undoVerdict(): number | null {
  const { past, verdicts } = useFewShot.getState();
  const last = past.at(-1);
  if (!last) return null;
  useFewShot.setState({ past: past.slice(0, -1), verdicts: withVerdict(verdicts, last.id, last.before) });
  return last.id;
}

export function acceptedOf({ verdicts }: Pick<FewShotState, 'verdicts'>): readonly number[] {
  return [...verdicts].flatMap(([id, verdict]) => (verdict === 'rejected' ? [] : [id]));
}

/** Accepted candidates become examples; those that are not the word are not shown again. */
export function takeVerdicts(): void {
  useFewShot.setState(({ examples, verdicts, leftOut }) => ({
    examples: [...new Set([...examples, ...acceptedOf({ verdicts })])].slice(0, MOST_EXAMPLES),
    leftOut: new Set([
      ...leftOut,
      ...[...verdicts].flatMap(([id, verdict]) => (verdict === 'rejected' ? [id] : [])),
    ]),
    verdicts: new Map(),
    past: [],
  }));
}

// A decision after it is what undo takes back first; verdicts before it can still be taken back by their own key.
onDecided(() => useFewShot.setState({ past: [] }));

onTakenBack(({ how, ids }) => {
  if (how !== 'undo') return;
  useFewShot.setState(({ verdicts }) => ({
    verdicts: ids.reduce(
      (left, id) => (left.get(id) === 'relabelled' ? withVerdict(left, id, null) : left),
      verdicts,
    ),
  }));
});
