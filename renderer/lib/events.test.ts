import { beforeEach, describe, expect, it } from 'vitest';
import { noteRevision, useConnection } from './events.ts';
import { useFilter } from './state/filter.ts';
import { useSelection } from './state/selection.ts';

/** Sets a filter and selects clips in a project. */
function workIn(project: string): void {
  noteRevision(1, project);
  useFilter.getState().set('label = four');
  useSelection.getState().setList([1, 2, 3]);
  useSelection.getState().selectAll();
}

beforeEach(() => workIn('a'));

describe('a revision of another project', () => {
  it('forgets filter and selection, also when another window opened it', () => {
    const before = useConnection.getState().audioVersion;
    noteRevision(1, 'b');
    expect(useFilter.getState().text).toBe('');
    expect(useSelection.getState().selected.size).toBe(0);
    expect(useSelection.getState().cursor).toBeNull();
    expect(useConnection.getState().audioVersion).toBe(before + 1);
  });

  it('keeps them while the engine restarts and no project is open for a moment', () => {
    noteRevision(0, null);
    noteRevision(1, 'a');
    expect(useFilter.getState().text).toBe('label = four');
    expect(useSelection.getState().selected.size).toBe(3);
  });

  it('keeps them after a decision', () => {
    noteRevision(2);
    expect(useFilter.getState().text).toBe('label = four');
    expect(useSelection.getState().selected.size).toBe(3);
  });
});
