// A table of 20,000 clips: keys and counts hold over its whole length, nothing jumps, an import that a crash cut off
// goes on, and whatever else changes the project (another window, the command line) is seen.
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { tone, wavOf, write } from './fixtures/files.ts';
import { earmark, expect, test } from './fixtures/studio.ts';
import { countOf, expectMatched, filterBar, goTo, notices, pick, typeFilter } from './pages/app.ts';
import { shiftsOf, watchShifts } from './pages/shifts.ts';

test.use({ studioName: 'table' });
test.describe.configure({ mode: 'serial' });

const LABELS = 20;
const TAKES = 1000;
const TOTAL = LABELS * TAKES;

const labelOf = (index: number): string => `word${String(index).padStart(2, '0')}`;
const nameOf = (take: number): string => `s${take % 40}_${String(take).padStart(4, '0')}.wav`;
const names = Array.from({ length: TAKES }, (_, take) => nameOf(take)).sort();
const number = (n: number): string => n.toLocaleString('en');

/** Short tones, every one of another length or pitch, so that none is the double of another. */
function writeRecordings(folder: string): void {
  for (let label = 0; label < LABELS; label++) {
    for (let take = 0; take < TAKES; take++) {
      const samples = tone(300 + label * 40 + (take % 50) * 3, 0.04 + 0.0005 * (take / 10), 0.4, 8000);
      write(join(folder, labelOf(label), nameOf(take)), wavOf(samples, 8000));
    }
  }
}

/** The row under the cursor: its place in the list (0 = first) and its words. */
async function cursorRow(page: Page): Promise<{ index: number; path: string }> {
  return page.getByRole('grid', { name: 'Clips' }).evaluate((grid) => {
    const cell = document.getElementById(grid.getAttribute('aria-activedescendant') ?? '');
    const row = cell?.closest('[role=row]');
    return {
      index: Number(row?.getAttribute('aria-rowindex') ?? 0) - 2,
      path: row?.querySelector('[data-column=path] [title]')?.getAttribute('title') ?? '',
    };
  });
}

test('an import that a crash of the engine cut off goes on where it was', async ({ page, studio }) => {
  const folder = join(studio.folder, 'many');
  writeRecordings(folder);
  await page.getByRole('button', { name: /^Open a dataset folder/ }).click();
  await pick(page, 'work', 'many');
  const view = page.getByRole('region', { name: 'Import a dataset' });
  await view.getByRole('radio', { name: /^Folder per label/ }).check({ force: true });
  await expect(view.getByRole('button', { name: /^Import/ })).toBeEnabled();
  await view.getByRole('button', { name: /^Import/ }).click();
  const jobs = page.getByRole('region', { name: 'Jobs' });
  await expect(jobs.getByRole('button', { name: 'Jobs: Import many' })).toBeVisible();
  await studio.killEngine();
  await expect(page.getByText(/The engine stopped/).first()).toBeVisible();
  // Until the engine has come back, a call is answered with a sentence that says so.
  await expect(async () => expect(await countOf(studio.client, '')).toBeLessThan(TOTAL)).toPass();
  const resume = jobs.getByRole('button', { name: /Jobs/ });
  await expect(resume).toContainText('1 job to resume', { timeout: 20_000 });
  await resume.click();
  await page.getByRole('dialog', { name: 'Jobs' }).getByRole('button', { name: 'Resume' }).click();
  await page.keyboard.press('Escape');
  // The interrupted job has an end as well: all clips have to be there.
  await expect
    .poll(
      async () => {
        const jobs = await studio.client.jobs.list();
        return jobs.every(({ endedAt }) => endedAt !== null) ? countOf(studio.client, '') : 'running';
      },
      { timeout: 80_000, intervals: [500] },
    )
    .toBe(TOTAL);
  const check = await studio.client.project.check();
  expect(check).toMatchObject({ ok: true, missingFiles: 0 });
  const files = (await studio.client.project.state()).project;
  expect(files?.labels.map(({ count }) => count)).toEqual(Array.from({ length: LABELS }, () => TAKES));
});

