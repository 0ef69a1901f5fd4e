// What a person sees when what they bring is not what it should be: a sentence that says what is wrong, what is
// unharmed and what to do, and a studio that goes on.
import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Locator, Page } from '@playwright/test';
import { filesBelow, hashOfFolder, tone, wavOf, write } from './fixtures/files.ts';
import { earmark, expect, type Studio, test } from './fixtures/studio.ts';
import { countOf, goTo, notices, pick, runCommand } from './pages/app.ts';

test.use({ studioName: 'bad-input' });
test.describe.configure({ mode: 'serial' });

const longName = `${'n'.repeat(240)}.wav`;

/** Three words with good files, and every kind of file that is none. */
function writeMixed(folder: string): { good: number; bad: string[] } {
  const good = wavOf(tone(440, 0.6));
  const names = ['yes/a.wav', 'yes/it\'s "quoted".wav', 'no/كلمة 🎙.wav', `no/${longName}`];
  names.forEach((name, index) => {
    write(join(folder, name), wavOf(tone(300 + 50 * index, 0.5)));
  });
  const bad: Record<string, Uint8Array> = {
    'yes/empty.wav': new Uint8Array(0),
    'yes/picture.wav': Buffer.from('ffd8ffe000104a46494600010100000100010000ffdb', 'hex'),
    'no/header-only.wav': good.subarray(0, 30),
    'no/cut.flac': Buffer.from('fLaC\0\0\0\x22broken', 'latin1'),
    'no/no-channels.wav': Buffer.concat([good.subarray(0, 22), Buffer.from([0, 0]), good.subarray(24)]),
  };
  for (const [name, bytes] of Object.entries(bad)) write(join(folder, name), bytes);
  return { good: names.length, bad: Object.keys(bad) };
}

async function openFolder(page: Page, ...steps: readonly string[]): Promise<Locator> {
  await page.getByRole('button', { name: /^Open a dataset folder/ }).click();
  await pick(page, 'work', ...steps);
  const view = page.getByRole('region', { name: 'Import a dataset' });
  await expect(view.getByRole('heading', { name: 'Import a dataset' })).toBeVisible();
  return view;
}

async function projectFile(studio: Studio, name: string): Promise<string> {
  return join(studio.folder, `${name}.earmark`);
}

test('an empty folder, and one without recordings, are named and cannot be imported', async ({
  page,
  studio,
}) => {
  mkdirSync(join(studio.folder, 'nothing'));
  write(join(studio.folder, 'letters/a.txt'), 'no sound');
  write(join(studio.folder, 'letters/b/c.md'), 'none either');
  for (const folder of ['nothing', 'letters']) {
    const view = await openFolder(page, folder);
    await expect(
      view.getByText(/no (audio|recordings|sound)|looks like none|0 clips/i).first(),
    ).toBeVisible();
    await expect(view.getByRole('button', { name: /^Import( |$)/ })).toBeDisabled();
    await view.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByRole('region', { name: 'Welcome' })).toBeVisible();
  }
});

test('bad files among good ones stop nothing and are listed with their reasons', async ({ page, studio }) => {
  const { good, bad } = writeMixed(join(studio.folder, 'mixed'));
  const view = await openFolder(page, 'mixed');
  await view.getByRole('radio', { name: /^Folder per label/ }).check({ force: true });
  await view.getByRole('button', { name: /^Import( |$)/ }).click();
  await expect(notices(page)).toContainText('done', { timeout: 30_000 });
  expect(await countOf(studio.client, '')).toBe(good);
  await notices(page)
    .getByRole('button', { name: `${bad.length} failures…` })
    .click();
  const list = page.getByRole('dialog', { name: new RegExp(`${bad.length} files could not be used`) });
  for (const file of bad) {
    const row = list.getByRole('listitem').filter({ hasText: file });
    await expect(row).toBeVisible();
    // A reason, not only a name.
    expect((await row.innerText()).length).toBeGreaterThan(file.length + 25);
  }
  await page.keyboard.press('Escape');
  await goTo(page, 'Clips');
  await expect(page.getByRole('grid', { name: 'Clips' })).toContainText('كلمة 🎙.wav');
  await expect(page.getByRole('grid', { name: 'Clips' })).toContainText('it\'s "quoted".wav');
});

