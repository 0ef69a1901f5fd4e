// From decoded sound to what a model's first stage takes, or to the whole acoustic embedding: one clip after the other,
// on the feature threads and for the few sounds that are embedded here. Imports files, not folders, as the threads do.
import { EarmarkError } from '../../shared/errors.ts';
import { type DecodedAudio, mixDown, resample } from '../audio/index.ts';
import {
  acousticEmbedding,
  acousticFailures,
  createAcousticEmbedder,
} from '../models/acoustic/acousticEmbedding.ts';
import { type Blocks, createPreparer } from '../models/prepare.ts';
import type { FeatureWork } from './feature-protocol.ts';

type BlocksOf = (audio: DecodedAudio, name: string) => Generator<Blocks>;

/** Owns work arrays: one for each thread. @throws EarmarkError (the function, per clip) where a clip does not fit. */
export function createBlocksOf(work: FeatureWork): BlocksOf {
  if (work.kind === 'prepare') return createPreparer(work.plan);
  const embedder = createAcousticEmbedder();
  return function* embed(audio, name) {
    const samples = resample(mixDown(audio.channelData), audio.sampleRate, acousticEmbedding.sampleRate);
    const { vector, failure } = embedder.embed(samples);
    if (failure !== null) {
      throw new EarmarkError(`model/${failure}`, `${name}: ${acousticFailures[failure]}`);
    }
    yield { data: vector, count: 1, frames: 1, features: vector.length };
  };
}

/** Samples a second of what the model hears. */
export function sampleRateOf(work: FeatureWork): number {
  return work.kind === 'prepare' ? work.plan.sampleRate : acousticEmbedding.sampleRate;
}
