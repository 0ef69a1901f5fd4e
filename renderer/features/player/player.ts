// The one player. It plays the clip under the cursor, a list from it on, or a queue; position comes from the audio
// clock, frame by frame, and is not kept in the store.
import { errorDataOf } from '../../lib/client.ts';
import { useSelection } from '../../lib/state/selection.ts';
import { bufferOf, prefetch, soundOf } from './buffers.ts';
import { changeSettings, type Region, speeds, usePlayer } from './state.ts';
import { BufferVoice, MediaVoice, type Voice } from './voices.ts';

let voice: Voice | null = null;
/** Where the clip stands while nothing sounds. */
let restingAt = 0;
/** Goes up with every start and stop; what was begun under an older number is given up. */
let turn = 0;
let frame = 0;

const positionListeners = new Set<(sec: number) => void>();

/** Calls back with the position in seconds on every frame while playing, and when it jumps. */
export function onPosition(listener: (sec: number) => void): () => void {
  positionListeners.add(listener);
  listener(position());
  return () => positionListeners.delete(listener);
}

export function position(): number {
  return voice ? voice.position() : restingAt;
}

function tellPosition(): void {
  const now = position();
  for (const listener of positionListeners) listener(now);
}

function run(): void {
  cancelAnimationFrame(frame);
  if (!voice) return;
  voice.tick();
  tellPosition();
  frame = requestAnimationFrame(run);
}

/** Silence; the position stays at `restSec`. */
function silence(restSec: number): void {
  turn++;
  cancelAnimationFrame(frame);
  voice?.stop();
  voice = null;
  restingAt = restSec;
}

function ended(): void {
  const { queue, queueIndex, continues, region } = usePlayer.getState();
  silence(region?.fromSec ?? 0);
  usePlayer.setState({ status: 'stopped' });
  tellPosition();
  if (queue) {
    const next = queue[queueIndex + 1];
    if (next === undefined) {
      usePlayer.setState({ queue: null });
      return;
    }
    usePlayer.setState({ queueIndex: queueIndex + 1 });
    useSelection.getState().point(next);
    void start(next, 0);
    return;
  }
  if (!continues || region) return;
  const { cursorIndex, list, moveBy } = useSelection.getState();
  if (cursorIndex < 0 || cursorIndex + 1 >= list.length) return;
  moveBy(1, 'keep');
  const next = useSelection.getState().cursor;
  if (next !== null) void start(next, 0);
}

function prefetchAfter(clipId: number): void {
  const { queue, queueIndex } = usePlayer.getState();
  const { list, cursorIndex } = useSelection.getState();
  const next = queue ? queue[queueIndex + 1] : list[cursorIndex + 1];
  if (next !== undefined && next !== clipId) prefetch(next);
}

async function start(clipId: number, fromSec: number): Promise<void> {
  const isOther = usePlayer.getState().clipId !== clipId;
  silence(fromSec);
  const mine = turn;
  usePlayer.setState({
    clipId,
    status: 'loading',
    error: null,
    ...(isOther ? { region: null, durationSec: 0 } : {}),
  });
  try {
    const buffer = await bufferOf(clipId);
    if (mine !== turn) return;
    const { region, loop, volume, speed } = usePlayer.getState();
    if (buffer && speed === 1) {
      voice = new BufferVoice(buffer, region, loop, volume, ended);
    } else {
      voice = new MediaVoice(
        soundOf(clipId),
        { region, loop, volume, speed },
        {
          end: ended,
          duration: (durationSec) => usePlayer.setState({ durationSec }),
          error: (message) => fail(new Error(message)),
        },
      );
    }
    voice.start(fromSec);
    usePlayer.setState({ status: 'playing', durationSec: buffer?.duration ?? voice.durationSec });
    run();
    prefetchAfter(clipId);
  } catch (error) {
    if (mine === turn) fail(error);
  }
}

