// What the player is doing and how it should: seen by the strip, the inspector and the review.
import { create } from 'zustand';
import type { ErrorData } from '../../../shared/errors.ts';
import { remember, remembered } from '../../lib/storage.ts';

export interface Region {
  readonly fromSec: number;
  readonly toSec: number;
}

export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;

interface PlayerSettings {
  /** Play a clip when the cursor comes to it. */
  readonly autoplay: boolean;
  /** Go to the next clip after a decision (review). */
  readonly autoAdvance: boolean;
  /** At the end of a clip, play the next one of the list. */
  readonly continues: boolean;
  readonly loop: boolean;
  readonly speed: number;
  /** 0..1. */
  readonly volume: number;
}

interface PlayerState extends PlayerSettings {
  readonly clipId: number | null;
  readonly status: 'stopped' | 'loading' | 'playing' | 'paused';
  readonly durationSec: number;
  /** Part that is played (and looped) instead of the whole clip. */
  readonly region: Region | null;
  /** Play-all: the clips in order, and which one is playing. */
  readonly queue: readonly number[] | null;
  readonly queueIndex: number;
  readonly error: ErrorData | null;
}

const initial: PlayerSettings = {
  autoplay: false,
  autoAdvance: true,
  continues: false,
  loop: false,
  speed: 1,
  volume: 1,
};

export const usePlayer = create<PlayerState>(() => ({
  ...initial,
  ...remembered<Partial<PlayerSettings>>(
    'player',
    {},
    (value) => typeof value === 'object' && value !== null,
  ),
  clipId: null,
  status: 'stopped',
  durationSec: 0,
  region: null,
  queue: null,
  queueIndex: 0,
  error: null,
}));

/** Changes a setting and remembers all of them. */
export function changeSettings(part: Partial<PlayerSettings>): void {
  usePlayer.setState(part);
  const { autoplay, autoAdvance, continues, loop, speed, volume } = usePlayer.getState();
  remember('player', { autoplay, autoAdvance, continues, loop, speed, volume });
}
