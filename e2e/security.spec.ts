// What leaves the machine and what the page may know: nothing is asked of any other origin, the content policy is
// never broken, no path of the file system reaches the page, and nobody gets in without the printed address.
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { tone, wavOf, write } from './fixtures/files.ts';
import { expect, root, type Studio, test } from './fixtures/studio.ts';
import { goTo, notices, openSample, pick, runCommand, viewTitles } from './pages/app.ts';

test.use({ studioName: 'security' });
test.describe.configure({ mode: 'serial' });

/** Reads along with everything the studio answers to the page. */
function readAlong(page: Page): () => Promise<{ url: string; text: string }[]> {
  const bodies: Promise<{ url: string; text: string } | null>[] = [];
  page.on('response', (response) => {
    // The event stream has no end; it is read by itself.
    if (response.url().endsWith('/events')) return;
    bodies.push(
      response.body().then(
        (body) => ({ url: response.url(), text: body.toString('latin1') }),
        () => null,
      ),
    );
  });
  return async () => (await Promise.all(bodies)).filter((body) => body !== null);
}

/** Notes in the page every event of the stream and every breach of the content policy. */
async function noteInPage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const noted = { events: [] as string[], breaches: [] as string[] };
    Object.assign(window, { noted });
    document.addEventListener('securitypolicyviolation', (event) => {
      noted.breaches.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
    const Real = EventSource;
    window.EventSource = class extends Real {
      constructor(...args: ConstructorParameters<typeof EventSource>) {
        super(...args);
        this.addEventListener('message', ({ data }) => noted.events.push(String(data)));
      }
    };
  });
  await page.reload();
}

const noted = (page: Page) =>
  page.evaluate(() => (window as unknown as { noted: { events: string[]; breaches: string[] } }).noted);

/** Paths that only this machine knows: the spec's folder, the user's folder, the checkout with the sample. */
const secretsOf = (studio: Studio): string[] => [dirname(studio.folder), studio.home, root];

test('no answer of the studio names a path of the machine, and the page asks nobody else', async ({
  page,
  studio,
}) => {
  for (const [index, label] of ['yes', 'no', 'yes'].entries())
    write(join(studio.folder, 'set', label, `${index}.wav`), wavOf(tone(300 + 60 * index, 0.4)));
  write(join(studio.folder, 'set/yes/broken.wav'), 'not a recording');
  write(join(studio.folder, 'broken.earmark'), 'not a project');
  write(join(studio.folder, 'run.csv'), 'path,predicted\nyes/0.wav,yes\nelsewhere.wav,no\n');
  const read = readAlong(page);
  await noteInPage(page);

  await page.getByRole('button', { name: /^Open a project/ }).click();
  await pick(page, 'work', 'broken.earmark');
  await expect(notices(page).getByRole('alert')).toBeVisible();
  await notices(page).getByRole('button', { name: 'Close', exact: true }).click();

  await page.getByRole('button', { name: /^Open a dataset folder/ }).click();
  await pick(page, 'work', 'set');
  const view = page.getByRole('region', { name: 'Import a dataset' });
  await view.getByRole('radio', { name: /^Folder per label/ }).check({ force: true });
  await view.getByRole('button', { name: /^Import( |$)/ }).click();
  await expect(notices(page)).toContainText('done');
  await notices(page).getByRole('button', { name: '1 failure…' }).click();
  await page.keyboard.press('Escape');

  await runCommand(page, 'Import predictions');
  await page.getByRole('button', { name: 'Choose a file…' }).click();
  await pick(page, 'work', 'run.csv');
  await page.getByRole('button', { name: 'Import the run' }).click();
  await runCommand(page, 'Check the project');
  await expect(page.getByText('The project is sound')).toBeVisible();
  await page.keyboard.press('Escape');
  await goTo(page, 'Export');
  await page.getByRole('button', { name: 'Choose a folder…' }).click();
  await pick(page, 'work');
  await page.getByRole('textbox', { name: 'Name of the new folder' }).press('Control+Enter');
  await expect(notices(page)).toContainText('done');

  await runCommand(page, 'Close the project');
  await openSample(page);
  for (const title of viewTitles) {
    await goTo(page, title);
    await page.waitForTimeout(200);
  }
  await goTo(page, 'Clips');
  await page.getByRole('grid', { name: 'Clips' }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('u');
  await expect(notices(page)).toContainText('saved');

  const answers = await read();
  const { events, breaches } = await noted(page);
  expect(answers.length).toBeGreaterThan(60);
  expect(events.some((event) => event.includes('"job"'))).toBe(true);
  const leaks = [...answers, ...events.map((text) => ({ url: '/events', text }))].flatMap(({ url, text }) =>
    secretsOf(studio)
      .filter((secret) => text.includes(secret))
      .map(
        (secret) =>
          `${url}: ${text.slice(Math.max(0, text.indexOf(secret) - 80), text.indexOf(secret) + 120)}`,
      ),
  );
  expect(leaks).toEqual([]);
  expect(breaches).toEqual([]);
  // That no other origin was asked is checked for every page of every spec (fixtures/studio.ts).
});

test('the content policy allows the studio only, and no code but its own', async ({ page, studio }) => {
  const reply = await page.goto(studio.address);
  const headers = reply?.headers() ?? {};
  const policy = headers['content-security-policy'] ?? '';
  expect(policy).toMatch(/default-src 'none'|default-src 'self'/);
  expect(policy).toMatch(/script-src 'self'(;|$)/);
  expect(policy).not.toMatch(/unsafe-eval|unsafe-inline[^;]*script|https?:/);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['referrer-policy']).toBe('no-referrer');
});

test('nobody gets in without the printed address, and another site cannot ask through the browser', async ({
  studio,
  chromium,
}) => {
  for (const route of ['/', '/rpc/project/state', '/events', '/media/audio/1.wav', '/arrays/clip-ids']) {
    const reply = await fetch(new URL(route, studio.address));
    expect(reply.status, route).toBe(403);
    expect(await reply.text()).not.toContain(root);
  }
  // The address was used when the studio opened; a second browser is told so in words.
  const context = await chromium.newContext();
  const stranger = await context.newPage();
  await stranger.goto(studio.address);
  await expect(
    stranger.getByRole('heading', { name: 'The studio did not let this browser in' }),
  ).toBeVisible();
  await context.close();
});
