// The selection in words: how many clips, and which labels they have.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { calls } from './client.ts';
import { useSelection } from './state/selection.ts';

/** Labels of the selected clips, at most `shown` of them and how many more; not asked for while one clip or none is selected. */
export function useSelectedLabels(shown: number) {
  const { selected, clear } = useSelection();
  const ids = [...selected];
  const isMany = ids.length > 1;
  const described = useQuery({
    ...calls.clips.describe.queryOptions({ input: { ids } }),
    enabled: isMany,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  const labels = described.data?.labels ?? [];
  return { ids, isMany, clear, labels: labels.slice(0, shown), rest: labels.length - shown };
}
