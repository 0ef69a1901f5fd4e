// The last notice about a decision, kept after the notice itself has left.
import { useEffect, useState } from 'react';
import { type Notice, useNotices } from '../../lib/state/notices.ts';

const leads = new Set(['saved', 'undone', 'redone']);

export function useLastDone(): Notice | null {
  const notices = useNotices((state) => state.notices);
  const newest = notices.findLast((notice) => notice.kind === 'done') ?? null;
  const [last, setLast] = useState<Notice | null>(newest);
  useEffect(() => {
    if (newest) setLast(newest);
  }, [newest]);
  return last && leads.has(last.lead ?? '') ? last : null;
}
