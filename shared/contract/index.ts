// Every call of the studio, joined. A call is declared once, in its feature's file.
import type { ContractRouterClient } from '@orpc/contract';
import { clipsContract, filterContract } from './clips.ts';
import { decisionsContract, reviewContract } from './decisions.ts';
import { embeddingsContract } from './embeddings.ts';
import { exportsContract } from './exports.ts';
import { fewShotContract } from './few-shot.ts';
import { flagsContract } from './flags.ts';
import { importsContract } from './imports.ts';
import { jobsContract } from './jobs.ts';
import { mapsContract } from './maps.ts';
import { modelsContract } from './models.ts';
import { placesContract, projectContract } from './project.ts';
import { metricsContract, runsContract } from './runs.ts';

export const contract = {
  project: projectContract,
  places: placesContract,
  imports: importsContract,
  clips: clipsContract,
  filter: filterContract,
  runs: runsContract,
  metrics: metricsContract,
  embeddings: embeddingsContract,
  maps: mapsContract,
  models: modelsContract,
  fewShot: fewShotContract,
  flags: flagsContract,
  decisions: decisionsContract,
  review: reviewContract,
  exports: exportsContract,
  jobs: jobsContract,
};

export type Contract = typeof contract;
export type StudioClient = ContractRouterClient<Contract>;
