// Brings a WebAssembly decoder back to the state it was created in, by copying its memory as it was then. The packages'
// own reset() builds a new instance, which costs as much as decoding a one-second clip; creating a new codec state
// inside the same instance leaks (opus-decoder 0.7: 23 kB each time, then wrong sound) or frees twice (mpg123-decoder
// 1.0). A copied image can do neither, and nothing of a broken stream survives it.

/** What the pinned decoder packages (all built on @wasm-audio-decoders/common) keep inside. */
interface WasmDecoder {
  readonly _common: {
    readonly wasm: {
      readonly HEAP: ArrayBuffer;
      malloc(bytes: number): number;
      free(pointer: number): void;
    };
  };
}

/** Larger than any hole a fresh heap could have, so that it is served from the unused end. */
const PROBE_BYTES = 1 << 20;
/** The allocator's own bookkeeping around the end of the used heap. */
const MARGIN_BYTES = 64;

export class PristineMemory {
  private readonly memory: Uint8Array;
  private readonly image: Uint8Array;

  /** @param decoder A decoder package's object, ready and not yet used. */
  constructor(decoder: object) {
    const { wasm } = (decoder as WasmDecoder)._common;
    this.memory = new Uint8Array(wasm.HEAP);
    // All that is allocated lies below what a large allocation gets; memory above it is unused and need not be kept.
    const probe = wasm.malloc(PROBE_BYTES);
    wasm.free(probe);
    const used = probe === 0 ? this.memory.length : Math.min(this.memory.length, probe + MARGIN_BYTES);
    this.image = this.memory.slice(0, used);
  }

  /** @throws Error when the decoder's memory has moved, which these packages' fixed-size memories never do. */
  restore(): void {
    if (this.memory.length === 0) throw new Error('the memory of the decoder has moved');
    this.memory.set(this.image);
  }
}
