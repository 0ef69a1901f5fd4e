// The nearest neighbours of every row of an array of features.
import { neighbourKernels, neighbourSteps } from '../compute/neighbours/index.ts';
import { writeNpyFile } from '../formats/index.ts';
import type { AnalysisTasks } from '../ipc/analysis-tasks.ts';
import type { TaskContext } from '../ipc/dispatch.ts';
import { readFeatures, spread } from './features-file.ts';
import { runSteps } from './pace.ts';
import { createTeam, defaultThreads } from './team-threads.ts';

export async function neighboursTask(
  params: AnalysisTasks['neighbours']['params'],
  context: TaskContext<AnalysisTasks['neighbours']['item']>,
): Promise<AnalysisTasks['neighbours']['result']> {
  const rows = await readFeatures(params.features);
  const startedMs = performance.now();
  const team = await createTeam(neighbourKernels(), params.threads ?? defaultThreads());
  try {
    const { features, n, d } = rows;
    const { metric, method, seed } = params;
    const found = await runSteps(
      neighbourSteps({ features, n, d, k: params.k, metric, method, seed }, team),
      context.signal,
      (share) => context.emit({ phase: 'neighbours', done: Math.round(share * n), total: n }),
    );
    const seconds = (performance.now() - startedMs) / 1000;
    const { k } = found;
    // Row numbers of the file, where empty rows were passed over.
    const indices = rows.rows === null ? found.indices : found.indices.map((row) => rows.rows?.[row] ?? -1);
    await writeNpyFile(params.indicesOut, spread(rows, indices, k, -1), [rows.total, k]);
    await writeNpyFile(params.distancesOut, spread(rows, found.distances, k, Number.NaN), [rows.total, k]);
    const fewer =
      k < params.k
        ? [`Too few rows hold numbers (${n}) for ${params.k} neighbours each: ${k} were found.`]
        : [];
    return {
      ...{ n: rows.total, k, method: found.method, recall: found.recall, seconds },
      notes: [...rows.notes, ...fewer, found.note],
    };
  } finally {
    await team.close();
  }
}
