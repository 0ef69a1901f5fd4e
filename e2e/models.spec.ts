// A person's own model in the window: looked at, not run before it is trusted, described by the form, tried on three
// clips, run over the sample; and the words for files and descriptions that cannot work.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { modelOfBands } from '../electron/models/testing/onnx-models.ts';
import { type OnnxModel, onnxModel } from '../electron/models/testing/onnx-writer.ts';
import type { Place } from '../shared/contract/common.ts';
import { findingsOf } from './fixtures/axe.ts';
import { write } from './fixtures/files.ts';
import { expect, root, type Studio, test } from './fixtures/studio.ts';
import { choose, goTo, notices } from './pages/app.ts';
import { ModelPage, modelSteps, saved } from './pages/models.ts';

test.use({ studioName: 'models' });
test.describe.configure({ mode: 'serial' });

const pictures = join(root, 'test-results/screenshots');

async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `models-${name}.png`) });
}

/** As many scores as there are labels, from a band each. */
function bandsModel(labels: number): OnnxModel {
  return modelOfBands(
    Array.from({ length: labels }, (_, label) => Math.floor(((label + 0.5) / labels) * 40)),
  );
}

async function labelsOf({ client }: Studio): Promise<string[]> {
  const { project } = await client.project.state();
  return (project?.labels ?? []).map(({ label }) => label).sort();
}

/** What the folder picker would answer for a file below the spec's own folder. */
async function placeOf({ client }: Studio, ...names: readonly string[]): Promise<Place> {
  let at = (await client.places.roots()).find(({ name }) => name === 'work');
  for (const name of names) {
    const { entries } = await client.places.list({ handle: at?.handle ?? '' });
    at = entries.find((entry) => entry.place.name === name)?.place;
  }
  if (!at) throw new Error(`${names.join('/')} should be there`);
  return at;
}

test.beforeAll(async ({ studio: { client } }) => {
  const { jobId } = await client.project.openSample();
  await expect
    .poll(async () => jobId === null || (await client.jobs.get({ id: jobId })).state, { timeout: 60_000 })
    .toBe('succeeded');
});

