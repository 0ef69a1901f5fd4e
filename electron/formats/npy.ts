// NumPy's NPY files, versions 1 to 3 (FORMATS 16): the header and its checks on bytes alone, then reading and
// writing of files. Nothing is allocated before the shape is known to fit the bytes that are really there.
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EarmarkError } from '../../shared/errors.ts';

export type NpyData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array;

export interface NpyArray {
  /** As in the file: `<f4`, `|u1`, ... Half floats (`<f2`) arrive as Float32Array, booleans (`|b1`) as 0 and 1. */
  readonly dtype: NpyType;
  /** Empty for a single number. */
  readonly shape: readonly number[];
  /** Row-major, whatever the order in the file. */
  readonly data: NpyData;
}

export interface NpyHeader {
  readonly dtype: NpyType;
  readonly shape: readonly number[];
  readonly isFortranOrder: boolean;
  /** Product of the shape. */
  readonly count: number;
  /** Where the values start. */
  readonly dataOffset: number;
  readonly dataBytes: number;
}

const itemSizes = {
  '<f2': 2,
  '<f4': 4,
  '<f8': 8,
  '|i1': 1,
  '<i2': 2,
  '<i4': 4,
  '<i8': 8,
  '|u1': 1,
  '<u2': 2,
  '<u4': 4,
  '|b1': 1,
} as const;
export type NpyType = keyof typeof itemSizes;

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** A header longer than this is damage, not a shape. */
const MAX_HEADER_BYTES = 1 << 20;
/** The longest stretch handed to one read or write call. */
const CHUNK_BYTES = 1 << 28;

/**
 * Reads the header in `bytes` (the start of a file of `fileBytes` bytes) and checks that the values it announces
 * are there. `name` is only used in messages.
 * Errors: `npy/not-npy`, `npy/version`, `npy/truncated`, `npy/header`, `npy/object`, `npy/type`, `npy/shape`.
 */
export function parseNpyHeader(bytes: Uint8Array, fileBytes: number, name = 'The array'): NpyHeader {
  for (let i = 0; i < MAGIC.length; i++) {
    if (bytes[i] !== MAGIC[i]) {
      throw new EarmarkError(
        'npy/not-npy',
        `${name} is not an NPY file: it does not start with the bytes 93 "NUMPY".`,
      );
    }
  }
  const { start, end, major } = headerSpan(bytes, fileBytes, name);
  if (end > bytes.length) throw truncated(name, `a header up to byte ${end}`, bytes.length);
  const text = new TextDecoder(major >= 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(start, end));
  const fields = parseHeaderText(text, name);
  const dtype = acceptType(fields.descr, name);
  const count = countOf(fields.shape, name);
  const dataBytes = count * itemSizes[dtype];
  const present = fileBytes - end;
  if (!Number.isSafeInteger(dataBytes) || dataBytes > present) {
    throw new EarmarkError(
      'npy/truncated',
      `${name} announces ${shapeText(fields.shape)} values of ${dtype} (${dataBytes} bytes), but only ${present} bytes follow its header. ` +
        'The file is damaged or was not copied whole.',
      { shape: fields.shape, dtype, needed: dataBytes, present },
    );
  }
  return {
    dtype,
    shape: fields.shape,
    isFortranOrder: fields.isFortranOrder,
    count,
    dataOffset: end,
    dataBytes,
  };
}

/** Reads an NPY file held in memory. Bytes after the values are ignored, as NumPy does. Errors: as `parseNpyHeader`. */
export function parseNpy(bytes: Uint8Array, name = 'The array'): NpyArray {
  const header = parseNpyHeader(bytes, bytes.length, name);
  const end = header.dataOffset + header.dataBytes;
  // A copy of their own, so that the values are aligned: `slice` of a Node Buffer would be a view.
  return fromValues(header, new Uint8Array(bytes.subarray(header.dataOffset, end)).buffer);
}

