import { describe, expect, it } from 'vitest';
import type { ClipInput } from './index.ts';
import {
  applyChanges,
  clipCount,
  clipExtra,
  clipIdsByPath,
  clipLocation,
  columnNames,
  columnValues,
  finishImport,
  importClips,
  importedAt,
  knownFiles,
  readClips,
  readClipsByIds,
  setDatasetRoot,
  THUMBNAIL_BYTES,
  thumbnails,
  undoBatch,
  type WritableCatalog,
} from './index.ts';
import { addDataset, audio, change, clipInput, makeProject, temporaryFolder } from './test-support.ts';

const folder = temporaryFolder();

/** Three clips and a second dataset beside them. */
function threeClips() {
  const { catalog } = makeProject(folder, 0);
  const dataset = addDataset(catalog, 'words', '/data/words');
  const clips: ClipInput[] = [
    clipInput('a b/é "1".wav', { label: 'four', transcript: 'Four.', extra: { take: '1' } }),
    clipInput('c/2.wav', {
      label: 'seven',
      kind: 'noise',
      gender: 'f',
      age: '30',
      accent: 'x',
      locale: 'en',
    }),
    clipInput('c/3.wav'),
  ];
  importClips(catalog, dataset.id, 'first', clips);
  finishImport(catalog, dataset.id, 'first');
  return { catalog, dataset, clips };
}

function labels(catalog: WritableCatalog): (string | null)[] {
  return [...readClips(catalog)].map((clip) => clip.label);
}

