// Which view is in front: `#/clips`. The address is the truth, so that back and forward work.
import { create } from 'zustand';

function viewOfAddress(): string {
  return /^#\/([a-z-]+)/.exec(globalThis.location?.hash ?? '')?.[1] ?? '';
}

export const useRoute = create<{ readonly view: string }>(() => ({ view: viewOfAddress() }));

export function goTo(view: string): void {
  const hash = `#/${view}`;
  if (location.hash === hash) useRoute.setState({ view });
  else location.hash = hash;
}

/** Follows the address. Returns the function that stops it. */
export function listenToAddress(): () => void {
  const follow = () => useRoute.setState({ view: viewOfAddress() });
  follow();
  window.addEventListener('hashchange', follow);
  return () => window.removeEventListener('hashchange', follow);
}
