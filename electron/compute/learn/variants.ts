// Variants of a recording as augmentation makes them: earlier or later, louder or softer, with noise (ALGORITHMS 13;
// Mazumder et al. 2021 shift by at most 100 ms and mix in background noise).

interface VariantInput {
  /** One channel, full scale at 1. */
  readonly samples: Float32Array;
  readonly sampleRate: number;
  readonly count: number;
  /** Recordings of background noise at the same rate; without them the noise is white. */
  readonly noises: readonly Float32Array[];
  /** Numbers in [0, 1). */
  readonly random: () => number;
}

const MAX_SHIFT_SECONDS = 0.1;
const GAIN_DB = [-6, 6] as const;
/** Signal to noise over the whole clip. White noise hides more of speech than a room does, so it is softer. */
const BACKGROUND_SNR_DB = [5, 20] as const;
const WHITE_SNR_DB = [10, 30] as const;

/**
 * `count` variants of a clip, each as long as the clip: shifted by up to 0.1 s with silence in the gap, noise at 5 to 20
 * dB (white: 10 to 30 dB) under the clip's mean power, then -6 to 6 dB of gain, turned down where it would clip. Every
 * second one takes background noise, the others white noise. Draws are uniform; the same numbers give the same variants.
 */
export function variantsOf({ samples, sampleRate, count, noises, random }: VariantInput): Float32Array[] {
  const usable = noises.filter((noise) => power(noise) > 0);
  const between = ([low, high]: readonly [number, number]): number => low + (high - low) * random();
  return Array.from({ length: count }, (_, at) => {
    const variant = shifted(samples, Math.round((2 * random() - 1) * MAX_SHIFT_SECONDS * sampleRate));
    const background = at % 2 === 1 ? usable[Math.floor(random() * usable.length)] : undefined;
    if (background === undefined) {
      const noise = Float32Array.from(variant, () => random() + random() + random() - 1.5);
      mixIn(variant, noise, 0, power(samples) / 10 ** (between(WHITE_SNR_DB) / 10));
    } else {
      const start = Math.floor(random() * background.length);
      mixIn(variant, background, start, power(samples) / 10 ** (between(BACKGROUND_SNR_DB) / 10));
    }
    const gain = 10 ** (between(GAIN_DB) / 20);
    const peak = variant.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const scale = peak * gain > 1 ? 1 / peak : gain;
    return variant.map((value) => value * scale);
  });
}

/** Mean square. */
function power(samples: Float32Array): number {
  let sum = 0;
  for (const value of samples) sum += value * value;
  return samples.length === 0 ? 0 : sum / samples.length;
}

/** Later by `shift` samples, earlier when it is negative. */
function shifted(samples: Float32Array, shift: number): Float32Array {
  const result = new Float32Array(samples.length);
  if (Math.abs(shift) >= samples.length) return samples.slice();
  if (shift >= 0) result.set(samples.subarray(0, samples.length - shift), shift);
  else result.set(samples.subarray(-shift));
  return result;
}

/** Adds noise from `start` on, over again where it ends, scaled to the wanted power. */
function mixIn(target: Float32Array, noise: Float32Array, start: number, wantedPower: number): void {
  const part = Float32Array.from(target, (_, at) => noise[(start + at) % noise.length] ?? 0);
  const own = power(part);
  if (own === 0) return;
  const scale = Math.sqrt(wantedPower / own);
  for (const [at, value] of part.entries()) target[at] = target[at]! + scale * value;
}
