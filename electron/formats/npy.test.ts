import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EarmarkError } from '../../shared/errors.ts';
import { hasShared, sharedPath } from '../testing/shared-data.ts';
import {
  encodeNpy,
  type NpyData,
  npyToFloat32,
  npyToInt32,
  parseNpy,
  parseNpyHeader,
  readNpyFile,
  writeNpyFile,
} from './npy.ts';

/** A file with this header text, of the given version, followed by these bytes. */
function npy(header: string, body: Uint8Array = new Uint8Array(0), major = 1): Uint8Array {
  const prefix = major === 1 ? 10 : 12;
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(prefix + text.length + body.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, major, 0]);
  const view = new DataView(bytes.buffer);
  if (major === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(text, prefix);
  bytes.set(body, prefix + text.length);
  return bytes;
}

const dict = (descr: string, shape: string, fortran = 'False'): string =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;

const bytesOf = (data: NpyData): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof EarmarkError ? error.code : `not expected: ${String(error)}`;
  }
  return 'no error';
}

const arrays: fc.Arbitrary<NpyData> = fc.oneof(
  fc.float32Array(),
  fc.float64Array(),
  fc.int8Array(),
  fc.int16Array(),
  fc.int32Array(),
  fc.bigInt64Array(),
  fc.uint8Array(),
  fc.uint16Array(),
  fc.uint32Array(),
);

describe('NPY', () => {
  it('what is written is read again, whatever the type', () => {
    fc.assert(
      fc.property(arrays, (data) => {
        const read = parseNpy(encodeNpy(data));
        expect(read.shape).toEqual([data.length]);
        expect(read.data).toEqual(data);
      }),
    );
  });

  it('the shape is kept, from a single number to many dimensions', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 5 }), (shape) => {
        const count = shape.reduce((product, dimension) => product * dimension, 1);
        const read = parseNpy(encodeNpy(Float32Array.from({ length: count }, Math.sqrt), shape));
        expect(read.shape).toEqual(shape);
        expect(read.data.length).toBe(count);
      }),
    );
  });

  it('column-major arrays are turned to row-major', () => {
    // [[1, 2, 3], [4, 5, 6]] column by column.
    const body = bytesOf(Int32Array.of(1, 4, 2, 5, 3, 6));
    expect(parseNpy(npy(dict('<i4', '(2, 3)', 'True'), body)).data).toEqual(Int32Array.of(1, 2, 3, 4, 5, 6));
    const cube = Int32Array.from({ length: 24 }, (_, at) => {
      const [i, j, l] = [at % 2, Math.floor(at / 2) % 3, Math.floor(at / 6)];
      return i * 100 + j * 10 + l;
    });
    const read = parseNpy(npy(dict('<i4', '(2, 3, 4)', 'True'), bytesOf(cube)));
    expect([...(read.data as Int32Array)].slice(0, 6)).toEqual([0, 1, 2, 3, 10, 11]);
    expect(read.data.at(-1)).toBe(123);
  });

  it('half floats, booleans and all three versions are read', () => {
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x7c00, 0x8000);
    const read = parseNpy(npy(dict('<f2', '(6,)'), bytesOf(halves), 2));
    expect([...(read.data as Float32Array)]).toEqual([
      1,
      -2,
      0.333251953125,
      2 ** -24,
      Number.POSITIVE_INFINITY,
      -0,
    ]);
    expect(parseNpy(npy(dict('|b1', '(3,)'), Uint8Array.of(0, 1, 7), 3)).data).toEqual(
      Uint8Array.of(0, 1, 1),
    );
    expect(parseNpy(npy(dict('<u1', '(2L, 1L)'), Uint8Array.of(4, 5))).shape).toEqual([2, 1]);
  });

  it('Python objects are refused by name, and never opened', () => {
    const pickle = npy(dict('|O', '(2,)'), Uint8Array.of(0x80, 4, 0x95));
    expect(() => parseNpy(pickle, 'labels.npy')).toThrow(
      /labels\.npy holds Python objects \(\|O\).*unpickling/,
    );
  });

  it.each([
    ['text', dict('<U12', '(2,)'), 'npy/type'],
    ['big-endian numbers', dict('>f4', '(2,)'), 'npy/type'],
    ['complex numbers', dict('<c8', '(2,)'), 'npy/type'],
    ['records', "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", 'npy/type'],
    ['a negative dimension', dict('<f4', '(-1, 2)'), 'npy/shape'],
    ['a shape beyond all numbers', dict('<f4', `(${'9'.repeat(40)},)`), 'npy/shape'],
    ['a product beyond all numbers', dict('<f4', '(4294967296, 4294967296)'), 'npy/shape'],
    ['terabytes that are not there', dict('<f8', '(500000, 1000000)'), 'npy/truncated'],
    ['a missing key', "{'descr': '<f4', 'shape': (1,), }", 'npy/header'],
    [
      'code instead of a shape',
      "{'descr': '<f4', 'fortran_order': False, 'shape': __import__('os'), }",
      'npy/header',
    ],
    ['an unknown key', "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': True}", 'npy/header'],
    ['no dict at all', 'hello', 'npy/header'],
  ])('%s: says what is wrong instead of reading on', (_, header, code) => {
    expect(codeOf(() => parseNpy(npy(header, new Uint8Array(16))))).toBe(code);
  });

  it('a file cut short is refused wherever it is cut', () => {
    const whole = encodeNpy(Float32Array.of(1, 2, 3, 4), [2, 2]);
    for (let length = 0; length < whole.length; length++) {
      expect(codeOf(() => parseNpy(whole.subarray(0, length)))).toMatch(/^npy\/(truncated|not-npy)$/);
    }
    expect(codeOf(() => parseNpy(whole))).toBe('no error');
  });

  it('damaged bytes give a sentence or an array, never a crash', () => {
    const whole = encodeNpy(Float32Array.from({ length: 30 }, Math.sin), [5, 6]);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(127), fc.nat(255)), { minLength: 1, maxLength: 8 }), (damage) => {
        const bytes = whole.slice();
        for (const [at, value] of damage) bytes[at] = value;
        expect(codeOf(() => parseNpy(bytes))).toMatch(/^(npy\/|no error)/);
      }),
      { numRuns: 500 },
    );
  });

  it('a header that announces gigabytes of header is damage', () => {
    const bytes = npy(dict('<f4', '(1,)'), new Uint8Array(4), 2);
    new DataView(bytes.buffer).setUint32(8, 0xffffffff, true);
    expect(codeOf(() => parseNpyHeader(bytes, 2 ** 40))).toBe('npy/header');
    expect(codeOf(() => parseNpyHeader(npy('x', undefined, 9), 100))).toMatch(/npy\/(version|truncated)/);
  });

  it('labels must be whole numbers that fit', () => {
    const ints = (data: NpyData): Int32Array => npyToInt32(parseNpy(encodeNpy(data)), 'labels.npy');
    expect(ints(BigInt64Array.of(3n, -1n))).toEqual(Int32Array.of(3, -1));
    expect(ints(Float32Array.of(3, 4))).toEqual(Int32Array.of(3, 4));
    expect(() => ints(Float64Array.of(1, 2.5))).toThrow(
      /labels\.npy should hold whole numbers.*value 1 is 2\.5/,
    );
    expect(() => ints(BigInt64Array.of(2n ** 40n))).toThrow(/value 0 is 1099511627776/);
    expect(() => ints(Uint32Array.of(4294967295))).toThrow(/4294967295/);
    expect(npyToFloat32(parseNpy(encodeNpy(BigInt64Array.of(2n))))).toEqual(Float32Array.of(2));
  });
});

