// A model over clips, in the analysis process, told as a job.
import type { AnalysisTasks, InferResult } from '../../ipc/analysis-tasks.ts';
import type { JobControl, Studio } from '../context.ts';

/** A phase is told when it changes, not with every step. */
const phases = new WeakMap<JobControl, string>();
export function tellPhase(control: JobControl, phase: string): void {
  if (phases.get(control) === phase) return;
  phases.set(control, phase);
  control.phase(phase);
}

export function inferRows(
  studio: Studio,
  params: AnalysisTasks['infer']['params'],
  control: JobControl,
): Promise<InferResult> {
  control.phase('loading the model');
  return studio.analysis.run('infer', params, {
    signal: control.signal,
    killOnCancel: true,
    onItem({ phase, done, total, failures }) {
      tellPhase(control, phase);
      for (const failure of failures) control.failure(failure);
      control.progress(done, total);
    },
  });
}
