// The engine put together: features over one open project, jobs, events, and the fetch handler. Used by the engine
// process, by the command line and by tests; knows nothing of how it is reached.
import type { StudioEvent } from '../../shared/contract/events.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { deleteJob, listJobs, markInterrupted, saveJob } from '../catalog/index.ts';
import type { Studio, TaskClient } from '../features/context.ts';
import type { OpenProject } from '../features/open-project.ts';
import { Places } from '../features/places.ts';
import type { AnalysisTasks } from '../ipc/analysis-tasks.ts';
import type { WorkerTasks } from '../ipc/worker-tasks.ts';
import { EventHub } from './event-hub.ts';
import { createFetchHandler, type FetchHandler } from './handler.ts';
import { hidePaths } from './hide-paths.ts';
import { EngineJobs, type JobStore } from './jobs.ts';
import { MediaRoutes } from './media.ts';

export interface EngineOptions {
  readonly version: string;
  readonly userFolder: string;
  readonly samplePath: string;
  /** Null = the folder picker may show everything. */
  readonly allowedRoots: readonly string[] | null;
  readonly worker: TaskClient<WorkerTasks>;
  readonly analysis: TaskClient<AnalysisTasks>;
  readonly secret: string | null;
}

export interface Engine {
  readonly studio: Studio;
  readonly events: EventHub;
  readonly fetch: FetchHandler;
  close(): Promise<void>;
}

/** How often another process's writes are looked for. */
const WATCH_INTERVAL_MS = 500;
/**
 * Reading a large project again takes a second, and an import of another process commits every second: after a reading
 * the watch rests so many times as long as it took.
 */
const REST_AFTER_READING = 4;

function jobStoreOf(project: OpenProject): JobStore | null {
  if (project.catalog.isReadOnly) return null;
  return {
    save: (record) => saveJob(project.catalog, record),
    remove: (id) => deleteJob(project.catalog, id),
  };
}

export function createEngine(options: EngineOptions): Engine {
  const events = new EventHub();
  let current: OpenProject | null = null;
  let store: JobStore | null = null;
  const emit = (event: StudioEvent): void =>
    events.emit(event.type === 'job' ? { ...event, job: hidePaths(studio, event.job) } : event);
  const tellRevision = (): void =>
    emit({ type: 'revision', project: current?.id ?? null, revision: current?.revision ?? 0 });
  const jobs = new EngineJobs(emit, () => store);

  const studio: Studio = {
    version: options.version,
    userFolder: options.userFolder,
    samplePath: options.samplePath,
    worker: options.worker,
    analysis: options.analysis,
    jobs,
    places: new Places(options.allowedRoots),
    project() {
      if (!current) throw new EarmarkError('project/none', 'No project is open.');
      return current;
    },
    projectOrNull: () => current,
    setProject(project) {
      current = project;
      store = project ? jobStoreOf(project) : null;
      media.forget();
      if (project) {
        project.onChange(tellRevision);
        if (store) {
          markInterrupted(project.catalog);
          jobs.adopt(listJobs(project.catalog), store);
        }
      }
      tellRevision();
    },
    emit,
  };
  const media = new MediaRoutes(studio);

  let restsUntilMs = 0;
  const watch = setInterval(() => {
    const startedMs = performance.now();
    if (startedMs < restsUntilMs) return;
    try {
      current?.noticeOtherWriters();
      const endedMs = performance.now();
      restsUntilMs = endedMs + REST_AFTER_READING * (endedMs - startedMs);
    } catch (error) {
      console.error('The project could not be read again after another process wrote to it:', error);
    }
  }, WATCH_INTERVAL_MS);
  watch.unref();

  return {
    studio,
    events,
    fetch: createFetchHandler({ studio, events, media, secret: options.secret }),
    async close() {
      clearInterval(watch);
      await jobs.close();
      current?.close();
      current = null;
    },
  };
}
