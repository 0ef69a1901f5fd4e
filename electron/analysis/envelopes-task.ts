// Pairs of recordings compared by how their loudness runs: are they nearly the same?
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeAudio, mixDown } from '../audio/index.ts';
import { amplitudeEnvelope, matchEnvelopes } from '../compute/embeddings/near-duplicates.ts';
import { containedPath } from '../formats/index.ts';
import type { AnalysisTasks } from '../ipc/analysis-tasks.ts';
import type { TaskContext } from '../ipc/dispatch.ts';
import type { AudioLocation } from '../ipc/worker-tasks.ts';

type Envelope = Float64Array | null;

/** Envelopes kept: pairs of one clip come close to each other, not one after the other. */
const KEPT = 2000;

/** Null for a recording that cannot be read or is sampled too slowly. */
async function envelopeOf({ root, path }: AudioLocation): Promise<Envelope> {
  try {
    const file = join(root, await containedPath(root, path));
    const decoded = await decodeAudio(await readFile(file), path);
    return amplitudeEnvelope(mixDown(decoded.channelData), decoded.sampleRate);
  } catch {
    // It is listed as unreadable where files are judged; here it is only no duplicate.
    return null;
  }
}

export async function compareEnvelopesTask(
  { pairs }: AnalysisTasks['compareEnvelopes']['params'],
  context: TaskContext<AnalysisTasks['compareEnvelopes']['item']>,
): Promise<AnalysisTasks['compareEnvelopes']['result']> {
  const known = new Map<string, Promise<Envelope>>();
  const envelope = (location: AudioLocation): Promise<Envelope> => {
    const key = `${location.root}\0${location.path}`;
    const found = known.get(key) ?? envelopeOf(location);
    known.delete(key);
    known.set(key, found);
    const [oldest] = known.keys();
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
    return found;
  };
  const similarity = new Float32Array(pairs.length).fill(Number.NaN);
  for (const [at, [first, second]] of pairs.entries()) {
    const [a, b] = [await envelope(first), await envelope(second)];
    if (a !== null && b !== null) similarity[at] = matchEnvelopes(a, b).correlation;
    if (at % 50 === 0) {
      await context.emit({ phase: 'near duplicates', done: at, total: pairs.length });
      await nextTurn();
    }
    context.signal.throwIfAborted();
  }
  return { similarity };
}
