// Rows of clips for the catalog without any files, as many as wanted.
import { type ClipInput, THUMBNAIL_BYTES } from '../../electron/catalog/index.ts';

const batchSize = 5000;

/** Clips as wide as those of Speech Commands: 35 words, 2,600 speakers. */
function makeClip(index: number, thumbnail: Uint8Array): ClipInput {
  const mixed = Math.imul(index + 1, 0x9e3779b1) >>> 0;
  const label = `word${mixed % 35}`;
  return {
    path: `${label}/${mixed.toString(16).padStart(8, '0')}_nohash_${index % 5}.wav`,
    kind: 'speech',
    label,
    transcript: null,
    split: index % 10 === 0 ? 'test' : 'train',
    speaker: (mixed % 2600).toString(16).padStart(8, '0'),
    gender: null,
    age: null,
    accent: null,
    locale: 'en',
    extra: {},
    fileBytes: 32_044,
    fileModifiedMs: 1_700_000_000_000 + index,
    audio: {
      measures: {
        container: 'wav',
        encoding: 'pcm_s16',
        sampleRate: 16_000,
        channels: 1,
        frames: 16_000,
        peakDbfs: -(mixed % 300) / 10,
        rmsDbfs: -20 - (mixed % 200) / 10,
        dcOffset: (mixed % 100) / 1e6,
        clippedSamples: 0,
        clippedRuns: 0,
        leadingSilenceSec: (mixed % 40) / 100,
        trailingSilenceSec: (mixed % 30) / 100,
        startEdgeDb: -30.5,
        endEdgeDb: -28.25,
        sampleHash: mixed.toString(16).padStart(8, '0').repeat(4),
      },
      thumbnail,
    },
  };
}

export function* makeBatches(rows: number): Generator<ClipInput[]> {
  const thumbnail = new Uint8Array(THUMBNAIL_BYTES).map((_, index) => index);
  for (let start = 0; start < rows; start += batchSize) {
    yield Array.from({ length: Math.min(batchSize, rows - start) }, (_, index) =>
      makeClip(start + index, thumbnail),
    );
  }
}
