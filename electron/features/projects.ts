// Opening, making and closing projects; recent ones; the sample.
import { existsSync } from 'node:fs';
import { access, constants, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { z } from 'zod';
import type { ProjectInfo } from '../../shared/contract/project.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { createCatalog, dailyBackup, openCatalog, setSetting } from '../catalog/index.ts';
import type { JobControl, Studio } from './context.ts';
import { importDataset } from './imports.ts';
import { OpenProject } from './open-project.ts';
import { importPredictions } from './runs.ts';

const recentEntries = z.array(z.object({ file: z.string(), clips: z.number(), openedAt: z.string() }));
type RecentEntry = z.infer<typeof recentEntries>[number];
const MAX_RECENT = 12;

function recentFile(studio: Studio): string {
  return join(studio.userFolder, 'recent.json');
}

async function readRecent(studio: Studio): Promise<RecentEntry[]> {
  try {
    return recentEntries.parse(JSON.parse(await readFile(recentFile(studio), 'utf8')));
  } catch {
    // Missing at first start; a damaged list is no loss worth a message.
    return [];
  }
}

async function writeRecent(studio: Studio, entries: readonly RecentEntry[]): Promise<void> {
  await mkdir(studio.userFolder, { recursive: true });
  const partial = `${recentFile(studio)}.partial`;
  await writeFile(partial, JSON.stringify(entries.slice(0, MAX_RECENT), null, 1));
  await rename(partial, recentFile(studio));
}

async function remember(studio: Studio, project: OpenProject): Promise<void> {
  const { file } = project.catalog;
  const others = (await readRecent(studio)).filter((entry) => entry.file !== file);
  const entry = { file, clips: project.set.size, openedAt: new Date().toISOString() };
  // A full or read-only disk must not keep a project from opening.
  await writeRecent(studio, [entry, ...others]).catch(() => {});
}

export async function recentProjects(studio: Studio) {
  return (await readRecent(studio)).map((entry) => ({
    place: { ...studio.places.grant(entry.file), name: basename(entry.file, '.earmark') },
    folder: basename(dirname(entry.file)),
    clips: entry.clips,
    openedAt: entry.openedAt,
    isPresent: existsSync(entry.file),
  }));
}

export async function forgetRecent(studio: Studio, handle: string) {
  const file = studio.places.pathOf(handle);
  const remaining = (await readRecent(studio)).filter((entry) => entry.file !== file);
  await writeRecent(studio, remaining);
  return { remaining: remaining.length };
}

const turns = new WeakMap<Studio, Promise<unknown>>();

/** Which project is open changes one request at a time: closing one waits for its jobs, and the next must not pass by. */
function inTurn<Result>(studio: Studio, action: () => Promise<Result>): Promise<Result> {
  const before = turns.get(studio) ?? Promise.resolve();
  const turn = before.then(action, action);
  turns.set(studio, turn);
  return turn;
}

async function adopt(studio: Studio, project: OpenProject): Promise<OpenProject> {
  await closePresent(studio);
  studio.setProject(project);
  await remember(studio, project);
  return project;
}

/** Opens a project file and makes it the open one; the one before is closed. */
export function openProjectFile(studio: Studio, file: string): Promise<OpenProject> {
  return inTurn(studio, () => openFile(studio, file));
}

async function openFile(studio: Studio, file: string): Promise<OpenProject> {
  const present = studio.projectOrNull();
  if (present?.catalog.file === file) return present;
  const project = OpenProject.load(openCatalog(file));
  if (!project.catalog.isReadOnly) {
    // A copy a day, before anything is changed; failing to make one is told, not fatal.
    try {
      dailyBackup(project.catalog);
    } catch (error) {
      project.warn(
        'project/no-backup',
        `No backup could be made today: ${error instanceof Error ? error.message : error}`,
      );
    }
  }
  return adopt(studio, project);
}

export function createProjectFile(studio: Studio, file: string, name: string): Promise<OpenProject> {
  return inTurn(studio, async () => adopt(studio, OpenProject.load(createCatalog(file, name))));
}

export function closeProject(studio: Studio): Promise<boolean> {
  return inTurn(studio, () => closePresent(studio));
}

async function closePresent(studio: Studio): Promise<boolean> {
  const project = studio.projectOrNull();
  if (!project) return false;
  await studio.jobs.close();
  // The list of recent projects says how many clips there were last.
  await remember(studio, project);
  studio.setProject(null);
  project.close();
  return true;
}

/** A folder without any write permission is one to leave alone, also for an account that could override it. */
async function isWritable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    return process.platform === 'win32' || ((await stat(folder)).mode & 0o222) !== 0;
  } catch {
    return false;
  }
}

