// From data to picture: the scene is told of points, colours, filter, selection and theme, each only when it changed.
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { colourOf } from '../confusions/index.ts';
import { type Colouring, groundOf, paletteOf, type Theme } from './colours.ts';
import type { MapPoints } from './map-points.ts';
import type { Anchor } from './names-layout.ts';
import type { OverlayInk } from './scatter/overlay.ts';
import { createScene, type Scene } from './scatter/scene.ts';

/** The scene on an element; null before it is on the screen, `none` where nothing can be drawn. */
export function useScene(
  host: RefObject<HTMLElement | null>,
  overlay: RefObject<HTMLCanvasElement | null>,
): Scene | null | 'none' {
  const [scene, setScene] = useState<Scene | null | 'none'>(null);
  useEffect(() => {
    if (!host.current || !overlay.current) return undefined;
    const made = createScene(host.current, overlay.current);
    setScene(made ?? 'none');
    return () => {
      made?.dispose();
      setScene(null);
    };
  }, [host, overlay]);
  return scene;
}

export interface PictureData {
  readonly points: MapPoints;
  /** Two pictures with the same key are one map seen from the same place. */
  readonly viewKey: string;
  readonly colouring: Colouring;
  readonly states: Uint8Array;
  readonly anchors: readonly Anchor[];
  readonly nameOf: (category: number) => string;
}

export function usePicture(
  scene: Scene | null,
  data: PictureData,
  theme: Theme | null,
  highlight: number | null,
  pointFactor: number,
): void {
  const { points, viewKey, colouring, states } = data;
  const shown = useRef<{ readonly scene: Scene; readonly key: string } | null>(null);
  // Slots and states first: no frame is drawn between the effects of one change.
  useEffect(() => {
    if (!scene) return;
    const isSame = shown.current?.scene === scene && shown.current.key === viewKey;
    shown.current = { scene, key: viewKey };
    scene.setPoints(points, isSame);
  }, [scene, points, viewKey]);
  useEffect(() => scene?.setSlots(colouring.slots), [scene, colouring]);
  useEffect(() => scene?.setStates(states), [scene, states]);
  useEffect(() => {
    if (scene && theme)
      scene.setPalette(paletteOf(colouring.kind, theme, colourOf, highlight), groundOf(theme));
  }, [scene, theme, colouring.kind, highlight]);
  useEffect(() => scene?.setPointSize(pointFactor), [scene, pointFactor]);
}

export function useInk(theme: Theme | null): OverlayInk | null {
  return useMemo(() => {
    if (!theme) return null;
    const css = ([r, g, b]: readonly [number, number, number]) => `rgb(${r} ${g} ${b})`;
    return {
      ground: css(theme.ground),
      text: css(theme.text),
      accent: css(theme.accent),
      font: theme.font,
    };
  }, [theme]);
}
