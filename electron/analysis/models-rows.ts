// A float32 .npy file that is filled row by row in any order: full size from the start, NaN where nothing was written
// yet, so that a run that was cut off shows which rows are left.
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { EarmarkError } from '../../shared/errors.ts';
import { npyHeader, parseNpyHeader } from '../formats/index.ts';

const CHUNK_NUMBERS = 1 << 20;
const HEADER_BYTES = 4096;

export class RowsFile {
  readonly path: string;
  readonly rows: number;
  readonly width: number;
  /** Rows that were written, now or by an earlier run. */
  readonly done: Uint8Array;
  private readonly descriptor: number;
  private readonly dataOffset: number;

  private constructor(path: string, descriptor: number, rows: number, width: number, dataOffset: number) {
    this.path = path;
    this.descriptor = descriptor;
    this.rows = rows;
    this.width = width;
    this.dataOffset = dataOffset;
    this.done = new Uint8Array(rows);
  }

  /**
   * Opens what an earlier run left. Null where there is no file.
   * @throws EarmarkError `run/other-file` when the file has other rows, `npy/...` when it is damaged.
   */
  static open(path: string, rows: number): RowsFile | null {
    if (!existsSync(path)) return null;
    const descriptor = openSync(path, 'r+');
    try {
      const start = new Uint8Array(HEADER_BYTES);
      const got = readSync(descriptor, start, 0, HEADER_BYTES, 0);
      const end = fstatSync(descriptor).size;
      const header = parseNpyHeader(start.subarray(0, got), end, path);
      const [count, width] = header.shape;
      const isOurs = header.dtype === '<f4' && !header.isFortranOrder && header.shape.length === 2;
      if (!isOurs || count !== rows || width === undefined || width < 1) {
        throw new EarmarkError(
          'run/other-file',
          `${path} is there already and holds ${header.shape.join(' x ')} values of ${header.dtype}, not ${rows} rows of 32-bit numbers: it is not the beginning of this run. It was left as it is.`,
        );
      }
      const file = new RowsFile(path, descriptor, rows, width, header.dataOffset);
      file.findDone();
      return file;
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** Makes the file in full size, all NaN, whole or not at all. */
  static create(path: string, rows: number, width: number): RowsFile {
    const temporary = `${path}.new`;
    let descriptor: number | null = null;
    try {
      descriptor = openSync(temporary, 'w+');
      const header = npyHeader('<f4', [rows, width]);
      writeAll(descriptor, header, 0);
      const blank = new Float32Array(Math.min(CHUNK_NUMBERS, Math.max(1, rows * width))).fill(Number.NaN);
      for (let at = 0; at < rows * width; at += blank.length) {
        const part = blank.subarray(0, Math.min(blank.length, rows * width - at));
        writeAll(descriptor, bytesOf(part), header.length + at * 4);
      }
      fsyncSync(descriptor);
      renameSync(temporary, path);
      return new RowsFile(path, descriptor, rows, width, header.length);
    } catch (error) {
      if (descriptor !== null) closeSync(descriptor);
      rmSync(temporary, { force: true });
      throw new EarmarkError(
        'run/unwritable',
        `${path} could not be written (${error instanceof Error ? error.message : String(error)}); ${rows} rows of ${width} numbers need ${Math.ceil((rows * width * 4) / 2 ** 20)} MiB. Nothing was changed.`,
        { path },
      );
    }
  }

  write(row: number, values: Float32Array): void {
    if (values.length !== this.width)
      throw new RangeError(`${values.length} numbers for rows of ${this.width}`);
    writeAll(this.descriptor, bytesOf(values), this.dataOffset + row * this.width * 4);
    this.done[row] = 1;
  }

  close(): void {
    fsyncSync(this.descriptor);
    closeSync(this.descriptor);
  }

  private findDone(): void {
    const { width } = this;
    const perChunk = Math.max(1, Math.floor(CHUNK_NUMBERS / width));
    for (let from = 0; from < this.rows; from += perChunk) {
      const count = Math.min(perChunk, this.rows - from);
      const chunk = new Float32Array(count * width);
      readSync(this.descriptor, bytesOf(chunk), 0, chunk.byteLength, this.dataOffset + from * width * 4);
      for (let row = 0; row < count; row++) {
        const values = chunk.subarray(row * width, (row + 1) * width);
        this.done[from + row] = values.some(Number.isNaN) ? 0 : 1;
      }
    }
  }
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function writeAll(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
  }
}
