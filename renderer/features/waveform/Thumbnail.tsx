// A clip's waveform in a table row. The played part is full, the rest at 45%. A shape, not a canvas: every canvas is a
// layer of its own for the browser, and dozens of them pass by while a table scrolls.
import { memo, useEffect, useRef, useState } from 'react';
import { onPosition, usePlayer } from '../player/index.ts';
import { fullScalePath, outlinePath, WIDTH } from './thumbnail-path.ts';
import { thumbnailOf, whenThumbnail } from './thumbnails.ts';

/** The thumbnail, as soon as it is at hand. */
function useThumbnail(clipId: number) {
  const [, setArrivals] = useState(0);
  const thumbnail = thumbnailOf(clipId);
  const isMissing = thumbnail === undefined;
  useEffect(
    () => (isMissing ? whenThumbnail(clipId, () => setArrivals((n) => n + 1)) : undefined),
    [clipId, isMissing],
  );
  return thumbnail;
}

export const Thumbnail = memo(function Thumbnail(props: {
  readonly clipId: number;
  readonly height: number;
  readonly isClipped?: boolean;
}) {
  const { clipId, height, isClipped = false } = props;
  const thumbnail = useThumbnail(clipId);
  const isPlaying = usePlayer((player) => player.clipId === clipId && player.status !== 'stopped');
  const durationSec = usePlayer((player) => (player.clipId === clipId ? player.durationSec : 0));
  const played = useRef<SVGPathElement>(null);
  useEffect(() => {
    if (!isPlaying || durationSec <= 0) return undefined;
    return onPosition((sec) => {
      const left = Math.max(0, 1 - sec / durationSec);
      played.current?.style.setProperty('clip-path', `inset(0 ${left * 100}% 0 0)`);
    });
  }, [isPlaying, durationSec]);
  return (
    <svg
      className="thumbnail"
      width={WIDTH}
      height={height}
      viewBox={`0 0 ${WIDTH} ${height}`}
      aria-hidden="true"
    >
      {thumbnail && (
        <>
          <path className={isPlaying ? 'thumbnail-rest' : undefined} d={outlinePath(thumbnail, height)} />
          {isPlaying && <path ref={played} className="thumbnail-played" d={outlinePath(thumbnail, height)} />}
          {isClipped && <path className="thumbnail-clipped" d={fullScalePath(thumbnail, height)} />}
        </>
      )}
    </svg>
  );
});
