// Sound and pictures of one clip, for the inspector and the player. Decoded clips are kept for a while: the waveform,
// the spectrogram and the player ask for the same clip within milliseconds.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EarmarkError } from '../../shared/errors.ts';
import { type DecodedAudio, decodeAudio, encodeWav16, mixDown, peaks, spectrogram } from '../audio/index.ts';
import { containedPath } from '../formats/index.ts';
import type { AudioLocation, WorkerTasks } from '../ipc/worker-tasks.ts';

/** Decoded samples kept, in bytes; one clip larger than this is still decoded, alone. */
const CACHE_BYTES = 128 * 2 ** 20;

interface Entry {
  readonly key: string;
  readonly decoded: Promise<DecodedAudio>;
  bytes: number;
}

const cache = new Map<string, Entry>();

function missingFile({ path }: AudioLocation): EarmarkError {
  return new EarmarkError(
    'audio/missing',
    `${path}: the file is not there. Was it moved? Relink the dataset or import it again.`,
  );
}

async function decodedClip(location: AudioLocation): Promise<DecodedAudio> {
  const relative = await containedPath(location.root, location.path).catch((error: unknown) => {
    const isGone = error instanceof EarmarkError && ['path/missing', 'file/unreadable'].includes(error.code);
    throw isGone ? missingFile(location) : error;
  });
  const file = join(location.root, relative);
  const info = await stat(file).catch(() => {
    throw missingFile(location);
  });
  const key = `${file}\0${info.size}\0${info.mtimeMs}`;
  const known = cache.get(key);
  if (known) {
    cache.delete(key);
    cache.set(key, known);
    return known.decoded;
  }
  const decoded = readFile(file).then((bytes) => decodeAudio(bytes, location.path));
  const entry: Entry = { key, decoded, bytes: 0 };
  cache.set(key, entry);
  decoded.then(
    (audio) => {
      entry.bytes = audio.frames * audio.channels * 4;
      evict();
    },
    () => cache.delete(key),
  );
  return decoded;
}

function evict(): void {
  let total = 0;
  for (const entry of cache.values()) total += entry.bytes;
  for (const entry of cache.values()) {
    if (total <= CACHE_BYTES || cache.size === 1) return;
    cache.delete(entry.key);
    total -= entry.bytes;
  }
}

export async function wavTask(params: WorkerTasks['wav']['params']): Promise<WorkerTasks['wav']['result']> {
  const decoded = await decodedClip(params);
  return { bytes: encodeWav16(decoded.channelData, decoded.sampleRate) };
}

function frameSpan(
  decoded: DecodedAudio,
  from: number | null,
  to: number | null,
): { start: number; end: number } {
  const clamp = (sec: number): number =>
    Math.max(0, Math.min(decoded.frames, Math.round(sec * decoded.sampleRate)));
  return { start: from === null ? 0 : clamp(from), end: to === null ? decoded.frames : clamp(to) };
}

export async function peaksTask(
  params: WorkerTasks['peaks']['params'],
): Promise<WorkerTasks['peaks']['result']> {
  const decoded = await decodedClip(params);
  const { start, end } = frameSpan(decoded, params.from, params.to);
  return { peaks: peaks(decoded.channelData, params.columns, start, end) };
}

export async function spectrogramTask(
  params: WorkerTasks['spectrogram']['params'],
): Promise<WorkerTasks['spectrogram']['result']> {
  const decoded = await decodedClip(params);
  const { start, end } = frameSpan(decoded, params.from, params.to);
  const { data, columns, bins, maxHz } = spectrogram(mixDown(decoded.channelData), decoded.sampleRate, {
    columns: params.columns,
    bins: params.bins,
    scale: params.scale,
    startSec: start / decoded.sampleRate,
    endSec: end / decoded.sampleRate,
  });
  return { data, columns, bins, maxHz };
}
