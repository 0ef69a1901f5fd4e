// Jobs of this engine: start, progress at most ten times a second, cancel, and a record in the catalog from which an
// interrupted one can be started again.
import { ulid } from 'ulid';
import type { StudioEvent } from '../../shared/contract/events.ts';
import type { FileFailure } from '../../shared/domain/dataset.ts';
import type { Job, JobState } from '../../shared/domain/job.ts';
import { CANCELLED, EarmarkError, toErrorData } from '../../shared/errors.ts';
import type { JobRecord } from '../catalog/index.ts';
import type { JobControl, JobSpec, Jobs } from '../features/context.ts';

const PROGRESS_INTERVAL_MS = 100;
/** Rate and ETA are told only after this long: earlier they jump about. */
const RATE_AFTER_MS = 500;
/** More are counted but not kept. */
const MAX_KEPT_FAILURES = 10_000;

/** Where job records live; the open project's catalog, or nowhere while none is open. */
export interface JobStore {
  save(record: JobRecord): void;
  remove(id: string): void;
}

interface LiveJob {
  job: Job;
  readonly params: unknown;
  readonly abort: AbortController;
  readonly finish: AbortController;
  readonly failures: FileFailure[];
  readonly store: JobStore | null;
  readonly startedMs: number;
  phaseStartedMs: number;
  phaseStartedDone: number;
  lastToldMs: number;
  finished: Promise<unknown>;
}

export class EngineJobs implements Jobs {
  private readonly live = new Map<string, LiveJob>();
  private readonly emit: (event: StudioEvent) => void;
  private readonly currentStore: () => JobStore | null;

  constructor(emit: (event: StudioEvent) => void, currentStore: () => JobStore | null) {
    this.emit = emit;
    this.currentStore = currentStore;
  }

  start<Result>(spec: JobSpec<Result>): Job {
    const now = Date.now();
    const live: LiveJob = {
      job: {
        id: ulid(),
        kind: spec.kind,
        title: spec.title,
        state: 'running',
        phase: 'starting',
        done: 0,
        total: null,
        ratePerSec: null,
        etaSec: null,
        failures: 0,
        summary: null,
        error: null,
        isResumable: false,
        canFinish: spec.canFinish ?? false,
        startedAt: new Date(now).toISOString(),
        endedAt: null,
        result: null,
      },
      params: spec.params,
      abort: new AbortController(),
      finish: new AbortController(),
      failures: [],
      store: this.currentStore(),
      startedMs: now,
      phaseStartedMs: now,
      phaseStartedDone: 0,
      lastToldMs: 0,
      finished: Promise.resolve(),
    };
    this.live.set(live.job.id, live);
    this.record(live);
    this.tell(live);
    live.finished = this.perform(live, spec);
    // Whoever waits sees the rejection; nobody waiting is no crash.
    live.finished.catch(() => {});
    return live.job;
  }

  wait(id: string): Promise<unknown> {
    return this.find(id).finished;
  }

  list(): Job[] {
    return [...this.live.values()].map((live) => live.job).reverse();
  }

  get(id: string): Job {
    return this.find(id).job;
  }

  cancel(id: string): Job {
    const live = this.find(id);
    if (live.job.state === 'running') {
      live.job = { ...live.job, phase: 'cancelling' };
      live.abort.abort();
      this.tell(live);
    }
    return live.job;
  }

  finish(id: string): Job {
    const live = this.find(id);
    if (live.job.state === 'running' && live.job.canFinish) {
      live.job = { ...live.job, phase: 'finishing', canFinish: false };
      live.finish.abort();
      this.tell(live);
    }
    return live.job;
  }

  dismiss(id: string): boolean {
    const live = this.live.get(id);
    if (!live || live.job.state === 'running') return false;
    this.live.delete(id);
    live.store?.remove(id);
    return true;
  }

  failures(id: string): readonly FileFailure[] {
    return this.find(id).failures;
  }

  resumable(id: string): { readonly kind: Job['kind']; readonly params: unknown } {
    const live = this.find(id);
    if (!live.job.isResumable)
      throw new EarmarkError('job/not-resumable', `"${live.job.title}" cannot be resumed.`);
    return { kind: live.job.kind, params: live.params };
  }

