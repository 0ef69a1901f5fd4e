// The list of clips behind the table: all ids of the filter in sorted order (bytes, one read), and rows by blocks of
// a hundred around what is in sight.
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { SortKey } from '../../../shared/contract/common.ts';
import { CLIP_IDS_ROUTE } from '../../../shared/contract/routes.ts';
import type { ClipRow } from '../../../shared/domain/clip.ts';
import { calls, fetchBytes } from '../../lib/client.ts';

const BLOCK = 100;

const noIds = new Int32Array(0);

/** Ids of a filter's clips in sorted order. */
async function readClipIds(filter: string, sort: SortKey | null, signal?: AbortSignal): Promise<Int32Array> {
  const response = await fetchBytes(CLIP_IDS_ROUTE, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ filter, sort }),
    ...(signal ? { signal } : {}),
  });
  return new Int32Array(await response.arrayBuffer());
}

function useClipIds(filter: string, sort: SortKey | null) {
  return useQuery({
    queryKey: ['clip-ids', filter, sort],
    queryFn: ({ signal }) => readClipIds(filter, sort, signal),
    placeholderData: keepPreviousData,
    gcTime: 20_000,
    // Ids are compared by the table itself; structural sharing of a large array would cost more than it saves.
    structuralSharing: false,
  });
}

interface ClipList {
  readonly ids: Int32Array;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly refetch: () => void;
  readonly rowAt: (index: number) => ClipRow | undefined;
  /** Tell which rows are in sight. */
  readonly onVisible: (first: number, last: number) => void;
}

function blocksOf(first: number, last: number, rows: number): readonly number[] {
  if (rows === 0) return [];
  // Half a block ahead in both directions, so that slow scrolling never meets a placeholder.
  const from = Math.max(0, Math.floor((first - BLOCK / 2) / BLOCK));
  const to = Math.min(Math.floor((rows - 1) / BLOCK), Math.floor((last + BLOCK / 2) / BLOCK));
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

/** The wheel can pass thousands of rows in a frame; those blocks are not worth a question. */
const REST_MS = 50;

export function useClipList(filter: string, sort: SortKey | null): ClipList {
  const idsQuery = useClipIds(filter, sort);
  const ids = idsQuery.data ?? noIds;
  const [visible, setVisible] = useState({ first: 0, last: 60 });
  const [wanted, setWanted] = useState(visible);
  const onVisible = useCallback((first: number, last: number) => setVisible({ first, last }), []);
  useEffect(() => {
    const isNear = Math.abs(visible.first - wanted.first) < 2 * BLOCK;
    if (isNear && visible.first === wanted.first && visible.last === wanted.last) return undefined;
    const timer = setTimeout(() => setWanted(visible), isNear ? 0 : REST_MS);
    return () => clearTimeout(timer);
  }, [visible, wanted]);

  const rows = useQueries({
    queries: blocksOf(wanted.first, wanted.last, ids.length).map((block) => ({
      ...calls.clips.page.queryOptions({ input: { filter, sort, offset: block * BLOCK, limit: BLOCK } }),
      gcTime: 15_000,
    })),
    combine: useCallback((results: readonly { data: { rows: ClipRow[] } | undefined }[]) => {
      const byId = new Map<number, ClipRow>();
      for (const { data } of results) for (const row of data?.rows ?? []) byId.set(row.id, row);
      return byId;
    }, []),
  });

  // A row is shown by its id, never by its place in a block: list and blocks may be of two revisions for a moment.
  const rowAt = useCallback(
    (index: number) => {
      const id = ids[index];
      return id === undefined ? undefined : rows.get(id);
    },
    [ids, rows],
  );
  return useMemo(
    () => ({
      ids,
      isPending: idsQuery.isPending,
      error: idsQuery.error,
      refetch: () => void idsQuery.refetch(),
      rowAt,
      onVisible,
    }),
    [ids, idsQuery.isPending, idsQuery.error, idsQuery.refetch, rowAt, onVisible],
  );
}
