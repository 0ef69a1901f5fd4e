// Numeric kernels over shared memory, called chunk by chunk by one thread or by many. Here: what a team is, its
// memory, and the team of one. The team of many is analysis/team-threads.ts.
import { EarmarkError } from '../../shared/errors.ts';
import {
  createKernelMemory,
  type Kernel,
  type KernelMemory,
  type KernelModule,
  linkKernels,
  MAX_PAGES,
  PAGE_BYTES,
} from './kernels/webassembly.ts';

export interface Team {
  readonly threads: number;
  readonly memory: KernelMemory;
  /**
   * The offset of `bytes` bytes, a multiple of 64, all zero; memory grows as needed.
   * @throws EarmarkError `memory/full`.
   */
  allocate(bytes: number): number;
  /** Gives back what was allocated at `offset` and everything allocated after it. */
  release(offset: number): void;
  /** Views of `length` elements. They stay good when the memory grows. */
  uint8(offset: number, length: number): Uint8Array;
  int32(offset: number, length: number): Int32Array;
  float32(offset: number, length: number): Float32Array;
  float64(offset: number, length: number): Float64Array;
  /**
   * Calls `kernel(chunk, ...args)` once for every chunk in 0..chunks-1, in any order and on any thread, and returns
   * when all are done. At most 24 arguments. Chunks follow from the size of the data alone and write to places of
   * their own, so that results do not depend on the number of threads.
   * @throws EarmarkError `team/thread-lost` when a thread dies: the job is lost, nothing outside the team is.
   */
  run(kernel: string, chunks: number, ...args: readonly number[]): void;
  close(): Promise<void>;
}

/** Data segments of a module lie below. */
const FIRST_OFFSET = PAGE_BYTES;
const ALIGNMENT = 64;

/** The memory of a team: places are taken in order, and given back from the end. */
export class TeamMemory {
  readonly memory = createKernelMemory();
  private next = FIRST_OFFSET;
  /** Nothing was written from here on. */
  private fresh = FIRST_OFFSET;

  allocate(bytes: number): number {
    const offset = this.next;
    const end = offset + Math.ceil(Math.max(0, bytes) / ALIGNMENT) * ALIGNMENT;
    const missing = Math.ceil((end - this.memory.buffer.byteLength) / PAGE_BYTES);
    if (!(end <= MAX_PAGES * PAGE_BYTES)) throw full(bytes, offset);
    if (missing > 0) {
      try {
        this.memory.grow(missing);
      } catch {
        throw full(bytes, offset);
      }
    }
    if (offset < this.fresh) this.uint8(offset, Math.min(end, this.fresh) - offset).fill(0);
    this.next = end;
    this.fresh = Math.max(this.fresh, end);
    return offset;
  }

  release(offset: number): void {
    this.next = Math.max(FIRST_OFFSET, Math.min(this.next, offset));
  }

  uint8(offset: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, offset, length);
  }

  int32(offset: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, offset, length);
  }

  float32(offset: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, offset, length);
  }

  float64(offset: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, offset, length);
  }
}

function full(bytes: number, used: number): EarmarkError {
  const mebibytes = (count: number): string => Math.ceil(count / 2 ** 20).toLocaleString('en');
  return new EarmarkError(
    'memory/full',
    `This needs ${mebibytes(bytes)} MiB more than the ${mebibytes(used)} MiB in use, and there is no room for it: 4,096 MiB is the most one computation can have, less on a machine short of memory. Nothing was changed. Take fewer clips or fewer dimensions (PCA first).`,
    { bytes, used },
  );
}

/** A team of this thread alone: for small inputs, and where threads are not to be had. */
export function createSoloTeam(module: KernelModule): Team {
  return new SoloTeam(module);
}

class SoloTeam extends TeamMemory implements Team {
  readonly threads = 1;
  private readonly kernels: ReadonlyMap<string, Kernel>;

  constructor(module: KernelModule) {
    super();
    this.kernels = linkKernels(module, this.memory);
  }

  run(kernel: string, chunks: number, ...args: readonly number[]): void {
    const call = findKernel(this.kernels, kernel);
    for (let chunk = 0; chunk < chunks; chunk++) call(chunk, ...args);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** @throws Error on a name that the module does not export: a mistake of the caller, not of the user. */
export function findKernel(kernels: ReadonlyMap<string, Kernel>, name: string): Kernel {
  const kernel = kernels.get(name);
  if (kernel === undefined)
    throw new Error(`No kernel '${name}'. There are: ${[...kernels.keys()].join(', ')}.`);
  return kernel;
}
