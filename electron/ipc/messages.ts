// What host, engine and the engine's helpers say to each other. The host only relays between engine and helpers: what
// they say to one another is theirs (see the engine's worker client), and `unknown` here.
import type { ErrorData } from '../../shared/errors.ts';
import type { HelperKind } from './tasks.ts';

export interface EngineStart {
  readonly type: 'start';
  /** Unix socket or Windows named pipe that the engine listens on. */
  readonly socketPath: string;
  /** The user's own folder for recent projects, the sample's project and the like. */
  readonly dataFolder: string;
  /** Absolute folders that the folder picker may show; null = everything. */
  readonly allowedRoots: readonly string[] | null;
  readonly version: string;
  /** The folder of the sample dataset. */
  readonly samplePath: string;
  /** Proves in `SECRET_HEADER` that a request comes from the host; new at every start of the host. */
  readonly secret: string;
}

export type HostToEngine =
  | EngineStart
  | { readonly type: 'helper-message'; readonly which: HelperKind; readonly message: unknown }
  | {
      readonly type: 'helper-state';
      readonly which: HelperKind;
      readonly state: 'up' | 'down';
      readonly reason: string;
    }
  /** Close the project, then exit by itself; the host ends it by force after a few seconds. */
  | { readonly type: 'shutdown' };

export type EngineToHost =
  | { readonly type: 'ready'; readonly socketPath: string }
  /** It cannot start (socket, data folder); it exits after saying so. */
  | { readonly type: 'failed'; readonly error: ErrorData }
  | { readonly type: 'helper-message'; readonly which: HelperKind; readonly message: unknown }
  /** Cancel by force: the host kills the process and starts a new one. */
  | { readonly type: 'kill-helper'; readonly which: HelperKind };

export type HostToHelper =
  | { readonly type: 'message'; readonly message: unknown }
  | { readonly type: 'shutdown' };

export type HelperToHost =
  | { readonly type: 'ready' }
  | { readonly type: 'message'; readonly message: unknown };

/**
 * Carries `EngineStart.secret` on every request that the host makes or forwards. The host takes it off what comes
 * from outside.
 */
export const SECRET_HEADER = 'x-earmark-secret';

/** POST `{path}` -> what was done with it: a project was opened, or a dataset folder's import was started. */
export const INTERNAL_OPEN_ROUTE = '/internal/open';

/** POST `{path}` -> `Place`: a handle for a file or folder that the person chose in a native dialog. */
export const INTERNAL_GRANT_ROUTE = '/internal/grant';

/** POST `{handle}` -> `{path}`: where a handle or a clip (`{clipId}`) lies, for "show in folder". */
export const INTERNAL_PATH_ROUTE = '/internal/path';

/** The host alone may ask for these: it never forwards them. */
export const INTERNAL_PREFIX = '/internal/';
