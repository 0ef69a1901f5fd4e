// The batches of decisions by index, read in blocks as they come into sight.
import { useQueries } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { calls } from '../../lib/client.ts';

const BLOCK = 100;

export interface Batch {
  readonly batch: string;
  readonly at: string;
  readonly by: string;
  readonly description: string;
  readonly clips: number;
  /** Files that are no clip: there is nothing to show of them in Clips. */
  readonly files: number;
  readonly exampleClipId: number | null;
  readonly isUndone: boolean;
  readonly kind: 'decision' | 'undo' | 'redo';
}

export function useBatches() {
  const [[first, last], setBlocks] = useState<readonly [number, number]>([0, 0]);
  const wanted = [...new Set([0, ...Array.from({ length: last - first + 1 }, (_, i) => first + i)])];
  const results = useQueries({
    queries: wanted.map((block) => ({
      ...calls.decisions.batches.queryOptions({ input: { offset: block * BLOCK, limit: BLOCK } }),
      // A decision shifts every row by one; the block shows what it had until it is read again.
      placeholderData: (before: { total: number; batches: Batch[] } | undefined) => before,
    })),
  });
  const byBlock = new Map(wanted.map((block, i) => [block, results[i]?.data]));
  const failed = results.find((result) => result.isError && !result.data);
  const onVisible = useCallback((from: number, to: number) => {
    const next = [Math.floor(from / BLOCK), Math.floor(Math.max(from, to) / BLOCK)] as const;
    setBlocks((before) => (before[0] === next[0] && before[1] === next[1] ? before : next));
  }, []);
  return {
    total: byBlock.get(0)?.total ?? null,
    rowAt: (index: number): Batch | undefined =>
      byBlock.get(Math.floor(index / BLOCK))?.batches[index % BLOCK],
    error: failed?.error ?? null,
    refetch: () => {
      for (const result of results) void result.refetch();
    },
    onVisible,
  };
}