/** Reads an NPY file. Errors: as `parseNpyHeader`, `npy/missing`, `npy/unreadable`. */
export async function readNpyFile(path: string): Promise<NpyArray> {
  const name = basename(path);
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    const { size } = await file.stat();
    const first = await readStretch(file, 0, Math.min(size, 4096));
    const span =
      first.length >= 12 && MAGIC.every((byte, i) => first[i] === byte)
        ? headerSpan(first, size, name)
        : undefined;
    const start =
      span !== undefined && span.end > first.length ? await readStretch(file, 0, span.end) : first;
    const header = parseNpyHeader(start, size, name);
    const values = await readStretch(file, header.dataOffset, header.dataBytes);
    if (values.length < header.dataBytes)
      throw truncated(name, `${header.dataBytes} bytes of values`, values.length);
    return fromValues(header, values.buffer);
  } catch (error) {
    throw error instanceof EarmarkError ? error : unreadable(path, error);
  } finally {
    await file.close();
  }
}

/**
 * The bytes of an NPY 1.0 file of a row-major array (version 2.0 where the header is too long for 1.0).
 * Errors: `npy/shape` when the shape does not count `data`'s values.
 */
export function encodeNpyHeader(data: NpyData, shape: readonly number[] = [data.length]): Uint8Array {
  if (countOf(shape, 'The array') !== data.length) {
    throw new EarmarkError(
      'npy/shape',
      `The shape ${shapeText(shape)} does not count the ${data.length} values to be written.`,
    );
  }
  return npyHeader(typeOf(data), shape);
}

/** The header alone, for files whose values are written later, row by row. */
export function npyHeader(dtype: NpyType, shape: readonly number[]): Uint8Array {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${dims}), }`;
  const isShort = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10 <= 0xffff;
  const prefix = isShort ? 10 : 12;
  const total = Math.ceil((prefix + dictionary.length + 1) / 64) * 64;
  const bytes = new Uint8Array(total).fill(0x20);
  bytes.set(MAGIC);
  bytes[6] = isShort ? 1 : 2;
  bytes[7] = 0;
  const view = new DataView(bytes.buffer);
  if (isShort) view.setUint16(8, total - prefix, true);
  else view.setUint32(8, total - prefix, true);
  bytes.set(new TextEncoder().encode(dictionary), prefix);
  bytes[total - 1] = 0x0a;
  return bytes;
}

/** A whole NPY file in memory. */
export function encodeNpy(data: NpyData, shape: readonly number[] = [data.length]): Uint8Array {
  const header = encodeNpyHeader(data, shape);
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return bytes;
}

/**
 * Writes an NPY file whole or not at all: into a temporary file beside it, synced, then renamed over `path`.
 * Errors: `npy/shape`, `npy/unwritable`.
 */
export async function writeNpyFile(
  path: string,
  data: NpyData,
  shape: readonly number[] = [data.length],
): Promise<void> {
  const header = encodeNpyHeader(data, shape);
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await writeStretch(file, header, 0);
      await writeStretch(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new EarmarkError(
      'npy/unwritable',
      `${path} could not be written (${reasonOf(error)}). A file that was there before is unchanged.`,
      { path },
    );
  }
}

/**
 * The values as 32-bit floats, for features and probabilities; the same array where it already is one.
 * 64-bit values are rounded.
 */
export function npyToFloat32({ data }: NpyArray): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array) return Float32Array.from(data, Number);
  return new Float32Array(data);
}

/**
 * The values as 32-bit integers, for labels and indices.
 * Errors: `npy/integers` naming the first value that is no 32-bit integer.
 */
export function npyToInt32({ data, dtype }: NpyArray, name = 'The array'): Int32Array {
  if (data instanceof Int32Array) return data;
  const result = new Int32Array(data.length);
  for (let i = 0; i < result.length; i++) {
    const value = Number(data[i]!);
    result[i] = value;
    if (result[i] !== value) {
      throw new EarmarkError(
        'npy/integers',
        `${name} should hold whole numbers below 2^31, but value ${i} is ${data[i]} (${dtype}).`,
        { index: i, dtype },
      );
    }
  }
  return result;
}

function headerSpan(
  bytes: Uint8Array,
  fileBytes: number,
  name: string,
): { start: number; end: number; major: number } {
  if (bytes.length < 12) throw truncated(name, 'a header of at least 12 bytes', bytes.length);
  const major = bytes[6]!;
  if (major < 1 || major > 3 || bytes[7] !== 0) {
    throw new EarmarkError(
      'npy/version',
      `${name} is NPY version ${major}.${bytes[7]}; versions 1.0, 2.0 and 3.0 can be read.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const end = start + length;
  if (length > MAX_HEADER_BYTES) {
    throw new EarmarkError(
      'npy/header',
      `${name} announces a header of ${length} bytes, more than any shape needs: the file is damaged.`,
    );
  }
  if (end > fileBytes) throw truncated(name, `a header up to byte ${end}`, fileBytes);
  return { start, end, major };
}

