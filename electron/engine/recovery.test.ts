// Real processes under the real host, killed at the worst moment: acknowledged decisions stay, interrupted imports are
// offered and resumed, and the listener of the event stream is told.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ImportResult } from '../../shared/contract/imports.ts';
import { STUDIO_HEADER } from '../../shared/contract/routes.ts';
import type { Job } from '../../shared/domain/job.ts';
import { forkChildren } from '../host/children.ts';
import { createStudio } from '../host/studio.ts';
import { temporaryFolder, writeTree } from '../testing/folders.ts';
import { clientOf, endOf, resultOf } from '../testing/studio.ts';
import { wordWav } from '../testing/words.ts';

const folder = temporaryFolder();
const many = 3000;
const dataset = writeTree(
  join(folder, 'long'),
  Object.fromEntries(
    Array.from({ length: many }, (_, at) => [`${at % 5}/${at}.wav`, wordWav(90 + at, { seconds: 0.4 })]),
  ),
);
const small = writeTree(join(folder, 'small'), {
  'a/1.wav': wordWav(300),
  'a/2.wav': wordWav(400),
  'b/3.wav': wordWav(500),
});

const studio = createStudio({
  spawnChild: forkChildren(),
  rendererFolder: join(folder, 'interface'),
  samplePath: join(folder, 'no-sample'),
  dataFolder: join(folder, 'data'),
  allowedRoots: null,
  version: 'test',
  limits: { maxExits: 100, delaysMs: [0] },
});
const client = clientOf(studio.handle);

beforeAll(() => studio.start());
afterAll(() => studio.close());

function kill(which: 'engine' | 'worker'): void {
  const pid = studio.supervisor.pid(which);
  if (pid === undefined) throw new Error(`the ${which} does not run`);
  process.kill(pid, 'SIGKILL');
}

/** Again until the process that was killed is back; calls in between are refused or broken off. */
const afterRestart = <Value>(call: () => Promise<Value>): Promise<Value> =>
  vi.waitFor(call, { timeout: 20_000, interval: 50 });

/** Starts an import of the many clips and waits until some of it is read. */
async function importUnderWay(name: string): Promise<{ jobId: string }> {
  const place = await studio.grant(dataset);
  const started = await client.imports.start({ place, format: 'folder', options: {}, name });
  for (;;) {
    const job = await client.jobs.get({ id: started.jobId });
    if (job.done > 0) return started;
    expect(job.state).toBe('running');
  }
}

async function resumeToTheEnd(job: Job): Promise<void> {
  expect(job.isResumable).toBe(true);
  const resumed = await client.jobs.resume({ id: job.id });
  const result = await resultOf<ImportResult>(client, resumed);
  expect(result).toMatchObject({ clips: many, missing: 0, changed: 0, failed: [] });
  expect(result.added + result.unchanged).toBe(many);
  expect(await client.project.check()).toMatchObject({ ok: true, missingFiles: 0 });
}

describe('the process that reads audio', () => {
  it('killed during an import: the job says so, and resuming it reads the rest', async () => {
    await client.project.create({ name: 'worker killed' });
    const started = await importUnderWay('long');
    kill('worker');
    const job = await endOf(client, started);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'worker/stopped' } });
    expect(job.error?.message).toMatch(/stopped.*Decisions are safe/);
    await resumeToTheEnd(job);
  });

  it('killed while nothing is done is back for the next picture', async () => {
    const before = studio.supervisor.pid('worker');
    kill('worker');
    await vi.waitFor(() => {
      expect(studio.supervisor.status('worker')).toBe('up');
      expect(studio.supervisor.pid('worker')).not.toBe(before);
    }, 20_000);
    const { rows } = await client.clips.page({ filter: '', sort: null, offset: 0, limit: 1 });
    const response = await studio.handle(new Request(`http://studio/media/audio/${rows[0]?.id}.wav`));
    expect(response.status).toBe(200);
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(44);
  });
});

describe('the engine', () => {
  it('killed during an import: it opens the project again, and the import can be resumed', async () => {
    await client.project.create({ name: 'engine killed' });
    const { jobId } = await importUnderWay('long');
    kill('engine');
    const state = await afterRestart(() => client.project.state());
    expect(state.project?.name).toBe('engine killed');
    const jobs = await client.jobs.list();
    const job = jobs.find(({ id }) => id === jobId);
    expect(job).toMatchObject({ state: 'interrupted', summary: expect.stringContaining('resume') });
    if (job) await resumeToTheEnd(job);
    expect((await client.jobs.list()).some(({ state: now }) => now === 'interrupted')).toBe(false);
  });

  it('killed under a stream of decisions loses none that was acknowledged', async () => {
    await client.project.create({ name: 'decisions' });
    const place = await studio.grant(small);
    const source = { place, format: 'folder', options: {}, name: 'small' } as const;
    await resultOf(client, await client.imports.start(source));
    const acknowledged: string[] = [];
    let attempts = 0;
    for (const upTo of [7, 23, 30]) {
      let isKilled = false;
      while (!isKilled) {
        const to = `label ${attempts++}`;
        // Killed while the next decision is on its way: it may be there afterwards, the ones before must be.
        if (acknowledged.length >= upTo) {
          isKilled = true;
          setImmediate(() => kill('engine'));
        }
        const selection = { filter: '' };
        await client.decisions
          .apply({ selection, changes: [{ field: 'label', to }] })
          .then(({ batch }) => acknowledged.push(batch ?? 'nothing was decided'))
          .catch(() => {});
      }
      await afterRestart(() => client.project.state());
      const { events } = await client.decisions.history({ limit: 1000 });
      const kept = new Map(events.map((event) => [event.batch, 0]));
      for (const { batch } of events) kept.set(batch, (kept.get(batch) ?? 0) + 1);
      expect(acknowledged.filter((batch) => kept.get(batch) !== 3)).toEqual([]);
      expect([...kept.values()].every((size) => size === 3)).toBe(true);
      expect(await client.project.check()).toMatchObject({ ok: true });
    }
    const { undo } = await client.decisions.state();
    expect(undo).not.toBeNull();
    expect((await client.decisions.undo({})).clipIds).toHaveLength(3);
  });

  it('that was killed is told to whoever listens, and so is its return', async () => {
    const response = await studio.handle(
      new Request('http://studio/events', { headers: { [STUDIO_HEADER]: '1' } }),
    );
    let heard = '';
    const reading = (async () => {
      for await (const text of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
        heard += text;
        if (/"which":"engine","state":"up"/.test(heard)) return;
      }
    })();
    kill('engine');
    await reading;
    expect(heard).toMatch(/"which":"engine","state":"down".*Saved decisions are safe/);
    await afterRestart(() => client.project.state());
  });
});
