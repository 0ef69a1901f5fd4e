// arrays knn | tsne | umap | pca on input that is small, flat, empty or broken: a sentence and an exit code, and no
// output file after an error.
import { existsSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRandom } from '../compute/random.ts';
import { encodeNpy, type NpyArray, type NpyData, npyToFloat32, readNpyFile } from '../formats/npy.ts';
import { earmark, earmarkError } from '../testing/command.ts';
import { temporaryFolder } from '../testing/folders.ts';

const folder = temporaryFolder();
const out = join(folder, 'out.npy');

/** Writes an array; returns the path of its file. */
function write(name: string, data: NpyData, shape: readonly number[]): string {
  const file = join(folder, name);
  writeFileSync(file, encodeNpy(data, shape));
  return file;
}

/** An NPY 1.0 file with a header that nothing here would write. */
function forge(name: string, header: string, values: Uint8Array = new Uint8Array(64)): string {
  const text = `${header.padEnd(117)}\n`;
  const file = join(folder, name);
  writeFileSync(
    file,
    Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), Buffer.of(118, 0), Buffer.from(text), values]),
  );
  return file;
}

function noise(rows: number, columns: number): Float32Array {
  const random = createRandom(7);
  return Float32Array.from({ length: rows * columns }, () => random() - 0.5);
}

const count = z.number().int().nonnegative();
const figure = z.number().nullable();
const map = z.strictObject({
  method: z.string(),
  n: count,
  seconds: z.number(),
  kl: figure,
  trustworthiness: figure,
  knnRecall: figure,
  varianceExplained: z.array(z.number()).nullable(),
  iterations: count,
  isStopped: z.boolean(),
  notes: z.array(z.string()),
  seed: count,
});
const neighbours = z.strictObject({
  n: count,
  k: count,
  method: z.string(),
  recall: figure,
  recallSample: figure,
  metric: z.string(),
  seconds: z.number(),
  notes: z.array(z.string()),
  seed: count,
});

async function project(method: 'tsne' | 'umap' | 'pca', features: string, ...more: string[]) {
  const report = await earmark(map, ['arrays', method, '--features', features, '--out', out, ...more]);
  return { report, array: await readNpyFile(out) };
}

const isWhole = ({ data }: NpyArray): boolean => (data as Float32Array).every(Number.isFinite);

describe('few points', () => {
  it.each([
    [1, ['tsne', 'umap', 'pca']],
    [2, ['tsne']],
    [3, ['umap']],
  ] as const)('%i of them have a place each', async (n, methods) => {
    const features = write(`few-${n}.npy`, noise(n, 4), [n, 4]);
    for (const method of methods) {
      const { report, array } = await project(method, features);
      expect(report.n).toBe(n);
      expect(array.shape).toEqual([n, 2]);
      expect(isWhole(array)).toBe(true);
    }
  });

  it('have all the others as neighbours, when more are asked for', async () => {
    const features = write('three.npy', Float32Array.of(0, 0, 1, 0, 3, 0), [3, 2]);
    const found = await earmark(neighbours, ['arrays', 'knn', '--features', features, '--out', out]);
    expect(found).toMatchObject({
      n: 3,
      k: 2,
      notes: [expect.stringMatching(/15 neighbours each: 2 were found/), expect.anything()],
    });
    expect((await readNpyFile(out)).data).toEqual(Int32Array.of(1, 2, 0, 2, 1, 0));
  });

  it('lower the perplexity, with a note', async () => {
    const { report } = await project('tsne', write('fifty.npy', noise(50, 6), [50, 6]), '--iterations', '20');
    expect(report.notes).toEqual([
      expect.stringMatching(/^Perplexity 30 needs more than 50 points; 16\.3 was taken/),
    ]);
  });
});

describe('points that say little', () => {
  it('all of them equal are drawn, and the note says that it means nothing', async () => {
    const features = write('equal.npy', new Float32Array(120).fill(3), [40, 3]);
    const { report, array } = await project('tsne', features);
    expect(report.notes.at(-1)).toMatch(/^All rows are equal/);
    expect(isWhole(array)).toBe(true);
  });

  it('constant columns change nothing', async () => {
    const values = noise(30, 2);
    const wide = Float32Array.from({ length: 120 }, (_, at) =>
      at % 4 < 2 ? (values[2 * Math.floor(at / 4) + (at % 4)] ?? 0) : at % 4,
    );
    const plain = await project('pca', write('plain.npy', values, [30, 2]));
    const withConstants = await project('pca', write('constant.npy', wide, [30, 4]));
    for (const [at, value] of npyToFloat32(withConstants.array).entries())
      expect(value).toBeCloseTo(Number(plain.array.data[at]), 5);
  });

  it('rows of NaN have no place, and are counted', async () => {
    const values = noise(30, 4).fill(Number.NaN, 8, 12);
    const { report, array } = await project('umap', write('row.npy', values, [30, 4]));
    expect(report).toMatchObject({ n: 29, notes: ['1 of 30 rows is empty (NaN) and left out.'] });
    const places = npyToFloat32(array);
    expect(places.findIndex(Number.isNaN)).toBe(4);
    expect(places.filter(Number.isNaN)).toHaveLength(2);
  });
});