test('files that could not be used are settled from the keyboard, counted, and taken back', async ({
  page,
  studio,
}) => {
  const overview = await goTo(page, 'Overview');
  await overview.getByRole('button', { name: '5 unreadable files', exact: true }).click();
  const flags = page.getByRole('region', { name: 'Flags' });
  const grid = flags.getByRole('grid', { name: 'Flags, worst first' });
  const detail = flags.getByRole('region', { name: 'The flag under the cursor' });
  const rows = (count: number) => expect(grid).toHaveAttribute('aria-rowcount', String(count + 1));
  await expect(grid).toBeFocused();
  await rows(5);
  await expect(detail).toContainText('import again: the flag goes away by itself');
  // The clip that was under the cursor in Clips is out of reach of the keys here.
  await expect(page.getByRole('heading', { name: 'No clip' })).toBeVisible();
  const counted = async () => (await studio.client.project.state()).project?.flags.unreadable;

  await page.keyboard.press('d');
  await expect(notices(page)).toContainText('1 unreadable file dismissed');
  await rows(4);
  await page.keyboard.press('Control+a');
  await expect(detail).toContainText('4 flags selected');
  await detail.getByRole('button', { name: /^Confirm/ }).click();
  await expect(notices(page)).toContainText('4 unreadable files accepted');
  await expect(flags).toContainText('Nothing open here');
  expect(await counted()).toEqual({ open: 0, accepted: 4, fixed: 0, dismissed: 1 });
  await goTo(page, 'Overview');
  const findings = overview.getByRole('complementary', { name: 'What to look at and do' });
  await expect(findings).toContainText(/\d+ of \d+ settled/);
  await expect(findings.getByRole('button', { name: /unreadable/ })).toBeHidden();

  await page.keyboard.press('Control+z');
  await expect(notices(page)).toContainText('undone');
  await expect(findings.getByRole('button', { name: '4 unreadable files', exact: true })).toBeVisible();
  await page.reload();
  await expect(findings.getByRole('button', { name: '4 unreadable files', exact: true })).toBeVisible();

  const history = await goTo(page, 'History');
  const step = history.getByRole('complementary', { name: 'The step under the cursor' });
  await expect(step).toContainText('4 unreadable files accepted');
  await expect(step.getByRole('button', { name: 'Take back' })).toBeVisible();
  await expect(step.getByRole('button', { name: /clip|Review again/ })).toBeHidden();
  await step.getByRole('button', { name: 'Show unreadable files' }).click();
  await rows(5);
  await flags.getByRole('radio', { name: 'Dismissed' }).check({ force: true });
  await rows(1);
  await detail.getByRole('button', { name: 'Open again' }).click();
  await expect(notices(page)).toContainText('1 unreadable file reopened');
  expect(await counted()).toEqual({ open: 5, accepted: 0, fixed: 0, dismissed: 0 });
});

