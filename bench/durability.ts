// Kills a process that streams decisions into a project, at random moments, and looks whether any decision that was
// acknowledged (its id printed after the commit) is lost, and whether the project is whole.
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  applyChanges,
  checkCatalog,
  closeCatalog,
  createCatalog,
  dataVersion,
  importClips,
  openCatalog,
  readEvents,
  redo,
  THUMBNAIL_BYTES,
  undoBatch,
  upsertDataset,
} from '../electron/catalog/index.ts';
import { type Bench, withTemporaryFolder } from './lib/harness.ts';

const clips = 2000;

/** Mulberry32: the same kills for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The child: single decisions, bulk ones, undo and redo, until it is killed. */
function streamDecisions(file: string, seed: number): never {
  const random = randomOf(seed);
  const catalog = openCatalog(file);
  writeSync(1, 'open\n');
  for (let number = 0; ; number += 1) {
    const kind = random();
    const start = performance.now();
    const count = kind < 0.1 ? 200 : 1;
    const result =
      kind > 0.95
        ? redo(catalog, 'bench')
        : kind > 0.85
          ? undoBatch(catalog, 'bench')
          : applyChanges(catalog, {
              by: 'bench',
              changes: Array.from({ length: count }, () => ({
                clipId: 1 + Math.floor(random() * clips),
                field: 'label' as const,
                subject: null,
                to: `word ${number % 7} ${Math.floor(random() * 1000)}`,
                reason: null,
              })),
            });
    // Only now is it acknowledged. Written at once: a buffered line would be lost with the process.
    if (result.batch !== null)
      writeSync(1, `${result.batch} ${(performance.now() - start).toFixed(2)} ${count}\n`);
  }
}

function makeProject(file: string): void {
  const catalog = createCatalog(file, 'durability');
  const dataset = upsertDataset(catalog, {
    name: 'd',
    root: '/d',
    source: '/d',
    format: 'folder',
    options: {},
  });
  importClips(
    catalog,
    dataset.id,
    'first',
    Array.from({ length: clips }, (_, index) => ({
      path: `${index}.wav`,
      kind: 'speech' as const,
      label: 'start',
      transcript: null,
      split: null,
      speaker: null,
      gender: null,
      age: null,
      accent: null,
      locale: null,
      extra: {},
      fileBytes: 44,
      fileModifiedMs: 0,
      audio: {
        measures: {
          container: 'wav' as const,
          encoding: 'pcm_s16',
          sampleRate: 16_000,
          channels: 1,
          frames: 0,
          peakDbfs: null,
          rmsDbfs: null,
          dcOffset: 0,
          clippedSamples: 0,
          clippedRuns: 0,
          leadingSilenceSec: 0,
          trailingSilenceSec: 0,
          startEdgeDb: null,
          endEdgeDb: null,
          sampleHash: '',
        },
        thumbnail: new Uint8Array(THUMBNAIL_BYTES),
      },
    })),
  );
  closeCatalog(catalog);
}

/** Starts the child, kills it some time after it has opened the project, and gives what it had acknowledged. */
function killOne(file: string, seed: number, delayMs: number): Promise<{ batches: string[]; ms: number[] }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [import.meta.filename, file, String(seed)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    let isOpen = false;
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
      if (isOpen) return;
      isOpen = true;
      setTimeout(() => child.kill('SIGKILL'), delayMs);
    });
    child.on('error', reject);
    child.on('close', (_, signal) => {
      if (signal !== 'SIGKILL') {
        reject(new Error(`the child ended by itself: ${output.slice(-500)}`));
        return;
      }
      // The last piece is a line that was cut, or empty.
      const lines = output
        .split('\n')
        .slice(1, -1)
        .map((line) => line.split(' '));
      resolve({
        batches: lines.map(([batch]) => batch ?? ''),
        ms: lines.filter(([, , count]) => count === '1').map(([, ms]) => Number(ms)),
      });
    });
  });
}

export const bench: Bench = async ({ isQuick }) => {
  const kills = isQuick ? 5 : 200;
  const random = randomOf(1);
  const acknowledged = new Set<string>();
  const ms: number[] = [];
  let lost = 0;
  let damaged = 0;
  let wrongValues = 0;
  const start = performance.now();
  await withTemporaryFolder(async (folder) => {
    const file = join(folder, 'durability.earmark');
    makeProject(file);
    // Left open over all kills, as a second window would be: it must go on seeing whole data.
    const window = openCatalog(file, { readOnly: true });
    for (let kill = 1; kill <= kills; kill += 1) {
      const version = dataVersion(window);
      const result = await killOne(file, kill, random() * 120);
      for (const batch of result.batches) acknowledged.add(batch);
      ms.push(...result.ms);
      // The window reads first: by then no new connection has recovered the log.
      const stored = new Set<string>();
      for (const event of readEvents(window)) stored.add(event.batch);
      lost = [...acknowledged].filter((batch) => !stored.has(batch)).length;
      if (result.batches.length > 0 && dataVersion(window) === version) {
        throw new Error('the open window did not notice what the killed process had written');
      }
      const catalog = openCatalog(file);
      const check = await checkCatalog(catalog);
      closeCatalog(catalog);
      if (check.integrity !== 'ok') damaged += 1;
      if (check.problems.some((problem) => problem.code === 'check/values')) wrongValues += 1;
    }
    closeCatalog(window);
  });
  if (lost + damaged + wrongValues > 0) process.exitCode = 1;
  ms.sort((a, b) => a - b);
  const at = (share: number) => ms[Math.floor(share * ms.length)] ?? Number.NaN;
  return [
    {
      name: 'decisions under kill -9',
      size: { kills, acknowledged: acknowledged.size },
      legs: [
        {
          name: 'all kills and checks',
          seconds: [(performance.now() - start) / 1000],
          median: (performance.now() - start) / 1000,
          busiest: 0,
        },
      ],
      goals: [
        { what: 'acknowledged decisions lost', value: lost, atMost: 0 },
        { what: 'projects damaged (integrity_check)', value: damaged, atMost: 0 },
        { what: 'projects that differ from their log', value: wrongValues, atMost: 0 },
        { what: 'one decision to disk, p95, ms', value: at(0.95), atMost: 30 },
      ],
      notes: [`One decision to disk: p50 ${at(0.5).toFixed(2)} ms.`],
    },
  ];
};

if (import.meta.main) streamDecisions(process.argv[2] ?? '', Number(process.argv[3]));
