// What the map view reads: maps, points once per map, colours and the filter's clips again with every revision.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { MapLegend } from '../../../shared/contract/maps.ts';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import {
  CLIP_IDS_ROUTE,
  mapColumnRoute,
  mapPreviewRoute,
  mapRoute,
} from '../../../shared/contract/routes.ts';
import { conditionFor } from '../../../shared/filter/index.ts';
import { calls, client, fetchBytes } from '../../lib/client.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { useSort } from '../../lib/state/sort.ts';
import { type MapPoints, mapPointsFromBytes } from './map-points.ts';

export function useMaps(isWanted: boolean) {
  return useQuery({ ...calls.maps.list.queryOptions(), enabled: isWanted });
}

/** A map never changes, so that no revision makes it read again. */
export function useMapPoints(project: string, mapId: number | null) {
  return useQuery({
    queryKey: ['map-points', project, mapId],
    queryFn: async ({ signal }) => {
      const response = await fetchBytes(mapRoute(mapId ?? 0), { signal });
      return mapPointsFromBytes(await response.arrayBuffer());
    },
    enabled: mapId !== null,
    meta: { isFile: true },
    structuralSharing: false,
    gcTime: 120_000,
  });
}

export interface MapColumn {
  readonly mapId: number;
  readonly by: string;
  readonly legend: MapLegend;
  readonly values: Uint16Array | Float32Array;
}

/** Legend and values by one term; while they are read again the former ones of the same map stay. */
export function useMapColumn(project: string, mapId: number | null, by: string) {
  return useQuery({
    queryKey: ['map-column', project, mapId, by],
    queryFn: async ({ signal }): Promise<MapColumn> => {
      const map = mapId ?? 0;
      const [legend, response] = await Promise.all([
        client.maps.legend({ map, by }, { signal }),
        fetchBytes(mapColumnRoute(map, by), { signal }),
      ]);
      const bytes = await response.arrayBuffer();
      const values = legend.kind === 'category' ? new Uint16Array(bytes) : new Float32Array(bytes);
      return { mapId: map, by, legend, values };
    },
    enabled: mapId !== null,
    placeholderData: (before) => (before?.mapId === mapId ? before : undefined),
    structuralSharing: false,
    gcTime: 30_000,
  });
}

async function clipIdsOf(
  filter: string,
  sort: { readonly field: string; readonly descending: boolean } | null,
  signal?: AbortSignal,
): Promise<Int32Array> {
  const response = await fetchBytes(CLIP_IDS_ROUTE, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ filter, sort }),
    ...(signal ? { signal } : {}),
  });
  return new Int32Array(await response.arrayBuffer());
}

/** The filter's clips in the order of the table: the same reading as the table's. */
export function useFilterIds() {
  const filter = useFilter((state) => state.text);
  const sort = useSort((state) => state.sort);
  return useQuery({
    queryKey: ['clip-ids', filter, sort],
    queryFn: ({ signal }) => clipIdsOf(filter, sort, signal),
    placeholderData: keepPreviousData,
    gcTime: 20_000,
    structuralSharing: false,
  });
}

export interface MapPicture {
  readonly jobId: string;
  readonly step: number;
  readonly points: MapPoints;
}

/** The latest picture of a map that is being made, a few times a second; null before the first. */
export function useMapPreview(jobId: string | null) {
  const query = useQuery({
    queryKey: ['map-preview', jobId],
    queryFn: async ({ signal, client: cache }): Promise<MapPicture | null> => {
      const before = cache.getQueryData<MapPicture | null>(['map-preview', jobId]) ?? null;
      const response = await fetchBytes(mapPreviewRoute(jobId ?? '', before?.step ?? 0), { signal });
      if (response.status === 204) return before;
      const step = Number(response.headers.get('x-step') ?? 0);
      const points = mapPointsFromBytes(await response.arrayBuffer());
      return points.ids.length === 0 ? before : { jobId: jobId ?? '', step, points };
    },
    enabled: jobId !== null,
    refetchInterval: PREVIEW_MS,
    refetchIntervalInBackground: false,
    meta: { isFile: true },
    structuralSharing: false,
    gcTime: 0,
  });
  return query.data?.jobId === jobId ? query.data : null;
}

const PREVIEW_MS = 400;
/** More classes than have a look of their own would all be grey. */
const MOST_LABELS = 48;

/** Labels by clip, most frequent first, for a picture that has no column of its own yet. */
export function useLabelsOfClips(project: ProjectInfo | null, isWanted: boolean) {
  const labels = [...(project?.labels ?? [])]
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_LABELS)
    .map(({ label }) => label);
  return useQuery({
    queryKey: ['map-labels', labels],
    queryFn: async ({ signal }) => {
      const lists = await Promise.all(
        labels.map((label) => clipIdsOf(conditionFor('label', label), null, signal)),
      );
      const placeOf = new Map<number, number>();
      for (const [place, ids] of lists.entries()) for (const id of ids) placeOf.set(id, place);
      return { labels, placeOf };
    },
    enabled: isWanted && labels.length > 0,
    structuralSharing: false,
    gcTime: 5000,
  });
}
