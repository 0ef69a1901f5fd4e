// The import task: a format lists clips, threads read their audio, batches stream to the engine.

import type { FileFailure } from '../../shared/domain/dataset.ts';
import { type ClipSource, readerFor, rootOf } from '../formats/index.ts';
import { fileColumns, packSources } from '../ipc/clip-columns.ts';
import type { TaskContext } from '../ipc/dispatch.ts';
import type { KnownFiles, WorkerTasks } from '../ipc/worker-tasks.ts';
import type { ScanPool } from './scan-pool.ts';
import type { ScanReply } from './scan-protocol.ts';

/** Files a thread takes at once: enough to hide messages, few enough for smooth progress and prompt cancelling. */
const FILES_PER_SCAN = 256;

/** Size and time of each path at the last import, -1 where it is new. */
function lookUp(known: KnownFiles): (paths: readonly string[]) => {
  knownBytes: Float64Array;
  knownModifiedMs: Float64Array;
} {
  const rows = new Map(known.paths.map((path, row) => [path, row]));
  return (paths) => {
    const knownBytes = new Float64Array(paths.length).fill(-1);
    const knownModifiedMs = new Float64Array(paths.length).fill(-1);
    if (rows.size === 0) return { knownBytes, knownModifiedMs };
    for (const [index, path] of paths.entries()) {
      const row = rows.get(path);
      if (row === undefined) continue;
      knownBytes[index] = known.bytes[row] ?? -1;
      knownModifiedMs[index] = known.modifiedMs[row] ?? -1;
    }
    return { knownBytes, knownModifiedMs };
  };
}

export async function importTask(
  params: WorkerTasks['import']['params'],
  context: TaskContext<WorkerTasks['import']['item']>,
  pool: ScanPool,
): Promise<WorkerTasks['import']['result']> {
  const { source, format, options } = params;
  const root = await rootOf(source, format, options);
  const knownOf = lookUp(params.known);
  let pendingFailures: FileFailure[] = [];
  let listed = 0;
  let isListingComplete = false;

  const takeFailures = (): FileFailure[] => {
    const taken = pendingFailures;
    pendingFailures = [];
    return taken;
  };
  // Threads work in any order; batches are sent in the format's order, so that clips get their numbers in it.
  const scanned: Promise<{ batch: readonly ClipSource[]; reply: ScanReply }>[] = [];
  const scan = (batch: readonly ClipSource[]): void => {
    const paths = batch.map((clip) => clip.path);
    const work = pool.scan({ root, paths, ...knownOf(paths) });
    scanned.push(work.then((reply) => ({ batch, reply })));
  };
  const sendFirst = async (): Promise<void> => {
    const first = await scanned.shift();
    if (!first) return;
    await context.emit({
      sources: packSources(first.batch),
      files: first.reply.files,
      failures: [...takeFailures(), ...first.reply.failures],
      listed,
      isListingComplete,
    });
  };
  const start = async (batch: readonly ClipSource[]): Promise<void> => {
    scan(batch);
    if (scanned.length > pool.size * 2) await sendFirst();
  };

  let batch: ClipSource[] = [];
  const seen = new Set<string>();
  for await (const sources of readerFor(format).read(source, options, {
    failure: (found) => pendingFailures.push(found),
    signal: context.signal,
  })) {
    for (const clip of sources) {
      if (seen.has(clip.path)) {
        pendingFailures.push({
          file: clip.path,
          code: 'manifest/duplicate-path',
          message: `${clip.path} is named more than once; the first row is used.`,
        });
        continue;
      }
      seen.add(clip.path);
      batch.push(clip);
      if (batch.length === FILES_PER_SCAN) {
        listed += batch.length;
        await start(batch);
        batch = [];
      }
    }
    context.signal.throwIfAborted();
  }
  listed += batch.length;
  isListingComplete = true;
  if (batch.length > 0) scan(batch);
  while (scanned.length > 0) await sendFirst();
  const left = takeFailures();
  if (left.length > 0) {
    const nothing = { sources: packSources([]), files: fileColumns(0) };
    await context.emit({ ...nothing, failures: left, listed, isListingComplete });
  }
  return { files: listed };
}
