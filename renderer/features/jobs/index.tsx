// The job strip: progress with done of total, rate, ETA, cancel, resume; the per-clip failures; a quiet end.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Button as AriaButton, Dialog as AriaDialog, DialogTrigger, Popover } from 'react-aria-components';
import type { Job } from '../../../shared/domain/job.ts';
import { calls, client, errorDataOf } from '../../lib/client.ts';
import { forgetJob, isEnded, onJobEnded, useJobs } from '../../lib/events.ts';
import { count, counted, eta } from '../../lib/format.ts';
import { notify, notifyError } from '../../lib/state/notices.ts';
import { Button, Dialog, ErrorNotice, Icon, IconButton, ProgressBar, Spinner } from '../../ui/index.ts';
import './jobs.css';

async function attempt(task: () => Promise<unknown>): Promise<void> {
  try {
    await task();
  } catch (error) {
    notifyError(errorDataOf(error));
  }
}

const cancel = (job: Job) => void attempt(() => client.jobs.cancel({ id: job.id }));
const resume = (job: Job) => void attempt(() => client.jobs.resume({ id: job.id }));
const dismiss = (job: Job) =>
  void attempt(async () => {
    await client.jobs.dismiss({ id: job.id });
    forgetJob(job.id);
  });

const stateWords: Readonly<Record<Job['state'], string>> = {
  queued: 'waiting',
  running: 'running',
  succeeded: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
};

function progressWords(job: Job): string {
  const parts = [job.phase];
  if (job.total !== null) parts.push(`${count(job.done)} of ${count(job.total)}`);
  else if (job.done > 0) parts.push(count(job.done));
  if (job.ratePerSec !== null && job.ratePerSec > 0) parts.push(`${count(Math.round(job.ratePerSec))}/s`);
  if (job.etaSec !== null) parts.push(eta(job.etaSec));
  return parts.filter((part) => part !== '').join('   ');
}

/**
 * The strip's part at the bottom right. Says quietly when a job has ended.
 * @param isWithoutJobsToo keeps its place also while there is no job to show
 */
export function JobStrip({ isWithoutJobsToo }: { readonly isWithoutJobsToo: boolean }) {
  const jobs = useJobs((state) => state.jobs);
  const [failuresOf, setFailuresOf] = useState<Job | null>(null);
  useEffect(
    () =>
      onJobEnded((job) => {
        const failures =
          job.failures > 0
            ? { action: { title: `${counted(job.failures, 'failure')}…`, run: () => setFailuresOf(job) } }
            : {};
        if (job.state === 'succeeded') {
          notify({ kind: 'done', lead: 'done', text: job.summary ?? job.title, ...failures });
        } else if (job.error && job.state === 'failed') {
          notifyError({ ...job.error, message: `${job.title}: ${job.error.message}` });
        } else if (job.state === 'cancelled') {
          notify({ kind: 'done', text: job.summary ?? `${job.title}: cancelled`, ...failures });
        }
      }),
    [],
  );
  const running = jobs.filter((job) => !isEnded(job));
  const [front] = running;
  const waiting = jobs.filter((job) => job.state === 'interrupted').length;
  if (jobs.length === 0 && !isWithoutJobsToo) return null;
  return (
    <section className="jobs" aria-label="Jobs">
      <DialogTrigger>
        <AriaButton className="jobs-button" aria-label={front ? `Jobs: ${front.title}` : 'Jobs'}>
          {front ? (
            <>
              <span className="jobs-front">
                <span className="ellipsis">
                  {front.title} <span className="secondary">{progressWords(front)}</span>
                </span>
                <ProgressBar label={front.title} done={front.done} total={front.total} />
              </span>
              {running.length > 1 && <span className="secondary small">+{running.length - 1}</span>}
            </>
          ) : (
            <>
              <Icon name="job" />
              <span className={waiting > 0 ? 'warn' : 'secondary'}>
                {waiting > 0 ? `${counted(waiting, 'job')} to resume` : 'Jobs'}
              </span>
            </>
          )}
        </AriaButton>
        <Popover className="popover" placement="top end" offset={6}>
          <AriaDialog className="jobs-list" aria-label="Jobs">
            {jobs.length === 0 && (
              <p className="jobs-row secondary">
                No job has run yet. Imports, models, maps and exports show their progress here.
              </p>
            )}
            {jobs.map((job) => (
              <JobRow key={job.id} job={job} onFailures={() => setFailuresOf(job)} />
            ))}
          </AriaDialog>
        </Popover>
      </DialogTrigger>
      {front && <IconButton icon="close" title={`Cancel: ${front.title}`} onPress={() => cancel(front)} />}
      {failuresOf && <Failures job={failuresOf} onClose={() => setFailuresOf(null)} />}
    </section>
  );
}

