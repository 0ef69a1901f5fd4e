// Models for the rest of the program: read and check one on disk, run it, and the embeddings that come along.
export {
  type AcousticEmbedder,
  acousticEmbedding,
  acousticFailures,
  createAcousticEmbedder,
} from './acoustic/acousticEmbedding.ts';
export { type ModelOnDisk, readModel } from './description.ts';
export { dryRun } from './dry-run.ts';
export { inspectModel } from './inspect-model.ts';
export { RowPool } from './outputs.ts';
export { type Blocks, createPreparer, type PreparePlan } from './prepare.ts';
export { type ModelRunner, openModel, type WindowOutputs } from './runner.ts';
