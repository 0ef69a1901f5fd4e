// How a child process talks with its host, the same under Electron (utilityProcess) and under Node (fork).
// Knows nothing of what is said: see messages.ts.

/** Carries plain data and typed arrays (structured clone), in order, until either end goes away. */
export interface Channel {
  send(message: unknown): void;
  /** Returns what takes the listener away again. Messages that come before the first listener wait for it. */
  onMessage(listener: (message: unknown) => void): () => void;
}

/** What `process.parentPort` is inside an Electron utility process; Node's types do not know it. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  off(event: 'message', listener: (event: { data: unknown }) => void): void;
}

/** How long a child whose host is gone may tidy up before it is ended. */
const ORPHAN_GRACE_MS = 5000;

/**
 * The channel to the process that started this one; to be called once, by a process entry. When the host goes
 * away without a word, listeners get `{type: 'shutdown'}` and the process ends within five seconds.
 *
 * @throws Error when this process was not started by a host.
 */
export function parentChannel(): Channel {
  const port = (process as NodeJS.Process & { parentPort?: ParentPort }).parentPort;
  return port === undefined ? forkChannel() : portChannel(port);
}

function portChannel(port: ParentPort): Channel {
  return {
    send: (message) => port.postMessage(message),
    onMessage(listener) {
      const handle = (event: { data: unknown }): void => listener(event.data);
      port.on('message', handle);
      return () => port.off('message', handle);
    },
  };
}

function forkChannel(): Channel {
  if (process.send === undefined) {
    throw new Error('This file is started by the studio, not by hand: use npm start or the earmark command.');
  }
  const listeners = new Set<(message: unknown) => void>();
  const waiting: unknown[] = [];
  const deliver = (message: unknown): void => {
    if (listeners.size === 0) waiting.push(message);
    else for (const listener of listeners) listener(message);
  };
  process.on('message', deliver);
  process.on('disconnect', () => {
    deliver({ type: 'shutdown' });
    setTimeout(() => process.exit(0), ORPHAN_GRACE_MS).unref();
  });
  // Ctrl+C in a terminal reaches the whole process group; the host decides when its children stop.
  process.on('SIGINT', () => {});
  return {
    send(message) {
      // A host that is gone cannot be told anything; 'disconnect' ends this process.
      if (process.connected) process.send?.(message, undefined, {}, () => {});
    },
    onMessage(listener) {
      listeners.add(listener);
      for (const message of waiting.splice(0)) listener(message);
      return () => listeners.delete(listener);
    },
  };
}
