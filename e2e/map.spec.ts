// The map on the sample, from audio only: an embedding, a t-SNE map that shows itself while it is made, hearing,
// enclosing, growing, relabelling, and files of it.
import { readFileSync } from 'node:fs';
import type { Download, Locator, Page } from '@playwright/test';
import { expect, type Studio, test } from './fixtures/studio.ts';
import {
  choose,
  chooseLabel,
  countOf,
  expectMatched,
  filterBar,
  goTo,
  notices,
  openSample,
  typeFilter,
} from './pages/app.ts';

test.use({ studioName: 'map' });
test.describe.configure({ mode: 'serial' });

const stageOf = (page: Page): Locator => page.getByRole('application', { name: /^Map of/ });
const selectionOf = (page: Page): Locator => page.getByRole('region', { name: 'Selection' });

async function openMap(page: Page): Promise<Locator> {
  await goTo(page, 'Map');
  const stage = stageOf(page);
  await expect(stage).toBeVisible();
  await expect(stage).toHaveAttribute('aria-busy', 'false');
  return stage;
}

async function bytesOf(download: Download): Promise<Buffer> {
  return readFileSync(await download.path());
}

async function saved(page: Page, entry: string): Promise<{ name: string; bytes: Buffer }> {
  await page.getByRole('button', { name: 'Save or remove the map' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: entry }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await bytesOf(download) };
}

async function mapsOf(studio: Studio) {
  return studio.client.maps.list();
}

test('from audio only, one button makes the embedding and the map', async ({ page, studio }) => {
  await openSample(page);
  const view = await goTo(page, 'Map');
  await expect(view.getByRole('heading', { name: 'No embedding yet' })).toBeVisible();
  await view.getByRole('button', { name: 'Make an embedding' }).click();
  await expect(stageOf(page)).toBeVisible({ timeout: 60_000 });
  await expect(view.locator('.map-figures')).toContainText('trustworthiness', { timeout: 60_000 });
  const [map] = await mapsOf(studio);
  expect(map).toMatchObject({ settings: { method: 'tsne', seed: 0 }, report: { isStopped: false } });
  expect(map?.report.trustworthiness ?? 0).toBeGreaterThan(0.9);
  await expect(stageOf(page)).toHaveAccessibleName(/by label/);
});

test('the arrow keys walk from clip to clip, and each sounds', async ({ page }) => {
  const stage = await openMap(page);
  await stage.focus();
  await page.keyboard.press('ArrowRight');
  const status = page.locator('.map-status [role=status]');
  await expect(status).toContainText('.flac');
  const first = await status.innerText();
  await expect(page.getByRole('button', { name: /^Pause/ }).first()).toBeVisible();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
  await expect(status).not.toHaveText(first);
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(selectionOf(page).getByRole('heading')).toHaveText('3 clips selected');
  await page.keyboard.press('Shift+G');
  await expect(notices(page)).toContainText('3 nearest clips added');
  await expect(selectionOf(page).getByRole('heading')).toHaveText('6 clips selected');
  await page.keyboard.press('Escape');
  await expect(selectionOf(page).getByRole('heading')).toHaveText('Selection');
});

test('a legend is a door: a value filters every view, the others stay in grey', async ({ page, studio }) => {
  await openMap(page);
  const legend = page.getByRole('region', { name: 'label', exact: true });
  const value = legend.getByRole('button').first();
  const label = (await value.locator('bdi, .ellipsis').first().innerText()).trim();
  await value.click();
  await expect(value).toHaveAttribute('aria-pressed', 'true');
  await expectMatched(page, await countOf(studio.client, `label = "${label}"`));
  await expect(stageOf(page)).toHaveAccessibleName(/in the filter/);
  await filterBar(page).getByRole('button', { name: 'Clear the filter' }).click();

  await choose(page, page.getByRole('button', { name: /Colour by$/ }), 'right or wrong');
  await expect(page.getByRole('region', { name: 'right or wrong' })).toContainText('wrong');
  await choose(page, page.getByRole('button', { name: /Colour by$/ }), 'label');
});

test('a lasso selects what it encloses, and one key relabels all of it and one takes it back', async ({
  page,
  studio,
}) => {
  const stage = await openMap(page);
  await stage.focus();
  await page.keyboard.press('0');
  await page.keyboard.press('o');
  const box = await stage.boundingBox();
  if (!box) throw new Error('the map has no place');
  const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(0.2, 0.2));
  await page.mouse.down();
  for (const [x, y] of [
    [0.7, 0.2],
    [0.7, 0.8],
    [0.2, 0.8],
    [0.2, 0.25],
  ] as const)
    await page.mouse.move(...at(x, y), { steps: 6 });
  await page.mouse.up();
  const heading = selectionOf(page).getByRole('heading');
  await expect(heading).toHaveText(/^\d+ clips selected$/);
  const clips = Number.parseInt(await heading.innerText(), 10);
  expect(clips).toBeGreaterThan(50);

  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    (async () => {
      await selectionOf(page).getByRole('button', { name: 'Export…' }).click();
      await page.getByRole('menuitem', { name: /^Save as CSV/ }).click();
    })(),
  ]);
  const lines = (await bytesOf(csv)).toString().trim().split('\n');
  expect(lines).toHaveLength(clips + 1);
  expect(lines[0]).toBe('path,label,predicted,speaker,split,durationSec,x,y');

  await expect(page.getByRole('menu')).toBeHidden();
  expect(await countOf(studio.client, 'label = "lassoed"')).toBe(0);
  await page.keyboard.press('r');
  await chooseLabel(page, 'lassoed');
  const confirm = page.getByRole('dialog', { name: /^Change/ });
  if (await confirm.isVisible()) await confirm.getByRole('button', { name: /^Change/ }).click();
  await expect.poll(() => countOf(studio.client, 'label = "lassoed"')).toBe(clips);
  await page.keyboard.press('Control+z');
  await expect.poll(() => countOf(studio.client, 'label = "lassoed"')).toBe(0);
});