test('predictions that match no clip are refused before anything is stored', async ({ page, studio }) => {
  write(join(studio.folder, 'other.csv'), 'path,predicted\nnowhere/1.wav,yes\nnowhere/2.wav,no\n');
  write(join(studio.folder, 'letters.csv'), 'name;value\nx;1\n');
  await runCommand(page, 'Import predictions');
  const dialog = page.getByRole('dialog', { name: 'Import predictions' });
  await dialog.getByRole('button', { name: 'Choose a file…' }).click();
  await pick(page, 'work', 'other.csv');
  await expect(dialog).toContainText(/0 of 2 rows match a clip|none of|no row/i);
  await expect(dialog.getByRole('button', { name: 'Import the run' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Another file…' }).click();
  await pick(page, 'work', 'letters.csv');
  await expect(dialog.getByRole('alert')).toContainText('letters.csv');
  await expect(dialog.getByRole('button', { name: 'Import the run' })).toBeDisabled();
  expect(await studio.client.runs.list()).toEqual([]);
});

test('an export never writes over what is there without being asked', async ({ page, studio }) => {
  write(join(studio.folder, 'precious/thesis.txt'), 'years of work');
  const before = hashOfFolder(join(studio.folder, 'precious'));
  const view = await goTo(page, 'Export');
  await view.getByRole('button', { name: 'Choose a folder…' }).click();
  await pick(page, 'work');
  const name = view.getByRole('textbox', { name: 'Name of the new folder' });
  await name.fill('precious');
  const replace = view.getByRole('switch', { name: /^Replace “precious”/ });
  await expect(replace).not.toBeChecked();
  const start = view.getByRole('button', { name: /^(Export|Replace)/ });
  await expect(start).toBeDisabled();
  await name.press('Enter');
  expect(hashOfFolder(join(studio.folder, 'precious'))).toBe(before);
  await name.fill('free');
  await expect(replace).toBeHidden();
  await expect(view.getByRole('status')).toContainText('4 clips');
  await view.getByRole('button', { name: /^Export/ }).click();
  await expect(notices(page)).toContainText('done', { timeout: 20_000 });
  expect(filesBelow(join(studio.folder, 'free')).filter((file) => file.endsWith('.wav'))).toHaveLength(4);
  expect(hashOfFolder(join(studio.folder, 'precious'))).toBe(before);
});

test('a dataset folder that was moved is missed in words, and found again', async ({ page, studio }) => {
  const project = await projectFile(studio, 'mixed');
  await runCommand(page, 'Close the project');
  renameSync(join(studio.folder, 'mixed'), join(studio.folder, 'moved'));
  await page.getByRole('button', { name: /^mixed/ }).click();
  const overview = page.getByRole('region', { name: 'Overview' });
  await expect(overview).toBeVisible();
  await expect(overview).toContainText('The folder of mixed is not where it was');
  // The labels are still there to look at; the sound says what is missing.
  await goTo(page, 'Clips');
  await expect(page.getByRole('grid', { name: 'Clips' })).toHaveAttribute('aria-rowcount', '5');
  await runCommand(page, 'Find a moved dataset folder');
  await pick(page, 'work', 'moved');
  await expect(notices(page)).toContainText('found');
  await expect(notices(page)).toContainText('4 recordings');
  const state = await studio.client.project.state();
  expect(state.project?.datasets).toMatchObject([{ isRootPresent: true }]);
  await page.getByRole('grid', { name: 'Clips' }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  await expect(page.getByRole('region', { name: 'Player' }).getByRole('alert')).toBeHidden();
  expect(readFileSync(project).length).toBeGreaterThan(0);
});

test('a project of a newer Earmark, and one that is cut off, are left as they are and said so', async ({
  page,
  studio,
}) => {
  await runCommand(page, 'Close the project');
  const newer = join(studio.folder, 'newer.earmark');
  const made = await earmark(studio, 'import', join(studio.folder, 'moved'), '--project', newer);
  expect(made.code).toBe(0);
  const database = new DatabaseSync(newer);
  database.exec('PRAGMA user_version = 9999');
  database.close();
  const broken = join(studio.folder, 'broken.earmark');
  write(broken, readFileSync(newer).subarray(0, 5000));
  for (const file of ['newer', 'broken']) {
    const bytes = readFileSync(join(studio.folder, `${file}.earmark`));
    await page.getByRole('button', { name: /^Open a project/ }).click();
    await pick(page, 'work', `${file}.earmark`);
    await expect(notices(page).getByRole('alert')).toContainText(`${file}.earmark`);
    await expect(notices(page).getByRole('alert')).toContainText(
      /newer|damaged|whole|cannot be read|malformed/i,
    );
    await notices(page).getByRole('button', { name: 'Close', exact: true }).click();
    expect(readFileSync(join(studio.folder, `${file}.earmark`)).equals(bytes)).toBe(true);
    await expect(page.getByRole('region', { name: 'Welcome' })).toBeVisible();
  }
});
