// Errors travel as plain data with a stable code. Expected failures are EarmarkError; anything else is a bug.

export interface ErrorData {
  /** Stable, `area/what`, for scripts: `audio/unreadable`, `project/newer`. */
  readonly code: string;
  /** One or two sentences for a person: what happened, what is unharmed, what to do. */
  readonly message: string;
  /** Plain JSON values only. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An expected failure with a sentence for the person who sees it. */
export class EarmarkError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: string, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message);
    this.name = 'EarmarkError';
    this.code = code;
    this.details = details;
  }
}

/** The code of a cancelled job or call; cancellation is neither a failure nor a bug. */
export const CANCELLED = 'job/cancelled';

export function cancelledError(): EarmarkError {
  return new EarmarkError(CANCELLED, 'Cancelled.');
}

/** Any thrown value as data that survives a process boundary. */
export function toErrorData(error: unknown): ErrorData {
  if (error instanceof EarmarkError) {
    return error.details === undefined
      ? { code: error.code, message: error.message }
      : { code: error.code, message: error.message, details: error.details };
  }
  // What `AbortSignal.throwIfAborted` and everything that takes a signal throw.
  if (error instanceof Error && error.name === 'AbortError') return toErrorData(cancelledError());
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: `Something unexpected went wrong: ${message}` };
}

/** The error again, on the other side of a process boundary. */
export function fromErrorData(data: ErrorData): EarmarkError {
  return new EarmarkError(data.code, data.message, data.details);
}

export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
