// A person's own models: looking at one, describing it, trusting it, trying it on three clips.
import { existsSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import type { InspectedModel } from '../../../shared/contract/models.ts';
import type { MadeBy } from '../../../shared/domain/embedding.ts';
import type { DryRunReport, ModelInspection } from '../../../shared/domain/model-report.ts';
import { EarmarkError } from '../../../shared/errors.ts';
import { leadsOut } from '../../formats/index.ts';
import type { ModelSource } from '../../ipc/analysis-tasks.ts';
import type { Studio } from '../context.ts';
import { clipRows } from '../embeddings/rows.ts';
import { hashOfFile, isTrusted, trustHashes, trustNamed } from './trust.ts';

/** A model that hangs while it is looked at or tried. */
const PATIENCE_MS = 120_000;
const TRIED_CLIPS = 3;

function inspect(studio: Studio, path: string): Promise<ModelInspection> {
  return studio.analysis.run(
    'inspectModel',
    { path, knownLabels: studio.projectOrNull()?.labels() ?? [] },
    { timeoutMs: PATIENCE_MS },
  );
}

async function shown(studio: Studio, found: ModelInspection): Promise<InspectedModel> {
  const { file, descriptionPath, ...rest } = found;
  return {
    ...rest,
    file: basename(file),
    descriptionFile: basename(descriptionPath),
    isTrusted: isTrusted(studio, found.hash ?? (await hashOfFile(file))),
  };
}

export async function inspectModelAt(studio: Studio, path: string): Promise<InspectedModel> {
  return shown(studio, await inspect(studio, path));
}

/** The model's own file and, where it is described, description and all files together. */
export async function trustModelAt(studio: Studio, path: string): Promise<InspectedModel> {
  const found = await inspect(studio, path);
  const files = found.hash === null ? [] : stageFiles(found.suggestion, found.descriptionPath);
  const hashes = await Promise.all([...new Set([found.file, ...files])].map(hashOfFile));
  await trustHashes(studio, found.hash === null ? hashes : [...hashes, found.hash], found.descriptionPath);
  return shown(studio, found);
}

/** Model files that a description names. Names that lead elsewhere or nowhere are refused where it is checked. */
function stageFiles(description: Record<string, unknown>, descriptionPath: string): string[] {
  const stages: readonly unknown[] = Array.isArray(description.stages) ? description.stages : [];
  return stages.flatMap((stage) => {
    const name = typeof stage === 'object' && stage !== null && 'file' in stage ? stage.file : null;
    if (typeof name !== 'string' || name.includes('\0') || leadsOut(normalize(name))) return [];
    const path = join(dirname(descriptionPath), name);
    return statSync(path, { throwIfNoEntry: false })?.isFile() ? [path] : [];
  });
}

/** The first file of a model, as a draft describes it, whose content was not trusted; null when all of it was. */
async function untrustedFile(
  studio: Studio,
  { file, descriptionPath }: ModelInspection,
  draft: Record<string, unknown>,
): Promise<string | null> {
  for (const path of [file, ...stageFiles(draft, descriptionPath)])
    if (!isTrusted(studio, await hashOfFile(path))) return basename(path);
  return null;
}

function refuseUntrusted(name: string): never {
  throw new EarmarkError(
    'model/untrusted',
    `${name} was not trusted yet. A model file is a program: run only those whose source you trust. Nothing was run.`,
  );
}

/** Three clips, spread over the dataset. */
export async function tryModelAt(
  studio: Studio,
  path: string,
  description: Record<string, unknown> | null,
): Promise<DryRunReport> {
  const found = await inspect(studio, path);
  if (description !== null) {
    const untrusted = await untrustedFile(studio, found, description);
    if (untrusted !== null) refuseUntrusted(untrusted);
  } else if (found.hash !== null && !isTrusted(studio, found.hash)) refuseUntrusted(basename(found.file));
  return tryClips(studio, found.descriptionPath, description);
}

async function tryClips(
  studio: Studio,
  path: string,
  description: Record<string, unknown> | null,
  signal?: AbortSignal,
): Promise<DryRunReport> {
  const { locations } = clipRows(studio.project());
  if (locations.length === 0)
    throw new EarmarkError('model/no-clips', 'The project has no clips to try the model on.');
  const step = Math.max(1, Math.floor(locations.length / TRIED_CLIPS));
  const clips = locations.filter((_, at) => at % step === 0).slice(0, TRIED_CLIPS);
  return studio.analysis.run(
    'tryModel',
    { path, description, clips, threads: null },
    { timeoutMs: PATIENCE_MS, killOnCancel: true, ...(signal === undefined ? {} : { signal }) },
  );
}

/** Writes the description that the person has filled in; what it describes stays trusted. */
export async function describeModelAt(
  studio: Studio,
  path: string,
  description: Record<string, unknown>,
  isReplacing: boolean,
): Promise<InspectedModel> {
  const before = await inspect(studio, path);
  const { descriptionPath } = before;
  if (!isReplacing && existsSync(descriptionPath)) {
    throw new EarmarkError(
      'model/exists',
      `${basename(descriptionPath)} is there already. It was left as it is.`,
    );
  }
  const wasTrusted = (await untrustedFile(studio, before, description)) === null;
  await writeFile(descriptionPath, `${JSON.stringify(description, null, 2)}\n`, {
    flag: isReplacing ? 'w' : 'wx',
  }).catch(() => {
    throw new EarmarkError(
      'model/unwritable',
      `${basename(descriptionPath)} could not be written beside the model. Is the folder read-only?`,
    );
  });
  const found = await inspect(studio, path);
  if (wasTrusted && found.hash !== null) await trustHashes(studio, [found.hash], descriptionPath);
  return shown(studio, found);
}

/** A model that is described and trusted. */
export interface RunnableModel {
  readonly made: Extract<MadeBy, { readonly kind: 'file' }>;
  readonly source: Extract<ModelSource, { readonly kind: 'file' }>;
}

/** A model that may be run now. @throws EarmarkError `model/no-description`, `model/description`, `model/untrusted`. */
export async function runnableModel(studio: Studio, path: string): Promise<RunnableModel> {
  return runnableOf(studio, await inspect(studio, path));
}

/**
 * A model that was named in a command, which is all the trust there is to give: nobody can be asked.
 * @throws EarmarkError as `runnableModel`, but for `model/untrusted`.
 */
export async function namedModel(studio: Studio, path: string): Promise<RunnableModel> {
  const inspection = await inspect(studio, path);
  if (inspection.hash !== null) trustNamed(studio, inspection.hash);
  return runnableOf(studio, inspection);
}

/** @throws EarmarkError the first of the problems that three clips show, all of them in `details.problems`. */
export async function requireDryRun(
  studio: Studio,
  { source }: RunnableModel,
  signal: AbortSignal,
): Promise<void> {
  const { problems } = await tryClips(studio, source.path, null, signal);
  const [first] = problems;
  if (first === undefined) return;
  throw new EarmarkError(
    first.code,
    `${first.message} This came up on three clips; the run was not started.`,
    {
      problems,
    },
  );
}

function runnableOf(studio: Studio, inspection: ModelInspection): RunnableModel {
  const file = basename(inspection.file);
  const descriptionFile = basename(inspection.descriptionPath);
  if (!inspection.isDescribed) {
    throw new EarmarkError(
      'model/no-description',
      `${file} has no description beside it (${descriptionFile}), so its sample rate, front end and labels are not known. Describe it first.`,
      { suggestion: inspection.suggestion, guesses: inspection.guesses, descriptionFile },
    );
  }
  if (inspection.hash === null) {
    throw new EarmarkError(
      'model/description',
      `${descriptionFile} does not hold: ${inspection.problems.slice(0, 3).join(' ')}`,
      { problems: inspection.problems },
    );
  }
  if (!isTrusted(studio, inspection.hash)) refuseUntrusted(file);
  const { name } = inspection.suggestion as { name?: unknown };
  const { hash, descriptionPath: path } = inspection;
  return {
    made: { kind: 'file', name: typeof name === 'string' ? name : file, hash },
    source: { kind: 'file', path, hash },
  };
}
