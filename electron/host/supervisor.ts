// Keeps the engine and its helper processes alive and carries messages between them (an Electron utility process
// cannot fork, so the host starts them all). The engine reopens what was open by itself.
import { rmSync } from 'node:fs';
import { EarmarkError, type ErrorData, fromErrorData } from '../../shared/errors.ts';
import type { EngineStart, EngineToHost, HelperToHost, HostToEngine, HostToHelper } from '../ipc/messages.ts';
import { type HelperKind, helperKinds } from '../ipc/tasks.ts';
import type { ProcessKind, SpawnChild } from './children.ts';
import {
  ManagedProcess,
  type ProcessHooks,
  type ProcessLimits,
  type ProcessStatus,
} from './managed-process.ts';
import { defaultLimits } from './restart-policy.ts';

export interface ProcessEvent {
  readonly which: ProcessKind;
  readonly state: 'down' | 'up';
  readonly message: string;
}

export interface SupervisorOptions {
  readonly spawnChild: SpawnChild;
  readonly start: EngineStart;
  readonly limits?: Partial<ProcessLimits>;
}

const names: Readonly<Record<ProcessKind, string>> = {
  engine: 'The engine',
  worker: 'The process that reads audio files',
  analysis: 'The process that computes and runs models',
};

export class Supervisor {
  private readonly startMessage: EngineStart;
  private readonly engine: ManagedProcess;
  private readonly helpers: Readonly<Record<HelperKind, ManagedProcess>>;
  private readonly listeners = new Set<(event: ProcessEvent) => void>();
  private readonly waiting = new Set<{ resolve: () => void; reject: (error: EarmarkError) => void }>();
  private readonly isAnnouncedDown: Record<ProcessKind, boolean> = {
    engine: false,
    worker: false,
    analysis: false,
  };
  private engineError: ErrorData | null = null;
  /** False until the engine has answered for the first time. */
  hasBeenUp = false;

  constructor(options: SupervisorOptions) {
    this.startMessage = options.start;
    const limits: ProcessLimits = { ...defaultLimits, readyMs: 30_000, stopMs: 4000, ...options.limits };
    this.engine = new ManagedProcess('engine', options.spawnChild, this.engineHooks(), limits);
    const helper = (kind: HelperKind): ManagedProcess =>
      new ManagedProcess(kind, options.spawnChild, this.helperHooks(kind), limits);
    this.helpers = { worker: helper('worker'), analysis: helper('analysis') };
  }

  /**
   * Starts engine and worker; resolves when the engine answers. The analysis process starts when first needed.
   * @throws EarmarkError of the engine, or `engine/down` when it was given up.
   */
  start(): Promise<void> {
    this.helpers.worker.launch();
    this.engine.launch();
    return this.untilReady();
  }

  /** Resolves when the engine answers; at once when it does. @throws as `start`. */
  untilReady(): Promise<void> {
    const { status } = this.engine;
    if (status === 'up') return Promise.resolve();
    if (status === 'given-up' || status === 'stopped') return Promise.reject(this.engineFailure());
    return new Promise((resolve, reject) => this.waiting.add({ resolve, reject }));
  }

  status(which: ProcessKind): ProcessStatus {
    return this.processOf(which).status;
  }

  pid(which: ProcessKind): number | undefined {
    return this.processOf(which).pid;
  }

  /** What is wrong now, for a listener that comes late. */
  troubles(): ProcessEvent[] {
    return (['engine', ...helperKinds] as const)
      .filter((which) => this.isAnnouncedDown[which])
      .map((which) => this.downEvent(this.processOf(which)));
  }

