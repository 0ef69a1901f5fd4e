// The spectrogram of the part in sight: decibels from the engine, painted through a colour map. While a closer
// picture is read, the last one is stretched to its place, so that zooming never blanks.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { SpectrogramScale } from '../../../shared/contract/routes.ts';
import { errorDataOf } from '../../lib/client.ts';
import { useConnection } from '../../lib/events.ts';
import { type ColourMap, colourTable } from './colours.ts';
import { type Picture, pictureQuery } from './queries.ts';
import type { ViewSpan } from './view-span.ts';

function paint(picture: Picture, table: Uint8ClampedArray): HTMLCanvasElement {
  const { columns, bins, levels } = picture;
  const canvas = document.createElement('canvas');
  canvas.width = columns;
  canvas.height = bins;
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  const image = context.createImageData(columns, bins);
  for (let column = 0; column < columns; column++) {
    for (let bin = 0; bin < bins; bin++) {
      const level = levels[column * bins + bin] ?? 0;
      const at = ((bins - 1 - bin) * columns + column) * 4;
      image.data.set(table.subarray(level * 4, level * 4 + 4), at);
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

interface SpectrogramProps {
  readonly clipId: number;
  readonly span: ViewSpan;
  readonly width: number;
  readonly height: number;
  readonly scale: SpectrogramScale;
  readonly map: ColourMap;
}

export function Spectrogram({ clipId, span, width, height, scale, map }: SpectrogramProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const version = useConnection((connection) => connection.audioVersion);
  const density = globalThis.devicePixelRatio || 1;
  // The engine is asked once the zoom has come to rest.
  const [resting, setResting] = useState(span);
  useEffect(() => {
    const timer = setTimeout(() => setResting(span), 60);
    return () => clearTimeout(timer);
  }, [span]);
  const query = useQuery({
    ...pictureQuery(clipId, { span: resting, width, height, scale }, version),
    enabled: width > 0 && resting.toSec > resting.fromSec,
    placeholderData: (previous, before) =>
      before?.queryKey[1] === clipId ? keepPreviousData(previous) : undefined,
  });
  const picture = query.data;
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || width <= 0) return;
    element.width = Math.round(width * density);
    element.height = Math.round(height * density);
    if (!picture) return;
    const painted = paint(picture, colourTable(map));
    const perSec = element.width / (span.toSec - span.fromSec);
    const left = (picture.span.fromSec - span.fromSec) * perSec;
    const stretched = (picture.span.toSec - picture.span.fromSec) * perSec;
    context.imageSmoothingQuality = 'high';
    context.drawImage(painted, left, 0, stretched, element.height);
  }, [picture, map, span, width, height, density]);
  return (
    <div className="spectrogram" style={{ blockSize: height }}>
      <canvas ref={canvas} style={{ inlineSize: width, blockSize: height }} />
      {picture && (
        <span className="spectrogram-hz small" aria-hidden="true">
          {(picture.maxHz / 1000).toFixed(picture.maxHz % 1000 === 0 ? 0 : 1)} kHz
        </span>
      )}
      {query.error && !picture && <p className="wrong small">{errorDataOf(query.error).message}</p>}
    </div>
  );
}
