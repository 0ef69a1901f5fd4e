// Pointer on the map: drag moves, wheel and pinch zoom around the pointer, click selects, lasso and box enclose.
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Point } from './scatter/camera.ts';
import type { Scene } from './scatter/scene.ts';
import { pressClip, selectClips, selectModeOf } from './selecting.ts';
import type { Tool } from './settings.ts';

/** A press that moves less is a click, px. */
const CLICK_REACH = 4;
/** Corners of a lasso lie at least so far apart, px. */
const LASSO_STEP = 3;

interface Gesture {
  readonly kind: 'move' | 'lasso' | 'box' | 'pinch';
  readonly from: Point;
  last: Point;
  hasMoved: boolean;
  path: number[];
  /** Distance of two fingers. */
  spread: number;
}

interface PointerHandlers {
  readonly scene: Scene | null;
  readonly tool: Tool;
  readonly clipOf: (point: number) => number | undefined;
  readonly onHover: (point: number, at: Point | null) => void;
  /** A second click on a point. */
  readonly onOpen: (clipId: number) => void;
  readonly onEnclosed: (clips: number) => void;
}

/** @returns the line being drawn, in pixels, and whether the picture is being moved. */
export function usePointer(
  element: RefObject<HTMLElement | null>,
  handlers: PointerHandlers,
): { readonly lasso: readonly number[] | null; readonly isMoving: boolean } {
  const latest = useRef(handlers);
  latest.current = handlers;
  const [lasso, setLasso] = useState<readonly number[] | null>(null);
  const [isMoving, setIsMoving] = useState(false);

  useEffect(() => {
    const host = element.current;
    if (!host) return undefined;
    const stop = new AbortController();
    const fingers = new Map<number, Point>();
    let gesture: Gesture | null = null;
    const placeOf = (event: MouseEvent): Point => {
      const box = host.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    const middle = () => {
      const [a, b] = [...fingers.values()];
      return a && b
        ? { at: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, spread: Math.hypot(a.x - b.x, a.y - b.y) }
        : null;
    };
    const end = () => {
      gesture = null;
      setLasso(null);
      setIsMoving(false);
    };

    const onDown = (event: PointerEvent) => {
      if (event.button > 1) return;
      const { tool } = latest.current;
      const at = placeOf(event);
      host.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, at);
      const two = middle();
      // Enclosing with Shift needs no change of tool; the middle button always moves.
      const kind = two
        ? 'pinch'
        : event.button === 1
          ? 'move'
          : event.shiftKey && tool === 'move'
            ? 'lasso'
            : tool;
      gesture = {
        kind,
        from: at,
        last: two?.at ?? at,
        hasMoved: false,
        path: [at.x, at.y],
        spread: two?.spread ?? 0,
      };
      latest.current.onHover(-1, null);
    };

    const onMove = (event: PointerEvent) => {
      const { scene, onHover } = latest.current;
      if (!scene) return;
      const at = placeOf(event);
      if (fingers.has(event.pointerId)) fingers.set(event.pointerId, at);
      if (!gesture) {
        onHover(scene.pointAt(at.x, at.y), at);
        return;
      }
      if (!gesture.hasMoved && Math.hypot(at.x - gesture.from.x, at.y - gesture.from.y) < CLICK_REACH) return;
      gesture.hasMoved = true;
      switch (gesture.kind) {
        case 'move':
          setIsMoving(true);
          scene.panBy(at.x - gesture.last.x, at.y - gesture.last.y);
          gesture.last = at;
          return;
        case 'pinch': {
          const two = middle();
          if (!two) return;
          scene.panBy(two.at.x - gesture.last.x, two.at.y - gesture.last.y);
          if (gesture.spread > 0 && two.spread > 0) scene.zoomBy(two.spread / gesture.spread, two.at);
          gesture.last = two.at;
          gesture.spread = two.spread;
          return;
        }
        case 'lasso': {
          const { path } = gesture;
          const [x = at.x, y = at.y] = path.slice(-2);
          if (Math.hypot(at.x - x, at.y - y) < LASSO_STEP) return;
          path.push(at.x, at.y);
          setLasso([...path]);
          return;
        }
        case 'box':
          gesture.last = at;
          setLasso([gesture.from.x, gesture.from.y, at.x, gesture.from.y, at.x, at.y, gesture.from.x, at.y]);
          return;
      }
    };

    const onUp = (event: PointerEvent) => {
      fingers.delete(event.pointerId);
      const { scene, clipOf, onEnclosed } = latest.current;
      if (!gesture || !scene) return;
      const { kind, hasMoved, path, from, last } = gesture;
      const mode = selectModeOf(event);
      if (!hasMoved && kind !== 'pinch') {
        const clip = clipOf(scene.pointAt(from.x, from.y));
        if (clip !== undefined) pressClip(clip, mode);
        else if (mode === 'only') selectClips([], 'only');
      } else if (kind === 'lasso' || kind === 'box') {
        const points = kind === 'lasso' ? scene.pointsInside(path) : scene.pointsInBox(from, last);
        const clips = points.flatMap((point) => clipOf(point) ?? []);
        selectClips(clips, mode);
        onEnclosed(clips.length);
      }
      if (fingers.size === 0) end();
    };

    const onDouble = (event: MouseEvent) => {
      const { scene, clipOf, onOpen } = latest.current;
      if (!scene) return;
      const at = placeOf(event);
      const clip = clipOf(scene.pointAt(at.x, at.y));
      if (clip !== undefined) onOpen(clip);
    };

    const onWheel = (event: WheelEvent) => {
      const { scene } = latest.current;
      if (!scene) return;
      event.preventDefault();
      // Lines and pages as pixels. A pinch on a touchpad comes as a wheel with Ctrl and small steps.
      const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
      const speed = event.ctrlKey ? 0.01 : 0.0016;
      scene.zoomBy(Math.exp(-Math.max(-400, Math.min(400, pixels)) * speed), placeOf(event));
    };

    const { signal } = stop;
    host.addEventListener('pointerdown', onDown, { signal });
    host.addEventListener('pointermove', onMove, { signal });
    host.addEventListener('pointerup', onUp, { signal });
    host.addEventListener(
      'pointercancel',
      (event) => {
        fingers.delete(event.pointerId);
        end();
      },
      { signal },
    );
    host.addEventListener('pointerleave', () => latest.current.onHover(-1, null), { signal });
    host.addEventListener('dblclick', onDouble, { signal });
    // React's own wheel listener is passive and cannot keep the page from zooming.
    host.addEventListener('wheel', onWheel, { signal, passive: false });
    return () => stop.abort();
  }, [element]);

  return { lasso, isMoving };
}
