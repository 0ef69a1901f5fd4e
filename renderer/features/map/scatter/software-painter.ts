// The painter for machines without WebGL 2: pixels written by this program, put on a 2-D canvas.
import { type Painter, type Picture, SLOTS, type SlotPalette } from './painter.ts';
import { type PointSet, paintPoints } from './pixels.ts';

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
    draw({ camera, size, ratio, pointSize, stride }: Picture) {
      const width = Math.max(1, Math.round(size.width * ratio));
      const height = Math.max(1, Math.round(size.height * ratio));
      if (!image || image.width !== width || image.height !== height) {
        canvas.width = width;
        canvas.height = height;
        image = context.createImageData(width, height);
      }
      const pixels = new Uint32Array(image.data.buffer);
      paintPoints({ pixels, width, height }, points, camera, size, ratio, pointSize, stride);
      context.putImageData(image, 0, 0);
    },
    dispose() {
      image = null;
    },
  };
}
