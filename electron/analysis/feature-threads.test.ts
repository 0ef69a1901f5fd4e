import { describe, expect, it } from 'vitest';
import type { ClipJob, FeatureWork } from './feature-protocol.ts';
import { FeatureThreads } from './feature-threads.ts';

const work: FeatureWork = { kind: 'acoustic' };
const dying = new URL('./testing/dying-feature-thread.ts', import.meta.url);

function jobs(count: number, deadly: readonly number[]): ClipJob[] {
  return Array.from({ length: count }, (_, row) => ({
    row,
    location: { root: '/nowhere', path: deadly.includes(row) ? 'deadly' : 'fine' },
  }));
}

describe('threads that decode', () => {
  it('lose only the clips they die of, wherever these lie', async () => {
    for (const deadly of [[], [0, 40, 41], [3, 33, 69]]) {
      const answered: number[] = [];
      const lost: number[] = [];
      for await (const piece of new FeatureThreads(work, 2, dying).pieces(jobs(70, deadly))) {
        for (const { row } of piece.parts) answered.push(row);
        for (const failure of piece.failures) {
          expect(failure).toMatchObject({
            code: 'audio/decoder-crash',
            message: expect.stringContaining('deadly: the decoder stopped working on this file'),
          });
          lost.push(failure.row);
        }
      }
      expect(lost.sort((a, b) => a - b)).toEqual(deadly);
      expect(answered.sort((a, b) => a - b)).toEqual(
        Array.from({ length: 70 }, (_, row) => row).filter((row) => !deadly.includes(row)),
      );
    }
  });

  it('answer for every clip when each of them is deadly', async () => {
    let failures = 0;
    const all = jobs(5, [0, 1, 2, 3, 4]);
    for await (const piece of new FeatureThreads(work, 2, dying).pieces(all)) {
      failures += piece.failures.length;
    }
    expect(failures).toBe(5);
  });

  it('give up when none of them can start', async () => {
    const broken = new URL('./testing/no-such-thread.ts', import.meta.url);
    const pieces = new FeatureThreads(work, 2, broken).pieces(jobs(1000, []));
    await expect(async () => {
      for await (const piece of pieces) expect(piece.parts).toEqual([]);
    }).rejects.toMatchObject({ code: 'run/threads-lost' });
  });

  it('end when nobody wants their pieces any more', async () => {
    const threads = new FeatureThreads(work, 2, dying);
    for await (const piece of threads.pieces(jobs(1000, []))) {
      expect(piece.parts.length).toBe(1);
      break;
    }
    const rest: unknown[] = [];
    for await (const piece of new FeatureThreads(work, 2, dying).pieces([])) rest.push(piece);
    expect(rest).toEqual([]);
  });
});