test('keys reach every row, the focus survives scrolling, and nothing shifts', async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await goTo(page, 'Clips');
  await watchShifts(page);
  const grid = page.getByRole('grid', { name: 'Clips' });
  await expect(grid).toHaveAttribute('aria-rowcount', String(TOTAL + 1));
  await expect(grid).toBeFocused();

  await page.keyboard.press('Control+End');
  await expect.poll(async () => (await cursorRow(page)).index).toBe(TOTAL - 1);
  await expect.poll(async () => (await cursorRow(page)).path).toBe(`${labelOf(LABELS - 1)}/${names.at(-1)}`);
  await page.keyboard.press('Control+Home');
  await expect.poll(async () => (await cursorRow(page)).path).toBe(`${labelOf(0)}/${names[0]}`);
  await page.keyboard.press('PageDown');
  const { index: page1 } = await cursorRow(page);
  expect(page1).toBeGreaterThan(10);

  await test.step('scrolled far away, the cursor stays where it was', async () => {
    await grid.hover();
    for (let i = 0; i < 12; i++) await page.mouse.wheel(0, 6000);
    await expect
      .poll(() =>
        grid.evaluate(
          (element) => element.querySelectorAll('[role=row] [data-column=path] [title]').length > 5,
        ),
      )
      .toBe(true);
    await expect(grid).toBeFocused();
    expect((await cursorRow(page)).index).toBe(page1);
    await page.keyboard.press('ArrowDown');
    await expect.poll(async () => (await cursorRow(page)).index).toBe(page1 + 1);
  });

  await test.step('a range is selected by keys and copied as a table', async () => {
    await page.keyboard.press('Control+Home');
    for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+ArrowDown');
    await expect(page.getByRole('toolbar', { name: 'Selection' })).toContainText('5 clips');
    await page.keyboard.press('Control+c');
    await expect(notices(page)).toContainText('5 rows copied');
    const lines = (await page.evaluate(() => navigator.clipboard.readText())).trimEnd().split(/\r?\n/);
    expect(lines).toHaveLength(6);
    const at = lines[0]?.split('\t').indexOf('Clip') ?? -1;
    expect(lines[1]?.split('\t')[at]).toBe(`${labelOf(0)}/${names[0]}`);
    await page.keyboard.press('Escape');
  });

  await test.step('sorting holds from the first row to the last', async () => {
    const header = grid.getByRole('columnheader', { name: 'Duration' });
    const title = header.getByText('Duration', { exact: true });
    await title.click();
    await expect(header).toHaveAttribute('aria-sort', 'ascending');
    await title.click();
    await expect(header).toHaveAttribute('aria-sort', 'descending');
    await grid.focus();
    // The cursor goes with its clip to its new place, once the list is there.
    await expect.poll(async () => (await cursorRow(page)).index).toBeGreaterThan(TOTAL / 2);
    await page.keyboard.press('Control+Home');
    await expect.poll(async () => (await cursorRow(page)).path).toMatch(/_099\d\.wav$/);
    await page.keyboard.press('Control+End');
    await expect.poll(async () => (await cursorRow(page)).path).toMatch(/_000\d\.wav$/);
    await title.click();
    await expect(header).toHaveAttribute('aria-sort', 'none');
  });

  await test.step('facets count what there is, and narrow the list', async () => {
    const facets = page.getByRole('complementary', { name: 'Facets' });
    await facets.getByRole('button', { name: `${labelOf(3)} ${number(TAKES)}` }).click();
    await expect(grid).toHaveAttribute('aria-rowcount', String(TAKES + 1));
    await expectMatched(page, TAKES, TOTAL);
    // A second value of the same facet is added, not put in its place.
    await facets.getByRole('button', { name: `${labelOf(4)} ${number(TAKES)}` }).click();
    await expectMatched(page, 2 * TAKES, TOTAL);
    await filterBar(page).getByRole('button', { name: 'Clear the filter' }).click();
    await expectMatched(page, TOTAL, TOTAL);
  });
  const { sum, words } = await shiftsOf(page);
  expect(sum, words.join('\n')).toBeLessThan(0.01);
});

test('two windows and the command line see each other’s decisions', async ({ page, studio }) => {
  const other = await studio.newPage();
  await goTo(page, 'Clips');
  await goTo(other, 'Clips');
  await typeFilter(other, 'label = changed-here OR label = changed-there');
  const otherGrid = other.getByRole('grid', { name: 'Clips' });
  await expect(otherGrid).toHaveAttribute('aria-rowcount', '1');

  const grid = page.getByRole('grid', { name: 'Clips' });
  await grid.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('r');
  await page
    .getByRole('dialog', { name: /^Relabel/ })
    .getByRole('combobox')
    .fill('changed-here');
  await page.keyboard.press('Enter');
  await expect(notices(page)).toContainText('saved');
  await expect(otherGrid).toHaveAttribute('aria-rowcount', '2');

  const project = join(studio.folder, 'many.earmark');
  const clip = `${labelOf(7)}/s7_0007.wav`;
  const done = await earmark(
    studio,
    ...['relabel', '--clip', clip, '--label', 'changed-there', '--by', 'script'],
    ...['--project', project, '--json'],
  );
  expect(done.stderr).toBe('');
  expect(done.code).toBe(0);
  await expect(otherGrid).toHaveAttribute('aria-rowcount', '3');
  await typeFilter(page, 'label = changed-there');
  await expect(grid).toHaveAttribute('aria-rowcount', '2');
  await expect(grid.getByRole('row').nth(1)).toContainText('s7_0007.wav');

  // And the other way round: what the window decided is in the file for the command.
  const listed = await earmark(
    studio,
    'clips',
    '--filter',
    'label = changed-here',
    '--project',
    project,
    '--json',
  );
  expect(listed.code).toBe(0);
  expect(listed.stdout).toContain(`${labelOf(0)}/${names[0]}`);
  await other.context().close();
});
