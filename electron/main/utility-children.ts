// The engine and its helpers as Electron utility processes, behind the handle that supervision knows.
import { type UtilityProcess, utilityProcess } from 'electron';
import type { ChildHandle, ProcessKind, SpawnChild } from '../host/children.ts';

const serviceNames: Readonly<Record<ProcessKind, string>> = {
  engine: 'Earmark Engine',
  worker: 'Earmark Worker',
  analysis: 'Earmark Analysis',
};

/**
 * @param entries - the bundled file of each kind of process.
 * @param log - gets what the processes print.
 */
export function utilityChildren(
  entries: Readonly<Record<ProcessKind, string>>,
  log: (text: string) => void,
): SpawnChild {
  return (kind) => {
    const child = utilityProcess.fork(entries[kind], [], { serviceName: serviceNames[kind], stdio: 'pipe' });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => log(`[${kind}] ${chunk.toString()}`));
    }
    return handleOf(child);
  };
}

function handleOf(child: UtilityProcess): ChildHandle {
  let hasExited = false;
  return {
    get pid() {
      return child.pid;
    },
    send(message) {
      if (!hasExited) child.postMessage(message);
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onExit(listener) {
      child.once('exit', (code) => {
        hasExited = true;
        listener(`exit code ${code}`);
      });
    },
    kill() {
      // kill() of a utility process asks first, which a process that hangs does not hear.
      try {
        if (child.pid === undefined) child.kill();
        else process.kill(child.pid, 'SIGKILL');
      } catch {
        child.kill();
      }
    },
  };
}
