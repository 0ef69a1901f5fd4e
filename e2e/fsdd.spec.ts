// A dataset of one's own, the Free Spoken Digit Dataset: import by file-name pattern, bring a model's probabilities,
// see where it fails, decide in bulk. Every figure on the screen is computed here once more from the files.
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasShared, sharedPath } from '../electron/testing/shared-data.ts';
import { CALLS_PREFIX } from '../shared/contract/routes.ts';
import { readNpy, readTable } from './fixtures/files.ts';
import { expect, test } from './fixtures/studio.ts';
import {
  choose,
  chooseLabel,
  countOf,
  expectMatched,
  filterBar,
  goTo,
  notices,
  openSample,
  pick,
  runCommand,
  typeFilter,
} from './pages/app.ts';

test.use({ studioName: 'fsdd' });
test.describe.configure({ mode: 'serial' });
test.skip(!hasShared, 'the reference recordings (EARMARK_SHARED or ../shared) are not on this machine');

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Given by the file name, heard by the largest probability. */
function independentMatrix(): number[][] {
  const golden = sharedPath('golden/fsdd-noisy');
  const { shape, data } = readNpy(join(golden, 'pred_probs.npy'));
  const [rows = 0, columns = 0] = shape;
  const clips = readTable(join(golden, 'clips.csv'));
  const matrix = digits.map(() => digits.map(() => 0));
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (let column = 1; column < columns; column++)
      if ((data[row * columns + column] ?? 0) > (data[row * columns + best] ?? 0)) best = column;
    const given = Number(/(\d)_[^/]*$/.exec(clips[row]?.path ?? '')?.[1]);
    const cells = matrix[given];
    if (cells) cells[best] = (cells[best] ?? 0) + 1;
  }
  return matrix;
}

test('a pattern of file names is tried out in the window before anything is imported', async ({
  page,
  studio,
}) => {
  cpSync(sharedPath('data/fsdd'), join(studio.folder, 'fsdd'), { recursive: true });
  const recordings = readdirSync(join(studio.folder, 'fsdd/recordings')).length;
  await page.getByRole('button', { name: /^Open a dataset folder/ }).click();
  await pick(page, 'work', 'fsdd');
  const view = page.getByRole('region', { name: 'Import a dataset' });
  await view.getByRole('radio', { name: /^File-name pattern/ }).check({ force: true });
  const pattern = view.getByRole('textbox', { name: 'Pattern of the file names' });
  const preview = view.getByRole('region', { name: 'Preview' });
  const start = view.getByRole('button', { name: /^Import/ });

  // A mistake is pointed at, and nothing can be begun with it.
  await pattern.fill('recordings/{label}_{speaker_{take}.wav');
  await expect(pattern).toHaveAttribute('aria-invalid', 'true');
  await expect(view.getByText(/position \d+|character \d+|brace/i).first()).toBeVisible();
  await expect(start).toBeDisabled();

  // One that fits nothing says so.
  await pattern.fill('recordings/{label}-{speaker}.wav');
  await expect(preview.getByRole('heading', { name: /do not fit the pattern/ })).toBeVisible();
  await expect(start).toBeDisabled();

  await pattern.fill('{*}/{label}_{speaker}_{take}.wav');
  await expect(preview.getByRole('status')).toContainText('6 speakers');
  await expect(preview.getByRole('status')).toContainText('10 labels');
  const first = preview.getByRole('row').nth(1);
  await expect(first).toContainText('0_george_0.wav');
  await expect(first).toContainText('george');
  await start.click();
  await expect(page.getByRole('region', { name: 'Overview' })).toBeVisible();
  await expect(notices(page)).toContainText('done', { timeout: 60_000 });
  await expect(page.getByRole('list', { name: 'In total' })).toContainText(
    `${recordings.toLocaleString('en')} clips`,
  );
  expect(await countOf(studio.client, 'speaker = george')).toBe(recordings / 6);
});

