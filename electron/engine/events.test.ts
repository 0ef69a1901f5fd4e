// The event stream, jobs as they tell of themselves, and two studios on one project.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { StudioEvent } from '../../shared/contract/events.ts';
import type { ImportResult } from '../../shared/contract/imports.ts';
import { EVENTS_ROUTE } from '../../shared/contract/routes.ts';
import { earmark } from '../testing/command.ts';
import { flags, takenBack } from '../testing/command-documents.ts';
import { temporaryFolder, writeTree } from '../testing/folders.ts';
import { endOf, resultOf, startTestStudio, type TestStudio } from '../testing/studio.ts';
import {
  clipsOfWords,
  cutShort,
  mislabelled,
  silent,
  wordFiles,
  wordPredictions,
  wordWav,
} from '../testing/words.ts';

const folder = temporaryFolder();
const dataset = writeTree(join(folder, 'words'), wordFiles());
const long = writeTree(
  join(folder, 'long'),
  Object.fromEntries(
    Array.from({ length: 2500 }, (_, at) => [`${at % 5}/${at}.wav`, wordWav(90 + at, { seconds: 0.3 })]),
  ),
);
const first = startTestStudio({ userFolder: join(folder, 'first') });
const second = startTestStudio({ userFolder: join(folder, 'second') });

/** Everything that a listener of the stream hears, as it comes; the listener leaves when the tests are over. */
async function listen(studio: TestStudio): Promise<StudioEvent[]> {
  const response = await studio.engine.fetch(new Request(`http://studio${EVENTS_ROUTE}`));
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const heard: StudioEvent[] = [];
  void (async () => {
    let text = '';
    for await (const piece of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      const parts = (text + piece).split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts)
        if (part.startsWith('data: ')) heard.push(JSON.parse(part.slice(6)) as StudioEvent);
    }
  })();
  return heard;
}

const lastRevision = (events: readonly StudioEvent[]): number =>
  events.reduce((last, event) => (event.type === 'revision' ? event.revision : last), -1);
const relabel = (studio: TestStudio, path: string, to: string) =>
  studio.client.decisions.apply({
    selection: { filter: `path = "${path}"` },
    changes: [{ field: 'label', to }],
  });
const labelIn = async (studio: TestStudio, path: string) => {
  const asked = { filter: `path = "${path}"`, sort: null, offset: 0, limit: 1 };
  return (await studio.client.clips.page(asked)).rows[0]?.label;
};
const importFrom = (studio: TestStudio, source: string, name: string) =>
  studio.client.imports.start({ place: studio.place(source), format: 'folder', options: {}, name });

beforeAll(async () => {
  await first.client.project.create({ name: 'words', dataset: first.place(dataset) });
  await resultOf(first.client, await importFrom(first, dataset, 'words'));
});

describe('the event stream', () => {
  it('begins with where things stand and tells each change by its revision, never by rows', async () => {
    const heard = await listen(first);
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    const { revision } = await relabel(first, silent, 'no');
    await vi.waitFor(() => expect(lastRevision(heard)).toBe(revision));
    const undone = await first.client.decisions.undo({});
    await vi.waitFor(() => expect(lastRevision(heard)).toBe(undone.revision));
    const revisions = heard.flatMap((event) => (event.type === 'revision' ? [event.revision] : []));
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
    const { project } = await first.client.project.state();
    expect(project).toMatchObject({ name: 'words', revision: undone.revision });
    expect(heard.every((event) => event.type !== 'revision' || event.project === project?.id)).toBe(true);
  });

  it('tells a job’s progress at most ten times a second, to its end', async () => {
    const told: { atMs: number; event: StudioEvent }[] = [];
    const leave = first.engine.events.listen((event) => told.push({ atMs: performance.now(), event }));
    const { jobId } = await importFrom(first, long, 'long');
    expect(await resultOf<ImportResult>(first.client, { jobId })).toMatchObject({ clips: 2500 });
    leave();
    const jobs = told.flatMap(({ atMs, event }) =>
      event.type === 'job' && event.job.id === jobId ? [{ atMs, job: event.job }] : [],
    );
    const progress = jobs.filter(({ job }) => job.state === 'running' && job.done > 0);
    expect(progress.length).toBeGreaterThan(0);
    for (const [at, { atMs, job }] of jobs.entries()) {
      const before = jobs[at - 1];
      if (before?.job.phase === job.phase && before.job.state === job.state)
        expect(atMs - before.atMs, job.phase).toBeGreaterThan(95);
      if (before?.job.phase === job.phase) expect(job.done).toBeGreaterThanOrEqual(before.job.done);
      if (job.total !== null) expect(job.done).toBeLessThanOrEqual(job.total);
    }
    expect(jobs.at(-1)?.job).toMatchObject({ state: 'succeeded', result: null, summary: '2500 clips.' });
  });
});

