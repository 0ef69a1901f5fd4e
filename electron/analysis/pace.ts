// Long computations give way: to messages (cancel, finish) and to progress, ten times a second.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { cancelledError } from '../../shared/errors.ts';

const INTERVAL_MS = 100;

/**
 * Goes through the steps of a computation, letting messages in between, and tells `tell` at most ten times a second.
 * @returns what the computation returns. @throws EarmarkError `job/cancelled`.
 */
export async function runSteps<Step, Result>(
  steps: Generator<Step, Result>,
  signal: AbortSignal,
  tell: (step: Step) => Promise<void>,
): Promise<Result> {
  let toldMs = Number.NEGATIVE_INFINITY;
  let turnMs = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    const now = performance.now();
    if (now - toldMs >= INTERVAL_MS) {
      toldMs = now;
      await tell(step.value);
    }
    if (now - turnMs >= 20) {
      await nextTurn();
      turnMs = performance.now();
    }
    if (signal.aborted) throw cancelledError();
  }
}
