// The embeddings that come with the studio, in words.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BuiltinModel } from '../../../shared/domain/embedding.ts';
import type { Studio } from '../context.ts';

interface BuiltinEmbedding {
  readonly name: BuiltinModel;
  readonly title: string;
  readonly about: string;
  readonly dimensions: number;
}

const trained: BuiltinEmbedding = {
  name: 'encoder-1',
  title: 'Trained encoder',
  about:
    'A small network trained on synthetic speech of many voices and languages. It puts the same word of different speakers together; the best first choice for words and short commands.',
  dimensions: 128,
};

const acoustic: BuiltinEmbedding = {
  name: 'acoustic-1',
  title: 'Acoustic',
  about:
    'The course of the cepstrum over the spoken part of the clip, computed without any learning. Quick, the same for every language, and more sensitive to voice and room.',
  dimensions: 261,
};

/** Best first. */
export function builtinEmbeddings(studio: Studio): BuiltinEmbedding[] {
  const isThere = existsSync(join(dirname(studio.samplePath), 'models', 'encoder-1.onnx'));
  return isThere ? [trained, acoustic] : [acoustic];
}
