import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clipsContract, facet, filterContract, histogram } from '../../shared/contract/clips.ts';
import { clipRow } from '../../shared/domain/clip.ts';
import {
  checkFilter,
  clipFacets,
  clipHistogram,
  clipPage,
  clipPosition,
  clipsJson,
  completeFilter,
  describeSelection,
  orderedIds,
  parseSort,
  resolveSelection,
} from './clips.ts';
import { clip, openFlag, prediction, workingSet } from './working-set/testing.ts';

type Outputs = { readonly '~orpc': { readonly outputSchema?: unknown } };

/** The value if the contract accepts it as the call's output, exactly as it is. */
function asOutput<Value>(call: Outputs, value: Value): Value {
  const schema = call['~orpc'].outputSchema;
  if (!(schema instanceof z.ZodType)) throw new Error('the call declares no output');
  expect(schema.parse(value)).toEqual(value);
  return value;
}

const set = workingSet({
  clips: [
    clip(1, { label: 'yes', split: 'train', speaker: 's10' }),
    clip(2, { label: 'yes', split: 'test', speaker: 's2', measures: { frames: 8_000 } }),
    clip(3, { label: 'no', split: 'train', measures: { frames: 24_000, peakDbfs: null, rmsDbfs: null } }),
    clip(4, {
      label: null,
      review: 'unusable',
      reviewReason: 'silent',
      note: 'hm',
      measures: { sampleRate: 8_000 },
    }),
  ],
  flags: [openFlag(1, 1, 'label-issue'), openFlag(2, 1, 'clipped'), openFlag(3, 4, 'clipped')],
  runs: [
    {
      name: 'run 1',
      labels: ['no', 'yes'],
      hasProbabilities: true,
      predictions: [prediction(1, 'no', 0.75, 0), prediction(2, 'yes', 1, 1)],
    },
  ],
  runInUse: 'run 1',
  loadProbabilities: () => ({ labels: ['no', 'yes'], data: Float32Array.of(0.75, 0.25, 0, 1) }),
});

describe('the clips table', () => {
  it('gives whole rows of a page, with counts and the revision', () => {
    const input = { filter: '', sort: { field: 'durationSec', descending: true }, offset: 0, limit: 2 };
    const page = asOutput(clipsContract.page, clipPage(set, input));
    expect(page).toMatchObject({ total: 4, matched: 4, revision: 7 });
    expect(page.rows.map(({ id }) => id)).toEqual([4, 3]);
    const [row] = clipPage(set, { ...input, filter: 'id = 1' }).rows;
    expect(clipRow.parse(row)).toEqual(row);
    expect(row).toMatchObject({
      dataset: 'words',
      flags: ['label-issue', 'clipped'],
      predicted: 'no',
      confidence: 0.75,
      givenProbability: 0.25,
      durationSec: 1,
    });
    expect(clipPage(set, { ...input, offset: 9 }).rows).toEqual([]);
    expect(clipPage(set, { ...input, filter: 'id = 3' }).rows[0]).toMatchObject({
      peakDbfs: null,
      predicted: null,
    });
  });

  it('counts values among the clips of the filter, most frequent first', () => {
    const input = {
      filter: 'id < 4',
      fields: ['label', 'flags', 'split', 'isPresent', 'sampleRate'],
      limit: 10,
    };
    const facets = asOutput(clipsContract.facets, clipFacets(set, input));
    expect(facets).toEqual([
      {
        field: 'label',
        distinct: 2,
        values: [
          { value: 'yes', count: 2 },
          { value: 'no', count: 1 },
        ],
      },
      {
        field: 'flags',
        distinct: 2,
        values: [
          { value: null, count: 2 },
          { value: 'clipped', count: 1 },
          { value: 'label-issue', count: 1 },
        ],
      },
      {
        field: 'split',
        distinct: 2,
        values: [
          { value: 'train', count: 2 },
          { value: 'test', count: 1 },
        ],
      },
      { field: 'isPresent', distinct: 1, values: [{ value: 'true', count: 3 }] },
      { field: 'sampleRate', distinct: 1, values: [{ value: '16000', count: 3 }] },
    ]);
    const [speakers] = clipFacets(set, { filter: '', fields: ['speaker'], limit: 2 });
    expect(facet.parse(speakers)).toEqual({
      field: 'speaker',
      distinct: 2,
      values: [
        { value: null, count: 2 },
        { value: 's2', count: 1 },
      ],
    });
    expect(() => clipFacets(set, { filter: '', fields: ['path'], limit: 5 })).toThrow(
      /different for every clip/,
    );
    const without = workingSet({ clips: [clip(1)] });
    expect(clipFacets(without, { filter: '', fields: ['predicted'], limit: 5 })).toEqual([
      { field: 'predicted', distinct: 0, values: [{ value: null, count: 1 }] },
    ]);
  });

  it('shows how numbers are spread, in bins that are those of all clips', () => {
    const spread = clipHistogram(set, { filter: 'label = yes', field: 'durationSec', bins: 3 });
    expect(histogram.parse(spread)).toEqual({
      field: 'durationSec',
      edges: [0.5, 1, 1.5, 2],
      counts: [1, 1, 0],
      totals: [1, 1, 2],
      missing: 0,
    });
    expect(clipHistogram(set, { filter: '', field: 'peakDbfs', bins: 2 })).toMatchObject({
      edges: [-3, -2.5, -2],
      totals: [3, 0],
      missing: 1,
    });
    expect(clipHistogram(set, { filter: '', field: 'p(given)', bins: 2 })).toMatchObject({ missing: 2 });
    expect(() => clipHistogram(set, { filter: '', field: 'label', bins: 2 })).toThrow(/no number/);
    expect(clipHistogram(workingSet({}), { filter: '', field: 'durationSec', bins: 2 }).edges).toEqual([
      0, 0.5, 1,
    ]);
  });

  it('knows where a clip stands and which ids come in which order', () => {
    const sort = { field: 'label', descending: false };
    expect([...orderedIds(set, '', sort)]).toEqual([3, 1, 2, 4]);
    expect(asOutput(clipsContract.position, clipPosition(set, { id: 2, filter: '', sort }))).toEqual({
      index: 2,
    });
    expect(clipPosition(set, { id: 2, filter: 'label = no', sort })).toEqual({ index: -1 });
    expect(clipPosition(set, { id: 99, filter: '', sort })).toEqual({ index: -1 });
  });

  it('describes a selection by its labels, each clip once', () => {
    expect(asOutput(clipsContract.describe, describeSelection(set, { ids: [4, 1, 2, 2, 99] }))).toEqual({
      clips: 3,
      labels: [
        { label: 'yes', count: 2 },
        { label: null, count: 1 },
      ],
    });
    expect([...resolveSelection(set, { ids: [4, 99, 1, 4] })]).toEqual([4, 1]);
    expect([...resolveSelection(set, { filter: 'label = yes' })]).toEqual([1, 2]);
  });
});

