// Starting an ended job again from its parameters. An import keeps what it stored and reads only the rest; the others
// change nothing until they are done, so they begin anew.
import type { Job } from '../../shared/domain/job.ts';
import { assertNever } from '../../shared/errors.ts';
import type { Studio } from './context.ts';
import { type FewShotInput, startFewShot } from './embeddings/few-shot.ts';
import { resumeEmbedding } from './embeddings/make.ts';
import { startMap } from './embeddings/maps.ts';
import { type ProbabilitiesInput, startProbabilities } from './embeddings/probabilities.ts';
import { type ExportInput, startExport } from './exports.ts';
import { type FindFlagsInput, startFindFlags } from './flags.ts';
import { type ImportRequest, startImport } from './imports.ts';
import { type ModelRunInput, startModelRunJob } from './models/run.ts';
import { startSampleJob } from './projects.ts';
import { type PredictionsSource, startImportPredictions } from './runs.ts';

/** @throws EarmarkError `job/unknown`, `job/not-resumable`, and what starting such a job throws. */
export function resumeJob(studio: Studio, id: string): Job {
  const { kind, params } = studio.jobs.resumable(id);
  const resumed = start(studio, kind, params);
  studio.jobs.dismiss(id);
  return resumed;
}

/** `params` are what a job of this kind was started with. */
function start(studio: Studio, kind: Job['kind'], params: unknown): Job {
  switch (kind) {
    case 'import':
      if ((params as { sample?: boolean }).sample) return startSampleJob(studio);
      return startImport(studio, params as ImportRequest);
    case 'predictions':
      return startImportPredictions(studio, params as PredictionsSource & { run: string });
    case 'flags':
      return startFindFlags(studio, params as FindFlagsInput);
    case 'export':
      return startExport(studio, params as ExportInput);
    case 'embed':
      return resumeEmbedding(studio, params as Parameters<typeof resumeEmbedding>[1]);
    case 'model-run': {
      const { name, input } = params as { name: string; input: ModelRunInput };
      return startModelRunJob(studio, name, input);
    }
    case 'map':
      return startMap(studio, params as Parameters<typeof startMap>[1]);
    case 'probabilities':
      return startProbabilities(studio, params as ProbabilitiesInput);
    case 'few-shot':
      return startFewShot(studio, params as FewShotInput);
    default:
      return assertNever(kind);
  }
}