test('a model is looked at, trusted, described, tried and run, and its confusions open', async ({
  page,
  studio,
}) => {
  test.setTimeout(180_000);
  await goTo(page, 'Clips');
  const labels = await labelsOf(studio);
  const folder = join(studio.folder, 'bands');
  write(join(folder, 'bands.onnx'), onnxModel(bandsModel(labels.length)));
  const model = new ModelPage(page);

  await test.step('its file is looked at: nothing runs, nothing is trusted', async () => {
    await model.open('bands', 'bands.onnx');
    const file = await model.go('The file');
    await expect(file).toContainText('mel [batch, 98, 40] float32');
    await expect(file).toContainText(`scores [batch, ${labels.length}] float32`);
    await expect(file).toContainText('none beside it; it would be bands.json');
    await model.expectStep('The file', 'not trusted yet');
    await expect(model.start).toBeDisabled();
    await model.go('Three clips');
    await expect(model.tryOut).toBeDisabled();
    // Not the window alone refuses.
    const onnx = await placeOf(studio, 'bands', 'bands.onnx');
    const { suggestion } = await studio.client.models.inspect({ place: onnx });
    await expect(studio.client.models.tryOut({ place: onnx, description: suggestion })).rejects.toThrow(
      /bands\.onnx was not trusted yet/,
    );
  });

  await test.step('trust leads on to the description, with the keyboard where the person is', async () => {
    await model.go('The file');
    await shoot(page, 'file');
    await model.trust.click();
    await model.expectStep('The file', 'trusted');
    await expect(model.step('Description')).toBeFocused();
  });

  await test.step('the description is guessed, what is guessed is said, and what is wrong has its field', async () => {
    const panel = await model.go('Description');
    await expect(panel.getByRole('region', { name: 'Guesses to check' })).toContainText('16000 Hz');
    await expect(model.field('Name of the model')).toHaveValue('bands');
    await expect(model.field('Bands')).toHaveValue('40');
    await shoot(page, 'description');
    const rate = model.field('Sample rate (Hz)');
    await rate.fill('fast');
    await model.expectStep('Description', 'to correct');
    await expect(model.save).toBeDisabled();
    await expect(panel.getByRole('status')).toContainText('found "fast"');
    await rate.fill('16000');
    await expect(model.save).toBeEnabled();
    await model.field('Where it is from, licence, remarks').fill('Made for a test.');
  });

  await test.step('a wrong number of labels is said before a run, with what was expected', async () => {
    const text = model.field('Labels, one a line, in the order of the scores');
    await text.fill(labels.slice(1).join('\n'));
    await expect(model.dialog).toContainText(`the model gives ${labels.length} scores`);
    await model.go('Three clips');
    await model.tryOut.click();
    const spoils = model.dialog.getByRole('list', { name: 'What would spoil a run' });
    await expect(spoils).toContainText(/scores.* has the shape \[1, \d+\].* was expected.*Check "labels"/, {
      timeout: 60_000,
    });
    await model.expectStep('Three clips', 'something is wrong');
    await shoot(page, 'labels');
    await model.go('Description');
    await model.dialog
      .getByRole('button', { name: `Take the ${labels.length} labels of the project` })
      .click();
    await expect(text).toHaveValue(labels.join('\n'));
  });

  await test.step('saved, it lies beside the model with every convention by name', async () => {
    await model.save.click();
    await model.expectStep('Description', saved);
    await expect(model.step('Three clips')).toBeFocused();
    const written = JSON.parse(readFileSync(join(folder, 'bands.json'), 'utf8')) as Record<string, unknown>;
    expect(written).toMatchObject({
      about: 'Made for a test.',
      labels,
      frontEnd: { kind: 'log-mel', bands: 40, melScale: 'htk' },
      outputs: { scores: { name: 'scores', kind: 'probabilities' }, embedding: { name: 'embedding' } },
    });
  });

  await test.step('three clips show shapes, scores and the embedding', async () => {
    await model.tryOut.click();
    const report = model.dialog.getByRole('region', { name: 'What three clips gave' });
    await expect(report).toContainText('Nothing to object to', { timeout: 60_000 });
    await expect(report.getByRole('list', { name: 'Best labels' })).toHaveCount(3);
    await expect(report).toContainText('of [1, 98, 40]');
    await model.expectStep('Three clips', 'nothing to object to');
    await shoot(page, 'try');
  });

  await test.step('a name that is taken is refused; the run starts, goes on behind, and opens its confusions', async () => {
    await model.go('Run');
    const { project } = await studio.client.project.state();
    const name = model.field('Name of the run');
    await expect(name).toHaveValue('bands');
    await name.fill(project?.runs[0]?.name ?? '');
    await expect(model.dialog).toContainText('Another run has this name.');
    await expect(model.start).toBeDisabled();
    await name.fill('bands 7');
    await shoot(page, 'run');
    await model.start.click();
    await expect(model.dialog).toBeHidden();
    const door = notices(page).getByRole('button', { name: 'Open the confusions' });
    await expect(door).toBeVisible({ timeout: 90_000 });
    await expect(notices(page)).toContainText(/clips by onnxruntime/);
    await door.click();
    await expect(page.getByRole('region', { name: 'Confusions', exact: true })).toContainText('bands 7');
    const after = await studio.client.project.state();
    expect(after.project?.runInUse).toBe('bands 7');
    expect((await studio.client.embeddings.list()).find((other) => other.isInUse)?.name).toBe('bands');
    await shoot(page, 'confusions');
  });
});

test('a description that is there is found, asked about before it is replaced, and JSON is as good as the form', async ({
  page,
  studio,
}) => {
  await goTo(page, 'Clips');
  const model = new ModelPage(page);
  await model.open('bands', 'bands.json');
  // Trusted and described before: the next thing to do is in front.
  await model.expectStep('The file', 'trusted');
  await model.expectStep('Description', saved);
  await expect(model.step('Three clips')).toHaveAttribute('aria-selected', 'true');
  await expect(model.start).toBeEnabled();

  const panel = await model.go('Description');
  await panel.getByRole('radio', { name: 'JSON', exact: true }).click();
  const json = model.field('The description as JSON');
  const text = await json.inputValue();
  await json.fill('{ "format": ');
  await model.expectStep('Description', 'not JSON');
  await expect(model.start).toBeDisabled();
  await json.fill(text.replace('"bands"', '"bands, again"').replace('"about"', '"abuot"'));
  await expect(panel.getByRole('status')).toContainText('"abuot" is no field of a model description');
  await json.fill(text.replace('"bands"', '"bands, again"'));
  await page.keyboard.press('Escape');
  await expect(model.dialog).toContainText('The description is not saved. Close again to drop');
  await panel.getByRole('radio', { name: 'Form', exact: true }).click();
  await expect(model.field('Name of the model')).toHaveValue('bands, again');

  await model.save.click();
  await expect(panel.getByRole('status')).toContainText('bands.json is there already. Replace it?');
  await expect(panel.getByRole('button', { name: 'Replace it' })).toBeFocused();
  await panel.getByRole('button', { name: 'Leave it as it is' }).click();
  const file = join(studio.folder, 'bands/bands.json');
  expect(readFileSync(file, 'utf8')).not.toContain('again');
  await model.save.click();
  await panel.getByRole('button', { name: 'Replace it' }).click();
  await model.expectStep('Description', saved);
  expect(readFileSync(file, 'utf8')).toContain('"bands, again"');
  // What it describes stays trusted: the person changed it here.
  await model.expectStep('The file', 'trusted');
  await model.close();
});

