// The one event stream. A revision event makes the cached queries read again; job and process events go to their stores.
import { create } from 'zustand';
import { type StudioEvent, studioEvent } from '../../shared/contract/events.ts';
import { EVENTS_ROUTE } from '../../shared/contract/routes.ts';
import type { Job } from '../../shared/domain/job.ts';
import { client, queryClient } from './client.ts';
import { useFilter } from './state/filter.ts';
import { notify } from './state/notices.ts';
import { useSelection } from './state/selection.ts';

interface ConnectionState {
  /** `connecting` until the first event; `down` when the stream broke or the engine stopped. */
  readonly stream: 'connecting' | 'up' | 'down';
  readonly engine: { readonly state: 'up' | 'down'; readonly message: string };
  readonly worker: { readonly state: 'up' | 'down'; readonly message: string };
  readonly analysis: { readonly state: 'up' | 'down'; readonly message: string };
  /** Revision last heard of. */
  readonly revision: number;
  /** Part of media addresses: another project or an import may have other sound under the same clip id. */
  readonly audioVersion: number;
  /** Id of the open project. */
  readonly project: string | null;
}

export const useConnection = create<ConnectionState>(() => ({
  stream: 'connecting',
  engine: { state: 'up', message: '' },
  worker: { state: 'up', message: '' },
  analysis: { state: 'up', message: '' },
  revision: 0,
  audioVersion: 0,
  project: null,
}));

/** Jobs by id, newest first. Ended jobs stay until they are dismissed. */
export const useJobs = create<{ readonly jobs: readonly Job[] }>(() => ({ jobs: [] }));

function putJob(job: Job): void {
  useJobs.setState(({ jobs }) => {
    const at = jobs.findIndex((known) => known.id === job.id);
    return { jobs: at < 0 ? [job, ...jobs] : jobs.map((known, i) => (i === at ? job : known)) };
  });
}

export function forgetJob(id: string): void {
  useJobs.setState(({ jobs }) => ({ jobs: jobs.filter((job) => job.id !== id) }));
}

const endListeners = new Set<(job: Job) => void>();

/** Calls back once for each job that ends while we listen. Returns the function that stops it. */
export function onJobEnded(listener: (job: Job) => void): () => void {
  endListeners.add(listener);
  return () => endListeners.delete(listener);
}

export function isEnded(job: Job): boolean {
  return job.state !== 'queued' && job.state !== 'running';
}

/** The oldest job of a kind that runs or waits for its turn; null = none. */
export function useJobUnderWay(kind: Job['kind']): Job | null {
  return useJobs(({ jobs }) => jobs.findLast((job) => job.kind === kind && !isEnded(job)) ?? null);
}

/** As `useJobUnderWay`, for what does not show how far it is. */
export function useIsUnderWay(kind: Job['kind']): boolean {
  return useJobs(({ jobs }) => jobs.some((job) => job.kind === kind && !isEnded(job)));
}

/** Query roots that a revision does not change. */
const untouchedByRevision = new Set(['places', 'imports', 'jobs']);

/** Everything of the project is read again; views keep showing what they have meanwhile. */
export function readAgain(): Promise<void> {
  return queryClient.invalidateQueries({
    // Peaks and spectrograms follow `audioVersion`, which is part of their keys.
    predicate: ({ queryKey, meta }) => {
      if (meta?.isFile) return false;
      const path = queryKey[0];
      return !(Array.isArray(path) && untouchedByRevision.has(String(path[0])));
    },
  });
}

/** The project that was open last; a restart of the engine, in which none is open for a moment, keeps it. */
let lastProject: string | null = null;

/** Filter and selection never outlive the project they were made in, whichever window opened another one. */
function forgetViewsUnlessOf(project: string | null): void {
  if (project === null || project === lastProject) return;
  if (lastProject !== null) {
    useFilter.setState({ text: '', past: [] });
    useSelection.getState().forget();
  }
  lastProject = project;
}

/** Call with the revision of a reply or an event; reads again when it is news. */
export function noteRevision(revision: number, project = useConnection.getState().project): void {
  const known = useConnection.getState();
  if (known.revision === revision && known.project === project) return;
  const isOtherProject = known.project !== project;
  useConnection.setState({ revision, project });
  forgetViewsUnlessOf(project);
  if (isOtherProject && known.project !== null) {
    queryClient.removeQueries({ type: 'inactive' });
    useConnection.setState(({ audioVersion }) => ({ audioVersion: audioVersion + 1 }));
  }
  void readAgain();
}

function receive(event: StudioEvent): void {
  switch (event.type) {
    case 'revision':
      noteRevision(event.revision, event.project);
      return;
    case 'job': {
      const before = useJobs.getState().jobs.find((job) => job.id === event.job.id);
      putJob(event.job);
      if (!isEnded(event.job) || !before || isEnded(before)) return;
      if (event.job.kind === 'import') {
        useConnection.setState(({ audioVersion }) => ({ audioVersion: audioVersion + 1 }));
      }
      for (const listener of endListeners) listener(event.job);
      return;
    }
    case 'process': {
      const before = useConnection.getState()[event.which].state;
      useConnection.setState({ [event.which]: { state: event.state, message: event.message } });
      // The banner leaves out restarts of a moment; that there was one is still told.
      if (before === 'down' && event.state === 'up') notify({ kind: 'done', text: event.message });
      if (event.which === 'engine' && event.state === 'up') void afterReconnect();
      return;
    }
  }
}

async function afterReconnect(): Promise<void> {
  void readAgain();
  try {
    useJobs.setState({ jobs: await client.jobs.list() });
  } catch {
    // The next event or reconnection brings them.
  }
}

/** Opens the stream and keeps it open. Returns the function that closes it. */
export function connectEvents(): () => void {
  const source = new EventSource(EVENTS_ROUTE);
  source.onopen = () => {
    useConnection.setState({ stream: 'up', engine: { state: 'up', message: '' } });
    void afterReconnect();
  };
  source.onmessage = ({ data }) => {
    const parsed = studioEvent.safeParse(JSON.parse(String(data)));
    // An event this version does not know is no reason to stop hearing the others.
    if (parsed.success) receive(parsed.data);
  };
  source.onerror = () => {
    useConnection.setState({ stream: 'down' });
    // A stream refused for good (for example during a restart) is not retried by the browser.
    if (source.readyState === EventSource.CLOSED) retry = setTimeout(reopen, 1000);
  };
  let retry: ReturnType<typeof setTimeout> | undefined;
  let close = () => source.close();
  const reopen = () => {
    close = connectEvents();
  };
  return () => {
    clearTimeout(retry);
    close();
  };
}
