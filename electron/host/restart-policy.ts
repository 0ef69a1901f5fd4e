// When a process that stopped is started again: at once at first, then slower, and not for ever.

export interface RestartLimits {
  /** Waits before the 1st, 2nd, ... restart; the last one repeats. */
  readonly delaysMs: readonly number[];
  /** So many exits within `windowMs` and it is not started again. */
  readonly maxExits: number;
  readonly windowMs: number;
}

export const defaultLimits: RestartLimits = {
  delaysMs: [0, 250, 500, 1000, 2000],
  maxExits: 5,
  windowMs: 30_000,
};

export class RestartPolicy {
  private readonly limits: RestartLimits;
  private exits: number[] = [];

  constructor(limits: RestartLimits = defaultLimits) {
    this.limits = limits;
  }

  /** Notes an exit at `nowMs`. Returns the wait in milliseconds before the next start, or null: give up. */
  afterExit(nowMs: number): number | null {
    this.exits = this.exits.filter((at) => nowMs - at < this.limits.windowMs);
    this.exits.push(nowMs);
    if (this.exits.length >= this.limits.maxExits) return null;
    const { delaysMs } = this.limits;
    return delaysMs[Math.min(this.exits.length - 1, delaysMs.length - 1)] ?? 0;
  }

  forget(): void {
    this.exits = [];
  }
}