describe('the filter bar', () => {
  it('counts what a filter matches, or says what is wrong and where', () => {
    expect(asOutput(filterContract.check, checkFilter(set, { text: 'label = yes' }))).toEqual({
      ok: true,
      matched: 2,
    });
    expect(asOutput(filterContract.check, checkFilter(set, { text: 'lable = yes' }))).toMatchObject({
      ok: false,
      position: 0,
      length: 5,
      expected: ['label'],
    });
    expect(checkFilter(set, { text: 'predicted("run 2") = yes' })).toMatchObject({
      ok: false,
      expected: ['run 1'],
    });
  });

  it('offers the values and runs of the project', () => {
    const completion = asOutput(
      filterContract.complete,
      completeFilter(set, { text: 'label = ', cursor: 8 }),
    );
    expect(completion.suggestions[0]).toEqual({ text: 'yes', kind: 'value', detail: '2 clips' });
    expect(completeFilter(set, { text: 'predicted(', cursor: 10 }).suggestions).toEqual([
      { text: '"run 1"', kind: 'value', detail: 'run' },
    ]);
    expect(completeFilter(set, { text: 'label = "ye', cursor: 11 })).toMatchObject({ from: 8, to: 11 });
  });
});

describe('the clips command', () => {
  it('lists clips with the columns asked for, in order', () => {
    const everything = { filter: '', fields: null, sort: null, limit: null, offset: 0 };
    expect(Object.keys(clipsJson(set, everything).clips[0] ?? {}).slice(0, 9)).toEqual([
      'path',
      'label',
      'originalLabel',
      'transcript',
      'split',
      'speaker',
      'durationSec',
      'sampleRate',
      'channels',
    ]);
    expect(
      clipsJson(set, {
        filter: 'label is not empty',
        fields: ['path', 'duration', 'p(yes)', 'correct', 'sampleHash'],
        sort: parseSort('-durationSec'),
        limit: 2,
        offset: 1,
      }),
    ).toEqual({
      total: 3,
      clips: [
        { path: 'clips/clip1.wav', duration: 1, 'p(yes)': 0.25, correct: false, sampleHash: 'hash1' },
        { path: 'clips/clip2.wav', duration: 0.5, 'p(yes)': 1, correct: true, sampleHash: 'hash2' },
      ],
    });
    expect(() => clipsJson(set, { ...everything, fields: ['lable'] })).toThrow(/no field/);
  });
});
