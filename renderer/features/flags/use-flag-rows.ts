// The flags that the view shows, read in blocks as they come into sight.
import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import type { FlagKind, FlagRow, FlagStatus } from '../../../shared/domain/flag.ts';
import { calls } from '../../lib/client.ts';

const BLOCK = 200;

export interface WantedFlags {
  readonly kind: FlagKind | null;
  readonly status: FlagStatus | null;
  readonly filter: string;
}

function blockQuery({ kind, status, filter }: WantedFlags, block: number) {
  const kinds = kind === null ? [] : [kind];
  return calls.flags.page.queryOptions({
    input: { kinds, status, filter, offset: block * BLOCK, limit: BLOCK },
  });
}

export interface FlagRows {
  /** Null until the first block is here. */
  readonly total: number | null;
  readonly error: unknown;
  readonly refetch: () => void;
  readonly rowAt: (index: number) => FlagRow | undefined;
  readonly onVisible: (first: number, last: number) => void;
  /** Rows `from` to `to`, both included; reads those that are not here. */
  readonly readRange: (from: number, to: number) => Promise<readonly FlagRow[]>;
}

export function useFlagRows(wanted: WantedFlags): FlagRows {
  const [[first, last], setVisible] = useState<readonly [number, number]>([0, 0]);
  const blocks = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  if (!blocks.includes(0)) blocks.unshift(0);
  const results = useQueries({ queries: blocks.map((block) => blockQuery(wanted, block)) });
  const client = useQueryClient();
  const here = new Map(blocks.map((block, at) => [block, results[at]]));
  const total = here.get(0)?.data?.total ?? null;

  const latest = useRef(wanted);
  latest.current = wanted;
  const readRange = useCallback(
    async (from: number, to: number) => {
      const rows: FlagRow[] = [];
      for (let block = Math.floor(from / BLOCK); block <= Math.floor(to / BLOCK); block++) {
        const page = await client.ensureQueryData(blockQuery(latest.current, block));
        rows.push(...page.rows.slice(Math.max(0, from - block * BLOCK), to - block * BLOCK + 1));
      }
      return rows;
    },
    [client],
  );
  const onVisible = useCallback((from: number, to: number) => {
    const next = [Math.floor(from / BLOCK), Math.floor(Math.max(from, to) / BLOCK)] as const;
    setVisible((before) => (before[0] === next[0] && before[1] === next[1] ? before : next));
  }, []);
  const failed = results.find(({ isError, data }) => isError && !data);
  return {
    total,
    error: failed?.error ?? null,
    refetch: () => {
      for (const { refetch } of results) void refetch();
    },
    rowAt: (index) => here.get(Math.floor(index / BLOCK))?.data?.rows[index % BLOCK],
    onVisible,
    readRange,
  };
}
