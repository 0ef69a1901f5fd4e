// Beside the pointer: which clip it is, its label, and what the run in use hears.
import { useQuery } from '@tanstack/react-query';
import { type RefObject, useEffect, useState } from 'react';
import { calls } from '../../lib/client.ts';
import { duration, probability, splitPath } from '../../lib/format.ts';
import type { Point } from './scatter/camera.ts';

/** A pointer that sweeps over the map asks nothing. */
const REST_MS = 50;
const WIDTH = 240;
const AWAY = 14;

export function ClipTip(props: {
  readonly clipId: number;
  readonly at: Point;
  readonly bounds: RefObject<HTMLElement | null>;
  /** What the point is coloured by, in words. */
  readonly value: string | null;
}) {
  const { clipId, at } = props;
  const [wanted, setWanted] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setWanted(clipId), REST_MS);
    return () => clearTimeout(timer);
  }, [clipId]);
  const { data } = useQuery({
    ...calls.clips.get.queryOptions({ input: { id: wanted ?? clipId } }),
    enabled: wanted === clipId,
    gcTime: 10_000,
  });
  const row = data?.row.id === clipId ? data.row : null;
  if (!row) return null;
  const { folder, name } = splitPath(row.path);
  const room = props.bounds.current?.clientWidth ?? 0;
  const height = props.bounds.current?.clientHeight ?? 0;
  const isLeft = at.x + AWAY + WIDTH > room;
  const isAbove = at.y > height - 110;
  return (
    <div
      className="map-tip"
      aria-hidden="true"
      style={{
        inlineSize: WIDTH,
        insetInlineStart: isLeft ? Math.max(0, at.x - AWAY - WIDTH) : at.x + AWAY,
        ...(isAbove ? { insetBlockEnd: height - at.y + AWAY } : { insetBlockStart: at.y + AWAY }),
      }}
    >
      <p className="map-tip-path ellipsis" dir="auto">
        <span className="secondary">{folder}</span>
        {name}
      </p>
      <dl>
        <dt>label</dt>
        <dd>
          <bdi>{row.label ?? 'none'}</bdi>
        </dd>
        {row.predicted !== null && (
          <>
            <dt>predicted</dt>
            <dd className={row.predicted === row.label ? undefined : 'wrong'}>
              <bdi>{row.predicted}</bdi> <span className="secondary">{probability(row.confidence)}</span>
            </dd>
          </>
        )}
        {props.value !== null && (
          <>
            <dt>colour</dt>
            <dd className="ellipsis">
              <bdi>{props.value}</bdi>
            </dd>
          </>
        )}
      </dl>
      <p className="secondary small">
        {[row.speaker, duration(row.durationSec), ...row.flags.slice(0, 2)].filter(Boolean).join('  ')}
      </p>
    </div>
  );
}
