// The painter for machines without WebGL 2: pixels written by this program, put on a 2-D canvas.
import { type Painter, type Picture, SLOTS, type SlotPalette } from './painter.ts';
import { type PointSet, paintInSteps } from './pixels.ts';

/** Painted at a stretch, ms: the window answers in between. */
const SLICE_MS = 20;

/** @returns null where a canvas cannot be drawn on at all. */
export function softwarePainter(canvas: HTMLCanvasElement): Painter | null {
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return null;
  let points: PointSet = {
    xy: new Float32Array(0),
    slots: new Uint8Array(0),
    states: new Uint8Array(0),
    palette: new Uint8Array(4 * SLOTS) as SlotPalette,
    ground: { ground: [255, 255, 255], context: [160, 160, 160], ring: [0, 0, 0] },
  };
  let image: ImageData | null = null;
  let rest: ReturnType<typeof setTimeout> | undefined;

  /** Paints for a while, and goes on when the window has had its turn. What is seen changes when all is painted. */
  const goOn = (steps: Generator<void, void>, whole: ImageData, forMs: number) => {
    const end = performance.now() + forMs;
    while (!steps.next().done) {
      if (performance.now() < end) continue;
      rest = setTimeout(() => goOn(steps, whole, forMs));
      return;
    }
    context.putImageData(whole, 0, 0);
  };

  return {
    kind: 'software',
    canvas,
    setPoints(xy) {
      points = { ...points, xy };
    },
    setSlots(slots) {
      points = { ...points, slots };
    },
    setStates(states) {
      points = { ...points, states };
    },
    setPalette(palette, ground) {
      points = { ...points, palette, ground };
    },
    draw({ camera, size, ratio, pointSize, stride, isMoving }: Picture) {
      const width = Math.max(1, Math.round(size.width * ratio));
      const height = Math.max(1, Math.round(size.height * ratio));
      const isFitting = image?.width === width && image.height === height;
      if (!image || !isFitting) {
        canvas.width = width;
        canvas.height = height;
        image = context.createImageData(width, height);
      }
      const raster = { pixels: new Uint32Array(image.data.buffer), width, height };
      clearTimeout(rest);
      const steps = paintInSteps(raster, points, camera, size, ratio, pointSize, stride);
      // A canvas of another size is blank until it is painted.
      goOn(steps, image, isFitting && !isMoving ? SLICE_MS : Number.POSITIVE_INFINITY);
    },
    dispose() {
      clearTimeout(rest);
      image = null;
    },
  };
}
