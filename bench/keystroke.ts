// Keystroke to saved (PERFORMANCE 17) on a project of 100,000 clips: relabels as calls over HTTP, each answered after
// its commit, then keys pressed in the Review view until it says what was saved.
import { loadavg } from 'node:os';
import type { Page } from '@playwright/test';
import { createRandom } from '../electron/compute/index.ts';
import { bigProject, copyProject } from './lib/big-project.ts';
import { type Bench, type BenchResult, withTemporaryFolder } from './lib/harness.ts';
import { type BenchStudio, openBrowser, spreadOf, spreadText, startStudio } from './lib/studio.ts';

async function relabelByCalls(studio: BenchStudio, clips: number, decisions: number): Promise<number[]> {
  const random = createRandom(23);
  const { project } = await studio.client.project.state();
  const labels = project?.labels.map(({ label }) => label) ?? [];
  const ms: number[] = [];
  for (let i = 0; i < decisions; i++) {
    const id = 1 + Math.floor(random() * clips);
    const { row } = await studio.client.clips.get({ id });
    const others = labels.filter((label) => label !== row.label);
    const to = others[Math.floor(random() * others.length)] ?? null;
    const start = performance.now();
    const { applied } = await studio.client.decisions.apply({
      selection: { ids: [id] },
      changes: [{ field: 'label', to }],
    });
    ms.push(performance.now() - start);
    if (applied !== 1) throw new Error(`The relabel of clip ${id} was not applied.`);
  }
  return ms;
}

const findings = '[aria-label="What is said about the clip"]';

/** In the page: from the next key until the line says that something else was saved than before. */
const watchSaved = `
  globalThis.savedMs = new Promise((saved) => {
    addEventListener('keydown', () => {
      const start = performance.now();
      const line = document.querySelector('${findings} [role=status]');
      const before = line.textContent;
      const observer = new MutationObserver(() => {
        if (!line.textContent.startsWith('saved') || line.textContent === before) return;
        observer.disconnect();
        saved(performance.now() - start);
      });
      observer.observe(line, { childList: true, subtree: true, characterData: true });
    }, { once: true, capture: true });
  });
  undefined`;

/** Milliseconds from the key until the window says that the decision is saved, by the page's own clock. */
async function decideByKeys(page: Page, decisions: number): Promise<number[]> {
  await page.getByRole('button', { name: /^Review [\d,]+ clips/ }).click();
  const path = page.getByRole('group', { name: 'Clip under review' }).getByRole('heading', { level: 2 });
  const ms: number[] = [];
  for (let i = 0; i < decisions; i++) {
    const before = await path.innerText();
    await page.evaluate(watchSaved);
    // In turn, so that what is said differs each time: unclear, and kept as it is.
    await page.keyboard.press(i % 2 === 0 ? 'u' : 'Enter');
    ms.push(await page.evaluate<number>('savedMs'));
    while ((await path.innerText()) === before) await page.waitForTimeout(20);
  }
  return ms;
}

export const bench: Bench = async ({ isQuick }) => {
  const clips = isQuick ? 3000 : 105_829;
  const original = await bigProject(clips);
  return withTemporaryFolder(async (folder) => {
    const studio = await startStudio(copyProject(original, folder));
    const browser = await openBrowser();
    const load = loadavg()[0] ?? 0;
    const results: BenchResult[] = [];
    const report = (name: string, ms: readonly number[]): void => {
      const spread = spreadOf(ms);
      results.push({
        name: `keystroke to saved, ${name}`,
        size: { clips, decisions: ms.length },
        legs: [],
        goals: [{ what: 'p95, ms', value: spread.p95, ...(isQuick ? {} : { atMost: 30 }) }],
        notes: [`${spreadText(spread)}. Load average before: ${load.toFixed(1)}.`],
      });
    };
    try {
      await relabelByCalls(studio, clips, 10);
      report('by calls', await relabelByCalls(studio, clips, isQuick ? 20 : 200));
      const page = browser === null ? null : await studio.openPage(browser, 'review');
      if (page !== null) report('in the Review view', await decideByKeys(page, isQuick ? 5 : 50));
    } finally {
      await browser?.close();
      await studio.stop();
    }
    return results;
  });
};
