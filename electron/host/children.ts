// Child processes behind one small handle, so that supervision is the same under Node and under Electron.
// This file starts them under Node; electron/main/utility-children.ts starts them under Electron.
import { fork } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { HelperKind } from '../ipc/tasks.ts';

export type ProcessKind = 'engine' | HelperKind;

export interface ChildHandle {
  readonly pid: number | undefined;
  /** Never throws: a message to a process that is gone is lost. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, with the reason in words: `exit code 1`, `ended by SIGKILL`. */
  onExit(listener: (reason: string) => void): void;
  /** Ends the process by force. */
  kill(): void;
}

export type SpawnChild = (kind: ProcessKind) => ChildHandle;

const electronFolder = resolve(import.meta.dirname, '..');

/** The TypeScript entries of a checkout, which Node runs as they are. */
const sourceEntries: Readonly<Record<ProcessKind, string>> = {
  engine: join(electronFolder, 'engine/entry.ts'),
  worker: join(electronFolder, 'worker/entry.ts'),
  analysis: join(electronFolder, 'analysis/entry.ts'),
};

/**
 * Starts children with `child_process.fork`. What they print goes to stderr of the host: stdout belongs to
 * `--json` documents.
 *
 * @param entries - the file to run for each kind of process.
 */
export function forkChildren(entries: Readonly<Record<ProcessKind, string>> = sourceEntries): SpawnChild {
  return (kind) => {
    const child = fork(entries[kind], [], {
      serialization: 'advanced',
      stdio: ['ignore', 2, 2, 'ipc'],
      execArgv: [],
    });
    let hasExited = false;
    return {
      pid: child.pid,
      send(message) {
        if (child.connected) child.send(message as object, () => {});
      },
      onMessage(listener) {
        child.on('message', listener);
      },
      onExit(listener) {
        const once = (reason: string): void => {
          if (hasExited) return;
          hasExited = true;
          listener(reason);
        };
        child.on('exit', (code, signal) => once(signal ? `ended by ${signal}` : `exit code ${code}`));
        child.on('error', (error) => {
          // Also emitted when a message cannot be sent to a living process; only a failed start has no pid.
          if (child.pid === undefined) once(`could not be started: ${error.message}`);
        });
      },
      kill() {
        child.kill('SIGKILL');
      },
    };
  };
}
