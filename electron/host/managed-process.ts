// One child process with its life: started, ready, gone, started again. Knows nothing of what it says.
import type { ChildHandle, ProcessKind, SpawnChild } from './children.ts';
import { type RestartLimits, RestartPolicy } from './restart-policy.ts';

export type ProcessStatus = 'stopped' | 'starting' | 'up' | 'restarting' | 'given-up';

export interface ProcessHooks {
  /** A fresh process: the first messages to it are sent here. */
  launched(): void;
  message(message: unknown): void;
  /** `isWanted`: ended by `kill()`, `renew()` or `stop()`. `status` already says what comes next. */
  exited(reason: string, isWanted: boolean): void;
}

export interface ProcessLimits extends RestartLimits {
  /** A process that has not said it is ready by then is ended and started again. */
  readonly readyMs: number;
  /** How long a process may take to stop by itself. */
  readonly stopMs: number;
}

export class ManagedProcess {
  readonly kind: ProcessKind;
  status: ProcessStatus = 'stopped';
  /** Why it does not run, when it does not. */
  reason = '';
  private readonly spawnChild: SpawnChild;
  private readonly hooks: ProcessHooks;
  private readonly limits: ProcessLimits;
  private readonly policy: RestartPolicy;
  private child: ChildHandle | null = null;
  /** Set once this host has killed the child: what it still says is not heard. */
  private killReason: string | null = null;
  private isKillWanted = false;
  private isStopping = false;
  private mayRestart = true;
  private timer: NodeJS.Timeout | undefined;
  /** For a process that is about to be started again. */
  private outbox: unknown[] = [];
  private onStopped: (() => void) | undefined;

  constructor(kind: ProcessKind, spawnChild: SpawnChild, hooks: ProcessHooks, limits: ProcessLimits) {
    this.kind = kind;
    this.spawnChild = spawnChild;
    this.hooks = hooks;
    this.limits = limits;
    this.policy = new RestartPolicy(limits);
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  launch(): void {
    clearTimeout(this.timer);
    this.status = 'starting';
    this.reason = '';
    this.killReason = null;
    this.isKillWanted = false;
    this.mayRestart = true;
    const child = this.spawnChild(this.kind);
    this.child = child;
    child.onMessage((message) => {
      if (this.child === child && this.killReason === null) this.hooks.message(message);
    });
    child.onExit((reason) => {
      if (this.child === child) this.exited(this.killReason ?? reason);
    });
    this.timer = setTimeout(() => this.end('it did not get ready in time', false), this.limits.readyMs);
    this.hooks.launched();
    for (const message of this.outbox.splice(0)) child.send(message);
  }

  /** The process has said that it is ready. */
  ready(): void {
    // The timer now belongs to the end: a process that gets ready meanwhile must not stop it.
    if (this.isStopping) return;
    clearTimeout(this.timer);
    this.status = 'up';
  }

  /** To the process, or kept for the next one when it is about to be started again. */
  send(message: unknown): void {
    if (this.child !== null && this.killReason === null) this.child.send(message);
    else if (this.status !== 'given-up' && this.status !== 'stopped') this.outbox.push(message);
  }

  /** Ends it by force and starts a fresh one at once; does not count as a failure. */
  kill(reason: string): void {
    this.end(reason, true);
  }

  /** A fresh process that has heard nothing of what was sent so far. */
  renew(reason: string): void {
    this.outbox = [];
    this.end(reason, true);
  }

  /** The process itself has said that it cannot work: it is not started again. */
  failed(reason: string): void {
    this.mayRestart = false;
    this.killReason ??= reason;
    this.child?.kill();
  }

  /** Starts it again after it was given up. */
  retry(): void {
    if (this.status !== 'given-up') return;
    this.policy.forget();
    this.launch();
  }

  /** Asks with `request` and ends it by force when that takes long; null = by force at once. Resolves when gone. */
  stop(request: unknown): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    this.outbox = [];
    if (this.child === null) {
      this.status = 'stopped';
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.onStopped = resolve;
      if (request === null) {
        this.child?.kill();
      } else {
        this.child?.send(request);
        this.timer = setTimeout(() => this.child?.kill(), this.limits.stopMs);
      }
    });
  }

  private end(reason: string, isWanted: boolean): void {
    if (this.child === null || this.killReason !== null) return;
    this.killReason = reason;
    this.isKillWanted = isWanted;
    this.child.kill();
  }

  private exited(reason: string): void {
    clearTimeout(this.timer);
    this.child = null;
    this.reason = reason;
    if (this.isStopping) {
      this.status = 'stopped';
      this.hooks.exited(reason, true);
      this.onStopped?.();
      return;
    }
    const isWanted = this.isKillWanted;
    const waitMs = !this.mayRestart ? null : isWanted ? 0 : this.policy.afterExit(performance.now());
    this.status = waitMs === null ? 'given-up' : 'restarting';
    if (waitMs === null) this.outbox = [];
    this.hooks.exited(reason, isWanted);
    if (waitMs !== null) this.timer = setTimeout(() => this.launch(), waitMs);
  }
}
