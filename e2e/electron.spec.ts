// The same studio in its own window: the sample's journey in Electron, where its binary and a screen are there.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron as electron, expect, test } from '@playwright/test';
import { isStale } from '../electron/cli/build.ts';
import { whyNoWindow } from '../electron/cli/electron-binary.ts';
import { root } from './fixtures/studio.ts';
import { goTo, openSample } from './pages/app.ts';
import { ReviewPage } from './pages/review.ts';

/** Electron's binary: named by EARMARK_ELECTRON, or where its package keeps it. */
function findElectron(): string | null {
  const named = process.env.EARMARK_ELECTRON;
  if (named) return existsSync(named) ? named : null;
  const folder = join(root, 'node_modules/electron');
  try {
    const path = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

const main = join(root, 'dist/main/main.cjs');
const binary = findElectron();
const { CI: _, EARMARK_BROWSER: __, ...environment } = process.env;
const whyNot =
  binary === null
    ? 'Electron’s binary is not here (EARMARK_ELECTRON can name one)'
    : (whyNoWindow(environment) ??
      (!existsSync(main) || isStale('electron') ? 'its shell is not built (npm run build:electron)' : null));
if (whyNot !== null) process.stdout.write(`The Electron specs are skipped: ${whyNot}.\n`);

test.skip(whyNot !== null, whyNot ?? '');

test('the window opens the sample, decides, saves and takes back like the browser', async () => {
  const home = mkdtempSync(join(tmpdir(), 'earmark-e2e-electron-'));
  const app = await electron.launch({
    executablePath: binary ?? '',
    args: [main, `--user-data-dir=${join(home, 'chromium')}`],
    env: { ...environment, EARMARK_HOME: join(home, 'home') } as Record<string, string>,
  });
  try {
    const page = await app.firstWindow();
    await openSample(page);
    await expect(page.getByRole('list', { name: 'In total' })).toContainText('clips');

    // The page has the bridge of the shell, and nothing of Node.
    const known = await page.evaluate(() => ({
      bridge: Object.keys((window as unknown as { earmark?: object }).earmark ?? {}).length,
      node: 'require' in window || 'process' in window,
    }));
    expect(known.bridge).toBeGreaterThan(3);
    expect(known.node).toBe(false);

    await page.getByRole('button', { name: /likely wrong labels$/ }).click();
    await expect(page.getByRole('region', { name: 'The flag under the cursor' })).toContainText(/\d\.\d\d/);
    await page.keyboard.press('Control+Enter');
    const review = new ReviewPage(page);
    await expect(review.clip).toBeVisible();
    const path = await review.currentPath();
    await review.decide('a');
    await expect(review.last).toContainText('saved');
    await page.keyboard.press('Control+z');
    await expect(review.last).toContainText('undone');
    await expect(review.path).toHaveText(path);

    await goTo(page, 'Clips');
    await page.getByRole('grid', { name: 'Clips' }).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await expect(
      page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Pause' }),
    ).toBeVisible();
  } finally {
    await app.close();
    rmSync(home, { recursive: true, force: true });
  }
});
