// Walks a protobuf file field by field without loading it: lengths are checked against the file before anything is
// read, and what nobody asks for is stepped over. Knows nothing of ONNX.
import { readSync } from 'node:fs';
import { EarmarkError } from '../../../shared/errors.ts';

/** Bytes read at a time; values are read through this window. */
const WINDOW_BYTES = 1 << 16;

export interface Field {
  readonly number: number;
  /** The value of a varint field; NaN where it is no safe integer. 0 for the others. */
  readonly value: number;
  /** Where the content of a length-delimited or fixed field lies in the file. */
  readonly start: number;
  readonly end: number;
  readonly wire: 0 | 1 | 2 | 5;
}

export class ProtobufFile {
  readonly name: string;
  readonly size: number;
  private readonly descriptor: number;
  private readonly window = new Uint8Array(WINDOW_BYTES);
  private windowStart = 0;
  private windowEnd = 0;

  constructor(descriptor: number, size: number, name: string) {
    this.descriptor = descriptor;
    this.size = size;
    this.name = name;
  }

  /**
   * The fields of the message that lies from `start` to `end`.
   * @throws EarmarkError `model/damaged` where the bytes are no protobuf or reach beyond `end`.
   */
  *fields(start = 0, end = this.size): Generator<Field> {
    let at = start;
    while (at < end) {
      const tag = this.varint(at, end);
      at = tag.next;
      const number = Math.floor(tag.value / 8);
      const wire = tag.value % 8;
      if (!(number >= 1 && number < 2 ** 29)) throw this.damaged(at, 'a field number that protobuf has not');
      if (wire === 0) {
        const { value, next } = this.varint(at, end);
        yield { number, value, start: at, end: next, wire };
        at = next;
      } else if (wire === 1 || wire === 2 || wire === 5) {
        let length = wire === 1 ? 8 : 4;
        if (wire === 2) {
          const announced = this.varint(at, end);
          length = announced.value;
          at = announced.next;
        }
        if (!(length <= end - at)) {
          throw this.damaged(at, `a part of ${length} bytes where only ${end - at} bytes are left`);
        }
        yield { number, value: 0, start: at, end: at + length, wire };
        at += length;
      } else throw this.damaged(at, `the unknown wire type ${wire}`);
    }
  }

  /** A string field, cut after `limit` bytes. */
  text({ start, end }: Field, limit = 4096): string {
    const bytes = Buffer.allocUnsafe(Math.min(end - start, limit));
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.byte(start + i);
    return bytes.toString('utf8');
  }

  /** Whole numbers of a repeated field: one value, or a packed run of them, at most `limit`. */
  integers(field: Field, limit: number): number[] {
    if (field.wire === 0) return [field.value];
    const values: number[] = [];
    for (let at = field.start; at < field.end; ) {
      if (values.length >= limit) throw this.damaged(at, `more than ${limit} numbers in a list`);
      const { value, next } = this.varint(at, field.end);
      values.push(value);
      at = next;
    }
    return values;
  }

  damaged(at: number, what: string): EarmarkError {
    return new EarmarkError(
      'model/damaged',
      `${this.name} cannot be read as a model: at byte ${at} of ${this.size} there is ${what}. The file is damaged, was not copied whole, or is no ONNX file. It was not loaded.`,
      { at },
    );
  }

  private varint(at: number, end: number): { value: number; next: number } {
    let value = 0;
    let factor = 1;
    for (let next = at; next < end && next < at + 10; next++) {
      const byte = this.byte(next);
      value += (byte & 0x7f) * factor;
      factor *= 128;
      if (byte < 0x80) return { value: Number.isSafeInteger(value) ? value : Number.NaN, next: next + 1 };
    }
    throw this.damaged(at, 'a number without an end');
  }

  private byte(at: number): number {
    if (at < this.windowStart || at >= this.windowEnd) {
      const got = readSync(this.descriptor, this.window, 0, WINDOW_BYTES, at);
      if (got === 0) throw this.damaged(at, 'the end of the file');
      this.windowStart = at;
      this.windowEnd = at + got;
    }
    return this.window[at - this.windowStart]!;
  }
}