test("a model's probabilities are matched to the clips, row by row", async ({ page, studio }) => {
  cpSync(sharedPath('golden/fsdd-noisy'), join(studio.folder, 'model'), { recursive: true });
  await goTo(page, 'Confusions');
  await runCommand(page, 'Import predictions');
  const dialog = page.getByRole('dialog', { name: 'Import predictions' });
  await dialog.getByRole('button', { name: 'Choose a file…' }).click();
  await pick(page, 'work', 'model', 'pred_probs.npy');
  const preview = dialog.getByRole('region', { name: 'Preview' });
  await expect(preview.getByRole('status')).toContainText('3,000 of 3,000 rows match a clip');
  await dialog.getByRole('textbox', { name: 'Name of the run' }).fill('speech-embedding');
  await dialog.getByRole('button', { name: 'Import the run' }).click();
  await expect(dialog).toBeHidden();
  await expect
    .poll(async () => (await studio.client.runs.list()).map(({ name, matched }) => ({ name, matched })), {
      timeout: 30_000,
    })
    .toEqual([{ name: 'speech-embedding', matched: 3000 }]);
});

test('the confusions are exactly those of the files, and a cell leads to its clips', async ({
  page,
  studio,
}) => {
  const matrix = independentMatrix();
  const total = matrix.flat().reduce((sum, n) => sum + n, 0);
  const right = matrix.reduce((sum, row, at) => sum + (row[at] ?? 0), 0);
  const shown = await studio.client.metrics.get({ run: 'speech-embedding', filter: '', order: 'name' });
  expect(shown.labels).toEqual(digits);
  expect(shown.matrix).toEqual(matrix);

  const view = await goTo(page, 'Confusions');
  await expect(view).toContainText(`${((100 * right) / total).toFixed(1)}%`);
  await expect(view).toContainText(`n=${total.toLocaleString('en')}`);

  // The grid speaks for the picture: every cell says its count as the cursor comes to it.
  const grid = view.getByRole('grid', { name: /^Confusion matrix of 10 labels/ });
  await grid.focus();
  await page.keyboard.press('Control+Home');
  for (const column of [0, 1, 2]) {
    await expect(grid.getByRole('gridcell')).toContainText(String(matrix[0]?.[column] ?? 0));
    await page.keyboard.press('ArrowRight');
  }

  // The worst confusion in words, and its clips.
  const wrong = digits
    .flatMap((given, i) => digits.map((predicted, j) => ({ given, predicted, n: matrix[i]?.[j] ?? 0 })))
    .filter(({ given, predicted }) => given !== predicted)
    .sort((a, b) => b.n - a.n);
  const worst = wrong[0] ?? { given: '', predicted: '', n: 0 };
  const row = view.getByRole('listitem').filter({ hasText: `${worst.given} heard as ${worst.predicted}` });
  await expect(row).toContainText(`${worst.n}×`);
  await row.getByRole('button', { name: `${worst.given} heard as ${worst.predicted}`, exact: true }).click();
  await expectMatched(page, worst.n, total);
  await expect(
    filterBar(page).getByRole('button', { name: new RegExp(`^Condition label = "?${worst.given}`) }),
  ).toBeVisible();

  // Another cell by keys: the filter follows, Ctrl+Enter opens its clips.
  const second = wrong[3] ?? worst;
  await grid.focus();
  await page.keyboard.press('Control+Home');
  for (let i = 0; i < Number(second.given); i++) await page.keyboard.press('ArrowDown');
  for (let i = 0; i < Number(second.predicted); i++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expectMatched(page, second.n, total);
  await grid.focus();
  await page.keyboard.press('Control+Enter');
  const clips = page.getByRole('grid', { name: 'Clips' });
  await expect(clips).toHaveAttribute('aria-rowcount', String(second.n + 1));
  // Taking the conditions away brings all clips back.
  await filterBar(page).getByRole('button', { name: 'Clear the filter' }).click();
  await expect(clips).toHaveAttribute('aria-rowcount', '3001');
});

test('the classes sort by any figure and each leads to its clips', async ({ page }) => {
  const matrix = independentMatrix();
  const recall = matrix.map((row, at) => (row[at] ?? 0) / row.reduce((sum, n) => sum + n, 0));
  const byRecall = digits.toSorted((a, b) => (recall[Number(a)] ?? 0) - (recall[Number(b)] ?? 0));
  const view = await goTo(page, 'Classes');
  const grid = view.getByRole('grid', { name: 'Figures by label' });
  const header = grid.getByRole('columnheader', { name: 'Recall' });
  await header.getByText('Recall').click();
  await expect(header).toHaveAttribute('aria-sort', /ascending|descending/);
  if ((await header.getAttribute('aria-sort')) === 'descending') await header.getByText('Recall').click();
  await expect(header).toHaveAttribute('aria-sort', 'ascending');
  const firstRow = grid.getByRole('row').nth(1);
  await expect(firstRow.getByRole('gridcell').first()).toHaveText(byRecall[0] ?? '');
  await expect(firstRow).toContainText(`${(100 * (recall[Number(byRecall[0])] ?? 0)).toFixed(1)}%`);
  const figures = matrix[Number(byRecall[0])] ?? [];
  const missed = figures.reduce((sum, n) => sum + n, 0) - (figures[Number(byRecall[0])] ?? 0);
  await firstRow
    .getByRole('button', { name: String(missed), exact: true })
    .or(firstRow.getByText(String(missed), { exact: true }))
    .first()
    .click();
  await expect(page.getByRole('region', { name: 'Clips' })).toBeVisible();
  await expectMatched(page, missed, 3000);
});

test('a typed filter completes, points at a mistake and says what was expected there', async ({ page }) => {
  await goTo(page, 'Clips');
  const bar = filterBar(page);
  const input = bar.getByRole('combobox', { name: 'Add a condition' });
  await page.getByRole('grid', { name: 'Clips' }).focus();
  await page.keyboard.press('f');
  await expect(input).toBeFocused();
  await page.keyboard.type('spea');
  await expect(bar.getByRole('option').first()).toContainText('speaker');
  await page.keyboard.press('Tab');
  await expect(input).toHaveValue('speaker ');
  await page.keyboard.type('= geo');
  await expect(bar.getByRole('option').first()).toContainText('george');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expectMatched(page, 500, 3000);
  await expect(bar.getByRole('button', { name: 'Condition speaker = george' })).toBeVisible();

  await page.keyboard.press('f');
  const more = bar.getByRole('combobox', { name: 'Add a condition' });
  await expect(more).toBeFocused();
  await more.pressSequentially('durationSec > loud');
  await page.keyboard.press('Enter');
  await expect(more).toHaveAttribute('aria-invalid', 'true');
  await expect(bar.locator('mark')).toHaveText('loud');
  await expect(bar.getByText(/number/).first()).toBeVisible();
  // What was valid before still rules.
  await expectMatched(page, 500, 3000);
  await more.fill('label in (0, 1)');
  await page.keyboard.press('Enter');
  await expectMatched(page, 100, 3000);
  // Escape clears step by step.
  await page.keyboard.press('Escape');
  await expectMatched(page, 500, 3000);
  await page.keyboard.press('Escape');
  await expectMatched(page, 3000, 3000);
});

test('keys may run ahead of the engine: completion and filter follow in their order', async ({ page }) => {
  await goTo(page, 'Clips');
  const bar = filterBar(page);
  const input = bar.getByRole('combobox', { name: 'Add a condition' });
  await page.route(`**${CALLS_PREFIX}/filter/**`, async (route) => {
    await new Promise((done) => setTimeout(done, 250));
    await route.continue();
  });
  await page.getByRole('grid', { name: 'Clips' }).focus();
  await page.keyboard.press('f');
  await expect(input).toBeFocused();
  await page.keyboard.type('speaker = geo');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  // A key for the list that comes too early is not written into the condition.
  await page.keyboard.press('j');
  await expect(bar.getByRole('button', { name: 'Condition speaker = george' })).toBeVisible();
  await expectMatched(page, 500, 3000);

  // A name that does not exist is refused by the engine only: what was valid before rules until then, and after.
  await page.keyboard.press('f');
  await expect(input).toBeFocused();
  await page.keyboard.type('loudnes = 3');
  await page.keyboard.press('Enter');
  await expect(input).toHaveAttribute('aria-invalid', 'true');
  await expect(input).toHaveValue('loudnes = 3');
  await expectMatched(page, 500, 3000);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expectMatched(page, 3000, 3000);
  await page.unrouteAll({ behavior: 'wait' });
});

test('a bulk relabel is shown before it happens and one key takes all of it back', async ({
  page,
  studio,
}) => {
  await goTo(page, 'Clips');
  await typeFilter(page, 'label = 7 AND speaker = theo');
  const grid = page.getByRole('grid', { name: 'Clips' });
  await expect(grid).toHaveAttribute('aria-rowcount', '51');
  await grid.focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < 9; i++) await page.keyboard.press('Shift+ArrowDown');
  const selection = page.getByRole('toolbar', { name: 'Selection' });
  await expect(selection).toContainText('10 clips');
  await page.keyboard.press('r');
  await chooseLabel(page, '9');
  const preview = page.getByRole('dialog', { name: 'Change 10 clips?' });
  await expect(preview.getByRole('row', { name: /Label\s+7\s+9\s+10/ })).toBeVisible();
  expect(await countOf(studio.client, 'label is changed')).toBe(0);
  await page.keyboard.press('Enter');
  await expect(preview).toBeHidden();
  await expect(notices(page)).toContainText('saved');
  expect(await countOf(studio.client, 'label is changed')).toBe(10);
  await expect(grid).toHaveAttribute('aria-rowcount', '41');

  await grid.focus();
  await page.keyboard.press('Control+z');
  await expect(notices(page)).toContainText('undone');
  expect(await countOf(studio.client, 'label is changed')).toBe(0);
  await expect(grid).toHaveAttribute('aria-rowcount', '51');
});

