// What of the review is on its way to the disk. Apart from the session, so that a key repaints one line.
import { create } from 'zustand';
import type { Change } from '../../../shared/contract/decisions.ts';
import { useNotices } from '../../lib/state/notices.ts';

/** In words; null = nothing is on its way. */
export const useSaving = create<{ readonly words: string | null }>(() => ({ words: null }));

function savingWords(changes: readonly Change[]): string {
  for (const change of changes) if (change.field === 'label' && change.to !== null) return change.to;
  const [first] = changes;
  return first?.field === 'review' && first.to !== null ? first.to : '';
}

/** Saying it sooner would only flicker: most decisions are on the disk by then, ms. */
const PATIENCE_MS = 80;

/** Says so until the engine has answered, with whatever is said then. */
export async function whileSaving<T>(changes: readonly Change[], work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => useSaving.setState({ words: savingWords(changes) }), PATIENCE_MS);
  const end = () => {
    clearTimeout(timer);
    useSaving.setState({ words: null });
  };
  const stop = useNotices.subscribe(end);
  try {
    return await work();
  } finally {
    stop();
    end();
  }
}
