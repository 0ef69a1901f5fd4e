// Waveform thumbnails by clip, read in batches and kept: 192 bytes each, so that scrolling back draws at once.
import { THUMBNAILS_ROUTE } from '../../../shared/contract/routes.ts';
import { THUMBNAIL_COLUMNS } from '../../../shared/domain/audio.ts';
import { fetchBytes } from '../../lib/client.ts';
import { useConnection } from '../../lib/events.ts';

/** (min, max) int8 per column, interleaved. */
export type Thumbnail = Int8Array;

const BYTES = 2 * THUMBNAIL_COLUMNS;
const MOST_KEPT = 20_000;
const MOST_ASKED = 500;

const kept = new Map<number, Thumbnail>();
const waiting = new Map<number, Set<() => void>>();
let asked: number[] = [];
let isScheduled = false;

useConnection.subscribe((now, before) => {
  if (now.audioVersion !== before.audioVersion) kept.clear();
});

/** The thumbnail when it is at hand. */
export function thumbnailOf(clipId: number): Thumbnail | undefined {
  return kept.get(clipId);
}

/** Asks for a thumbnail and calls back once it is at hand. Returns the function that gives it up. */
export function whenThumbnail(clipId: number, onReady: () => void): () => void {
  const others = waiting.get(clipId);
  if (others) others.add(onReady);
  else {
    waiting.set(clipId, new Set([onReady]));
    asked.push(clipId);
    schedule();
  }
  return () => {
    const listeners = waiting.get(clipId);
    listeners?.delete(onReady);
  };
}

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  // A short wait gathers the rows of one scroll into one request, and drops those that were scrolled past.
  setTimeout(() => {
    isScheduled = false;
    void read();
  }, 24);
}

async function read(): Promise<void> {
  const wanted = asked.filter((id) => {
    const isWanted = (waiting.get(id)?.size ?? 0) > 0;
    if (!isWanted) waiting.delete(id);
    return isWanted;
  });
  asked = wanted.slice(MOST_ASKED);
  const ids = wanted.slice(0, MOST_ASKED);
  if (asked.length > 0) schedule();
  if (ids.length === 0) return;
  try {
    const response = await fetchBytes(THUMBNAILS_ROUTE, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: Int32Array.from(ids),
    });
    const bytes = new Int8Array(await response.arrayBuffer());
    ids.forEach((id, index) => {
      const one = bytes.slice(index * BYTES, (index + 1) * BYTES);
      if (one.length === BYTES) kept.set(id, one);
    });
    for (const [oldest] of kept) {
      if (kept.size <= MOST_KEPT) break;
      kept.delete(oldest);
    }
  } catch {
    // A missing picture is no failure of the table; it is asked for again when the row comes back.
  } finally {
    for (const id of ids) {
      const listeners = waiting.get(id);
      waiting.delete(id);
      if (kept.has(id)) for (const listener of listeners ?? []) listener();
    }
  }
}
