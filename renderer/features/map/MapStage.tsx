// The scatter itself: canvas, pointer, keys, tooltip, and the line that says what is under the cursor.
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { listScope, runCommand } from '../../lib/commands.ts';
import { useSelection } from '../../lib/state/selection.ts';
import { EmptyState } from '../../ui/index.ts';
import { player, usePlayer } from '../player/index.ts';
import { ClipTip } from './ClipTip.tsx';
import type { Point } from './scatter/camera.ts';
import { drawOverlay } from './scatter/overlay.ts';
import type { Scene } from './scatter/scene.ts';
import type { Direction } from './scatter/spatial-grid.ts';
import { walkTo } from './selecting.ts';
import { useMapView } from './settings.ts';
import { type PictureData, useInk, usePicture, useScene } from './use-picture.ts';
import { usePointer } from './use-pointer.ts';
import { useTheme } from './use-theme.ts';

/** The pointer rests this long on a point before it sounds, ms. */
const HOVER_MS = 120;
const PAN_STEP = 60;

const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

interface MapStageProps {
  readonly data: PictureData;
  /** Slot of the legend that is pointed at. */
  readonly highlight: number | null;
  /** The value a point is coloured by, in words; null when tooltips say it anyway. */
  readonly valueAt: ((point: number) => string) | null;
  readonly label: string;
  readonly isPreview: boolean;
  readonly onScene: (scene: Scene | null) => void;
  readonly onHovered: (clipId: number | null) => void;
  readonly onEnclosed: (clips: number) => void;
}

/** Plays a clip after the pointer or the cursor has rested on it a moment. */
function usePlayAfterRest() {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (clipId: number | null) => {
    clearTimeout(timer.current);
    if (clipId === null || !useMapView.getState().hoverPlays) return;
    // A player that is on its way through a list is not interrupted by a pointer that passes.
    if (usePlayer.getState().queue !== null) return;
    timer.current = setTimeout(() => player.play(clipId, 0), HOVER_MS);
  };
}

export function MapStage(props: MapStageProps) {
  const { data, highlight, valueAt, onScene, onHovered } = props;
  const { points } = data;
  const { tool, hasNames, pointFactor } = useMapView();
  const host = useRef<HTMLDivElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const made = useScene(host, overlay);
  const scene = made === 'none' ? null : made;
  const theme = useTheme(host);
  const ink = useInk(theme);
  const id = useId();
  const [hover, setHover] = useState<{ readonly point: number; readonly at: Point } | null>(null);
  const [isFocused, setIsFocused] = useState(false);
  const cursor = useSelection((state) => state.cursor);
  const playAfterRest = usePlayAfterRest();

  useEffect(() => onScene(scene), [scene, onScene]);
  usePicture(scene, data, theme, highlight, pointFactor);

  const clipOf = (point: number) => (point < 0 ? undefined : points.ids[point]);
  const hoverPoint = hover && hover.point < points.ids.length ? hover.point : -1;
  const { lasso, isMoving } = usePointer(host, {
    scene,
    tool,
    clipOf,
    onHover(point, at) {
      if (point === (hover?.point ?? -1)) return;
      const clip = clipOf(point) ?? null;
      setHover(clip === null || !at ? null : { point, at });
      onHovered(clip);
      playAfterRest(clip);
    },
    onOpen: (clipId) => player.play(clipId, 0),
    onEnclosed: props.onEnclosed,
  });

  const cursorPoint = cursor === null ? -1 : points.pointOf(cursor);
  const placeOf = (point: number): Point | null =>
    point < 0 ? null : { x: points.xy[2 * point] ?? 0, y: points.xy[2 * point + 1] ?? 0 };
  const { anchors, nameOf } = data;
  useEffect(() => {
    if (!scene || !ink) return;
    scene.setOverlay((context, view) =>
      drawOverlay(context, view, {
        ink,
        anchors: hasNames ? anchors : [],
        nameOf,
        cursor: placeOf(cursorPoint),
        hover: placeOf(hoverPoint),
        isFocused,
        lasso,
      }),
    );
  });

  const walk = (direction: Direction, isExtending: boolean) => {
    if (!scene) return;
    const next = scene.towards(cursorPoint, direction);
    const clip = clipOf(next);
    if (clip === undefined) return;
    setHover(null);
    onHovered(null);
    walkTo(clip, isExtending);
    scene.reveal(next);
    if (!usePlayer.getState().autoplay) playAfterRest(clip);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || !scene) return;
    const direction = directions[event.key];
    const isMod = event.ctrlKey || event.metaKey;
    if (direction && isMod) {
      const dx = direction === 'left' ? PAN_STEP : direction === 'right' ? -PAN_STEP : 0;
      const dy = direction === 'up' ? PAN_STEP : direction === 'down' ? -PAN_STEP : 0;
      scene.panBy(dx, dy);
    } else if (direction && !event.altKey) walk(direction, event.shiftKey);
    else if (event.key === 'Enter' && !isMod && cursor !== null) {
      useSelection.getState().show(cursor);
      // The inspector shows the clip under the cursor; closed, it is opened.
      if (!document.querySelector('.main-inspector')) runCommand('app.inspector');
    } else return;
    event.preventDefault();
  };

  const tip = useMemo(() => {
    if (hoverPoint < 0 || !hover || isMoving || lasso) return null;
    const clipId = points.ids[hoverPoint];
    return clipId === undefined ? null : { clipId, at: hover.at };
  }, [hoverPoint, hover, isMoving, lasso, points]);

  if (made === 'none')
    return (
      <EmptyState icon="map" title="This window cannot draw">
        Neither WebGL nor a plain canvas is available here, so the map cannot be shown. Its coordinates can be
        saved as a file, and every other view works.
      </EmptyState>
    );
  return (
    <div
      ref={host}
      {...listScope}
      role="application"
      aria-label={props.label}
      aria-describedby={`${id}-keys`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the focus and its own keys
      tabIndex={0}
      className={`map-stage is-${tool}${isMoving ? ' is-moving' : ''}${hoverPoint >= 0 ? ' is-on-point' : ''}`}
      data-painter={scene?.kind}
      aria-busy={props.isPreview}
      onKeyDown={onKeyDown}
      onFocus={() => setIsFocused(true)}
      onBlur={() => setIsFocused(false)}
    >
      <canvas ref={overlay} className="map-overlay" />
      {tip && (
        <ClipTip
          clipId={tip.clipId}
          at={tip.at}
          bounds={host}
          value={valueAt && hoverPoint >= 0 ? valueAt(hoverPoint) : null}
        />
      )}
      <span id={`${id}-keys`} className="visually-hidden">
        Arrow keys go to the nearest clip in that direction, with Shift they extend the selection. Space
        plays, Enter shows the clip in the inspector, plus and minus zoom, 0 shows the whole map, Escape
        clears the selection.
      </span>
    </div>
  );
}
