// What a person waits for on a project of 100,000 clips: filter, sort, facets and confusions over HTTP, each with many
// different questions so that nothing is answered twice, and the frames of the clips table while it scrolls.
import { loadavg } from 'node:os';
import type { Page } from '@playwright/test';
import { createRandom } from '../electron/compute/index.ts';
import { bigProject, RUN } from './lib/big-project.ts';
import type { Bench, BenchResult } from './lib/harness.ts';
import {
  type BenchStudio,
  openBrowser,
  paintedRows,
  spreadOf,
  spreadText,
  startStudio,
} from './lib/studio.ts';

const words = [
  'bed',
  'cat',
  'dog',
  'eight',
  'four',
  'go',
  'left',
  'no',
  'one',
  'right',
  'seven',
  'stop',
  'tree',
  'yes',
];
const sortFields = [
  'path',
  'label',
  'speaker',
  'durationSec',
  'rmsDbfs',
  'peakDbfs',
  'confidence',
  'predicted',
];

/** A different expression at each call. */
function expressions(): () => string {
  const random = createRandom(29);
  const word = (): string => words[Math.floor(random() * words.length)] ?? 'yes';
  const level = (): string => (-10 - 30 * random()).toFixed(3);
  const kinds: (() => string)[] = [
    () => `label = ${word()} AND rmsDbfs < ${level()}`,
    () => `label != predicted AND confidence > ${random().toFixed(4)}`,
    () => `label in (${word()}, ${word()}, ${word()}) AND NOT split = train AND peakDbfs > ${level()}`,
    () => `p("${RUN}", label) < ${random().toFixed(4)}`,
    () => `speaker ~ "${Math.floor(random() * 4096).toString(16)}"`,
    () => `flag = label-issue OR leadingSilenceSec > ${random().toFixed(4)}`,
    () => `path ~ "${word()}" AND (rmsDbfs > ${level()} OR confidence < ${random().toFixed(4)})`,
  ];
  let at = 0;
  return () => kinds[at++ % kinds.length]!();
}

type Ask = (client: BenchStudio['client'], next: () => string, round: number) => Promise<unknown>;

const questions: Readonly<Record<string, Ask>> = {
  'filter: count and first page': (client, next) =>
    client.clips.page({ filter: next(), sort: null, offset: 0, limit: 100 }),
  'sort of all clips: first page': (client, _, round) =>
    client.clips.page({
      filter: '',
      sort: { field: sortFields[round % sortFields.length]!, descending: round % 3 === 0 },
      offset: 0,
      limit: 100,
    }),
  'filter and sort: a page in the middle': async (client, next, round) => {
    const sort = { field: sortFields[round % sortFields.length]!, descending: round % 3 === 0 };
    return client.clips.page({ filter: next(), sort, offset: 1000, limit: 100 });
  },
  'facets of a filter: label, split, speaker, predicted': (client, next) =>
    client.clips.facets({ filter: next(), fields: ['label', 'split', 'speaker', 'predicted'], limit: 50 }),
  'histogram of a filter': (client, next) =>
    client.clips.histogram({ filter: next(), field: 'rmsDbfs', bins: 40 }),
  'confusions and figures of a filter': (client, next) =>
    client.metrics.get({ run: RUN, filter: next(), order: 'similarity' }),
};

/** In the page: collects the gaps between frames from now on. */
const watchFrames = `
  globalThis.gaps = [];
  requestAnimationFrame((first) => {
    let last = first;
    const frame = (now) => {
      gaps.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  undefined`;

/** Gaps between frames while the table is scrolled by the wheel for some seconds, ms. */
async function scrollFrames(page: Page, seconds: number): Promise<number[]> {
  await page.locator(paintedRows).first().waitFor();
  const box = await page.locator('[role=grid]').first().boundingBox();
  if (box === null) throw new Error('The clips table is not on the screen.');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.evaluate(watchFrames);
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    await page.mouse.wheel(0, 240);
    await page.waitForTimeout(8);
  }
  return page.evaluate<number[]>('gaps');
}

export const bench: Bench = async ({ isQuick }) => {
  const clips = isQuick ? 3000 : 105_829;
  const studio = await startStudio(await bigProject(clips));
  const browser = await openBrowser();
  const results: BenchResult[] = [];
  try {
    const load = loadavg()[0] ?? 0;
    const next = expressions();
    const notes: string[] = [`Over HTTP, answer parsed. Load average before: ${load.toFixed(1)}.`];
    for (const [name, ask] of Object.entries(questions)) {
      const ms: number[] = [];
      for (let round = 0; round < (isQuick ? 8 : 60); round++) {
        const start = performance.now();
        await ask(studio.client, next, round);
        ms.push(performance.now() - start);
      }
      notes.push(`${name.padEnd(54)} ${spreadText(spreadOf(ms))} (first ${ms[0]?.toFixed(1)})`);
    }
    results.push({ name: 'questions', size: { clips }, legs: [], goals: [], notes });
    if (browser !== null) {
      const page = await studio.openPage(browser, 'clips');
      const seconds = isQuick ? 2 : 8;
      const gaps = await scrollFrames(page, seconds);
      const over = (ms: number): string =>
        `${gaps.filter((gap) => gap > ms).length} over ${ms.toFixed(1)} ms`;
      results.push({
        name: 'scrolling the clips table',
        size: { clips, frames: gaps.length, seconds },
        legs: [],
        goals: [],
        // Frames are counted at half a frame's tolerance: a gap is 16.7 ms only on average.
        notes: [
          `Gaps between frames: ${spreadText(spreadOf(gaps))}; ${over(1000 / 60 + 4)}, ${over(1000 / 30)}. Headless, drawn by the processor. Load average before: ${(loadavg()[0] ?? 0).toFixed(1)}.`,
        ],
      });
    }
  } finally {
    await browser?.close();
    await studio.stop();
  }
  return results;
};
