// The studio's selection as the map changes it: points are clips, and what is chosen here is chosen in the table.
import { useSelection } from '../../lib/state/selection.ts';

export type SelectMode = 'only' | 'add' | 'take-out';

export function selectModeOf(event: {
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}): SelectMode {
  if (event.altKey) return 'take-out';
  return event.ctrlKey || event.metaKey ? 'add' : 'only';
}

export function selectClips(clipIds: readonly number[], mode: SelectMode): void {
  const { select, selected } = useSelection.getState();
  switch (mode) {
    case 'only':
      select(clipIds);
      return;
    case 'add':
      select([...selected, ...clipIds]);
      return;
    case 'take-out': {
      const rest = new Set(selected);
      for (const id of clipIds) rest.delete(id);
      select(rest);
      return;
    }
  }
}

/** A press on one clip. Added where it is selected already, it is taken out again. */
export function pressClip(clipId: number, mode: SelectMode): void {
  const { selected, show, point } = useSelection.getState();
  if (mode === 'only') {
    show(clipId);
    return;
  }
  const isTakenOut = mode === 'take-out' || (selected.has(clipId) && selected.size > 1);
  if (!isTakenOut) point(clipId);
  selectClips([clipId], isTakenOut ? 'take-out' : 'add');
}

/** The cursor walks on; `isExtending` takes the clips it comes by into the selection. */
export function walkTo(clipId: number, isExtending: boolean): void {
  const { selected, show, point, select } = useSelection.getState();
  if (!isExtending) {
    show(clipId);
    return;
  }
  point(clipId);
  select([...selected, clipId]);
}