describe('an import', () => {
  it('stores each clip as the format and the audio say', () => {
    const { catalog, dataset, clips } = threeClips();
    const stored = [...readClips(catalog)];
    expect(stored.map((clip) => clip.path)).toEqual(clips.map((clip) => clip.path));
    const { extra: _, audio: sound, label, transcript, ...same } = clips[0] as ClipInput;
    expect(stored[0]).toEqual({
      ...same,
      id: 1,
      datasetId: dataset.id,
      label,
      originalLabel: label,
      transcript,
      originalTranscript: transcript,
      review: null,
      reviewReason: null,
      note: null,
      isPresent: true,
      measures: sound?.measures,
    });
    expect(clipExtra(catalog, 1)).toEqual({ take: '1' });
    expect(clipExtra(catalog, 2)).toEqual({});
    expect(clipLocation(catalog, 2)).toEqual({
      root: '/data/words',
      path: 'c/2.wav',
      fileModifiedMs: 1_700_000_000_000.25,
    });
    setDatasetRoot(catalog, dataset.id, '/elsewhere');
    expect(clipLocation(catalog, 2).root).toBe('/elsewhere');
    expect(Date.parse(importedAt(catalog, 1))).toBeGreaterThan(Date.now() - 60_000);
    expect([...clipIdsByPath(catalog, dataset.id)]).toContainEqual(['c/3.wav', 3]);
    expect(readClipsByIds(catalog, [3, 99, 1]).map((clip) => clip.id)).toEqual([3, 1]);
  });

  it('keeps the thumbnails in the order asked for, and zeros for clips that do not exist', () => {
    const { catalog, clips } = threeClips();
    const bytes = thumbnails(catalog, [3, 77, 1]);
    expect(bytes.length).toBe(3 * THUMBNAIL_BYTES);
    expect([bytes[0], bytes[THUMBNAIL_BYTES], bytes[2 * THUMBNAIL_BYTES]]).toEqual([
      clips[2]?.path.length,
      0,
      clips[0]?.path.length,
    ]);
  });

  it('made again without changes finds every clip unchanged', () => {
    const { catalog, dataset, clips } = threeClips();
    const known = knownFiles(catalog, dataset.id);
    expect(known.get('c/2.wav')).toEqual({ id: 2, fileBytes: 32_044, fileModifiedMs: 1_700_000_000_000.25 });
    const again = clips.map((clip) => ({ ...clip, audio: null }));
    expect(importClips(catalog, dataset.id, 'again', again)).toEqual({ added: 0, changed: 0, unchanged: 3 });
    expect(finishImport(catalog, dataset.id, 'again')).toEqual({ missing: 0 });
    expect([...readClips(catalog)].map((clip) => clip.measures)).toEqual(
      clips.map((clip) => clip.audio?.measures),
    );
  });

  it('tells new, changed and missing files apart, and takes a file back that returns', () => {
    const { catalog, dataset, clips } = threeClips();
    const [first, second, third] = clips as [ClipInput, ClipInput, ClipInput];
    const update = [
      { ...first, audio: audio('other sound'), fileBytes: 40_000 },
      { ...second, label: 'eight', audio: null },
      clipInput('c/4.wav'),
    ];
    expect(importClips(catalog, dataset.id, 'update', update)).toEqual({
      added: 1,
      changed: 2,
      unchanged: 0,
    });
    expect(finishImport(catalog, dataset.id, 'update')).toEqual({ missing: 1 });
    expect([...readClips(catalog)].map((clip) => [clip.label, clip.isPresent, clip.fileBytes])).toEqual([
      ['four', true, 40_000],
      ['eight', true, 32_044],
      [null, false, 32_044],
      [null, true, 32_044],
    ]);
    expect([...readClips(catalog)][0]?.measures.sampleHash).toBe(audio('other sound').measures.sampleHash);
    const back = [first, second, third, clipInput('c/4.wav')];
    expect(importClips(catalog, dataset.id, 'back', back)).toEqual({ added: 0, changed: 3, unchanged: 1 });
    expect(finishImport(catalog, dataset.id, 'back')).toEqual({ missing: 0 });
    expect(clipCount(catalog)).toBe(4);
  });

  it('that was interrupted goes on where it stopped, and marks nothing missing before its end', () => {
    const { catalog, dataset, clips } = threeClips();
    importClips(catalog, dataset.id, 'cut off', [
      { ...(clips[0] as ClipInput), audio: null },
      clipInput('c/4.wav'),
    ]);
    expect([...readClips(catalog)].every((clip) => clip.isPresent)).toBe(true);
    const known = knownFiles(catalog, dataset.id);
    const rest = [...clips, clipInput('c/4.wav'), clipInput('c/5.wav')].map((clip) =>
      known.has(clip.path) ? { ...clip, audio: null } : clip,
    );
    expect(importClips(catalog, dataset.id, 'cut off', rest)).toEqual({ added: 1, changed: 0, unchanged: 4 });
    expect(finishImport(catalog, dataset.id, 'cut off')).toEqual({ missing: 0 });
  });

  it('that finds no file at all marks all clips of that dataset missing, and only those', () => {
    const { catalog, dataset } = threeClips();
    const other = addDataset(catalog, 'other', '/data/other');
    importClips(catalog, other.id, 'other', [clipInput('c/2.wav', { label: 'here' })]);
    finishImport(catalog, other.id, 'other');
    expect(finishImport(catalog, dataset.id, 'nothing there')).toEqual({ missing: 3 });
    expect([...readClips(catalog)].map((clip) => clip.isPresent)).toEqual([false, false, false, true]);
  });

  it('leaves decisions standing, and lets undo return to what the newer import says', () => {
    const { catalog, dataset, clips } = threeClips();
    applyChanges(catalog, { by: 'ann', changes: [change(1, { to: 'nine' })] });
    applyChanges(catalog, {
      by: 'ann',
      changes: [change(1, { field: 'review', to: 'unusable', reason: 'noise' })],
    });
    const [first, second] = clips as [ClipInput, ClipInput, ClipInput];
    const update = [
      { ...first, label: 'five', transcript: 'Five.', audio: null },
      { ...second, label: 'six', audio: null },
    ];
    importClips(catalog, dataset.id, 'update', update);
    const [clip] = [...readClips(catalog)];
    expect(clip).toMatchObject({
      label: 'nine',
      originalLabel: 'five',
      transcript: 'Five.',
      review: 'unusable',
    });
    expect(labels(catalog)).toEqual(['nine', 'six', null]);
    undoBatch(catalog, 'ann');
    undoBatch(catalog, 'ann');
    expect(labels(catalog)).toEqual(['five', 'six', null]);
    importClips(catalog, dataset.id, 'update again', [{ ...first, label: 'zero', audio: null }]);
    expect(labels(catalog)).toEqual(['zero', 'six', null]);
  });

  it('stores nothing of a batch in which one clip cannot be stored', () => {
    const { catalog, dataset } = threeClips();
    const batch = [clipInput('c/8.wav'), { ...clipInput('c/9.wav'), audio: null }];
    expect(() => importClips(catalog, dataset.id, 'broken', batch)).toThrow('c/9.wav');
    expect(clipCount(catalog)).toBe(3);
  });
});

describe('the columns of an imported table', () => {
  it('are known by name, with their values by clip, whatever signs the name has', () => {
    const { catalog, dataset } = threeClips();
    const odd = `$."x'[0]`;
    const blank = `$.snr [dB], é`;
    importClips(catalog, dataset.id, 'second', [
      clipInput('c/2.wav', { extra: { take: '2', [odd]: 'é', [blank]: '9' } }),
      clipInput('d/4.wav', { extra: { take: '10' } }),
    ]);
    expect(columnNames(catalog)).toEqual([odd, blank, 'take']);
    expect(columnValues(catalog, 'take')).toEqual([
      [1, '1'],
      [2, '2'],
      [4, '10'],
    ]);
    expect(columnValues(catalog, odd)).toEqual([[2, 'é']]);
    expect(columnValues(catalog, blank)).toEqual([[2, '9']]);
    expect(columnValues(catalog, 'no such')).toEqual([]);
  });
});

describe('reading clips', () => {
  it('goes through more clips than are fetched at a time, in order, also while labels are changed', () => {
    const { catalog, ids } = makeProject(folder, 12_001);
    const seen: number[] = [];
    for (const clip of readClips(catalog)) {
      seen.push(clip.id);
      if (clip.id === 3) applyChanges(catalog, { by: 'ann', changes: [change(12_000, { to: 'late' })] });
      if (clip.id === 12_000) expect(clip.label).toBe('late');
    }
    expect(seen).toEqual(ids);
  });
});
