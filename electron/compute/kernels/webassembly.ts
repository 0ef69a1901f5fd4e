// The little of WebAssembly's interface that the kernels need: the compiler's libraries name it only together with
// the whole DOM.

/** Compiled code; may be posted to a thread. */
export type KernelModule = object;

export type Kernel = (chunk: number, ...args: number[]) => void;

export interface KernelMemory {
  /** As long as the memory is now: one got before it grew shows only the old length. */
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

export const PAGE_BYTES = 65_536;
/** 4 GiB, the most that 32-bit addresses reach. */
export const MAX_PAGES = 65_536;

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => KernelModule;
  readonly Instance: new (module: KernelModule, imports: object) => { readonly exports: unknown };
  readonly Memory: new (size: { initial: number; maximum: number; shared: true }) => KernelMemory;
};

/** Compiles a generated module (`*.wasm.ts`). */
export function compileKernels(base64: string): KernelModule {
  return new WebAssembly.Module(Buffer.from(base64, 'base64'));
}

/** One page of shared memory, which grows. */
export function createKernelMemory(): KernelMemory {
  return new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
}

/** The kernels of a module by name, working on `memory`. */
export function linkKernels(module: KernelModule, memory: KernelMemory): ReadonlyMap<string, Kernel> {
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  return new Map(
    Object.entries(instance.exports as Record<string, unknown>).filter(
      (entry): entry is [string, Kernel] => typeof entry[1] === 'function',
    ),
  );
}