test('the form changes windows, front end, shape and outputs as the file then says', async ({
  page,
  studio,
}) => {
  await goTo(page, 'Clips');
  const model = new ModelPage(page);
  write(join(studio.folder, 'other/other.onnx'), onnxModel(bandsModel(3)));
  await model.open('other', 'other.onnx');
  const panel = await model.go('Description');
  await panel.getByRole('radio', { name: 'Windows', exact: true }).click();
  await model.field('Window (samples)').fill('16000');
  await model.field('From window to window').fill('8000');
  await panel.getByRole('radio', { name: 'MFCC', exact: true }).click();
  await model.field('Coefficients').fill('40');
  await choose(page, panel.getByRole('button', { name: /DCT/ }), 'HTK, TensorFlow');
  await model.field('Floor').fill('1e-12');
  await choose(page, panel.getByRole('button', { name: /Shape of the input/ }), 'Another shape…');
  await model.field('Its axes, in order').fill('batch feature feature');
  await expect(panel.getByRole('status')).toContainText('"feature" stands there twice');
  await model.field('Its axes, in order').fill('batch, feature, time');
  await panel.getByRole('switch', { name: /^Scores of classes/ }).press('Space');
  await panel.getByRole('radio', { name: 'Loudest window', exact: true }).click();
  for (const part of ['front-end', 'stages', 'outputs']) {
    await model.dialog.locator(`#models-${part}`).scrollIntoViewIfNeeded();
    await model.dialog.locator(`#models-${part}`).evaluate((heading) => heading.scrollIntoView());
    await shoot(page, `form-${part}`);
  }
  await model.save.click();
  await model.expectStep('Description', saved);
  const written = JSON.parse(readFileSync(join(studio.folder, 'other/other.json'), 'utf8')) as object;
  expect(written).toMatchObject({
    clip: { take: 'windows', samples: 16_000, hop: 8000 },
    frontEnd: { kind: 'mfcc', coefficients: 40, dct: 'htk', log: { floor: 1e-12 } },
    stages: [{ file: 'other.onnx', input: { layout: ['batch', 'feature', 'time'] } }],
    outputs: { embedding: { name: 'embedding' } },
    pooling: 'loudest',
  });
  expect(written).not.toHaveProperty('labels');
  // Saved, but not trusted: the question comes next.
  await expect(model.step('The file')).toBeFocused();
  await expect(model.start).toBeDisabled();
  await model.close();
});

test('a file that is no ONNX model is refused in words, and another can be chosen at once', async ({
  page,
  studio,
}) => {
  await goTo(page, 'Clips');
  write(join(studio.folder, 'bad/words.onnx'), 'no model at all');
  const whole = onnxModel(bandsModel(3));
  write(join(studio.folder, 'bad/half.onnx'), whole.subarray(0, whole.length >> 1));
  const model = new ModelPage(page);
  await model.open('bad', 'words.onnx');
  await expect(model.dialog.getByRole('alert')).toContainText(
    /words\.onnx cannot be read as a model.*is no ONNX file/,
  );
  await expect(model.start).toHaveCount(0);
  await model.dialog.getByRole('button', { name: 'Another file…' }).click();
  const picker = page.getByRole('dialog', { name: /^Choose a/ });
  await picker.getByRole('row', { name: 'half.onnx', exact: true }).click();
  await picker.getByRole('button', { name: 'Choose', exact: true }).click();
  await expect(model.dialog.getByRole('alert')).toContainText('half.onnx');
  await shoot(page, 'refused');
  await model.close();
  write(join(studio.folder, 'bad/clips.json'), '[{ "path": "a.wav" }]');
  await model.open('bad', 'clips.json');
  await expect(model.dialog).toContainText('neither a model nor the description of one');
  await expect(model.trust).toHaveCount(0);
  await expect(model.start).toBeDisabled();
  await model.close();
  expect(existsSync(join(studio.folder, 'bad/words.json'))).toBe(false);
});