it('Half floats and Fortran order are read as what they are', async () => {
  // 0, 1, 2 and -2, exact in 16 bits.
  const halves = Uint16Array.of(0, 0x3c00, 0x4000, 0xc000);
  const half = forge(
    'half.npy',
    "{'descr': '<f2', 'fortran_order': False, 'shape': (4, 1), }",
    new Uint8Array(halves.buffer),
  );
  const numbers = Float32Array.of(0, 1, 2, -2, 0, 0, 0, 0);
  const columns = forge(
    'fortran.npy',
    "{'descr': '<f4', 'fortran_order': True, 'shape': (4, 2), }",
    new Uint8Array(numbers.buffer),
  );
  const places = [half, columns].map(async (file) => {
    const to = `${file}.out.npy`;
    await earmark(map, ['arrays', 'pca', '--features', file, '--out', to]);
    return Array.from(npyToFloat32(await readNpyFile(to)), (value) => Math.abs(value));
  });
  for (const found of await Promise.all(places)) expect(found).toEqual([0.25, 0, 0.75, 0, 1.75, 0, 2.25, 0]);
});

describe('refused, with nothing written', () => {
  const header = (descr: string, shape: string): string =>
    `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`;
  const cut = (): string => {
    const file = write('cut.npy', noise(20, 4), [20, 4]);
    truncateSync(file, 300);
    return file;
  };
  const csv = (): string => {
    const file = join(folder, 'csv.npy');
    writeFileSync(file, 'a,b\n1,2\n3,4\n');
    return file;
  };
  const inputs: readonly (readonly [what: string, file: () => string, code: string, sentence: RegExp])[] = [
    [
      'a NaN',
      () => write('nan.npy', noise(20, 4).fill(Number.NaN, 9, 10), [20, 4]),
      'features/not-finite',
      /1 of 20 rows, the first is row 2/,
    ],
    [
      'no row at all',
      () => write('none.npy', new Float32Array(0), [0, 4]),
      'features/none',
      /it has no rows/,
    ],
    [
      'numbers too large',
      () => write('large.npy', noise(20, 4).fill(2e38), [20, 4]),
      'features/too-large',
      /Scale/,
    ],
    ['Python objects', () => forge('object.npy', header('|O', '2, 2')), 'npy/object', /astype/],
    [
      'a header that claims terabytes',
      () => forge('tera.npy', header('<f4', '1099511627776, 64')),
      'npy/truncated',
      /only 64 bytes follow/,
    ],
    ['a file that was cut', cut, 'npy/truncated', /not copied whole/],
    ['a CSV named .npy', csv, 'npy/not-npy', /not an NPY file/],
  ];
  const methods = ['knn', 'tsne', 'umap', 'pca'] as const;
  it.each(inputs)('%s', async (what, file, code, sentence) => {
    rmSync(out, { force: true });
    const method = methods[inputs.findIndex(([name]) => name === what) % methods.length] ?? 'knn';
    const refused = await earmarkError(['arrays', method, '--features', file(), '--out', out]);
    expect(refused.message).toMatch(sentence);
    expect(refused).toMatchObject({ exitCode: 3, code });
    expect(existsSync(out)).toBe(false);
  });

  it('wrong numbers and places that cannot be written, before anything is computed', async () => {
    rmSync(out, { force: true });
    const features = write('good.npy', noise(20, 4), [20, 4]);
    const nowhere = join(folder, 'nowhere/x.npy');
    const wrong: readonly (readonly [args: string[], exitCode: number, code: string, sentence: RegExp])[] = [
      [['tsne', '--out', out, '--perplexity', 'x'], 2, 'usage/map', /--perplexity/],
      [['umap', '--out', out, '--min-dist', '3'], 2, 'usage/map', /--min-dist/],
      [['knn', '--out', out, '-k', '0'], 2, 'usage/arguments', /-k/],
      [['pca', '--out', features], 2, 'usage/arrays', /is the input/],
      [['pca', '--out', nowhere], 3, 'arrays/unwritable', /nowhere.*Nothing was computed/],
      [
        ['knn', '--out', out, '--distances-out', nowhere],
        3,
        'arrays/unwritable',
        /nowhere.*Nothing was computed/,
      ],
    ];
    for (const [args, exitCode, code, sentence] of wrong) {
      const refused = await earmarkError(['arrays', ...args, '--features', features]);
      expect(refused.message).toMatch(sentence);
      expect(refused).toMatchObject({ exitCode, code });
    }
    expect(existsSync(out)).toBe(false);
  });
});
