// The frame of the studio as a person sees it: views, notices, the filter bar, the folder picker, the label picker.
import { expect, type Locator, type Page } from '@playwright/test';
import type { StudioClient } from '../../shared/contract/index.ts';

export const viewTitles = [
  'Overview',
  'Clips',
  'Flags',
  'Review',
  'Confusions',
  'Classes',
  'Map',
  'Few-shot keyword',
  'History',
  'Export',
] as const;
export type ViewTitle = (typeof viewTitles)[number];

/** Goes to a view by its word in the rail. */
export async function goTo(page: Page, title: ViewTitle): Promise<Locator> {
  // Beside the word stands the number of what is open there.
  const name = new RegExp(`^${title}( [\\d,]+)?$`);
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click();
  const view = page.getByRole('region', { name: title, exact: true });
  await expect(view).toBeVisible();
  return view;
}

/** What the studio says about what was just done. */
export function notices(page: Page): Locator {
  return page.locator('.notices');
}

/** The line that says that the engine, the worker or the connection is down. */
export function banner(page: Page): Locator {
  return page.locator('.frame-banner [role=status]');
}

/** Runs a command from the palette by typing its title. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const palette = page.getByRole('dialog').getByRole('combobox');
  // A page that has just been opened does not hear keys yet.
  await expect(async () => {
    await page.keyboard.press('Control+k');
    await expect(palette).toBeVisible({ timeout: 2000 });
  }).toPass();
  await palette.fill(title);
  await page.getByRole('option', { name: title }).first().click();
}

/** Opens the sample from the welcome page and waits until it is ready. */
export async function openSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Explore the sample/ }).click();
  await expect(page.getByRole('region', { name: 'Overview' })).toBeVisible({ timeout: 60_000 });
}

/** Walks the folder picker: a place, then folders, then (for files) the file itself. */
export async function pick(page: Page, place: string, ...steps: readonly string[]): Promise<void> {
  const dialog = page.getByRole('dialog', { name: /^Choose a/ });
  await dialog.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: place }).click();
  const trail = dialog.getByRole('list', { name: 'Folder' });
  await expect(trail).toContainText(place);
  for (const [index, step] of steps.entries()) {
    const isFile = /\.\w+$/.test(step) && index === steps.length - 1;
    const entry = dialog.getByRole('row', { name: step, exact: true });
    if (isFile) {
      await entry.click();
      await dialog.getByRole('button', { name: 'Choose', exact: true }).click();
      return;
    }
    await entry.dblclick();
    await expect(trail).toContainText(step);
  }
  await dialog.getByRole('button', { name: 'Choose this folder' }).click();
}

/** The bar of the one expression that rules every view. */
export function filterBar(page: Page): Locator {
  return page.getByRole('search', { name: 'Filter' });
}

/** Replaces the filter: chips are cleared, the expression is typed, Enter. */
export async function typeFilter(page: Page, expression: string): Promise<void> {
  const bar = filterBar(page);
  const clear = bar.getByRole('button', { name: 'Clear the filter' });
  if (await clear.isVisible()) await clear.click();
  const input = bar.getByRole('combobox', { name: 'Add a condition' });
  await input.fill(expression);
  await input.press('Enter');
}

/** The count in the filter bar: `12 of 647`. */
export async function expectMatched(page: Page, matched: number, total?: number): Promise<void> {
  const words = `${matched.toLocaleString('en')} of${total === undefined ? '' : ` ${total.toLocaleString('en')}`}`;
  await expect(filterBar(page).locator('output')).toContainText(words);
}

/** How many clips a filter names, from behind the window. */
export async function countOf(client: StudioClient, filter: string): Promise<number> {
  return (await client.clips.page({ filter, sort: null, offset: 0, limit: 1 })).matched;
}

/** Types into the label picker that is open, and takes the first label. */
export async function chooseLabel(page: Page, label: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: /^Relabel/ });
  await dialog.getByRole('combobox').fill(label);
  await expect(dialog.getByRole('option').first()).toContainText(label);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
}

/** Opens a choice and takes one of its options. */
export async function choose(page: Page, field: Locator, option: string | RegExp): Promise<void> {
  await field.click();
  const wanted = page.getByRole('option', { name: option, exact: true });
  await wanted.click();
  await expect(wanted).toBeHidden();
}
