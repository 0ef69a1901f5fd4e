// A scanning thread: reads files, decodes and measures them. Blocking reads on purpose: on a thread of its own they
// are twice as fast as asynchronous ones for small files.
import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import type { FileFailure } from '../../shared/domain/dataset.ts';
import { EarmarkError, toErrorData } from '../../shared/errors.ts';
import { inspectAudio } from '../audio/index.ts';
import { FILE_UNCHANGED, type FileColumns, fileColumns, memoryOf, setAudio } from '../ipc/clip-columns.ts';
import type { ScanReply, ScanRequest } from './scan-protocol.ts';

/** Larger files are refused: a clip is not that long, and decoding would not fit in memory. */
const MAX_FILE_BYTES = 2 ** 31 - 1;

/**
 * Files up to this size are read into the same memory one after the other: fresh memory for each would cost as much
 * as reading a short clip does, and it stays in the processor's cache.
 */
const SHARED_BYTES = 2 ** 20;
const shared = Buffer.allocUnsafeSlow(SHARED_BYTES);

/** The file's bytes, good until the next call. */
function readWhole(descriptor: number, bytes: number): Uint8Array {
  const content = bytes <= SHARED_BYTES ? shared : Buffer.allocUnsafeSlow(bytes);
  let filled = 0;
  while (filled < bytes) {
    const got = readSync(descriptor, content, filled, bytes - filled, null);
    if (got === 0) break;
    filled += got;
  }
  return content.subarray(0, filled);
}

function fileError(error: unknown, path: string): FileFailure {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT')
    return { file: path, code: 'audio/missing', message: `${path}: the file is not there.` };
  if (code === 'EACCES' || code === 'EPERM') {
    return { file: path, code: 'audio/forbidden', message: `${path}: this account may not read the file.` };
  }
  const data = toErrorData(error);
  return {
    file: path,
    code: data.code,
    message: data.message.includes(path) ? data.message : `${path}: ${data.message}`,
  };
}

async function scanFile(request: ScanRequest, row: number, files: FileColumns): Promise<void> {
  const path = request.paths[row] as string;
  const descriptor = openSync(join(request.root, path), 'r');
  let content: Uint8Array;
  let stat: Stats;
  try {
    stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new EarmarkError('audio/not-a-file', 'this is no regular file.');
    files.bytes[row] = stat.size;
    files.modifiedMs[row] = stat.mtimeMs;
    if (stat.size === request.knownBytes[row] && stat.mtimeMs === request.knownModifiedMs[row]) {
      files.states[row] = FILE_UNCHANGED;
      return;
    }
    if (stat.size > MAX_FILE_BYTES) {
      throw new EarmarkError(
        'audio/too-large',
        `the file has ${stat.size} bytes; at most ${MAX_FILE_BYTES} can be read. Cut the recording into parts.`,
      );
    }
    content = readWhole(descriptor, stat.size);
  } finally {
    closeSync(descriptor);
  }
  const { measures, thumbnail } = await inspectAudio(content, path);
  setAudio(files, row, measures, thumbnail);
}

async function scan(request: ScanRequest): Promise<ScanReply> {
  const files = fileColumns(request.paths.length);
  const failures: FileFailure[] = [];
  for (let row = 0; row < request.paths.length; row++) {
    try {
      await scanFile(request, row, files);
    } catch (error) {
      failures.push(fileError(error, request.paths[row] as string));
    }
  }
  return { files, failures };
}

parentPort?.on('message', (request: ScanRequest) => {
  void scan(request).then((reply) => parentPort?.postMessage(reply, memoryOf(reply.files)));
});

// Ended with the worker process, see there.
setImmediate(flushCompileCache);
