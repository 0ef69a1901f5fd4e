// A text file that is written in large pieces, in UTF-8, and synced to disk when it is closed.
import { type FileHandle, open } from 'node:fs/promises';

const PIECE = 1 << 18;

export class TextOut {
  readonly #handle: FileHandle;
  #pending: string[] = [];
  #length = 0;
  #bytes = 0;
  #isClosed = false;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Never over a file that is there. */
  static async open(path: string): Promise<TextOut> {
    return new TextOut(await open(path, 'wx'));
  }

  async write(text: string): Promise<void> {
    this.#pending.push(text);
    this.#length += text.length;
    if (this.#length >= PIECE) await this.#flush();
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#pending.join(''), 'utf8');
    this.#pending = [];
    this.#length = 0;
    let written = 0;
    while (written < bytes.length) {
      written += (await this.#handle.write(bytes, written, bytes.length - written)).bytesWritten;
    }
    this.#bytes += bytes.length;
  }

  /** Bytes written. May be called again. */
  async close(): Promise<number> {
    if (this.#isClosed) return this.#bytes;
    this.#isClosed = true;
    try {
      await this.#flush();
      await this.#handle.sync();
    } finally {
      await this.#handle.close();
    }
    return this.#bytes;
  }
}
