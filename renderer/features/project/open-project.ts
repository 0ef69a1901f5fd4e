// Opening and closing projects from the interface: every way in ends here.
import { create } from 'zustand';
import type { Place } from '../../../shared/contract/common.ts';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { calls, client, errorDataOf, queryClient } from '../../lib/client.ts';
import { noteRevision } from '../../lib/events.ts';
import { host } from '../../lib/host.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { notifyError } from '../../lib/state/notices.ts';
import { goTo } from '../../lib/state/route.ts';
import { useSelection } from '../../lib/state/selection.ts';

/** What is being opened now, for the view that asked. */
export const useOpening = create<{
  readonly what: string | null;
  /** The job that prepares the sample, while it runs. */
  readonly sampleJobId: string | null;
}>(() => ({ what: null, sampleJobId: null }));

/** Makes `project` the one on the screen at once; the event stream tells the same a moment later. */
export function adoptProject(project: ProjectInfo, view = 'overview'): void {
  noteRevision(project.revision, project.id);
  goTo(view);
  queryClient.setQueryData(calls.project.state.queryKey(), (state) => state && { ...state, project });
  void queryClient.invalidateQueries({ queryKey: calls.project.key() });
}

async function opening(what: string, task: () => Promise<void>): Promise<void> {
  if (useOpening.getState().what !== null) return;
  useOpening.setState({ what });
  try {
    await task();
  } catch (error) {
    notifyError(errorDataOf(error));
    void queryClient.invalidateQueries({ queryKey: calls.project.key() });
  } finally {
    useOpening.setState({ what: null });
  }
}

/** Opens a project file. */
export function openProject(place: Place): Promise<void> {
  return opening(place.handle, async () => adoptProject(await client.project.open({ place })));
}

export async function chooseAndOpenProject(): Promise<void> {
  try {
    const place = await host.chooseProject();
    if (place) await openProject(place);
  } catch (error) {
    notifyError(errorDataOf(error));
  }
}

/** Opens the sample; the first time a job makes its project, which the welcome shows until it is done. */
export function openSample(): Promise<void> {
  return opening('sample', async () => {
    const { project, jobId } = await client.project.openSample();
    if (jobId === null) {
      adoptProject(project);
      return;
    }
    useOpening.setState({ sampleJobId: jobId });
    adoptProject(project, 'welcome');
  });
}

export async function closeProject(): Promise<void> {
  try {
    await client.project.close();
    useFilter.setState({ text: '', past: [] });
    useSelection.getState().forget();
    queryClient.setQueryData(calls.project.state.queryKey(), (state) => state && { ...state, project: null });
    void queryClient.invalidateQueries({ queryKey: calls.project.key() });
    goTo('welcome');
  } catch (error) {
    notifyError(errorDataOf(error));
  }
}
