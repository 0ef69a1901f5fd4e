// No view moves while it loads, in whatever order the engine's answers come.
import { delayAnswers } from './fixtures/late-answers.ts';
import { expect, test } from './fixtures/studio.ts';
import { openMappedSample } from './pages/sample.ts';
import { shiftsOf, watchShifts } from './pages/shifts.ts';

test.use({ studioName: 'shifts' });

const views = [
  'overview',
  'clips',
  'flags',
  'review',
  'confusions',
  'classes',
  'map',
  'few-shot',
  'history',
  'export',
] as const;

/** What a view may move while it loads, as the sum of the layout-shift scores: a word or two by their own length. */
const MOST = 0.001;
/** An answer is held back by at most this long, ms. */
const LATEST = 300;

for (const { seed, ...viewport } of [
  { width: 1280, height: 800, seed: 1 },
  { width: 1920, height: 1080, seed: 2 },
]) {
  test(`no view moves while it loads at ${viewport.width} x ${viewport.height}`, async ({ studio }) => {
    test.setTimeout(180_000);
    await openMappedSample(studio);
    const page = await studio.newPage({ viewport });
    await delayAnswers(page, LATEST, seed);
    await watchShifts(page);
    const found: string[] = [];
    for (const view of views) {
      await page.goto(`${studio.address}#/${view}`);
      await page.reload();
      await expect(page.getByRole('main').getByRole('heading').first()).toBeVisible();
      await expect(page.locator('[aria-busy=true], .spinner, .grid-placeholder')).toHaveCount(0);
      await page.waitForTimeout(3 * LATEST);
      const { sum, words } = await shiftsOf(page);
      if (sum > MOST) found.push(`${view} moved by ${sum.toFixed(4)}`, ...words);
    }
    expect(found.join('\n')).toBe('');
    await page.context().close();
  });
}
