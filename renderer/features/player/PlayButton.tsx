// Plays the clip of a row, or pauses it.
import { Icon } from '../../ui/index.ts';
import { player } from './player.ts';
import { usePlayer } from './state.ts';

export function PlayButton(props: {
  readonly clipId: number;
  /** What it plays, spoken; left out where the row says it. */
  readonly of?: string;
  /** Its size and its looks under the pointer. */
  readonly className: string;
  readonly iconSize: number;
  /** In lists without keys of their own. */
  readonly isTabStop?: boolean;
}) {
  const { clipId, of, className, iconSize, isTabStop = false } = props;
  const isPlaying = usePlayer((state) => state.clipId === clipId && state.status === 'playing');
  const title = isPlaying ? 'Pause' : 'Play';
  return (
    <button
      type="button"
      {...(isTabStop ? {} : { tabIndex: -1 })}
      className={`row-button ${className}`}
      aria-label={of === undefined ? title : `${title} ${of}`}
      onClick={() => playOrPause(clipId)}
    >
      <Icon name={isPlaying ? 'pause' : 'play'} size={iconSize} />
    </button>
  );
}

export function playOrPause(clipId: number): void {
  const { clipId: playing, status } = usePlayer.getState();
  if (playing === clipId && status === 'playing') player.pause();
  else player.play(clipId, 0);
}
