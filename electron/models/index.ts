// Models for the rest of the program: read and check one on disk, look at it, run it.
export { type ModelOnDisk, readModel } from './description.ts';
export { dryRun } from './dry-run.ts';
export { inspectModel } from './inspect-model.ts';
export { RowPool } from './outputs.ts';
export type { Blocks, PreparePlan } from './prepare.ts';
export { type ModelRunner, openModel, type WindowOutputs } from './runner.ts';
