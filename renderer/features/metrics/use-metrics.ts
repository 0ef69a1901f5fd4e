// The run in use and its figures over the filter, for the views that show how a model does.
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import type { matrixOrders } from '../../../shared/contract/runs.ts';
import { calls, client, errorDataOf } from '../../lib/client.ts';
import { readAgain } from '../../lib/events.ts';
import { useProject } from '../../lib/project.ts';
import { notifyError } from '../../lib/state/notices.ts';

export type MatrixOrder = (typeof matrixOrders)[number];

/** The run whose predictions every view shows: the project's choice, else the first run, else null. */
export function useRunInUse(): string | null {
  const project = useProject();
  return project?.runInUse ?? project?.runs[0]?.name ?? null;
}

/** Chooses the run for the whole studio: clip table, flags, confusions and classes follow. */
export function useChooseRun() {
  return useMutation({
    mutationFn: (run: string) => client.project.setPreferences({ runInUse: run }),
    onSuccess: () => readAgain(),
    onError: (error) => notifyError(errorDataOf(error)),
  });
}

/** Everything about one run over one filter. Shows the figures before while new ones are read. */
export function useMetrics(run: string | null, filter: string, order: MatrixOrder) {
  return useQuery({
    ...calls.metrics.get.queryOptions({ input: { run: run ?? '', filter, order } }),
    enabled: run !== null,
    placeholderData: keepPreviousData,
  });
}

export type Metrics = NonNullable<ReturnType<typeof useMetrics>['data']>;
export type ClassFigures = Metrics['classes'][number];
