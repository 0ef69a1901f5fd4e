// Messages between the worker process and its scanning threads: files in, what their audio shows out.
import type { FileFailure } from '../../shared/domain/dataset.ts';
import type { FileColumns } from '../ipc/clip-columns.ts';

export interface ScanRequest {
  readonly root: string;
  readonly paths: readonly string[];
  /** Of the last import, -1 where the file is new: same size and time = not read again. */
  readonly knownBytes: Float64Array;
  readonly knownModifiedMs: Float64Array;
}

export interface ScanReply {
  /** One row per path; FILE_FAILED where `failures` has the reason. */
  readonly files: FileColumns;
  readonly failures: readonly FileFailure[];
}