function fail(error: unknown): void {
  silence(0);
  usePlayer.setState({ status: 'stopped', error: errorDataOf(error), queue: null });
  tellPosition();
}

/** Begins again from where it is, after a change that a running voice cannot take. */
function restartHere(): void {
  const { clipId, status } = usePlayer.getState();
  if (clipId !== null && status === 'playing') void start(clipId, position());
}

export const player = {
  /** Plays a clip; without one, the clip under the cursor (or goes on with the one at hand). */
  play(clipId?: number, fromSec?: number): void {
    const wanted = clipId ?? useSelection.getState().cursor ?? usePlayer.getState().clipId;
    if (wanted === null || wanted === undefined) return;
    const isSame = usePlayer.getState().clipId === wanted;
    void start(wanted, fromSec ?? (isSame ? restingAt : 0));
  },

  pause(): void {
    if (usePlayer.getState().status === 'stopped') return;
    silence(position());
    usePlayer.setState({ status: 'paused' });
    tellPosition();
  },

  /** Space: the clip under the cursor. A clip that ended begins again; play-all that was paused goes on. */
  toggle(): void {
    const { status, clipId } = usePlayer.getState();
    const { cursor } = useSelection.getState();
    const isHere = cursor === null || cursor === clipId;
    if ((status === 'playing' || status === 'loading') && isHere) player.pause();
    else {
      if (!(status === 'paused' && isHere)) usePlayer.setState({ queue: null });
      player.play();
    }
  },

  /** Shift+Space: from the start (of the region, when there is one). */
  restart(): void {
    player.play(undefined, usePlayer.getState().region?.fromSec ?? 0);
  },

  stop(): void {
    silence(0);
    usePlayer.setState({ status: 'stopped', queue: null });
    tellPosition();
  },

  /** Plays clips one after the other; the cursor goes along, the selection stays. */
  playAll(ids: readonly number[]): void {
    const [first] = ids;
    if (first === undefined) return;
    usePlayer.setState({ queue: [...ids], queueIndex: 0 });
    useSelection.getState().point(first);
    void start(first, 0);
  },

  seek(sec: number): void {
    const { clipId, status } = usePlayer.getState();
    const at = Math.max(0, sec);
    if (clipId !== null && status === 'playing') void start(clipId, at);
    else {
      restingAt = at;
      tellPosition();
    }
  },

  /** A clip comes to hand without sounding; with auto-play it sounds. */
  show(clipId: number | null): void {
    const state = usePlayer.getState();
    if (state.clipId === clipId) return;
    if (state.queue && clipId !== null && state.queue[state.queueIndex] === clipId) return;
    silence(0);
    usePlayer.setState({ clipId, status: 'stopped', region: null, durationSec: 0, queue: null, error: null });
    tellPosition();
    if (state.autoplay && clipId !== null) void start(clipId, 0);
  },

  setRegion(region: Region | null): void {
    usePlayer.setState({ region });
    const { clipId, status } = usePlayer.getState();
    if (clipId !== null && status === 'playing') void start(clipId, region?.fromSec ?? position());
    else if (region) {
      restingAt = region.fromSec;
      tellPosition();
    }
  },

  setLoop(loop: boolean): void {
    changeSettings({ loop });
    voice?.setLoop(loop);
  },

  setVolume(volume: number): void {
    changeSettings({ volume });
    voice?.setVolume(volume);
  },

  setSpeed(speed: number): void {
    changeSettings({ speed });
    restartHere();
  },

  /** `[` and `]`: the next slower or faster speed. */
  stepSpeed(step: -1 | 1): void {
    const { speed } = usePlayer.getState();
    const at = speeds.indexOf(speed as (typeof speeds)[number]);
    const next = speeds[Math.max(0, Math.min(speeds.length - 1, (at < 0 ? 2 : at) + step))];
    if (next !== undefined && next !== speed) player.setSpeed(next);
  },
};
