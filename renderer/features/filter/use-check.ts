// What is wrong with an expression, and how many clips it matches. The grammar is checked here at once; names and
// types by the engine.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { FilterError, parseFilter } from '../../../shared/filter/index.ts';
import { calls } from '../../lib/client.ts';

export interface FilterProblem {
  readonly position: number;
  readonly length: number;
  readonly message: string;
  readonly expected: readonly string[];
}

/** A mistake in the grammar, or null. */
function grammarProblem(text: string): FilterProblem | null {
  try {
    parseFilter(text);
    return null;
  } catch (error) {
    if (error instanceof FilterError) {
      const { position, length, message, expected } = error;
      return { position, length, message, expected };
    }
    throw error;
  }
}

/** Whether an expression can be edited by clicks at all. */
export function grammarIsSound(text: string): boolean {
  return grammarProblem(text) === null;
}

export interface FilterCheck {
  readonly problem: FilterProblem | null;
  /** Null while it is counted, or when the expression is wrong. */
  readonly matched: number | null;
  /** Whether this is said of the expression itself, and not yet of the one before it. */
  readonly isCurrent: boolean;
}

export function useFilterCheck(text: string): FilterCheck {
  const problem = grammarProblem(text);
  const check = useQuery({
    ...calls.filter.check.queryOptions({ input: { text } }),
    enabled: problem === null,
    placeholderData: keepPreviousData,
  });
  if (problem) return { problem, matched: null, isCurrent: true };
  const reply = check.data;
  // Where the engine cannot be asked, what the grammar allows goes through, and the views say what is wrong.
  const isCurrent = check.isError || (reply !== undefined && !check.isPlaceholderData);
  if (!reply) return { problem: null, matched: null, isCurrent };
  if (reply.ok) return { problem: null, matched: reply.matched, isCurrent };
  return { problem: isCurrent ? reply : null, matched: null, isCurrent };
}