test('flags are found again with other thresholds, and their number is told before', async ({
  page,
  studio,
}) => {
  const view = await goTo(page, 'Flags');
  const kinds = view.getByRole('table', { name: 'Flags by kind and status' });
  await expect(kinds).toBeVisible();
  const short = view.getByRole('textbox', { name: 'Too short: under' });
  await short.fill('0.3');
  await short.press('Enter');
  const below = await countOf(studio.client, 'durationSec < 0.3');
  const settings = view.getByRole('region', { name: 'Thresholds' });
  await expect(settings).toContainText(below.toLocaleString('en'));
  await short.fill('0.4');
  await short.press('Enter');
  const more = await countOf(studio.client, 'durationSec < 0.4');
  expect(more).toBeGreaterThan(below);
  await expect(settings).toContainText(`${below.toLocaleString('en')} → ${more.toLocaleString('en')}`);
  await settings.getByRole('button', { name: 'Find again' }).click();
  await expect(
    view.getByRole('button', { name: `Too short: ${more.toLocaleString('en')} open` }),
  ).toBeVisible({
    timeout: 30_000,
  });
});

test('planted wrong labels come in by a table, and exactly those that confident learning names are flagged', async ({
  page,
  studio,
}) => {
  // The table names the recordings from where it lies; its label column has a name of its own.
  cpSync(sharedPath('golden/fsdd-noisy/clips.csv'), join(studio.folder, 'noisy.csv'));
  await runCommand(page, 'Close the project');
  await page.getByRole('button', { name: /^Open a table of clips/ }).click();
  await pick(page, 'work', 'noisy.csv');
  const view = page.getByRole('region', { name: 'Import a dataset' });
  await choose(page, view.getByRole('button', { name: /Label$/ }), 'given_label');
  await expect(view.getByRole('region', { name: 'Preview' }).getByRole('status')).toContainText(
    '3,000 clips',
  );
  await view.getByRole('button', { name: /^Import/ }).click();
  await expect(notices(page)).toContainText('done', { timeout: 60_000 });

  await runCommand(page, 'Import predictions');
  const dialog = page.getByRole('dialog', { name: 'Import predictions' });
  await dialog.getByRole('button', { name: 'Choose a file…' }).click();
  await pick(page, 'work', 'model', 'pred_probs.npy');
  await dialog.getByRole('button', { name: 'Import the run' }).click();
  await expect(dialog).toBeHidden();
  const golden = (name: string) =>
    JSON.parse(readFileSync(sharedPath('golden/fsdd-noisy', name), 'utf8')) as Record<string, unknown>;
  const view2 = await goTo(page, 'Confusions');
  const figures = golden('metrics.json') as { accuracy: number; confusion_matrix: number[][] };
  await expect(view2).toContainText(`${(100 * figures.accuracy).toFixed(1)}%`);
  const [run] = await studio.client.runs.list();
  const metrics = await studio.client.metrics.get({ run: run?.name ?? '', filter: '', order: 'name' });
  expect(metrics.matrix).toEqual(figures.confusion_matrix);

  const flags = await goTo(page, 'Flags');
  const rows = readTable(sharedPath('golden/fsdd-noisy/clips.csv'));
  const { filter_by } = golden('label_issues.json') as {
    filter_by: { prune_by_noise_rate: { indices: number[] } };
  };
  const expected = filter_by.prune_by_noise_rate.indices.map((row) => rows[row]?.path ?? '').sort();
  await expect(flags.getByRole('button', { name: `Wrong label: ${expected.length} open` })).toBeVisible({
    timeout: 30_000,
  });
  const found = await studio.client.flags.page({
    kinds: ['label-issue'],
    status: 'open',
    filter: '',
    offset: 0,
    limit: 1000,
  });
  expect(found.rows.map(({ path }) => path).sort()).toEqual(expected);
  const scores = found.rows.map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((a, b) => a - b));

  await test.step('a column of the table that is no field is a facet and can be filtered by', async () => {
    const planted = rows.filter(({ given_label, true_label }) => given_label !== true_label);
    await goTo(page, 'Clips');
    await typeFilter(page, 'label != column("true_label")');
    await expectMatched(page, planted.length, 3000);
    const facets = page.getByRole('complementary', { name: 'Facets' });
    await facets.getByRole('button', { name: 'true_label', exact: true }).click();
    const threes = planted.filter(({ true_label }) => true_label === '3').length;
    await facets.getByRole('button', { name: `3 ${threes}`, exact: true }).click();
    await expectMatched(page, threes, 3000);
    await expect(
      filterBar(page).getByRole('button', { name: 'Condition column("true_label") = 3' }),
    ).toBeVisible();
    await filterBar(page).getByRole('button', { name: 'Clear the filter' }).click();
    await expectMatched(page, 3000, 3000);
  });
});

test('the sentences of the sample are searched as one types', async ({ page, studio }) => {
  await runCommand(page, 'Close the project');
  await openSample(page);
  await goTo(page, 'Clips');
  const search = page.getByRole('searchbox', { name: 'Search transcripts' });
  await search.fill('the');
  const expected = await countOf(studio.client, 'transcript ~ "the"');
  expect(expected).toBeGreaterThan(0);
  await expectMatched(page, expected);
  await search.fill('');
  await expectMatched(page, (await studio.client.project.state()).project?.clips ?? 0);
});
