// Every call of the contract on a small project, through the fetch handler and a real worker process. The client holds
// each reply to the contract's output; the last test names calls that nothing here has made.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FewShotResult } from '../../shared/contract/few-shot.ts';
import type { ImportResult } from '../../shared/contract/imports.ts';
import type { PredictionsResult } from '../../shared/contract/runs.ts';
import { mapSettings } from '../../shared/domain/embedding.ts';
import { defaultFlagSettings } from '../../shared/domain/flag.ts';
import { bandDescription, bandModel, writeModel } from '../models/testing/onnx-models.ts';
import { temporaryFolder, writeTree } from '../testing/folders.ts';
import { allCalls, calledCalls, endOf, refusalOf, resultOf, startTestStudio } from '../testing/studio.ts';
import {
  clipsOfWords,
  cutShort,
  duplicate,
  mislabelled,
  wordFiles,
  wordPaths,
  wordPredictions,
  wordWav,
} from '../testing/words.ts';

const folder = temporaryFolder();
const dataset = writeTree(join(folder, 'words'), wordFiles());
writeTree(folder, {
  'model.csv': wordPredictions(),
  'sample/clips.csv': 'path,label\nyes/a.wav,yes\nno/b.wav,no\n',
  'sample/yes/a.wav': wordWav(300),
  'sample/no/b.wav': wordWav(400),
  'sample/predictions/mfcc-mlp.csv': 'path,p_yes,p_no\nyes/a.wav,0.9,0.1\nno/b.wav,0.1,0.9\n',
  'sample/predictions/mfcc-logreg.csv': 'path,p_yes,p_no\nyes/a.wav,0.8,0.2\nno/b.wav,0.7,0.3\n',
});
const { client, place } = startTestStudio({
  userFolder: join(folder, 'user'),
  samplePath: join(folder, 'sample'),
});

const idOf = async (path: string): Promise<number> => {
  const { rows } = await client.clips.page({ filter: `path = "${path}"`, sort: null, offset: 0, limit: 1 });
  return rows[0]?.id ?? 0;
};

