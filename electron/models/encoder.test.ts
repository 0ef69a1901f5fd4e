import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasShared } from '../testing/shared-data.ts';
import { type SpeechSet, samplesOf, speakerOutPurity, wordsOf } from '../testing/speech-sets.ts';
import { openDescribed } from './testing/described.ts';

const description = join(resolve(import.meta.dirname, '../../resources/models'), 'encoder-1.json');

/** A part of the clips keeps the test short; 15 neighbours are then more of a word, and purity is lower than in the bench. */
describe('the trained encoder', () => {
  const purityOf = async (set: SpeechSet, every: number): Promise<number> => {
    const embed = await openDescribed(description);
    if (embed === undefined) throw new Error('the encoder comes with the repository');
    const words = (await wordsOf(set)).filter((_, at) => at % every === 0);
    const vectors: Float32Array[] = [];
    for (const word of words) {
      const vector = await embed(await samplesOf(word));
      expect(vector).toHaveLength(128);
      if (vector) vectors.push(vector);
    }
    return speakerOutPurity(vectors, words);
  };

  it('keeps a word of the sample together across voices', async () => {
    expect(await purityOf('sample', 1)).toBeGreaterThan(0.76);
  });

  it.skipIf(!hasShared)(
    'keeps real Arabic and English words of speakers it has not heard together, better than speech_embedding does',
    async () => {
      expect(await purityOf('arabic-commands', 2)).toBeGreaterThan(0.7);
      expect(await purityOf('fsdd', 6)).toBeGreaterThan(0.6);
    },
  );
});
