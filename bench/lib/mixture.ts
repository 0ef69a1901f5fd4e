// Embeddings to try maps and searches on, the same each time.
import { createRandom } from '../../electron/compute/random.ts';

const CLASSES = 35;

/** n x d: clumps of unlike width around 35 centres that lie near enough to touch. */
export function mixture(n: number, d: number): Float32Array {
  const random = createRandom(5);
  const gauss = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const centres = Float32Array.from({ length: CLASSES * d }, () => 0.7 * gauss());
  const features = new Float32Array(n * d);
  for (let row = 0; row < n; row++) {
    const centre = Math.floor(random() * CLASSES) * d;
    const width = 0.6 + 0.8 * random();
    for (let j = 0; j < d; j++) features[row * d + j] = centres[centre + j]! + width * gauss();
  }
  return features;
}
