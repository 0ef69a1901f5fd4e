// The player's keys, and the cursor that it follows. Used once, by the strip.
import { useEffect } from 'react';
import { useCommands } from '../../lib/commands.ts';
import { actionTarget, useSelection } from '../../lib/state/selection.ts';
import { player } from './player.ts';
import { changeSettings, usePlayer } from './state.ts';

export function usePlayerCommands(): void {
  const hasClip = () => useSelection.getState().cursor !== null || usePlayer.getState().clipId !== null;
  const group = 'Play';
  useCommands([
    {
      id: 'player.toggle',
      title: 'Play or pause',
      group,
      keys: ['Space'],
      when: hasClip,
      run: player.toggle,
    },
    {
      id: 'player.restart',
      title: 'Play from the start',
      group,
      keys: ['Shift+Space'],
      when: hasClip,
      run: player.restart,
    },
    {
      id: 'player.all',
      title: 'Play all selected clips',
      group,
      keys: ['P'],
      when: hasClip,
      run: () => player.playAll(inListOrder(actionTarget())),
    },
    {
      id: 'player.loop',
      title: 'Loop',
      group,
      keys: ['L'],
      run: () => player.setLoop(!usePlayer.getState().loop),
    },
    { id: 'player.slower', title: 'Slower', group, keys: ['['], run: () => player.stepSpeed(-1) },
    { id: 'player.faster', title: 'Faster', group, keys: [']'], run: () => player.stepSpeed(1) },
    {
      id: 'player.autoplay',
      title: 'Auto-play: play a clip when the cursor comes to it',
      group,
      keys: ['Shift+P'],
      run: () => changeSettings({ autoplay: !usePlayer.getState().autoplay }),
    },
    {
      id: 'player.continue',
      title: 'Play on: at the end of a clip, play the next',
      group,
      run: () => changeSettings({ continues: !usePlayer.getState().continues }),
    },
  ]);
}

/** A selection has the order in which it was made; it is heard in the order of the list. */
export function inListOrder(ids: readonly number[]): number[] {
  const { list } = useSelection.getState();
  if (ids.length < 2 || ids.length > 20_000) return [...ids];
  const wanted = new Set(ids);
  const ordered: number[] = [];
  for (const id of list) if (wanted.delete(id)) ordered.push(id);
  return [...ordered, ...wanted];
}

/** The clip under the cursor comes to hand after the cursor has rested a moment. */
export function useFollowCursor(): void {
  const cursor = useSelection((state) => state.cursor);
  useEffect(() => {
    const timer = setTimeout(() => player.show(cursor), 30);
    return () => clearTimeout(timer);
  }, [cursor]);
}
