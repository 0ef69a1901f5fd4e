// The `earmark:` scheme: the window's only address. Mounts the studio's one handler on it.
import { type CustomScheme, protocol } from 'electron';
import type { Handler } from '../host/studio-handler.ts';

const SCHEME = 'earmark';
export const studioUrl = `${SCHEME}://studio/`;

const scheme: CustomScheme = {
  scheme: SCHEME,
  privileges: {
    standard: true,
    secure: true,
    supportFetchAPI: true,
    stream: true,
    codeCache: true,
    bypassCSP: false,
    allowServiceWorkers: false,
    // Module scripts are always asked for in CORS mode. No answer of ours lets another origin in.
    corsEnabled: true,
  },
};

/** To be called before the app is ready, once. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([scheme]);
}

/** To be called when the app is ready, before the first window. */
export function mountScheme(handle: Handler): void {
  protocol.handle(SCHEME, async (request) => {
    if (!isOfStudio(request.url)) return new Response('There is nothing at this address.', { status: 404 });
    try {
      return await handle(request);
    } catch (error) {
      // The window gave the request up, or the handler has a fault: a window never waits for ever.
      if (!request.signal.aborted) console.error('A request of the window failed:', error);
      return new Response(null, { status: 500 });
    }
  });
}

/** Whether an address is one of the studio's own pages. */
export function isOfStudio(url: string): boolean {
  try {
    const { protocol: scheme_, host } = new URL(url);
    return scheme_ === `${SCHEME}:` && host === 'studio';
  } catch {
    return false;
  }
}
