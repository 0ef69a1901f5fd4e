// The shapes of points: how far a place is from a shape's edge. The same formulas stand in the shader (gl-painter.ts).
// Shapes of one size cover about the same area, so that none looks louder than another.

export const shapes = ['circle', 'square', 'triangle', 'diamond', 'cross', 'plus'] as const;
export type Shape = (typeof shapes)[number];

/** How much larger than a circle's radius each shape is drawn, in the order of `shapes`. */
export const reach: readonly number[] = [1, 0.87, 1.3, 1.2, 1.12, 1.15];

/** Half the width of an arm of the cross, of the radius. */
const ARM = 0.3;

/** Signed distance to the edge, negative inside; x to the right, y down, `r` the radius that `reach` made. */
export function distanceToEdge(shape: number, x: number, y: number, r: number): number {
  switch (shapes[shape]) {
    case 'square':
      return Math.max(Math.abs(x), Math.abs(y)) - r;
    case 'triangle':
      return Math.max(Math.abs(x) * 0.894 - y * 0.447 - r * 0.447, y - r * 0.72) - r * 0.06;
    case 'diamond':
      return (Math.abs(x) + Math.abs(y) - r) * Math.SQRT1_2;
    case 'cross': {
      const u = Math.abs(x + y) * Math.SQRT1_2;
      const v = Math.abs(x - y) * Math.SQRT1_2;
      return Math.max(Math.max(u, v) - r, Math.min(u, v) - r * ARM);
    }
    case 'plus': {
      const u = Math.abs(x);
      const v = Math.abs(y);
      return Math.max(Math.max(u, v) - r, Math.min(u, v) - r * ARM);
    }
    default:
      return Math.hypot(x, y) - r;
  }
}

/** An SVG path of the shape around 0, 0, for legends and exported pictures. */
export function shapePath(shape: Shape, radius: number): string {
  const r = radius * (reach[shapes.indexOf(shape)] ?? 1);
  const n = (value: number) => String(Math.round(value * 100) / 100);
  switch (shape) {
    case 'square':
      return `M${n(-r)} ${n(-r)}h${n(2 * r)}v${n(2 * r)}h${n(-2 * r)}z`;
    case 'triangle':
      return `M0 ${n(-r * 1.06)}L${n(r * 0.92)} ${n(r * 0.76)}L${n(-r * 0.92)} ${n(r * 0.76)}z`;
    case 'diamond':
      return `M0 ${n(-r)}L${n(r)} 0L0 ${n(r)}L${n(-r)} 0z`;
    case 'cross':
    case 'plus': {
      const a = r * ARM;
      const arms = [
        [a, -r],
        [a, -a],
        [r, -a],
        [r, a],
        [a, a],
        [a, r],
        [-a, r],
        [-a, a],
        [-r, a],
        [-r, -a],
        [-a, -a],
        [-a, -r],
      ] as const;
      const turned = arms.map(([x, y]) =>
        shape === 'plus' ? `${n(x)} ${n(y)}` : `${n((x - y) * Math.SQRT1_2)} ${n((x + y) * Math.SQRT1_2)}`,
      );
      return `M${turned.join('L')}z`;
    }
    case 'circle':
      return `M${n(-r)} 0a${n(r)} ${n(r)} 0 1 0 ${n(2 * r)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-2 * r)} 0z`;
  }
}
