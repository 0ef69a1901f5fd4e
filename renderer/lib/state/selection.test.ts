import { beforeEach, describe, expect, it } from 'vitest';
import { actionTarget, useSelection } from './selection.ts';

const state = () => useSelection.getState();

beforeEach(() => {
  useSelection.setState({ list: [], cursor: null, cursorIndex: -1, anchorIndex: -1, selected: new Set() });
  state().setList([10, 20, 30, 40, 50]);
});

describe('the selection', () => {
  it('begins on the first clip, so that the first key acts on something', () => {
    expect(state().cursor).toBe(10);
    expect(actionTarget()).toEqual([10]);
  });

  it('extends from where the extension began, forth and back', () => {
    state().moveTo(1);
    state().moveBy(2, 'extend');
    expect([...state().selected]).toEqual([20, 30, 40]);
    state().moveBy(-3, 'extend');
    expect([...state().selected]).toEqual([10, 20]);
    expect(actionTarget()).toEqual([10, 20]);
  });

  it('adds and takes out single clips', () => {
    state().moveTo(0);
    state().moveTo(3, 'toggle');
    expect(actionTarget()).toEqual([10, 40]);
    state().moveTo(0, 'toggle');
    expect([...state().selected]).toEqual([40]);
  });

  it('reaches no clip while something else is under the cursor, and is back in its place afterwards', () => {
    state().moveTo(2);
    state().leave();
    expect(actionTarget()).toEqual([]);
    state().setList(state().list);
    expect(actionTarget()).toEqual([30]);
    expect(state().cursorIndex).toBe(2);
  });

  it('stays on its clip when the list is sorted another way', () => {
    state().moveTo(2);
    state().setList([50, 40, 30, 20, 10]);
    expect(state().cursor).toBe(30);
    expect(state().cursorIndex).toBe(2);
    state().setList([30, 10]);
    expect(state().cursorIndex).toBe(0);
  });

  it('stays on its place when its clip leaves the list, so that the next clip comes up', () => {
    state().moveTo(2);
    state().setList([10, 20, 40, 50]);
    expect(state().cursor).toBe(40);
    expect(actionTarget()).toEqual([40]);
  });

  it('forgets a selection whose clips the new list does not hold, so that no key changes clips out of sight', () => {
    state().moveTo(0);
    state().moveTo(2, 'extend');
    state().setList([40, 50]);
    expect(state().cursor).toBe(50);
    expect(actionTarget()).toEqual([50]);
  });

  it('is empty over an empty list', () => {
    state().selectAll();
    state().setList([]);
    expect(actionTarget()).toEqual([]);
  });

  it('keeps a selection of several clips when another list comes to the front', () => {
    state().selectAll();
    state().setList([10, 20]);
    expect(state().selected.size).toBe(5);
  });
});
