// What every feature is given: the open project, the worker process, jobs, places. Features get all they need from
// here and never reach for the engine around it.
import type { StudioEvent } from '../../shared/contract/events.ts';
import type { FileFailure } from '../../shared/domain/dataset.ts';
import type { Job, JobKind } from '../../shared/domain/job.ts';
import type { AnalysisTasks } from '../ipc/analysis-tasks.ts';
import type { TaskMap } from '../ipc/tasks.ts';
import type { WorkerTasks } from '../ipc/worker-tasks.ts';
import type { OpenProject } from './open-project.ts';
import type { Places } from './places.ts';

export interface RunOptions<Item> {
  readonly signal?: AbortSignal;
  /** Aborted: the task ends soon with what it has; it still resolves. */
  readonly finish?: AbortSignal;
  /** Called for each streamed item, one after the other. */
  readonly onItem?: (item: Item) => Promise<void> | void;
  /**
   * The process is ended when a cancelled task has not stopped after a moment. For jobs; a picture that nobody waits
   * for any more just ends unseen.
   */
  readonly killOnCancel?: boolean;
  /** The process is ended when the task takes longer. */
  readonly timeoutMs?: number;
}

export interface TaskClient<Tasks extends TaskMap<Tasks>> {
  /**
   * Runs a task in the process that does such tasks.
   * @throws EarmarkError of the task; `job/cancelled`; `worker/stopped` when the process died.
   */
  run<Name extends keyof Tasks & string>(
    task: Name,
    params: Tasks[Name]['params'],
    options?: RunOptions<Tasks[Name]['item']>,
  ): Promise<Tasks[Name]['result']>;
}

/** What a running job tells and is told. */
export interface JobControl {
  readonly signal: AbortSignal;
  /** Aborted when the person wants the job to end now with what it has. */
  readonly finish: AbortSignal;
  phase(name: string): void;
  /** `total` null = not known yet. */
  progress(done: number, total: number | null): void;
  failure(failure: FileFailure): void;
}

export interface JobSpec<Result> {
  readonly kind: JobKind;
  readonly title: string;
  /** Plain data from which the job can be started again. */
  readonly params: unknown;
  /** It can be asked to end early with what it has. */
  readonly canFinish?: boolean;
  run(control: JobControl): Promise<{ readonly result: Result; readonly summary: string }>;
}

export interface Jobs {
  /** Starts a job and returns at once. */
  start<Result>(spec: JobSpec<Result>): Job;
  /** Resolves with the result when the job has succeeded, rejects when it failed or was cancelled. */
  wait(id: string): Promise<unknown>;
  list(): Job[];
  get(id: string): Job;
  cancel(id: string): Job;
  /** Asks a job to end now with what it has. */
  finish(id: string): Job;
  dismiss(id: string): boolean;
  failures(id: string): readonly FileFailure[];
  /** Kind and parameters of a job that ended early. */
  resumable(id: string): { readonly kind: JobKind; readonly params: unknown };
  /** Ends all running jobs and waits for them. */
  close(): Promise<void>;
}

export interface Studio {
  readonly version: string;
  /** The user's own folder: recent projects, the sample's project. */
  readonly userFolder: string;
  /** The sample dataset that comes with the studio. */
  readonly samplePath: string;
  readonly worker: TaskClient<WorkerTasks>;
  /** Computes on arrays and runs models; a process of its own, so that sound plays on meanwhile. */
  readonly analysis: TaskClient<AnalysisTasks>;
  readonly jobs: Jobs;
  readonly places: Places;
  /** The open project. @throws EarmarkError `project/none`. */
  project(): OpenProject;
  projectOrNull(): OpenProject | null;
  setProject(project: OpenProject | null): void;
  emit(event: StudioEvent): void;
}
