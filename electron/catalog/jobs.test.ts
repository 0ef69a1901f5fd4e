import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deleteJob, type JobRecord, listJobs, markInterrupted, revision, saveJob } from './index.ts';
import { makeProject, temporaryFolder } from './test-support.ts';

const folder = temporaryFolder();

function job(id: string, state: string): JobRecord {
  return {
    id,
    kind: 'import',
    title: 'Import digits',
    state,
    params: { source: '/data/digits' },
    summary: null,
    error: { code: 'audio/unreadable', message: 'x' },
    result: undefined,
    failures: [{ file: 'a.wav', code: 'audio/unreadable', message: 'a.wav has 0 bytes.' }],
    startedAt: `2026-01-01T00:00:0${id}.000Z`,
    endedAt: null,
  };
}

/** A process that stores a running job and then waits, as an engine at work does. */
async function startEngine(file: string, id: string): Promise<ChildProcess> {
  const script = `
    import { openCatalog, saveJob } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
    saveJob(openCatalog(${JSON.stringify(file)}), ${JSON.stringify(job(id, 'running'))});
    console.log('stored');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe('jobs', () => {
  it('are kept with everything known of them, newest first, and raise no revision', () => {
    const { catalog } = makeProject(folder, 0);
    const before = revision(catalog);
    saveJob(catalog, job('1', 'running'));
    saveJob(catalog, job('2', 'queued'));
    saveJob(catalog, { ...job('1', 'succeeded'), result: { clips: 3 }, endedAt: '2026-01-02T00:00:00.000Z' });
    expect(listJobs(catalog).map((each) => [each.id, each.state])).toEqual([
      ['2', 'queued'],
      ['1', 'succeeded'],
    ]);
    expect(listJobs(catalog)[1]).toMatchObject({ result: { clips: 3 }, failures: job('1', 'x').failures });
    expect(listJobs(catalog)[0]?.result).toBeNull();
    expect([deleteJob(catalog, '2'), deleteJob(catalog, '2')]).toEqual([true, false]);
    expect(revision(catalog)).toBe(before);
  });

  it('of a process that was killed are interrupted; those of living ones go on', async () => {
    const { catalog } = makeProject(folder, 0);
    saveJob(catalog, job('1', 'running'));
    saveJob(catalog, job('3', 'failed'));
    const engine = await startEngine(catalog.file, '2');
    expect(markInterrupted(catalog)).toEqual([]);
    engine.kill('SIGKILL');
    await once(engine, 'exit');
    expect(markInterrupted(catalog)).toMatchObject([
      { id: '2', state: 'interrupted', params: { source: '/data/digits' } },
    ]);
    expect(listJobs(catalog).map((each) => each.state)).toEqual(['failed', 'interrupted', 'running']);
    expect(listJobs(catalog)[1]?.endedAt).not.toBeNull();
    expect(markInterrupted(catalog)).toEqual([]);
  });
});