interface HeaderFields {
  readonly descr: string;
  readonly isFortranOrder: boolean;
  readonly shape: readonly number[];
}

/** The header is the literal of a Python dict with these three keys, in any order. */
function parseHeaderText(text: string, name: string): HeaderFields {
  const bad = (): EarmarkError =>
    new EarmarkError(
      'npy/header',
      `The header of ${name} is not readable: expected {'descr': ..., 'fortran_order': ..., 'shape': ...}, found ${JSON.stringify(text.trim().slice(0, 120))}.`,
    );
  const body = /^\{(.*)\}\s*$/s.exec(text)?.[1];
  if (body === undefined) throw bad();
  if (/(['"])descr\1\s*:\s*\[/.test(body)) {
    throw new EarmarkError(
      'npy/type',
      `${name} holds records with several fields; save each field as an array of its own.`,
    );
  }
  let descr: string | undefined;
  let isFortranOrder: boolean | undefined;
  let shape: number[] | undefined;
  const entry = /\s*(['"])(\w+)\1\s*:\s*(?:(['"])([^'"\\]*)\3|(True|False)|\(([\d\s,L-]*)\))\s*(?:,|$)/y;
  while (entry.lastIndex < body.length) {
    if (/^\s*$/.test(body.slice(entry.lastIndex))) break;
    const found = entry.exec(body);
    if (found === null) throw bad();
    const [, , key, , string, flag, tuple] = found;
    if (key === 'descr' && string !== undefined) descr = string;
    else if (key === 'fortran_order' && flag !== undefined) isFortranOrder = flag === 'True';
    else if (key === 'shape' && tuple !== undefined) {
      const parts = tuple.split(',').map((part) => part.trim());
      if (parts.at(-1) === '') parts.pop();
      // A trailing L is how Python 2 wrote long integers.
      if (!parts.every((part) => /^-?\d+L?$/.test(part))) throw bad();
      shape = parts.map((part) => Number(part.replace('L', '')));
    } else throw bad();
  }
  if (descr === undefined || isFortranOrder === undefined || shape === undefined) throw bad();
  return { descr, isFortranOrder, shape };
}

function acceptType(descr: string, name: string): NpyType {
  // One-byte types have no byte order: any mark before them means the same.
  const normal = /^[<>=|]([iub]1|\?)$/.test(descr) ? `|${descr.slice(1).replace('?', 'b1')}` : descr;
  if (Object.hasOwn(itemSizes, normal)) return normal as NpyType;
  const accepted = Object.keys(itemSizes).join(' ');
  if (/^[<>=|]?O/.test(descr)) {
    throw new EarmarkError(
      'npy/object',
      `${name} holds Python objects (${descr}), which only unpickling could read, and unpickling can run any code. ` +
        `Save a plain array instead, for example with array.astype('float32').`,
      { descr },
    );
  }
  throw new EarmarkError(
    'npy/type',
    `${name} holds values of type ${descr}; these can be read: ${accepted}.`,
    { descr },
  );
}

function countOf(shape: readonly number[], name: string): number {
  let count = 1;
  for (const dimension of shape) {
    if (!Number.isSafeInteger(dimension) || dimension < 0) throw badShape(shape, name);
    count *= dimension;
  }
  // With a zero among them the product says nothing of the others, and is 0 all the same.
  if (!Number.isSafeInteger(count)) throw badShape(shape, name);
  return count;
}

function badShape(shape: readonly number[], name: string): EarmarkError {
  return new EarmarkError(
    'npy/shape',
    `${name} has the shape ${shapeText(shape)}, which no file can hold: it is damaged.`,
  );
}

function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? '1' : shape.join(' x ');
}