describe('a running import', () => {
  it('is cancelled at once; what was read is kept, and resuming reads only the rest', async () => {
    await second.client.project.create({ name: 'cancelled' });
    const started = await importFrom(second, long, 'long');
    const leave = second.engine.events.listen((event) => {
      if (
        event.type === 'job' &&
        event.job.state === 'running' &&
        event.job.done > 0 &&
        event.job.phase !== 'cancelling'
      )
        void second.client.jobs.cancel({ id: started.jobId });
    });
    const cancelled = await endOf(second.client, started);
    leave();
    expect(cancelled).toMatchObject({ state: 'cancelled', isResumable: true, error: null });
    const { total } = await second.client.clips.page({ filter: '', sort: null, offset: 0, limit: 1 });
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThan(2500);
    const resumed = await second.client.jobs.resume({ id: started.jobId });
    const rest = await resultOf<ImportResult>(second.client, resumed);
    expect(rest).toMatchObject({ clips: 2500, added: 2500 - total, unchanged: total, missing: 0 });
  });
});

describe('a job that hangs', () => {
  const hasPipes = process.platform !== 'win32';
  it.skipIf(!hasPipes)('is cancelled by ending its process, and the next one works', async () => {
    const pipe = join(folder, 'pipe.csv');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const started = await first.client.runs.start({ place: first.place(pipe), run: 'never' });
    await first.client.jobs.cancel({ id: started.jobId });
    const cancelled = await endOf(first.client, started);
    expect(cancelled).toMatchObject({ state: 'cancelled', error: null });
    writeTree(folder, { 'model.csv': wordPredictions() });
    const next = await first.client.runs.start({
      place: first.place(join(folder, 'model.csv')),
      run: 'model',
    });
    expect(await resultOf(first.client, next)).toMatchObject({ matched: 20 });
  });
});

describe('one project in two windows and on the command line', () => {
  const file = join(folder, 'words.earmark');

  it('what one decides the others see, and can take back', async () => {
    await second.client.project.open({ place: second.place(file) });
    const heard = await listen(second);
    const there = await relabel(first, mislabelled, 'no');
    await vi.waitFor(() => expect(lastRevision(heard)).toBe(there.revision), 3000);
    expect(await labelIn(second, mislabelled)).toBe('no');

    const back = await second.client.decisions.undo({});
    await vi.waitFor(async () => expect(await labelIn(first, mislabelled)).toBe('yes'), 3000);
    expect((await first.client.decisions.state()).redo).toBe(back.state.redo);

    const command = ['relabel', '--clip', silent, '--label', 'stop', '--by', 'script', '--project', file];
    await earmark(z.object({ applied: z.literal(1) }), command);
    for (const studio of [first, second])
      await vi.waitFor(async () => expect(await labelIn(studio, silent)).toBe('stop'), 3000);
  });

  it('a file that could not be used is settled for all of them', async () => {
    const wanted = { kinds: ['unreadable' as const], status: null, filter: '', offset: 0, limit: 1 };
    const statusIn = async (studio: TestStudio) => (await studio.client.flags.page(wanted)).rows[0]?.status;
    const [flag] = (await first.client.flags.page(wanted)).rows;
    const heard = await listen(second);
    const { revision } = await first.client.decisions.applyMany({
      steps: [],
      files: { flagIds: [flag?.id ?? 0], to: 'accepted' },
    });
    await vi.waitFor(() => expect(lastRevision(heard)).toBe(revision), 3000);
    expect(await statusIn(second)).toBe('accepted');
    const command = ['flags', '--kind', 'unreadable', '--status', 'accepted', '--project', file];
    expect((await earmark(flags, command)).flags).toMatchObject([{ path: cutShort, status: 'accepted' }]);
    await earmark(takenBack, ['undo', '--project', file]);
    await vi.waitFor(async () => expect(await statusIn(first)).toBe('open'), 3000);
  });

  it('a filter means the clips as the other window left them a moment ago', async () => {
    await relabel(first, silent, 'moved');
    const changes = [{ field: 'label' as const, to: 'go' }];
    const found = await second.client.decisions.apply({ selection: { filter: 'label = moved' }, changes });
    expect(found.applied).toBe(1);
  });

  it('decisions of both at the same time are all kept', async () => {
    const before = (await first.client.decisions.history({ limit: 1 })).total;
    const { rows } = await first.client.clips.page({
      filter: 'dataset = words AND label = go',
      sort: null,
      offset: 0,
      limit: 4,
    });
    await Promise.all(
      [first, second].flatMap((studio, which) =>
        rows.map(({ path }, at) => relabel(studio, path, `label ${which} ${at}`)),
      ),
    );
    const { total, events } = await second.client.decisions.history({ limit: 1000 });
    expect(total - before).toBe(8);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    for (const { path } of rows) {
      await vi.waitFor(
        async () => expect(await labelIn(first, path)).toBe(await labelIn(second, path)),
        3000,
      );
      expect(await labelIn(first, path)).toBe(events.find(({ clip }) => clip === path)?.to);
    }
    expect(await first.client.project.check()).toMatchObject({ ok: true });
    const { project } = await second.client.project.state();
    expect(project?.datasets.find(({ name }) => name === 'words')?.clips).toBe(clipsOfWords);
  });
});