function JobRow({ job, onFailures }: { readonly job: Job; readonly onFailures: () => void }) {
  const tone = job.state === 'failed' ? 'wrong' : job.state === 'interrupted' ? 'warn' : 'secondary';
  return (
    <div className="jobs-row">
      <div className="jobs-row-words">
        <span className="ellipsis">{job.title}</span>
        <span className={`small ${tone}`}>
          {isEnded(job) ? (job.error?.message ?? job.summary ?? stateWords[job.state]) : progressWords(job)}
        </span>
        {!isEnded(job) && <ProgressBar label={job.title} done={job.done} total={job.total} />}
      </div>
      {job.failures > 0 && (
        <Button isSmall onPress={onFailures}>
          {counted(job.failures, 'failure')}
        </Button>
      )}
      {!isEnded(job) && (
        <Button isSmall onPress={() => cancel(job)}>
          Cancel
        </Button>
      )}
      {isEnded(job) && job.isResumable && job.state !== 'succeeded' && (
        <Button isSmall tone="primary" onPress={() => resume(job)}>
          Resume
        </Button>
      )}
      {isEnded(job) && <IconButton icon="close" title="Take off the list" onPress={() => dismiss(job)} />}
    </div>
  );
}

const SHOWN = 500;

/** All failures as text for a spreadsheet or an issue: file, line, reason. */
async function copyFailures(jobId: string): Promise<void> {
  const lines = ['file\tline\tcode\treason'];
  for (let offset = 0; ; offset += SHOWN) {
    const { total, failures } = await client.jobs.failures({ id: jobId, offset, limit: SHOWN });
    for (const { file, line, code, message } of failures) {
      lines.push(
        [file, line ?? '', code, message].map((cell) => String(cell).replace(/\s+/g, ' ')).join('\t'),
      );
    }
    if (offset + SHOWN >= total) break;
  }
  await navigator.clipboard.writeText(lines.join('\n'));
  notify({ kind: 'done', lead: 'copied', text: counted(lines.length - 1, 'line') });
}

function Failures({ job, onClose }: { readonly job: Job; readonly onClose: () => void }) {
  const failures = useQuery(
    calls.jobs.failures.queryOptions({ input: { id: job.id, offset: 0, limit: SHOWN } }),
  );
  const data = failures.data;
  return (
    <Dialog
      title={`${job.title}: ${counted(data?.total ?? job.failures, 'file')} could not be used`}
      size="large"
      isOpen
      onClose={onClose}
      footnote={
        data && data.total > SHOWN
          ? `The first ${count(SHOWN)} of ${count(data.total)}.`
          : 'The rest went on.'
      }
      actions={
        <Button icon="copy" isDisabled={!data} onPress={() => void attempt(() => copyFailures(job.id))}>
          Copy the list
        </Button>
      }
    >
      {failures.isPending && <Spinner label="Reading the list" />}
      {failures.error && (
        <ErrorNotice error={errorDataOf(failures.error)} onRetry={() => void failures.refetch()} />
      )}
      <ul className="jobs-failures">
        {data?.failures.map((failure) => (
          <li key={`${failure.file} ${failure.line ?? ''} ${failure.code}`}>
            <span className="mono" dir="auto">
              {failure.file}
              {failure.line !== undefined && `:${failure.line}`}
            </span>
            <span className="secondary">{failure.message}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
