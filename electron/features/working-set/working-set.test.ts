import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EarmarkError } from '../../../shared/errors.ts';
import { FilterError } from '../../../shared/filter/index.ts';
import { BitSet } from './bit-set.ts';
import { matchingRows, orderedRows } from './queries.ts';
import { clip, openFlag, prediction, workingSet } from './testing.ts';
import type { WorkingSet } from './working-set.ts';

const decomposed = 'e\u0301te\u0301';

/** What the imported table says beside the fields, by clip. */
const columns: Readonly<Record<string, readonly (readonly [number, string])[]>> = {
  device: [
    [1, 'phone'],
    [2, 'Phone'],
    [3, 'head set'],
    [77, 'of a clip that is not here'],
  ],
  'snr dB': [
    [1, '9.5'],
    [2, '10'],
    [3, '-3'],
    [5, 'unknown'],
    [8, ''],
  ],
  offset: [
    [1, '-0.5'],
    [2, '-12'],
    [3, '1'],
    [5, '1.0'],
  ],
  heard: [
    [1, 'bed'],
    [2, 'bed'],
    [3, 'chair'],
    [5, 'bed'],
    [11, 'été'],
  ],
};

/** Eight clips of all kinds; run `a` has probabilities, run `b` only predictions. */
function sample(): WorkingSet {
  return workingSet({
    clips: [
      clip(1, {
        label: 'bed',
        speaker: 'anna',
        split: 'train',
        path: 'bed/clip10.wav',
        transcript: "Um, today's Weather",
      }),
      clip(2, {
        label: 'bird',
        speaker: 'ben',
        split: 'test',
        path: 'bird/clip2.wav',
        transcript: 'Café au lait',
      }),
      clip(3, {
        label: 'bed',
        speaker: null,
        split: 'train',
        path: 'bed/clip9.wav',
        measures: { frames: 4_000 },
      }),
      clip(5, { label: null, path: 'unlabelled/ü.wav', note: 'listen "again"', review: 'unclear' }),
      clip(8, { label: 'مرحبا', speaker: '🙂 ‏', path: 'مرحبا/1.wav', transcript: 'مَرْحَبًا' }),
      clip(9, { label: '0', originalLabel: 'bed', path: 'it\'s "quoted".wav', isPresent: false }),
      clip(11, {
        label: decomposed,
        path: 'z.wav',
        measures: { peakDbfs: null, rmsDbfs: null, startEdgeDb: null },
      }),
      clip(12, { kind: 'noise', path: 'noise.wav', measures: { peakDbfs: 0, clippedSamples: 12 } }),
    ],
    flags: [
      openFlag(1, 1, 'label-issue'),
      openFlag(2, 1, 'clipped'),
      openFlag(3, 3, 'too-short'),
      { ...openFlag(4, 2, 'label-issue'), status: 'dismissed' },
      openFlag(5, null, 'unreadable'),
    ],
    runs: [
      {
        name: 'a',
        labels: ['bed', 'bird', '0'],
        hasProbabilities: true,
        predictions: [
          prediction(2, 'bed', 0.75, 0, { latencyMs: 3 }),
          prediction(1, 'bed', 0.5, 1, { hypothesis: 'todays weather' }),
          prediction(9, '0', 0.9, 2),
          prediction(5, 'bird', 0.6, 3),
          prediction(999, 'bird', 0.6, 4),
        ],
      },
      {
        name: 'b "2"',
        labels: ['bed', 'never-given'],
        hasProbabilities: false,
        predictions: [
          prediction(1, 'never-given', null, -1),
          prediction(2, 'bed', null, -1),
          prediction(3, null, null, -1),
        ],
      },
    ],
    runInUse: 'a',
    columnNames: ['device', 'snr dB', 'heard', 'offset'],
    loadColumn: (name) => columns[name] ?? [],
    loadProbabilities: () => ({
      labels: ['bed', 'bird', '0'],
      data: Float32Array.of(0.75, 0.25, 0, 0.5, 0.3, 0.2, 0.05, 0.05, 0.9, 0.2, 0.6, 0.2, 1, 0, 0),
    }),
  });
}

const all = [1, 2, 3, 5, 8, 9, 11, 12];

function idsOf(set: WorkingSet, filter: string): number[] {
  return Array.from(matchingRows(set, filter).toRows(), (row) => set.ids[row] ?? 0);
}

