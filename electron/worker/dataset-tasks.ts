// Detecting a dataset's format and showing the first rows of an import, before anything is stored.
import { detectFormat, previewDataset, rootOf, suggestPattern } from '../formats/index.ts';
import type { WorkerTasks } from '../ipc/worker-tasks.ts';

export async function detectTask(
  params: WorkerTasks['detect']['params'],
): Promise<WorkerTasks['detect']['result']> {
  const [candidates, suggestedPattern] = await Promise.all([
    detectFormat(params.source),
    suggestPattern(params.source),
  ]);
  return { candidates, suggestedPattern };
}

export async function previewTask(
  params: WorkerTasks['preview']['params'],
): Promise<WorkerTasks['preview']['result']> {
  return previewDataset(params.source, params.format, params.options);
}

export async function resolveRootTask(params: WorkerTasks['resolveRoot']['params']): Promise<string> {
  return rootOf(params.source, params.format, params.options);
}
