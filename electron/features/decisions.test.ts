// What decisions do to flags, and that one undo takes all of it back.
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../shared/contract/decisions.ts';
import { temporaryFolder, writeTree } from '../testing/folders.ts';
import { refusalOf, resultOf, startTestStudio } from '../testing/studio.ts';
import {
  duplicate,
  loud,
  mislabelled,
  silent,
  wordFiles,
  wordPredictions,
  wordWav,
} from '../testing/words.ts';
import { relabelClips } from './decisions.ts';

const folder = temporaryFolder();
writeTree(folder, { 'model.csv': wordPredictions() });
const dataset = writeTree(join(folder, 'words'), wordFiles());
const { client, engine, place } = startTestStudio({ userFolder: join(folder, 'user') });

const decide = (filter: string, ...changes: Change[]) =>
  client.decisions.apply({ selection: { filter }, changes });
const pathIs = (path: string): string => `path = "${path}"`;

/** Every label, review and flag status there is, as text. */
async function everything(): Promise<string[]> {
  const page = await client.flags.page({ kinds: [], status: null, filter: '', offset: 0, limit: 1000 });
  const { rows } = await client.clips.page({ filter: '', sort: null, offset: 0, limit: 1000 });
  return [
    ...page.rows.map(({ path, kind, status }) => `${path} ${kind}: ${status}`),
    ...rows.map(
      (row) => `${row.path}: ${row.label} ${row.review} ${row.reviewReason} ${row.note} ${row.flags}`,
    ),
  ].toSorted();
}

async function statusesOf(path: string): Promise<Record<string, string>> {
  const page = await client.flags.page({
    kinds: [],
    status: null,
    filter: pathIs(path),
    offset: 0,
    limit: 100,
  });
  return Object.fromEntries(page.rows.map(({ kind, status }) => [kind, status]));
}

let untouched: string[] = [];
beforeAll(async () => {
  await client.project.create({ name: 'decisions' });
  const source = { place: place(dataset), format: 'speech-commands', options: {}, name: 'words' } as const;
  await resultOf(client, await client.imports.start(source));
  const model = { place: place(join(folder, 'model.csv')), run: 'model' };
  await resultOf(client, await client.runs.start(model));
  untouched = await everything();
});

describe('a decision settles the flags it answers', () => {
  it.each<[string, string, Change[], Record<string, string>]>([
    [
      'another label fixes the doubt about the label',
      mislabelled,
      [{ field: 'label', to: 'no' }],
      { 'label-issue': 'fixed' },
    ],
    [
      'the same label again dismisses it',
      mislabelled,
      [{ field: 'label', to: 'yes' }],
      { 'label-issue': 'dismissed' },
    ],
    [
      'accepting the clip dismisses it',
      mislabelled,
      [{ field: 'review', to: 'accepted' }],
      { 'label-issue': 'dismissed' },
    ],
    [
      'unusable fixes what was found in the sound',
      loud,
      [{ field: 'review', to: 'unusable', reason: 'clipped' }],
      { clipped: 'fixed', 'cut-edge': 'fixed' },
    ],
    [
      'accepting leaves what was found in the sound open',
      loud,
      [{ field: 'review', to: 'accepted' }],
      { clipped: 'open', 'cut-edge': 'open' },
    ],
    [
      'another label fixes the conflict of duplicates, the duplicate itself stays',
      duplicate,
      [{ field: 'label', to: 'yes' }],
      { duplicate: 'open', 'duplicate-conflict': 'fixed' },
    ],
    [
      'a flag can be dismissed alone',
      silent,
      [{ field: 'flag', kind: 'silent', to: 'dismissed' }],
      { silent: 'dismissed' },
    ],
    [
      'what is said about a flag counts more than what follows from the label',
      mislabelled,
      [
        { field: 'label', to: 'no' },
        { field: 'flag', kind: 'label-issue', to: 'accepted' },
      ],
      { 'label-issue': 'accepted' },
    ],
    ['unclear settles nothing', mislabelled, [{ field: 'review', to: 'unclear' }], { 'label-issue': 'open' }],
  ])('%s', async (_, path, changes, statuses) => {
    await decide(pathIs(path), ...changes);
    expect(await statusesOf(path)).toEqual(statuses);
    await client.decisions.undo({});
    expect(await everything()).toEqual(untouched);
  });

  it('in bulk too: one step back restores every clip and every flag', async () => {
    const changes: Change[] = [
      { field: 'label', to: 'other' },
      { field: 'review', to: 'unusable', reason: 'noise' },
      { field: 'note', to: 'all of them' },
    ];
    const decided = await decide('label = yes OR label = go OR label = stop OR label = no', ...changes);
    expect(decided.applied).toBe(23);
    const { rows } = await client.clips.page({ filter: 'kind = speech', sort: null, offset: 0, limit: 100 });
    expect(
      rows.every(
        ({ label, review, flags }) => label === 'other' && review === 'unusable' && flags.length === 0,
      ),
    ).toBe(true);
    const after = await everything();
    await client.decisions.undo({});
    expect(await everything()).toEqual(untouched);
    await client.decisions.redo();
    expect(await everything()).toEqual(after);
    await client.decisions.undo({});
  });

  it('and flags found again keep what was decided about them', async () => {
    await decide(pathIs(silent), { field: 'flag', kind: 'silent', to: 'dismissed' });
    await resultOf(client, await client.flags.find({}));
    expect(await statusesOf(silent)).toEqual({ silent: 'dismissed' });
    await client.decisions.undo({});
    expect(await everything()).toEqual(untouched);
  });
});

describe('a decision that says nothing new', () => {
  it('is no step of undo', async () => {
    const { undo } = await client.decisions.state();
    const result = await decide(pathIs(silent), { field: 'label', to: 'go' });
    expect(result).toMatchObject({ applied: 0, unchanged: 1, batch: null });
    expect((await client.decisions.state()).undo).toBe(undo);
  });

  it('about no clip at all is the same', async () => {
    expect(await decide('label = nothing', { field: 'label', to: 'go' })).toMatchObject({ applied: 0 });
    const wrong = decide('lable = nothing', { field: 'label', to: 'go' });
    expect(await refusalOf(wrong)).toMatchObject({ code: 'filter/invalid' });
  });
});

describe('labels by path, from a file', () => {
  const relabel = (path: string) =>
    relabelClips(engine.studio.project(), [{ path, label: 'other', reason: null }], 'ann');

  it('are applied to the very clip, also when its path begins above or below the dataset', async () => {
    for (const path of [silent, `words/${silent}`, `./${silent}`, `/data/words/${silent}`]) {
      expect(relabel(path), path).toMatchObject({ applied: 1, failed: [] });
      await client.decisions.undo({});
    }
    expect(await everything()).toEqual(untouched);
  });

  it('are never guessed', async () => {
    expect(relabel('5f5f5f5f_nohash_0.wav').failed).toMatchObject([{ code: 'clip/ambiguous' }]);
    expect(relabel('go/none.wav').failed).toMatchObject([{ code: 'clip/unknown' }]);
    const copy = writeTree(join(folder, 'copy'), { [silent]: wordWav(300) });
    const source = { place: place(copy), format: 'folder', options: {}, name: 'copy' } as const;
    await resultOf(client, await client.imports.start(source));
    expect(relabel(silent)).toMatchObject({ applied: 0, failed: [{ code: 'clip/ambiguous' }] });
  });
});