describe('a filter', () => {
  const set = sample();

  it.each<[string, number[]]>([
    ['', all],
    ['label = bed', [1, 3]],
    ['label = Bed', []],
    ['label = unheard-of', []],
    ['label != bed', [2, 5, 8, 9, 11, 12]],
    ['label in (bed, bird, "no such")', [1, 2, 3]],
    ['label not in (bed, bird)', [5, 8, 9, 11, 12]],
    ['label = 0', [9]],
    ['label = مرحبا', [8]],
    ['label = été', [11]],
    ['label ~ ETE', [11]],
    ['label is empty', [5, 12]],
    ['label is changed', [9]],
    ['label is not changed', [1, 2, 3, 5, 8, 11, 12]],
    ['speaker = "🙂 ‏"', [8]],
    ['speaker != anna', [2, 3, 5, 8, 9, 11, 12]],
    ['speaker ~ n', [1, 2]],
    ['speaker !~ n', [3, 5, 8, 9, 11, 12]],
    ['transcript ~ "today\'s weather"', [1]],
    ['transcript ~ cafe', [2]],
    ['transcript ~ مرحبا', [8]],
    ['transcript is empty', [3, 5, 9, 11, 12]],
    ['path ~ bed/', [1, 3]],
    ['path = "bed/clip9.wav"', [3]],
    ['path ~ "it\'s \\"q"', [9]],
    ['path ~ "/Ü."', [5]],
    ['durationSec < 0.5', [3]],
    ['duration >= 0.25 AND duration <= 0.25', [3]],
    ['durationSec in (0.25, 7)', [3]],
    ['sampleRate = 16000 AND channels != 2', all],
    ['peakDbfs < -60', [11]],
    ['peakDbfs is empty', [11]],
    ['startEdgeDb < 0 OR startEdgeDb >= 0', [1, 2, 3, 5, 8, 9, 12]],
    ['NOT startEdgeDb < 0', [11]],
    ['peakDbfs > rmsDbfs', [1, 2, 3, 5, 8, 9, 12]],
    ['kind = noise', [12]],
    ['present = false', [9]],
    ['review = unclear', [5]],
    ['note is not empty', [5]],
    ['id in (1, 2, 4)', [1, 2]],
    ['id > 9', [11, 12]],
    ['flag = label-issue', [1]],
    ['flag != label-issue', [2, 3, 5, 8, 9, 11, 12]],
    ['flag in (clipped, too-short)', [1, 3]],
    ['flag is none', [2, 5, 8, 9, 11, 12]],
    ['dataset = words AND container = wav AND encoding = pcm_s16', all],
    ['sampleHash = hash3', [3]],
    ['predicted = bed', [1, 2]],
    ['predicted("b \\"2\\"") = bed', [2]],
    ['predicted is empty', [3, 8, 11, 12]],
    ['label != given("a")', [2]],
    ['label = predicted', [1, 9]],
    ['NOT label = predicted', [2, 3, 5, 8, 11, 12]],
    ['predicted("a") != predicted("b \\"2\\"")', [1]],
    ['correct = true', [1, 9]],
    ['correct = false', [2]],
    ['correct is empty', [3, 5, 8, 11, 12]],
    ['correct("b \\"2\\"") = false', [1, 2]],
    ['confidence >= 0.75', [2, 9]],
    ['latency > 2', [2]],
    ['hypothesis ~ weather', [1]],
    ['hypothesis is empty', [2, 3, 5, 8, 9, 11, 12]],
    ['p(given) < 0.3', [2]],
    ['p(given) = 0.9', [9]],
    ['p(bird) >= 0.3', [1, 5]],
    ['p("a", label) > 0.4', [1, 9]],
    ['p(unheard-of) < 2', []],
    ['p(given) is empty', [3, 5, 8, 11, 12]],
    ['label = bed AND split = train AND p(given) < 0.6', [1]],
    ['label = bed OR NOT (kind = speech)', [1, 3, 12]],
    ['column("device") = phone', [1]],
    ['column(device) in (phone, "head set")', [1, 3]],
    ['column("device") ~ phone', [1, 2]],
    ['column("device") is empty', [5, 8, 9, 11, 12]],
    ['column("snr dB") < 10', [1, 3]],
    ['column("snr dB") >= 9.5', [1, 2]],
    ['column("snr dB") = 10', [2]],
    ['column("snr dB") is empty', [8, 9, 11, 12]],
    ['label = column("heard")', [1, 11]],
    ['column("heard") != label', [2, 3]],
    ['column("heard") = column("device")', []],
  ])('%s finds clips %j', (filter, ids) => {
    expect(idsOf(set, filter)).toEqual(ids);
  });

  it('never counts a clip both ways: NOT is the exact opposite', () => {
    for (const filter of [
      'speaker = anna',
      'durationSec < 0.5',
      'label != predicted',
      'flag is none',
      'p(bed) < 1',
    ]) {
      const yes = idsOf(set, filter);
      const no = idsOf(set, `NOT (${filter})`);
      expect([...yes, ...no].sort((a, b) => a - b)).toEqual(all);
    }
  });

  it('names the columns there are where there is none of that name', () => {
    expect(() => matchingRows(set, 'column("divice") = phone')).toThrow(
      'There is no column "divice" (character 1). Columns: device, snr dB, heard, offset.',
    );
    const without = workingSet({ clips: [clip(1)] });
    expect(() => matchingRows(without, 'column("device") = phone')).toThrow(/no columns beside the fields/);
  });

  it('says which run is missing, and where', () => {
    const errorOf = (filter: string): FilterError => {
      try {
        matchingRows(set, filter);
      } catch (error) {
        if (error instanceof FilterError) return error;
      }
      throw new Error('was accepted');
    };
    expect(errorOf('split = train AND correct("c") = true')).toMatchObject({ position: 18, length: 12 });
    expect(errorOf('p("b \\"2\\"", label) < 1').message).toMatch(/has no probabilities/);
    expect(errorOf('p("b \\"2\\"", label) < 1').expected).toEqual(['a']);
    const withoutRun = workingSet({ clips: [clip(1)] });
    expect(() => matchingRows(withoutRun, 'predicted = a')).toThrow(/No run is in use/);
  });
});

