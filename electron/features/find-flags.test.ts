import { describe, expect, it } from 'vitest';
import { defaultFlagSettings } from '../../shared/domain/flag.ts';
import type { FlagInput } from '../catalog/index.ts';
import { audioFlags, duplicateFlags, labelIssueFlags, rankTogether } from './find-flags.ts';
import { clip } from './working-set/testing.ts';

const kindsOf = (measures: Parameters<typeof clip>[1]) =>
  audioFlags(clip(1, measures), defaultFlagSettings).map(({ kind }) => kind);

describe('sound problems', () => {
  it('finds nothing on an ordinary clip', () => {
    expect(kindsOf({})).toEqual([]);
  });

  it('calls digital silence silent, and neither quiet nor cut', () => {
    const silence = { peakDbfs: null, rmsDbfs: null, startEdgeDb: null, endEdgeDb: null };
    expect(kindsOf({ measures: silence })).toEqual(['silent']);
    const [flag] = audioFlags(clip(1, { measures: silence }), defaultFlagSettings);
    expect(flag?.reason).toBe('Every sample is zero.');
    expect(flag?.score).toBe(0);
  });

  it('says by how much a quiet clip is too quiet', () => {
    const [flag] = audioFlags(clip(1, { measures: { rmsDbfs: -50.04, peakDbfs: -30 } }), defaultFlagSettings);
    expect(flag?.kind).toBe('too-quiet');
    expect(flag?.reason).toBe('The level is -50.0 dBFS RMS; below -45.0 dBFS counts as too quiet.');
  });

  it('flags a clip at the threshold of clipped samples, not under it', () => {
    expect(kindsOf({ measures: { clippedSamples: 9, clippedRuns: 2 } })).toEqual([]);
    expect(kindsOf({ measures: { clippedSamples: 10, clippedRuns: 3 } })).toEqual(['clipped']);
  });

  it('names the edge that is cut', () => {
    const reasonOf = (startEdgeDb: number, endEdgeDb: number) =>
      audioFlags(clip(1, { measures: { startEdgeDb, endEdgeDb } }), defaultFlagSettings)[0]?.reason;
    expect(reasonOf(1, -40)).toContain('The first 20 ms');
    expect(reasonOf(-40, 1)).toContain('The last 20 ms');
    expect(reasonOf(1, 2)).toContain('The first and last 20 ms');
  });

  it('judges duration by the thresholds', () => {
    expect(kindsOf({ measures: { frames: 4000 } })).toEqual(['too-short']);
    expect(kindsOf({ measures: { frames: 16_000 * 18 } })).toEqual(['too-long']);
  });

  it('judges noise recordings by silence and clipping only', () => {
    const measures = { frames: 16_000 * 60, rmsDbfs: -50, startEdgeDb: 3, endEdgeDb: 3 };
    expect(kindsOf({ kind: 'noise', measures })).toEqual([]);
  });
});

describe('duplicates', () => {
  const same = (id: number, label: string | null, transcript: string | null = null) =>
    clip(id, { label, transcript, measures: { sampleHash: 'same' } });

  it('flags every clip of a group and names the others', () => {
    const flags = duplicateFlags([same(1, 'yes'), same(2, 'yes'), clip(3)]);
    expect(flags.map(({ clipId, kind }) => [clipId, kind])).toEqual([
      [1, 'duplicate'],
      [2, 'duplicate'],
    ]);
    expect(flags[0]?.reason).toBe('The same samples as clips/clip2.wav.');
  });

  it('proposes the label of the majority where labels differ, and none where they tie', () => {
    const conflicts = (flags: ReturnType<typeof duplicateFlags>) =>
      flags.filter(({ kind }) => kind === 'duplicate-conflict');
    const majority = conflicts(duplicateFlags([same(1, 'yes'), same(2, 'yes'), same(3, 'no')]));
    expect(majority.map(({ proposed }) => proposed)).toEqual(['yes', 'yes', 'yes']);
    const tie = conflicts(duplicateFlags([same(1, 'yes'), same(2, 'no')]));
    expect(tie.map(({ proposed }) => proposed)).toEqual([null, null]);
  });

  it('finds transcripts that differ', () => {
    const flags = duplicateFlags([same(1, null, 'today'), same(2, null, 'Today')]);
    expect(flags.filter(({ kind }) => kind === 'duplicate-conflict')).toHaveLength(2);
  });
});

describe('likely wrong labels', () => {
  it('leaves out clips whose label the run does not know or whose probabilities are no numbers', () => {
    const rows = [
      [0.9, 0.1],
      [0.1, 0.9],
      [0.8, 0.2],
      [0.05, 0.95],
      [Number.NaN, Number.NaN],
    ];
    const source = {
      run: 'model',
      labels: ['no', 'yes'],
      probabilities: Float32Array.from(rows.flat()),
      clips: ['no', 'yes', 'no', 'no', 'no', 'maybe'].map((label, index) => ({
        id: index + 1,
        path: `${index + 1}.wav`,
        label,
        row: index,
      })),
    };
    const { flags, leftOut } = labelIssueFlags(source, 'predicted_neq_given');
    expect(leftOut).toBe(2);
    expect(flags).toHaveLength(1);
    expect(flags[0]).toMatchObject({
      clipId: 4,
      proposed: 'yes',
      reason: 'model gives no 0.05 and yes 0.95.',
    });
  });
});

describe('doubts about labels from several sides', () => {
  const doubt = (clipId: number, kind: FlagInput['kind'], score: number): FlagInput => ({
    clipId,
    path: `${clipId}.wav`,
    kind,
    score,
    reason: `${kind} ${clipId}.`,
    evidence: {},
    proposed: 'no',
  });

  it('a clip that more of them name comes first, with the reasons of all', () => {
    const flags = [
      doubt(1, 'label-issue', 0.1),
      doubt(2, 'label-issue', 0.2),
      doubt(2, 'neighbour-issue', 0),
      doubt(3, 'neighbour-issue', 0.3),
      doubt(4, 'outlier', 0.5),
    ];
    const proposed = new Map([
      [9, 'go'],
      [3, 'go'],
      [2, 'no'],
    ]);
    rankTogether(flags, { ranked: Int32Array.of(9, 3, 2), proposed });
    // Clip 2: 1/2 + 1 + 1/3; clip 1: 1; clip 3: 1/2 + 1/2; clip 9 was flagged by nobody.
    expect(flags.map(({ evidence }) => evidence.combinedRank)).toEqual([2, 1, 1, 3, undefined]);
    expect(flags[0]?.evidence).toEqual({ combinedRank: 2, meanReciprocalRank: 1 / 3 });
    expect(flags[1]).toMatchObject({
      reason: 'label-issue 2. neighbour-issue 2. The nearest class centre belongs to no.',
      evidence: { nearestCentre: 'no', centreRank: 3 },
    });
    expect(flags[4]).toEqual(doubt(4, 'outlier', 0.5));
  });

  it('without centres the model and the neighbours are ranked together', () => {
    const flags = [
      doubt(1, 'label-issue', 0.1),
      doubt(2, 'neighbour-issue', 0),
      doubt(2, 'label-issue', 0.3),
    ];
    rankTogether(flags, null);
    expect(flags.map(({ evidence }) => evidence.combinedRank)).toEqual([2, 1, 1]);
  });
});