describe('the calls of the studio', () => {
  it('start with no project: nothing is open, and what needs one says so', async () => {
    expect((await client.project.state()).project).toBeNull();
    expect(await refusalOf(client.flags.summary())).toEqual({
      code: 'project/none',
      message: 'No project is open.',
    });
    expect(await client.project.recent()).toEqual([]);
  });

  it('find a folder, detect what it holds, show its first rows, make a project beside it and import it', async () => {
    const [root] = await client.places.roots();
    expect(root?.name).toBe('Home');
    const listing = await client.places.list({ handle: place(folder).handle });
    expect(listing.entries.map(({ place: { name }, kind }) => [name, kind])).toEqual([
      ['sample', 'folder'],
      ['words', 'folder'],
      ['model.csv', 'table'],
    ]);
    const chosen = listing.entries[1]?.place ?? place(dataset);
    const detected = await client.imports.detect({ place: chosen });
    expect(detected.candidates[0]?.format).toBe('speech-commands');
    expect(detected.suggestedName).toBe('words');
    const source = { place: chosen, format: 'speech-commands', options: {} } as const;
    const preview = await client.imports.preview(source);
    expect(preview).toMatchObject({ clips: clipsOfWords + 1, labels: 4, speakers: 6, isComplete: true });
    const made = await client.project.create({ name: 'words', dataset: chosen });
    expect(made).toMatchObject({ name: 'words', clips: 0 });
    expect(existsSync(join(folder, 'words.earmark'))).toBe(true);
    const started = await client.imports.start({ ...source, name: 'words' });
    const result = await resultOf<ImportResult>(client, started);
    expect(result).toMatchObject({ clips: clipsOfWords, added: clipsOfWords });
    const { total, failures } = await client.jobs.failures({ id: started.jobId, offset: 0, limit: 10 });
    expect([total, failures[0]?.file]).toEqual([1, cutShort]);
    const updated = await resultOf<ImportResult>(client, await client.imports.update({ dataset: 'words' }));
    expect(updated).toMatchObject({ added: 0, unchanged: clipsOfWords });
  });

  it('bring predictions in, and say what they mean', async () => {
    const source = { place: place(join(folder, 'model.csv')) };
    const preview = await client.runs.preview(source);
    expect(preview).toMatchObject({ form: 'table', suggestedName: 'model', unknownLabels: [] });
    const started = await client.runs.start({ ...source, run: 'draft' });
    expect(await resultOf<PredictionsResult>(client, started)).toMatchObject({ matched: 20 });
    expect(await client.runs.rename({ run: 'draft', to: 'model' })).toEqual({ run: 'model' });
    expect(await client.runs.list()).toMatchObject([{ name: 'model', matched: 20, accuracy: 0.95 }]);
    const figures = await client.metrics.get({ run: 'model', filter: '', order: 'error' });
    expect(figures.topConfusions).toEqual([{ given: 'yes', predicted: 'no', count: 1, shareOfGiven: 0.2 }]);
    expect(figures.labels.toSorted()).toEqual(['go', 'no', 'stop', 'yes']);
  });

  it('list, count, place, describe and filter clips', async () => {
    const sort = { field: 'durationSec', descending: true };
    const page = await client.clips.page({ filter: 'split in (train, test)', sort, offset: 0, limit: 5 });
    expect(page.total).toBe(clipsOfWords);
    expect(page.rows).toHaveLength(5);
    const id = await idOf(mislabelled);
    const detail = await client.clips.get({ id });
    expect(detail.row).toMatchObject({ label: 'yes', predicted: 'no', flags: ['label-issue'] });
    expect(detail.predictions[0]?.top.map(({ label }) => label)[0]).toBe('no');
    expect(detail.predictions[0]?.givenProbability).toBeCloseTo(
      detail.predictions[0]?.top.find(({ label }) => label === 'yes')?.probability ?? Number.NaN,
    );
    const facets = await client.clips.facets({ filter: '', fields: ['label', 'flags'], limit: 9 });
    expect(facets[0]?.values).toContainEqual({ value: 'yes', count: 5 });
    const spread = await client.clips.histogram({ filter: '', field: 'durationSec', bins: 4 });
    expect(spread.counts.reduce((sum, count) => sum + count, 0)).toBe(clipsOfWords);
    const last = { id, filter: 'label = yes', sort: { field: 'path', descending: false } };
    expect(await client.clips.position(last)).toEqual({ index: 4 });
    const described = await client.clips.describe({ filter: 'label = yes OR label = no' });
    expect(described).toMatchObject({ clips: 11 });
    expect(await client.filter.check({ text: 'correct("model") = false' })).toEqual({ ok: true, matched: 1 });
    expect(await client.filter.check({ text: 'label =' })).toMatchObject({ ok: false, position: 7 });
    const completion = await client.filter.complete({ text: 'lab', cursor: 3 });
    expect(completion.suggestions[0]?.text).toBe('label');
  });

  it('find flags, and count beforehand what other thresholds would find', async () => {
    // Found with the run before it was renamed, which changes nothing of them.
    expect(await client.flags.settings()).toMatchObject({ run: 'model', isStale: false });
    const strict = { ...defaultFlagSettings, minDurationSec: 0.6 };
    const preview = await client.flags.preview(strict);
    expect(preview['too-short']).toBe(clipsOfWords - 1);
    const before = await client.flags.summary();
    expect(before.find(({ kind }) => kind === 'too-short')?.open).toBe(0);
    await resultOf(client, await client.flags.find({ settings: strict, method: 'both' }));
    const after = await client.flags.summary();
    expect(after.find(({ kind }) => kind === 'too-short')?.open).toBe(clipsOfWords - 1);
    await resultOf(client, await client.flags.find({ settings: defaultFlagSettings }));
    expect(await client.flags.settings()).toEqual({
      settings: defaultFlagSettings,
      method: 'both',
      run: 'model',
      isStale: false,
    });
    const page = await client.flags.page({
      kinds: ['label-issue', 'unreadable'],
      status: 'open',
      filter: '',
      offset: 0,
      limit: 10,
    });
    expect(page.rows.map(({ kind, path }) => [kind, path])).toEqual([
      ['unreadable', cutShort],
      ['label-issue', mislabelled],
    ]);
    const queue = await client.review.queue({
      filter: '',
      kinds: ['label-issue'],
      includeReviewed: false,
      limit: 10,
    });
    expect(queue).toEqual({ ids: [await idOf(mislabelled)], proposed: ['no'], total: 1 });
  });

  it('decide, with a preview, and take decisions back and again', async () => {
    const selection = { filter: 'label = go' };
    const changes = [{ field: 'label', to: 'stop' } as const];
    const preview = await client.decisions.preview({ selection, changes });
    expect(preview.groups).toEqual([{ field: 'label', from: 'go', to: 'stop', count: 6 }]);
    expect(await client.decisions.apply({ selection, changes, why: 'a test' })).toMatchObject({ applied: 6 });
    const state = await client.decisions.state();
    expect(state).toEqual({ undo: expect.stringContaining('6 clips'), redo: null });
    const undone = await client.decisions.undo({});
    expect(undone.clipIds).toHaveLength(6);
    expect((await client.decisions.redo()).clipIds).toHaveLength(6);
    const { total, events } = await client.decisions.history({ limit: 3 });
    expect([total, events.length]).toEqual([18, 3]);
    const { batches } = await client.decisions.batches({ offset: 0, limit: 10 });
    expect(batches.map(({ kind }) => kind)).toEqual(['redo', 'undo', 'decision']);
    const preferences = { by: 'ann', favouriteLabels: ['yes', 'no'], runInUse: null };
    expect(await client.project.setPreferences(preferences)).toMatchObject({
      by: 'ann',
      favouriteLabels: ['yes', 'no'],
    });
  });

  it('give different clips different labels in one step that one undo takes back', async () => {
    const { rows } = await client.clips.page({ filter: 'label = yes', sort: null, offset: 0, limit: 2 });
    const steps = rows.map(({ id }, index) => ({
      selection: { ids: [id] },
      changes: [{ field: 'label', to: `new ${index}` } as const],
    }));
    expect(await client.decisions.applyMany({ steps })).toMatchObject({ applied: 2 });
    expect(
      (await client.clips.page({ filter: 'label in ("new 0", "new 1")', sort: null, offset: 0, limit: 9 }))
        .matched,
    ).toBe(2);
    expect((await client.decisions.undo({})).clipIds).toHaveLength(2);
    expect(
      (await client.clips.page({ filter: 'label ~ new', sort: null, offset: 0, limit: 9 })).matched,
    ).toBe(0);
  });

  it('settle files that could not be used by their flags, in one step with clips', async () => {
    const wanted = {
      kinds: ['unreadable', 'silent'] as const,
      status: null,
      filter: '',
      offset: 0,
      limit: 9,
    };
    const flags = async () => (await client.flags.page({ ...wanted, kinds: [...wanted.kinds] })).rows;
    const statuses = async () => (await flags()).map(({ kind, status }) => `${kind} ${status}`);
    const [file, silent] = await flags();
    const flagIds = [file?.id ?? 0];
    const steps = [
      {
        selection: { ids: [silent?.clipId ?? 0] },
        changes: [{ field: 'flag', kind: 'silent', to: 'dismissed' } as const],
      },
    ];
    expect(
      await client.decisions.applyMany({ steps, files: { flagIds, to: 'dismissed' }, why: 'known' }),
    ).toMatchObject({
      applied: 2,
      unchanged: 0,
      description: 'dismissed Silent, 1 unreadable file dismissed',
    });
    expect(await statuses()).toEqual(['unreadable dismissed', 'silent dismissed']);
    expect((await client.project.state()).project?.flags.unreadable).toMatchObject({ open: 0, dismissed: 1 });
    const again = await client.decisions.applyMany({ steps: [], files: { flagIds, to: 'dismissed' } });
    expect(again).toMatchObject({ batch: null, applied: 0, unchanged: 1 });
    const { batches } = await client.decisions.batches({ offset: 0, limit: 1 });
    expect(batches).toMatchObject([{ clips: 1, files: 1 }]);
    expect((await client.decisions.undo({})).events).toHaveLength(2);
    expect(await statuses()).toEqual(['unreadable open', 'silent open']);

    for (const [id, code] of [
      [silent?.id ?? 0, 'flag/not-a-file'],
      [987_654, 'flag/unknown'],
    ] as const) {
      const refusal = client.decisions.applyMany({
        steps: [],
        files: { flagIds: [...flagIds, id], to: 'dismissed' },
      });
      expect(await refusalOf(refusal)).toMatchObject({
        code,
        message: expect.stringContaining('Nothing was changed'),
      });
    }
    expect(await statuses()).toEqual(['unreadable open', 'silent open']);
  });

  it('give out into a new folder, and say so when there is one already', async () => {
    const target = await client.places.makeFolder({ handle: place(folder).handle, name: 'given out' });
    const request = {
      format: 'table' as const,
      place: target,
      name: 'table',
      selection: { filter: '' },
      audio: 'none' as const,
      leaveOutUnusable: true,
      overwrite: false,
    };
    expect(await client.exports.preview(request)).toMatchObject({
      clips: clipsOfWords,
      alreadyExists: false,
    });
    expect(await resultOf(client, await client.exports.start(request))).toMatchObject({
      clips: clipsOfWords,
    });
    expect(await client.exports.preview(request)).toMatchObject({ alreadyExists: true });
    expect(await refusalOf(client.exports.start(request))).toMatchObject({ code: 'export/exists' });
    const nested = { ...request, name: '../elsewhere' };
    expect(await refusalOf(client.exports.start(nested))).toMatchObject({ code: 'place/bad-name' });
  });

  it('embed the clips, find what lies near, and make probabilities and a map of it', async () => {
    const models = await client.embeddings.builtin();
    expect(models.map(({ name }) => name)).toContain('acoustic-1');
    const made = await client.embeddings.make({ name: 'draft', model: 'acoustic-1' });
    // Of the silent clip there is nothing to tell.
    expect(await resultOf(client, made)).toMatchObject({ clips: clipsOfWords, failed: 1 });
    expect(await refusalOf(client.embeddings.make({ name: 'draft', model: 'acoustic-1' }))).toMatchObject({
      code: 'embedding/exists',
    });
    expect(await client.embeddings.rename({ name: 'draft', to: 'sound' })).toEqual({ name: 'sound' });
    expect(await client.embeddings.use({ name: 'sound' })).toEqual({ name: 'sound' });
    const update = await endOf(client, await client.embeddings.update({ name: 'sound' }));
    expect(update.error?.code).toBe('embedding/complete');
    expect(await client.embeddings.list()).toMatchObject([
      { name: 'sound', rows: clipsOfWords, missing: 0, isInUse: true, neighbours: { method: 'exact' } },
    ]);
    const clip = await idOf('yes/0a0a0a0a_nohash_0.wav');
    const { neighbours } = await client.embeddings.neighbours({ clip, embedding: null, k: 3 });
    // The very same samples under another label.
    expect(neighbours[0]).toMatchObject({ path: duplicate, distance: expect.closeTo(0, 5) });
    expect(neighbours).toHaveLength(3);
    const grown = await client.embeddings.grow({ embedding: null, ids: [clip], count: 1 });
    expect(grown.added).toEqual([await idOf(duplicate)]);
    const geometry = await client.embeddings.geometry({ embedding: 'sound', metric: 'cosine' });
    expect(geometry.classes.map(({ label }) => label).toSorted()).toEqual(['no', 'stop', 'yes']);
    const probabilities = { embedding: null, run: 'own', folds: 3, by: 'label', seed: 0 } as const;
    await resultOf(client, await client.embeddings.probabilities(probabilities));
    expect((await client.runs.list()).map(({ name }) => name)).toContain('own');
    expect(await client.runs.remove({ run: 'own' })).toEqual({ removed: true });

    const settings = { ...mapSettings.parse({ method: 'tsne' }), perplexity: 5 };
    const drawn = await client.maps.start({ embedding: 'sound', settings });
    expect(await resultOf(client, drawn)).toMatchObject({ n: clipsOfWords - 1, isStopped: false });
    const [map] = await client.maps.list();
    expect(map).toMatchObject({ embedding: 'sound', settings, report: { n: clipsOfWords - 1 } });
    const id = map?.id ?? 0;
    const legend = await client.maps.legend({ map: id, by: 'label' });
    expect(legend.kind === 'category' && legend.values.map(({ value }) => value)).toContain('yes');
    expect(await client.maps.remove({ id })).toEqual({ removed: true });
    expect(await client.maps.remove({ id })).toEqual({ removed: false });
  });

  it('look at a model, trust it, try it, describe it and run it', async () => {
    const path = writeModel(join(folder, 'models'), bandModel, bandDescription);
    const model = place(join(folder, 'models', 'bands.onnx'));
    const found = await client.models.inspect({ place: model });
    expect(found).toMatchObject({ file: 'bands.onnx', isDescribed: true, isTrusted: false, problems: [] });
    const tried = { place: model, description: null };
    expect(await refusalOf(client.models.tryOut(tried))).toMatchObject({ code: 'model/untrusted' });
    expect(await client.models.trust({ place: model })).toMatchObject({ isTrusted: true });
    expect(await client.models.tryOut(tried)).toMatchObject({ problems: [], dimensions: 40 });
    const description = { ...bandDescription, name: 'three bands' };
    const again = { place: model, description, isReplacing: false };
    expect(await refusalOf(client.models.describe(again))).toMatchObject({ code: 'model/exists' });
    await client.models.describe({ ...again, isReplacing: true });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(description);
    const started = await client.models.run({ place: model, run: 'bands', embedding: 'band means' });
    expect(await resultOf(client, started)).toMatchObject({ clips: clipsOfWords, failed: 0 });
    expect((await client.runs.list()).map(({ name }) => name)).toContain('bands');
    expect((await client.embeddings.list()).map(({ name }) => name)).toContain('band means');
    await client.runs.remove({ run: 'bands' });
    expect(await client.embeddings.remove({ name: 'band means' })).toEqual({ removed: true });
  });

  it('learn a word from a few examples', async () => {
    const { rows } = await client.clips.page({ filter: 'label = yes', sort: null, offset: 0, limit: 3 });
    const started = await client.fewShot.train({
      embedding: 'sound',
      label: 'yes',
      clips: rows.map(({ id }) => id),
      falseAcceptRate: 0.1,
      limit: 10,
      seed: 0,
      run: null,
    });
    const result = await resultOf<FewShotResult>(client, started);
    expect(result).toMatchObject({ label: 'yes', examples: 3 });
    expect(result.leaveOneOut).toHaveLength(3);
    expect(result.candidates).toHaveLength(10);
  });

  it('cancel a job, resume it, and forget it', async () => {
    const { jobId } = await client.imports.update({ dataset: 'words' });
    // An import has no picture to end with: it goes on.
    expect((await client.jobs.finish({ id: jobId })).canFinish).toBe(false);
    expect((await client.jobs.cancel({ id: jobId })).id).toBe(jobId);
    const cancelled = await endOf(client, { jobId });
    expect(cancelled).toMatchObject({ state: 'cancelled', isResumable: true, error: null });
    const resumed = await client.jobs.resume({ id: jobId });
    expect(await resultOf(client, resumed)).toMatchObject({ unchanged: clipsOfWords, missing: 0 });
    expect(await client.jobs.dismiss({ id: resumed.jobId })).toEqual({ dismissed: true });
    expect((await client.jobs.list()).some(({ id }) => id === resumed.jobId)).toBe(false);
    expect(await refusalOf(client.jobs.get({ id: jobId }))).toMatchObject({ code: 'job/unknown' });
  });

  it('check the project, follow a moved dataset, remove a run, close and open again', async () => {
    expect(await client.project.check()).toMatchObject({ ok: true, missingFiles: 0 });
    const moved = writeTree(join(folder, 'moved'), { [wordPaths[0] ?? '']: wordWav(200) });
    const found = await client.imports.relink({ dataset: 'words', place: place(moved) });
    expect(found).toEqual({ found: 1, missing: clipsOfWords - 1, changed: 0 });
    const nowhere = client.imports.relink({ dataset: 'words', place: place(join(folder, 'user')) });
    expect(await refusalOf(nowhere)).toMatchObject({ code: 'dataset/nothing-there' });
    await client.imports.relink({ dataset: 'words', place: place(dataset) });
    expect(await client.runs.remove({ run: 'model' })).toEqual({ removed: true });
    expect(await client.runs.remove({ run: 'model' })).toEqual({ removed: false });
    expect((await client.flags.summary())[0]).toMatchObject({ kind: 'label-issue', open: 0 });
    expect(await client.flags.settings()).toMatchObject({ run: null, isStale: false });
    expect(await client.project.close()).toEqual({ closed: true });
    const [recent] = await client.project.recent();
    expect(recent).toMatchObject({ isPresent: true, place: { name: 'words' } });
    const opened = await client.project.open({ place: recent?.place ?? place(folder) });
    expect(opened).toMatchObject({ name: 'words', by: 'ann', decisions: 28, runInUse: null });
    const forgotten = await client.project.forgetRecent({ handle: recent?.place.handle ?? '' });
    expect(forgotten).toEqual({ remaining: 0 });
  });

  it('open the sample, which is made once', async () => {
    const first = await client.project.openSample();
    await resultOf(client, { jobId: first.jobId ?? '' });
    const second = await client.project.openSample();
    expect(second.jobId).toBeNull();
    expect(second.project.runs.map(({ name }) => name).toSorted()).toEqual(['mfcc-logreg', 'mfcc-mlp']);
  });

  it('are all tried here', () => {
    expect(allCalls.filter((name) => !calledCalls.has(name))).toEqual([]);
  });
});