describe('the order of clips', () => {
  const set = sample();
  const sorted = (field: string, descending = false, filter = '') =>
    Array.from(orderedRows(set, filter, { field, descending }), (row) => set.ids[row] ?? 0);

  it('is natural for names, by value for numbers, with unknown values last both ways', () => {
    expect(sorted('path').slice(0, 4)).toEqual([3, 1, 2, 9]);
    expect(sorted('column("snr dB")').slice(0, 4)).toEqual([8, 3, 1, 2]);
    expect(sorted('column("offset")').slice(0, 4)).toEqual([2, 1, 3, 5]);
    expect(sorted('label')).toEqual([9, 1, 3, 2, 11, 8, 5, 12]);
    expect(sorted('label', true)).toEqual([8, 11, 2, 1, 3, 9, 5, 12]);
    expect(sorted('durationSec')[0]).toBe(3);
    expect(sorted('peakDbfs')[0]).toBe(11);
    expect(sorted('confidence', true)).toEqual([9, 2, 5, 1, 3, 8, 11, 12]);
    expect(sorted('p(bird)', true)).toEqual([5, 1, 2, 9, 3, 8, 11, 12]);
    expect(sorted('flags', true).slice(0, 2)).toEqual([1, 3]);
    expect(sorted('isPresent')[0]).toBe(9);
    expect(sorted('id', true)).toEqual([...all].reverse());
    expect(sorted('label', false, 'label = bed OR label = 0')).toEqual([9, 1, 3]);
    expect(Array.from(orderedRows(set, '', null), (row) => set.ids[row])).toEqual(all);
  });

  it('by something that is no field is refused in words', () => {
    expect(() => sorted('lable')).toThrow(EarmarkError);
    expect(() => sorted('lable')).toThrow(/no field.*label/);
  });

  it('is that of a plain stable sort, for many clips and few', () => {
    const value = fc.option(fc.integer({ min: 0, max: 500 }), { nil: null });
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 300 }),
        fc.boolean(),
        fc.nat(300),
        (numbers, descending, last) => {
          const many = workingSet({
            clips: numbers.map((number, i) => clip(i + 1, { measures: { startEdgeDb: number } })),
          });
          const rows = orderedRows(many, `id <= ${last}`, { field: 'startEdgeDb', descending });
          const expected = numbers
            .map((number, row) => ({ number, row }))
            .filter(({ row }) => row < last)
            .sort((a, b) => {
              if (a.number === null || b.number === null)
                return Number(a.number === null) - Number(b.number === null);
              return descending ? b.number - a.number : a.number - b.number;
            });
          expect([...rows]).toEqual(expected.map(({ row }) => row));
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the working set', () => {
  it('shows a decision at once, in filters, orders and flags', () => {
    const set = sample();
    expect(idsOf(set, 'label = bed')).toEqual([1, 3]);
    expect(idsOf(set, 'correct = false')).toEqual([2]);
    expect(set.applyClip(clip(2, { label: 'bed', originalLabel: 'bird', path: 'bird/clip2.wav' }))).toBe(
      true,
    );
    set.applyFlags(1, [openFlag(2, 1, 'clipped'), { ...openFlag(1, 1, 'label-issue'), status: 'fixed' }]);
    expect(idsOf(set, 'label = bed')).toEqual([1, 2, 3]);
    expect(idsOf(set, 'label is changed')).toEqual([2, 9]);
    expect(idsOf(set, 'correct = false')).toEqual([]);
    expect(idsOf(set, 'flag = label-issue')).toEqual([]);
    expect(set.openFlagsAt(set.rowOf(1))).toEqual(['clipped']);
    expect(Array.from(orderedRows(set, '', { field: 'label', descending: false }).slice(0, 4))).toEqual([
      5, 0, 1, 2,
    ]);
    expect(set.applyClip(clip(4, { label: 'bed' }))).toBe(false);
  });

  it('takes a new label into the order and gives it to the runs', () => {
    const set = sample();
    orderedRows(set, '', { field: 'label', descending: false });
    set.applyClip(clip(3, { label: 'aardvark' }));
    expect(orderedRows(set, '', { field: 'label', descending: false })[1]).toBe(set.rowOf(3));
    expect(idsOf(set, 'p(given) < 2')).toEqual([1, 2, 9]);
  });

  it('takes runs in and out', () => {
    const set = sample();
    set.setRun({
      name: 'a',
      labels: ['bed'],
      hasProbabilities: false,
      predictions: [prediction(3, 'bed', 1, -1)],
    });
    expect(idsOf(set, 'predicted = bed')).toEqual([3]);
    expect(() => matchingRows(set, 'p(bed) < 1')).toThrow(/no probabilities/);
    set.removeRun('a');
    expect(set.runInUse).toBeNull();
    expect(() => matchingRows(set, 'predicted = bed')).toThrow(/No run is in use/);
    set.setFlags([openFlag(1, 12, 'silent')]);
    expect(idsOf(set, 'flag is not empty')).toEqual([12]);
  });

  it('finds clips by id whatever gaps the ids have, and in whatever order they come', () => {
    const set = workingSet({ clips: [clip(70), clip(3), clip(4), clip(1000)] });
    expect([...set.ids]).toEqual([3, 4, 70, 1000]);
    expect([3, 4, 70, 1000, 5, 0, -1, 2000].map((id) => set.rowOf(id))).toEqual([0, 1, 2, 3, -1, -1, -1, -1]);
    expect(workingSet({}).rowOf(1)).toBe(-1);
  });
});

describe('a bit set', () => {
  it('is a set of rows under and, or and not', () => {
    const rows = fc.uniqueArray(fc.nat(99));
    fc.assert(
      fc.property(rows, rows, fc.integer({ min: 1, max: 100 }), (first, second, size) => {
        const a = first.filter((row) => row < size);
        const b = second.filter((row) => row < size);
        const left = BitSet.of(size, first);
        const right = BitSet.of(size, second);
        const inOrder = (wanted: (row: number) => boolean) =>
          Array.from({ length: size }, (_, row) => row).filter(wanted);
        expect([...left.and(right).toRows()]).toEqual(inOrder((row) => a.includes(row) && b.includes(row)));
        expect([...left.or(right).toRows()]).toEqual(inOrder((row) => a.includes(row) || b.includes(row)));
        expect([...left.not().toRows()]).toEqual(inOrder((row) => !a.includes(row)));
        expect(left.count()).toBe(a.length);
        expect(left.has(-1) || left.has(size)).toBe(false);
      }),
    );
  });
});
