// The one selection of clips that all views share, over the ordered list that the view in front shows.
// The cursor is a clip (what the inspector shows and the player plays); the selection is a set of clips.
import { create } from 'zustand';

export type ClipList = readonly number[] | Int32Array;

/** `only` replaces the selection, `extend` selects from the anchor, `toggle` adds or takes out, `keep` moves the cursor alone. */
type MoveMode = 'only' | 'extend' | 'toggle' | 'keep';

interface SelectionState {
  /** Clip ids in the order of the list in front. */
  readonly list: ClipList;
  readonly cursor: number | null;
  /** Place of the cursor in `list`; -1 when it is not in it. */
  readonly cursorIndex: number;
  readonly anchorIndex: number;
  readonly selected: ReadonlySet<number>;
  /**
   * Another list in front. The cursor stays on its clip, else on its place. The selection stays as long as the cursor
   * is in it: an action must never reach clips that the person no longer has in mind.
   */
  setList(list: ClipList): void;
  moveTo(index: number, mode?: MoveMode): void;
  moveBy(delta: number, mode?: MoveMode): void;
  /** Cursor on a clip, also when the list does not hold it. */
  show(clipId: number): void;
  /** Moves the cursor alone, also to a clip that the list does not hold. */
  point(clipId: number): void;
  select(clipIds: Iterable<number>): void;
  selectAll(): void;
  clear(): void;
  /**
   * What is under the person's cursor is no clip: no action reaches the clip that was shown before. The next view that
   * lists clips puts the cursor back in its place.
   */
  leave(): void;
  /** No list, no cursor, nothing selected: another project. */
  forget(): void;
}

const none: ReadonlySet<number> = new Set();

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index));
}

export const useSelection = create<SelectionState>((set, get) => ({
  list: [],
  cursor: null,
  cursorIndex: -1,
  anchorIndex: -1,
  selected: none,

  setList(list) {
    const { cursor, cursorIndex, selected, list: before } = get();
    if (list === before && (cursor !== null || cursorIndex < 0)) return;
    if (list.length === 0) {
      set({ list, cursor: null, cursorIndex: -1, anchorIndex: -1, selected: none });
      return;
    }
    const at = cursor === null ? -1 : list.indexOf(cursor);
    const index = at >= 0 ? at : clamp(cursorIndex, list.length);
    const clip = list[index] ?? null;
    const isElsewhere = clip !== null && clip !== cursor && !selected.has(clip);
    set({
      list,
      cursor: clip,
      cursorIndex: index,
      anchorIndex: index,
      ...(isElsewhere ? { selected: new Set([clip]) } : {}),
    });
  },

  moveTo(target, mode = 'only') {
    const { list, selected, anchorIndex, cursorIndex } = get();
    if (list.length === 0) return;
    const index = clamp(target, list.length);
    const cursor = list[index] as number;
    switch (mode) {
      case 'only':
        set({ cursor, cursorIndex: index, anchorIndex: index, selected: new Set([cursor]) });
        return;
      case 'keep':
        set({ cursor, cursorIndex: index, anchorIndex: index });
        return;
      case 'toggle': {
        const next = new Set(selected);
        if (!next.delete(cursor)) next.add(cursor);
        set({ cursor, cursorIndex: index, anchorIndex: index, selected: next });
        return;
      }
      case 'extend': {
        const anchor = anchorIndex >= 0 && anchorIndex < list.length ? anchorIndex : Math.max(0, cursorIndex);
        const next = new Set<number>();
        for (let i = Math.min(anchor, index); i <= Math.max(anchor, index); i++) next.add(list[i] as number);
        set({ cursor, cursorIndex: index, anchorIndex: anchor, selected: next });
        return;
      }
    }
  },

  moveBy(delta, mode = 'only') {
    const { cursorIndex, moveTo } = get();
    moveTo(cursorIndex < 0 ? 0 : cursorIndex + delta, mode);
  },

  show(cursor) {
    const at = get().list.indexOf(cursor);
    set({ cursor, cursorIndex: at, anchorIndex: at, selected: new Set([cursor]) });
  },

  point(cursor) {
    const at = get().list.indexOf(cursor);
    set({ cursor, cursorIndex: at, anchorIndex: at });
  },

  select(clipIds) {
    const selected = new Set(clipIds);
    const { list, cursor } = get();
    if (selected.size === 0 || (cursor !== null && selected.has(cursor))) {
      set({ selected });
      return;
    }
    const first = selected.values().next().value ?? null;
    const at = first === null ? -1 : list.indexOf(first);
    set({ selected, cursor: first, cursorIndex: at, anchorIndex: at });
  },

  selectAll() {
    set({ selected: new Set(get().list) });
  },

  clear() {
    const { cursor } = get();
    set({ selected: cursor === null ? none : new Set([cursor]) });
  },

  leave() {
    set({ cursor: null, selected: none });
  },

  forget() {
    set({ list: [], cursor: null, cursorIndex: -1, anchorIndex: -1, selected: none });
  },
}));

/** The clips an action is about: the selection when it holds several, else the clip under the cursor. */
export function actionTarget(): readonly number[] {
  const { selected, cursor } = useSelection.getState();
  if (selected.size > 1) return [...selected];
  return cursor === null ? [] : [cursor];
}