  /** Returns what takes the listener away again. */
  onProcess(listener: (event: ProcessEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Ends a process by force; a fresh one is started at once. */
  kill(which: ProcessKind): void {
    this.processOf(which).kill('ended on request');
  }

  /** Starts a process again that was given up. */
  retry(which: ProcessKind): void {
    this.processOf(which).retry();
  }

  /** Stops all: the engine is asked first and ended by force after a few seconds; its helpers keep nothing. */
  async stop(): Promise<void> {
    await this.engine.stop({ type: 'shutdown' } satisfies HostToEngine);
    await Promise.all(helperKinds.map((kind) => this.helpers[kind].stop(null)));
    this.clearSocket();
    this.settleWaiting();
  }

  private engineHooks(): ProcessHooks {
    return {
      launched: () => {
        this.clearSocket();
        this.engine.send(this.startMessage);
        for (const kind of helperKinds)
          if (this.helpers[kind].status === 'up') this.tellState(kind, 'up', '');
      },
      message: (message) => this.fromEngine(message as EngineToHost),
      exited: () => {
        if (this.engine.status === 'stopped') return;
        // What a helper does for an engine that is gone could answer a call of the next engine.
        for (const kind of helperKinds) this.helpers[kind].renew('the engine stopped');
        this.announce(this.engine);
        if (this.engine.status === 'given-up') this.settleWaiting();
      },
    };
  }

  private helperHooks(kind: HelperKind): ProcessHooks {
    return {
      launched: () => {},
      message: (message) => this.fromHelper(kind, message as HelperToHost),
      exited: (reason, isWanted) => {
        if (this.helpers[kind].status === 'stopped') return;
        this.tellState(kind, 'down', reason);
        if (!isWanted) this.announce(this.helpers[kind]);
      },
    };
  }

  private processOf(which: ProcessKind): ManagedProcess {
    return which === 'engine' ? this.engine : this.helpers[which];
  }

  private fromEngine(message: EngineToHost): void {
    switch (message.type) {
      case 'ready':
        this.engine.ready();
        if (this.engine.status !== 'up') return;
        this.hasBeenUp = true;
        this.announce(this.engine);
        this.settleWaiting();
        break;
      case 'failed':
        this.engineError = message.error;
        this.engine.failed(message.error.message);
        break;
      case 'helper-message':
        this.toHelper(message.which, message.message);
        break;
      case 'kill-helper':
        this.helpers[message.which].kill('cancelled');
        break;
    }
  }

  private toHelper(which: HelperKind, message: unknown): void {
    const helper = this.helpers[which];
    if (helper.status === 'given-up') {
      this.tellState(which, 'down', helper.reason);
      return;
    }
    if (helper.status === 'stopped' && this.engine.status === 'up') helper.launch();
    helper.send({ type: 'message', message } satisfies HostToHelper);
  }

  private fromHelper(which: HelperKind, message: HelperToHost): void {
    const helper = this.helpers[which];
    if (message.type === 'ready') {
      helper.ready();
      if (helper.status !== 'up') return;
      this.tellState(which, 'up', '');
      this.announce(helper);
    } else if (this.engine.status === 'up') {
      this.engine.send({ type: 'helper-message', which, message: message.message } satisfies HostToEngine);
    }
  }

  private tellState(which: HelperKind, state: 'up' | 'down', reason: string): void {
    if (this.engine.pid === undefined) return;
    this.engine.send({ type: 'helper-state', which, state, reason } satisfies HostToEngine);
  }

  /** A Unix socket outlives the process that made it; a named pipe does not. */
  private clearSocket(): void {
    if (process.platform !== 'win32') rmSync(this.startMessage.socketPath, { force: true });
  }

  private settleWaiting(): void {
    const settled = [...this.waiting];
    this.waiting.clear();
    for (const { resolve, reject } of settled) {
      if (this.engine.status === 'up') resolve();
      else reject(this.engineFailure());
    }
  }

  private engineFailure(): EarmarkError {
    if (this.engineError !== null) return fromErrorData(this.engineError);
    return new EarmarkError('engine/down', this.downEvent(this.engine).message);
  }

  /** Tells listeners when a process went down, and when it is back. */
  private announce(process: ManagedProcess): void {
    const isDown = process.status !== 'up';
    if (!isDown && !this.isAnnouncedDown[process.kind]) return;
    this.isAnnouncedDown[process.kind] = isDown;
    const event: ProcessEvent = isDown
      ? this.downEvent(process)
      : {
          which: process.kind,
          state: 'up',
          message: `${names[process.kind]} stopped and is running again. What was saved is there.`,
        };
    for (const listener of this.listeners) listener(event);
  }

  private downEvent(process: ManagedProcess): ProcessEvent {
    const why = process.reason === '' ? '' : ` (${process.reason})`;
    const next =
      process.status === 'given-up'
        ? 'It stopped again and again and is not started any more: close Earmark and start it again. If that does not help, the log says more.'
        : 'It is being started again.';
    return {
      which: process.kind,
      state: 'down',
      message: `${names[process.kind]} stopped${why}. Saved decisions are safe. ${next}`,
    };
  }
}