test('files that run one after the other are joined, and each is asked about', async ({ page, studio }) => {
  await goTo(page, 'Clips');
  const folder = join(studio.folder, 'chain');
  write(join(folder, 'head.onnx'), onnxModel(bandsModel(3)));
  // Doubles what it gets.
  write(
    join(folder, 'front.onnx'),
    onnxModel({
      inputs: [{ name: 'mel', shape: ['batch', 98, 40] }],
      outputs: [{ name: 'doubled', shape: ['batch', 98, 40] }],
      nodes: [{ operator: 'Add', inputs: ['mel', 'mel'], outputs: ['doubled'] }],
    }),
  );
  const model = new ModelPage(page);
  await model.open('chain', 'front.onnx');
  await model.trust.click();
  await model.expectStep('The file', 'trusted');
  const panel = await model.go('Description');
  await panel.getByRole('button', { name: 'Add a file that comes after…' }).click();
  const picker = page.getByRole('dialog', { name: /^Choose a/ });
  await picker.getByRole('row', { name: 'head.onnx', exact: true }).click();
  await picker.getByRole('button', { name: 'Choose', exact: true }).click();
  await expect(panel.getByRole('group', { name: 'File 2' })).toBeVisible();
  await panel.getByRole('group', { name: 'File 2' }).scrollIntoViewIfNeeded();
  await shoot(page, 'chain');
  // A second file is a second question.
  await model.expectStep('The file', 'not trusted yet');
  await model.go('Three clips');
  await expect(model.tryOut).toBeDisabled();
  const front = await placeOf(studio, 'chain', 'front.onnx');
  const { suggestion } = await studio.client.models.inspect({ place: front });
  const head = { file: 'head.onnx', input: { layout: ['batch', 'time', 'feature'] } };
  const description = { ...suggestion, stages: [head] };
  await expect(studio.client.models.tryOut({ place: front, description })).rejects.toThrow(
    /head\.onnx was not trusted yet/,
  );
  await model.go('The file');
  await model.trust.click();
  await model.expectStep('The file', 'trusted');

  // What the last file gives is what the model gives.
  await model.go('Description');
  await expect(panel.getByRole('button', { name: /Output with the embedding/ })).toContainText('embedding');
  await model.save.click();
  await model.expectStep('Description', saved);
  await model.tryOut.click();
  const report = model.dialog.getByRole('region', { name: 'What three clips gave' });
  await expect(report).toContainText('Nothing to object to', { timeout: 60_000 });
  await expect(report).toContainText('40 numbers of an embedding');

  await model.go('Description');
  await panel
    .getByRole('group', { name: 'File 2' })
    .getByRole('button', { name: 'Take this file out' })
    .click();
  await expect(panel.getByRole('group', { name: 'File 2' })).toHaveCount(0);
  // What was changed is not lost to the first press.
  await page.keyboard.press('Escape');
  await expect(model.dialog).toContainText('Close again to drop what you changed');
  await model.close();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every step is free of findings in ${colorScheme}, and none moves the dialog`, async ({ studio }) => {
    test.setTimeout(240_000);
    const page = await studio.newPage({ colorScheme });
    write(join(studio.folder, 'looks/looks.onnx'), onnxModel(bandsModel(3)));
    await goTo(page, 'Clips');
    const model = new ModelPage(page);
    await model.open('looks', 'looks.onnx');
    await model.go('The file');
    const before = await model.dialog.boundingBox();
    for (const title of modelSteps) {
      await model.go(title);
      await page.waitForTimeout(200);
      await shoot(page, `${title.toLowerCase().replace(' ', '-')}-${colorScheme}`);
      expect(await findingsOf(page), `${title} in ${colorScheme}`).toEqual([]);
      expect(await model.dialog.boundingBox(), 'steps do not move the dialog').toEqual(before);
    }
    await page.setViewportSize({ width: 1920, height: 1080 });
    await model.go('Description');
    await shoot(page, `description-${colorScheme}-1920`);
    await page.context().close();
  });
}
