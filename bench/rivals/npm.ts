// Rivals from npm, which are no dependencies of this project: `npm install sqlite-vec hnswlib-node
// @saehrimnir/druidjs` in a folder of its own, named in EARMARK_RIVALS. Prints JSON as the rivals in Python do:
// node bench/rivals/npm.ts sqlite-vec | hnswlib-node POINTS.npy K OUT.npy, or druidjs POINTS.npy ITERATIONS
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { npyToFloat32, readNpyFile, writeNpyFile } from '../../electron/formats/npy.ts';

interface HierarchicalNsw {
  initIndex(options: { maxElements: number; m: number; efConstruction: number }): void;
  addPoint(point: readonly number[], label: number): void;
  setEf(ef: number): void;
  searchKnn(point: readonly number[], k: number): { readonly neighbors: readonly number[] };
}

interface Hnswlib {
  readonly HierarchicalNSW: new (space: 'l2', d: number) => HierarchicalNsw;
}

interface SqliteVec {
  load(database: Database.Database): void;
}

interface Druid {
  readonly TSNE: new (
    points: readonly (readonly number[])[],
    options: { readonly perplexity: number; readonly d: number; readonly seed: number },
  ) => { generator(iterations: number): Iterable<unknown> };
}

/** As deep as recall 0.99 asks on the points of these benches. */
const hnsw = { m: 16, efConstruction: 200, ef: 120 };
const QUERIES = 50;

const folder = process.env.EARMARK_RIVALS ?? import.meta.dirname;
const fromRivals = createRequire(join(folder, 'package.json'));

async function readPoints(path: string): Promise<{ points: Float32Array; n: number; d: number }> {
  const array = await readNpyFile(path);
  const [n, d] = array.shape as [number, number];
  return { points: npyToFloat32(array), n, d };
}

function seconds(since: number): number {
  return (performance.now() - since) / 1000;
}

/** The graph of all points, on the one thread that the package has. */
async function hnswlib(path: string, k: number, out: string): Promise<object> {
  const { HierarchicalNSW } = fromRivals('hnswlib-node') as Hnswlib;
  const { points, n, d } = await readPoints(path);
  const rows = Array.from({ length: n }, (_, row) => Array.from(points.subarray(row * d, (row + 1) * d)));
  const start = performance.now();
  const index = new HierarchicalNSW('l2', d);
  index.initIndex({ maxElements: n, m: hnsw.m, efConstruction: hnsw.efConstruction });
  for (const [row, point] of rows.entries()) index.addPoint(point, row);
  index.setEf(hnsw.ef);
  const found = new Int32Array(n * k);
  for (const [row, point] of rows.entries()) {
    const others = index.searchKnn(point, k + 1).neighbors.filter((other) => other !== row);
    found.set(others.slice(0, k), row * k);
  }
  const took = seconds(start);
  await writeNpyFile(out, found, [n, k]);
  return { seconds: took, version: versionOf('hnswlib-node') };
}

/** The neighbours of the first rows, one query after the other, with the table in memory. */
async function sqliteVec(path: string, k: number, out: string): Promise<object> {
  const { load } = fromRivals('sqlite-vec') as SqliteVec;
  const { points, n, d } = await readPoints(path);
  const database = new Database(':memory:');
  load(database);
  database.exec(`CREATE VIRTUAL TABLE clips USING vec0(embedding float[${d}])`);
  const insert = database.prepare('INSERT INTO clips(rowid, embedding) VALUES (?, ?)');
  const bytesOf = (row: number) => Buffer.from(points.buffer, points.byteOffset + row * d * 4, d * 4);
  database.transaction(() => {
    for (let row = 0; row < n; row++) insert.run(BigInt(row), bytesOf(row));
  })();
  const nearest = database.prepare('SELECT rowid AS row FROM clips WHERE embedding MATCH ? AND k = ?');
  const found = new Int32Array(QUERIES * k);
  nearest.all(bytesOf(0), k + 1);
  const start = performance.now();
  for (let query = 0; query < QUERIES; query++) {
    const rows = nearest.all(bytesOf(query), k + 1) as { readonly row: number }[];
    const others = rows.map(({ row }) => row).filter((row) => row !== query);
    found.set(others.slice(0, k), query * k);
  }
  const took = seconds(start) / QUERIES;
  await writeNpyFile(out, found, [QUERIES, k]);
  return { seconds: took, version: versionOf('sqlite-vec') };
}

/** Seconds of one iteration of t-SNE, after its table of all distances was made. */
async function druid(path: string, iterations: number): Promise<object> {
  const { TSNE } = (await import(fromRivals.resolve('@saehrimnir/druidjs'))) as Druid;
  const { points, n, d } = await readPoints(path);
  const rows = Array.from({ length: n }, (_, row) => Array.from(points.subarray(row * d, (row + 1) * d)));
  const steps = new TSNE(rows, { perplexity: 30, d: 2, seed: 1 }).generator(iterations)[Symbol.iterator]();
  steps.next();
  const start = performance.now();
  let done = 0;
  while (!steps.next().done) done++;
  return { seconds: seconds(start) / done, version: versionOf('@saehrimnir/druidjs') };
}

function versionOf(name: string): string {
  const about = readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(about) as { readonly version: string }).version;
}

const [rival, points = '', number = '', out = ''] = process.argv.slice(2);
try {
  const answer =
    rival === 'hnswlib-node'
      ? await hnswlib(points, Number(number), out)
      : rival === 'sqlite-vec'
        ? await sqliteVec(points, Number(number), out)
        : await druid(points, Number(number));
  console.log(JSON.stringify(answer));
} catch (error) {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
  // In the words the rivals in Python use for it.
  console.error(isMissing ? `No module named ${rival}` : error);
  process.exit(1);
}
