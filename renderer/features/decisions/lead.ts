// Whether an event is a decision, takes one back, or takes that back again.
import type { DecisionEvent } from '../../../shared/domain/decision.ts';

/** `undone` for what takes a decision back, `redone` for what takes that back again; null for a decision itself. */
export function leadOf(
  event: Pick<DecisionEvent, 'undoes'>,
  byId: ReadonlyMap<string, Pick<DecisionEvent, 'undoes'>>,
): string | null {
  let taken = event.undoes;
  let steps = 0;
  while (taken !== null) {
    steps++;
    taken = byId.get(taken)?.undoes ?? null;
  }
  return steps === 0 ? null : steps % 2 === 1 ? 'undone' : 'redone';
}
