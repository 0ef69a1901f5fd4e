// The tasks of the analysis process, one line each.
import type { AnalysisTasks } from '../ipc/analysis-tasks.ts';
import type { TaskTable } from '../ipc/dispatch.ts';
import { compareEnvelopesTask } from './envelopes-task.ts';
import { classGeometryTask, crossValidateTask } from './learn-tasks.ts';

export function createAnalysisTasks(): TaskTable<AnalysisTasks> {
  const tasks: Partial<TaskTable<AnalysisTasks>> = {
    classGeometry: classGeometryTask,
    crossValidate: crossValidateTask,
    compareEnvelopes: compareEnvelopesTask,
  };
  return tasks as TaskTable<AnalysisTasks>;
}
