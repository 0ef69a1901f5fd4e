// A command's session: an engine in this process over one project, with a worker process that starts when first
// needed. Nothing of the window (recent projects, settings) is touched.
import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { EarmarkError } from '../../shared/errors.ts';
import { createCatalog, openCatalog } from '../catalog/index.ts';
import { createEngine } from '../engine/engine.ts';
import { RemoteTasks } from '../engine/worker-client.ts';
import type { JobControl, Studio } from '../features/context.ts';
import { OpenProject } from '../features/open-project.ts';
import { type ChildHandle, forkChildren } from '../host/children.ts';
import type { AnalysisTasks } from '../ipc/analysis-tasks.ts';
import type { FromHelper, HelperKind, TaskMap } from '../ipc/tasks.ts';
import type { WorkerTasks } from '../ipc/worker-tasks.ts';
import { type Output, ProgressBar } from './output.ts';
import { samplePath, version } from './paths.ts';

export interface Session {
  readonly studio: Studio;
  readonly project: OpenProject;
  /** Cancelled by Ctrl+C; what is done so far is kept. */
  readonly control: JobControl;
}

/** The engine's helper processes, each started with its first task and started again when it dies. */
export function lazyHelpers(): {
  worker: RemoteTasks<WorkerTasks>;
  analysis: RemoteTasks<AnalysisTasks>;
  stop(): void;
} {
  const worker = lazyHelper<WorkerTasks>('worker');
  const analysis = lazyHelper<AnalysisTasks>('analysis');
  return {
    worker: worker.tasks,
    analysis: analysis.tasks,
    stop() {
      worker.stop();
      analysis.stop();
    },
  };
}

function lazyHelper<Tasks extends TaskMap<Tasks>>(
  kind: HelperKind,
): { tasks: RemoteTasks<Tasks>; stop(): void } {
  const spawn = forkChildren();
  let child: ChildHandle | null = null;
  const running = (): ChildHandle => {
    if (child) return child;
    const started = spawn(kind);
    started.onMessage((raw) => {
      const envelope = raw as { type: string; message: FromHelper };
      if (envelope.type === 'message') tasks.receive(envelope.message);
    });
    started.onExit((reason) => {
      if (child === started) child = null;
      tasks.lost(reason);
    });
    child = started;
    return started;
  };
  const tasks = new RemoteTasks<Tasks>({
    kind,
    send: (message) => running().send({ type: 'message', message }),
    kill: () => child?.kill(),
  });
  return { tasks, stop: () => child?.kill() };
}

export interface SessionOptions {
  readonly file: string;
  /** Makes the project when it is not there. */
  readonly create?: boolean;
  readonly readOnly?: boolean;
}

/**
 * Opens the project, runs the command, closes everything, also after an error or Ctrl+C.
 * @throws EarmarkError of the project or the command; `job/cancelled` after Ctrl+C.
 */
export async function withSession<Result>(
  output: Output,
  options: SessionOptions,
  run: (session: Session) => Promise<Result>,
): Promise<Result> {
  const file = resolve(options.file);
  if (!file.endsWith('.earmark')) {
    throw new EarmarkError('usage/project', `A project file ends in .earmark; "${options.file}" does not.`);
  }
  const { worker, analysis, stop } = lazyHelpers();
  const engine = createEngine({
    version,
    userFolder: join(tmpdir(), 'earmark-command'),
    samplePath,
    allowedRoots: null,
    worker,
    analysis,
    secret: null,
  });
  const abort = new AbortController();
  const interrupt = (): void => abort.abort();
  process.once('SIGINT', interrupt);
  const bar = new ProgressBar(output);
  const isNew = options.create === true && !existsSync(file);
  let isLeftEmpty = false;
  try {
    const catalog = isNew
      ? createCatalog(file, projectNameOf(file))
      : openCatalog(file, { readOnly: options.readOnly ?? false });
    const project = OpenProject.load(catalog);
    engine.studio.setProject(project);
    const control: JobControl = {
      signal: abort.signal,
      finish: new AbortController().signal,
      phase: (name) => bar.phase(name),
      progress: (done, total) => bar.progress(done, total),
      failure: () => {},
    };
    try {
      return await run({ studio: engine.studio, project, control });
    } catch (error) {
      isLeftEmpty = isNew && project.set.size === 0 && !abort.signal.aborted;
      throw error;
    }
  } finally {
    bar.end();
    process.off('SIGINT', interrupt);
    await engine.close();
    stop();
    // A project made for a command that then failed with nothing in it is of no use to anybody.
    if (isLeftEmpty) for (const part of ['', '-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
  }
}

function projectNameOf(file: string): string {
  return file.replace(/^.*[/\\]/, '').replace(/\.earmark$/, '');
}
