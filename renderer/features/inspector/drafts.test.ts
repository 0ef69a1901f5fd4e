import { beforeEach, describe, expect, it } from 'vitest';
import { draftSaved, setDraft, useDrafts } from './drafts.ts';

const draft = (key: string) => useDrafts.getState().drafts.get(key);

beforeEach(() => useDrafts.setState({ drafts: new Map() }));

describe('a transcript that is typed', () => {
  it('is still there after other clips were looked at', () => {
    setDraft('p 1', 'one tw');
    setDraft('p 2', 'three');
    expect(draft('p 1')).toBe('one tw');
    setDraft('p 2', null);
    expect(draft('p 1')).toBe('one tw');
    expect(draft('p 2')).toBeUndefined();
  });

  it('goes once it is on disk, unless it was typed on while it was saved', () => {
    setDraft('p 1', 'one two');
    draftSaved('p 1', 'one two');
    expect(draft('p 1')).toBeUndefined();
    setDraft('p 1', 'one two three');
    draftSaved('p 1', 'one two');
    expect(draft('p 1')).toBe('one two three');
  });
});
