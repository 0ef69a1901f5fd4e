// How strongly two points of a UMAP picture attract and repel each other, by their distance.

/** Weight of two points at distance x on the plane: 1 / (1 + a x^(2b)). */
export interface Curve {
  readonly a: number;
  readonly b: number;
}

const FIT_POINTS = 300;
const FIT_STEPS = 200;

/**
 * The curve nearest in the least-squares sense to 1 up to `minDist` and exp(-(x - minDist) / spread) beyond, on 300
 * points from 0 to 3 spreads (McInnes 2018, section 4.2); Levenberg & Marquardt on log a and log b.
 */
export function fitCurve(minDist: number, spread: number): Curve {
  const x = Float64Array.from({ length: FIT_POINTS }, (_, i) => (3 * spread * i) / (FIT_POINTS - 1));
  const wanted = x.map((value) => (value < minDist ? 1 : Math.exp(-(value - minDist) / spread)));
  const errorOf = (a: number, b: number): number =>
    x.reduce((sum, value, i) => sum + (1 / (1 + a * value ** (2 * b)) - wanted[i]!) ** 2, 0);
  let [logA, logB] = [0, 0];
  let damping = 1e-3;
  let error = errorOf(1, 1);
  for (let step = 0; step < FIT_STEPS && damping < 1e12; step++) {
    const [a, b] = [Math.exp(logA), Math.exp(logB)];
    let [aa, ab, bb, ea, eb] = [0, 0, 0, 0, 0];
    // At distance 0 the curve is 1 whatever a and b.
    for (let i = 1; i < FIT_POINTS; i++) {
      const power = a * x[i]! ** (2 * b);
      const value = 1 / (1 + power);
      const byA = -power * value * value;
      const byB = byA * 2 * b * Math.log(x[i]!);
      const off = wanted[i]! - value;
      aa += byA * byA;
      ab += byA * byB;
      bb += byB * byB;
      ea += byA * off;
      eb += byB * off;
    }
    const [da, db] = [aa * (1 + damping), bb * (1 + damping)];
    const determinant = da * db - ab * ab;
    const nextA = logA + (db * ea - ab * eb) / determinant;
    const nextB = logB + (da * eb - ab * ea) / determinant;
    const nextError = errorOf(Math.exp(nextA), Math.exp(nextB));
    if (nextError < error) {
      [logA, logB, error] = [nextA, nextB, nextError];
      damping /= 10;
    } else {
      damping *= 10;
    }
  }
  return { a: Math.exp(logA), b: Math.exp(logB) };
}

/** Squared distances from 2^LOWEST to 2^HIGHEST are told apart, each octave in 2^BITS parts: 0.3% of the distance. */
const LOWEST = -20;
const HIGHEST = 16;
const BITS = 8;
const MANTISSA = 23;

export const SHIFT = MANTISSA - BITS;
/** Place in the tables of a squared distance, a float32 with these bits: (bits >> SHIFT) - OFFSET, kept in the range. */
export const OFFSET = (127 + LOWEST) << BITS;
export const LAST_PLACE = ((HIGHEST - LOWEST) << BITS) - 1;

export interface ForceTables {
  /** What the difference of two joined points is multiplied by, as a pull: 2 a b d^(b-1) / (1 + a d^b), d squared. */
  readonly attraction: Float32Array;
  /** The same as a push for two points that are not: 2 b / ((0.001 + d)(1 + a d^b)). */
  readonly repulsion: Float32Array;
}

/** Powers are slow, and the layout asks for some billions of them: the forces at the middle of each part. */
export function forceTables({ a, b }: Curve): ForceTables {
  const squared = Float64Array.from(
    { length: LAST_PLACE + 1 },
    (_, place) => 2 ** ((place >> BITS) + LOWEST) * (1 + ((place & (2 ** BITS - 1)) + 0.5) / 2 ** BITS),
  );
  return {
    attraction: Float32Array.from(squared, (d) => (2 * a * b * d ** (b - 1)) / (1 + a * d ** b)),
    repulsion: Float32Array.from(squared, (d) => (2 * b) / ((0.001 + d) * (1 + a * d ** b))),
  };
}
