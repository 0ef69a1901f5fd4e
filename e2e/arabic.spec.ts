// Hearing and seeing recordings: a folder per label opened through the picker, clips that really sound, pictures that
// show something, and the keys of the player.
import { cpSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { hasShared, sharedPath } from '../electron/testing/shared-data.ts';
import { STUDIO_HEADER } from '../shared/contract/routes.ts';
import { expect, test } from './fixtures/studio.ts';
import { expectMatched, goTo, notices, pick, typeFilter } from './pages/app.ts';

test.use({ studioName: 'arabic' });
test.describe.configure({ mode: 'serial' });
test.skip(!hasShared, 'the reference recordings (EARMARK_SHARED or ../shared) are not on this machine');

/** A word with a blank and letters from right to left, as label and folder. */
const blankWord = 'صفر zero';

interface Heard {
  /** Largest sample of what was started. */
  readonly peak: number;
  readonly seconds: number;
  readonly rate: number;
}

/** Notes in the page what is given to the loudspeaker, before any of the studio's code runs. */
async function listen(page: Page): Promise<() => Promise<Heard[]>> {
  await page.addInitScript(() => {
    const heard: Heard[] = [];
    Object.assign(window, { heard });
    const start = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (...args) {
      const samples = this.buffer?.getChannelData(0) ?? new Float32Array(0);
      heard.push({
        peak: samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0),
        seconds: this.buffer?.duration ?? 0,
        rate: this.playbackRate.value,
      });
      start.apply(this, args);
    };
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
      heard.push({ peak: 1, seconds: this.duration, rate: this.playbackRate });
      return play.apply(this);
    };
  });
  await page.reload();
  return () => page.evaluate(() => (window as unknown as { heard: Heard[] }).heard);
}

