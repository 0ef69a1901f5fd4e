// How well embeddings keep a word together across speakers: leave-speaker-out 15-NN label purity (cosine, neighbours of
// the same speaker left out) on real and synthetic words, and clips a second. A new embedding is one entry below.
import { join, resolve } from 'node:path';
import { acousticEmbedding, createAcousticEmbedder } from '../electron/models/acoustic/acousticEmbedding.ts';
import { openDescribed } from '../electron/models/testing/described.ts';
import { sharedPath } from '../electron/testing/shared-data.ts';
import { samplesOf, speakerOutPurity, speechSets, wordsOf } from '../electron/testing/speech-sets.ts';
import type { Bench, BenchResult, Goal } from './lib/harness.ts';

/** Undefined where a clip has no embedding. Samples: one channel, 16 kHz. */
type Embed = (samples: Float32Array) => Promise<Float32Array | undefined> | Float32Array | undefined;

interface Candidate {
  readonly name: string;
  /** Undefined where what it needs is not at hand. */
  readonly open: () => Promise<Embed | undefined> | Embed | undefined;
  /** Purity to reach on the Arabic commands. */
  readonly goal: number;
}

const models = resolve(import.meta.dirname, '../resources/models');

const candidates: readonly Candidate[] = [
  {
    name: acousticEmbedding.name,
    open: () => {
      const embedder = createAcousticEmbedder();
      return (samples) => {
        const { vector, failure } = embedder.embed(samples);
        return failure === null ? vector : undefined;
      };
    },
    goal: 0.55,
  },
  {
    name: 'encoder-1',
    open: () => openDescribed(join(models, 'encoder-1.json'), join(models, 'encoder-1.json')),
    goal: 0.673,
  },
  {
    name: 'speech_embedding',
    // As if its description lay beside the reference files.
    open: () =>
      openDescribed(join(models, 'examples/speech-embedding.json'), sharedPath('data/models/m.json')),
    goal: 0.67,
  },
];

/** In quick runs every so many-th clip. */
const QUICK_STEP = 8;

async function measure({ name, open, goal }: Candidate, isQuick: boolean): Promise<BenchResult> {
  const embed = await open();
  const goals: Goal[] = [];
  const notes: string[] = [];
  let seconds = 0;
  let clips = 0;
  for (const set of embed === undefined ? [] : speechSets) {
    const words = (await wordsOf(set)).filter((_, i) => !isQuick || i % QUICK_STEP === 0);
    const vectors: Float32Array[] = [];
    const embedded: typeof words = [];
    for (const word of words) {
      const samples = await samplesOf(word);
      const start = performance.now();
      const vector = await embed!(samples);
      seconds += (performance.now() - start) / 1000;
      if (vector === undefined) continue;
      vectors.push(vector);
      embedded.push(word);
    }
    clips += words.length;
    if (words.length === 0) {
      notes.push(`${set} is not at hand.`);
      continue;
    }
    const labels = new Set(words.map(({ label }) => label)).size;
    const speakers = new Set(words.map(({ speaker }) => speaker)).size;
    const purity = { what: `purity on ${set}`, value: speakerOutPurity(vectors, embedded) };
    goals.push(set === 'arabic-commands' && !isQuick ? { ...purity, atLeast: goal } : purity);
    notes.push(
      `${set}: ${words.length} clips, ${labels} words, ${speakers} speakers, ${words.length - embedded.length} without an embedding, chance ${(1 / labels).toFixed(2)}.`,
    );
  }
  if (embed === undefined) notes.push('What it needs is not at hand.');
  else notes.push(`${Math.round(clips / seconds).toLocaleString('en')} clips/s on one thread, once decoded.`);
  return { name: `embedding ${name}`, size: { clips }, legs: [], goals, notes };
}

export const bench: Bench = async ({ isQuick }) => {
  const results: BenchResult[] = [];
  for (const candidate of candidates) results.push(await measure(candidate, isQuick));
  return results;
};
