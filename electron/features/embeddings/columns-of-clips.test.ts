import { describe, expect, it } from 'vitest';
import { clip, workingSet } from '../working-set/testing.ts';
import { columnOfClips } from './columns-of-clips.ts';

const size = 20;
const ids = Int32Array.from({ length: size }, (_, at) => at + 1);

/** Colours of twenty clips by a column of their table, in the order of `ids`. */
function colours(valueAt: (id: number) => string | null) {
  const set = workingSet({
    clips: Array.from(ids, (id) => clip(id)),
    columnNames: ['snr'],
    loadColumn: () =>
      Array.from(ids, (id) => [id, valueAt(id)] as const).filter(
        (pair): pair is readonly [number, string] => pair[1] !== null,
      ),
  });
  const project = { set, rowOf: (id: number) => set.rowOf(id) };
  return columnOfClips(project, ids, 'column("snr")');
}

describe('a column of an imported table colours a map', () => {
  it('as a scale where it holds many different numbers', () => {
    const { legend, values } = colours((id) => (id === 3 ? null : `${id / 2}`));
    expect(legend).toEqual({ kind: 'number', from: 0.5, to: 10, missing: 1 });
    expect([values[0], values[2], values[19]]).toEqual([0.5, Number.NaN, 10]);
  });

  it('as groups where it holds words, or a few numbers that name something', () => {
    expect(colours((id) => (id === 3 ? 'unknown' : `${id / 2}`)).legend.kind).toBe('category');
    expect(colours((id) => `${id % 2}`)).toEqual({
      legend: {
        kind: 'category',
        values: [
          { value: '0', count: 10 },
          { value: '1', count: 10 },
        ],
      },
      values: Uint16Array.from(ids, (id) => id % 2),
    });
  });
});
