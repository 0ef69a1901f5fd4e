import { describe, expect, it } from 'vitest';
import type { AudioMeasures } from '../../shared/domain/audio.ts';
import { THUMBNAIL_COLUMNS } from '../../shared/domain/audio.ts';
import type { ClipInput } from '../catalog/records.ts';
import { FILE_UNCHANGED, fileColumns, packSources, setAudio, unpackClips } from './clip-columns.ts';

function source(path: string, fields: Partial<ClipInput> = {}) {
  return {
    path,
    kind: 'speech' as const,
    label: null,
    transcript: null,
    split: null,
    speaker: null,
    gender: null,
    age: null,
    accent: null,
    locale: null,
    extra: {},
    ...fields,
  };
}

const spoken: AudioMeasures = {
  container: 'flac',
  encoding: 'flac_s24',
  sampleRate: 48_000,
  channels: 2,
  frames: 4_294_967_297,
  peakDbfs: -0.1,
  rmsDbfs: -20.123456789,
  dcOffset: -1e-9,
  clippedSamples: 3,
  clippedRuns: 1,
  leadingSilenceSec: 0.01,
  trailingSilenceSec: 0.02,
  startEdgeDb: -30,
  endEdgeDb: -120,
  sampleHash: '0123456789abcdef0123456789abcdef',
};
const silent: AudioMeasures = {
  ...spoken,
  peakDbfs: null,
  rmsDbfs: null,
  startEdgeDb: null,
  endEdgeDb: null,
};

describe('clips as columns', () => {
  it('a clip comes out as it went in: every field, no level for silence, its own thumbnail', () => {
    const sources = [
      source('a.flac', {
        label: 'yes',
        transcript: '',
        split: 'train',
        speaker: 's1',
        gender: 'f',
        age: '30',
        accent: 'x',
        locale: 'fa',
        extra: { take: '1' },
      }),
      source('noise/b.flac', { kind: 'noise' }),
    ];
    const thumbnails = [3, -5].map((value) => new Int8Array(2 * THUMBNAIL_COLUMNS).fill(value));
    const files = fileColumns(2);
    for (const [row, measures] of [spoken, silent].entries()) {
      files.bytes[row] = 100 + row;
      files.modifiedMs[row] = 1_700_000_000_000.25;
      setAudio(files, row, measures, thumbnails[row] as Int8Array);
    }
    const sent = structuredClone({ sources: packSources(sources), files });
    expect(unpackClips(sent.sources, sent.files)).toEqual(
      sources.map((entry, row) => ({
        ...entry,
        fileBytes: 100 + row,
        fileModifiedMs: 1_700_000_000_000.25,
        audio: {
          measures: [spoken, silent][row],
          thumbnail: new Uint8Array((thumbnails[row] as Int8Array).buffer),
        },
      })),
    );
  });

  it('a file that could not be used is left out, an unchanged one brings no sound', () => {
    const files = fileColumns(3);
    files.states[1] = FILE_UNCHANGED;
    files.bytes[1] = 7;
    setAudio(files, 2, spoken, new Int8Array(2 * THUMBNAIL_COLUMNS));
    const clips = unpackClips(packSources([source('bad'), source('same'), source('new')]), files);
    expect(clips.map(({ path, fileBytes, audio }) => [path, fileBytes, audio === null])).toEqual([
      ['same', 7, true],
      ['new', 0, false],
    ]);
  });
});
