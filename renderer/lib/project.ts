// The open project as every view needs it.
import { useQuery } from '@tanstack/react-query';
import type { ProjectInfo } from '../../shared/contract/project.ts';
import { calls } from './client.ts';

/** State of engine and project: `{ data, isPending, error }`. */
export function useProjectState() {
  return useQuery(calls.project.state.queryOptions());
}

/** The open project, or null (also while it is not known yet). */
export function useProject(): ProjectInfo | null {
  return useProjectState().data?.project ?? null;
}
