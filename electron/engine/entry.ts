// The engine process: the fetch handler behind a socket, reached by the host only. After a crash the host starts it
// again and it opens the project that was open.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { toErrorData } from '../../shared/errors.ts';
import { openProjectFile } from '../features/projects.ts';
import type { AnalysisTasks } from '../ipc/analysis-tasks.ts';
import { parentChannel } from '../ipc/channel.ts';
import type { EngineStart, EngineToHost, HostToEngine } from '../ipc/messages.ts';
import type { FromHelper, HelperKind } from '../ipc/tasks.ts';
import type { WorkerTasks } from '../ipc/worker-tasks.ts';
import { createEngine, type Engine } from './engine.ts';
import { type HelperLink, RemoteTasks } from './worker-client.ts';

const channel = parentChannel();
const toHost = (message: EngineToHost): void => channel.send(message);
const linkTo = (kind: HelperKind): HelperLink => ({
  kind,
  send: (message) => toHost({ type: 'helper-message', which: kind, message }),
  kill: () => toHost({ type: 'kill-helper', which: kind }),
});
const worker = new RemoteTasks<WorkerTasks>(linkTo('worker'));
const analysis = new RemoteTasks<AnalysisTasks>(linkTo('analysis'));
const helpers = { worker, analysis } as const;
let engine: Engine | null = null;

/** Names the project that is open, so that a restart after a crash opens it again. Gone after a clean end. */
function sessionFile(start: EngineStart): string {
  return join(start.dataFolder, 'open-project.txt');
}

async function start(message: EngineStart): Promise<void> {
  await mkdir(message.dataFolder, { recursive: true });
  engine = createEngine({
    version: message.version,
    userFolder: message.dataFolder,
    samplePath: message.samplePath,
    allowedRoots: message.allowedRoots,
    worker,
    analysis,
    secret: message.secret,
  });
  await reopen(engine, message);
  engine.events.listen((event) => {
    if (event.type === 'revision') rememberOpen(message);
  });
  const server = createServer(getRequestListener(engine.fetch, { overrideGlobalObjects: false }));
  await rm(message.socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(message.socketPath, resolve);
  });
  toHost({ type: 'ready', socketPath: message.socketPath });
}

let remembered: string | null = null;
/** One after the other: taking the name of a closed project away must not hit that of the next one. */
let remembering: Promise<void> = Promise.resolve();

function rememberOpen(message: EngineStart): void {
  const file = engine?.studio.projectOrNull()?.catalog.file ?? null;
  if (file === remembered) return;
  remembered = file;
  const write = (): Promise<void> =>
    file === null
      ? rm(sessionFile(message), { force: true })
      : writeFile(sessionFile(message), `${message.secret}\n${file}`);
  // A folder that cannot be written costs only the reopening after a crash.
  remembering = remembering.then(write).catch(() => {});
}

/** Opens what this host had open when the engine went away; a new start of the host begins with the welcome. */
async function reopen(opened: Engine, message: EngineStart): Promise<void> {
  const [secret, file] = (await readFile(sessionFile(message), 'utf8').catch(() => '')).split('\n');
  if (secret !== message.secret || !file) return;
  await openProjectFile(opened.studio, file).catch((error: unknown) => {
    console.error(`The project could not be opened again: ${toErrorData(error).message}`);
  });
  remembered = file;
}

channel.onMessage((raw) => {
  const message = raw as HostToEngine;
  switch (message.type) {
    case 'start':
      start(message).catch((error: unknown) => {
        toHost({ type: 'failed', error: toErrorData(error) });
        process.exit(1);
      });
      break;
    case 'helper-message':
      helpers[message.which].receive(message.message as FromHelper);
      break;
    case 'helper-state':
      if (message.state === 'down') helpers[message.which].lost(message.reason);
      break;
    case 'shutdown':
      void Promise.resolve(engine?.close()).finally(() => process.exit(0));
      break;
  }
});
