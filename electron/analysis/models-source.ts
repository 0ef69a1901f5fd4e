// Opens whatever the engine names as a model: the acoustic embedding, the encoder that comes along, or a file that a
// person trusted.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Pooling } from '../../shared/domain/model.ts';
import { EarmarkError } from '../../shared/errors.ts';
import type { ModelSource } from '../ipc/analysis-tasks.ts';
import { type Blocks, type ModelRunner, openModel, readModel, type WindowOutputs } from '../models/index.ts';
import type { FeatureWork } from './feature-protocol.ts';
import { timeClips, type WarmClip } from './models-latency.ts';

export interface OpenModel {
  readonly name: string;
  readonly backend: string;
  readonly threads: number;
  readonly labels: readonly string[] | null;
  readonly hasEmbedding: boolean;
  readonly pooling: Pooling;
  /** What the feature threads do for it. */
  readonly work: FeatureWork;
  /** The threads do it all: their times are the model's. */
  readonly isWholeOnThreads: boolean;
  readonly notes: readonly string[];
  run(blocks: Blocks, clips: readonly number[]): Promise<WindowOutputs>;
  forget(clip: number): void;
  timeClips(clips: readonly WarmClip[]): Promise<number[]>;
  close(): Promise<void>;
}

/** In a checkout, and in the packaged app beside the archive. */
const modelFolders = [
  join(import.meta.dirname, '../../resources/models'),
  join(process.resourcesPath ?? import.meta.dirname, 'models'),
];

/** The description of a model that comes along; null where it is not there. */
export function builtinDescription(name: string): string | null {
  return modelFolders.map((folder) => join(folder, `${name}.json`)).find(existsSync) ?? null;
}

/**
 * @throws EarmarkError `model/unknown`, `model/changed` when the files are not those that were trusted, and what
 *   `readModel` and `openModel` throw.
 */
export async function openSource(source: ModelSource, threads: number): Promise<OpenModel> {
  if (source.kind === 'builtin' && source.name === 'acoustic-1') return acousticModel(threads);
  const path = source.kind === 'file' ? source.path : builtinDescription(source.name);
  if (path === null) {
    throw new EarmarkError(
      'model/unknown',
      `The built-in model "${source.kind === 'builtin' ? source.name : ''}" is not part of this installation.`,
    );
  }
  const model = readModel(path);
  if (source.kind === 'file' && model.hash !== source.hash) {
    throw new EarmarkError(
      'model/changed',
      `The files of "${model.description.name}" are not those that were trusted: they were changed since. Look at them and trust them again. Nothing was run.`,
      { hash: model.hash },
    );
  }
  return fromRunner(model.description.name, await openModel(model, { threads }), model.description.outputs);
}

function fromRunner(name: string, runner: ModelRunner, outputs: { readonly embedding?: unknown }): OpenModel {
  return {
    name,
    backend: runner.backend,
    threads: runner.threads,
    labels: runner.labels,
    hasEmbedding: outputs.embedding !== undefined,
    pooling: runner.pooling,
    work: { kind: 'prepare', plan: runner.plan },
    isWholeOnThreads: false,
    notes: [],
    run: (blocks, clips) => runner.run(blocks, clips),
    forget: (clip) => runner.forget(clip),
    timeClips: (clips) => timeClips(runner, clips),
    close: () => runner.close(),
  };
}

/** Made by the threads themselves: a clip's one block is its embedding. */
function acousticModel(threads: number): OpenModel {
  return {
    name: 'acoustic-1',
    backend: `built in, ${threads} thread${threads === 1 ? '' : 's'}`,
    threads,
    labels: null,
    hasEmbedding: true,
    pooling: 'first',
    work: { kind: 'acoustic' },
    isWholeOnThreads: true,
    notes: [],
    run: async ({ data, features }) => ({
      scores: null,
      embedding: { data, width: features, perItem: 1 },
    }),
    forget: () => undefined,
    timeClips: async () => [],
    close: async () => undefined,
  };
}
