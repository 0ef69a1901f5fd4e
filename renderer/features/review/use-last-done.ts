// The last notice about a decision, kept after the notice itself has left.
import { useState } from 'react';
import { type Notice, useNotices } from '../../lib/state/notices.ts';

const leads = new Set(['saved', 'undone', 'redone']);

export function useLastDone(): Notice | null {
  const newest = useNotices(({ notices }) => notices.findLast(({ kind }) => kind === 'done') ?? null);
  const [last, setLast] = useState<Notice | null>(newest);
  if (newest && newest !== last) setLast(newest);
  return last && leads.has(last.lead ?? '') ? last : null;
}
