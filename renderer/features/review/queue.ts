// The queue under review: clip ids in a fixed order, where the person is, and what was decided. It stays while other
// views are looked at. Rows are not kept here; they are read through queries.
import { create } from 'zustand';
import type { Change } from '../../../shared/contract/decisions.ts';
import type { FlagKind } from '../../../shared/domain/flag.ts';
import { client } from '../../lib/client.ts';
import { goTo } from '../../lib/state/route.ts';
import { onDecided, onTakenBack } from '../decisions/index.ts';
import { usePlayer } from '../player/index.ts';

export type Outcome = 'kept' | 'relabelled' | 'unusable' | 'unclear' | 'skipped';
export const outcomes: readonly Outcome[] = ['kept', 'relabelled', 'unusable', 'unclear', 'skipped'];

export type ReviewSource =
  | {
      readonly from: 'flags';
      readonly kinds: readonly FlagKind[];
      readonly filter: string;
      readonly includeReviewed: boolean;
    }
  | { readonly from: 'filter'; readonly filter: string; readonly includeReviewed: boolean }
  | { readonly from: 'clips'; readonly ids: readonly number[] };

export interface ReviewState {
  /** Place in `ids`; -1 at the end, when all are decided. */
  readonly index: number;
  /** The clip at `index` is on the screen: a decision about it goes on to the next. */
  readonly isInFront: boolean;
  /** Id of the project the queue belongs to. */
  readonly project: string | null;
  readonly source: ReviewSource | null;
  readonly ids: readonly number[];
  readonly outcomes: ReadonlyMap<number, Outcome>;
  /** Outcomes that undo took back, for redo. */
  readonly takenBack: ReadonlyMap<number, Outcome>;
  /** When decisions were made, milliseconds, newest last. */
  readonly decidedAt: readonly number[];
}

const empty = {
  project: null,
  source: null,
  ids: [],
  index: 0,
  isInFront: false,
  outcomes: new Map<number, Outcome>(),
  takenBack: new Map<number, Outcome>(),
  decidedAt: [],
} satisfies ReviewState;

export const useReview = create<ReviewState>(() => empty);

export const MOST_CLIPS = 1_000_000;

/** Clip ids of a source in the order to hear them. */
export async function queueOf(source: ReviewSource): Promise<readonly number[]> {
  if (source.from === 'clips') return source.ids;
  const { ids } = await client.review.queue({
    filter: source.filter,
    kinds: source.from === 'flags' ? [...source.kinds] : [],
    includeReviewed: source.includeReviewed,
    limit: MOST_CLIPS,
  });
  return ids;
}

/**
 * Makes a queue of `source` and brings the review to the front. The queue before it is given up (what was decided in
 * it stays decided). @returns how many clips; 0 leaves everything as it was.
 */
export async function startReview(source: ReviewSource): Promise<number> {
  const [ids, state] = await Promise.all([queueOf(source), client.project.state()]);
  if (ids.length === 0) return 0;
  useReview.setState(({ isInFront }) => ({
    ...empty,
    isInFront,
    project: state.project?.id ?? null,
    source,
    ids,
  }));
  goTo('review');
  return ids.length;
}

export function leaveQueue(): void {
  useReview.setState(empty);
}

export function remainingOf({ ids, outcomes: done }: Pick<ReviewState, 'ids' | 'outcomes'>): number {
  return ids.length - done.size;
}

/** The next clip that is not decided, after `from` and then from the beginning; -1 when all are. */
export function nextOpen(ids: readonly number[], done: ReadonlyMap<number, Outcome>, from: number): number {
  for (let step = 1; step <= ids.length; step++) {
    const at = (from + step) % ids.length;
    const id = ids[at];
    if (id !== undefined && !done.has(id)) return at;
  }
  return -1;
}

/**
 * Counts clips as decided. When the clip in front is among them, the next open one comes up in the same step (with
 * `isAdvancing`), or the end when none is left.
 */
