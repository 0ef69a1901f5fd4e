// Looking at a model before it runs: what is in its files, and what a few clips give.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeAudio } from '../audio/index.ts';
import { containedPath } from '../formats/index.ts';
import type { AnalysisTasks } from '../ipc/analysis-tasks.ts';
import { dryRun, inspectModel } from '../models/index.ts';
import { defaultFeatureThreads } from './feature-threads.ts';

export async function inspectModelTask({
  path,
  knownLabels,
}: AnalysisTasks['inspectModel']['params']): Promise<AnalysisTasks['inspectModel']['result']> {
  return inspectModel(path, knownLabels);
}

export async function tryModelTask({
  path,
  description,
  clips,
  threads,
}: AnalysisTasks['tryModel']['params']): Promise<AnalysisTasks['tryModel']['result']> {
  const sounds = clips.map(({ root, path: clip }) => ({
    path: clip,
    decode: async () => decodeAudio(await readFile(join(root, await containedPath(root, clip))), clip),
  }));
  return dryRun(path, description, sounds, threads ?? defaultFeatureThreads());
}
