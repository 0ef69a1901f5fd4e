// What an embedding is good for, from audio alone and without any model of one's own: clips that sound alike, how the
// classes lie, out-of-sample probabilities, flags, and a keyword from five examples or a microphone.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { colourFindingsOf, findingsOf } from './fixtures/axe.ts';
import { expect, root, type Studio, test } from './fixtures/studio.ts';
import { countOf, goTo, notices, pick, runCommand, typeFilter } from './pages/app.ts';
import { FewShotPage } from './pages/few-shot.ts';

test.use({ studioName: 'embeddings' });
test.describe.configure({ mode: 'serial', timeout: 180_000 });

const pictures = join(root, 'test-results/screenshots');

async function shoot(page: Page, name: string): Promise<void> {
  await expect(page.locator('[aria-busy=true], .spinner, .grid-placeholder')).toHaveCount(0);
  await page.waitForTimeout(150);
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `embeddings-${name}.png`) });
}

/** Nothing is found in light and dark, and a large window is filled; the page is then as before. */
async function look(page: Page, name: string): Promise<void> {
  await shoot(page, name);
  expect(await findingsOf(page), name).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await shoot(page, `${name}-dark`);
  expect(await colourFindingsOf(page), `${name} in dark`).toEqual([]);
  await page.setViewportSize({ width: 1920, height: 1080 });
  await shoot(page, `${name}-dark-1920`);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: 'light' });
}

async function endOfJobs(studio: Studio): Promise<void> {
  await expect
    .poll(async () => (await studio.client.jobs.list()).filter(({ endedAt }) => endedAt === null).length, {
      timeout: 60_000,
    })
    .toBe(0);
}

test('an embedding is made from the sound alone, with one of two that come along', async ({
  page,
  studio,
}) => {
  const words = join(studio.folder, 'words');
  cpSync(join(root, 'resources/sample'), words, { recursive: true });
  rmSync(join(words, 'predictions'), { recursive: true });
  await page.getByRole('button', { name: /^Open a dataset folder/ }).click();
  await pick(page, 'work', 'words');
  await page
    .getByRole('region', { name: 'Import a dataset' })
    .getByRole('button', { name: /^Import/ })
    .click();
  await expect(page.getByRole('region', { name: 'Overview' })).toBeVisible();
  await expect(notices(page)).toContainText('done', { timeout: 60_000 });

  const view = await goTo(page, 'Few-shot keyword');
  await shoot(page, 'none');
  await view.getByRole('button', { name: 'Make an embedding…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make an embedding' });
  await expect(dialog.getByRole('radio')).toHaveCount(2);
  await expect(dialog.getByRole('radio', { name: /encoder-1, 128 dimensions/ })).toBeChecked();
  await expect(dialog.getByRole('radio', { name: /acoustic-1, 261 dimensions/ })).toBeVisible();
  await shoot(page, 'make');
  expect(await findingsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: /^Make it/ }).click();
  await expect(dialog).toBeHidden();
  await expect(view.getByRole('heading', { name: 'Begin with examples' })).toBeVisible({ timeout: 60_000 });
  await endOfJobs(studio);
  expect(await studio.client.embeddings.list()).toMatchObject([
    { name: 'encoder-1', dimensions: 128, failed: 0, isInUse: true, neighbours: { method: 'exact' } },
  ]);

  await runCommand(page, 'Embeddings of this project…');
  const list = page.getByRole('dialog', { name: /^Embeddings/ });
  await expect(list).toContainText('encoder-1');
  await shoot(page, 'list');
  expect(await findingsOf(page)).toEqual([]);
});

test('a clip says which clips sound like it: they play, and each is a door', async ({ page }) => {
  await goTo(page, 'Clips');
  await typeFilter(page, 'label = yes');
  const grid = page.getByRole('grid', { name: 'Clips' });
  await expect(grid.getByRole('gridcell').first()).toBeVisible();
  await grid.focus();
  await page.keyboard.press('Home');
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  const path = inspector.getByRole('heading').first();
  await expect(path).toHaveText(/yes.*\.flac$/);
  const own = await path.innerText();
  const list = inspector.getByRole('list', { name: 'Clips that sound like this one' });
  await list.scrollIntoViewIfNeeded();
  await expect(list.getByRole('listitem')).toHaveCount(8);
  await expect(inspector.getByText(/^\d of 8 says? yes too\.$/)).toBeVisible();
  await shoot(page, 'neighbours');
  expect(await findingsOf(page)).toEqual([]);
  await list
    .getByRole('button', { name: /^Play / })
    .first()
    .click();
  await expect(list.getByRole('button', { name: /^Pause / })).toBeVisible();
  await list.locator('.neighbours-door').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(path).not.toHaveText(own);
});

test('the geometry of the classes is shown in figures, words and a matrix of doors', async ({
  page,
  studio,
}) => {
  const n = (await studio.client.project.state()).project?.labels.length ?? 0;
  const view = await goTo(page, 'Classes');
  await view.getByRole('radio', { name: 'Geometry' }).click();
  const table = view.getByRole('grid', { name: 'Geometry by label' });
  await expect(table).toHaveAttribute('aria-rowcount', String(n + 1));
  await expect(view.getByText(/n=\d+ labelled clips/)).toBeVisible();
  await expect(view.getByRole('region', { name: 'Classes that overlap' })).toContainText(
    /share|nearest|mingle/,
  );
  const matrix = view.getByRole('grid', { name: `Distances between ${n} labels` });
  await matrix.focus();
  await page.keyboard.press('ArrowRight');
  await expect(view.locator('.geometry-words')).toContainText(/\d\.\d/);
  await look(page, 'geometry');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Clips' })).toBeVisible();
});