test('a map shows itself while it is made, can be ended early, and other methods stand beside it', async ({
  page,
  studio,
}) => {
  await openMap(page);
  const make = async (method: string, fields: Readonly<Record<string, number>>) => {
    await page.getByRole('button', { name: 'New map…' }).click();
    const dialog = page.getByRole('dialog', { name: 'New map' });
    await dialog.getByRole('radio', { name: method }).click();
    for (const [name, value] of Object.entries(fields)) {
      await dialog.getByRole('textbox', { name }).fill(String(value));
      await dialog.getByRole('textbox', { name }).press('Tab');
    }
    await dialog.getByRole('button', { name: /^Make/ }).click();
    await expect(dialog).toBeHidden();
  };
  // Long enough to be caught in the middle.
  await make('t-SNE', { Perplexity: 200, Steps: 10_000 });
  const stop = page.getByRole('button', { name: 'Stop here, keep the picture' });
  await expect(stop).toBeEnabled({ timeout: 30_000 });
  await stop.click();
  await expect(page.locator('.map-figures')).toContainText('stopped early', { timeout: 30_000 });
  const [stopped] = await mapsOf(studio);
  expect(stopped?.report.isStopped).toBe(true);
  expect(stopped?.report.iterations ?? 0).toBeLessThan(10_000);

  await make('PCA', {});
  await expect.poll(async () => (await mapsOf(studio))[0]?.settings.method).toBe('pca');
  await expect(page.locator('.map-figures')).toContainText('variance');
  // A map that was chosen gives way to the one that was made after it.
  await choose(page, page.getByRole('button', { name: /Map$/ }), /^t-SNE, perplexity 30/);
  await make('UMAP', { Steps: 50 });
  await expect.poll(async () => (await mapsOf(studio))[0]?.settings.method, { timeout: 30_000 }).toBe('umap');
  await expect(page.getByRole('button', { name: /Map$/ })).toContainText('UMAP');
});

test('coordinates and pictures are saved', async ({ page, studio }) => {
  await openMap(page);
  const [map] = await mapsOf(studio);
  const n = map?.report.n ?? 0;
  const npy = await saved(page, 'NumPy array (.npy)');
  expect(npy.name).toMatch(/\.npy$/);
  expect(npy.bytes.toString('latin1')).toContain(`'shape': (${n}, 2)`);
  const csv = await saved(page, 'CSV with paths and labels');
  expect(csv.bytes.toString().trim().split('\n')).toHaveLength(n + 1);
  const projector = await saved(page, 'TensorBoard projector (.zip)');
  expect(projector.bytes.subarray(0, 2).toString()).toBe('PK');
  const svg = await saved(page, 'SVG');
  expect(svg.bytes.toString()).toMatch(/^<svg|^<\?xml/);
  const png = await saved(page, 'PNG at print size');
  expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
  // Pixels across, in the header of a PNG.
  expect(png.bytes.readUInt32BE(16)).toBeGreaterThanOrEqual(3000);
});

test('with WebGL and without it the map shows the same points', async ({ studio }) => {
  const shares: number[] = [];
  for (const painter of ['WebGL', 'software'] as const) {
    const page = await studio.newPage();
    if (painter === 'WebGL') {
      // Here the processor plays the graphics chip, which the studio would not take.
      await page.addInitScript(() => {
        const { getParameter } = WebGL2RenderingContext.prototype;
        const UNMASKED_RENDERER = 0x9246;
        WebGL2RenderingContext.prototype.getParameter = function (name) {
          return name === UNMASKED_RENDERER ? 'a graphics chip' : getParameter.call(this, name);
        };
      });
      await page.reload();
    }
    const stage = await openMap(page);
    await expect(stage).toHaveAttribute('data-painter', painter);
    await page.waitForTimeout(300);
    const picture = await stage.locator('canvas').first().screenshot();
    shares.push(
      await page.evaluate(async (base64) => {
        const image = new Image();
        image.src = `data:image/png;base64,${base64}`;
        await image.decode();
        const canvas = document.createElement('canvas');
        canvas.width = image.width;
        canvas.height = image.height;
        const context = canvas.getContext('2d');
        context?.drawImage(image, 0, 0);
        const { data } = context?.getImageData(0, 0, image.width, image.height) ?? { data: [] };
        let coloured = 0;
        for (let at = 0; at < data.length; at += 4) {
          const channels = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
          if (Math.max(...channels) - Math.min(...channels) > 60) coloured++;
        }
        return coloured / (data.length / 4);
      }, picture.toString('base64')),
    );
    await page.context().close();
  }
  const [webgl = 0, software = 0] = shares;
  expect(webgl).toBeGreaterThan(0.005);
  expect(Math.abs(webgl - software)).toBeLessThan(0.3 * webgl);
});

test('a filter that no clip matches says so on the map, and goes back', async ({ page }) => {
  await openMap(page);
  await typeFilter(page, 'durationSec > 100');
  await expect(page.getByText('No clip on the map matches the filter')).toBeVisible();
  await page.getByRole('button', { name: 'Filter as before' }).click();
  await expect(page.getByText('No clip on the map matches the filter')).toBeHidden();
});