/** Seconds that the player shows. */
async function position(page: Page): Promise<number> {
  const words = await page
    .getByRole('region', { name: 'Player' })
    .getByRole('button', { name: /\// })
    .innerText();
  return Number.parseFloat(words);
}

/** How many different heights an outline has: a flat one has two. */
async function heightsOf(outline: Locator): Promise<number> {
  const path = (await outline.getAttribute('d')) ?? '';
  return new Set(path.match(/V[\d.]+/g)).size;
}

/** How many different colours a canvas has: 1 = blank. */
function coloursOf(canvas: Locator): Promise<number> {
  return canvas.evaluate((element: HTMLCanvasElement) => {
    const context = element.getContext('2d');
    if (!context || element.width === 0 || element.height === 0) return 0;
    const { data } = context.getImageData(0, 0, element.width, element.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}

test('a folder per label is opened through the folder picker, also with blanks and Arabic in the names', async ({
  page,
  studio,
}) => {
  const folder = join(studio.folder, 'arabic commands');
  cpSync(sharedPath('data/arabic-commands/dataset'), folder, { recursive: true });
  renameSync(join(folder, 'zero'), join(folder, blankWord));
  const words = readdirSync(folder).length;
  await page.getByRole('button', { name: /^Open a dataset folder/ }).click();
  await pick(page, 'work', 'arabic commands');
  const view = page.getByRole('region', { name: 'Import a dataset' });
  await view.getByRole('radio', { name: /^Folder per label/ }).check({ force: true });
  await expect(view.getByRole('region', { name: 'Preview' }).getByRole('status')).toContainText(
    `1,200 clips${words} labels`,
  );
  await view.getByRole('button', { name: /^Import/ }).click();
  await expect(notices(page)).toContainText('done', { timeout: 60_000 });
  await goTo(page, 'Clips');
  await typeFilter(page, `label = "${blankWord}"`);
  await expectMatched(page, 60, 1200);
});

test('a clip sounds at a key press, and the position follows the sound', async ({ page }) => {
  const heard = await listen(page);
  await goTo(page, 'Clips');
  const grid = page.getByRole('grid', { name: 'Clips' });
  await grid.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  const player = page.getByRole('region', { name: 'Player' });
  const pressed = Date.now();
  await page.keyboard.press('Space');
  await expect.poll(() => position(page), { intervals: [20] }).toBeGreaterThan(0);
  // The first sound of a session includes the start of the audio device.
  expect(Date.now() - pressed).toBeLessThan(3000);
  const [first] = await heard();
  expect(first?.peak).toBeGreaterThan(0.01);
  // It ends by itself.
  await expect(player.getByRole('button', { name: 'Play', exact: true })).toBeVisible();

  // Enter on a row plays it; Space pauses and the position stays.
  await page.keyboard.press('l');
  await expect(player.getByRole('button', { name: /^Loop/ })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Space');
  await page.waitForTimeout(2500);
  // A clip of one second is still playing: it loops, and the position stays within it.
  await expect(player.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  expect(await position(page)).toBeLessThanOrEqual(1.05);
  await page.keyboard.press('Space');
  const resting = await position(page);
  await page.waitForTimeout(300);
  expect(await position(page)).toBe(resting);
  await page.keyboard.press('l');

  await page.keyboard.press(']');
  await expect(player.getByRole('button', { name: 'Speed 1.25×' })).toBeVisible();
  const before = (await heard()).length;
  await page.keyboard.press('Shift+Space');
  await expect.poll(async () => (await heard()).length).toBeGreaterThan(before);
  await expect(player.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await page.keyboard.press('[');
  await expect(player.getByRole('button', { name: 'Speed 1×' })).toBeVisible();
});

test('waveform, spectrogram and thumbnails show the sound', async ({ page }) => {
  await goTo(page, 'Clips');
  const grid = page.getByRole('grid', { name: 'Clips' });
  await grid.focus();
  await page.keyboard.press('Home');
  await expect.poll(() => heightsOf(grid.locator('.thumbnail path').first())).toBeGreaterThan(10);
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  const waveform = inspector.getByRole('img', { name: /^Waveform, 1\.00 seconds/ });
  await expect.poll(() => coloursOf(waveform.locator('canvas').first())).toBeGreaterThan(1);
  const sound = inspector.getByRole('group', { name: /^Waveform and spectrogram/ });
  const spectrogram = sound.locator('.spectrogram canvas');
  await expect.poll(() => coloursOf(spectrogram)).toBeGreaterThan(50);

  // Another scale is another picture; zooming keeps one in sight.
  const linear = await spectrogram.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await inspector.getByRole('radio', { name: 'Linear' }).click();
  await expect
    .poll(() => spectrogram.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL()))
    .not.toBe(linear);
  await inspector.getByRole('button', { name: 'Zoom in' }).click();
  await expect(inspector.getByText('s in sight')).toBeVisible();
  expect(await coloursOf(spectrogram)).toBeGreaterThan(50);
  await inspector.getByRole('button', { name: 'Whole clip' }).click();
  await expect(inspector.getByText('s in sight')).toBeHidden();
});

test('a region is dragged or typed, and only it is played', async ({ page }) => {
  await goTo(page, 'Clips');
  const grid = page.getByRole('grid', { name: 'Clips' });
  await grid.focus();
  await page.keyboard.press('Home');
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  const waveform = inspector.getByRole('img', { name: /^Waveform/ });
  await expect.poll(() => coloursOf(waveform.locator('canvas').first())).toBeGreaterThan(1);
  const box = (await waveform.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.3, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, y, { steps: 6 });
  await page.mouse.move(box.x + box.width * 0.6, y, { steps: 6 });
  await page.mouse.up();
  const from = inspector.getByRole('textbox', { name: 'Region from' });
  const to = inspector.getByRole('textbox', { name: 'to', exact: true });
  await expect(from).toBeVisible();
  expect(Number(await from.inputValue())).toBeCloseTo(0.3, 1);
  expect(Number(await to.inputValue())).toBeCloseTo(0.6, 1);
  await from.fill('0.25');
  await from.press('Enter');
  await to.fill('0.45');
  await to.press('Enter');
  await expect(waveform).toHaveAccessibleName(/region 0\.250 to 0\.450/);

  await grid.focus();
  await page.keyboard.press('Shift+Space');
  const player = page.getByRole('region', { name: 'Player' });
  const seen: number[] = [];
  await expect
    .poll(
      async () => {
        seen.push(await position(page));
        return player.getByRole('button', { name: 'Play', exact: true }).isVisible();
      },
      { intervals: [15] },
    )
    .toBe(true);
  expect(Math.min(...seen)).toBeGreaterThanOrEqual(0.24);
  expect(Math.max(...seen)).toBeLessThanOrEqual(0.47);
  await inspector.getByRole('button', { name: 'No region' }).click();
  await expect(from).toBeHidden();
});

test('the sound is served by byte ranges', async ({ page, studio }) => {
  const { rows } = await studio.client.clips.page({ filter: '', sort: null, offset: 0, limit: 1 });
  const ask = (range: string | null) =>
    page.evaluate(
      async ([route, header, wanted]) => {
        const reply = await fetch(route as string, {
          headers: { [header as string]: '1', ...(wanted === null ? {} : { range: wanted as string }) },
        });
        const bytes = new Uint8Array(await reply.arrayBuffer());
        return {
          status: reply.status,
          range: reply.headers.get('content-range'),
          type: reply.headers.get('content-type'),
          bytes: [...bytes.slice(0, 64)],
          length: bytes.length,
        };
      },
      [`/media/audio/${rows[0]?.id}.wav?v=0`, STUDIO_HEADER, range] as const,
    );
  const whole = await ask(null);
  expect(whole).toMatchObject({ status: 200, type: expect.stringContaining('audio/wav') });
  const part = await ask('bytes=10-41');
  expect(part).toMatchObject({ status: 206, range: `bytes 10-41/${whole.length}`, length: 32 });
  expect(part.bytes).toEqual(whole.bytes.slice(10, 42));
  expect(await ask('bytes=-16')).toMatchObject({ status: 206, length: 16 });
  expect(await ask(`bytes=${whole.length}-`)).toMatchObject({
    status: 416,
    range: `bytes */${whole.length}`,
  });
});
