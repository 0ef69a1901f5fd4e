// A dataset that was moved: its folder and what it is read from again.
import { describe, expect, it } from 'vitest';
import { setDatasetRoot, upsertDataset } from './index.ts';
import { makeProject, temporaryFolder } from './test-support.ts';

const folder = temporaryFolder();

describe('a dataset that was moved', () => {
  it.each([
    ['its folder', '/data/words', '/moved/words'],
    ['a manifest in it', '/data/words/lists/all.csv', '/moved/words/lists/all.csv'],
    ['a manifest beside it', '/data/words.csv', '/data/words.csv'],
    ['a manifest in a folder named alike', '/data/words-2/all.csv', '/data/words-2/all.csv'],
    ['a manifest above it', '/data/all.csv', '/data/all.csv'],
  ])('is read again from %s', (_, source, expected) => {
    const { catalog } = makeProject(folder, 0);
    const dataset = { name: 'words', root: '/data/words', source, format: 'table', options: {} } as const;
    const { id } = upsertDataset(catalog, dataset);
    expect(setDatasetRoot(catalog, id, '/moved/words')).toMatchObject({
      root: '/moved/words',
      source: expected,
    });
  });
});
