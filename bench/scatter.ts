// The map in the window: time to the picture, frames while it is moved and zoomed, another colour and another filter,
// on catalogs of any size with a map made up of clouds of points. With WebGL (PERFORMANCE 15) and with the software
// painter. Nothing sounds: the clips have no files.
import { mkdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import {
  closeCatalog,
  createCatalog,
  createEmbedding,
  createMap,
  finishImport,
  importClips,
  upsertDataset,
} from '../electron/catalog/index.ts';
import { createRandom } from '../electron/compute/index.ts';
import { writeNpyFile } from '../electron/formats/npy.ts';
import { findChromium } from '../electron/testing/chromium.ts';
import { mapSettings } from '../shared/domain/embedding.ts';
import { makeBatches } from './lib/catalog-rows.ts';
import { type Bench, type BenchResult, withTemporaryFolder } from './lib/harness.ts';
import { spreadOf, spreadText, startStudio } from './lib/studio.ts';

const CLASSES = 35;

function clouds(n: number): Float32Array {
  const random = createRandom(3);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const centres = Array.from({ length: CLASSES }, () => [80 * random() - 40, 80 * random() - 40] as const);
  const points = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) {
    const [x, y] = centres[Math.floor(random() * CLASSES)] ?? [0, 0];
    points[2 * i] = x + 3 * normal();
    points[2 * i + 1] = y + 3 * normal();
  }
  return points;
}

/** A project of `n` clips with one map. The embedding's own numbers are not needed to look at it. */
async function projectWithMap(folder: string, n: number): Promise<string> {
  const catalog = createCatalog(join(folder, 'map.earmark'), 'map');
  const dataset = upsertDataset(catalog, {
    name: 'd',
    root: folder,
    source: folder,
    format: 'speech-commands',
    options: {},
  });
  for (const batch of makeBatches(n)) importClips(catalog, dataset.id, 'bench', batch);
  finishImport(catalog, dataset.id, 'bench');
  mkdirSync(catalog.dataFolder, { recursive: true });
  const file = (name: string): string => join(catalog.dataFolder, name);
  await writeNpyFile(
    file('clips.npy'),
    Int32Array.from({ length: n }, (_, at) => at + 1),
  );
  await writeNpyFile(file('embedding.npy'), new Float32Array(n), [n, 1]);
  await writeNpyFile(file('map.npy'), clouds(n), [n, 2]);
  const at = new Date().toISOString();
  const computed = { backend: 'made up', threads: 1, msPerClip: null, seconds: 0, notes: [] };
  const embedding = createEmbedding(catalog, {
    name: 'clouds',
    createdAt: at,
    model: { kind: 'builtin', name: 'clouds' },
    rows: n,
    failed: 0,
    dimensions: 1,
    file: 'embedding.npy',
    clipsFile: 'clips.npy',
    details: computed,
  });
  createMap(catalog, {
    embeddingId: embedding.id,
    createdAt: at,
    method: 'tsne',
    settings: mapSettings.parse({}),
    report: {
      n,
      seconds: 0,
      kl: null,
      trustworthiness: null,
      knnRecall: null,
      varianceExplained: null,
      iterations: 0,
      isStopped: false,
      notes: [],
    },
    file: 'map.npy',
  });
  closeCatalog(catalog);
  return catalog.file;
}

/** In the page: gaps between frames and time spent in their callbacks, until `stopFrames`. */
const watchFrames = `
  globalThis.gaps = [];
  requestAnimationFrame((first) => {
    let last = first;
    const frame = (now) => { gaps.push(now - last); last = now; requestAnimationFrame(frame); };
    requestAnimationFrame(frame);
  });
  undefined`;

/** In the page: what the tasks of the main thread took, from now on. */
const watchTasks = `
  globalThis.tasks = [];
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) tasks.push(entry.duration); })
    .observe({ type: 'longtask' });
  undefined`;

