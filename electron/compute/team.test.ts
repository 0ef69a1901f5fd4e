import { describe, expect, it } from 'vitest';
import { probeWasm } from './kernels/probe.wasm.ts';
import { compileKernels } from './kernels/webassembly.ts';
import { createSoloTeam } from './team.ts';

const probe = compileKernels(probeWasm);

describe('the memory of a team', () => {
  it('is given out zeroed and aligned, again after it was given back', () => {
    const team = createSoloTeam(probe);
    const [first, second] = [team.allocate(5), team.allocate(100_000)];
    expect([first % 64, second % 64, second - first]).toEqual([0, 0, 64]);
    team.float32(second, 25_000).fill(3);
    team.release(second);
    expect(team.allocate(200_000)).toBe(second);
    expect(team.float32(second, 50_000).every((value) => value === 0)).toBe(true);
  });

  it('says how much is missing when there is no more', () => {
    const team = createSoloTeam(probe);
    expect(() => team.allocate(5e9)).toThrow(/4,769 MiB more than the 1 MiB in use/);
    expect(() => team.allocate(Number.NaN)).toThrow(expect.objectContaining({ code: 'memory/full' }));
    expect(team.allocate(64)).toBe(65_536);
  });
});
