// The worker's tasks, one line each.

import type { TaskTable } from '../ipc/dispatch.ts';
import type { WorkerTasks } from '../ipc/worker-tasks.ts';
import { peaksTask, spectrogramTask, wavTask } from './audio-tasks.ts';
import { detectTask, previewTask, resolveRootTask } from './dataset-tasks.ts';
import { importTask } from './import-task.ts';
import { labelsTask, predictionsTask } from './predictions-task.ts';
import { ScanPool } from './scan-pool.ts';

export function createTasks(pool: ScanPool = new ScanPool()): TaskTable<WorkerTasks> {
  return {
    detect: detectTask,
    resolveRoot: resolveRootTask,
    preview: previewTask,
    import: (params, context) => importTask(params, context, pool),
    predictions: predictionsTask,
    labels: labelsTask,
    wav: wavTask,
    peaks: peaksTask,
    spectrogram: spectrogramTask,
  };
}
