// A clip's waveform in a table row. The played part is full, the rest at 45%.
import { memo, useEffect, useRef, useState } from 'react';
import { THUMBNAIL_COLUMNS } from '../../../shared/domain/audio.ts';
import { onPosition, usePlayer } from '../player/index.ts';
import { useCanvasColours } from './colours.ts';
import { thumbnailOf, whenThumbnail } from './thumbnails.ts';

const WIDTH = THUMBNAIL_COLUMNS;
const REST = 0.45;

export const Thumbnail = memo(function Thumbnail(props: {
  readonly clipId: number;
  readonly height: number;
  readonly isClipped?: boolean;
}) {
  const { clipId, height, isClipped = false } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useCanvasColours();
  const isPlaying = usePlayer((player) => player.clipId === clipId && player.status !== 'stopped');
  const durationSec = usePlayer((player) => (player.clipId === clipId ? player.durationSec : 0));
  const [arrivals, setArrivals] = useState(0);
  useEffect(() => {
    if (!thumbnailOf(clipId)) return whenThumbnail(clipId, () => setArrivals((n) => n + 1));
    return undefined;
  }, [clipId]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn again when the thumbnail arrives
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return undefined;
    const scale = Math.max(1, Math.round(devicePixelRatio));
    element.width = WIDTH * scale;
    element.height = height * scale;
    const thumbnail = thumbnailOf(clipId);
    const draw = (playedColumns: number) => {
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, WIDTH, height);
      if (!thumbnail) return;
      const middle = height / 2;
      const half = middle - 1;
      for (let column = 0; column < WIDTH; column++) {
        const low = (thumbnail[2 * column] ?? 0) / 127;
        const high = (thumbnail[2 * column + 1] ?? 0) / 127;
        const isAtFullScale = isClipped && (high >= 0.99 || low <= -0.99);
        context.fillStyle = isAtFullScale ? colours.wrong : colours.accent;
        context.globalAlpha = column < playedColumns || isAtFullScale ? 1 : isPlaying ? REST : 0.75;
        const top = middle - high * half;
        const bottom = middle - low * half;
        context.fillRect(column, top, 1, Math.max(0.75, bottom - top));
      }
      context.globalAlpha = 1;
    };
    if (!isPlaying || durationSec <= 0) {
      draw(0);
      return undefined;
    }
    return onPosition((sec) => draw((sec / durationSec) * WIDTH));
  }, [clipId, height, colours, isPlaying, durationSec, isClipped, arrivals]);
  return <canvas ref={canvas} className="thumbnail" style={{ inlineSize: WIDTH, blockSize: height }} />;
});