export function noteOutcome(
  clipIds: readonly number[],
  outcome: Outcome,
  now: number,
  isAdvancing: boolean,
): void {
  useReview.setState((state) => {
    const outcomes = new Map(state.outcomes);
    for (const id of clipIds) outcomes.set(id, outcome);
    const present = state.ids[state.index];
    const isDecidedInFront = state.isInFront && present !== undefined && clipIds.includes(present);
    const next = isDecidedInFront ? nextOpen(state.ids, outcomes, state.index) : state.index;
    return {
      outcomes,
      index: next < 0 || isAdvancing ? next : state.index,
      decidedAt: clipIds.length === 1 ? [...state.decidedAt, now].slice(-40) : state.decidedAt,
    };
  });
}

/** What changes say about a clip as a whole; null for a note or a flag, which settle nothing here. */
export function outcomeOf(changes: readonly Change[]): Outcome | null {
  let outcome: Outcome | null = null;
  for (const change of changes) {
    if (change.field === 'label') return 'relabelled';
    if (change.field === 'review' && change.to !== null) {
      outcome = change.to === 'accepted' ? 'kept' : change.to;
    }
  }
  return outcome;
}

// A decision made in another view about a clip of the queue counts as well.
onDecided(({ ids: decided, changes }) => {
  const outcome = outcomeOf(changes);
  const { ids } = useReview.getState();
  if (outcome === null || decided === null || ids.length === 0) return;
  const inQueue = decided.length === 1 ? decided.filter((id) => ids.includes(id)) : among(decided, ids);
  if (inQueue.length > 0) noteOutcome(inQueue, outcome, performance.now(), usePlayer.getState().autoAdvance);
});

function among(wanted: readonly number[], ids: readonly number[]): number[] {
  const known = new Set(ids);
  return wanted.filter((id) => known.has(id));
}

onTakenBack(({ how, ids }) => noteTakenBack(how, ids));

/** Undo opens the clips again and goes back to the clip; redo settles them as they were. */
export function noteTakenBack(how: 'undo' | 'redo', clipIds: readonly number[]): void {
  useReview.setState((state) => {
    const [from, to] = how === 'undo' ? [state.outcomes, state.takenBack] : [state.takenBack, state.outcomes];
    const left = new Map(from);
    const gained = new Map(to);
    for (const id of clipIds) {
      const outcome = left.get(id);
      if (outcome === undefined) continue;
      left.delete(id);
      gained.set(id, outcome);
    }
    const [only] = clipIds;
    // From the end of the queue it goes back to a clip that is open again, also when several are.
    const isBack = state.index < 0 && left.size < from.size && how === 'undo';
    const at =
      clipIds.length === 1 && only !== undefined
        ? state.ids.indexOf(only)
        : isBack
          ? nextOpen(state.ids, left, -1)
          : -1;
    return {
      ...(how === 'undo' ? { outcomes: left, takenBack: gained } : { outcomes: gained, takenBack: left }),
      ...(at >= 0 ? { index: at } : {}),
    };
  });
}

/** A pause longer than this is not part of the pace. */
const LONGEST_STEP_MS = 90_000;
const FEWEST_STEPS = 3;

/**
 * Seconds that `remaining` clips will take at the pace of the last decisions (the median time between two); null until
 * there are enough of them.
 */
export function secondsLeft(decidedAt: readonly number[], remaining: number): number | null {
  const steps: number[] = [];
  for (let i = 1; i < decidedAt.length; i++) {
    const step = (decidedAt[i] as number) - (decidedAt[i - 1] as number);
    if (step <= LONGEST_STEP_MS) steps.push(step);
  }
  if (steps.length < FEWEST_STEPS) return null;
  steps.sort((a, b) => a - b);
  const middle = steps[Math.floor(steps.length / 2)] as number;
  return (middle / 1000) * remaining;
}
