// Transcripts that were typed and are not saved yet, by project and clip: looking at another clip loses none of them.
import { create } from 'zustand';

export const useDrafts = create<{ readonly drafts: ReadonlyMap<string, string> }>(() => ({
  drafts: new Map(),
}));

/** Keeps what was typed; null forgets it. */
export function setDraft(key: string, text: string | null): void {
  useDrafts.setState(({ drafts }) => {
    const next = new Map(drafts);
    if (text === null) next.delete(key);
    else next.set(key, text);
    return { drafts: next };
  });
}

/** Forgets what was typed once exactly that is on disk; what was typed on meanwhile stays. */
export function draftSaved(key: string, text: string): void {
  if (useDrafts.getState().drafts.get(key) === text) setDraft(key, null);
}
