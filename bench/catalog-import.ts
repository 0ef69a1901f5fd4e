// Importing rows into the catalog against a bare better-sqlite3 script that fills the same table with the same indexes
// and pragmas; then pages of the table by keyset. Both sides take turns, each leg in a process of its own (PERFORMANCE 13).
import { join } from 'node:path';
import Database from 'better-sqlite3';
import {
  type ClipInput,
  clipPage,
  closeCatalog,
  createCatalog,
  finishImport,
  importClips,
  openCatalog,
  readClips,
  upsertDataset,
} from '../electron/catalog/index.ts';
import { makeBatches } from './lib/catalog-rows.ts';
import { type Bench, interleave, medianOf, runProgram, withTemporaryFolder } from './lib/harness.ts';

interface Leg {
  readonly seconds: number;
  /** Of this process, user and system: steadier than seconds where other work shares the cores. */
  readonly cpuSec: number;
  readonly peakMib: number;
  /** The first page after opening: statement and file are cold. */
  readonly firstPageMs?: number;
  readonly pageMs?: readonly number[];
  readonly readSec?: number;
}

function makeClock() {
  let ms = 0;
  let cpuMicroseconds = 0;
  return {
    time(action: () => unknown): void {
      const start = performance.now();
      const cpu = process.cpuUsage();
      action();
      const used = process.cpuUsage(cpu);
      cpuMicroseconds += used.user + used.system;
      ms += performance.now() - start;
    },
    read: () => ({ seconds: ms / 1000, cpuSec: cpuMicroseconds / 1e6 }),
  };
}

/** Earmark: seconds inside importClips, finishImport and close; making the rows is not counted. */
function runEarmark(folder: string, rows: number): Leg {
  const catalog = createCatalog(join(folder, 'bench.earmark'), 'bench');
  const dataset = upsertDataset(catalog, {
    name: 'd',
    root: '/d',
    source: '/d',
    format: 'speech-commands',
    options: {},
  });
  const clock = makeClock();
  for (const batch of makeBatches(rows)) clock.time(() => importClips(catalog, dataset.id, 'bench', batch));
  clock.time(() => finishImport(catalog, dataset.id, 'bench'));
  clock.time(() => closeCatalog(catalog));
  const again = openCatalog(catalog.file);
  const page = (index: number) => {
    const after = (Math.imul(index + 1, 0x9e3779b1) >>> 0) % rows;
    const start = performance.now();
    clipPage(again, after, 100);
    return performance.now() - start;
  };
  const firstPageMs = page(0);
  const pageMs = Array.from({ length: 300 }, (_, index) => page(index + 1));
  const start = performance.now();
  let seen = 0;
  for (const clip of readClips(again)) seen += clip.id > 0 ? 1 : 0;
  const readSec = (performance.now() - start) / 1000;
  if (seen !== rows) throw new Error(`${seen} of ${rows} clips were read`);
  closeCatalog(again);
  return { ...clock.read(), peakMib: process.resourceUsage().maxRSS / 1024, firstPageMs, pageMs, readSec };
}

/** The bare script: one prepared INSERT, one transaction per batch, the same table, indexes and pragmas. */
function runBare(folder: string, rows: number): Leg {
  const schema = createCatalog(join(folder, 'schema.earmark'), 'schema');
  closeCatalog(schema);
  const source = new Database(schema.file, { readonly: true });
  const statements = source
    .prepare<[], string>(
      `SELECT sql FROM sqlite_schema WHERE tbl_name = 'clips' AND sql IS NOT NULL ORDER BY type DESC`,
    )
    .pluck()
    .all();
  source.close();
  const database = new Database(join(folder, 'bare.db'));
  for (const pragma of [
    'journal_mode = WAL',
    'synchronous = FULL',
    'cache_size = -65536',
    'foreign_keys = OFF',
  ]) {
    database.pragma(pragma);
  }
  for (const statement of statements) database.exec(statement);
  const columns = `dataset_id, path, kind, label, original_label, transcript, original_transcript, split, speaker, gender, age,
    accent, locale, file_bytes, file_modified_ms, container, encoding, sample_rate, channels, frames, peak_dbfs, rms_dbfs,
    dc_offset, clipped_samples, clipped_runs, leading_silence_sec, trailing_silence_sec, start_edge_db, end_edge_db,
    sample_hash, extra, thumbnail`;
  const insert = database.prepare(
    `INSERT INTO clips (${columns}) VALUES (${columns
      .split(',')
      .map(() => '?')
      .join(', ')})`,
  );
  const insertAll = database.transaction((batch: readonly unknown[][]) => {
    for (const row of batch) insert.run(...row);
  });
  const clock = makeClock();
  for (const batch of makeBatches(rows)) {
    const flat = batch.map(flatten);
    clock.time(() => insertAll(flat));
  }
  clock.time(() => database.close());
  return { ...clock.read(), peakMib: process.resourceUsage().maxRSS / 1024 };
}

