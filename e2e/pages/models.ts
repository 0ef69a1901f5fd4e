// The dialog that leads from a model file to a run, as a person works through it.
import { expect, type Locator, type Page } from '@playwright/test';
import { pick, runCommand } from './app.ts';

export const modelSteps = ['The file', 'Description', 'Three clips', 'Run'] as const;
export type ModelStep = (typeof modelSteps)[number];

/** What the step says once it is, and not while it is "not saved yet". */
export const saved = /(?<!not )saved/;

export class ModelPage {
  readonly page: Page;
  readonly dialog: Locator;
  readonly start: Locator;
  readonly trust: Locator;
  readonly save: Locator;
  readonly tryOut: Locator;

  constructor(page: Page) {
    this.page = page;
    this.dialog = page.getByRole('dialog', { name: /^Run / });
    this.start = this.dialog.getByRole('button', { name: 'Start the run' });
    this.trust = this.dialog.getByRole('button', { name: 'I trust this file' });
    this.save = this.dialog.getByRole('button', { name: 'Save the description', exact: true });
    this.tryOut = this.dialog.getByRole('button', { name: 'Try on three clips' });
  }

  /** Opens the dialog from the palette and picks a file below the spec's own folder. */
  async open(...steps: readonly string[]): Promise<void> {
    await runCommand(this.page, 'Run a model');
    await this.dialog.getByRole('button', { name: 'Choose a model…' }).click();
    await pick(this.page, 'work', ...steps);
  }

  async close(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Close', exact: true }).click();
    await expect(this.dialog).toBeHidden();
  }

  step(title: ModelStep): Locator {
    return this.dialog.getByRole('tab', { name: new RegExp(`^${title}`) });
  }

  /** Goes to a step; its panel is what is returned. */
  async go(title: ModelStep): Promise<Locator> {
    await this.step(title).click();
    const panel = this.dialog.getByRole('tabpanel', { name: new RegExp(`^${title}`) });
    await expect(panel).toBeVisible();
    return panel;
  }

  async expectStep(title: ModelStep, words: string | RegExp): Promise<void> {
    await expect(this.step(title)).toContainText(words);
  }

  field(name: string): Locator {
    return this.dialog.getByRole('textbox', { name, exact: true });
  }
}
