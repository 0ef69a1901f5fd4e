// Opening a path named at start: a project opens, a dataset folder or manifest becomes a new project that imports it.
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { EarmarkError } from '../../shared/errors.ts';
import type { Studio } from './context.ts';
import { startImport, suggestedName } from './imports.ts';
import { createProject, isProjectFile, openProjectFile } from './projects.ts';

export async function openPath(
  studio: Studio,
  path: string,
): Promise<{ opened: 'project' | 'dataset'; jobId: string | null }> {
  const full = resolve(path);
  const info = await stat(full).catch(() => null);
  const isProject = isProjectFile(full) && !info?.isDirectory();
  if (!info && !isProject)
    throw new EarmarkError('path/missing', `${basename(full)} is not there. Nothing was opened.`);
  if (isProject) {
    await openProjectFile(studio, full);
    return { opened: 'project', jobId: null };
  }
  const { candidates, suggestedPattern } = await studio.worker.run('detect', { source: full });
  const [best] = candidates;
  if (!best) {
    throw new EarmarkError(
      'dataset/unknown-format',
      `${basename(full)} is neither a project nor a folder with audio files. Nothing was opened.`,
    );
  }
  const name = suggestedName(full);
  await createProject(studio, { name, dataset: full });
  const options = best.format === 'pattern' && suggestedPattern !== null ? { pattern: suggestedPattern } : {};
  const job = startImport(studio, { source: full, format: best.format, options, name });
  return { opened: 'dataset', jobId: job.id };
}