function flatten(clip: ClipInput): unknown[] {
  const sound = clip.audio?.measures;
  return [
    1,
    clip.path,
    clip.kind,
    clip.label,
    clip.label,
    clip.transcript,
    clip.transcript,
    clip.split,
    clip.speaker,
    clip.gender,
    clip.age,
    clip.accent,
    clip.locale,
    clip.fileBytes,
    clip.fileModifiedMs,
    ...Object.values(sound ?? {}),
    null,
    clip.audio?.thumbnail,
  ];
}

async function runSide(side: string, rows: number): Promise<Leg> {
  const output = await runProgram(process.execPath, [import.meta.filename, side, String(rows)]);
  return JSON.parse(output ?? '') as Leg;
}

export const bench: Bench = async ({ isQuick }) => {
  const rows = isQuick ? 20_000 : 1_000_000;
  const results: Record<'earmark' | 'bare', Leg[]> = { earmark: [], bare: [] };
  const run = (side: 'earmark' | 'bare') => async (): Promise<number> => {
    const leg = await runSide(side, rows);
    results[side].push(leg);
    return leg.seconds;
  };
  const legs = await interleave(
    [
      { name: 'Earmark: importClips', run: run('earmark') },
      { name: 'bare better-sqlite3 script', run: run('bare') },
    ],
    isQuick ? 1 : 3,
  );
  const medianOver = (side: 'earmark' | 'bare', figure: (leg: Leg) => number) =>
    medianOf(results[side].map(figure));
  const pageMs = results.earmark.flatMap((leg) => leg.pageMs ?? []).sort((a, b) => a - b);
  const at = (share: number) =>
    pageMs[Math.min(pageMs.length - 1, Math.floor(share * pageMs.length))] ?? Number.NaN;
  const ratio = medianOver('earmark', (leg) => leg.seconds) / medianOver('bare', (leg) => leg.seconds);
  const cpuRatio = medianOver('earmark', (leg) => leg.cpuSec) / medianOver('bare', (leg) => leg.cpuSec);
  const peakMib = Math.max(...results.earmark.map((leg) => leg.peakMib));
  return [
    {
      name: 'import of rows into the catalog',
      size: { rows },
      legs,
      goals: isQuick
        ? []
        : [
            { what: 'times the seconds of the bare script', value: ratio, atMost: 1.15 },
            { what: 'times the CPU seconds of the bare script', value: cpuRatio, atMost: 1.15 },
            { what: 'page of 100 clips by keyset, p99, ms', value: at(0.99), atMost: 5 },
          ],
      notes: [
        `Page of 100 clips: ${medianOver('earmark', (leg) => leg.firstPageMs ?? Number.NaN).toFixed(2)} ms the first, then p50 ${at(0.5).toFixed(2)}, p95 ${at(0.95).toFixed(2)}, slowest ${at(1).toFixed(2)} ms.`,
        `All clips read as objects in ${medianOver('earmark', (leg) => leg.readSec ?? Number.NaN).toFixed(2)} s; peak memory of the process ${peakMib.toFixed(0)} MiB.`,
      ],
    },
  ];
};

if (import.meta.main) {
  const [side, rows] = [process.argv[2] ?? '', Number(process.argv[3])];
  await withTemporaryFolder(async (folder) => {
    console.log(JSON.stringify(side === 'bare' ? runBare(folder, rows) : runEarmark(folder, rows)));
  });
}
