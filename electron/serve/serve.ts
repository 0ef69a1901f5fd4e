// `earmark serve`: the studio in a browser. Loopback HTTP around the same handler that the window uses.
import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { EarmarkError, toErrorData } from '../../shared/errors.ts';
import { forkChildren, type SpawnChild } from '../host/children.ts';
import { makeFolder, userDataFolder } from '../host/paths.ts';
import { createStudio, type HostedStudio } from '../host/studio.ts';
import { refusal } from '../host/studio-handler.ts';
import { type Access, createAccess, isLoopbackHost } from './access.ts';
import { rendererFolder, samplePath, version } from './paths.ts';

export interface ServeOptions {
  /** A project file or a dataset folder to open at once. */
  readonly projectOrFolder?: string | undefined;
  /** 0 or absent = a free one. */
  readonly port?: number | undefined;
  /** Absent = 127.0.0.1: this machine only. */
  readonly host?: string | undefined;
  /** What the folder picker may show; null = everything. Absent = everything on loopback, else the home folder. */
  readonly allowedRoots?: readonly string[] | null | undefined;
  /** Recent projects and the like; absent = the user's own folder. */
  readonly dataFolder?: string | undefined;
  /** The built interface; absent = dist/renderer of the checkout. */
  readonly rendererFolder?: string | undefined;
  readonly spawnChild?: SpawnChild | undefined;
  /** Told what a person should know: warnings, processes that stopped. Absent = stderr. */
  readonly notice?: ((sentence: string) => void) | undefined;
}

export interface RunningServer {
  /** With the one-time token. */
  readonly url: string;
  readonly port: number;
  readonly studio: HostedStudio;
  /** Settles when `projectOrFolder` is open, or its import has begun; rejects with the engine's sentence. */
  readonly opened: Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the server and the engine.
 *
 * @throws EarmarkError `serve/port-in-use`, `serve/port-refused`, `serve/host-unknown`, or the engine's own.
 */
export async function startServe(options: ServeOptions = {}): Promise<RunningServer> {
  const host = options.host ?? '127.0.0.1';
  const notice = options.notice ?? ((sentence: string) => process.stderr.write(`${sentence}\n`));
  const path = options.projectOrFolder === undefined ? undefined : resolve(options.projectOrFolder);
  let access: Access | null = null;
  let studio: HostedStudio | null = null;
  const listener = getRequestListener(
    (request) => {
      if (access === null || studio === null) return refusal(503, 'engine/down', 'The studio is starting.');
      return access.guard(request, studio.handle);
    },
    {
      // The global Request and Response stay Node's own, for everything else in this process.
      overrideGlobalObjects: false,
      errorHandler: (error) => {
        const { code, message } = toErrorData(error);
        return refusal(500, code, message);
      },
    },
  );
  const server = createServer(listener);
  const port = await listen(server, options.port ?? 0, host);
  access = createAccess({ port, host });
  if (!isLoopbackHost(host)) {
    notice(
      `Warning: the studio can be reached from other machines (--host ${host}), unencrypted. Whoever has the address first gets in; use this in a trusted network only, or forward a port over SSH instead.`,
    );
  }
  studio = createStudio({
    spawnChild: options.spawnChild ?? forkChildren(),
    rendererFolder: options.rendererFolder ?? rendererFolder,
    samplePath,
    dataFolder: makeFolder(options.dataFolder ?? userDataFolder()),
    allowedRoots: rootsFor(options.allowedRoots, host, path),
    version,
  });
  studio.supervisor.onProcess((event) => notice(event.message));
  const running = studio;
  const close = async (): Promise<void> => {
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    await Promise.all([closed, running.close()]);
  };
  try {
    await running.start();
  } catch (error) {
    await close();
    throw error;
  }
  const opened = path === undefined ? Promise.resolve() : running.open(path);
  // A path that cannot be opened is no reason to stop: who started the server decides.
  opened.catch(() => {});
  const name = isIPv6(host) ? `[${host}]` : host === '0.0.0.0' ? 'localhost' : host;
  return { url: `http://${name}:${port}/?token=${access.token}`, port, studio: running, opened, close };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolvePort, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port, host)));
    server.listen(port, host, () => resolvePort((server.address() as AddressInfo).port));
  });
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string): EarmarkError {
  const details = { port, host };
  switch (error.code) {
    case 'EADDRINUSE':
      return new EarmarkError(
        'serve/port-in-use',
        `Port ${port} on ${host} is in use by another program. Nothing was started. Choose another with --port, or leave --port out for a free one.`,
        details,
      );
    case 'EACCES':
      return new EarmarkError(
        'serve/port-refused',
        `This user may not listen on port ${port}. Nothing was started. Choose a port above 1023 with --port, or leave --port out for a free one.`,
        details,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new EarmarkError(
        'serve/host-unknown',
        `${host} is no address of this machine. Nothing was started. Leave --host out for this machine only, or give one of its addresses.`,
        details,
      );
    default:
      return new EarmarkError(
        'serve/cannot-listen',
        `The server cannot listen on ${host}:${port}: ${error.message}.`,
        details,
      );
  }
}

function rootsFor(
  given: readonly string[] | null | undefined,
  host: string,
  path: string | undefined,
): readonly string[] | null {
  if (given !== undefined) return given?.map((root) => resolve(root)) ?? null;
  if (isLoopbackHost(host)) return null;
  const beside = path !== undefined && existsSync(path) ? [dirname(path)] : [];
  return [homedir(), ...beside];
}
