// Training a head on the examples: clips that were just recorded are embedded first; the result goes to the store.
import { fewShotResult } from '../../../shared/contract/few-shot.ts';
import type { Job } from '../../../shared/domain/job.ts';
import { EarmarkError } from '../../../shared/errors.ts';
import { client, errorDataOf } from '../../lib/client.ts';
import { isEnded, useJobs } from '../../lib/events.ts';
import { useFewShot } from './state.ts';

const CANDIDATES = 1000;
const SEED = 0;

/** The job once it has ended, also when it ended before anybody asked. */
function endOf(jobId: string): Promise<Job> {
  const ended = () => useJobs.getState().jobs.find((job) => job.id === jobId && isEnded(job));
  return new Promise((resolve) => {
    const now = ended();
    if (now) {
      resolve(now);
      return;
    }
    const stop = useJobs.subscribe(() => {
      const job = ended();
      if (!job) return;
      stop();
      resolve(job);
    });
  });
}

/** @throws EarmarkError when the job failed; null when it was cancelled. */
async function resultOf(started: Promise<{ jobId: string }>): Promise<Job | null> {
  const { jobId } = await started;
  useFewShot.setState({ jobId });
  const job = await endOf(jobId);
  // Events carry no results.
  if (job.state === 'succeeded') return client.jobs.get({ id: jobId });
  if (job.state === 'failed' && job.error) throw new EarmarkError(job.error.code, job.error.message);
  return null;
}

/** Gives recorded examples their rows. @returns false when it was cancelled. */
async function embedRecorded(): Promise<boolean> {
  const { examples, recorded } = useFewShot.getState();
  if (!examples.some((id) => recorded.has(id))) return true;
  const inUse = (await client.embeddings.list()).find(({ isInUse }) => isInUse);
  if (inUse && inUse.missing > 0) {
    if ((await resultOf(client.embeddings.update({ name: inUse.name }))) === null) return false;
  }
  useFewShot.setState({ recorded: new Set() });
  return true;
}

/** Trains on the examples as they are now. `run`: keeps the scores as a run of that name. */
export async function train(run: string | null = null): Promise<void> {
  const { examples, word, wantedPercent, isTraining } = useFewShot.getState();
  if (isTraining) return;
  useFewShot.setState({ isTraining: true, error: null });
  try {
    if (!(await embedRecorded())) return;
    const job = await resultOf(
      client.fewShot.train({
        embedding: null,
        label: word.trim(),
        clips: [...examples],
        falseAcceptRate: wantedPercent / 100,
        limit: CANDIDATES,
        seed: SEED,
        run,
      }),
    );
    if (job) useFewShot.setState({ result: fewShotResult.parse(job.result), trainedOn: examples });
  } catch (error) {
    useFewShot.setState({ error: errorDataOf(error) });
  } finally {
    useFewShot.setState({ isTraining: false, jobId: null });
  }
}