function safeFileName(name: string): string {
  const cleaned = name.replace(/[/\\:*?"<>|\0]/g, '-').trim();
  if (cleaned === '' || /^\.+$/.test(cleaned))
    throw new EarmarkError('project/bad-name', `"${name}" cannot be the name of a project.`);
  return cleaned;
}

/** A free file name for a new project: beside the dataset's folder, or in the user's folder. */
async function newProjectFile(studio: Studio, name: string, dataset: string | null): Promise<string> {
  const own = join(studio.userFolder, 'projects');
  const beside = dataset === null ? null : dirname(dataset);
  const folder = beside !== null && (await isWritable(beside)) ? beside : own;
  await mkdir(folder, { recursive: true });
  const stem = safeFileName(name);
  for (let attempt = 1; ; attempt++) {
    const file = join(folder, `${stem}${attempt === 1 ? '' : ` ${attempt}`}.earmark`);
    if (!existsSync(file)) return file;
  }
}

export async function createProject(
  studio: Studio,
  input: { name: string; dataset?: string | undefined },
): Promise<OpenProject> {
  const file = await newProjectFile(studio, input.name, input.dataset ?? null);
  return createProjectFile(studio, file, input.name);
}

/** The sample's parts, beside its clips. */
const sampleRuns = [
  { run: 'mfcc-mlp', file: 'predictions/mfcc-mlp.csv' },
  { run: 'mfcc-logreg', file: 'predictions/mfcc-logreg.csv' },
] as const;

async function fillSample(studio: Studio, control: JobControl): Promise<{ clips: number }> {
  const { clips } = await importDataset(
    studio,
    { source: join(studio.samplePath, 'clips.csv'), format: 'table', options: {}, name: 'sample' },
    control,
  );
  const known = new Set(
    studio
      .project()
      .info()
      .runs.map(({ name }) => name),
  );
  for (const { run, file } of sampleRuns) {
    if (known.has(run)) continue;
    await importPredictions(
      studio,
      { source: join(studio.samplePath, file), labelsFile: null, clipsFile: null, softmax: false, run },
      control,
    );
  }
  return { clips };
}

/** Opens the sample's project; the first time it is made in the user's folder, which takes a few seconds. */
export async function openSample(studio: Studio): Promise<{ project: ProjectInfo; jobId: string | null }> {
  if (!existsSync(join(studio.samplePath, 'clips.csv'))) {
    throw new EarmarkError('sample/missing', 'The sample dataset is not part of this installation.');
  }
  const file = join(studio.userFolder, 'projects', 'Sample.earmark');
  if (existsSync(file)) {
    const project = await openProjectFile(studio, file);
    if (project.set.size > 0 && project.info().runs.length > 0)
      return { project: project.info(), jobId: null };
  } else {
    await mkdir(dirname(file), { recursive: true });
    await createProjectFile(studio, file, 'Sample');
  }
  return { project: studio.project().info(), jobId: startSampleJob(studio).id };
}

/** Imports the sample's clips and runs into the open project; again after an interruption. */
export function startSampleJob(studio: Studio) {
  return studio.jobs.start({
    kind: 'import',
    title: 'Prepare the sample',
    params: { sample: true },
    async run(control) {
      const { clips } = await fillSample(studio, control);
      return { result: { clips }, summary: `${clips} clips, two model runs and their flags are ready.` };
    },
  });
}

export function setPreferences(
  project: OpenProject,
  input: {
    by?: string | undefined;
    favouriteLabels?: readonly string[] | undefined;
    runInUse?: string | null | undefined;
  },
): ProjectInfo {
  if (input.by !== undefined) setSetting(project.catalog, 'by', input.by.trim());
  if (input.favouriteLabels !== undefined)
    setSetting(project.catalog, 'favouriteLabels', [...input.favouriteLabels]);
  if (input.runInUse !== undefined) setSetting(project.catalog, 'runInUse', input.runInUse);
  project.preferencesChanged();
  return project.info();
}

/** What kind of thing a path given at start is. */
export function isProjectFile(path: string): boolean {
  return extname(path).toLowerCase() === '.earmark';
}
