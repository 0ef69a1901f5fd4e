// The review queue as a person works through it.
import { expect, type Locator, type Page } from '@playwright/test';

export class ReviewPage {
  readonly page: Page;
  readonly clip: Locator;
  readonly path: Locator;
  readonly left: Locator;
  readonly findings: Locator;
  /** What was done last, said after it is on disk. */
  readonly last: Locator;

  constructor(page: Page) {
    this.page = page;
    this.clip = page.getByRole('group', { name: 'Clip under review' });
    this.path = this.clip.getByRole('heading', { level: 2 });
    this.left = this.clip.getByRole('status').first();
    this.findings = page.getByRole('complementary', { name: 'What is said about the clip' });
    this.last = this.findings.getByRole('status');
  }

  async expectLeft(left: number, of: number): Promise<void> {
    await expect(this.left).toContainText(`${left} of ${of} left`);
  }

  /** Path of the clip in front, once it is on the screen. */
  async currentPath(): Promise<string> {
    await expect(this.path).toHaveText(/\.\w+$/);
    return this.path.innerText();
  }

  async proposed(): Promise<string> {
    return this.findings.getByRole('definition').nth(1).innerText();
  }

  async label(): Promise<string> {
    return this.findings.getByRole('definition').first().innerText();
  }

  /** Presses a key that decides, and waits until the clip after it is in front. */
  async decide(key: string): Promise<void> {
    const before = await this.currentPath();
    await this.page.keyboard.press(key);
    await expect(this.path).not.toHaveText(before);
    await this.currentPath();
  }
}
