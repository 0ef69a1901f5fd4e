// The whole backend as a host sees it: supervised processes, requests to the engine, the event stream. The window
// and the browser differ only in what they put around it.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Place } from '../../shared/contract/common.ts';
import { EVENTS_ROUTE } from '../../shared/contract/routes.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { INTERNAL_GRANT_ROUTE, INTERNAL_OPEN_ROUTE, INTERNAL_PATH_ROUTE } from '../ipc/messages.ts';
import type { SpawnChild } from './children.ts';
import { EngineClient } from './engine-client.ts';
import { EventHub } from './event-hub.ts';
import type { ProcessLimits } from './managed-process.ts';
import { makeSocketPlace } from './paths.ts';
import { createStudioHandler, type Handler } from './studio-handler.ts';
import { Supervisor } from './supervisor.ts';

/** How long a request waits for an engine that is being started again before it is told so. */
const PATIENCE_MS = 2000;

export interface StudioOptions {
  readonly spawnChild: SpawnChild;
  readonly rendererFolder: string;
  readonly samplePath: string;
  readonly dataFolder: string;
  readonly allowedRoots: readonly string[] | null;
  readonly version: string;
  readonly limits?: Partial<ProcessLimits>;
}

export interface HostedStudio {
  /** Everything a window or a browser may ask. */
  readonly handle: Handler;
  readonly supervisor: Supervisor;
  /** Starts the processes. @throws EarmarkError when the engine cannot be started. */
  start(): Promise<void>;
  /** Opens a project or imports a dataset folder. @throws EarmarkError of the engine. */
  open(path: string): Promise<void>;
  /** A handle for what the person chose in a native dialog. */
  grant(path: string): Promise<Place>;
  /** Where a clip lies, for "show in folder". */
  pathOfClip(clipId: number): Promise<string>;
  close(): Promise<void>;
}

export function createStudio(options: StudioOptions): HostedStudio {
  const socket = makeSocketPlace();
  const secret = randomBytes(32).toString('hex');
  const supervisor = new Supervisor({
    spawnChild: options.spawnChild,
    start: {
      type: 'start',
      socketPath: socket.path,
      dataFolder: options.dataFolder,
      allowedRoots: options.allowedRoots,
      version: options.version,
      samplePath: options.samplePath,
      secret,
    },
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const client = new EngineClient({
    socketPath: socket.path,
    secret,
    untilReady: () => patiently(supervisor),
  });
  const events = new EventHub(
    (signal) => client.forward(new Request(`http://engine${EVENTS_ROUTE}`, { signal })),
    () => supervisor.troubles().map((trouble) => ({ type: 'process', ...trouble })),
  );
  supervisor.onProcess((event) => {
    if (event.which === 'engine' && event.state === 'down') client.dropConnections();
    if (event.which === 'engine' && event.state === 'up') events.subscribe();
    events.publish({ type: 'process', ...event });
  });
  return {
    handle: createStudioHandler({
      rendererFolder: options.rendererFolder,
      forward: (request) => client.forward(request),
      events: () => events.response(),
    }),
    supervisor,
    async start() {
      await supervisor.start();
      events.subscribe();
    },
    async open(path) {
      await client.call(INTERNAL_OPEN_ROUTE, { path });
    },
    async grant(path) {
      return (await client.call(INTERNAL_GRANT_ROUTE, { path })) as Place;
    },
    async pathOfClip(clipId) {
      return ((await client.call(INTERNAL_PATH_ROUTE, { clipId })) as { path: string }).path;
    },
    async close() {
      events.close();
      await supervisor.stop();
      client.dropConnections();
      socket.remove();
    },
  };
}

/** Waits for the engine: as long as its first start takes, two seconds when it is started again. */
async function patiently(supervisor: Supervisor): Promise<void> {
  if (!supervisor.hasBeenUp) return supervisor.untilReady();
  const tooLong = new AbortController();
  const ready = supervisor.untilReady();
  const timeout = delay(PATIENCE_MS, undefined, { signal: tooLong.signal, ref: false }).then(() => {
    throw new EarmarkError(
      'engine/down',
      'The engine stopped and is being started again. Nothing that was saved is lost; try again in a moment.',
    );
  });
  try {
    await Promise.race([ready, timeout]);
  } finally {
    tooLong.abort();
    ready.catch(() => {});
    timeout.catch(() => {});
  }
}
