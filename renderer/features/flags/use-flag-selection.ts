// Which flags are chosen. The flag under the cursor brings its clip under the studio's cursor, so that the player, the
// inspector and the keys of decisions are about it (about none for a file that is no clip); several chosen flags choose
// their clips.
import { useEffect, useRef, useState } from 'react';
import type { FlagRow } from '../../../shared/domain/flag.ts';
import { errorDataOf } from '../../lib/client.ts';
import { notifyError } from '../../lib/state/notices.ts';
import { useSelection } from '../../lib/state/selection.ts';
import type { GridMove } from '../../ui/index.ts';
import type { FlagRows } from './use-flag-rows.ts';

const none: ReadonlyMap<number, FlagRow> = new Map();

export interface FlagSelection {
  /** Index of the row; -1 = none. */
  readonly cursor: number;
  readonly current: FlagRow | undefined;
  /** By flag id; with several chosen, the current one may be outside. */
  readonly selected: ReadonlyMap<number, FlagRow>;
  /** What an action is about: the chosen flags when there are several, else the current one. */
  readonly targets: readonly FlagRow[];
  readonly move: (index: number, mode: GridMove) => void;
  readonly selectAll: () => void;
  readonly clear: () => void;
}

export function useFlagSelection(rows: FlagRows, key: string): FlagSelection {
  const { total, rowAt, readRange } = rows;
  const [at, setAt] = useState(0);
  const [anchor, setAnchor] = useState(0);
  const [selected, setSelected] = useState<ReadonlyMap<number, FlagRow>>(none);
  const cursor = total === null || total === 0 ? -1 : Math.min(at, total - 1);
  const current = cursor < 0 ? undefined : rowAt(cursor);

  // Another choice of flags begins at its worst one.
  const shownKey = useRef(key);
  useEffect(() => {
    if (shownKey.current === key) return;
    shownKey.current = key;
    setAt(0);
    setAnchor(0);
    setSelected(none);
  }, [key]);

  const clipId = current?.clipId ?? null;
  const flagId = current?.id ?? null;
  // A row with another flag of the same clip counts too.
  useEffect(() => {
    if (clipId !== null) useSelection.getState().show(clipId);
    else if (flagId !== null) useSelection.getState().leave();
  }, [clipId, flagId]);

  useEffect(() => {
    if (selected.size < 2) return;
    const clips = [...selected.values()].flatMap((flag) => (flag.clipId === null ? [] : [flag.clipId]));
    useSelection.getState().select(clips);
  }, [selected]);

  const read = async (from: number, to: number) => {
    try {
      const range = await readRange(Math.min(from, to), Math.max(from, to));
      setSelected(new Map(range.map((flag) => [flag.id, flag])));
    } catch (error) {
      notifyError(errorDataOf(error));
    }
  };

  return {
    cursor,
    current,
    selected,
    targets: selected.size > 1 ? [...selected.values()] : current ? [current] : [],
    move(index, mode) {
      const row = rowAt(index);
      setAt(index);
      if (mode === 'extend') {
        void read(anchor, index);
        return;
      }
      setAnchor(index);
      if (mode === 'only') setSelected(none);
      else if (mode === 'toggle' && row) {
        const next = new Map(selected.size > 0 ? selected : current ? [[current.id, current]] : []);
        if (!next.delete(row.id)) next.set(row.id, row);
        setSelected(next);
      }
    },
    selectAll() {
      if (total !== null && total > 0) void read(0, total - 1);
    },
    clear: () => setSelected(none),
  };
}
