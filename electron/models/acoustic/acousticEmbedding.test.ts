import { describe, expect, it } from 'vitest';
import { resample } from '../../audio/index.ts';
import { createRandom } from '../../compute/index.ts';
import { hasShared } from '../../testing/shared-data.ts';
import { samplesOf, speakerOutPurity, wordsOf } from '../../testing/speech-sets.ts';
import { acousticEmbedding, createAcousticEmbedder } from './acousticEmbedding.ts';
import { medianPitch } from './pitch.ts';

const embedder = createAcousticEmbedder();
const RATE = acousticEmbedding.sampleRate;

const similarity = (a: Float32Array, b: Float32Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** Two vowels one after the other, each a pulse train through two resonances, with silence around them. */
function twoVowels(formants: readonly (readonly [number, number])[], pitch = 120): Float32Array {
  const samples = new Float32Array(RATE);
  const random = createRandom(3);
  for (let i = 0; i < samples.length; i++) {
    const t = i / RATE;
    samples[i] = 1e-4 * (random() - 0.5);
    if (t < 0.2 || t >= 0.8) continue;
    const vowel = formants[t < 0.5 ? 0 : 1]!;
    for (let harmonic = 1; harmonic * pitch < 5000; harmonic++) {
      const hz = harmonic * pitch;
      const gain = vowel.reduce((sum, formant) => sum + 1 / (1 + ((hz - formant) / 150) ** 2), 0);
      samples[i]! += 0.05 * gain * Math.sin(2 * Math.PI * hz * t);
    }
  }
  return samples;
}

const ai = twoVowels([
  [750, 1300],
  [300, 2300],
]);
const ia = twoVowels([
  [300, 2300],
  [750, 1300],
]);

describe('The acoustic embedding', () => {
  it('has length 1 and tells a word from its reverse, whatever the level', () => {
    const { vector, failure } = embedder.embed(ai);
    expect(failure).toBeNull();
    expect(vector).toHaveLength(acousticEmbedding.dimensions);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    const quiet = embedder.embed(ai.map((x) => x / 50)).vector;
    expect(similarity(vector, quiet)).toBeGreaterThan(0.95);
    expect(similarity(vector, embedder.embed(ia).vector)).toBeLessThan(0.4);
  });

  it('hardly notices silence before and after the word, nor another speed', () => {
    const { vector } = embedder.embed(ai);
    const late = new Float32Array(3 * RATE);
    late.set(ai, RATE);
    expect(similarity(vector, embedder.embed(late).vector)).toBeGreaterThan(0.95);
    const word = ai.subarray(0.15 * RATE, 0.85 * RATE);
    expect(similarity(vector, embedder.embed(word).vector)).toBeGreaterThan(0.8);
  });

  it('keeps a word that was recorded at 8 kHz near itself', () => {
    const narrow = resample(resample(ai, RATE, 8000), 8000, RATE);
    expect(similarity(embedder.embed(ai).vector, embedder.embed(narrow).vector)).toBeGreaterThan(0.8);
  });

  it('takes the loudest six seconds of a long clip', () => {
    const long = new Float32Array(600 * RATE);
    long.set(ai, 432.1 * RATE);
    expect(similarity(embedder.embed(ai).vector, embedder.embed(long).vector)).toBeGreaterThan(0.95);
  });

  it('says why there is none: nothing, too little, silence, samples that are no numbers', () => {
    const broken = ai.slice();
    broken[9000] = Number.NaN;
    for (const [samples, failure] of [
      [new Float32Array(0), 'too-short'],
      [new Float32Array(399).fill(0.1), 'too-short'],
      [new Float32Array(RATE), 'silent'],
      [broken, 'not-finite'],
    ] as const) {
      const result = embedder.embed(samples);
      expect(result.failure).toBe(failure);
      expect(result.vector.every((x) => x === 0)).toBe(true);
      expect(result.vector).toHaveLength(acousticEmbedding.dimensions);
    }
  });

  it('Any other sound has finite numbers: a click, a constant, the least noise, a fragment', () => {
    const random = createRandom(5);
    const click = new Float32Array(RATE);
    click[8000] = 1;
    const noise = Float32Array.from({ length: RATE }, () => (random() - 0.5) / 32_768);
    for (const samples of [click, new Float32Array(RATE).fill(0.5), noise, noise.subarray(0, 400)]) {
      const { vector, failure } = embedder.embed(samples);
      expect(failure).toBeNull();
      expect(vector.every(Number.isFinite)).toBe(true);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
  });

  it('A clip leaves no trace in the next one', () => {
    const first = embedder.embed(ai).vector;
    embedder.embed(ia);
    expect(embedder.embed(ai).vector).toEqual(first);
  });
});

describe('Pitch', () => {
  it.each([80, 123, 160, 235, 300])('%i Hz are found within 2%', (pitch) => {
    const sound = twoVowels(
      [
        [750, 1300],
        [750, 1300],
      ],
      pitch,
    );
    expect(Math.abs(medianPitch(sound, RATE)! / pitch - 1)).toBeLessThan(0.02);
  });

  it('Noise and silence have none', () => {
    const random = createRandom(9);
    expect(
      medianPitch(
        Float32Array.from({ length: RATE }, () => random() - 0.5),
        RATE,
      ),
    ).toBeUndefined();
    expect(medianPitch(new Float32Array(RATE), RATE)).toBeUndefined();
    expect(medianPitch(new Float32Array(10), RATE)).toBeUndefined();
  });
});

/** A part of the clips keeps the test short; 15 neighbours are then more of a word, and purity is lower than in the bench. */
describe('Words of speakers it has not heard stay together', () => {
  const purityOf = async (set: 'arabic-commands' | 'fsdd' | 'sample', every: number): Promise<number> => {
    const words = (await wordsOf(set)).filter((_, i) => i % every === 0);
    const vectors: Float32Array[] = [];
    for (const word of words) vectors.push(embedder.embed(await samplesOf(word)).vector);
    return speakerOutPurity(vectors, words);
  };

  it('in the sample', async () => {
    expect(await purityOf('sample', 1)).toBeGreaterThan(0.74);
  });

  it.skipIf(!hasShared)('in real recordings of Arabic and English words', async () => {
    expect(await purityOf('arabic-commands', 2)).toBeGreaterThan(0.7);
    expect(await purityOf('fsdd', 6)).toBeGreaterThan(0.55);
  });
});
