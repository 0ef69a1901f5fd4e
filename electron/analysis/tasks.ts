// The tasks of the analysis process, one line each.
import type { AnalysisTasks } from '../ipc/analysis-tasks.ts';
import type { TaskTable } from '../ipc/dispatch.ts';
import { compareEnvelopesTask } from './envelopes-task.ts';
import { classCentresTask, classGeometryTask, crossValidateTask, fewShotTask } from './learn-tasks.ts';
import { inspectModelTask, tryModelTask } from './models-look.ts';
import { inferTask } from './models-tasks.ts';
import { neighboursTask } from './neighbours-task.ts';
import { projectTask } from './project-task.ts';

export function createAnalysisTasks(): TaskTable<AnalysisTasks> {
  return {
    infer: inferTask,
    inspectModel: inspectModelTask,
    tryModel: tryModelTask,
    classCentres: classCentresTask,
    classGeometry: classGeometryTask,
    crossValidate: crossValidateTask,
    fewShot: fewShotTask,
    neighbours: neighboursTask,
    project: projectTask,
    compareEnvelopes: compareEnvelopesTask,
  };
}
