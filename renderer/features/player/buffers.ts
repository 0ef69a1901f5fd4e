// Decoded sound of clips, kept while it is likely to be heard again. Long clips are refused: they play from the
// media element, which reads them by ranges.
import { audioRoute } from '../../../shared/contract/routes.ts';
import { fetchBytes } from '../../lib/client.ts';
import { useConnection } from '../../lib/events.ts';

/** Bytes of WAV beyond which a clip is not decoded whole: about two minutes of 16-bit mono at 48 kHz. */
const LONGEST_BYTES = 12_000_000;
const KEPT_BYTES = 96 * 2 ** 20;

let context: AudioContext | null = null;

/** The one AudioContext; made on the first press of play, as browsers want it. */
export function audioContext(): AudioContext {
  context ??= new AudioContext({ latencyHint: 'interactive' });
  return context;
}

interface Kept {
  readonly pending: Promise<AudioBuffer | null>;
  /** Null until it is read. */
  readonly bytes: number | null;
}

/** Least recently heard first. */
const kept = new Map<string, Kept>();
let keptBytes = 0;

function bytesOf(buffer: AudioBuffer): number {
  return buffer.length * buffer.numberOfChannels * 4;
}

function evict(newest: string): void {
  for (const [key, { bytes }] of kept) {
    if (keptBytes <= KEPT_BYTES) return;
    // What is still being read has no size yet.
    if (key === newest || bytes === null) continue;
    kept.delete(key);
    keptBytes -= bytes;
  }
}

async function read(address: string): Promise<AudioBuffer | null> {
  const abort = new AbortController();
  const response = await fetchBytes(address, { signal: abort.signal });
  if (Number(response.headers.get('content-length') ?? 0) > LONGEST_BYTES) {
    abort.abort();
    return null;
  }
  return audioContext().decodeAudioData(await response.arrayBuffer());
}

/** The address of a clip's sound; it changes with the project's file revision so that nothing stale is heard. */
export function soundOf(clipId: number): string {
  return audioRoute(clipId, useConnection.getState().audioVersion);
}

/** The clip's samples at the output's rate; null when it is too long to be held whole. */
export function bufferOf(clipId: number): Promise<AudioBuffer | null> {
  const key = soundOf(clipId);
  const known = kept.get(key);
  if (known) {
    kept.delete(key);
    kept.set(key, known);
    return known.pending;
  }
  const pending = read(key);
  kept.set(key, { pending, bytes: null });
  pending.then(
    (buffer) => {
      const bytes = buffer ? bytesOf(buffer) : 0;
      kept.set(key, { pending, bytes });
      keptBytes += bytes;
      evict(key);
    },
    () => kept.delete(key),
  );
  return pending;
}

/** Reads a clip that will probably be played next. Failures are met when it is. */
export function prefetch(clipId: number): void {
  if (context) bufferOf(clipId).catch(() => undefined);
}
