import { afterEach, describe, expect, it } from 'vitest';
import { probeWasm } from '../compute/kernels/probe.wasm.ts';
import { compileKernels } from '../compute/kernels/webassembly.ts';
import { createSoloTeam, type Team } from '../compute/team.ts';
import { createTeam } from './team-threads.ts';

const probe = compileKernels(probeWasm);
const open: Team[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((team) => team.close()));
});

async function team(threads: number): Promise<Team> {
  const created = await createTeam(probe, threads);
  open.push(created);
  return created;
}

/** Adds 1, 2, ... `jobs` to every element, as jobs one after the other. */
function addUp(team: Team, chunks: number, jobs: number): { values: Int32Array; calls: number } {
  const start = team.allocate(64 + chunks * 4);
  for (let job = 1; job <= jobs; job++) team.run('addToEach', chunks, start + 64, job);
  return { values: team.int32(start + 64, chunks), calls: team.int32(start, 1)[0]! };
}

describe('a team of threads', () => {
  it('calls the kernel once for every chunk of every job, however short the jobs are', async () => {
    for (const threads of [2, 5]) {
      const { values, calls } = addUp(await team(threads), 37, 3_000);
      expect(calls).toBe(37 * 3_000);
      expect(new Set(values)).toEqual(new Set([(3_000 * 3_001) / 2]));
    }
  });

  it('has the same results as one thread alone', async () => {
    const results = [createSoloTeam(probe), await team(3)].map((each) => {
      const at = each.allocate(50 * 8);
      each.run('dawdle', 50, at, 1_000);
      return each.float64(at, 50).slice();
    });
    expect(results[1]).toEqual(results[0]);
  });

  it('works in memory that grew after its threads started', async () => {
    const grown = await team(3);
    const before = grown.allocate(4);
    grown.int32(before, 1)[0] = 7;
    const view = grown.int32(before, 1);
    grown.allocate(200 * 2 ** 20);
    const { values } = addUp(grown, 1_000, 1);
    expect(values.every((value) => value === 1)).toBe(true);
    expect(view[0]).toBe(7);
  });

  it('says that a kernel failed on whichever thread it was, and goes on working', async () => {
    const trapped = await team(3);
    for (const bad of [0, 5, 9]) expect(() => trapped.run('trapAt', 10, bad)).toThrow(/trapAt|unreachable/);
    expect(addUp(trapped, 100, 2).calls).toBe(200);
  });

  it('throws when a thread dies in the middle of a chunk, and from then on', async () => {
    const dying = await createTeam(probe, 2, new URL('./testing/dying-thread.ts', import.meta.url));
    open.push(dying);
    const at = dying.allocate(64 * 8);
    const work = () => dying.run('dawdle', 64, at, 1_000_000);
    expect(work).toThrow(expect.objectContaining({ code: 'team/thread-lost' }));
    expect(work).toThrow(expect.objectContaining({ code: 'team/thread-lost' }));
  });

  it('says so when its threads do not start', async () => {
    const missing = createTeam(probe, 2, new URL('./testing/no-such-thread.ts', import.meta.url));
    await expect(missing).rejects.toMatchObject({ code: 'team/thread-lost' });
  });
});