test('probabilities of its own become a run: confusions open with it, and flags say what both doubt', async ({
  page,
  studio,
}) => {
  await goTo(page, 'Confusions');
  await runCommand(page, 'Make out-of-sample probabilities');
  const dialog = page.getByRole('dialog', { name: 'Make out-of-sample probabilities' });
  await expect(dialog.getByRole('textbox', { name: 'Name of the run' })).toHaveValue('own probabilities');
  await shoot(page, 'probabilities');
  expect(await findingsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Make the run' }).click();
  await expect(dialog).toBeHidden();
  const view = page.getByRole('region', { name: 'Confusions' });
  await expect(view.getByRole('grid')).toBeVisible({ timeout: 60_000 });
  await expect(view.getByRole('button', { name: /own probabilities/ })).toBeVisible();
  await endOfJobs(studio);
  const [run] = await studio.client.runs.list();
  expect(run).toMatchObject({ name: 'own probabilities', hasProbabilities: true });

  await goTo(page, 'Overview');
  const findings = page.getByRole('complementary', { name: 'What to look at and do' });
  await expect(findings.getByRole('button', { name: /likely wrong labels?$/ })).toBeVisible();
  await findings.getByRole('button', { name: /labels? that neighbours contradict$/ }).click();
  const flags = page.getByRole('region', { name: 'Flags', exact: true });
  await expect(flags.getByRole('button', { name: 'Neighbours differ' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(page.getByRole('region', { name: 'The flag under the cursor' })).toContainText(
    /\d+ of \d+ neighbours say/,
  );
  await shoot(page, 'flags');
});

test('five clips of a word rank its other clips first; answers go by key, and it learns on', async ({
  page,
  studio,
}) => {
  const view = new FewShotPage(page);
  await goTo(page, 'Clips');
  await typeFilter(page, 'label = bird');
  const said = await countOf(studio.client, 'label = bird');
  const grid = page.getByRole('grid', { name: 'Clips' });
  await expect(grid.getByRole('gridcell').first()).toBeVisible();
  await grid.focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+ArrowDown');
  const frame = await view.open();
  await frame.getByRole('button', { name: 'Take the selection (5 clips)' }).click();
  await expect(view.examples).toHaveCount(5);
  await expect(frame.getByRole('textbox', { name: 'Word', exact: true })).toHaveValue('bird');
  await shoot(page, 'few-shot-examples');
  await view.train(frame.getByRole('button', { name: 'Train and rank' }));
  const first = await view.labels();
  expect(first.slice(0, 10).filter((label) => label === 'bird').length).toBeGreaterThanOrEqual(8);
  await expect(view.training).toContainText(/held-out clips of other words pass/);
  await look(page, 'few-shot-candidates');

  await expect(view.grid).toBeFocused();
  await page.keyboard.press('a');
  await page.keyboard.press('a');
  await page.keyboard.press('x');
  await expect(view.candidates.getByRole('status')).toHaveText('2 accepted, 1 not');
  await page.keyboard.press('Control+z');
  await expect(view.candidates.getByRole('status')).toHaveText('2 accepted, 0 not');
  await page.keyboard.press('x');
  await view.train(view.candidates.getByRole('button', { name: 'Add 2 and train again' }));
  await expect(view.examples).toHaveCount(7);
  await expect(view.candidates).toContainText('1 left out');

  await view.candidates.getByRole('button', { name: 'Save as a run…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save as a run' });
  await expect(dialog.getByRole('textbox')).toHaveValue('keyword bird');
  await shoot(page, 'few-shot-save');
  await dialog.getByRole('button', { name: /^Save the run/ }).click();
  await expect
    .poll(async () => (await studio.client.runs.list()).map(({ name }) => name), { timeout: 30_000 })
    .toContain('keyword bird');
  const found = await countOf(studio.client, 'predicted("keyword bird") = bird and label = bird');
  expect(found).toBeGreaterThan(said * 0.4);
});

test('a word is recorded with the microphone, kept as a clip, and learnt from', async ({ studio }) => {
  const page = await studio.newPage({ permissions: ['microphone'] });
  const view = new FewShotPage(page);
  const frame = await view.open();
  await frame.getByRole('button', { name: 'Record…' }).click();
  await expect(view.recorder.getByRole('button', { name: 'Record', exact: true })).toBeDisabled();
  await frame.getByRole('textbox', { name: 'Word', exact: true }).fill('beep');
  await view.recorder.getByRole('button', { name: 'Record', exact: true }).click();
  for (const [at, keep] of ['Keep, and the next', 'Keep, and the next'].entries()) {
    await expect(view.recorder.getByText('Speak now')).toBeVisible();
    const button = view.recorder.getByRole('button', { name: keep });
    await expect(button).toBeVisible();
    if (at === 0) {
      await look(page, 'recorder');
    }
    await button.click();
    await expect(view.examples).toHaveCount(at + 1);
  }
  await view.recorder.getByRole('button', { name: 'Cancel' }).click();
  await view.recorder.getByRole('button', { name: 'Close the microphone' }).click();
  await expect(view.recorder).toBeHidden();
  expect(await countOf(studio.client, 'label = beep')).toBe(2);
  await view.train(frame.getByRole('button', { name: 'Train and rank' }));
  await expect(view.examples.first()).toContainText(/^beep\/.*beep(found|missed)/);
  await shoot(page, 'few-shot-recorded');
  await page.context().close();
});

test('a window without a microphone says so, and what to do', async ({ page }) => {
  const view = new FewShotPage(page);
  const frame = await view.open();
  await frame.getByRole('button', { name: 'Record…' }).click();
  await expect(view.recorder.getByRole('alert')).toBeVisible();
  await shoot(page, 'no-microphone');
});
