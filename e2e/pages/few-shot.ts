// The few-shot view as a person works through it: examples, training, candidates.
import { expect, type Locator, type Page } from '@playwright/test';
import { goTo } from './app.ts';

export class FewShotPage {
  readonly page: Page;
  readonly examples: Locator;
  readonly training: Locator;
  readonly candidates: Locator;
  readonly grid: Locator;
  readonly recorder: Locator;

  constructor(page: Page) {
    this.page = page;
    this.examples = page.getByRole('list', { name: 'Examples' }).getByRole('listitem');
    this.training = page.getByRole('region', { name: '2 Train' });
    this.candidates = page.getByRole('region', { name: /^3 Listen through/ });
    this.grid = page.getByRole('grid', { name: 'Candidates' });
    this.recorder = page.getByRole('region', { name: 'Record examples' });
  }

  open(): Promise<Locator> {
    return goTo(this.page, 'Few-shot keyword');
  }

  /** Presses the button and waits for the figures of the new head. */
  async train(button: Locator): Promise<void> {
    await button.click();
    await expect(this.training.getByRole('progressbar')).toBeHidden({ timeout: 30_000 });
    await expect(this.training.getByText('leave one out')).toBeVisible({ timeout: 30_000 });
  }

  /** The label of each candidate on the screen, best first. */
  async labels(): Promise<string[]> {
    await expect(this.grid.getByRole('row').nth(1)).toBeVisible();
    return this.grid
      .getByRole('row')
      .filter({ has: this.page.getByRole('gridcell') })
      .evaluateAll((rows) =>
        rows.map((row) => row.querySelectorAll('[role=gridcell]')[3]?.textContent ?? ''),
      );
  }
}