describe('NPY files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'earmark-npy-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('a written file is read again and leaves nothing beside it', async () => {
    const path = join(folder, 'a.npy');
    await writeFile(path, 'an older file');
    const data = Float32Array.from({ length: 12345 }, Math.random);
    await writeNpyFile(path, data, [12345, 1]);
    expect(await readNpyFile(path)).toEqual({ dtype: '<f4', shape: [12345, 1], data });
    expect(await readdir(folder)).toEqual(['a.npy']);
    expect((await readFile(path)).indexOf(bytesOf(data)) % 64).toBe(0);
  });

  it('a file that cannot be written leaves the old one as it was', async () => {
    const path = join(folder, 'taken');
    await expect(writeNpyFile(join(path, 'no', 'b.npy'), Int32Array.of(1))).rejects.toThrow(
      /could not be written/,
    );
    await expect(writeNpyFile(path, Int32Array.of(1, 2), [3])).rejects.toThrow(/does not count the 2 values/);
    expect(await readdir(folder)).toEqual(['a.npy']);
  });

  it('a missing file, an empty file and a folder are said to be so', async () => {
    await expect(readNpyFile(join(folder, 'none.npy'))).rejects.toThrow(/There is no file/);
    await expect(readNpyFile(folder)).rejects.toMatchObject({ code: 'npy/unreadable' });
    await writeFile(join(folder, 'empty.npy'), '');
    await expect(readNpyFile(join(folder, 'empty.npy'))).rejects.toMatchObject({ code: 'npy/not-npy' });
    await writeFile(join(folder, 'short.npy'), encodeNpy(Float64Array.of(1, 2)).subarray(0, 140));
    await expect(readNpyFile(join(folder, 'short.npy'))).rejects.toThrow(
      /16 bytes\), but only 12 bytes follow/,
    );
  });

  it('a header longer than the first stretch is read whole', async () => {
    const path = join(folder, 'long.npy');
    const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }${' '.repeat(70000)}\n`;
    await writeFile(path, npy(header, bytesOf(Float32Array.of(5, 6)), 2));
    expect((await readNpyFile(path)).data).toEqual(Float32Array.of(5, 6));
  });

  it.skipIf(!hasShared)('the reference arrays are read with their shapes', async () => {
    const shapeOf = async (name: string) => {
      const { shape, dtype } = await readNpyFile(sharedPath('golden', 'fsdd-noisy', name));
      return [dtype, ...shape];
    };
    expect(await shapeOf('pred_probs.npy')).toEqual(['<f4', 3000, 10]);
    expect(await shapeOf('outlier_score_k10.npy')).toEqual(['<f8', 3000]);
    expect(await shapeOf('knn15_cosine_idx.npy')).toEqual(['<i4', 3000, 15]);
  });

  it('reads an array that lies in the middle of a Node buffer', () => {
    const values = new Float32Array([0.25, -1, 3]);
    const file = Buffer.concat([Buffer.from('xyz'), encodeNpy(values)]).subarray(3);
    expect(parseNpy(file).data).toEqual(values);
  });
});