function fromValues(header: NpyHeader, buffer: ArrayBuffer): NpyArray {
  const { dtype, shape, isFortranOrder } = header;
  const stored = valuesOf(dtype, buffer);
  return { dtype, shape, data: isFortranOrder && shape.length > 1 ? toRowMajor(stored, shape) : stored };
}

function valuesOf(dtype: NpyType, buffer: ArrayBuffer): NpyData {
  switch (dtype) {
    case '<f2':
      return Float32Array.from(new Uint16Array(buffer), halfToNumber);
    case '<f4':
      return new Float32Array(buffer);
    case '<f8':
      return new Float64Array(buffer);
    case '|i1':
      return new Int8Array(buffer);
    case '<i2':
      return new Int16Array(buffer);
    case '<i4':
      return new Int32Array(buffer);
    case '<i8':
      return new BigInt64Array(buffer);
    case '<u2':
      return new Uint16Array(buffer);
    case '<u4':
      return new Uint32Array(buffer);
    case '|u1':
      return new Uint8Array(buffer);
    case '|b1':
      return new Uint8Array(buffer).map((value) => (value === 0 ? 0 : 1));
  }
}

function typeOf(data: NpyData): NpyType {
  if (data instanceof Float32Array) return '<f4';
  if (data instanceof Float64Array) return '<f8';
  if (data instanceof Int8Array) return '|i1';
  if (data instanceof Int16Array) return '<i2';
  if (data instanceof Int32Array) return '<i4';
  if (data instanceof BigInt64Array) return '<i8';
  if (data instanceof Uint16Array) return '<u2';
  if (data instanceof Uint32Array) return '<u4';
  return '|u1';
}

/** IEEE 754 binary16: 1 sign bit, 5 exponent bits, 10 fraction bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Column-major to row-major: the row-major index is counted up while the column-major one is kept beside it. */
function toRowMajor(stored: NpyData, shape: readonly number[]): NpyData {
  const result = stored.slice();
  const strides: number[] = [];
  let stride = 1;
  for (const dimension of shape) {
    strides.push(stride);
    stride *= dimension;
  }
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = stored[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

async function readStretch(
  file: FileHandle,
  position: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, Math.min(CHUNK_BYTES, length - done), position + done);
    if (bytesRead === 0) return bytes.slice(0, done);
    done += bytesRead;
  }
  return bytes;
}

async function writeStretch(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const length = Math.min(CHUNK_BYTES, bytes.length - done);
    done += (await file.write(bytes, done, length, position + done)).bytesWritten;
  }
}

function truncated(name: string, expected: string, present: number): EarmarkError {
  return new EarmarkError(
    'npy/truncated',
    `${name} ends after ${present} bytes, where ${expected} was expected. It is damaged or was not copied whole.`,
    {
      present,
    },
  );
}

function unreadable(path: string, error: unknown): EarmarkError {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return isMissing
    ? new EarmarkError('npy/missing', `There is no file ${path}.`, { path })
    : new EarmarkError('npy/unreadable', `${path} could not be read (${reasonOf(error)}).`, { path });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