async function framesWhile(page: Page, move: (step: number) => Promise<void>): Promise<number[]> {
  await page.evaluate(watchFrames);
  const end = performance.now() + 4000;
  for (let step = 0; performance.now() < end; step++) {
    await move(step);
    await page.waitForTimeout(8);
  }
  return page.evaluate<number[]>('gaps');
}

const painters = [
  { name: 'WebGL, drawn by the processor', args: ['--use-gl=angle', '--use-angle=swiftshader'] },
  { name: 'software painter', args: ['--disable-gpu', '--disable-3d-apis'] },
];

async function look(project: string, args: readonly string[], n: number): Promise<string[]> {
  const executablePath = findChromium();
  if (executablePath === null) return ['No Chromium here: not measured.'];
  const studio = await startStudio(project);
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', ...args],
  });
  try {
    const page = await studio.openPage(browser, 'overview');
    await page.getByRole('region', { name: 'Overview' }).waitFor();
    await page.waitForTimeout(1000);
    const opened = performance.now();
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /^Map/ }).click();
    const stage = page.getByRole('application', { name: /^Map of/ });
    await stage.waitFor({ timeout: 120_000 });
    await page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`);
    const lines = [`picture after ${((performance.now() - opened) / 1000).toFixed(2)} s`];
    lines.push(`painter: ${await stage.getAttribute('data-painter')}`);
    const box = await stage.boundingBox();
    if (box === null) throw new Error('the map has no place');
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.down();
    const panning = await framesWhile(page, (step) =>
      page.mouse.move(middle.x + 150 * Math.sin(step / 20), middle.y + 100 * Math.cos(step / 15)),
    );
    await page.mouse.up();
    const zooming = await framesWhile(page, (step) => page.mouse.wheel(0, step % 40 < 20 ? -60 : 60));
    for (const [what, gaps] of [
      ['panning', panning],
      ['zooming', zooming],
    ] as const) {
      const late = gaps.filter((gap) => gap > 1000 / 30).length;
      lines.push(
        `${what.padEnd(9)} gaps of ${gaps.length} frames: ${spreadText(spreadOf(gaps))}; ${late} over 33 ms`,
      );
    }
    await page.evaluate(watchTasks);
    for (const by of ['split', 'duration', 'label']) {
      await page.evaluate('tasks.length = 0; undefined');
      await page.getByRole('button', { name: /Colour by$/ }).click();
      const start = performance.now();
      await page.getByRole('option', { name: by }).first().click();
      await page.getByRole('region', { name: by }).first().waitFor();
      const seconds = (performance.now() - start) / 1000;
      await page.waitForTimeout(400);
      const tasks = await page.evaluate<number[]>('tasks');
      const longest =
        tasks.length === 0 ? 'no task over 50 ms' : `longest task ${Math.max(...tasks).toFixed(0)} ms`;
      lines.push(`colour by ${by}: ${seconds.toFixed(2)} s to the legend, ${longest}`);
    }
    const peaks = await page.evaluate<number>('performance.memory.usedJSHeapSize / 2 ** 20');
    lines.push(`JavaScript heap of the page ${peaks.toFixed(0)} MiB, ${n} points`);
    return lines;
  } finally {
    await browser.close();
    await studio.stop();
  }
}

export const bench: Bench = async ({ isQuick }) => {
  const sizes = isQuick ? [5000] : [105_829, 1_000_000];
  const results: BenchResult[] = [];
  for (const n of sizes) {
    await withTemporaryFolder(async (folder) => {
      const project = await projectWithMap(folder, n);
      for (const { name, args } of painters) {
        const load = loadavg()[0] ?? 0;
        const notes = await look(project, args, n);
        notes.push(`Load average before: ${load.toFixed(1)}. A graphics chip was not used.`);
        results.push({ name, size: { points: n }, legs: [], goals: [], notes });
      }
    });
  }
  return results;
};