  /** Jobs of an earlier engine, as the catalog recorded them; shown so that they can be resumed. */
  adopt(records: readonly JobRecord[], store: JobStore): void {
    for (const record of records) {
      if (record.state !== 'interrupted' || this.live.has(record.id)) continue;
      const at = Date.parse(record.startedAt);
      this.live.set(record.id, {
        job: {
          id: record.id,
          kind: record.kind as Job['kind'],
          title: record.title,
          state: 'interrupted',
          phase: 'interrupted',
          done: 0,
          total: null,
          ratePerSec: null,
          etaSec: null,
          failures: record.failures.length,
          summary: 'It was interrupted. What was done is kept; resume it to do the rest.',
          error: null,
          isResumable: true,
          canFinish: false,
          startedAt: record.startedAt,
          endedAt: record.endedAt,
          result: null,
        },
        params: record.params,
        abort: new AbortController(),
        finish: new AbortController(),
        failures: [...record.failures],
        store,
        startedMs: at,
        phaseStartedMs: at,
        phaseStartedDone: 0,
        lastToldMs: 0,
        finished: Promise.resolve(),
      });
    }
  }

  async close(): Promise<void> {
    const running = [...this.live.values()].filter((live) => live.job.state === 'running');
    for (const live of running) live.abort.abort();
    await Promise.allSettled(running.map((live) => live.finished));
    this.live.clear();
  }

  private async perform<Result>(live: LiveJob, spec: JobSpec<Result>): Promise<Result> {
    const control: JobControl = {
      signal: live.abort.signal,
      finish: live.finish.signal,
      phase: (name) => {
        live.phaseStartedMs = Date.now();
        live.phaseStartedDone = 0;
        live.job = { ...live.job, phase: name, done: 0, total: null, ratePerSec: null, etaSec: null };
        this.tell(live);
      },
      progress: (done, total) => this.progress(live, done, total),
      failure: (failure) => {
        live.job = { ...live.job, failures: live.job.failures + 1 };
        if (live.failures.length < MAX_KEPT_FAILURES) live.failures.push(failure);
      },
    };
    try {
      const { result, summary } = await spec.run(control);
      this.end(live, 'succeeded', { summary, result });
      return result;
    } catch (error) {
      const data = toErrorData(error);
      const isCancelled = data.code === CANCELLED || live.abort.signal.aborted;
      if (data.code === 'internal') console.error(error);
      this.end(live, isCancelled ? 'cancelled' : 'failed', {
        summary: isCancelled ? 'Cancelled. What was done is kept.' : data.message,
        error: isCancelled ? null : { code: data.code, message: data.message },
        isResumable: isCancelled || data.code === 'worker/stopped',
      });
      throw error;
    }
  }

  private progress(live: LiveJob, done: number, total: number | null): void {
    const now = Date.now();
    const elapsed = now - live.phaseStartedMs;
    const rate = elapsed >= RATE_AFTER_MS ? ((done - live.phaseStartedDone) * 1000) / elapsed : null;
    const etaSec = rate !== null && rate > 0 && total !== null ? (total - done) / rate : null;
    live.job = { ...live.job, done, total, ratePerSec: rate, etaSec };
    if (now - live.lastToldMs >= PROGRESS_INTERVAL_MS) this.tell(live);
  }

  private end(live: LiveJob, state: JobState, fields: Partial<Job>): void {
    live.job = {
      ...live.job,
      ...fields,
      state,
      phase: state,
      etaSec: null,
      canFinish: false,
      endedAt: new Date().toISOString(),
    };
    this.record(live);
    this.tell(live);
  }

  private tell(live: LiveJob): void {
    live.lastToldMs = Date.now();
    // Results can be large and are read with `jobs.get`.
    this.emit({ type: 'job', job: { ...live.job, result: null } });
  }

  private record(live: LiveJob): void {
    try {
      live.store?.save({
        id: live.job.id,
        kind: live.job.kind,
        title: live.job.title,
        state: live.job.state,
        params: live.params,
        summary: live.job.summary,
        error: live.job.error,
        result: null,
        failures: live.failures.slice(0, 1000),
        startedAt: live.job.startedAt,
        endedAt: live.job.endedAt,
      });
    } catch (error) {
      // A full disk must not turn a finished job into a failed one; the job itself has already said so.
      console.error(`The record of job "${live.job.title}" could not be kept: ${toErrorData(error).message}`);
    }
  }

  private find(id: string): LiveJob {
    const live = this.live.get(id);
    if (!live) throw new EarmarkError('job/unknown', 'This job is no longer known.');
    return live;
  }
}
