// The filter bar, and the hook that checks and counts an expression.
import { addCondition } from '../../../shared/filter/index.ts';
import { useFilter } from '../../lib/state/filter.ts';

export { FilterBar } from './FilterBar.tsx';
export { type FilterCheck, type FilterProblem, grammarIsSound } from './use-check.ts';

/** Narrows the one filter by a further condition (`label = four`). */
export function narrow(condition: string): void {
  const { text, set } = useFilter.getState();
  set(addCondition(text, condition));
}
