// What a decision still has to ask the person: which label, which reason, which note, and "these would change".
// One question at a time; a newer one gives the older one up.
import { create } from 'zustand';
import type { ClipSelection } from '../../../shared/contract/common.ts';
import type { Change } from '../../../shared/contract/decisions.ts';
import type { UnusableReason } from '../../../shared/domain/clip.ts';

type Question =
  | { readonly kind: 'label'; readonly ids: readonly number[] }
  | { readonly kind: 'reason'; readonly ids: readonly number[] }
  | { readonly kind: 'note'; readonly ids: readonly number[] }
  | { readonly kind: 'preview'; readonly selection: ClipSelection; readonly changes: Change[] };

interface Answers {
  label: string | null;
  reason: UnusableReason | null;
  /** True once saved. */
  note: boolean | null;
  preview: boolean | null;
}

type AnswerOf<Q extends Question> = Answers[Q['kind']];

interface Asked {
  readonly question: Question;
  readonly answer: (answer: Answers[Question['kind']]) => void;
}

export const useQuestion = create<{ readonly asked: Asked | null }>(() => ({ asked: null }));

/** Asks, and resolves with the answer; null when it was given up. */
export function ask<Q extends Question>(question: Q): Promise<AnswerOf<Q> | null> {
  useQuestion.getState().asked?.answer(null);
  return new Promise((resolve) => {
    const answer = (given: Answers[Question['kind']]) => {
      if (useQuestion.getState().asked?.question === question) useQuestion.setState({ asked: null });
      resolve(given as AnswerOf<Q> | null);
    };
    useQuestion.setState({ asked: { question, answer } });
  });
}
